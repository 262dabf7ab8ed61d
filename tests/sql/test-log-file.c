/* test-log-file.c - what is gathered for the log is in the file when it has to be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-statement.h"

#include <gio/gio.h>

#define N_ROWS 2000 /* of 2 KiB: many times the buffer */

typedef struct {
  char *folder, *path, *copy;
  PorchConnection *writer, *reader;
} Fixture;

static void
execute (PorchConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;

  porch_connection_execute (connection, sql, &error);
  g_assert_no_error (error);
}

static PorchConnection *
open_file (const char *path, PorchConnectionMode mode)
{
  g_autoptr (GError) error = NULL;
  PorchConnection *connection = porch_connection_open (path, mode, &error);

  g_assert_no_error (error);
  return connection;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("porch-log-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.db", NULL);
  self->copy = g_build_filename (self->folder, "b.db", NULL);
  self->writer = open_file (self->path, PORCH_CONNECTION_WRITER);
  execute (self->writer, "CREATE TABLE thing (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
                         /* So few that a transaction spills into the log before it commits. */
                         "PRAGMA cache_size = 10");
  self->reader = open_file (self->path, PORCH_CONNECTION_READER);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  porch_connection_close (self->reader);
  porch_connection_close (self->writer);
  folder_remove (self->folder);
  g_free (self->copy);
  g_free (self->path);
  g_free (self->folder);
}

static gint64
get_number (PorchConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 number = -1;

  porch_connection_get_number (connection, sql, &number, &error);
  g_assert_no_error (error);
  return number;
}

static gint64
count (PorchConnection *connection)
{
  return get_number (connection, "SELECT count (*) FROM thing");
}

static void
add (Fixture *self, guint n)
{
  g_autofree char *text = g_strnfill (2048, 'x');

  for (guint i = 0; i < n; i++) {
    g_autoptr (PorchStatement) statement =
      porch_statement_take (self->writer, "INSERT INTO thing (text) VALUES (?1)", NULL);

    porch_statement_bind_text (statement, 1, text);
    g_assert_true (porch_statement_run (statement, NULL));
  }
}

static void
assert_sound (PorchConnection *connection)
{
  g_autoptr (GPtrArray) lines = porch_connection_check (connection, FALSE, NULL);

  g_assert_cmpuint (lines->len, ==, 0);
}

/* The files as a program would find them that was killed at this moment. */
static void
assert_kept (Fixture *self, gint64 n)
{
  static const char *const endings[] = { "", "-wal" };
  PorchConnection *found;

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *from = g_strconcat (self->path, endings[i], NULL);
    g_autofree char *to = g_strconcat (self->copy, endings[i], NULL);
    g_autoptr (GFile) source = g_file_new_for_path (from);
    g_autoptr (GFile) target = g_file_new_for_path (to);

    g_assert_true (g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL));
  }
  found = open_file (self->copy, PORCH_CONNECTION_WRITER);
  g_assert_cmpint (count (found), ==, n);
  assert_sound (found);
  porch_connection_close (found);
}

static void
test_commit (Fixture *self, gconstpointer data)
{
  for (gint64 i = 1; i <= 20; i++) {
    execute (self->writer, "BEGIN IMMEDIATE");
    add (self, 1);
    g_assert_cmpint (count (self->reader), ==, i - 1);
    execute (self->writer, "COMMIT");
    g_assert_cmpint (count (self->reader), ==, i);
    assert_kept (self, i);
  }
}

static void
test_spill (Fixture *self, gconstpointer data)
{
  execute (self->writer, "BEGIN IMMEDIATE");
  add (self, N_ROWS);
  /* It reads back what it has spilled, and nobody else does. */
  g_assert_cmpint (get_number (self->writer, "SELECT sum (length (text)) FROM thing"), ==,
                   N_ROWS * 2048);
  g_assert_cmpint (count (self->reader), ==, 0);
  assert_kept (self, 0);
  execute (self->writer, "COMMIT");
  g_assert_cmpint (count (self->reader), ==, N_ROWS);
  assert_kept (self, N_ROWS);
}

static void
test_undone (Fixture *self, gconstpointer data)
{
  execute (self->writer, "BEGIN IMMEDIATE");
  add (self, N_ROWS);
  execute (self->writer, "ROLLBACK");
  g_assert_cmpint (count (self->writer), ==, 0);
  add (self, 3);
  g_assert_cmpint (count (self->reader), ==, 3);
  assert_kept (self, 3);
  assert_sound (self->reader);
}

/* A log that is all in the file begins anew, at its first byte. */
static void
test_restart (Fixture *self, gconstpointer data)
{
  for (gint64 i = 1; i <= 5; i++) {
    int n_left = -1;

    execute (self->writer, "BEGIN IMMEDIATE");
    add (self, 100);
    execute (self->writer, "COMMIT");
    assert_kept (self, i * 100);
    g_assert_true (
      porch_connection_checkpoint (self->writer, SQLITE_CHECKPOINT_RESTART, &n_left, NULL));
    g_assert_cmpint (n_left, ==, 0);
    g_assert_cmpint (count (self->reader), ==, i * 100);
  }
  assert_sound (self->reader);
}

#define ADD(name, func) g_test_add ("/sql/log-file/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("commit", test_commit);
  ADD ("spill", test_spill);
  ADD ("undone", test_undone);
  ADD ("restart", test_restart);
  return g_test_run ();
}
