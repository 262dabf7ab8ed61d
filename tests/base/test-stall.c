/* test-stall.c - who holds the main loop is noticed, by the CPU's clock and not the wall's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-source.h"
#include "porch-stall.h"

#include <time.h>

static gint64
get_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
burn (gint64 cpu_us)
{
  const gint64 begin = get_cpu_us ();

  while (get_cpu_us () - begin < cpu_us)
    continue;
}

static gboolean
on_due_burn (gpointer data)
{
  burn (2 * PORCH_STALL_US);
  return G_SOURCE_REMOVE;
}

static void
run_burning_idle (void)
{
  GSource *source = porch_source_idle (on_due_burn, NULL);

  while (!g_source_is_destroyed (source))
    g_main_context_iteration (NULL, TRUE);
  porch_source_clear (&source);
}

static void
test_counts (void)
{
  guint before = porch_stall_get_count ();
  gint64 begin;

  if (PORCH_STALL_GUARD == 0) {
    g_test_skip ("the guard is off in this build");
    return;
  }
  g_unsetenv ("PORCH_STALL_FATAL");

  begin = porch_stall_begin ();
  porch_stall_end (begin, "nothing");
  g_assert_cmpuint (porch_stall_get_count (), ==, before);

  begin = porch_stall_begin ();
  burn (2 * PORCH_STALL_US);
  porch_stall_end (begin, "burning");
  g_assert_cmpuint (porch_stall_get_count (), ==, before + 1);
  g_assert_cmpint (porch_stall_get_worst_us (), >=, 2 * PORCH_STALL_US);

  run_burning_idle ();
  g_assert_cmpuint (porch_stall_get_count (), ==, before + 2);
}

/* A busy machine or a slow disk is not our fault. */
static void
test_waiting_is_no_stall (void)
{
  const guint before = porch_stall_get_count ();
  const gint64 begin = porch_stall_begin (), wall = g_get_monotonic_time ();
  GMutex mutex;
  GCond cond;

  g_mutex_init (&mutex);
  g_cond_init (&cond);
  g_mutex_lock (&mutex);
  while (g_cond_wait_until (&cond, &mutex, wall + 5 * PORCH_STALL_US))
    continue;
  g_mutex_unlock (&mutex);
  g_mutex_clear (&mutex);
  g_cond_clear (&cond);

  porch_stall_end (begin, "waiting");
  g_assert_cmpint (g_get_monotonic_time () - wall, >=, 5 * PORCH_STALL_US);
  g_assert_cmpuint (porch_stall_get_count (), ==, before);
}

static void
test_fatal (void)
{
  if (PORCH_STALL_GUARD != 2) {
    g_test_skip ("the guard does not end the program in this build");
    return;
  }
  if (g_test_subprocess ()) {
    g_setenv ("PORCH_STALL_FATAL", "1", TRUE);
    run_burning_idle ();
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*a timer held the main loop for*ms of CPU*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stall/counts", test_counts);
  g_test_add_func ("/stall/waiting-is-no-stall", test_waiting_is_no_stall);
  g_test_add_func ("/stall/fatal", test_fatal);
  return g_test_run ();
}
