/* porch-secret-page.h - where secrets are, what is the matter with that, and the keys of the sites
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-keeper.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SECRET_PAGE (porch_secret_page_get_type ())
G_DECLARE_FINAL_TYPE (PorchSecretPage, porch_secret_page, PORCH, SECRET_PAGE, AdwPreferencesPage)

void porch_secret_page_set_keeper (PorchSecretPage *self, PorchKeeper *keeper);

G_END_DECLS
