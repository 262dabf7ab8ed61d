/* rate-test.c - buckets run dry and fill again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-rate.h"

#include "porch-clock.h"

#define START_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

static guint
take_many (PorchRate *rate, const char *key, guint n, guint *retry_after_ms)
{
  guint taken = 0;

  for (guint i = 0; i < n; i++)
    taken += porch_rate_take (rate, key, retry_after_ms) ? 1 : 0;
  return taken;
}

/* 600 a minute: 600 pass, the next does not, and a tenth of a second later one more does. */
static void
test_limit (void)
{
  g_autoptr (PorchRate) rate = porch_rate_new (600, 600, 100);
  guint retry_after_ms = 0;

  g_assert_cmpuint (take_many (rate, "a", 600, &retry_after_ms), ==, 600);
  g_assert_false (porch_rate_take (rate, "a", &retry_after_ms));
  g_assert_cmpuint (retry_after_ms, ==, 100);
  porch_clock_advance (99 * 1000);
  g_assert_false (porch_rate_take (rate, "a", &retry_after_ms));
  g_assert_cmpuint (retry_after_ms, ==, 1);
  porch_clock_advance (1000);
  g_assert_true (porch_rate_take (rate, "a", &retry_after_ms));
  g_assert_false (porch_rate_take (rate, "a", &retry_after_ms));
  porch_clock_advance (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
  g_assert_cmpuint (take_many (rate, "a", 700, &retry_after_ms), ==, 600);
}

/* Set anew while somebody is at it. */
static void
test_set (void)
{
  g_autoptr (PorchRate) rate = porch_rate_new (600, 600, 100);
  guint retry_after_ms = 0;

  g_assert_cmpuint (take_many (rate, "a", 10, &retry_after_ms), ==, 10);
  porch_rate_set (rate, 60, 5);
  g_assert_cmpuint (take_many (rate, "a", 10, &retry_after_ms), ==, 4);
  g_assert_cmpuint (take_many (rate, "b", 10, &retry_after_ms), ==, 5);
  porch_rate_set (rate, 600, 600);
  g_assert_cmpuint (take_many (rate, "b", 600, &retry_after_ms), ==, 550);
}

static void
test_burst (void)
{
  g_autoptr (PorchRate) rate = porch_rate_new (60, 5, 100);
  guint retry_after_ms = 0;
  guint taken = 0;

  g_assert_cmpuint (take_many (rate, "a", 10, &retry_after_ms), ==, 5);
  g_assert_cmpuint (retry_after_ms, ==, 1000);
  for (guint i = 0; i < 120; i++) {
    porch_clock_advance (G_USEC_PER_SEC / 2);
    taken += porch_rate_take (rate, "a", &retry_after_ms) ? 1 : 0;
  }
  g_assert_cmpuint (taken, ==, 60);
}

static void
test_keys (void)
{
  g_autoptr (PorchRate) rate = porch_rate_new (60, 1, 100);
  guint retry_after_ms = 0;

  g_assert_true (porch_rate_take (rate, "a", &retry_after_ms));
  g_assert_true (porch_rate_take (rate, "b", &retry_after_ms));
  g_assert_false (porch_rate_take (rate, "a", &retry_after_ms));
  g_assert_false (porch_rate_take (rate, "b", &retry_after_ms));
}

/* A stranger with a million addresses: the table stays small, known keys keep their buckets, all
 * new ones share one, and after a while there is room again. */
static void
test_crowd (void)
{
  g_autoptr (PorchRate) rate = porch_rate_new (60, 1, 100);
  guint retry_after_ms = 0;
  guint taken = 0;

  g_assert_true (porch_rate_take (rate, "known", &retry_after_ms));
  for (guint i = 0; i < 10000; i++) {
    g_autofree char *key = g_strdup_printf ("%u", i);

    taken += porch_rate_take (rate, key, &retry_after_ms) ? 1 : 0;
  }
  g_assert_cmpuint (taken, ==, 100);
  g_assert_cmpuint (porch_rate_count_keys (rate), <=, 101);
  g_assert_false (porch_rate_take (rate, "known", &retry_after_ms));
  porch_clock_advance (2 * G_USEC_PER_SEC);
  g_assert_true (porch_rate_take (rate, "new", &retry_after_ms));
  g_assert_true (porch_rate_take (rate, "newer", &retry_after_ms));
  g_assert_cmpuint (porch_rate_count_keys (rate), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  porch_clock_fake (START_US);
  g_test_add_func ("/rate/limit", test_limit);
  g_test_add_func ("/rate/set", test_set);
  g_test_add_func ("/rate/burst", test_burst);
  g_test_add_func ("/rate/keys", test_keys);
  g_test_add_func ("/rate/crowd", test_crowd);
  return g_test_run ();
}
