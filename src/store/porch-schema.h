/* porch-schema.h - the server's file: made, opened, brought up to date, and what it calls itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-migration.h"
#include "porch-tx-private.h"

G_BEGIN_DECLS

const PorchMigration *porch_schema_get_migration (void);

/* Opens @path for writing, with today's schema; makes it when there is none. A file that is not
 * ours, or newer, is left as it is. NEWER, DAMAGED (also for a log without its file), STORAGE. */
PorchConnection *porch_schema_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with other steps, for tests. Before a file is brought to a newer schema it is copied to
 * the backups. */
PorchConnection *porch_schema_open_as (const PorchMigration *migration,
                                       const char *path,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A file with today's schema and an epoch, and nothing in it. Whatever is called so is removed. */
gboolean porch_schema_fill_new (const char *path, GError **error);
/* DAMAGED when SQLite finds something wrong. */
gboolean porch_schema_verify (PorchConnection *connection, gboolean is_quick, GError **error);

/* See porch_store_get_epoch (). */
char *
porch_schema_dup_epoch (PorchConnection *connection, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean porch_schema_renew_epoch (PorchConnection *connection, GError **error);

G_END_DECLS
