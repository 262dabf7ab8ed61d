/* test-migration.c - from one schema to the next, or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-error.h"
#include "porch-migration.h"
#include "porch-statement.h"
#include "steps.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#define APPLICATION_ID 4711

typedef struct {
  char *folder, *path, *copy;
  PorchMigration one, two, broken;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("porch-migration-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.db", NULL);
  self->copy = g_build_filename (self->folder, "a.db.schema-0001", NULL);
  self->one = (PorchMigration){ steps_get_resource (), "/steps/one/", APPLICATION_ID };
  self->two = (PorchMigration){ steps_get_resource (), "/steps/two/", APPLICATION_ID };
  self->broken = (PorchMigration){ steps_get_resource (), "/steps/broken/", APPLICATION_ID };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  folder_remove (self->folder);
  g_free (self->copy);
  g_free (self->path);
  g_free (self->folder);
}

static PorchConnection *
open_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  PorchConnection *connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, &error);

  g_assert_no_error (error);
  return connection;
}

static gint64
get_number (PorchConnection *connection, const char *sql)
{
  gint64 number = -1;
  g_autoptr (GError) error = NULL;

  porch_connection_get_number (connection, sql, &number, &error);
  g_assert_no_error (error);
  return number;
}

/* A file of the first schema with one thing in it, which is only in its log. */
static PorchConnection *
make_first (Fixture *self)
{
  PorchConnection *connection = open_file (self->path);
  g_autoptr (GError) error = NULL;

  porch_migration_run (&self->one, connection, self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (get_number (connection, "PRAGMA application_id"), ==, APPLICATION_ID);
  g_assert_true (porch_connection_execute (
    connection, "INSERT INTO thing (id, name) VALUES (1, 'lamp')", &error));
  return connection;
}

static void
test_fresh (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchConnection) connection = open_file (self->path);

  g_assert_cmpint (porch_migration_count (&self->one), ==, 1);
  g_assert_cmpint (porch_migration_count (&self->two), ==, 2);
  g_assert_true (porch_migration_run (&self->two, connection, self->path, NULL));
  g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 2);
  /* There was nothing to keep. */
  g_assert_false (g_file_test (self->copy, G_FILE_TEST_EXISTS));
}

static void
test_upgrade (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchConnection) connection = make_first (self);
  g_autoptr (PorchConnection) old = NULL;
  g_autoptr (GError) error = NULL;

  porch_migration_run (&self->two, connection, self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 2);
  g_assert_cmpint (get_number (connection, "SELECT size FROM thing WHERE name = 'lamp'"), ==, 7);
  /* Again is nothing. */
  g_assert_true (porch_migration_run (&self->two, connection, self->path, &error));

  old = open_file (self->copy);
  g_assert_cmpint (get_number (old, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (get_number (old, "SELECT count (*) FROM thing WHERE name = 'lamp'"), ==, 1);
}

/* A step that fails in its middle leaves nothing of itself, and can be made later. */
static void
test_broken (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchConnection) connection = make_first (self);
  g_autoptr (GError) error = NULL;

  g_assert_false (porch_migration_run (&self->broken, connection, self->path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_false (porch_connection_is_in_transaction (connection));
  g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (get_number (connection, "SELECT count (*) FROM thing"), ==, 1);
  g_assert_cmpint (get_number (connection, "SELECT count (*) FROM pragma_table_info ('thing')"), ==,
                   2);

  porch_migration_run (&self->two, connection, self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 2);
}

static void
test_newer (Fixture *self, gconstpointer data)
{
  PorchConnection *connection = open_file (self->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before = 0, n_after = 0;

  g_assert_true (porch_migration_run (&self->two, connection, self->path, NULL));
  /* Known from the file alone, and from the log alone. */
  g_assert_false (porch_migration_run (&self->one, connection, self->path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NEWER);
  g_clear_error (&error);
  porch_connection_close (connection);
  g_file_get_contents (self->path, &before, &n_before, NULL);
  g_assert_false (porch_migration_inspect (&self->one, self->path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NEWER);
  g_clear_error (&error);
  g_file_get_contents (self->path, &after, &n_after, NULL);
  g_assert_cmpmem (before, n_before, after, n_after);
  g_assert_true (porch_migration_inspect (&self->two, self->path, &error));
}

static void
test_inspect (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (porch_migration_inspect (&self->one, self->path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (self->path, "hello", -1, NULL));
  g_assert_false (porch_migration_inspect (&self->one, self->path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
}

/* As kill -9 leaves it: the file has only its first page, everything else is in the log. */
static void
copy_as_it_is (const char *from, const char *to)
{
  static const char *const ends[] = { "", "-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *source = g_strconcat (from, ends[i], NULL);
    g_autofree char *target = g_strconcat (to, ends[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    g_assert_true (g_file_get_contents (source, &bytes, &length, NULL));
    g_assert_true (g_file_set_contents (target, bytes, length, NULL));
  }
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autofree char *left = g_build_filename (self->folder, "left.db", NULL);
  g_autofree char *foreign = g_build_filename (self->folder, "foreign.db", NULL);
  PorchConnection *connection = open_file (self->path);
  PorchConnection *again;
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_migration_run (&self->one, connection, self->path, NULL));
  copy_as_it_is (self->path, left);
  porch_connection_close (connection);
  g_assert_true (porch_migration_inspect (&self->one, left, &error));
  again = open_file (left);
  g_assert_true (porch_migration_run (&self->one, again, left, &error));
  g_assert_cmpint (get_number (again, "PRAGMA user_version"), ==, 1);
  porch_connection_close (again);

  /* The same of somebody else's file is found out as soon as SQLite has read the log. */
  connection = open_file (foreign);
  g_assert_true (porch_connection_execute (connection, "CREATE TABLE theirs (a INTEGER)", NULL));
  g_assert_false (porch_migration_run (&self->one, connection, foreign, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  porch_connection_close (connection);
}

/* ---- kill -9 before each statement ---- */

static int n_left; /* of statements that may still begin */

static int
on_statement (unsigned kind, void *data, void *statement, void *text)
{
  if (n_left-- == 0)
    raise (SIGKILL);
  return 0;
}

/* A process that goes to the second schema, and is killed when @n statements have begun. TRUE: it
 * came to its end before. */
static gboolean
migrate_and_die (Fixture *self, int n)
{
  const pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    PorchConnection *connection = open_file (self->path);

    n_left = n;
    sqlite3_trace_v2 (connection->db, SQLITE_TRACE_STMT, on_statement, NULL);
    _exit (porch_migration_run (&self->two, connection, self->path, NULL) ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFSIGNALED (status))
    g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  return WIFEXITED (status);
}

/* Old or new, never between; and the next one comes to the end. */
static void
test_killed_at_each (Fixture *self, gconstpointer data)
{
  gboolean is_done = FALSE;
  int n_old = 0;

  for (int n = 0; !is_done; n++) {
    PorchConnection *connection;
    gint64 version;

    g_unlink (self->path);
    g_unlink (self->copy);
    porch_connection_close (make_first (self));
    is_done = migrate_and_die (self, n);

    connection = open_file (self->path);
    version = get_number (connection, "PRAGMA user_version");
    g_assert_cmpint (version, ==, is_done ? 2 : CLAMP (version, 1, 2));
    g_assert_cmpint (get_number (connection, "SELECT count (*) FROM pragma_table_info ('thing')"),
                     ==, version + 1);
    n_old += version == 1;
    g_assert_true (porch_migration_run (&self->two, connection, self->path, NULL));
    g_assert_cmpint (get_number (connection, "SELECT size FROM thing WHERE name = 'lamp'"), ==, 7);
    porch_connection_close (connection);
    connection = open_file (self->copy);
    g_assert_cmpint (get_number (connection, "PRAGMA user_version"), ==, 1);
    g_assert_cmpint (get_number (connection, "SELECT count (*) FROM thing"), ==, 1);
    porch_connection_close (connection);
  }
  /* Reading the mark, the copy, and each statement of the step. */
  g_assert_cmpint (n_old, >=, 8);
}

#define ADD(name, func) g_test_add ("/sql/migration/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("fresh", test_fresh);
  ADD ("upgrade", test_upgrade);
  ADD ("broken", test_broken);
  ADD ("newer", test_newer);
  ADD ("inspect", test_inspect);
  ADD ("killed", test_killed);
  ADD ("killed-at-each-statement", test_killed_at_each);
  return g_test_run ();
}
