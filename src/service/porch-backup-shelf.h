/* porch-backup-shelf.h - the folder with the backups: what is there, what goes, what is still open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocking: for the worker of PorchBackups, and before the loop. Lists are of PorchBackup, newest
 * first.
 */
#pragma once

#include "porch-backups.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* Makes the folder when there is none. Files with other names are left alone; when it cannot be
 * read the list is empty. */
GPtrArray *porch_backup_shelf_read (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what the rules do not keep, from @list too. */
void
porch_backup_shelf_thin_out (const char *folder, GPtrArray *list, const PorchCopyOptions *options);

/* Whether there is a copy from before an update that is not sealed: the file was not open yet when
 * it was made, nor was what has the passphrase. */
gboolean porch_backup_shelf_waits (GPtrArray *list);
/* Seals those, one after the other until one fails; *@list is then what is there. TRUE when none
 * waited. */
gboolean porch_backup_shelf_seal (const char *folder,
                                  GPtrArray **list,
                                  const PorchCopyOptions *options,
                                  GError **error);

G_END_DECLS
