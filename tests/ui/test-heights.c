/* test-heights.c - sums, means and places of row heights, against the plain way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-heights.h"

#define GUESS  50
#define WEIGHT 32 /* the guess counts like so many known rows */

static double
get_mean (GArray *plain)
{
  double sum = WEIGHT * GUESS;
  guint n_known = WEIGHT;

  for (guint i = 0; i < plain->len; i++) {
    sum += g_array_index (plain, int, i);
    n_known += g_array_index (plain, int, i) > 0;
  }
  return sum / n_known;
}

static double
get_above (GArray *plain, guint position)
{
  double mean = get_mean (plain);
  double above = 0;

  for (guint i = 0; i < position; i++) {
    int height = g_array_index (plain, int, i);

    above += height > 0 ? height : mean;
  }
  return above;
}

/* Does one random thing to both. */
static void
change (PorchHeights *heights, GArray *plain)
{
  guint at = plain->len > 0 ? g_test_rand_int_range (0, plain->len) : 0;
  int what = plain->len > 0 ? g_test_rand_int_range (0, 12) : 0;
  int height = g_test_rand_int_range (0, 300);
  const int unknown = 0;
  guint n;

  if (what <= 1) {
    /* At the end rows are appended, elsewhere the tree is rebuilt. */
    at = what == 0 ? plain->len : at;
    n = g_test_rand_int_range (1, 90);
    porch_heights_splice (heights, at, 0, n);
    for (guint i = 0; i < n; i++)
      g_array_insert_val (plain, at, unknown);
  } else if (what == 2) {
    n = MIN (3, plain->len - at);
    porch_heights_splice (heights, at, n, 1);
    g_array_remove_range (plain, at, n);
    g_array_insert_val (plain, at, unknown);
  } else if (what == 3) {
    porch_heights_forget (heights, at);
    g_array_index (plain, int, at) = 0;
  } else {
    porch_heights_set (heights, at, height);
    g_array_index (plain, int, at) = height;
  }
}

static void
test_against_plain (void)
{
  g_autoptr (PorchHeights) heights = porch_heights_new (GUESS);
  g_autoptr (GArray) plain = g_array_new (FALSE, TRUE, sizeof (int));

  for (int round = 0; round < 2000; round++) {
    guint at;
    double above, fraction;

    change (heights, plain);
    at = g_test_rand_int_range (0, plain->len);
    above = get_above (plain, at);
    g_assert_cmpint (porch_heights_get (heights, at), ==, g_array_index (plain, int, at));
    g_assert_cmpfloat_with_epsilon (porch_heights_above (heights, at), above, 0.01);
    g_assert_cmpfloat_with_epsilon (porch_heights_total (heights), get_above (plain, plain->len),
                                    0.01);
    g_assert_cmpuint (porch_heights_find (heights, above + 0.5, &fraction), ==, at);
    g_assert_cmpfloat (fraction, >=, 0);
    g_assert_cmpfloat (fraction, <, 1);
  }
}

static void
test_places (void)
{
  static const struct {
    double y;
    guint position;
    double fraction;
  } cases[] = {
    { 0, 0, 0 }, { 5, 0, 0.5 }, { 10, 1, 0 }, { 29, 1, 0.95 }, { 30, 2, 0 }, { 60, 2, 1 },
  };
  g_autoptr (PorchHeights) heights = porch_heights_new (GUESS);

  porch_heights_splice (heights, 0, 0, 3);
  porch_heights_set (heights, 0, 10);
  porch_heights_set (heights, 1, 20);
  porch_heights_set (heights, 2, 30);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    double fraction;

    g_assert_cmpuint (porch_heights_find (heights, cases[i].y, &fraction), ==, cases[i].position);
    g_assert_cmpfloat_with_epsilon (fraction, cases[i].fraction, 0.001);
  }
}

static void
test_empty (void)
{
  g_autoptr (PorchHeights) heights = porch_heights_new (GUESS);
  double fraction;

  g_assert_cmpfloat (porch_heights_total (heights), ==, 0);
  g_assert_cmpuint (porch_heights_find (heights, 100, &fraction), ==, 0);
}

/* After another width nothing is known, but the scrollbar stays about where it was. */
static void
test_clear_keeps_mean (void)
{
  g_autoptr (PorchHeights) heights = porch_heights_new (GUESS);

  porch_heights_splice (heights, 0, 0, 1000);
  for (guint i = 0; i < 1000; i++)
    porch_heights_set (heights, i, 80);
  porch_heights_clear (heights);
  g_assert_cmpint (porch_heights_get (heights, 500), ==, 0);
  g_assert_cmpfloat_with_epsilon (porch_heights_total (heights), 80 * 1000, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heights/against-plain", test_against_plain);
  g_test_add_func ("/heights/places", test_places);
  g_test_add_func ("/heights/empty", test_empty);
  g_test_add_func ("/heights/clear-keeps-mean", test_clear_keeps_mean);
  return g_test_run ();
}
