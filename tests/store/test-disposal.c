/* test-disposal.c - a large file's room goes in portions, and only what nobody else has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-disposal.h"
#include "porch-error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_BYTES (24 * 1024 * 1024)
#define N_CUTS  5 /* of 4 MB each; the last one goes when it is closed */

typedef struct {
  char *folder, *path;
  int watch;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_malloc0 (N_BYTES);

  fixture->folder = g_dir_make_tmp ("porch-disposal-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "old.db", NULL);
  g_assert_true (g_file_set_contents (fixture->path, text, N_BYTES, NULL));
  /* Sees each change of the file, and does not count as having it open. */
  fixture->watch = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  g_assert_cmpint (inotify_add_watch (fixture->watch, fixture->path, IN_MODIFY), >, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  folder_remove (fixture->folder);
  close (fixture->watch);
  g_clear_pointer (&fixture->folder, g_free);
  g_clear_pointer (&fixture->path, g_free);
}

/* Events that follow each other and say the same come as one: reads while they are made. */
typedef struct {
  int watch;
  guint n;
  gboolean is_over;
} Counting;

static gpointer
count (gpointer data)
{
  Counting *counting = data;
  char buffer[4096];
  gboolean is_last;

  do {
    ssize_t n_bytes;

    is_last = g_atomic_int_get (&counting->is_over);
    while ((n_bytes = read (counting->watch, buffer, sizeof buffer)) > 0)
      for (const char *at = buffer; at < buffer + n_bytes;) {
        const struct inotify_event *event = (const struct inotify_event *) at;

        counting->n += (event->mask & IN_MODIFY) != 0;
        at += sizeof *event + event->len;
      }
    g_usleep (500);
  } while (!is_last);
  return NULL;
}

/* How often the file was cut while it was removed. */
static guint
remove_it (Fixture *fixture, const PorchCopyOptions *options)
{
  Counting counting = { .watch = fixture->watch };
  GThread *thread = g_thread_new ("counting", count, &counting);
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_disposal_remove (fixture->path, options, &error));
  g_assert_no_error (error);
  g_atomic_int_set (&counting.is_over, TRUE);
  g_thread_join (thread);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  return counting.n;
}

static const PorchCopyOptions gentle = { .is_gentle = TRUE };

static void
test_goes_in_portions (Fixture *fixture, gconstpointer data)
{
  const guint n_cuts = remove_it (fixture, &gentle);

  /* Those that were not read before the next one came are one. */
  g_assert_cmpuint (n_cuts, >=, 1);
  g_assert_cmpuint (n_cuts, <=, N_CUTS);
}

static void
test_goes_at_once_without_a_server (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (remove_it (fixture, NULL), ==, 0);
}

static void
test_ends_with_the_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const PorchCopyOptions options = { .is_gentle = TRUE, .cancellable = cancellable };

  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (remove_it (fixture, &options), ==, 0);
}

/* Whoever copies it to another disk reads it to its end. */
static void
test_leaves_a_reader_its_file (Fixture *fixture, gconstpointer data)
{
  const int fd = g_open (fixture->path, O_RDONLY | O_CLOEXEC, 0);
  GStatBuf info;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (remove_it (fixture, &gentle), ==, 0);
  g_assert_cmpint (fstat (fd, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, N_BYTES);
  close (fd);
}

/* As programs make them that keep yesterday's copies by links. */
static void
test_leaves_another_name_its_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "kept.db", NULL);
  GStatBuf info;

  g_assert_cmpint (link (fixture->path, other), ==, 0);
  g_assert_cmpuint (remove_it (fixture, &gentle), ==, 0);
  g_assert_cmpint (g_stat (other, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, N_BYTES);
}

/* A name that leads elsewhere goes; what it leads to stays. */
static void
test_does_not_follow_a_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *real = g_build_filename (fixture->folder, "real.db", NULL);
  GStatBuf info;

  g_assert_cmpint (g_rename (fixture->path, real), ==, 0);
  g_assert_cmpint (symlink (real, fixture->path), ==, 0);
  g_assert_cmpuint (remove_it (fixture, &gentle), ==, 0);
  g_assert_cmpint (g_stat (real, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, N_BYTES);
}

/* A power cut may bring the name back: it must then be of the whole file. */
static void
test_is_whole_until_it_is_gone (Fixture *fixture, gconstpointer data)
{
  const int fd = porch_disposal_hold (fixture->path, &gentle);
  char buffer[4096];

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  porch_disposal_end (fd, FALSE, &gentle);
  for (ssize_t n = read (fixture->watch, buffer, sizeof buffer), at = 0; at < n;) {
    const struct inotify_event *event = (const struct inotify_event *) (buffer + at);

    g_assert_cmphex (event->mask & IN_MODIFY, ==, 0);
    at += sizeof *event + event->len;
  }
}

static void
test_does_not_wait_for_a_pipe (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_cmpuint (remove_it (fixture, &gentle), ==, 0);
}

static void
test_nothing_there_is_fine (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "none.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_disposal_remove (other, &gentle, &error));
  g_assert_no_error (error);
}

static void
test_what_cannot_go_is_whole (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (fixture->path, "file", NULL);
  g_autoptr (GError) error = NULL;

  /* A folder has that name, and something in it. */
  g_unlink (fixture->path);
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "x", 1, NULL));
  g_assert_false (porch_disposal_remove (fixture->path, &gentle, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_assert_cmpint (g_unlink (inside), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/store/disposal/portions", test_goes_in_portions },
    { "/store/disposal/at-once", test_goes_at_once_without_a_server },
    { "/store/disposal/cancelled", test_ends_with_the_server },
    { "/store/disposal/reader", test_leaves_a_reader_its_file },
    { "/store/disposal/other-name", test_leaves_another_name_its_file },
    { "/store/disposal/link", test_does_not_follow_a_link },
    { "/store/disposal/not-gone", test_is_whole_until_it_is_gone },
    { "/store/disposal/pipe", test_does_not_wait_for_a_pipe },
    { "/store/disposal/nothing", test_nothing_there_is_fine },
    { "/store/disposal/refused", test_what_cannot_go_is_whole },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
