/* porch-migration.h - brings a file from the schema it has to the one this program knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Steps are the files 0001.sql, 0002.sql … of a resource. The number of the last one that was made
 * is the file's user_version.
 */
#pragma once

#include "porch-connection.h"

G_BEGIN_DECLS

typedef struct {
  GResource *resource;
  const char *prefix;    /* "/…/" under which the steps lie */
  gint32 application_id; /* what marks a file as ours in its header */
} PorchMigration;

/* How many steps there are: the newest schema this program knows. */
int porch_migration_count (const PorchMigration *self);

/* Looks at the header of an existing file without SQLite, which would touch it: DAMAGED when it is
 * no file of ours, NEWER when it was made by a newer program. */
gboolean porch_migration_inspect (const PorchMigration *self, const char *path, GError **error);

/* Makes the steps that are missing, each in one transaction. Keeps a copy of a file that had a
 * schema already, beside it, as PATH.schema-0001; none when @path is NULL. NEWER when the file is,
 * DAMAGED when it is somebody else's. A step that fails is undone; those before it stay. */
gboolean porch_migration_run (const PorchMigration *self,
                              PorchConnection *connection,
                              const char *path,
                              GError **error);

G_END_DECLS
