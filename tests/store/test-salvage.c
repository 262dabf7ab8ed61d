/* test-salvage.c - what can be read of a damaged file comes over, into its own conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-connection.h"
#include "porch-error.h"
#include "porch-salvage.h"
#include "porch-statement.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_CONVERSATIONS 12
#define N_ROUNDS        60
#define N_MESSAGES      (N_CONVERSATIONS * N_ROUNDS)
#define N_FLIPS         200
#define N_KILLS         20
#define PAGE            4096

static gboolean
add_conversation (PorchTx *tx, guint i, GError **error)
{
  g_autofree char *id = g_strdup_printf ("conversation-%02u", i);
  g_autofree char *visitor = g_strdup_printf ("visitor-%02u", i);
  g_autofree char *contact = g_strdup_printf ("contact-%02u", i);
  g_autofree char *name = g_strdup_printf ("Person %u", i);
  g_autoptr (PorchContact) person =
    g_object_new (PORCH_TYPE_CONTACT, "id", contact, "name", name, NULL);
  g_autoptr (PorchVisitor) browser =
    g_object_new (PORCH_TYPE_VISITOR, "id", visitor, "site", "site", "contact", contact, NULL);
  g_autoptr (PorchConversation) conversation = g_object_new (
    PORCH_TYPE_CONVERSATION, "id", id, "site", "site", "department", "general", "visitor", visitor,
    "contact", contact, "contact-name", name, "state", PORCH_STATE_WAITING, NULL);

  return porch_tx_insert_contact (tx, person, error) &&
         porch_tx_insert_visitor (tx, browser, error) &&
         porch_tx_insert_conversation (tx, conversation, error);
}

/* They take turns, so that each page has messages of all of them. */
static gboolean
add_all (PorchTx *tx, gpointer data, GError **error)
{
  if (!store_fixture_add_people (tx, NULL, error) ||
      !porch_tx_set_setting (tx, "business", "Bakery", error))
    return FALSE;
  for (guint i = 0; i < N_CONVERSATIONS; i++)
    if (!add_conversation (tx, i, error))
      return FALSE;
  for (guint n = 0; n < N_MESSAGES; n++) {
    g_autofree char *id = g_strdup_printf ("conversation-%02u", n % N_CONVERSATIONS);
    g_autofree char *text = g_strdup_printf ("words %u, as they were written in %s", n, id);
    g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, id, error);
    g_autoptr (PorchMessage) message = NULL;

    message =
      conversation != NULL ? store_fixture_say (tx, conversation, "phone", text, error) : NULL;
    if (message == NULL)
      return FALSE;
  }
  return TRUE;
}

static char *
get_file (StoreFixture *fixture)
{
  return store_fixture_get_path (fixture, "porchlight.db");
}

/* A closed file with everything; its bytes. */
static GBytes *
prepare (StoreFixture *fixture)
{
  g_autofree char *path = get_file (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, add_all, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (fixture);
  return store_fixture_read_file (path);
}

static void
clear_folder (StoreFixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = store_fixture_get_path (fixture, name);

    g_unlink (path);
  }
}

static guint
count_files (StoreFixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
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

/* Every message is in the conversation that it was written in, or in one that nobody but the team
 * sees. The messages were written in turns, so the seq says it. */
static void
assert_apart (PorchConnection *connection)
{
  static const char sql[] = "SELECT message.seq, conversation.id, conversation.visitor, text "
                            "FROM message JOIN conversation ON pk = conversation_pk";
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStatement) statement = porch_statement_take (connection, sql, &error);

  g_assert_no_error (error);
  while (porch_statement_step (statement, &error) > 0) {
    const gint64 n = porch_statement_get_int64 (statement, 0) - 1;
    g_autofree char *id = g_strdup_printf ("conversation-%02u", (guint) (n % N_CONVERSATIONS));
    g_autofree char *visitor = g_strdup_printf ("visitor-%02u", (guint) (n % N_CONVERSATIONS));

    if (porch_statement_peek_text (statement, 2) == NULL)
      continue;
    g_assert_cmpstr (porch_statement_peek_text (statement, 1), ==, id);
    g_assert_cmpstr (porch_statement_peek_text (statement, 2), ==, visitor);
  }
  g_assert_no_error (error);
}

/* The new file opens as a server opens it. How many messages it has. */
static gint64
assert_usable (StoreFixture *fixture)
{
  g_autofree char *path = get_file (fixture);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchConnection) connection = NULL;
  PorchStore *store;
  gint64 n;

  problems = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  connection = porch_connection_open (path, PORCH_CONNECTION_READONLY, &error);
  g_assert_no_error (error);
  assert_apart (connection);
  g_assert_cmpint (get_number (connection, "SELECT count (*) FROM agent WHERE is_local"), ==,
                   get_number (connection, "SELECT min (1, count (*)) FROM agent WHERE is_local"));
  n = get_number (connection, "SELECT count (*) FROM message");
  g_clear_pointer (&connection, porch_connection_close);
  store = porch_store_open (fixture->folder, &error);
  g_assert_no_error (error);
  porch_store_close (store);
  g_object_unref (store);
  return n;
}

/* What is aside is what was there, byte for byte. */
static void
assert_aside (const PorchSalvage *salvage, const void *data, gsize length)
{
  g_autoptr (GBytes) aside = store_fixture_read_file (salvage->aside);

  g_assert_cmpmem (g_bytes_get_data (aside, NULL), g_bytes_get_size (aside), data, length);
}

/* Of a file with these bytes. -1: nothing can be read, and nothing was changed. */
static gint64
salvage_bytes (StoreFixture *fixture, const void *data, gsize length, PorchSalvage *salvage)
{
  g_autofree char *path = get_file (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_write_file (path, data, length);
  if (porch_store_salvage (fixture->folder, NULL, NULL, salvage, &error)) {
    assert_aside (salvage, data, length);
    return assert_usable (fixture);
  }
  g_assert_true (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_DAMAGED) ||
                 g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NEWER));
  g_autoptr (GBytes) after = store_fixture_read_file (path);
  g_assert_cmpmem (g_bytes_get_data (after, NULL), g_bytes_get_size (after), data, length);
  return -1;
}

static void
test_whole (StoreFixture *fixture, gconstpointer data)
{
  static const char *const tables[] = { "agent", "contact",     "conversation", "department",
                                        "event", "message",     "session",      "site",
                                        "audit", "idempotency", "visitor" };
  g_autoptr (GBytes) good = prepare (fixture);
  g_autofree char *path = get_file (fixture);
  g_auto (PorchSalvage) salvage = { 0 };
  g_autofree char *attach = NULL;
  g_autoptr (PorchConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (
    salvage_bytes (fixture, g_bytes_get_data (good, NULL), g_bytes_get_size (good), &salvage), ==,
    N_MESSAGES);
  g_assert_cmpint (porch_salvage_count_lost (&salvage), ==, 0);
  g_assert_cmpint (salvage.n_rebuilt, ==, 0);
  g_assert_cmpint (porch_salvage_find (&salvage, "message")->n_kept, ==, N_MESSAGES);
  g_assert_cmpint (porch_salvage_find (&salvage, "conversation")->n_kept, ==, N_CONVERSATIONS);

  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, &error);
  g_assert_no_error (error);
  attach = g_strdup_printf ("ATTACH '%s' AS old", salvage.aside);
  porch_connection_execute (connection, attach, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *more =
      g_strdup_printf ("SELECT count (*) FROM (SELECT * FROM old.%s EXCEPT SELECT * FROM main.%s)",
                       tables[i], tables[i]);
    g_autofree char *less =
      g_strdup_printf ("SELECT count (*) FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM old.%s)",
                       tables[i], tables[i]);

    g_assert_cmpint (get_number (connection, more), ==, 0);
    g_assert_cmpint (get_number (connection, less), ==, 0);
  }
  /* Another history: whoever saw the old one loads anew. */
  g_assert_cmpint (get_number (connection, "SELECT count (*) FROM main.setting AS new JOIN "
                                           "old.setting AS old USING (key) "
                                           "WHERE key = 'epoch' AND new.value <> old.value"),
                   ==, 1);
}

static void
test_flips (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  gint64 n_kept = 0;
  guint n_refused = 0;

  for (guint i = 0; i < N_FLIPS; i++) {
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);
    g_auto (PorchSalvage) salvage = { 0 };
    gint64 n;

    /* Every fourth time a whole piece. */
    for (gint left = i % 4 == 3 ? 64 : 1, at = g_test_rand_int_range (0, length - 64); left > 0;
         left--, at++)
      bytes[at] ^= i % 4 == 3 ? g_test_rand_int_range (0, 256) : 1 << g_test_rand_int_range (0, 8);
    clear_folder (fixture);
    n = salvage_bytes (fixture, bytes, length, &salvage);
    if (n < 0)
      n_refused++;
    else
      n_kept += n;
  }
  g_test_message ("%u flips: of %u messages %.1f came over on average, %u times nothing", N_FLIPS,
                  N_MESSAGES, (double) n_kept / (N_FLIPS - n_refused), n_refused);
  /* Only where the header says that a newer program made it. */
  g_assert_cmpuint (n_refused, <=, 1);
  g_assert_cmpint (n_kept, >, (gint64) (N_FLIPS - n_refused) * N_MESSAGES * 9 / 10);
}

static void
test_pages (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  gint64 n_lost = 0;

  /* Whatever page is gone. */
  for (gsize at = PAGE; at < length; at += PAGE) {
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);
    g_auto (PorchSalvage) salvage = { 0 };
    gint64 n;

    memset (bytes + at, at / PAGE % 2 == 0 ? 0 : 0xff, PAGE);
    clear_folder (fixture);
    n = salvage_bytes (fixture, bytes, length, &salvage);
    g_assert_cmpint (n, >=, 0);
    n_lost += N_MESSAGES - n;
    /* What is lost is told. */
    if (n > 0)
      g_assert_cmpint (porch_salvage_find (&salvage, "message")->n_lost, ==, N_MESSAGES - n);
  }
  g_test_message ("%u pages, one after the other: %.1f messages were lost each time",
                  (guint) (length / PAGE), (double) n_lost / (length / PAGE));
  /* A page takes what was in it with it, and nothing else: also one that only says where others
   * are. */
  g_assert_cmpint (n_lost, <=, N_MESSAGES);
}

static void
test_cut (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  const guint8 *bytes = g_bytes_get_data (good, NULL);
  const struct {
    gsize length;
    gint64 least;
  } cuts[] = { { 0, -1 },
               { 99, -1 },
               { PAGE, -1 },
               { length / 2, 0 },
               { length - PAGE, N_MESSAGES / 2 },
               { length - 1, N_MESSAGES / 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++) {
    g_auto (PorchSalvage) salvage = { 0 };

    clear_folder (fixture);
    g_assert_cmpint (salvage_bytes (fixture, bytes, cuts[i].length, &salvage), >=, cuts[i].least);
  }
}

static void
test_header (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  const gsize zeroed[] = { 16, 100, 1000, PAGE };

  for (guint i = 0; i < G_N_ELEMENTS (zeroed); i++) {
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);
    g_auto (PorchSalvage) salvage = { 0 };

    memset (bytes, 0, zeroed[i]);
    clear_folder (fixture);
    g_assert_cmpint (salvage_bytes (fixture, bytes, length, &salvage), ==, N_MESSAGES);
  }
}

/* A file that was restored has its tables in other places. */
static void
test_header_of_copy (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  g_autofree char *copy = store_fixture_get_path (fixture, "copy.db");
  g_autoptr (GError) error = NULL;
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GBytes) copied = NULL;
  g_autofree guint8 *bytes = NULL;

  porch_store_backup (fixture->folder, copy, NULL, &error);
  g_assert_no_error (error);
  copied = store_fixture_read_file (copy);
  bytes = g_memdup2 (g_bytes_get_data (copied, NULL), g_bytes_get_size (copied));
  memset (bytes, 0, PAGE);
  g_assert_cmpint (salvage_bytes (fixture, bytes, g_bytes_get_size (copied), &salvage), ==,
                   N_MESSAGES);
}

/* ---- logs that are not the file's ---- */

/* A log of a file like ours with other people, as long as it stays open. */
static GBytes *
make_foreign_log (void)
{
  StoreFixture other = { 0 };
  g_autofree char *log = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  store_fixture_set_up (&other, NULL);
  log = store_fixture_get_path (&other, "porchlight.db-wal");
  store_fixture_write (&other, store_fixture_add_people, NULL, &error);
  g_assert_no_error (error);
  bytes = store_fixture_read_file (log);
  store_fixture_tear_down (&other, NULL);
  return bytes;
}

static void
test_foreign_log (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  g_autoptr (GBytes) log = make_foreign_log ();
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db-wal");
  g_autofree char *aside = NULL;
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStore) store = NULL;
  g_autoptr (GBytes) kept = NULL;

  store_fixture_write_file (path, g_bytes_get_data (log, NULL), g_bytes_get_size (log));
  /* It is not taken for ours, though nothing says that the last program did not end. */
  store = porch_store_open (fixture->folder, &error);
  g_assert_null (store);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_assert_cmpint (
    salvage_bytes (fixture, g_bytes_get_data (good, NULL), g_bytes_get_size (good), &salvage), ==,
    N_MESSAGES);
  g_assert_true (salvage.is_log_apart);
  aside = g_strconcat (salvage.aside, "-wal", NULL);
  kept = store_fixture_read_file (aside);
  g_assert_true (g_bytes_equal (kept, log));
}

static void
test_stale_index (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db-shm");
  g_autofree guint8 *noise = g_malloc (32768);
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 32768; i++)
    noise[i] = g_test_rand_int_range (0, 256);
  store_fixture_write_file (path, noise, 32768);
  /* SQLite makes it anew. */
  store_fixture_open (fixture);
  store_fixture_close (fixture);
  store_fixture_write_file (path, noise, 32768);
  g_assert_cmpint (
    salvage_bytes (fixture, g_bytes_get_data (good, NULL), g_bytes_get_size (good), &salvage), ==,
    N_MESSAGES);
}

/* A flipped bit can give a message the number of another one: check says so, and the words stay. */
static void
test_doubled (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  g_autofree char *path = get_file (fixture);
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GBytes) doubled = NULL;
  g_autoptr (PorchConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = porch_connection_open (path, PORCH_CONNECTION_WRITER, &error);
  g_assert_no_error (error);
  g_assert_true (porch_connection_execute (
    connection,
    "UPDATE message SET n = n - 1 WHERE seq = (SELECT max (seq) FROM message WHERE n > 1)",
    &error));
  g_clear_pointer (&connection, porch_connection_close);
  problems = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpstr (problems->pdata[0], ==, "message: 1 are there twice");
  doubled = store_fixture_read_file (path);
  g_assert_false (g_bytes_equal (doubled, good));
  g_assert_cmpint (
    salvage_bytes (fixture, g_bytes_get_data (doubled, NULL), g_bytes_get_size (doubled), &salvage),
    ==, N_MESSAGES);
}

/* What is only in the log comes over, up to where the log is damaged. */
static void
test_own_log (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = get_file (fixture);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file_bytes = NULL, log_bytes = NULL;
  g_auto (PorchSalvage) salvage = { 0 };
  g_autofree guint8 *bytes = NULL;

  store_fixture_write (fixture, add_all, NULL, &error);
  g_assert_no_error (error);
  file_bytes = store_fixture_read_file (path);
  log_bytes = store_fixture_read_file (log);
  store_fixture_close (fixture);
  clear_folder (fixture);
  bytes = g_memdup2 (g_bytes_get_data (file_bytes, NULL), g_bytes_get_size (file_bytes));
  store_fixture_write_file (log, g_bytes_get_data (log_bytes, NULL), g_bytes_get_size (log_bytes));
  g_assert_cmpint (salvage_bytes (fixture, bytes, g_bytes_get_size (file_bytes), &salvage), ==,
                   N_MESSAGES);
  g_assert_false (salvage.is_log_apart);
}

/* ---- refused, ended, killed ---- */

static void
test_not_ours (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *noise = g_malloc (20 * PAGE);
  g_auto (PorchSalvage) salvage = { 0 };

  store_fixture_close (fixture);
  for (guint i = 0; i < 20 * PAGE; i++)
    noise[i] = g_test_rand_int_range (0, 256);
  clear_folder (fixture);
  g_assert_cmpint (salvage_bytes (fixture, noise, 20 * PAGE, &salvage), ==, -1);
  memset (noise, 0, 20 * PAGE);
  clear_folder (fixture);
  g_assert_cmpint (salvage_bytes (fixture, noise, 20 * PAGE, &salvage), ==, -1);
}

static void
test_served (StoreFixture *fixture, gconstpointer data)
{
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (porch_store_salvage (fixture->folder, NULL, NULL, &salvage, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
}

static gboolean
end_after (const char *table, gint64 n_rows, gpointer data)
{
  return --*(int *) data > 0;
}

static void
test_ended (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  g_autofree char *path = get_file (fixture);
  guint n_ended = 0;

  for (int n = 1;; n++) {
    g_auto (PorchSalvage) salvage = { 0 };
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) after = NULL;
    const guint n_files = count_files (fixture);
    int left = n;

    if (porch_store_salvage (fixture->folder, end_after, &left, &salvage, &error))
      break;
    n_ended++;
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
    after = store_fixture_read_file (path);
    g_assert_true (g_bytes_equal (after, good));
    /* Nothing is left lying about. */
    g_assert_cmpuint (count_files (fixture), ==, n_files);
  }
  g_assert_cmpuint (n_ended, >, 1);
}

/* Whenever it is killed, what was there is there, in its place or aside with a whole one before it.
 */
static void
test_killed (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);
  g_autofree char *path = get_file (fixture);
  guint n_before = 0;
  gint64 took_us;

  memset (bytes + length - 3 * PAGE, 0xff, PAGE);
  took_us = g_get_monotonic_time ();
  {
    g_auto (PorchSalvage) salvage = { 0 };

    g_assert_cmpint (salvage_bytes (fixture, bytes, length, &salvage), >, 0);
  }
  took_us = g_get_monotonic_time () - took_us;
  for (guint i = 0; i < N_KILLS; i++) {
    g_autoptr (GBytes) after = NULL;
    int status;
    pid_t pid;

    clear_folder (fixture);
    store_fixture_write_file (path, bytes, length);
    pid = fork ();
    if (pid == 0) {
      PorchSalvage salvage = { 0 };

      porch_store_salvage (fixture->folder, NULL, NULL, &salvage, NULL);
      _exit (0);
    }
    g_usleep (took_us * 3 / 2 * i / N_KILLS);
    kill (pid, SIGKILL);
    g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    after = store_fixture_read_file (path);
    if (g_bytes_get_size (after) == length &&
        memcmp (g_bytes_get_data (after, NULL), bytes, length) == 0) {
      PorchSalvage salvage = { 0 };

      /* What the first attempt left lying about is in nobody's way. */
      n_before++;
      g_assert_true (porch_store_salvage (fixture->folder, NULL, NULL, &salvage, NULL));
      assert_aside (&salvage, bytes, length);
      porch_salvage_clear (&salvage);
    }
    g_assert_cmpint (assert_usable (fixture), >, 0);
  }
  g_test_message ("%u of %u were killed before the end", n_before, N_KILLS);
  g_assert_cmpuint (n_before, >, 0);
}

#define ADD(name, func) \
  g_test_add ("/salvage/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whole", test_whole);
  ADD ("bit-flips", test_flips);
  ADD ("pages", test_pages);
  ADD ("cut", test_cut);
  ADD ("header", test_header);
  ADD ("header-of-a-copy", test_header_of_copy);
  ADD ("foreign-log", test_foreign_log);
  ADD ("stale-index", test_stale_index);
  ADD ("doubled", test_doubled);
  ADD ("own-log", test_own_log);
  ADD ("not-ours", test_not_ours);
  ADD ("served", test_served);
  ADD ("ended", test_ended);
  ADD ("killed", test_killed);
  return g_test_run ();
}
