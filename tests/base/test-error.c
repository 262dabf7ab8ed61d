/* test-error.c - the words of the wire for what went wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A line of the table is a promise: clients act on these words.
 */
#include "config.h"

#include "porch-error.h"

#include <errno.h>

#include <gio/gio.h>

/* clang-format off */
static const struct { PorchErrorCode code; const char *nick; gboolean is_retryable; } codes[] = {
  { PORCH_ERROR_INTERNAL, "internal", FALSE },
  { PORCH_ERROR_BAD_MESSAGE, "bad_message", FALSE },
  { PORCH_ERROR_TOO_LONG, "too_long", FALSE },
  { PORCH_ERROR_TOO_LARGE, "too_large", FALSE },
  { PORCH_ERROR_EMPTY, "empty", FALSE },
  { PORCH_ERROR_ID_CONFLICT, "id_conflict", FALSE },
  { PORCH_ERROR_GAP, "gap", TRUE },
  { PORCH_ERROR_BLOCKED, "blocked", FALSE },
  { PORCH_ERROR_CLOSED, "closed", FALSE },
  { PORCH_ERROR_RATE_LIMITED, "rate_limited", TRUE },
  { PORCH_ERROR_STORAGE, "storage", TRUE },
  { PORCH_ERROR_BUSY, "busy", TRUE },
  { PORCH_ERROR_SHUTTING_DOWN, "shutting_down", TRUE },
  { PORCH_ERROR_UNAUTHORIZED, "unauthorized", FALSE },
  { PORCH_ERROR_FORBIDDEN, "forbidden", FALSE },
  { PORCH_ERROR_NOT_FOUND, "not_found", FALSE },
  { PORCH_ERROR_CONFLICT, "conflict", FALSE },
  { PORCH_ERROR_UNSUPPORTED, "unsupported", FALSE },
  { PORCH_ERROR_MISDIRECTED, "misdirected", FALSE },
  { PORCH_ERROR_NOT_SET_UP, "not_set_up", FALSE },
  { PORCH_ERROR_NEWER, "newer", FALSE },
  { PORCH_ERROR_DAMAGED, "damaged", FALSE },
  { PORCH_ERROR_IN_USE, "in_use", FALSE },
  { PORCH_ERROR_OFFLINE, "offline", TRUE },
  { PORCH_ERROR_KEYRING_LOCKED, "keyring_locked", FALSE },
  { PORCH_ERROR_KEYRING_MISSING, "keyring_missing", FALSE },
  { PORCH_ERROR_KEYRING_REFUSED, "keyring_refused", FALSE },
  { PORCH_ERROR_PASSPHRASE, "passphrase", FALSE },
};
/* clang-format on */

static void
test_table (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (PORCH_TYPE_ERROR_CODE);

  g_assert_cmpuint (klass->n_values, ==, G_N_ELEMENTS (codes));
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, codes[i].code, "x");

    g_assert_cmpint (codes[i].code, ==, i);
    g_assert_cmpstr (porch_error_nick (error), ==, codes[i].nick);
    g_assert_cmpstr (porch_error_word (codes[i].code), ==, codes[i].nick);
    g_assert_cmpint (porch_error_is_keyring (codes[i].code), ==,
                     g_str_has_prefix (codes[i].nick, "keyring_"));
    g_assert_cmpint (porch_error_code_from_nick (codes[i].nick), ==, codes[i].code);
    g_assert_cmpint (porch_error_is_retryable (codes[i].code), ==, codes[i].is_retryable);
  }
}

static void
test_foreign (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "x");
  g_autoptr (GError) beyond = g_error_new_literal (PORCH_ERROR, 999, "x");

  g_assert_cmpstr (porch_error_nick (foreign), ==, "internal");
  g_assert_cmpstr (porch_error_nick (beyond), ==, "internal");
  g_assert_cmpstr (porch_error_nick (NULL), ==, "internal");
  g_assert_cmpstr (porch_error_word (G_N_ELEMENTS (codes)), ==, "internal");
  g_assert_cmpstr (porch_error_word (-1), ==, "");
  g_assert_false (porch_error_is_keyring (-1));
}

static void
test_unknown_words (void)
{
  static const char *const words[] = { NULL, "", "Gap", "gap ", "PORCH_ERROR_GAP", "not_yet" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpint (porch_error_code_from_nick (words[i]), ==, PORCH_ERROR_INTERNAL);
  g_assert_false (porch_error_is_retryable ((PorchErrorCode) 999));
}

static void
test_domain (void)
{
  g_assert_cmpstr (g_quark_to_string (PORCH_ERROR), ==, "porch-error-quark");
}

static void
test_file (void)
{
  g_autoptr (GError) error = NULL;

  errno = ENOENT;
  g_assert_false (porch_error_fail_file ("reading", "/a/file", &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_assert_cmpstr (error->message, ==, "reading /a/file: No such file or directory");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/table", test_table);
  g_test_add_func ("/error/foreign", test_foreign);
  g_test_add_func ("/error/unknown-words", test_unknown_words);
  g_test_add_func ("/error/domain", test_domain);
  g_test_add_func ("/error/file", test_file);
  return g_test_run ();
}
