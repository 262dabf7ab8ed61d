/* test-restore.c - copies of a whole folder: sealed, killed, without room, and how far they are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-schema.h"
#include "porch-seal.h"
#include "steps.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_MESSAGES 3000
#define N_KILLS    25

static void
fill (StoreFixture *fixture)
{
  store_fixture_fill (fixture, N_MESSAGES);
  store_fixture_close (fixture);
}

/* Opens, has everything, and says which epoch it is. */
static char *
check_folder (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GError) error = NULL;
  char *epoch = NULL;

  lines = porch_store_check (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 0);
  store_fixture_open (fixture);
  g_assert_cmpint (porch_store_get_seq (fixture->store), >=, N_MESSAGES);
  epoch = g_strdup (porch_store_get_epoch (fixture->store));
  store_fixture_close (fixture);
  return epoch;
}

static guint
count_files (const char *folder, const char *pattern)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_pattern_match_simple (pattern, name);
  return n;
}

typedef struct {
  double last;
  guint n_told, n_back, stop_after;
  int nice_copying, nice_sealing;
  GCancellable *cancellable;
} Progress;

static void
on_progress (double done, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpfloat (done, <=, 1.0);
  progress->n_back += done < progress->last;
  progress->last = done;
  *(done < 0.6 ? &progress->nice_copying : &progress->nice_sealing) = getpriority (PRIO_PROCESS, 0);
  progress->n_told++;
  if (progress->n_told == progress->stop_after)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_sealed (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autofree char *epoch = g_strdup (porch_store_get_epoch (fixture->store));
  g_autofree char *restored = NULL;
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };
  PorchCopyOptions options = { .passphrase = "a passphrase",
                               .is_gentle = TRUE,
                               .progress = on_progress,
                               .data = &progress };

  fill (fixture);
  porch_store_backup (fixture->folder, copy, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.n_told, >, 10);
  g_assert_cmpuint (progress.n_back, ==, 0);
  g_assert_cmpfloat (progress.last, >, 0.95);
  /* What gets memory for a key holds that of all threads, so it must not wait for others. */
  g_assert_cmpint (progress.nice_copying, >, getpriority (PRIO_PROCESS, 0));
  g_assert_cmpint (progress.nice_sealing, ==, getpriority (PRIO_PROCESS, 0));
  g_assert_true (porch_store_is_sealed (copy));
  g_assert_cmpuint (count_files (fixture->folder, "*.part*"), ==, 0);

  g_assert_false (porch_store_restore (fixture->folder, copy, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_PASSPHRASE);
  g_clear_error (&error);
  options.passphrase = "another";
  g_assert_false (porch_store_restore (fixture->folder, copy, &options, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_PASSPHRASE);
  g_clear_error (&error);
  g_assert_cmpuint (count_files (fixture->folder, "*.new*"), ==, 0);

  options.passphrase = "a passphrase";
  progress = (Progress){ 0 };
  porch_store_restore (fixture->folder, copy, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.n_back, ==, 0);
  restored = check_folder (fixture);
  g_assert_cmpstr (restored, !=, epoch);
}

static void
test_cancelled (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autoptr (GError) error = NULL;

  fill (fixture);
  for (guint n = 1; n < 12; n++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Progress progress = { .stop_after = n, .cancellable = cancellable };
    PorchCopyOptions options = { .progress = on_progress,
                                 .data = &progress,
                                 .cancellable = cancellable };

    if (porch_store_backup (fixture->folder, copy, &options, &error))
      continue;
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN);
    g_clear_error (&error);
    g_assert_cmpuint (count_files (fixture->folder, "copy*"), ==, 0);
  }
}

/* A disk that takes only so much: an error, nothing left, and the file that was there is well. */
static void
test_full (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autofree char *good = store_fixture_get_path (fixture, "good");
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit old, limit;

  fill (fixture);
  before = check_folder (fixture);
  g_assert_true (porch_store_backup (fixture->folder, good, NULL, &error));
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  for (guint i = 1; i < 10; i++) {
    limit = (struct rlimit){ i * 20000, old.rlim_max };
    setrlimit (RLIMIT_FSIZE, &limit);
    g_assert_false (porch_store_backup (fixture->folder, copy, NULL, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
    g_clear_error (&error);
    g_assert_false (porch_store_stage (fixture->folder, good, NULL, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
    g_clear_error (&error);
  }
  setrlimit (RLIMIT_FSIZE, &old);
  g_assert_cmpuint (count_files (fixture->folder, "copy*"), ==, 0);
  g_assert_cmpuint (count_files (fixture->folder, "*.new*"), ==, 0);
  after = check_folder (fixture);
  g_assert_cmpstr (after, ==, before);
}

/* In no hurry: the last of many, so that at least one comes to its end on a busy machine too. */
#define NEVER G_MAXULONG

/* Runs @work in a process that is killed after @us; TRUE when it had come to its end. */
static gboolean
kill_after (gulong us, gboolean (*work) (gpointer data), gpointer data)
{
  const pid_t child = fork ();
  int status = 0;

  if (child == 0)
    _exit (work (data) ? 0 : 1);
  if (us != NEVER) {
    g_usleep (us);
    kill (child, SIGKILL);
  }
  waitpid (child, &status, 0);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
  return WIFEXITED (status);
}

typedef struct {
  const char *folder, *path;
} Work;

static gboolean
work_backup (gpointer data)
{
  Work *work = data;

  return porch_store_backup (work->folder, work->path, NULL, NULL);
}

static gboolean
work_restore (gpointer data)
{
  Work *work = data;

  return porch_store_restore (work->folder, work->path, NULL, NULL);
}

/* How long it takes here when nobody ends it. */
static gint64
measure (gboolean (*work) (gpointer data), gpointer data)
{
  const gint64 begin_us = g_get_monotonic_time ();

  g_assert_true (kill_after (10 * G_USEC_PER_SEC / 1000, work, data) || TRUE);
  g_assert_true (work (data));
  return g_get_monotonic_time () - begin_us;
}

/* When the kill @i comes, of work that takes @took_us: over its whole length, and a little longer.
 */
static gulong
get_moment (gint64 took_us, guint i)
{
  return i + 1 < N_KILLS ? (gulong) (took_us * i / (N_KILLS - 5)) : NEVER;
}

/* A backup has its name when it is whole, and not before. */
static void
test_kill_backup (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *backups = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  guint n_whole = 0;
  gint64 took_us;

  fill (fixture);
  backups = porch_store_make_backup_folder (fixture->folder, &error);
  path = g_build_filename (backups, "20261126T120000000Z-daily.db", NULL);
  Work work = { fixture->folder, path };

  took_us = measure (work_backup, &work);
  for (guint i = 0; i < N_KILLS; i++) {
    g_unlink (path);
    kill_after (get_moment (took_us, i), work_backup, &work);
    if (g_file_test (path, G_FILE_TEST_EXISTS)) {
      porch_store_stage (fixture->folder, path, NULL, &error);
      g_assert_no_error (error);
      n_whole++;
    }
    porch_store_tidy (fixture->folder);
    g_assert_cmpuint (count_files (backups, "*.part*"), ==, 0);
    g_assert_cmpuint (count_files (fixture->folder, "*.new*"), ==, 0);
  }
  g_assert_cmpuint (n_whole, >, 0);
  g_assert_cmpuint (n_whole, <, N_KILLS);
  g_free (check_folder (fixture));
}

/* Old or new, and never between. */
static void
test_kill_restore (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autofree char *epoch = NULL;
  g_autoptr (GError) error = NULL;
  Work work = { fixture->folder, copy };
  guint n_old = 0, n_new = 0;
  gint64 took_us;

  fill (fixture);
  g_assert_true (porch_store_backup (fixture->folder, copy, NULL, &error));
  took_us = measure (work_restore, &work);
  epoch = check_folder (fixture);
  for (guint i = 0; i < N_KILLS; i++) {
    const gboolean has_ended = kill_after (get_moment (took_us, i), work_restore, &work);
    g_autofree char *now = check_folder (fixture);

    if (has_ended)
      g_assert_cmpstr (now, !=, epoch);
    n_old += strcmp (now, epoch) == 0;
    n_new += strcmp (now, epoch) != 0;
    g_free (epoch);
    epoch = g_steal_pointer (&now);
    porch_store_tidy (fixture->folder);
  }
  g_assert_cmpuint (n_old, >, 0);
  g_assert_cmpuint (n_new, >, 0);
}

static gboolean
work_seal (gpointer data)
{
  const Work *work = data;
  const PorchCopyOptions options = { .passphrase = "a passphrase" };
  g_autofree char *sealed = g_strconcat (work->path, ".sealed", NULL);

  return porch_store_seal (work->path, sealed, &options, NULL);
}

/* At every moment one of the two is whole, and whoever begins again comes to the end. */
static void
test_kill_seal (StoreFixture *fixture, gconstpointer data)
{
  const PorchCopyOptions options = { .passphrase = "a passphrase" };
  g_autofree char *backups = NULL, *path = NULL, *sealed = NULL;
  g_autoptr (GError) error = NULL;
  guint n_plain = 0, n_sealed = 0;
  gint64 took_us;

  fill (fixture);
  porch_seal_cost_little ();
  backups = porch_store_make_backup_folder (fixture->folder, &error);
  path = g_build_filename (backups, "20261126T120000000Z-update.db", NULL);
  sealed = g_strconcat (path, ".sealed", NULL);
  Work work = { fixture->folder, path };

  took_us = g_get_monotonic_time ();
  g_assert_true (porch_store_backup (fixture->folder, path, NULL, &error));
  g_assert_true (work_seal (&work));
  took_us = (g_get_monotonic_time () - took_us) / 2;
  for (guint i = 0; i < N_KILLS; i++) {
    g_unlink (sealed);
    g_assert_true (porch_store_backup (fixture->folder, path, NULL, &error));
    kill_after (get_moment (took_us, i), work_seal, &work);
    n_sealed += g_file_test (sealed, G_FILE_TEST_EXISTS);
    if (g_file_test (path, G_FILE_TEST_EXISTS)) {
      porch_store_stage (fixture->folder, path, NULL, &error);
      g_assert_no_error (error);
      n_plain++;
      porch_store_tidy (fixture->folder);
      g_assert_true (work_seal (&work));
    }
    porch_store_stage (fixture->folder, sealed, &options, &error);
    g_assert_no_error (error);
    porch_store_tidy (fixture->folder);
    g_assert_cmpuint (count_files (backups, "*"), ==, 1);
  }
  g_assert_cmpuint (n_plain, >, 0);
  g_assert_cmpuint (n_sealed, >, 0);
}

/* A disk without room: the plain one is as it was. */
static void
test_full_seal (StoreFixture *fixture, gconstpointer data)
{
  const PorchCopyOptions options = { .passphrase = "a passphrase" };
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autofree char *sealed = store_fixture_get_path (fixture, "copy.sealed");
  g_autoptr (GError) error = NULL;
  struct rlimit old, limit;

  fill (fixture);
  porch_seal_cost_little ();
  g_assert_true (porch_store_backup (fixture->folder, copy, NULL, &error));
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  limit = (struct rlimit){ 40000, old.rlim_max };
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_false (porch_store_seal (copy, sealed, &options, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_clear_error (&error);
  setrlimit (RLIMIT_FSIZE, &old);
  g_assert_cmpuint (count_files (fixture->folder, "copy*"), ==, 1);
  porch_store_stage (fixture->folder, copy, NULL, &error);
  g_assert_no_error (error);
}

/* Before a newer schema the file is among the backups, as it was; without room for that nothing is
 * touched. */
static void
test_before_update (StoreFixture *fixture, gconstpointer data)
{
  const PorchMigration *real = porch_schema_get_migration ();
  const PorchMigration one = { steps_get_resource (), "/steps/one/", real->application_id };
  const PorchMigration two = { steps_get_resource (), "/steps/two/", real->application_id };
  g_autofree char *path = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *backups = store_fixture_get_path (fixture, "backups");
  g_autoptr (PorchConnection) made = NULL, again = NULL, updated = NULL;
  g_autoptr (GError) error = NULL;
  gint64 version = 0;

  store_fixture_close (fixture);
  g_unlink (path);
  made = porch_connection_open (path, PORCH_CONNECTION_WRITER, &error);
  g_assert_true (porch_migration_run (&one, made, NULL, &error));
  g_clear_pointer (&made, porch_connection_close);
  again = porch_schema_open_as (&one, path, &error);
  g_assert_no_error (error);
  g_clear_pointer (&again, porch_connection_close);
  g_assert_cmpuint (count_files (backups, "*"), ==, 0);

  /* A file where the folder should be: no copy can be made. */
  g_assert_true (g_file_set_contents (backups, "", 0, NULL));
  g_assert_null (porch_schema_open_as (&two, path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_clear_error (&error);
  g_unlink (backups);

  updated = porch_schema_open_as (&two, path, &error);
  g_assert_no_error (error);
  g_assert_true (porch_connection_get_number (updated, "PRAGMA user_version", &version, &error));
  g_assert_cmpint (version, ==, 2);
  g_assert_cmpuint (count_files (backups, "*Z-update.db"), ==, 1);
  g_assert_cmpuint (count_files (backups, "*"), ==, 1);
}

/* ---- what restores put aside ---- */

static char *
put_aside (StoreFixture *fixture, const char *stamp, const char *from)
{
  g_autofree char *name = g_strconcat ("porchlight.db.before-", stamp, NULL);
  char *path = store_fixture_get_path (fixture, name);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  return path;
}

static void
overwrite (const char *path, long at, const char *bytes, gsize length)
{
  FILE *file = g_fopen (path, "r+b");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, at, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  fclose (file);
}

static void
assert_there (const char *path, gboolean is_there)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS) != is_there)
    g_error ("%s is %s", path, is_there ? "gone" : "still there");
}

/* The names that restores give are those that are read again; a day of them leaves three. */
static void
test_aside (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = store_fixture_get_path (fixture, "copy");
  g_autoptr (GError) error = NULL;

  fill (fixture);
  g_assert_true (porch_store_backup (fixture->folder, copy, NULL, &error));
  for (guint i = 1; i <= 5; i++) {
    g_assert_true (porch_store_restore (fixture->folder, copy, NULL, &error));
    g_assert_cmpuint (count_files (fixture->folder, "porchlight.db.before-*"), ==, i);
  }
  porch_store_thin_aside (fixture->folder, NULL);
  /* Four where midnight came between. */
  g_assert_cmpuint (count_files (fixture->folder, "porchlight.db.before-*"), >=, 3);
  g_assert_cmpuint (count_files (fixture->folder, "porchlight.db.before-*"), <=, 4);
  g_free (check_folder (fixture));
}

/* Only what is whole goes, and never the only one. */
static void
test_aside_kept (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *file = store_fixture_get_path (fixture, "porchlight.db");
  g_autofree char *gone = NULL, *damaged = NULL, *newer = NULL, *logged = NULL, *log = NULL;
  g_autofree char *other = NULL, *last = NULL, *stopped = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const PorchCopyOptions options = { .cancellable = cancellable };
  char rubbish[4096];

  fill (fixture);
  memset (rubbish, 0xff, sizeof rubbish);
  last = put_aside (fixture, "20250101-120000-000000", file);
  porch_store_thin_aside (fixture->folder, NULL);
  assert_there (last, TRUE);

  /* One that is older than all that are kept, each time. */
  for (guint i = 1; i <= 5; i++) {
    g_autofree char *stamp = g_strdup_printf ("2026110%u-120000-000000", i);

    g_free (put_aside (fixture, stamp, file));
  }
  gone = put_aside (fixture, "20261101-130000-000000", file);
  damaged = put_aside (fixture, "20261101-110000-000000", file);
  overwrite (damaged, 3 * 4096, rubbish, sizeof rubbish);
  newer = put_aside (fixture, "20261101-100000-000000", file);
  overwrite (newer, 60, "\0\0\x12\x34", 4);
  logged = put_aside (fixture, "20261101-090000-000000", file);
  log = g_strconcat (logged, "-wal", NULL);
  g_assert_true (g_file_set_contents (log, "a log", -1, NULL));
  other = store_fixture_get_path (fixture, "porchlight.db.damaged-20260101-120000-000000");
  g_assert_true (g_file_set_contents (other, "x", -1, NULL));

  /* Whoever is ended has removed nothing that it did not read. */
  g_cancellable_cancel (cancellable);
  porch_store_thin_aside (fixture->folder, &options);
  assert_there (gone, TRUE);
  assert_there (last, TRUE);

  porch_store_thin_aside (fixture->folder, NULL);
  assert_there (gone, FALSE);
  assert_there (last, FALSE);
  assert_there (damaged, TRUE);
  assert_there (newer, TRUE);
  assert_there (logged, TRUE);
  assert_there (log, TRUE);
  assert_there (other, TRUE);
  g_assert_cmpuint (count_files (fixture->folder, "porchlight.db.before-2026110?-*00"), ==, 6);
  g_free (check_folder (fixture));
}

#define ADD(name, func) \
  g_test_add ("/store/restore/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sealed", test_sealed);
  ADD ("cancelled", test_cancelled);
  ADD ("full", test_full);
  ADD ("kill-backup", test_kill_backup);
  ADD ("kill-restore", test_kill_restore);
  ADD ("aside", test_aside);
  ADD ("aside-kept", test_aside_kept);
  ADD ("kill-seal", test_kill_seal);
  ADD ("full-seal", test_full_seal);
  ADD ("before-update", test_before_update);
  return g_test_run ();
}
