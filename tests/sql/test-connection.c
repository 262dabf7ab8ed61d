/* test-connection.c - connections, statements, and what their errors become
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-statement.h"

#include <glib/gstdio.h>

typedef struct {
  char *folder, *path;
  PorchConnection *connection;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("porch-sql-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "a.db", NULL);
  self->connection = porch_connection_open (self->path, PORCH_CONNECTION_WRITER, &error);
  g_assert_no_error (error);
  porch_connection_execute (
    self->connection,
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE part (thing INTEGER NOT NULL REFERENCES thing (id)) STRICT",
    &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  porch_connection_close (self->connection);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *name = g_strconcat (self->path, endings[i], NULL);

    g_unlink (name);
  }
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static char *
get_text (PorchConnection *connection, const char *sql)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (connection, sql, NULL);

  g_assert_cmpint (porch_statement_step (statement, NULL), ==, 1);
  return porch_statement_dup_text (statement, 0);
}

static void
test_setup (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *sql, *value;
  } pragmas[] = {
    { "PRAGMA journal_mode", "wal" },  { "PRAGMA synchronous", "2" },
    { "PRAGMA foreign_keys", "1" },    { "PRAGMA mmap_size", "0" },
    { "PRAGMA cache_size", "-16384" }, { "PRAGMA locking_mode", "normal" },
    { "PRAGMA trusted_schema", "0" },  { "PRAGMA busy_timeout", "5000" },
    { "PRAGMA secure_delete", "2" },   { "PRAGMA journal_size_limit", "67108864" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pragmas); i++) {
    g_autofree char *value = get_text (self->connection, pragmas[i].sql);

    g_assert_cmpstr (value, ==, pragmas[i].value);
  }
}

static void
test_statement (Fixture *self, gconstpointer data)
{
  static const char insert[] = "INSERT INTO thing (id, name) VALUES (?1, ?2)";
  static const char find[] = "SELECT @ FROM thing WHERE name = ?1";
  PorchStatement *first = porch_statement_take (self->connection, insert, NULL);
  PorchStatement *again;
  g_autoptr (PorchStatement) found = NULL;
  g_autofree char *text = g_strdup ("lamp");
  g_autoptr (GError) error = NULL;

  porch_statement_bind_int64 (first, 1, G_GINT64_CONSTANT (1) << 40);
  porch_statement_bind_text (first, 2, text);
  g_assert_true (porch_statement_run (first, &error));
  porch_statement_release (first);
  g_clear_pointer (&text, g_free);
  /* The same one, and nothing bound is left in it. */
  again = porch_statement_take (self->connection, insert, NULL);
  g_assert_true (again == first);
  g_assert_false (porch_statement_run (again, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_INTERNAL);
  porch_statement_release (again);

  found = porch_statement_take_columns (self->connection, find, "id, name", NULL);
  porch_statement_bind_text (found, 1, "lamp");
  g_assert_cmpint (porch_statement_step (found, NULL), ==, 1);
  g_assert_cmpint (porch_statement_get_int64 (found, 0), ==, G_GINT64_CONSTANT (1) << 40);
  g_assert_cmpstr (porch_statement_peek_text (found, 1), ==, "lamp");
  g_assert_cmpint (porch_statement_step (found, NULL), ==, 0);
}

static const struct {
  const char *name, *sql;
  PorchErrorCode code;
} mistakes[] = {
  { "unique", "INSERT INTO thing (id, name) VALUES (2, 'chair')", PORCH_ERROR_CONFLICT },
  { "key", "INSERT INTO thing (id, name) VALUES (1, 'table')", PORCH_ERROR_CONFLICT },
  { "not-null", "INSERT INTO thing (id, name) VALUES (3, NULL)", PORCH_ERROR_INTERNAL },
  { "reference", "INSERT INTO part (thing) VALUES (99)", PORCH_ERROR_INTERNAL },
  { "strict", "INSERT INTO part (thing) VALUES ('one')", PORCH_ERROR_INTERNAL },
  { "syntax", "SELEKT 1", PORCH_ERROR_INTERNAL },
  { "too-big", "INSERT INTO thing (name) VALUES (zeroblob (2000000000))", PORCH_ERROR_TOO_LARGE },
};

static void
test_mistakes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_connection_execute (
    self->connection, "INSERT INTO thing (id, name) VALUES (1, 'chair')", &error));
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    int system_errno;

    g_assert_false (porch_connection_execute (self->connection, mistakes[i].sql, &error));
    g_assert_error (error, PORCH_ERROR, (int) mistakes[i].code);
    g_clear_error (&error);
    g_assert_cmpint (porch_connection_take_failure (self->connection, &system_errno), !=,
                     SQLITE_OK);
    g_assert_cmpint (porch_connection_take_failure (self->connection, &system_errno), ==,
                     SQLITE_OK);
  }
}

static void
test_reader (Fixture *self, gconstpointer data)
{
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  PorchConnection *reader = porch_connection_open (self->path, PORCH_CONNECTION_READER, &error);
  gint64 n = -1;

  g_assert_no_error (error);
  g_assert_true (porch_connection_get_number (reader, "SELECT count (*) FROM thing", &n, &error));
  g_assert_cmpint (n, ==, 0);
  g_assert_false (
    porch_connection_execute (reader, "INSERT INTO thing (name) VALUES ('x')", &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_clear_error (&error);

  /* The last one to close is a reader: it must not copy the log. */
  porch_connection_keep_log (self->connection);
  g_clear_pointer (&self->connection, porch_connection_close);
  porch_connection_close (reader);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  self->connection = porch_connection_open (self->path, PORCH_CONNECTION_WRITER, &error);
  g_assert_no_error (error);
}

static void
test_checkpoint (Fixture *self, gconstpointer data)
{
  PorchConnection *reader = porch_connection_open (self->path, PORCH_CONNECTION_READER, NULL);
  gint64 n;
  int n_left = -1;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (self->connection->n_wal_pages, >, 0);
  g_assert_true (
    porch_connection_checkpoint (self->connection, SQLITE_CHECKPOINT_PASSIVE, &n_left, &error));
  g_assert_cmpint (n_left, ==, 0);

  /* A reader that stands on the log is waited for neither for ever nor as an error. */
  g_assert_true (porch_connection_execute (reader, "BEGIN", &error));
  g_assert_true (porch_connection_get_number (reader, "SELECT count (*) FROM thing", &n, &error));
  g_assert_true (porch_connection_execute (self->connection,
                                           "INSERT INTO thing (name) VALUES ('later')", &error));
  g_assert_true (
    porch_connection_checkpoint (self->connection, SQLITE_CHECKPOINT_RESTART, &n_left, &error));
  g_assert_cmpint (n_left, >, 0);
  g_assert_true (porch_connection_execute (reader, "COMMIT", &error));
  g_assert_true (
    porch_connection_checkpoint (self->connection, SQLITE_CHECKPOINT_RESTART, &n_left, &error));
  g_assert_cmpint (n_left, ==, 0);
  porch_connection_close (reader);
}

static void
test_number (Fixture *self, gconstpointer data)
{
  gint64 n = 5;

  g_assert_true (porch_connection_get_number (self->connection, "SELECT id FROM thing", &n, NULL));
  g_assert_cmpint (n, ==, 0);
  g_assert_true (porch_connection_get_number (self->connection, "SELECT 41 + 1", &n, NULL));
  g_assert_cmpint (n, ==, 42);
}

static void
test_no_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "none.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (porch_connection_open (path, PORCH_CONNECTION_READER, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_not_a_database (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "text.db", NULL);
  g_autofree char *text = g_strnfill (8192, 'x');
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (porch_connection_open (path, PORCH_CONNECTION_WRITER, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, text);
  g_unlink (path);
}

#define ADD(name, func) g_test_add ("/sql/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("setup", test_setup);
  ADD ("statement", test_statement);
  ADD ("mistakes", test_mistakes);
  ADD ("reader", test_reader);
  ADD ("checkpoint", test_checkpoint);
  ADD ("number", test_number);
  ADD ("no-file", test_no_file);
  ADD ("not-a-database", test_not_a_database);
  return g_test_run ();
}
