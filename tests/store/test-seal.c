/* test-seal.c - sealed copies: what opens them, and that nothing else does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-seal.h"

#include <glib/gstdio.h>
#include <string.h>

#define PASSPHRASE "correct horse battery"
#define PIECE      (64 * 1024)
/* The line, salt, costs, code and the stream's own beginning. */
#define HEAD 164
/* The code and the stream's beginning come after them. */
#define COSTS (HEAD - 24 - 32 - 8)

typedef struct {
  char *folder, *plain, *sealed, *opened;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("porch-seal-XXXXXX", NULL);
  self->plain = g_build_filename (self->folder, "plain", NULL);
  self->sealed = g_build_filename (self->folder, "sealed", NULL);
  self->opened = g_build_filename (self->folder, "opened", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->plain);
  g_unlink (self->sealed);
  g_unlink (self->opened);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->plain);
  g_free (self->sealed);
  g_free (self->opened);
}

/* Bytes that differ everywhere. */
static void
write_plain (Fixture *self, gsize length)
{
  g_autofree char *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (i * 2654435761u) >> 13;
  g_assert_true (g_file_set_contents (self->plain, bytes, length, NULL));
}

static void
seal (Fixture *self)
{
  g_auto (PorchMeter) meter = PORCH_METER_INIT (NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_unlink (self->sealed);
  porch_seal_close (self->plain, self->sealed, PASSPHRASE, &meter, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (self->sealed, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
}

/* -1 when it opened; else the code, and nothing is left. */
static int
try_to_open (Fixture *self, const char *passphrase)
{
  g_auto (PorchMeter) meter = PORCH_METER_INIT (NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (self->opened);
  if (porch_seal_open (self->sealed, self->opened, passphrase, &meter, &error))
    return -1;
  g_assert_true (error->domain == PORCH_ERROR);
  g_assert_false (g_file_test (self->opened, G_FILE_TEST_EXISTS));
  return error->code;
}

static void
test_sizes (Fixture *self, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *before = NULL, *after = NULL;
    gsize n_before = 0, n_after = 0;

    write_plain (self, sizes[i]);
    seal (self);
    g_assert_true (porch_seal_is_sealed (self->sealed));
    g_assert_false (porch_seal_is_sealed (self->plain));
    g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, -1);
    g_assert_true (g_file_get_contents (self->plain, &before, &n_before, NULL));
    g_assert_true (g_file_get_contents (self->opened, &after, &n_after, NULL));
    g_assert_cmpmem (before, n_before, after, n_after);
  }
}

static void
test_passphrases (Fixture *self, gconstpointer data)
{
  write_plain (self, 1000);
  seal (self);
  g_assert_cmpint (try_to_open (self, ""), ==, PORCH_ERROR_PASSPHRASE);
  g_assert_cmpint (try_to_open (self, PASSPHRASE " "), ==, PORCH_ERROR_PASSPHRASE);
  g_assert_cmpint (try_to_open (self, "Correct horse battery"), ==, PORCH_ERROR_PASSPHRASE);
}

/* Of the pieces, so that no key is made for each: what is cut at their borders too. */
static void
test_cut (Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  write_plain (self, 2 * PIECE + 100);
  seal (self);
  g_assert_true (g_file_get_contents (self->sealed, &bytes, &length, NULL));
  const gsize cuts[] = { HEAD, HEAD + PIECE + 17, HEAD + 2 * (PIECE + 17), length - 1, HEAD + 5 };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++) {
    g_assert_true (g_file_set_contents (self->sealed, bytes, cuts[i], NULL));
    g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, PORCH_ERROR_DAMAGED);
  }
  g_assert_true (g_file_set_contents (self->sealed, bytes, 50, NULL));
  g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, PORCH_ERROR_DAMAGED);
}

static void
test_tampered (Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL, *longer = NULL;
  gsize length = 0;
  /* salt, costs, code, stream, first piece, second, last byte */
  static const struct {
    gint offset;
    int code;
  } changes[] = {
    { 3, PORCH_ERROR_DAMAGED },        { 90, PORCH_ERROR_PASSPHRASE },
    { 115, PORCH_ERROR_PASSPHRASE },   { HEAD - 3, PORCH_ERROR_DAMAGED },
    { HEAD + 5, PORCH_ERROR_DAMAGED }, { HEAD + PIECE + 20, PORCH_ERROR_DAMAGED },
    { -1, PORCH_ERROR_DAMAGED },
  };

  write_plain (self, PIECE + 100);
  seal (self);
  g_assert_true (g_file_get_contents (self->sealed, &bytes, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    const gsize at = changes[i].offset >= 0 ? changes[i].offset : (gint) length + changes[i].offset;

    bytes[at] ^= 1;
    g_assert_true (g_file_set_contents (self->sealed, bytes, length, NULL));
    g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, changes[i].code);
    bytes[at] ^= 1;
  }
  /* Costs that would take the machine. */
  bytes[HEAD - 24 - 32 - 1] = 0x7f;
  g_assert_true (g_file_set_contents (self->sealed, bytes, length, NULL));
  g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, PORCH_ERROR_DAMAGED);
  bytes[HEAD - 24 - 32 - 1] = 0;
  longer = g_malloc0 (length + 1);
  memcpy (longer, bytes, length);
  g_assert_true (g_file_set_contents (self->sealed, longer, length + 1, NULL));
  g_assert_cmpint (try_to_open (self, PASSPHRASE), ==, PORCH_ERROR_DAMAGED);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

/* Whoever ends the server does not wait for a key: this one takes some seconds. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const PorchCopyOptions options = { .cancellable = cancellable };
  const guint32 costs[2] = { GUINT32_TO_LE (16), GUINT32_TO_LE (256 * 1024) };
  g_autofree char *bytes = NULL;
  gsize length = 0;

  write_plain (self, 1000);
  seal (self);
  g_assert_true (g_file_get_contents (self->sealed, &bytes, &length, NULL));
  memcpy (bytes + COSTS, costs, sizeof costs);
  g_assert_true (g_file_set_contents (self->sealed, bytes, length, NULL));
  /* While it is made, and before. */
  for (guint i = 0; i < 2; i++) {
    g_auto (PorchMeter) meter = PORCH_METER_INIT (&options);
    g_autoptr (GError) error = NULL;
    GThread *thread = i == 0 ? g_thread_new ("cancel", cancel_soon, cancellable) : NULL;
    const gint64 begin_us = g_get_monotonic_time ();

    g_assert_false (porch_seal_open (self->sealed, self->opened, PASSPHRASE, &meter, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN);
    g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 2 * G_USEC_PER_SEC);
    g_assert_false (g_file_test (self->opened, G_FILE_TEST_EXISTS));
    g_clear_pointer (&thread, g_thread_join);
  }
}

#define ADD(name, func) g_test_add ("/seal/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  porch_seal_cost_little ();
  ADD ("sizes", test_sizes);
  ADD ("passphrases", test_passphrases);
  ADD ("cut", test_cut);
  ADD ("tampered", test_tampered);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
