/* porch-website-group.h - the website among the preferences: its name, its addresses, its snippet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-client.h"

G_BEGIN_DECLS

#define PORCH_TYPE_WEBSITE_GROUP (porch_website_group_get_type ())
G_DECLARE_FINAL_TYPE (PorchWebsiteGroup,
                      porch_website_group,
                      PORCH,
                      WEBSITE_GROUP,
                      AdwPreferencesGroup)

/* Out of sight until it has a @client: for whom the server lets change it, which are admins. */
void porch_website_group_set_client (PorchWebsiteGroup *self, PorchClient *client);

G_END_DECLS
