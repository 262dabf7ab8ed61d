/* porch-schema.c - the server's file: made, opened, brought up to date, and what it calls itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-schema.h"

#include "porch-error.h"
#include "porch-folder.h"
#include "porch-id.h"
#include "porch-migrations.h"

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

PorchConnection *
porch_schema_open (const char *path, GError **error)
{
  const PorchMigration *migration = porch_schema_get_migration ();
  g_autoptr (PorchConnection) connection = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !make (path, error))
    return NULL;
  if (!porch_migration_inspect (migration, path, error))
    return NULL;
  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, error);
  if (connection == NULL)
    return NULL;
  if (!porch_migration_run (migration, connection, path, error)) {
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
