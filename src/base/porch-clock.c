/* porch-clock.c - what time it is, for everybody, and a fake one for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"

#include <time.h>

#define SECONDS_PER_DAY (24 * 60 * 60)
#define JULIAN_1970     719163 /* as GDate counts: day 1 is the first of the year 1 */

static struct {
  GMutex lock;
  gint is_fake; /* atomic, so that the usual case takes no lock */
  gint64 now_us;
  gint64 jumped_us; /* how far the wall clock is ahead of the others */
} fake;

gint64
porch_clock_now_us (void)
{
  gint64 now_us = g_get_real_time ();

  if (g_atomic_int_get (&fake.is_fake)) {
    g_mutex_lock (&fake.lock);
    now_us = fake.now_us + fake.jumped_us;
    g_mutex_unlock (&fake.lock);
  }
  return now_us;
}

static gint64
get_fake_us (void)
{
  gint64 now_us;

  g_mutex_lock (&fake.lock);
  now_us = fake.now_us;
  g_mutex_unlock (&fake.lock);
  return now_us;
}

gint64
porch_clock_monotonic_us (void)
{
  return g_atomic_int_get (&fake.is_fake) ? get_fake_us () : g_get_monotonic_time ();
}

gint64
porch_clock_boot_us (void)
{
  struct timespec now;

  if (g_atomic_int_get (&fake.is_fake))
    return get_fake_us ();
  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

void
porch_clock_fake (gint64 now_us)
{
  g_mutex_lock (&fake.lock);
  fake.now_us = now_us;
  fake.jumped_us = 0;
  g_mutex_unlock (&fake.lock);
  g_atomic_int_set (&fake.is_fake, TRUE);
}

void
porch_clock_advance (gint64 by_us)
{
  g_mutex_lock (&fake.lock);
  fake.now_us += by_us;
  g_mutex_unlock (&fake.lock);
}

void
porch_clock_jump (gint64 by_us)
{
  g_mutex_lock (&fake.lock);
  fake.jumped_us += by_us;
  g_mutex_unlock (&fake.lock);
}

void
porch_clock_unfake (void)
{
  g_atomic_int_set (&fake.is_fake, FALSE);
}

static char *
put_digits (char *at, int value, int n_digits)
{
  for (int i = n_digits - 1; i >= 0; i--, value /= 10)
    at[i] = '0' + value % 10;
  return at + n_digits;
}

void
porch_clock_format (gint64 time_us, char *text)
{
  const gint64 seconds = MAX (time_us, 0) / G_USEC_PER_SEC;
  const int second_of_day = seconds % SECONDS_PER_DAY;
  char *at = text;
  GDate date;

  /* By hand: this runs several times for each message that is relayed, and gmtime_r () takes a lock
   * and looks after the time zone. */
  g_date_clear (&date, 1);
  g_date_set_julian (&date, JULIAN_1970 + seconds / SECONDS_PER_DAY);
  at = put_digits (at, MIN (g_date_get_year (&date), 9999), 4);
  *at++ = '-';
  at = put_digits (at, g_date_get_month (&date), 2);
  *at++ = '-';
  at = put_digits (at, g_date_get_day (&date), 2);
  *at++ = 'T';
  at = put_digits (at, second_of_day / 3600, 2);
  *at++ = ':';
  at = put_digits (at, second_of_day / 60 % 60, 2);
  *at++ = ':';
  at = put_digits (at, second_of_day % 60, 2);
  *at++ = '.';
  at = put_digits (at, MAX (time_us, 0) % G_USEC_PER_SEC / 1000, 3);
  *at++ = 'Z';
  *at = '\0';
}

gboolean
porch_clock_parse (const char *text, gint64 *time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  /* Nothing of ours happened before 1970, and what is read must be possible to write again. */
  if (time == NULL || g_date_time_to_unix (time) < 0)
    return FALSE;
  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}
