/* test-files.c - files that are newer, foreign, damaged or gone: said clearly, and left alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE
#include "config.h"

#include "porch-connection.h"
#include "porch-error.h"
#include "store-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static gboolean
add_some (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("c");

  if (!store_fixture_add_people (tx, NULL, error) ||
      !porch_tx_insert_conversation (tx, conversation, error))
    return FALSE;
  for (guint i = 0; i < 2000; i++) {
    g_autofree char *text = g_strdup_printf ("message %u of the many that are here", i);
    g_autoptr (PorchMessage) message = store_fixture_say (tx, conversation, "phone", text, error);

    if (message == NULL)
      return FALSE;
  }
  return TRUE;
}

/* A closed file with some content; its bytes. */
static GBytes *
prepare (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, add_some, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (fixture);
  return store_fixture_read_file (path);
}

/* Opening says @code and changes no byte. */
static void
assert_refused (StoreFixture *fixture, PorchErrorCode code)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GBytes) before = store_fixture_read_file (path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStore) store = porch_store_open (fixture->folder, &error);

  g_assert_null (store);
  g_assert_error (error, PORCH_ERROR, (int) code);
  after = store_fixture_read_file (path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
put_be32 (guint8 *at, guint32 number)
{
  const guint32 bytes = GUINT32_TO_BE (number);

  memcpy (at, &bytes, sizeof bytes);
}

static void
test_newer (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);

  put_be32 (bytes + 60, 4711);
  store_fixture_write_file (path, bytes, length);
  assert_refused (fixture, PORCH_ERROR_NEWER);
}

static void
test_foreign (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);

  put_be32 (bytes + 68, 0);
  store_fixture_write_file (path, bytes, length);
  assert_refused (fixture, PORCH_ERROR_DAMAGED);
}

static void
test_cut (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GBytes) good = prepare (fixture);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (good, &length);
  const gsize lengths[] = { 0, 1, 99, 100, 4096, length / 2, length - 4096, length - 1 };
  g_autofree guint8 *zeroed = g_memdup2 (bytes, length);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    store_fixture_write_file (path, bytes, lengths[i]);
    assert_refused (fixture, PORCH_ERROR_DAMAGED);
  }
  memset (zeroed, 0, 4096);
  store_fixture_write_file (path, zeroed, length);
  assert_refused (fixture, PORCH_ERROR_DAMAGED);
  memset (zeroed, 'x', length);
  store_fixture_write_file (path, zeroed, length);
  assert_refused (fixture, PORCH_ERROR_DAMAGED);

  /* What was put away comes back. */
  store_fixture_write_file (path, bytes, length);
  store_fixture_open (fixture);
}

/* Pages overwritten at random, in a file that was left without a proper end: either it is refused
 * untouched, or what it says is whole. */
static void
test_scribbled (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *mark = store_fixture_get_path (fixture, "porchlight.running");
  g_autoptr (GBytes) good = prepare (fixture);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (good, &length);
  guint n_refused = 0;

  for (guint i = 0; i < 60; i++) {
    g_autofree guint8 *scribbled = g_memdup2 (bytes, length);
    const gsize page = g_test_rand_int_range (1, length / 4096);
    const guint n_bytes = i % 2 == 0 ? 1 : 500;
    g_autoptr (GError) error = NULL;
    PorchStore *store;

    for (guint k = 0; k < n_bytes; k++)
      scribbled[page * 4096 + (k == 0 ? 0 : g_test_rand_int_range (0, 4096))] ^=
        1 << g_test_rand_int_range (0, 8);
    store_fixture_write_file (path, scribbled, length);
    store_fixture_write_file (mark, "", 0);
    store = porch_store_open (fixture->folder, &error);
    if (store == NULL) {
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
      g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
      assert_refused (fixture, PORCH_ERROR_DAMAGED);
      n_refused++;
      continue;
    }
    fixture->store = store;
    if (!store_fixture_read (fixture, store_fixture_read_texts, NULL, &error))
      g_assert_true (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_DAMAGED) ||
                     g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND));
    store_fixture_close (fixture);
  }
  g_assert_cmpuint (n_refused, >, 20);
}

/* Damage that is found only while serving: it is said, and nothing is written any more. */
static void
test_found_later (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autoptr (GBytes) good = prepare (fixture);
  const gsize length = g_bytes_get_size (good);
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  const guint8 *middle;

  /* The page with a message of the middle: opening does not look at it. */
  middle = memmem (bytes, length, "message 700 of", strlen ("message 700 of"));
  g_assert_nonnull (middle);
  memset (bytes + (middle - bytes) / 4096 * 4096, 0xff, 200);
  store_fixture_write_file (path, bytes, length);
  store_fixture_open (fixture);
  g_assert_false (store_fixture_read (fixture, store_fixture_read_texts, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_assert_cmpint (porch_store_get_health (fixture->store), ==, PORCH_HEALTH_DAMAGED);
  g_assert_false (store_fixture_write (fixture, add_some, NULL, &refusal));
  g_assert_error (refusal, PORCH_ERROR, PORCH_ERROR_STORAGE);
}

/* A log without its file is somebody's messages, not a place to begin anew. */
static void
test_only_log (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *log = store_fixture_get_path (fixture, "porchlight.db-wal");
  g_autoptr (GBytes) good = prepare (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStore) store = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  store_fixture_write_file (log, "something", 9);
  store = porch_store_open (fixture->folder, &error);
  g_assert_null (store);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
}

/* One that was begun and never finished is begun again. */
static void
test_half_made (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *half = store_fixture_get_path (fixture, "porchlight.db.new");
  g_autofree char *half_log = store_fixture_get_path (fixture, "porchlight.db.new-wal");

  store_fixture_close (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  store_fixture_write_file (half, "SQLite form", 11);
  store_fixture_write_file (half_log, "something", 9);
  store_fixture_open (fixture);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (half_log, G_FILE_TEST_EXISTS));
}

static void
test_private (StoreFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "porchlight.db", "porchlight.db-wal", "porchlight.db-shm",
                                       "porchlight.lock", "porchlight.running" };
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, store_fixture_add_people, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = store_fixture_get_path (fixture, names[i]);
    GStatBuf info;

    g_assert_cmpint (g_stat (path, &info), ==, 0);
    g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  }
}

/* ---- why a folder cannot be opened ---- */

/* What a person is told follows from the error, and where that says only that it failed, from what
 * is in the way. */
static void
test_obstacles (StoreFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *place;
    int code;
    PorchObstacle found;
  } cases[] = {
    { "", PORCH_ERROR_DAMAGED, PORCH_OBSTACLE_DAMAGED },
    { "", PORCH_ERROR_NEWER, PORCH_OBSTACLE_NEWER },
    { "", PORCH_ERROR_IN_USE, PORCH_OBSTACLE_OTHER },
    { "", PORCH_ERROR_STORAGE, PORCH_OBSTACLE_OTHER },
    { "not/there/yet", PORCH_ERROR_STORAGE, PORCH_OBSTACLE_OTHER },
    { "a-file", PORCH_ERROR_STORAGE, PORCH_OBSTACLE_NO_FOLDER },
    { "a-file/in/it", PORCH_ERROR_STORAGE, PORCH_OBSTACLE_NO_FOLDER },
    { "a-file", PORCH_ERROR_DAMAGED, PORCH_OBSTACLE_DAMAGED },
  };
  g_autofree char *file = store_fixture_get_path (fixture, "a-file");

  store_fixture_write_file (file, "something", 9);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *folder = store_fixture_get_path (fixture, cases[i].place);
    g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, cases[i].code, "it failed");

    g_test_message ("%s, %d", cases[i].place, cases[i].code);
    g_assert_cmpint (porch_store_find_obstacle (folder, error), ==, cases[i].found);
  }
}

/* Whoever may do everything is denied nothing. */
static void
test_denied (StoreFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "", "porchlight.lock", "porchlight.db" };
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STORAGE, "it failed");

  if (geteuid () == 0) {
    g_test_skip ("root may write everywhere");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = store_fixture_get_path (fixture, names[i]);

    g_assert_cmpint (g_chmod (path, 0500), ==, 0);
    g_assert_cmpint (porch_store_find_obstacle (fixture->folder, error), ==, PORCH_OBSTACLE_DENIED);
    g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  }
}

#define ADD(name, func) \
  g_test_add ("/store/files/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("newer", test_newer);
  ADD ("foreign", test_foreign);
  ADD ("cut", test_cut);
  ADD ("scribbled", test_scribbled);
  ADD ("found-later", test_found_later);
  ADD ("only-log", test_only_log);
  ADD ("half-made", test_half_made);
  ADD ("private", test_private);
  ADD ("obstacles", test_obstacles);
  ADD ("denied", test_denied);
  return g_test_run ();
}
