/* test-backup.c - copies that are made while writing, verified, and taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-error.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_MESSAGES 2000

typedef struct {
  PorchJob job;
  StoreFixture *fixture;
  const gboolean *should_stop;
  guint *n_done;
} Writing;

static gboolean
run_writing (PorchJob *job, PorchTx *tx, GError **error)
{
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "c", error);
  g_autoptr (PorchMessage) message = NULL;

  if (conversation == NULL)
    return FALSE;
  message = store_fixture_say (tx, conversation, "phone", "hello", error);
  return message != NULL;
}

/* And the next one. */
static void
on_written (PorchJob *job, const GError *error)
{
  Writing *writing = (Writing *) job;

  g_assert_no_error (error);
  (*writing->n_done)++;
  if (!*writing->should_stop)
    porch_store_submit (writing->fixture->store, job);
}

typedef struct {
  char *folder, *path;
  gboolean is_done;
  GError *error;
} Backup;

static gpointer
run_backup (gpointer data)
{
  Backup *backup = data;

  porch_store_backup (backup->folder, backup->path, NULL, &backup->error);
  g_atomic_int_set (&backup->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static gboolean
count_messages (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "c", error);

  if (conversation == NULL)
    return FALSE;
  *(gint64 *) data = porch_tx_count_messages_after (tx, conversation->pk, TRUE, 0, error);
  /* The copy is of one moment. */
  g_assert_cmpint (conversation->n_messages, ==, *(gint64 *) data);
  return TRUE;
}

static gint64
get_count (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gint64 n = 0;

  store_fixture_read (fixture, count_messages, &n, &error);
  g_assert_no_error (error);
  return n;
}

/* A copy while a server writes without pause. */
static char *
back_up_while_writing (StoreFixture *fixture)
{
  Backup backup = { .folder = fixture->folder,
                    .path = store_fixture_get_path (fixture, "copy.db") };
  gboolean should_stop = FALSE;
  guint n_done = 0, n_before;
  Writing writings[20];
  GThread *thread;

  for (guint i = 0; i < G_N_ELEMENTS (writings); i++) {
    writings[i] = (Writing){ .job = { .run = run_writing, .done = on_written },
                             .fixture = fixture,
                             .should_stop = &should_stop,
                             .n_done = &n_done };
    porch_store_submit (fixture->store, &writings[i].job);
  }
  while (n_done < 100)
    g_main_context_iteration (NULL, TRUE);
  n_before = n_done;
  thread = g_thread_new ("backup", run_backup, &backup);
  while (!g_atomic_int_get (&backup.is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_assert_no_error (backup.error);
  /* The server was not held up. */
  g_assert_cmpuint (n_done, >, n_before);
  should_stop = TRUE;
  store_fixture_close (fixture);
  return backup.path;
}

static void
test_while_writing (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = NULL;
  g_autofree char *epoch = g_strdup (porch_store_get_epoch (fixture->store));
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  guint n_aside = 0;
  gint64 n_all, n_copied;
  GStatBuf info;
  const char *name;

  store_fixture_fill (fixture, N_MESSAGES);
  copy = back_up_while_writing (fixture);
  g_assert_cmpint (g_stat (copy, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  store_fixture_open (fixture);
  n_all = get_count (fixture);

  /* Not under a server. */
  g_assert_false (porch_store_restore (fixture->folder, copy, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);
  store_fixture_close (fixture);
  porch_store_restore (fixture->folder, copy, NULL, &error);
  g_assert_no_error (error);

  store_fixture_open (fixture);
  n_copied = get_count (fixture);
  g_assert_cmpint (n_copied, >=, 2100);
  g_assert_cmpint (n_copied, <, n_all);
  g_assert_cmpstr (porch_store_get_epoch (fixture->store), !=, epoch);
  g_assert_cmpuint (strlen (porch_store_get_epoch (fixture->store)), ==, 22);
  dir = g_dir_open (fixture->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    n_aside += g_str_has_prefix (name, "porchlight.db.before-");
  g_assert_cmpuint (n_aside, ==, 1);
}

/* From nothing but the copy. */
static void
test_into_empty (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy.db");
  g_autofree char *other = store_fixture_get_path (fixture, "other");
  g_autoptr (GError) error = NULL;
  StoreFixture restored = { .folder = other };

  store_fixture_fill (fixture, N_MESSAGES);
  porch_store_backup (fixture->folder, copy, NULL, &error);
  g_assert_no_error (error);
  porch_store_restore (other, copy, NULL, &error);
  g_assert_no_error (error);
  store_fixture_open (&restored);
  g_assert_cmpint (get_count (&restored), ==, N_MESSAGES);
  store_fixture_close (&restored);
  folder_remove (other);
}

/* A copy that is no good is not taken, and what is there stays. */
static void
test_bad_copy (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy.db");
  g_autofree char *nothing = store_fixture_get_path (fixture, "nothing.db");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  store_fixture_fill (fixture, N_MESSAGES);
  g_assert_true (porch_store_backup (fixture->folder, copy, NULL, &error));
  store_fixture_close (fixture);
  g_file_get_contents (copy, &bytes, &length, &error);
  g_assert_no_error (error);
  memset (bytes + length / 2 / 4096 * 4096, 0xff, 300);
  g_file_set_contents (copy, bytes, length, &error);
  g_assert_no_error (error);

  g_assert_false (porch_store_restore (fixture->folder, copy, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_false (porch_store_restore (fixture->folder, nothing, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  store_fixture_open (fixture);
  g_assert_cmpint (get_count (fixture), ==, N_MESSAGES);
}

static void
test_check (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *copy = store_fixture_get_path (fixture, "copy.db");
  g_autofree char *bytes = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) damage = NULL;
  g_autoptr (GPtrArray) cut = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0, at;

  store_fixture_fill (fixture, N_MESSAGES);
  /* Beside a server as well. */
  lines = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 0);
  store_fixture_close (fixture);

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  /* A leaf of a table: an index is made anew for a copy. */
  at = length / 2 / 4096 * 4096;
  while (bytes[at] != 0x0d)
    at += 4096;
  g_assert_cmpuint (at, <, length);
  memset (bytes + at, 0xff, 300);
  g_file_set_contents (path, bytes, length, &error);
  damage = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (damage->len, >, 0);
  /* A damaged file is not copied as if it were whole. */
  g_assert_false (porch_store_backup (fixture->folder, copy, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));

  g_file_set_contents (path, bytes, 50, &error);
  cut = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cut->len, ==, 1);
}

#define ADD(name, func) \
  g_test_add ("/store/backup/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("while-writing", test_while_writing);
  ADD ("into-empty", test_into_empty);
  ADD ("bad-copy", test_bad_copy);
  ADD ("check", test_check);
  return g_test_run ();
}
