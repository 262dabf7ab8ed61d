/* porch-schema.c - the server's file: made, opened, brought up to date, and what it calls itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-schema.h"

#include "porch-backup-rules.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-folder.h"
#include "porch-id.h"
#include "porch-migrations.h"
#include "porch-store.h"

#define EPOCH "epoch"

const PorchMigration *
porch_schema_get_migration (void)
{
  static PorchMigration migration;
  static gsize is_done = 0;

  if (g_once_init_enter (&is_done)) {
    migration = (PorchMigration){ .resource = porch_migrations_get_resource (),
                                  .prefix = "/porch/store/migrations/",
                                  .application_id = 0x506f7263 /* "Porc" */ };
    g_once_init_leave (&is_done, 1);
  }
  return &migration;
}

gboolean
porch_schema_renew_epoch (PorchConnection *connection, GError **error)
{
  g_autofree char *epoch = porch_id_new ();
  PorchTx tx;
  gboolean is_set;

  porch_tx_init (&tx, connection);
  is_set = porch_tx_set_setting (&tx, EPOCH, epoch, error);
  porch_tx_clear (&tx);
  return is_set;
}

char *
porch_schema_dup_epoch (PorchConnection *connection, GError **error)
{
  g_autoptr (GError) problem = NULL;
  char *epoch;
  PorchTx tx;

  porch_tx_init (&tx, connection);
  epoch = porch_tx_find_setting (&tx, EPOCH, &problem);
  porch_tx_clear (&tx);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (epoch == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "the file has no epoch");
  return epoch;
}

gboolean
porch_schema_fill_new (const char *path, GError **error)
{
  g_autoptr (PorchConnection) connection = NULL;

  if (!porch_file_remove (path, error) || !porch_file_make_private (path, error))
    return FALSE;
  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, error);
  return connection != NULL &&
         porch_migration_run (porch_schema_get_migration (), connection, path, error) &&
         porch_schema_renew_epoch (connection, error);
}

/* Under another name until it is complete: whatever has the right name is a file with content,
 * never to be begun anew. */
static gboolean
make (const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".new", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  if (g_file_test (log, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "%s is not there, but its log is", path);
    return FALSE;
  }
  return porch_schema_fill_new (name, error) && porch_file_move (name, path, error);
}

/* Among the backups, and as good as any of them: whoever goes back to an older program needs it. */
static gboolean
keep_before_update (const PorchMigration *migration,
                    PorchConnection *connection,
                    const char *path,
                    GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *backups = NULL, *name = NULL, *copy = NULL;
  gint64 version = 0;

  if (!porch_connection_get_number (connection, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version == 0 || version >= porch_migration_count (migration))
    return TRUE;
  backups = porch_store_make_backup_folder (folder, error);
  if (backups == NULL)
    return FALSE;
  name = porch_backup_make_name (porch_clock_now_us (), PORCH_BACKUP_UPDATE, FALSE);
  copy = g_build_filename (backups, name, NULL);
  return porch_store_backup (folder, copy, NULL, error);
}

PorchConnection *
porch_schema_open (const char *path, GError **error)
{
  return porch_schema_open_as (porch_schema_get_migration (), path, error);
}

PorchConnection *
porch_schema_open_as (const PorchMigration *migration, const char *path, GError **error)
{
  g_autoptr (PorchConnection) connection = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !make (path, error))
    return NULL;
  if (!porch_migration_inspect (migration, path, error))
    return NULL;
  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, error);
  if (connection == NULL)
    return NULL;
  if (!keep_before_update (migration, connection, path, error) ||
      !porch_migration_run (migration, connection, NULL, error)) {
    porch_connection_keep_log (connection);
    return NULL;
  }
  return g_steal_pointer (&connection);
}

gboolean
porch_schema_verify (PorchConnection *connection, gboolean is_quick, GError **error)
{
  g_autoptr (GPtrArray) lines = porch_connection_check (connection, is_quick, error);

  if (lines == NULL)
    return FALSE;
  if (lines->len == 0)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "the file is damaged: %s",
               (const char *) lines->pdata[0]);
  return FALSE;
}
