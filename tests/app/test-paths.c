/* test-paths.c - where to listen, as it is given on the command line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-paths.h"

static void
test_listen (void)
{
  static const struct {
    const char *text, *address;
    guint16 port;
  } good[] = {
    { "127.0.0.1:8642", "127.0.0.1", 8642 },
    { "127.0.0.1:0", "127.0.0.1", 0 },
    { "0.0.0.0:65535", "0.0.0.0", 65535 },
    { "[::1]:8642", "::1", 8642 },
    { "[::]:0", "::", 0 },
    { "[2001:db8::7]:443", "2001:db8::7", 443 },
    { PORCH_DEFAULT_LISTEN, "127.0.0.1", 8642 },
  };
  static const char *const bad[] = {
    "",
    ":",
    "8642",
    ":8642",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "127.0.0.1:+1",
    "127.0.0.1: 1",
    "127.0.0.1:1 ",
    " 127.0.0.1:1",
    "127.0.0.1:80x",
    "127.0.0.1:0x50",
    "127.0.0.1:18446744073709551617",
    "127.0.0.256:80",
    "127.1:80",
    "localhost:80",
    "example.com:80",
    /* One bracket alone, too many, or around what has none. */
    "[::1:8642",
    "::1]:8642",
    "[[::1]]:8642",
    "[::1]]:8642",
    "[]:8642",
    "[:8642",
    "[::1]",
    "[::1]8642",
    "[::1]x:8642",
    "[127.0.0.1]:8642",
    "[localhost]:8642",
    /* The port, or the end of the address? */
    "::1:8642",
    "2001:db8::7:443",
    "::1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *address = NULL;
    g_autoptr (GError) error = NULL;
    guint16 port = 7;

    g_test_message ("%s", good[i].text);
    g_assert_true (porch_paths_parse_listen (good[i].text, &address, &port, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (address, ==, good[i].address);
    g_assert_cmpuint (port, ==, good[i].port);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *address = NULL;
    g_autoptr (GError) error = NULL;
    guint16 port = 7;

    g_test_message ("%s", bad[i]);
    g_assert_false (porch_paths_parse_listen (bad[i], &address, &port, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    g_assert_null (address);
    g_assert_cmpuint (port, ==, 7);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/listen", test_listen);
  return g_test_run ();
}
