/* test-identity-keys.c - at most two keys of a site, newest first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-identity-keys.h"

#define A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB_-"
#define C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"

static void
test_add (void)
{
  /* clang-format off */
  static const struct { const char *known, *kid, *secret, *kept; int code; } cases[] = {
    { NULL, "k1", A, "k1:" A ":7", -1 },
    { "", "k1", A, "k1:" A ":7", -1 },
    { "k1:" A ":1", "k2", B, "k2:" B ":7 k1:" A ":1", -1 },
    { "k2:" B ":2 k1:" A ":1", "k3", C, "k3:" C ":7 k2:" B ":2", -1 },
    { "k1:" A ":1", "k1", B, NULL, PORCH_ERROR_CONFLICT },
    { NULL, "", A, NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, "k 1", A, NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, "k:1", A, NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, A "k", B, NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, "k1", "short", NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, "k1", A "=", NULL, PORCH_ERROR_BAD_MESSAGE },
    { NULL, "k1", A A A A "x", NULL, PORCH_ERROR_BAD_MESSAGE },
    /* What somebody spoilt by hand is no key. */
    { "nonsense k1:" A ":1", "k2", B, "k2:" B ":7 k1:" A ":1", -1 },
    { "k1:" A ":x", "k2", B, "k2:" B ":7", -1 },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *kept =
      porch_identity_keys_add (cases[i].known, cases[i].kid, cases[i].secret, 7, &error);

    g_assert_cmpstr (kept, ==, cases[i].kept);
    g_assert_cmpint (error != NULL ? error->code : -1, ==, cases[i].code);
  }
}

static void
test_retire (void)
{
  /* clang-format off */
  static const struct { const char *known, *kid, *kept; int code; } cases[] = {
    { "k2:" B ":2 k1:" A ":1", "k1", "k2:" B ":2", -1 },
    { "k2:" B ":2 k1:" A ":1", "k2", "k1:" A ":1", -1 },
    { "k1:" A ":1", "k1", NULL, -1 },
    { "k1:" A ":1", "k2", NULL, PORCH_ERROR_NOT_FOUND },
    { NULL, "k1", NULL, PORCH_ERROR_NOT_FOUND },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *kept = porch_identity_keys_retire (cases[i].known, cases[i].kid, &error);

    g_assert_cmpstr (kept, ==, cases[i].kept);
    g_assert_cmpint (error != NULL ? error->code : -1, ==, cases[i].code);
  }
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) keys = porch_identity_keys_parse ("k2:" B ":2 k1:" A ":1 k0:" C ":0");
  PorchIdentityKey *newest = keys->pdata[0], *oldest = keys->pdata[1];

  g_assert_cmpuint (keys->len, ==, 2);
  g_assert_cmpstr (newest->kid, ==, "k2");
  g_assert_cmpstr (newest->secret, ==, B);
  g_assert_cmpint (newest->at_us, ==, 2);
  g_assert_cmpstr (oldest->kid, ==, "k1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity-keys/add", test_add);
  g_test_add_func ("/identity-keys/retire", test_retire);
  g_test_add_func ("/identity-keys/parse", test_parse);
  return g_test_run ();
}
