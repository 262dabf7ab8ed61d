/* porch-cache-file.h - the statements on a window's own file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the cache's thread only.
 */
#pragma once

#include "porch-cache.h"
#include "porch-connection.h"

G_BEGIN_DECLS

PorchConnection *porch_cache_file_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PorchCacheContents *
porch_cache_file_load (PorchConnection *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean porch_cache_file_keep (PorchConnection *db, const PorchPending *pending, GError **error);
gboolean porch_cache_file_change (PorchConnection *db, GPtrArray *pendings, GError **error);
gboolean porch_cache_file_forget (PorchConnection *db, const char *id, GError **error);
gboolean porch_cache_file_set_draft (PorchConnection *db, const PorchDraft *draft, GError **error);
/* Between two jobs: keeps the log beside the file short. */
void porch_cache_file_tidy (PorchConnection *db);

G_END_DECLS
