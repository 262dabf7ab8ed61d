/* porch-cache-file.c - the statements on a window's own file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-cache-file.h"

#include <glib/gstdio.h>

#include "porch-cache-resources.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-migration.h"
#include "porch-statement.h"

/* "Pcch" */
#define APPLICATION_ID 0x50636368
#define WAL_PAGES      256

static PorchMigration
get_migration (void)
{
  return (PorchMigration){
    .resource = porch_cache_get_resource (),
    .prefix = "/chat/porchlight/cache/migrations/",
    .application_id = APPLICATION_ID,
  };
}

static PorchConnection *
try_open (const char *path, GError **error)
{
  const PorchMigration migration = get_migration ();
  g_autoptr (PorchConnection) db = NULL;

  /* An empty file is one whose making was cut short. */
  GStatBuf info;
  if (g_stat (path, &info) == 0 && info.st_size > 0 &&
      !porch_migration_inspect (&migration, path, error))
    return NULL;
  db = porch_connection_open (path, PORCH_CONNECTION_WRITER, error);
  if (db == NULL || !porch_migration_run (&migration, db, path, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* The file and what SQLite keeps beside it. */
static void
move_aside (const char *path)
{
  static const char *const parts[] = { "", "-wal", "-shm" };
  const gint64 now_s = porch_clock_now_us () / G_USEC_PER_SEC;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *from = g_strconcat (path, parts[i], NULL);
    g_autofree char *to =
      g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT "%s", path, now_s, parts[i]);

    g_rename (from, to);
  }
}

PorchConnection *
porch_cache_file_open (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) reason = NULL;
  PorchConnection *db = NULL;

  g_mkdir_with_parents (folder, 0700);
  db = try_open (path, &reason);
  if (db == NULL && g_error_matches (reason, PORCH_ERROR, PORCH_ERROR_DAMAGED)) {
    g_message ("%s; it is moved aside", reason->message);
    move_aside (path);
    g_clear_error (&reason);
    db = try_open (path, &reason);
  }
  if (db == NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  /* It holds what was typed: nobody else's to read. */
  g_chmod (path, 0600);
  return db;
}

static gboolean
load_pendings (PorchConnection *db, GPtrArray *pendings, GError **error)
{
  static const char sql[] =
    "SELECT id, conversation, device, n, is_note, text, problem, created_at "
    "FROM outbox ORDER BY pk";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);
  int step = statement != NULL ? porch_statement_step (statement, error) : -1;

  for (; step > 0; step = porch_statement_step (statement, error)) {
    PorchPending *pending = g_new (PorchPending, 1);

    *pending = (PorchPending){
      .id = porch_statement_dup_text (statement, 0),
      .conversation = porch_statement_dup_text (statement, 1),
      .device = porch_statement_dup_text (statement, 2),
      .n = porch_statement_get_int64 (statement, 3),
      .is_note = porch_statement_get_int64 (statement, 4) != 0,
      .text = porch_statement_dup_text (statement, 5),
      .problem = porch_statement_dup_text (statement, 6),
      .created_at = porch_statement_get_int64 (statement, 7),
    };
    g_ptr_array_add (pendings, pending);
  }
  return step == 0;
}

static gboolean
load_drafts (PorchConnection *db, GPtrArray *drafts, GError **error)
{
  static const char sql[] = "SELECT conversation, text, is_note FROM draft";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);
  int step = statement != NULL ? porch_statement_step (statement, error) : -1;

  for (; step > 0; step = porch_statement_step (statement, error))
    g_ptr_array_add (drafts, porch_draft_new (porch_statement_peek_text (statement, 0),
                                              porch_statement_peek_text (statement, 1),
                                              porch_statement_get_int64 (statement, 2) != 0));
  return step == 0;
}

PorchCacheContents *
porch_cache_file_load (PorchConnection *db, GError **error)
{
  g_autoptr (PorchCacheContents) contents = g_new (PorchCacheContents, 1);

  contents->pendings = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_pending_free);
  contents->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_draft_free);
  if (!load_pendings (db, contents->pendings, error) || !load_drafts (db, contents->drafts, error))
    return NULL;
  return g_steal_pointer (&contents);
}

gboolean
porch_cache_file_keep (PorchConnection *db, const PorchPending *pending, GError **error)
{
  /* Replacing gives a new row number, the highest of all: the end of the queue. */
  static const char sql[] = "INSERT OR REPLACE INTO outbox (id, conversation, device, n, is_note, "
                            "text, problem, created_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, pending->id);
  porch_statement_bind_text (statement, 2, pending->conversation);
  porch_statement_bind_text (statement, 3, pending->device);
  porch_statement_bind_int64 (statement, 4, pending->n);
  porch_statement_bind_int64 (statement, 5, pending->is_note);
  porch_statement_bind_text (statement, 6, pending->text);
  porch_statement_bind_text (statement, 7, pending->problem);
  porch_statement_bind_int64 (statement, 8, pending->created_at);
  return porch_statement_run (statement, error);
}

static gboolean
change_one (PorchConnection *db, const PorchPending *pending, GError **error)
{
  static const char sql[] = "UPDATE outbox SET device = ?2, n = ?3, problem = ?4 WHERE id = ?1";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, pending->id);
  porch_statement_bind_text (statement, 2, pending->device);
  porch_statement_bind_int64 (statement, 3, pending->n);
  porch_statement_bind_text (statement, 4, pending->problem);
  return porch_statement_run (statement, error);
}

gboolean
porch_cache_file_change (PorchConnection *db, GPtrArray *pendings, GError **error)
{
  gboolean is_good = porch_connection_execute (db, "BEGIN IMMEDIATE", error);

  if (!is_good)
    return FALSE;
  for (guint i = 0; is_good && i < pendings->len; i++)
    is_good = change_one (db, g_ptr_array_index (pendings, i), error);
  if (is_good)
    is_good = porch_connection_execute (db, "COMMIT", error);
  if (!is_good && porch_connection_is_in_transaction (db))
    porch_connection_execute (db, "ROLLBACK", NULL);
  return is_good;
}

gboolean
porch_cache_file_forget (PorchConnection *db, const char *id, GError **error)
{
  static const char sql[] = "DELETE FROM outbox WHERE id = ?1";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, id);
  return porch_statement_run (statement, error);
}

static gboolean
delete_draft (PorchConnection *db, const char *conversation, GError **error)
{
  static const char sql[] = "DELETE FROM draft WHERE conversation = ?1";
  g_autoptr (PorchStatement) statement = porch_statement_take (db, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, conversation);
  return porch_statement_run (statement, error);
}

gboolean
porch_cache_file_set_draft (PorchConnection *db, const PorchDraft *draft, GError **error)
{
  static const char sql[] =
    "INSERT OR REPLACE INTO draft (conversation, text, is_note) VALUES (?1, ?2, ?3)";
  g_autoptr (PorchStatement) statement = NULL;

  if (draft->text == NULL || *draft->text == '\0')
    return delete_draft (db, draft->conversation, error);
  statement = porch_statement_take (db, sql, error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, draft->conversation);
  porch_statement_bind_text (statement, 2, draft->text);
  porch_statement_bind_int64 (statement, 3, draft->is_note);
  return porch_statement_run (statement, error);
}

void
porch_cache_file_tidy (PorchConnection *db)
{
  g_autoptr (GError) error = NULL;
  int n_left = 0;

  if (db->n_wal_pages < WAL_PAGES)
    return;
  if (!porch_connection_checkpoint (db, SQLITE_CHECKPOINT_PASSIVE, &n_left, &error))
    g_debug ("shortening the log: %s", error->message);
  db->n_wal_pages = 0;
}
