/* test-clock.c - times as they are told and written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"

#define SECONDS(n) (G_GINT64_CONSTANT (n) * G_USEC_PER_SEC)

/* clang-format off */
static const struct { gint64 time_us; const char *text; } written[] = {
  { 0, "1970-01-01T00:00:00.000Z" },
  { 999, "1970-01-01T00:00:00.000Z" },
  { 1000, "1970-01-01T00:00:00.001Z" },
  { SECONDS (1) - 1, "1970-01-01T00:00:00.999Z" },
  { SECONDS (951782400), "2000-02-29T00:00:00.000Z" },
  { SECONDS (1795167667) + 123456, "2026-11-20T09:41:07.123Z" },
  { SECONDS (4107542399), "2100-02-28T23:59:59.000Z" },
  { SECONDS (4107542400), "2100-03-01T00:00:00.000Z" },
  { SECONDS (253402300799) + 999999, "9999-12-31T23:59:59.999Z" },
};

static const struct { const char *text; gboolean is_time; gint64 time_us; } read[] = {
  { "1970-01-01T00:00:00Z", TRUE, 0 },
  { "2026-11-20T09:41:07.123Z", TRUE, SECONDS (1795167667) + 123000 },
  { "2026-11-20T09:41:07.123456Z", TRUE, SECONDS (1795167667) + 123456 },
  { "2026-11-20T11:41:07+02:00", TRUE, SECONDS (1795167667) },
  { "2026-11-20T04:11:07-05:30", TRUE, SECONDS (1795167667) },
  { "20261120T094107Z", TRUE, SECONDS (1795167667) },
  { "9999-12-31T23:59:59Z", TRUE, SECONDS (253402300799) },
  /* No zone, no time, no such time. */
  { "2026-11-20T09:41:07", FALSE, 0 },
  { "2026-11-20", FALSE, 0 },
  { "09:41:07Z", FALSE, 0 },
  { "", FALSE, 0 },
  { "now", FALSE, 0 },
  { "2026-13-20T09:41:07Z", FALSE, 0 },
  { "2026-02-29T09:41:07Z", FALSE, 0 },
  { "2026-11-20T24:41:07Z", FALSE, 0 },
  { "2026-11-20T09:60:07Z", FALSE, 0 },
  { "2026-11-20T09:41:07Zulu", FALSE, 0 },
  { " 2026-11-20T09:41:07Z", FALSE, 0 },
  { "10000-01-01T00:00:00Z", FALSE, 0 },
  { "1795167667", FALSE, 0 },
  /* Before all of it. */
  { "1969-12-31T23:59:59Z", FALSE, 0 },
  { "1970-01-01T00:00:00+01:00", FALSE, 0 },
  { "0001-01-01T00:00:00Z", FALSE, 0 },
};
/* clang-format on */

static void
test_format (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (written); i++) {
    char text[PORCH_TIME_TEXT];

    porch_clock_format (written[i].time_us, text);
    g_assert_cmpstr (text, ==, written[i].text);
  }
}

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (read); i++) {
    gint64 time_us = -7;

    if (porch_clock_parse (read[i].text, &time_us) != read[i].is_time)
      g_error ("\"%s\" was judged wrongly", read[i].text);
    g_assert_cmpint (time_us, ==, read[i].is_time ? read[i].time_us : -7);
  }
}

static void
test_both_ways (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 2000; i++) {
    const gint64 time_us =
      (gint64) (g_rand_double (rand) * 253402300799.0) * G_USEC_PER_SEC + i % 1000 * 1000;
    char text[PORCH_TIME_TEXT];
    gint64 read_us = 0;

    porch_clock_format (time_us, text);
    g_assert_true (porch_clock_parse (text, &read_us));
    g_assert_cmpint (read_us, ==, time_us);
  }
}

static void
test_fake (void)
{
  const gint64 then = SECONDS (1795167667);
  gint64 before = porch_clock_now_us ();

  porch_clock_fake (then);
  g_assert_cmpint (porch_clock_now_us (), ==, then);
  g_assert_cmpint (porch_clock_monotonic_us (), ==, then);
  porch_clock_advance (1);
  porch_clock_advance (SECONDS (60));
  g_assert_cmpint (porch_clock_now_us (), ==, then + SECONDS (60) + 1);
  g_assert_cmpint (porch_clock_monotonic_us (), ==, then + SECONDS (60) + 1);
  porch_clock_fake (5);
  g_assert_cmpint (porch_clock_now_us (), ==, 5);
  porch_clock_unfake ();

  /* The real ones: of this minute, and never backwards. */
  g_assert_cmpint (ABS (porch_clock_now_us () - before), <, SECONDS (60));
  before = porch_clock_monotonic_us ();
  for (guint i = 0; i < 1000; i++) {
    gint64 now = porch_clock_monotonic_us ();

    g_assert_cmpint (now, >=, before);
    before = now;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/format", test_format);
  g_test_add_func ("/clock/parse", test_parse);
  g_test_add_func ("/clock/both-ways", test_both_ways);
  g_test_add_func ("/clock/fake", test_fake);
  return g_test_run ();
}
