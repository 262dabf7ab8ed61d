/* porch-stall.c - nothing of ours may hold the main loop for more than 4 ms of CPU
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stall.h"

#include <time.h>

#define GUARD_OFF   0
#define GUARD_COUNT 1
#define GUARD_FATAL 2

static gint worst_us; /* atomic */
static gint n_stalls; /* atomic */

static gint64
get_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

gint64
porch_stall_begin (void)
{
  return PORCH_STALL_GUARD == GUARD_OFF ? 0 : get_cpu_us ();
}

void
porch_stall_end (gint64 begin, const char *what)
{
  gint took_us, worst;

  if (PORCH_STALL_GUARD == GUARD_OFF)
    return;

  took_us = get_cpu_us () - begin;
  do
    worst = g_atomic_int_get (&worst_us);
  while (took_us > worst && !g_atomic_int_compare_and_exchange (&worst_us, worst, took_us));
  if (took_us <= PORCH_STALL_US)
    return;

  g_atomic_int_inc (&n_stalls);
  if (PORCH_STALL_GUARD == GUARD_FATAL && g_getenv ("PORCH_STALL_FATAL") != NULL)
    g_error ("%s held the main loop for %.1f ms of CPU", what, took_us / 1000.0);
  g_debug ("%s held the main loop for %.1f ms of CPU", what, took_us / 1000.0);
}

gint64
porch_stall_get_worst_us (void)
{
  return g_atomic_int_get (&worst_us);
}

guint
porch_stall_get_count (void)
{
  return g_atomic_int_get (&n_stalls);
}
