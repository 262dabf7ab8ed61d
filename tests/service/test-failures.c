/* test-failures.c - how often somebody failed, and how long they wait for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-failures.h"

#define MINUTE_US (60 * G_TIME_SPAN_SECOND)
#define MINUTE_MS 60000

static void
test_waits (void)
{
  static const guint minutes[] = { 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
  g_autoptr (PorchFailures) failures = porch_failures_new (5, 15 * MINUTE_US);

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
    g_test_message ("failure %u", i + 1);
    porch_failures_count (failures, "a");
    g_assert_cmpuint (porch_failures_get_wait (failures, "a"), ==, minutes[i] * MINUTE_MS);
    g_assert_cmpuint (porch_failures_get_wait (failures, "b"), ==, 0);
    porch_clock_advance (minutes[i] * MINUTE_US);
    g_assert_cmpuint (porch_failures_get_wait (failures, "a"), ==, 0);
  }
  /* A quarter of an hour without one, and it begins anew. */
  porch_clock_advance (15 * MINUTE_US + 1);
  porch_failures_count (failures, "a");
  g_assert_cmpuint (porch_failures_get_wait (failures, "a"), ==, 0);
  porch_clock_unfake ();
}

static void
test_forget (void)
{
  g_autoptr (PorchFailures) failures = porch_failures_new (2, MINUTE_US);

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  porch_failures_count (failures, "a");
  porch_failures_forget (failures, "a");
  porch_failures_count (failures, "a");
  g_assert_cmpuint (porch_failures_get_wait (failures, "a"), ==, 0);
  porch_failures_count (failures, "a");
  g_assert_cmpuint (porch_failures_get_wait (failures, "a"), ==, MINUTE_MS);
  porch_clock_unfake ();
}

/* Ever new names push out none that has failed often, as long as old ones can go. */
static void
test_many (void)
{
  g_autoptr (PorchFailures) failures = porch_failures_new (1, MINUTE_US);
  char name[16];

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  for (guint i = 0; i < 9999; i++) {
    g_snprintf (name, sizeof name, "old%u", i);
    porch_failures_count (failures, name);
  }
  porch_clock_advance (2 * MINUTE_US);
  porch_failures_count (failures, "recent");
  porch_clock_advance (1);
  porch_failures_count (failures, "one more");
  g_assert_cmpuint (porch_failures_get_wait (failures, "recent"), >, 0);
  porch_clock_unfake ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/failures/waits", test_waits);
  g_test_add_func ("/failures/forget", test_forget);
  g_test_add_func ("/failures/many", test_many);
  return g_test_run ();
}
