/* porch-backup.c - copies of the server's file: making one, taking one back, looking for damage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store.h"

#include "porch-error.h"
#include "porch-folder.h"
#include "porch-schema.h"

/* Into a file that is not there yet. */
static gboolean
copy_into (PorchConnection *connection, const char *path, GError **error)
{
  g_autoptr (PorchStatement) statement = NULL;

  if (!porch_file_remove (path, error) || !porch_file_make_private (path, error))
    return FALSE;
  statement = porch_statement_take (connection, "VACUUM INTO ?1", error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, path);
  return porch_statement_run (statement, error);
}

/* Opens a file of ours only to read it. */
static PorchConnection *
open_readonly (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no %s", path);
    return NULL;
  }
  if (!porch_migration_inspect (porch_schema_get_migration (), path, error))
    return NULL;
  return porch_connection_open (path, PORCH_CONNECTION_READONLY, error);
}

static gboolean
verify (const char *path, GError **error)
{
  g_autoptr (PorchConnection) connection = open_readonly (path, error);

  return connection != NULL && porch_schema_verify (connection, FALSE, error);
}

gboolean
porch_store_backup (const char *folder, const char *path, GError **error)
{
  g_autofree char *file = g_build_filename (folder, PORCH_FOLDER_FILE, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autoptr (PorchConnection) connection = open_readonly (file, error);

  if (connection == NULL)
    return FALSE;
  /* A copy that was not read again is only a hope. */
  if (copy_into (connection, part, error) && verify (part, error) &&
      porch_file_move (part, path, error))
    return TRUE;
  porch_file_remove (part, NULL);
  return FALSE;
}

/* Today's schema, and another epoch: clients that saw the future of this copy must load anew. */
static gboolean
prepare_copy (const char *from, const char *name, GError **error)
{
  g_autoptr (PorchConnection) source = open_readonly (from, error);
  g_autoptr (PorchConnection) copy = NULL;

  if (source == NULL || !porch_schema_verify (source, FALSE, error) ||
      !copy_into (source, name, error))
    return FALSE;
  copy = porch_connection_open (name, PORCH_CONNECTION_WRITER, error);
  return copy != NULL && porch_migration_run (porch_schema_get_migration (), copy, NULL, error) &&
         porch_schema_renew_epoch (copy, error);
}

/* Brings the log into the file, if the file is still good for that. */
static void
settle (const char *file)
{
  g_autoptr (PorchConnection) connection =
    porch_connection_open (file, PORCH_CONNECTION_WRITER, NULL);

  if (connection == NULL)
    g_info ("%s cannot be opened; it is moved aside with its log", file);
}

gboolean
porch_store_restore (const char *folder, const char *path, GError **error)
{
  g_autoptr (PorchFolder) taken = porch_folder_take (folder, error);
  g_autofree char *name = NULL;
  const char *file;

  if (taken == NULL)
    return FALSE;
  file = porch_folder_get_file (taken);
  name = g_strconcat (file, ".new", NULL);
  if (!prepare_copy (path, name, error)) {
    porch_file_remove (name, NULL);
    return FALSE;
  }
  if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    settle (file);
    if (!porch_file_set_aside (file, "before", NULL, error))
      return FALSE;
  }
  if (!porch_file_move (name, file, error))
    return FALSE;
  porch_folder_end (taken);
  return TRUE;
}

static gboolean
check_references (PorchConnection *connection, GPtrArray *lines, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take (connection, "PRAGMA foreign_key_check", error);
  int step;

  if (statement == NULL)
    return FALSE;
  while ((step = porch_statement_step (statement, error)) > 0)
    g_ptr_array_add (lines, g_strdup_printf ("%s: row %" G_GINT64_FORMAT " names a %s that is gone",
                                             porch_statement_peek_text (statement, 0),
                                             porch_statement_get_int64 (statement, 1),
                                             porch_statement_peek_text (statement, 2)));
  return step == 0;
}

static GPtrArray *
find_damage (const char *file, GError **error)
{
  g_autoptr (PorchConnection) connection = open_readonly (file, error);
  g_autoptr (GPtrArray) lines =
    connection != NULL ? porch_connection_check (connection, FALSE, error) : NULL;
  g_autofree char *epoch = NULL;

  if (lines == NULL || !check_references (connection, lines, error))
    return NULL;
  epoch = porch_schema_dup_epoch (connection, error);
  return epoch != NULL ? g_steal_pointer (&lines) : NULL;
}

GPtrArray *
porch_store_check (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, PORCH_FOLDER_FILE, NULL);
  g_autoptr (GError) problem = NULL;
  GPtrArray *lines = find_damage (file, &problem);

  if (lines != NULL)
    return lines;
  if (!g_error_matches (problem, PORCH_ERROR, PORCH_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (lines, g_strdup (problem->message));
  return lines;
}
