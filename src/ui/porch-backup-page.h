/* porch-backup-page.h - the last backup, one now, a passphrase, and going back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-keeper.h"

G_BEGIN_DECLS

#define PORCH_TYPE_BACKUP_PAGE (porch_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (PorchBackupPage, porch_backup_page, PORCH, BACKUP_PAGE, AdwPreferencesPage)

void porch_backup_page_set_keeper (PorchBackupPage *self, PorchKeeper *keeper);

G_END_DECLS
