/* test-id.c - ids and tokens: their shape, that none comes twice, how they are compared
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-id.h"

#include <math.h>
#include <string.h>

#define MANY 100000

static void
test_ids (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < MANY; i++) {
    char *id = porch_id_new ();

    g_assert_true (porch_id_is_well_formed (id, PORCH_ID_LENGTH));
    g_assert_true (g_hash_table_add (seen, id));
  }
}

/* Each digit stands at each place but the last, which has only the two bits
 * that are left of 128.
 */
static void
test_randomness (void)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint counts[PORCH_ID_LENGTH][128] = { 0 };
  const guint n = 20000;

  for (guint i = 0; i < n; i++) {
    g_autofree char *id = porch_id_new ();

    for (guint at = 0; at < PORCH_ID_LENGTH; at++)
      counts[at][(guint8) id[at]]++;
  }
  for (guint at = 0; at < PORCH_ID_LENGTH; at++)
    for (guint d = 0; d < strlen (digits); d++) {
      const double share = at == PORCH_ID_LENGTH - 1 ? 1 / 4.0 : 1 / 64.0;
      const double deviation = sqrt (n * share * (1 - share));
      const guint count = counts[at][(guint8) digits[d]];

      if (at == PORCH_ID_LENGTH - 1 && d % 16 != 0)
        g_assert_cmpuint (count, ==, 0);
      else /* Eight standard deviations: not once in all runs that there will ever be. */
        g_assert_cmpfloat (fabs (count - n * share), <, 8 * deviation);
    }
}

static void
test_tokens (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++) {
    g_autofree char *bare = porch_token_new ("");
    char *token = porch_token_new ("vt_");

    g_assert_true (porch_id_is_well_formed (bare, PORCH_TOKEN_LENGTH));
    g_assert_true (g_str_has_prefix (token, "vt_"));
    g_assert_true (porch_id_is_well_formed (token + 3, PORCH_TOKEN_LENGTH));
    g_assert_true (g_hash_table_add (seen, token));
  }
}

/* FIPS 180-2, appendix B. */
static void
test_hash (void)
{
  g_autofree char *abc = porch_token_hash ("abc");
  g_autofree char *empty = porch_token_hash ("");

  g_assert_cmpuint (strlen (abc), ==, PORCH_HASH_LENGTH);
  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
test_well_formed (void)
{
  static const struct {
    const char *text;
    gsize length;
    gboolean is_good;
  } cases[] = {
    { "", 0, TRUE },        { "", 1, FALSE },    { "aZ09-_", 6, TRUE },    { "aZ09-_", 5, FALSE },
    { "aZ09-_", 7, FALSE }, { "a b", 3, FALSE }, { "a/b", 3, FALSE },      { "a+b", 3, FALSE },
    { "a=", 2, FALSE },     { "a.b", 3, FALSE }, { "\xc3\xa9", 2, FALSE }, { "a\nb", 3, FALSE },
    { "..", 2, FALSE },     { "a'b", 3, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (porch_id_is_well_formed (cases[i].text, cases[i].length), ==,
                     cases[i].is_good);
}

static void
test_message (void)
{
  static const struct {
    const char *text;
    gint64 n; /* 0: it is none */
  } cases[] = {
    { "AAAAAAAAAAAAAAAAAAAAAA:1", 1 },
    { "AAAAAAAAAAAAAAAAAAAA-_:9007199254740992", G_GINT64_CONSTANT (9007199254740992) },
    { "AAAAAAAAAAAAAAAAAAAA-_:9007199254740993", 0 },
    { "AAAAAAAAAAAAAAAAAAAA-_:18446744073709551617", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:0", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:-1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:+1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA: 1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:1 ", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA", 0 },
    { "AAAAAAAAAAAAAAAAAAAAA:1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAAA:1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAA/:1", 0 },
    { "AAAAAAAAAAAAAAAAAAAAAA:1:1", 0 },
    { ":", 0 },
    { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *device = NULL;
    g_autoptr (GError) error = NULL;
    gint64 n = 0;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (porch_id_parse_message (cases[i].text, &device, &n, &error), ==,
                     cases[i].n != 0);
    g_assert_cmpint (n, ==, cases[i].n);
    if (cases[i].n == 0)
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    else
      g_assert_true (porch_id_is_well_formed (device, PORCH_ID_LENGTH));
  }
}

static void
test_conversation (void)
{
  g_assert_true (porch_id_is_conversation ("AAAAAAAAAAAAAAAAAAAAAA"));
  g_assert_true (porch_id_is_conversation ("new-AAAAAAAAAAAAAAAAAAAAAA"));
  g_assert_true (porch_id_is_handle ("new-AAAAAAAAAAAAAAAAAAAAAA"));
  g_assert_false (porch_id_is_handle ("AAAAAAAAAAAAAAAAAAAAAA"));
  /* An id may begin like a handle. */
  g_assert_true (porch_id_is_conversation ("new-AAAAAAAAAAAAAAAAAA"));
  g_assert_false (porch_id_is_handle ("new-AAAAAAAAAAAAAAAAAA"));
  g_assert_false (porch_id_is_conversation ("new-"));
  g_assert_false (porch_id_is_conversation ("new-AAAAAAAAAAAAAAAAAAAAAAA"));
  g_assert_false (porch_id_is_conversation (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/id/ids", test_ids);
  g_test_add_func ("/id/randomness", test_randomness);
  g_test_add_func ("/id/tokens", test_tokens);
  g_test_add_func ("/id/hash", test_hash);
  g_test_add_func ("/id/well-formed", test_well_formed);
  g_test_add_func ("/id/message", test_message);
  g_test_add_func ("/id/conversation", test_conversation);
  return g_test_run ();
}
