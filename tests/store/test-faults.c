/* test-faults.c - disks that are full, fail or forbid: nothing is acknowledged that is not kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE
#include "config.h"

#include "fault-vfs.h"
#include "porch-error.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- messages, and what was promised about them ---- */

typedef struct {
  PorchJob job;
  char *text;
  GPtrArray *kept; /* texts that were acknowledged, in order */
  guint *n_done;
  int code; /* of the error, -1 for none */
} Saying;

static gboolean
run_saying (PorchJob *job, PorchTx *tx, GError **error)
{
  Saying *saying = (Saying *) job;
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "c", error);
  g_autoptr (PorchMessage) message = NULL;

  if (conversation == NULL)
    return FALSE;
  message = store_fixture_say (tx, conversation, "phone", saying->text, error);
  return message != NULL;
}

static void
on_saying_done (PorchJob *job, const GError *error)
{
  Saying *saying = (Saying *) job;

  saying->code = error != NULL ? error->code : -1;
  if (error == NULL)
    g_ptr_array_add (saying->kept, g_strdup (saying->text));
  (*saying->n_done)++;
}

/* Returns the error's code, or -1. */
static int
say (StoreFixture *fixture, GPtrArray *kept, const char *text)
{
  guint n_done = 0;
  Saying saying = { .job = { .run = run_saying, .done = on_saying_done },
                    .text = (char *) text,
                    .kept = kept,
                    .n_done = &n_done };

  porch_store_submit (fixture->store, &saying.job);
  while (n_done == 0)
    g_main_context_iteration (NULL, TRUE);
  return saying.code;
}

/* @n at once, so that they share commits. */
static void
say_many (StoreFixture *fixture, GPtrArray *kept, const char *name, guint n)
{
  g_autofree Saying *sayings = g_new0 (Saying, n);
  guint n_done = 0;

  for (guint i = 0; i < n; i++) {
    sayings[i] = (Saying){ .job = { .run = run_saying, .done = on_saying_done },
                           .text = g_strdup_printf ("%s %u", name, i),
                           .kept = kept,
                           .n_done = &n_done };
    porch_store_submit (fixture->store, &sayings[i].job);
  }
  while (n_done < n)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n; i++)
    g_free (sayings[i].text);
}

/* Every text of @kept is there, in this order. */
static void
assert_kept (StoreFixture *fixture, GPtrArray *kept, gboolean is_exact)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint at = 0;

  store_fixture_read (fixture, store_fixture_read_texts, texts, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < kept->len; i++) {
    while (at < texts->len && !g_str_equal (texts->pdata[at], kept->pdata[i]))
      at++;
    g_assert_cmpuint (at, <, texts->len);
    at++;
  }
  if (is_exact)
    g_assert_cmpuint (texts->len, ==, kept->len);
}

static void
begin (StoreFixture *fixture)
{
  store_fixture_set_up (fixture, NULL);
  store_fixture_fill (fixture, 0);
}

/* ---- one operation after the other fails ---- */

static const struct {
  const char *name;
  FaultKind kind;
  int code;
  gboolean stays;
  PorchHealth health;
} faults[] = {
  { "full", FAULT_WRITE, SQLITE_FULL, TRUE, PORCH_HEALTH_FULL },
  { "write", FAULT_WRITE, SQLITE_IOERR_WRITE, FALSE, PORCH_HEALTH_FAILED },
  { "sync", FAULT_SYNC, SQLITE_IOERR_FSYNC, FALSE, PORCH_HEALTH_FAILED },
  { "sync-stays", FAULT_SYNC, SQLITE_IOERR_FSYNC, TRUE, PORCH_HEALTH_FAILED },
};

static void
check_fault (guint which, guint nth)
{
  StoreFixture fixture = { NULL };
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  const gboolean needs_restart = faults[which].health == PORCH_HEALTH_FAILED;
  guint n_before;

  begin (&fixture);
  fault_vfs_arm (faults[which].kind, nth, faults[which].code, faults[which].stays);
  for (guint i = 0; i < 10; i++) {
    g_autofree char *text = g_strdup_printf ("single %u", i);

    say (&fixture, kept, text);
    say_many (&fixture, kept, text, 5);
  }
  g_assert_true (nth > 1 || fault_vfs_get_failures () > 0);
  if (fault_vfs_get_failures () > 0) {
    g_assert_cmpint (porch_store_get_health (fixture.store), ==, faults[which].health);
    g_assert_cmpint (say (&fixture, kept, "refused"), ==, PORCH_ERROR_STORAGE);
  }
  fault_vfs_disarm ();
  n_before = kept->len;
  /* A full disk is forgotten as soon as there is room; a broken promise never. */
  g_assert_cmpint (say (&fixture, kept, "afterwards"), ==,
                   fault_vfs_get_failures () > 0 && needs_restart ? PORCH_ERROR_STORAGE : -1);
  g_assert_cmpuint (kept->len - n_before, ==,
                    fault_vfs_get_failures () > 0 && needs_restart ? 0 : 1);
  if (!needs_restart)
    g_assert_cmpint (porch_store_get_health (fixture.store), ==, PORCH_HEALTH_OK);
  /* What a failed sync left in the log may or may not be found again; what was promised must. */
  assert_kept (&fixture, kept, !needs_restart);
  store_fixture_close (&fixture);
  store_fixture_open (&fixture);
  assert_kept (&fixture, kept, !needs_restart);
  g_assert_cmpint (say (&fixture, kept, "after a restart"), ==, -1);
  store_fixture_tear_down (&fixture, NULL);
}

static void
test_faults (gconstpointer data)
{
  const guint which = GPOINTER_TO_UINT (data);
  const guint step = g_test_slow () ? 1 : 4;

  for (guint nth = 1; nth < (faults[which].kind == FAULT_SYNC ? 24u : 120u); nth += step)
    check_fault (which, nth);
}

/* ---- real limits, in a process of its own ---- */

static void
set_size_limit (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
fill_up (StoreFixture *fixture, GPtrArray *kept)
{
  int code = -1;

  for (guint i = 0; i < 20000 && code < 0; i++) {
    g_autofree char *padding = g_strnfill (2000, 'x');
    g_autofree char *text = g_strdup_printf ("%u %s", i, padding);

    code = say (fixture, kept, text);
  }
  g_assert_cmpint (code, ==, PORCH_ERROR_STORAGE);
  g_assert_cmpint (porch_store_get_health (fixture->store), ==, PORCH_HEALTH_FULL);
  say_many (fixture, kept, "while full", 50);
}

static void
test_size_limit (void)
{
  StoreFixture fixture = { NULL };
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }
  signal (SIGXFSZ, SIG_IGN);
  begin (&fixture);
  set_size_limit (600 * 1024);
  fill_up (&fixture, kept);
  assert_kept (&fixture, kept, TRUE);
  set_size_limit (RLIM_INFINITY);
  g_assert_cmpint (say (&fixture, kept, "room again"), ==, -1);
  g_assert_cmpint (porch_store_get_health (fixture.store), ==, PORCH_HEALTH_OK);
  assert_kept (&fixture, kept, TRUE);
  store_fixture_close (&fixture);
  store_fixture_open (&fixture);
  assert_kept (&fixture, kept, TRUE);
  store_fixture_tear_down (&fixture, NULL);
}

static void
fill_small_disk (const char *mount_point)
{
  StoreFixture fixture = { NULL };
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *ballast = g_build_filename (mount_point, "ballast", NULL);
  g_autofree char *bytes = g_strnfill (1 << 20, 'x');
  g_autoptr (GError) error = NULL;

  g_file_set_contents (ballast, bytes, 1 << 20, &error);
  g_assert_no_error (error);
  fixture.folder = g_build_filename (mount_point, "store", NULL);
  store_fixture_open (&fixture);
  store_fixture_fill (&fixture, 0);
  fill_up (&fixture, kept);
  assert_kept (&fixture, kept, TRUE);
  g_assert_cmpint (unlink (ballast), ==, 0);
  g_assert_cmpint (say (&fixture, kept, "room again"), ==, -1);
  g_assert_cmpint (porch_store_get_health (fixture.store), ==, PORCH_HEALTH_OK);
  assert_kept (&fixture, kept, TRUE);
  store_fixture_tear_down (&fixture, NULL);
}

/* A file system of 3 MiB that only the child sees. */
static void
test_small_disk (void)
{
  g_autofree char *mount_point = NULL;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    if (g_test_trap_has_passed ())
      return;
    g_test_trap_assert_stdout ("*cannot mount*");
    g_test_skip ("mounting is not allowed here");
    return;
  }
  mount_point = g_dir_make_tmp ("porch-disk-XXXXXX", NULL);
  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("none", mount_point, "tmpfs", 0, "size=3m") != 0) {
    g_rmdir (mount_point);
    g_print ("cannot mount\n");
    exit (1);
  }
  fill_small_disk (mount_point);
  umount (mount_point);
  g_rmdir (mount_point);
}

/* A folder that one may only look into: it is said, and nothing is made. */
static void
test_read_only (void)
{
  StoreFixture fixture = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStore) store = NULL;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }
  begin (&fixture);
  store_fixture_close (&fixture);
  g_assert_cmpint (chmod (fixture.folder, 0555), ==, 0);
  /* To root nothing is forbidden. */
  if (geteuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  store = porch_store_open (fixture.folder, &error);
  g_assert_null (store);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_cmpint (chmod (fixture.folder, 0700), ==, 0);
  store_fixture_open (&fixture);
  store_fixture_tear_down (&fixture, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fault_vfs_install ();
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strconcat ("/store/faults/", faults[i].name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_faults);
  }
  g_test_add_func ("/store/faults/size-limit", test_size_limit);
  g_test_add_func ("/store/faults/small-disk", test_small_disk);
  g_test_add_func ("/store/faults/read-only", test_read_only);
  return g_test_run ();
}
