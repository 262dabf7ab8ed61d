/* forwarded-test.c - whose request a proxy passes on, by what it says and what others made it say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-forwarded.h"

#include <string.h>

/* clang-format off */
static const struct { const char *chain, *caller; } cases[] = {
  { "203.0.113.7", "203.0.113.7" },
  { " 203.0.113.7\t", "203.0.113.7" },
  { "2001:DB8::1", "2001:db8::1" },
  { "::ffff:203.0.113.7", "203.0.113.7" },
  /* What stands left of the first stranger is the stranger's own word. */
  { "198.51.100.9, 203.0.113.7", "203.0.113.7" },
  { "127.0.0.1, 203.0.113.7", "203.0.113.7" },
  { "10.0.0.1,203.0.113.7", "203.0.113.7" },
  { "<script>, 203.0.113.7", "203.0.113.7" },
  { ", , 203.0.113.7", "203.0.113.7" },
  /* Proxies of ours in a row. */
  { "203.0.113.7, 10.0.0.1", "203.0.113.7" },
  { "198.51.100.9, 203.0.113.7, 10.0.0.1, 127.0.0.1", "203.0.113.7" },
  { "203.0.113.7, ::ffff:10.0.0.1", "203.0.113.7" },
  { "203.0.113.7, 10.0.0.2, 10.0.0.1", "10.0.0.2" },
  { "10.0.0.1", "10.0.0.1" },
  { "127.0.0.1, 10.0.0.1", "127.0.0.1" },
  /* What the first of ours wrote is no address: then it is as far as anybody can see. */
  { "203.0.113.7, unknown, 10.0.0.1", "10.0.0.1" },
  { "203.0.113.7,, 10.0.0.1", "10.0.0.1" },
  /* Nobody is named. */
  { "", NULL },
  { " ", NULL },
  { ",", NULL },
  { "203.0.113.7,", NULL },
  { "unknown", NULL },
  { "_hidden", NULL },
  { "203.0.113.7:4711", NULL },
  { "[2001:db8::1]", NULL },
  { "[2001:db8::1]:4711", NULL },
  { "fe80::1%lo", NULL },
  { "203.0.113.7 10.0.0.1", NULL },
  { "203.0.113", NULL },
  { "203.0.113.256", NULL },
  { "3405803783", NULL },
  { "\"203.0.113.7\"", NULL },
  { "for=203.0.113.7", NULL },
  { "203.0.113.7;", NULL },
  { "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555", NULL },
};
/* clang-format on */

static void
test_find (void)
{
  static const char *const proxies[] = { "127.0.0.1", "10.0.0.1", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    /* Not terminated, as in a head. */
    g_autofree char *head = g_strconcat (cases[i].chain, "9", NULL);
    PorchSpan chain = { head, strlen (cases[i].chain) };
    g_autoptr (GInetAddress) caller = porch_forwarded_find (chain, proxies);
    g_autofree char *text = caller != NULL ? g_inet_address_to_string (caller) : NULL;

    g_test_message ("\"%s\"", cases[i].chain);
    g_assert_cmpstr (text, ==, cases[i].caller);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forwarded/find", test_find);
  return g_test_run ();
}
