/* test-migrations.c - a file of every released schema becomes what a new file is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-statement.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

/* The dumps beside this file. */
static const char *const schemas[] = { "0001.sql" };

/* What the file holds, as SQLite keeps it: tables, columns and indexes in words. */
static char *
describe (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchConnection) connection =
    porch_connection_open (path, PORCH_CONNECTION_READONLY, &error);
  g_autoptr (PorchStatement) statement = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  statement = porch_statement_take (connection,
                                    "SELECT type, name, tbl_name, ifnull (sql, '') "
                                    "FROM sqlite_schema ORDER BY type, name",
                                    &error);
  g_assert_no_error (error);
  while (porch_statement_step (statement, &error) > 0)
    for (int i = 0; i < 4; i++)
      g_string_append_printf (text, "%s\n", porch_statement_peek_text (statement, i));
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

/* Makes the file of a dump in place of the fixture's. */
static void
load (StoreFixture *fixture, const char *name)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *dump = g_test_build_filename (G_TEST_DIST, name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (PorchConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_close (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_file_get_contents (dump, &sql, NULL, &error);
  g_assert_no_error (error);
  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, &error);
  g_assert_no_error (error);
  porch_connection_execute (connection, sql, &error);
  g_assert_no_error (error);
}

static gboolean
check_content (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation =
    porch_tx_get_conversation (tx, "conversation-1", error);
  g_autoptr (PorchAgent) agent = porch_tx_find_agent_by_email (tx, "ada@bakery.example", error);
  g_autoptr (GPtrArray) sites = porch_tx_list_sites (tx, error);
  g_autoptr (PorchSession) session = porch_tx_find_session (tx, "hash-1", error);
  g_autoptr (GPtrArray) events = porch_tx_list_events (tx, 0, NULL, 10, error);
  g_autoptr (GPtrArray) messages = NULL;
  PorchMessagePage page = { .limit = 10 };

  g_assert_nonnull (conversation);
  g_assert_cmpint (conversation->state, ==, PORCH_STATE_ACTIVE);
  g_assert_cmpstr (conversation->assignee, ==, agent->id);
  g_assert_cmpuint (g_strv_length (((PorchSite *) sites->pdata[0])->domains), ==, 2);
  g_assert_cmpstr (session->subject, ==, "visitor-1");
  g_assert_cmpuint (events->len, ==, 3);
  page.conversation_pk = conversation->pk;
  messages = porch_tx_list_messages (tx, &page, NULL, error);
  g_assert_cmpuint (messages->len, ==, 2);
  g_assert_cmpstr (((PorchMessage *) messages->pdata[1])->text, ==, "Until six.");
  return TRUE;
}

static void
test_schema (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *fresh = describe (path);
  g_autofree char *migrated = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) error = NULL;

  load (fixture, data);
  store_fixture_open (fixture);
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 3);
  g_assert_cmpstr (porch_store_get_epoch (fixture->store), ==, "AAAAAAAAAAAAAAAAAAAAAA");
  store_fixture_read (fixture, check_content, NULL, &error);
  g_assert_no_error (error);
  migrated = describe (path);
  g_assert_cmpstr (migrated, ==, fresh);
  lines = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 0);
}

/* ---- the first start, killed before each statement ---- */

static gint n_left; /* of statements that may still begin, on whichever thread */

static int
on_statement (unsigned kind, void *data, void *statement, void *text)
{
  if (g_atomic_int_add (&n_left, -1) == 0)
    raise (SIGKILL);
  return 0;
}

static int
watch (sqlite3 *db, char **error, const void *api)
{
  return sqlite3_trace_v2 (db, SQLITE_TRACE_STMT, on_statement, NULL);
}

/* TRUE: it came to its end before. */
static gboolean
open_and_die (const char *folder, int n)
{
  const pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    g_autoptr (GError) error = NULL;

    g_atomic_int_set (&n_left, n);
    sqlite3_auto_extension ((void (*) (void)) watch);
    _exit (porch_store_open (folder, &error) != NULL ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
  return WIFEXITED (status);
}

/* Whatever a kill leaves of a folder that is being begun, the next start has a whole file in it. */
static void
test_first_start (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *fresh = describe (path);
  gboolean is_done = FALSE;
  int n = 0;

  for (store_fixture_close (fixture); !is_done; n++) {
    g_autofree char *is = NULL;
    g_autoptr (GPtrArray) lines = NULL;
    g_autoptr (GError) error = NULL;

    folder_remove (fixture->folder);
    g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
    is_done = open_and_die (fixture->folder, n);
    store_fixture_open (fixture);
    is = describe (path);
    g_assert_cmpstr (is, ==, fresh);
    lines = porch_store_check (fixture->folder, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (lines->len, ==, 0);
    store_fixture_close (fixture);
  }
  /* The schema alone has more. */
  g_assert_cmpint (n, >=, 30);
  store_fixture_open (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (schemas); i++) {
    g_autofree char *path = g_strconcat ("/migrations/", schemas[i], NULL);

    g_test_add (path, StoreFixture, schemas[i], store_fixture_set_up, test_schema,
                store_fixture_tear_down);
  }
  g_test_add ("/migrations/first-start-killed", StoreFixture, NULL, store_fixture_set_up,
              test_first_start, store_fixture_tear_down);
  return g_test_run ();
}
