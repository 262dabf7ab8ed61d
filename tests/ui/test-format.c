/* test-format.c - times, days and names as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-format.h"

#include <locale.h>

/* Friday 20 November 2026, 09:41 */
#define NOW    G_GINT64_CONSTANT (1795167660000000)
#define DAY    G_TIME_SPAN_DAY
#define MINUTE G_TIME_SPAN_MINUTE
#define SEC    G_TIME_SPAN_SECOND

static void
test_time (void)
{
  static const struct {
    gint64 at_us;
    PorchHours hours;
    const char *text;
  } cases[] = {
    { NOW, PORCH_HOURS_LOCALE, "09:41" },
    { NOW, PORCH_HOURS_24, "09:41" },
    { NOW, PORCH_HOURS_12, "9:41 AM" },
    { NOW + 12 * 60 * MINUTE, PORCH_HOURS_24, "21:41" },
    { NOW + 12 * 60 * MINUTE, PORCH_HOURS_12, "9:41 PM" },
    { NOW - 581 * MINUTE, PORCH_HOURS_24, "00:00" },
    { NOW - 581 * MINUTE, PORCH_HOURS_12, "12:00 AM" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = NULL;

    porch_format_set_hours (cases[i].hours);
    text = porch_format_time (cases[i].at_us);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
  porch_format_set_hours (PORCH_HOURS_LOCALE);
}

static void
test_days (void)
{
  static const struct {
    gint64 at_us;
    const char *day;
    const char *age;
  } cases[] = {
    { NOW, "Today", "09:41" },
    { NOW + 5 * MINUTE, "Today", "09:46" },
    { NOW - 581 * MINUTE, "Today", "00:00" },
    { NOW - 582 * MINUTE, "Yesterday", "Thu" },
    { NOW - 2 * DAY, "Wednesday 18 November", "Wed" },
    { NOW - 6 * DAY, "Saturday 14 November", "Sat" },
    { NOW - 7 * DAY, "Friday 13 November", "13 Nov" },
    { NOW - 48 * DAY, "Saturday 3 October", "3 Oct" },
    { NOW - 365 * DAY, "Thursday 20 November 2025", "20 Nov 2025" },
    /* another computer's clock is ahead */
    { NOW + DAY, "Saturday 21 November", "09:41" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *day = porch_format_day (cases[i].at_us, NOW);
    g_autofree char *age = porch_format_age (cases[i].at_us, NOW);

    g_assert_cmpstr (day, ==, cases[i].day);
    g_assert_cmpstr (age, ==, cases[i].age);
  }
}

static void
test_durations (void)
{
  static const struct {
    gint64 us;
    const char *wait;
    const char *span;
  } cases[] = {
    { -5 * SEC, "<1 min", "0 s" },
    { 0, "<1 min", "0 s" },
    { 40 * SEC, "<1 min", "40 s" },
    { MINUTE, "1 min", "1 min" },
    { 100 * SEC, "1 min", "1 min 40 s" },
    { 7 * MINUTE, "7 min", "7 min" },
    { 60 * MINUTE, "1 h", "1 h" },
    { 65 * MINUTE, "1 h 5 min", "1 h 5 min" },
    { DAY, "1 day", "1 day" },
    { 3 * DAY + 5 * MINUTE, "3 days", "3 days" },
    { G_MAXINT64, "106751991 days", "106751991 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *wait = porch_format_wait (cases[i].us);
    g_autofree char *span = porch_format_span (cases[i].us);

    g_assert_cmpstr (wait, ==, cases[i].wait);
    g_assert_cmpstr (span, ==, cases[i].span);
  }
}

static void
test_moments (void)
{
  static const struct {
    gint64 at_us;
    const char *moment;
  } cases[] = {
    { NOW, "Today, 09:41" },
    { NOW + 8 * 60 * MINUTE, "Today, 17:41" },
    { NOW - 24 * 60 * MINUTE, "Yesterday, 09:41" },
    { NOW - 2 * 24 * 60 * MINUTE, "18 November, 09:41" },
    { NOW + 3 * 24 * 60 * MINUTE, "Monday, 09:41" },
    { NOW + 7 * 24 * 60 * MINUTE, "27 November, 09:41" },
    { NOW - 365 * 24 * 60 * MINUTE, "20 November 2025, 09:41" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *moment = porch_format_moment (cases[i].at_us, NOW);

    g_assert_cmpstr (moment, ==, cases[i].moment);
  }
}

static void
test_midnight (void)
{
  g_autofree char *full = porch_format_date_time (NOW);
  g_autofree char *impossible = porch_format_time (G_MAXINT64);
  gint64 wait_us = porch_format_until_midnight (NOW);

  g_assert_cmpint (wait_us, ==, (24 * 60 - 581) * MINUTE);
  g_assert_true (porch_format_is_same_day (NOW, NOW + wait_us - 1));
  g_assert_false (porch_format_is_same_day (NOW, NOW + wait_us));
  g_assert_cmpstr (full, ==, "Friday 20 November 2026, 09:41");
  g_assert_cmpstr (impossible, !=, NULL);
}

static void
test_isolate (void)
{
  static const struct {
    const char *name;
    const char *isolated;
  } cases[] = {
    { "Mona", "\342\201\250Mona\342\201\251" },
    { "", "\342\201\250\342\201\251" },
    /* right-to-left override, an isolate and an end of one: all gone */
    { "\342\200\256evil\342\201\246na\342\201\251me\342\200\254",
      "\342\201\250evilname\342\201\251" },
    { "a\nb\tc", "\342\201\250abc\342\201\251" },
    { "سلمى", "\342\201\250سلمى\342\201\251" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *isolated = porch_format_isolate (cases[i].name);

    g_assert_cmpstr (isolated, ==, cases[i].isolated);
  }
}

static void
test_domains (void)
{
  static const struct {
    const char *kept, *shown;
  } cases[] = {
    { "lantern.example", "lantern.example" },
    { "xn--bcher-kva.example http://xn--bcher-kva.example:3000 localhost",
      "b\303\274cher.example http://b\303\274cher.example:3000 localhost" },
    { "http://[::1]:3000 127.0.0.1:8443", "http://[::1]:3000 127.0.0.1:8443" },
    { "xn--*.example", "xn--*.example" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *shown = porch_format_domains (cases[i].kept);

    g_assert_cmpstr (shown, ==, cases[i].shown);
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/time", test_time);
  g_test_add_func ("/format/days", test_days);
  g_test_add_func ("/format/durations", test_durations);
  g_test_add_func ("/format/moments", test_moments);
  g_test_add_func ("/format/midnight", test_midnight);
  g_test_add_func ("/format/isolate", test_isolate);
  g_test_add_func ("/format/domains", test_domains);
  return g_test_run ();
}
