/* test-secret.c - secrets out of files, and bytes that are taken
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-secret.h"

#include <glib/gstdio.h>
#include <string.h>

/* The first line, if there is one. */
static void
test_read_line (void)
{
  static const struct {
    const char *text, *line;
  } cases[] = {
    { "one", "one" },
    { "one\n", "one" },
    { "one\r\n", "one" },
    { "one\ntwo\n", "one" },
    { " spaced out \n", " spaced out " },
    { "\xc3\xa4\n", "\xc3\xa4" },
    { "", NULL },
    { "\n", NULL },
    { "\nsecond", NULL },
    { "\xff\xfe\n", NULL },
  };
  g_autofree char *folder = g_dir_make_tmp ("porch-secret-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "secret", NULL);
  g_autoptr (GError) missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PorchSecretText) line = NULL;

    g_test_message ("case %u", i);
    g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
    line = porch_secret_read_line (path, &error);
    g_assert_cmpstr (line, ==, cases[i].line);
    if (cases[i].line == NULL)
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  }
  g_unlink (path);
  g_assert_null (porch_secret_read_line (path, &missing));
  g_assert_nonnull (missing);
  g_rmdir (folder);
}

static void
test_bytes (void)
{
  GBytes *bytes = porch_secret_bytes_take (g_string_new ("{\"value\":\"x\"}"));
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (text, length, "{\"value\":\"x\"}", 13);
  g_bytes_unref (bytes);
  porch_secret_free (NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/read-line", test_read_line);
  g_test_add_func ("/secret/bytes", test_bytes);
  return g_test_run ();
}
