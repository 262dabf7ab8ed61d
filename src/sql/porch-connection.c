/* porch-connection.c - an open SQLite file, set up the one way we use it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-connection.h"

#include "porch-error.h"
#include "porch-log-file.h"
#include "porch-statement.h"

#include <errno.h>
#include <string.h>

#define BUSY_MS 5000
/* How long a checkpoint that is not passive waits for readers to move on. */
#define CHECKPOINT_BUSY_MS 50

/* mmap stays off: a file that shrinks under a map ends the program. Deleted content is overwritten
 * where that costs no extra page (Debian's default overwrites all). */
static const char common_setup[] = "PRAGMA mmap_size = 0;"
                                   "PRAGMA cache_size = -16384;"
                                   "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA trusted_schema = OFF;"
                                   "PRAGMA foreign_keys = ON;";
static const char writer_setup[] = "PRAGMA locking_mode = NORMAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA secure_delete = FAST;"
                                   "PRAGMA journal_size_limit = 67108864;";

static PorchErrorCode
get_error_code (int code)
{
  switch (code & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_FORMAT:
    return PORCH_ERROR_DAMAGED;
  case SQLITE_CONSTRAINT:
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
               code == SQLITE_CONSTRAINT_ROWID
             ? PORCH_ERROR_CONFLICT
             : PORCH_ERROR_INTERNAL;
  case SQLITE_TOOBIG:
    return PORCH_ERROR_TOO_LARGE;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_NOMEM:
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
  case SQLITE_INTERRUPT:
    return PORCH_ERROR_STORAGE;
  default:
    return PORCH_ERROR_INTERNAL;
  }
}

/* Of the disk or the file, not of a statement. */
static gboolean
is_grave (int code)
{
  switch (code & 0xff) {
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
porch_connection_fail (PorchConnection *self, int code, const char *what, GError **error)
{
  /* sqlite3_system_errno () does not know about steps, and errno may be that of a lock which was
   * tried since. */
  const int now_errno = errno;
  const int log_errno = porch_log_file_take_errno ();
  const int system_errno = log_errno != 0 ? log_errno : now_errno;
  const char *message = self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (code);

  /* What follows a grave failure must not hide it. */
  if (!is_grave (self->failure)) {
    self->failure_errno = system_errno;
    self->failure = code;
  }
  g_set_error (error, PORCH_ERROR, get_error_code (code), "%s: %s (%d)", what, message, code);
  return FALSE;
}

int
porch_connection_take_failure (PorchConnection *self, int *system_errno)
{
  const int failure = self->failure;

  *system_errno = self->failure_errno;
  self->failure = SQLITE_OK;
  return failure;
}

static int
on_committed (gpointer data, sqlite3 *db, const char *name, int n_pages)
{
  PorchConnection *self = data;

  self->n_commits++;
  self->n_wal_pages = n_pages;
  return SQLITE_OK;
}

static gboolean
set_up_writer (PorchConnection *self, GError **error)
{
  g_autoptr (PorchStatement) mode = NULL;

  if (!porch_connection_execute (self, writer_setup, error))
    return FALSE;
  mode = porch_statement_take (self, "PRAGMA journal_mode = WAL", error);
  if (mode == NULL || porch_statement_step (mode, error) < 0)
    return FALSE;
  if (g_strcmp0 (porch_statement_peek_text (mode, 0), "wal") != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE,
                 "this file system cannot hold a write-ahead log");
    return FALSE;
  }
  /* Takes the place of the automatic checkpoint, which would run inside a commit. */
  sqlite3_wal_hook (self->db, on_committed, self);
  return TRUE;
}

static gboolean
set_up (PorchConnection *self, PorchConnectionMode mode, GError **error)
{
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, BUSY_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (mode != PORCH_CONNECTION_WRITER)
    porch_connection_keep_log (self);
  if (!porch_connection_execute (self, common_setup, error))
    return FALSE;

  switch (mode) {
  case PORCH_CONNECTION_WRITER:
    return set_up_writer (self, error);
  case PORCH_CONNECTION_READER:
    return porch_connection_execute (self, "PRAGMA query_only = ON", error);
  case PORCH_CONNECTION_READONLY:
    return TRUE;
  }
  g_return_val_if_reached (FALSE);
}

PorchConnection *
porch_connection_open (const char *path, PorchConnectionMode mode, GError **error)
{
  static gsize is_configured = 0;
  g_autoptr (PorchConnection) self = g_new0 (PorchConnection, 1);
  int flags = SQLITE_OPEN_NOMUTEX;
  int code;

  /* Counting every allocation takes a lock that all connections share. Refused without harm when
   * SQLite is running already. */
  if (g_once_init_enter (&is_configured)) {
    sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
    /* What undoes a savepoint stays in memory, in small pieces. */
    sqlite3_config (SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    g_once_init_leave (&is_configured, 1);
  }

  if (mode == PORCH_CONNECTION_READONLY)
    flags |= SQLITE_OPEN_READONLY;
  else
    flags |= SQLITE_OPEN_READWRITE;
  if (mode == PORCH_CONNECTION_WRITER)
    flags |= SQLITE_OPEN_CREATE;
  self->statements =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) porch_statement_free);
  code = sqlite3_open_v2 (path, &self->db, flags,
                          mode == PORCH_CONNECTION_WRITER ? porch_log_file_get_vfs () : NULL);
  if (code != SQLITE_OK) {
    porch_connection_fail (self, code, "opening", error);
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  if (!set_up (self, mode, error)) {
    /* Nothing is touched that could not even be opened. */
    porch_connection_keep_log (self);
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
porch_connection_close (PorchConnection *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  if (sqlite3_close (self->db) != SQLITE_OK)
    g_critical ("a connection was closed while it was in use");
  g_free (self);
}

gboolean
porch_connection_execute (PorchConnection *self, const char *sql, GError **error)
{
  const int code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    return porch_connection_fail (self, code, "executing", error);
  return TRUE;
}

gboolean
porch_connection_get_number (PorchConnection *self, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (self, sql, error);
  const int step = statement != NULL ? porch_statement_step (statement, error) : -1;

  if (step < 0)
    return FALSE;
  *number = step > 0 ? porch_statement_get_int64 (statement, 0) : 0;
  return TRUE;
}

gboolean
porch_connection_is_in_transaction (PorchConnection *self)
{
  return !sqlite3_get_autocommit (self->db);
}

gint64
porch_connection_count_changes (PorchConnection *self)
{
  return sqlite3_total_changes64 (self->db);
}

void
porch_connection_keep_log (PorchConnection *self)
{
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

gboolean
porch_connection_checkpoint (PorchConnection *self, int mode, int *n_left, GError **error)
{
  int n_pages = 0, n_copied = 0, code;

  sqlite3_busy_timeout (self->db, CHECKPOINT_BUSY_MS);
  code = sqlite3_wal_checkpoint_v2 (self->db, NULL, mode, &n_pages, &n_copied);
  sqlite3_busy_timeout (self->db, BUSY_MS);
  /* Busy: a reader is in the way, and what could be copied was. */
  if (code != SQLITE_OK && code != SQLITE_BUSY)
    return porch_connection_fail (self, code, "copying the log", error);
  *n_left = MAX (n_pages - n_copied, 0);
  return TRUE;
}

GPtrArray *
porch_connection_check (PorchConnection *self, gboolean is_quick, GError **error)
{
  const char *sql = is_quick ? "PRAGMA quick_check(20)" : "PRAGMA integrity_check(100)";
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PorchStatement) statement = porch_statement_take (self, sql, error);
  int step;

  if (statement == NULL)
    return NULL;
  while ((step = porch_statement_step (statement, error)) > 0)
    if (g_strcmp0 (porch_statement_peek_text (statement, 0), "ok") != 0)
      g_ptr_array_add (lines, porch_statement_dup_text (statement, 0));
  return step < 0 ? NULL : g_steal_pointer (&lines);
}
