/* test-backups.c - one every day whatever the clock does, sealed or not at all, old ones go
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-backups.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-fixture.h"
#include "porch-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define NOW    G_GINT64_CONSTANT (1795694400000000)
#define MINUTE (60 * G_TIME_SPAN_SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Of the store's own parts, which a room beside it does not see. */
void porch_seal_cost_little (void);

typedef struct {
  PorchFixture *house;
  PorchSecrets *secrets;
  PorchBackups *backups;
  char *folder;
  guint n_ready;
} Fixture;

static void
run_until_still (Fixture *self)
{
  PorchBackupJob job;

  do {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (200);
    porch_backups_get_job (self->backups, &job);
  } while (job.is_running);
}

/* Until what is not waited for otherwise has come to rest. */
static void
settle (void)
{
  for (guint i = 0; i < 300; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (200);
  }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  porch_clock_fake (NOW);
  self->house = porch_fixture_new ();
  self->folder = g_build_filename (self->house->folder, "backups", NULL);
  self->secrets = porch_secrets_new (self->house->folder, NULL);
  self->backups = porch_backups_new (self->house->folder, self->secrets);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *secrets = g_build_filename (self->house->folder, "secrets", NULL);

  porch_secrets_close (self->secrets);
  porch_backups_close (self->backups);
  g_assert_finalize_object (self->backups);
  g_assert_finalize_object (self->secrets);
  folder_remove (self->folder);
  folder_remove (secrets);
  porch_fixture_free (self->house);
  porch_clock_unfake ();
  g_free (self->folder);
}

static void
renew (Fixture *self)
{
  porch_backups_close (self->backups);
  g_assert_finalize_object (self->backups);
  self->backups = porch_backups_new (self->house->folder, self->secrets);
}

static PorchBackup *
get (Fixture *self, guint i)
{
  return porch_backups_get_list (self->backups)->pdata[i];
}

static guint
count (Fixture *self)
{
  return porch_backups_get_list (self->backups)->len;
}

static int
get_code (Fixture *self)
{
  PorchBackupJob job;

  porch_backups_get_job (self->backups, &job);
  return job.error != NULL ? job.error->code : -1;
}

static void
look (Fixture *self)
{
  porch_backups_look (self->backups);
  run_until_still (self);
}

static void
test_daily (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL, *taken = NULL;
  GStatBuf info;

  look (self);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_cmpint (get (self, 0)->kind, ==, PORCH_BACKUP_DAILY);
  g_assert_cmpint (get (self, 0)->at_us, ==, NOW);
  g_assert_false (get (self, 0)->is_sealed);
  path = g_build_filename (self->folder, get (self, 0)->name, NULL);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, get (self, 0)->n_bytes);
  g_assert_cmpint (g_stat (self->folder, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0700);

  porch_clock_advance (23 * HOUR);
  look (self);
  g_assert_cmpuint (count (self), ==, 1);
  porch_clock_advance (HOUR);
  look (self);
  g_assert_cmpuint (count (self), ==, 2);
  /* Two weeks of it: seven days, and one for each of the weeks before. */
  for (guint i = 0; i < 14; i++) {
    porch_clock_advance (DAY);
    look (self);
  }
  g_assert_cmpuint (count (self), ==, 9);
  /* Who starts again knows them at once: nobody is told that there are none. What is not ours is
   * none of them, whatever its name. */
  taken = g_build_filename (self->folder, "20261101T080000000Z-daily.db", NULL);
  g_assert_cmpint (g_mkdir (taken, 0700), ==, 0);
  renew (self);
  g_assert_cmpuint (count (self), ==, 9);
  g_assert_cmpint (g_rmdir (taken), ==, 0);
}

static void
test_clock (Fixture *self, gconstpointer data)
{
  look (self);
  /* A year ahead and back again: one for the day that the clock says it is, and no storm. */
  porch_clock_fake (NOW + 365 * DAY);
  look (self);
  look (self);
  g_assert_cmpuint (count (self), ==, 2);
  porch_clock_fake (NOW + 2 * DAY);
  porch_clock_advance (0);
  look (self);
  look (self);
  g_assert_cmpuint (count (self), ==, 3);
}

static void
on_put (const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
put_passphrase (Fixture *self, const char *value)
{
  gboolean is_put = FALSE;

  porch_secrets_put (self->secrets, PORCH_SECRET_BACKUP_PASSPHRASE, value, on_put, &is_put);
  while (!is_put)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_readable (Fixture *self, gboolean is_readable)
{
  g_autofree char *secret =
    g_build_filename (self->house->folder, "secrets", PORCH_SECRET_BACKUP_PASSPHRASE, NULL);

  g_chmod (secret, is_readable ? 0600 : 0644);
}

/* When the passphrase cannot be read there is no backup, and it is tried again later and later. */
static void
test_sealed (Fixture *self, gconstpointer data)
{
  static const guint minutes[] = { 1, 5, 15, 60, 60 };
  g_autofree char *path = NULL;

  put_passphrase (self, "open, please");
  look (self);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_true (get (self, 0)->is_sealed);
  path = g_build_filename (self->folder, get (self, 0)->name, NULL);
  g_assert_true (porch_store_is_sealed (path));

  set_readable (self, FALSE);
  porch_clock_advance (DAY);
  look (self);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
    PorchBackupJob job;
    guint id;

    g_assert_cmpint (get_code (self), ==, PORCH_ERROR_STORAGE);
    g_assert_cmpuint (count (self), ==, 1);
    porch_backups_get_job (self->backups, &job);
    id = job.id;
    porch_clock_advance ((minutes[i] - 1) * MINUTE + MINUTE / 2);
    look (self);
    porch_backups_get_job (self->backups, &job);
    g_assert_cmpuint (job.id, ==, id);
    porch_clock_advance (MINUTE / 2);
    look (self);
    porch_backups_get_job (self->backups, &job);
    g_assert_cmpuint (job.id, ==, id + 1);
  }
  set_readable (self, TRUE);
  porch_clock_advance (HOUR);
  look (self);
  g_assert_cmpint (get_code (self), ==, -1);
  g_assert_cmpuint (count (self), ==, 2);
  /* What went well is forgotten: the next failure is a first one. */
  set_readable (self, FALSE);
  porch_clock_advance (DAY);
  look (self);
  set_readable (self, TRUE);
  porch_clock_advance (MINUTE);
  look (self);
  g_assert_cmpint (get_code (self), ==, -1);
  g_assert_cmpuint (count (self), ==, 3);
}

/* What the store makes before an update: there when the backups are looked at for the first time.
 */
static char *
make_update_copy (Fixture *self, gint64 at_us)
{
  g_autofree char *name = porch_backup_make_name (at_us, PORCH_BACKUP_UPDATE, FALSE);
  g_autofree char *backups = porch_store_make_backup_folder (self->house->folder, NULL);
  char *path = g_build_filename (backups, name, NULL);
  g_autoptr (GError) error = NULL;

  porch_store_backup (self->house->folder, path, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static void
start_again (Fixture *self)
{
  renew (self);
  porch_backups_start (self->backups);
  settle ();
}

static void
wait_for_seal (const char *path)
{
  const gint64 end_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (200);
  }
  settle ();
}

static void
assert_opens (Fixture *self, const char *plain, const char *passphrase)
{
  const PorchCopyOptions options = { .passphrase = passphrase };
  g_autofree char *sealed = g_strconcat (plain, ".sealed", NULL);
  g_autofree char *staged = g_build_filename (self->house->folder, "porchlight.db.new", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_store_is_sealed (sealed));
  porch_store_stage (self->house->folder, sealed, &options, &error);
  g_assert_no_error (error);
  g_unlink (staged);
}

/* Without a passphrase it stays as it is; with one it is sealed at the next start, or by the backup
 * that is made with it, and both of a pair that a kill left are one again. */
static void
test_update (Fixture *self, gconstpointer data)
{
  g_autofree char *old = make_update_copy (self, NOW - DAY);
  g_autofree char *new = NULL, *twin = NULL;
  g_autoptr (GError) error = NULL;

  start_again (self);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_false (get (self, 0)->is_sealed);

  /* What somebody seals by hand is no reason to seal others with it. */
  twin = g_strconcat (old, ".sealed", NULL);
  g_assert_true (porch_backups_make (self->backups, twin, "another passphrase", &error));
  run_until_still (self);
  g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));

  put_passphrase (self, "open, please");
  start_again (self);
  wait_for_seal (old);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_true (get (self, 0)->is_sealed);
  g_assert_cmpint (get (self, 0)->at_us, ==, NOW - DAY);
  assert_opens (self, old, "open, please");

  new = make_update_copy (self, NOW - HOUR);
  look (self);
  g_assert_false (g_file_test (new, G_FILE_TEST_EXISTS));
  assert_opens (self, new, "open, please");
  g_assert_cmpuint (count (self), ==, 3);
}

/* When it cannot be had the copy waits, whole, and is sealed when it can. */
static void
test_update_waits (Fixture *self, gconstpointer data)
{
  g_autofree char *copy = make_update_copy (self, NOW);
  g_autofree char *sealed = g_strconcat (copy, ".sealed", NULL);
  g_autoptr (GError) error = NULL;

  put_passphrase (self, "open, please");
  set_readable (self, FALSE);
  start_again (self);
  look (self);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (sealed, G_FILE_TEST_EXISTS));

  set_readable (self, TRUE);
  porch_clock_advance (MINUTE);
  porch_backups_look (self->backups);
  wait_for_seal (copy);
  run_until_still (self);
  assert_opens (self, copy, "open, please");
}

/* What is told of a copy that waits for its seal: @codes, in order. */
static void
on_seal_trouble_changed (PorchBackups *backups, GArray *codes)
{
  const int code = porch_backups_get_seal_trouble (backups);

  g_array_append_val (codes, code);
}

static int
get_last (GArray *codes)
{
  return codes->len > 0 ? g_array_index (codes, int, codes->len - 1) : -2;
}

/* In the way of the sealed one: a folder that is not empty. */
static char *
block (const char *copy)
{
  char *path = g_strconcat (copy, ".sealed/here", NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  return path;
}

static void
unblock (const char *copy, const char *path)
{
  g_autofree char *sealed = g_strconcat (copy, ".sealed", NULL);

  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpint (g_rmdir (sealed), ==, 0);
}

/* Said when it begins, not again with each try, and taken back when it is sealed: by the next try,
 * or with a backup that somebody asks for; or when the copy is there no more. */
static void
test_update_trouble (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GError) error = NULL;

  put_passphrase (self, "open, please");
  for (guint i = 0; i < 3; i++) {
    g_autofree char *copy = make_update_copy (self, NOW - (i + 1) * DAY);
    g_autofree char *blocked = block (copy);

    renew (self);
    g_array_set_size (codes, 0);
    g_signal_connect (self->backups, "trouble-changed", G_CALLBACK (on_seal_trouble_changed),
                      codes);
    porch_backups_start (self->backups);
    while (porch_backups_get_seal_trouble (self->backups) < 0)
      g_main_context_iteration (NULL, TRUE);
    porch_clock_advance (MINUTE);
    look (self);
    settle ();
    g_assert_cmpuint (codes->len, ==, 1);
    g_assert_cmpint (get_last (codes), ==, PORCH_ERROR_STORAGE);
    g_assert_cmpint (porch_backups_get_trouble (self->backups), ==, -1);
    if (i == 2)
      g_unlink (copy);
    unblock (copy, blocked);
    if (i == 1) {
      g_assert_true (porch_backups_make (self->backups, NULL, NULL, &error));
    } else {
      porch_clock_advance (HOUR);
      porch_backups_look (self->backups);
    }
    while (porch_backups_get_seal_trouble (self->backups) >= 0)
      g_main_context_iteration (NULL, TRUE);
    run_until_still (self);
    settle ();
    g_assert_cmpuint (codes->len, ==, 2);
    g_assert_cmpint (get_last (codes), ==, -1);
  }
}

/* What restores put aside is thinned when there is a new backup of it all, and only then. */
static void
test_aside (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->house->folder, "porchlight.db", NULL);
  guint n_left = 0;

  for (guint i = 0; i < 6; i++) {
    g_autofree char *path = g_strdup_printf ("%s.before-20261120-12000%u-000000", file, i);
    g_autoptr (GError) error = NULL;

    porch_store_backup (self->house->folder, path, NULL, &error);
    g_assert_no_error (error);
  }
  start_again (self);
  for (guint i = 0; i < 2; i++) {
    n_left = 0;
    for (guint j = 0; j < 6; j++) {
      g_autofree char *path = g_strdup_printf ("%s.before-20261120-12000%u-000000", file, j);

      n_left += g_file_test (path, G_FILE_TEST_EXISTS);
    }
    g_assert_cmpuint (n_left, ==, i == 0 ? 6 : 3);
    look (self);
    settle ();
  }
  for (guint j = 0; j < 6; j++) {
    g_autofree char *path = g_strdup_printf ("%s.before-20261120-12000%u-000000", file, j);

    g_unlink (path);
  }
}

/* A keyring that is locked until it is told otherwise. */
typedef struct {
  PorchVault vault;
  gint *is_locked; /* atomic: the worker's too */
} Keyring;

static gboolean
check_keyring (PorchVault *vault, GError **error)
{
  if (!g_atomic_int_get (((Keyring *) vault)->is_locked))
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_KEYRING_LOCKED, "as told");
  return FALSE;
}

static gboolean
find_in_keyring (PorchVault *vault, const char *name, char **value, GError **error)
{
  if (!check_keyring (vault, error))
    return FALSE;
  *value = g_strdup ("open, please");
  return TRUE;
}

static gboolean
put_into_keyring (PorchVault *vault, const char *name, const char *value, GError **error)
{
  return check_keyring (vault, error);
}

static gboolean
open_keyring (PorchVault *vault, gboolean may_ask, GError **error)
{
  return check_keyring (vault, error);
}

static void
use_keyring (Fixture *self, gint *is_locked)
{
  static const PorchVaultClass klass = { .kind = "keyring",
                                         .find = find_in_keyring,
                                         .put = put_into_keyring,
                                         .open = open_keyring,
                                         .free = (void (*) (PorchVault *)) g_free };
  Keyring *keyring = g_new0 (Keyring, 1);

  *keyring = (Keyring){ { .klass = &klass }, is_locked };
  porch_backups_close (self->backups);
  porch_secrets_close (self->secrets);
  g_assert_finalize_object (self->backups);
  g_assert_finalize_object (self->secrets);
  self->secrets = porch_secrets_new (self->house->folder, &keyring->vault);
  self->backups = porch_backups_new (self->house->folder, self->secrets);
  porch_backups_start (self->backups);
  settle ();
}

static void
on_trouble_changed (PorchBackups *backups, GArray *codes)
{
  const int code = porch_backups_get_trouble (backups);

  g_array_append_val (codes, code);
}

/* Said when it begins, not again each time that it fails, and taken back as soon as the keyring is
 * open: nobody waits for the next try. */
static void
test_trouble (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  gint is_locked = FALSE;

  use_keyring (self, &is_locked);
  put_passphrase (self, "open, please");
  g_signal_connect (self->backups, "trouble-changed", G_CALLBACK (on_trouble_changed), codes);
  g_atomic_int_set (&is_locked, TRUE);
  look (self);
  porch_clock_advance (MINUTE);
  look (self);
  porch_clock_advance (5 * MINUTE);
  look (self);
  g_assert_cmpuint (codes->len, ==, 1);
  g_assert_cmpint (g_array_index (codes, int, 0), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (count (self), ==, 0);

  g_atomic_int_set (&is_locked, FALSE);
  porch_secrets_look (self->secrets);
  settle ();
  run_until_still (self);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_true (get (self, 0)->is_sealed);
  g_assert_cmpuint (codes->len, ==, 2);
  g_assert_cmpint (g_array_index (codes, int, 1), ==, -1);
}

static void
on_ready (gpointer data)
{
  Fixture *self = data;

  self->n_ready++;
  porch_backups_took (self->backups, NULL);
}

static void
test_restore (Fixture *self, gconstpointer data)
{
  g_autofree char *staged = g_build_filename (self->house->folder, "porchlight.db.new", NULL);
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  porch_backups_on_ready (self->backups, on_ready, self);
  g_assert_true (porch_backups_make (self->backups, NULL, NULL, &error));
  /* One at a time. */
  g_assert_false (porch_backups_make (self->backups, NULL, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_clear_error (&error);
  run_until_still (self);
  g_assert_cmpint (get (self, 0)->kind, ==, PORCH_BACKUP_MANUAL);
  name = g_strdup (get (self, 0)->name);

  g_assert_false (porch_backups_restore (self->backups, "../porchlight.db", NULL, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_clear_error (&error);
  g_assert_true (
    porch_backups_restore (self->backups, "20200101T000000000Z-daily.db", NULL, NULL, &error));
  run_until_still (self);
  g_assert_cmpint (get_code (self), ==, PORCH_ERROR_NOT_FOUND);
  g_assert_cmpuint (self->n_ready, ==, 0);

  g_assert_true (porch_backups_restore (self->backups, name, NULL, NULL, &error));
  run_until_still (self);
  g_assert_cmpint (get_code (self), ==, -1);
  g_assert_cmpuint (self->n_ready, ==, 1);
  g_assert_cmpint (g_stat (staged, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
}

#define ADD(name, func) g_test_add ("/backups/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  porch_seal_cost_little ();
  ADD ("daily", test_daily);
  ADD ("clock", test_clock);
  ADD ("sealed", test_sealed);
  ADD ("aside", test_aside);
  ADD ("trouble", test_trouble);
  ADD ("update", test_update);
  ADD ("update-waits", test_update_waits);
  ADD ("update-trouble", test_update_trouble);
  ADD ("restore", test_restore);
  return g_test_run ();
}
