/* wheel-test.c - deadlines come in their tick, and only then
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-wheel.h"

typedef struct {
  PorchTimer timer;
  PorchWheel *wheel;
  guint n_fired;
  guint fired_at;
  guint again; /* sets itself anew for so many ticks */
  PorchTimer *victim;
} Item;

static void
on_fire (PorchTimer *timer)
{
  Item *item = (Item *) (gpointer) timer;

  item->n_fired++;
  item->fired_at = porch_wheel_get_now (item->wheel);
  if (item->victim != NULL)
    porch_timer_clear (item->victim);
  if (item->again > 0)
    porch_timer_set (timer, item->wheel, item->again);
}

static void
turn (PorchWheel *wheel, guint ticks)
{
  for (guint i = 0; i < ticks; i++)
    porch_wheel_turn (wheel);
}

static void
test_times (void)
{
  static const guint delays[] = { 0, 1, 2, 63, 64, 65, 128, 1000 };
  g_autoptr (PorchWheel) wheel = porch_wheel_new (1000);
  Item items[G_N_ELEMENTS (delays)] = { 0 };

  turn (wheel, 17);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    items[i] = (Item){ .timer.fire = on_fire, .wheel = wheel };
    porch_timer_set (&items[i].timer, wheel, delays[i]);
  }
  turn (wheel, 1100);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    g_assert_cmpuint (items[i].n_fired, ==, 1);
    g_assert_cmpuint (items[i].fired_at, ==, 17 + MAX (delays[i], 1));
  }
}

static void
test_changes (void)
{
  g_autoptr (PorchWheel) wheel = porch_wheel_new (1000);
  Item cleared = { .timer.fire = on_fire, .wheel = wheel };
  Item moved = { .timer.fire = on_fire, .wheel = wheel };
  Item repeated = { .timer.fire = on_fire, .wheel = wheel, .again = 10 };

  porch_timer_set (&cleared.timer, wheel, 5);
  porch_timer_set (&moved.timer, wheel, 5);
  porch_timer_set (&repeated.timer, wheel, 10);
  turn (wheel, 4);
  porch_timer_clear (&cleared.timer);
  porch_timer_clear (&cleared.timer);
  porch_timer_set (&moved.timer, wheel, 20);
  turn (wheel, 96);
  g_assert_cmpuint (cleared.n_fired, ==, 0);
  g_assert_cmpuint (moved.n_fired, ==, 1);
  g_assert_cmpuint (moved.fired_at, ==, 24);
  g_assert_cmpuint (repeated.n_fired, ==, 10);
}

/* Of two in the same tick each clears the other: one fires. */
static void
test_clear_while_firing (void)
{
  g_autoptr (PorchWheel) wheel = porch_wheel_new (1000);
  Item a = { .timer.fire = on_fire, .wheel = wheel };
  Item b = { .timer.fire = on_fire, .wheel = wheel };

  a.victim = &b.timer;
  b.victim = &a.timer;
  porch_timer_set (&a.timer, wheel, 3);
  porch_timer_set (&b.timer, wheel, 3);
  turn (wheel, 200);
  g_assert_cmpuint (a.n_fired + b.n_fired, ==, 1);
}

/* Ten thousand in the same tick must not hold the loop: some are left for the next turn. */
static void
test_crowd (void)
{
  g_autoptr (PorchWheel) wheel = porch_wheel_new (1000);
  const guint n = 10000;
  g_autofree Item *items = g_new0 (Item, n);
  guint fired_first = 0;
  guint fired = 0;

  for (guint i = 0; i < n; i++) {
    items[i] = (Item){ .timer.fire = on_fire, .wheel = wheel };
    porch_timer_set (&items[i].timer, wheel, 1);
  }
  g_assert_true (porch_wheel_turn (wheel));
  for (guint i = 0; i < n; i++)
    fired_first += items[i].n_fired;
  g_assert_cmpuint (fired_first, >, 0);
  g_assert_cmpuint (fired_first, <, 1000);
  while (porch_wheel_turn (wheel))
    ;
  for (guint i = 0; i < n; i++)
    fired += items[i].n_fired;
  g_assert_cmpuint (fired, ==, n);
}

/* The wheel turns by itself, on the context that was the default when a timer was set. */
static void
test_source (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  PorchWheel *wheel = NULL;
  Item item = { 0 };
  Item late = { 0 };

  g_main_context_push_thread_default (context);
  wheel = porch_wheel_new (1);
  item = (Item){ .timer.fire = on_fire, .wheel = wheel };
  late = (Item){ .timer.fire = on_fire, .wheel = wheel };
  porch_timer_set (&item.timer, wheel, 3);
  while (item.n_fired == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (item.fired_at, ==, 3);
  porch_timer_set (&late.timer, wheel, 100);
  porch_wheel_free (wheel);
  /* Freeing the wheel clears what is set; clearing once more is harmless. */
  porch_timer_clear (&late.timer);
  g_assert_false (g_main_context_pending (context));
  g_main_context_pop_thread_default (context);
}

static gboolean
on_over (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

/* It sleeps through ticks in which nothing is due; timers that are set meanwhile have their time
 * all the same. */
static void
test_sleep (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) pause = g_timeout_source_new (45);
  PorchWheel *wheel = NULL;
  Item far = { 0 }, near = { 0 }, nearer = { 0 }, again = { 0 };
  guint n_turns = 0;
  gboolean is_over = FALSE;

  g_main_context_push_thread_default (context);
  wheel = porch_wheel_new (10);
  far = (Item){ .timer.fire = on_fire, .wheel = wheel };
  near = nearer = far;
  again = (Item){ .timer.fire = on_fire, .wheel = wheel, .again = 40 };
  porch_timer_set (&far.timer, wheel, 30);
  porch_timer_set (&again.timer, wheel, 3);
  g_source_set_callback (pause, on_over, &is_over, NULL);
  g_source_attach (pause, context);
  while (!is_over)
    n_turns += g_main_context_iteration (context, TRUE);
  /* The timer that was due, and the pause; both at once on a busy machine. */
  g_assert_cmpuint (n_turns, <=, 2);
  porch_timer_set (&near.timer, wheel, 10);
  porch_timer_set (&nearer.timer, wheel, 5);
  while (far.n_fired == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (far.fired_at, ==, 30);
  g_assert_cmpuint (again.fired_at, ==, 3);
  g_assert_cmpuint (near.n_fired, ==, 1);
  g_assert_cmpuint (near.fired_at, >, nearer.fired_at);
  porch_wheel_free (wheel);
  g_main_context_pop_thread_default (context);
}

/* A program that stood still gives everybody their time again: no deadline has passed meanwhile. */
static void
test_standstill (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  PorchWheel *wheel = NULL;
  Item item = { 0 };

  porch_clock_fake (G_TIME_SPAN_DAY);
  g_main_context_push_thread_default (context);
  wheel = porch_wheel_new (10);
  item = (Item){ .timer.fire = on_fire, .wheel = wheel };
  porch_timer_set (&item.timer, wheel, 10);
  porch_clock_advance (25 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (porch_wheel_get_now (wheel), ==, 2);
  porch_clock_advance (G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (porch_wheel_get_now (wheel), ==, 0);
  g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (item.n_fired, ==, 0);
  g_assert_cmpuint (porch_wheel_get_now (wheel), ==, 1);
  porch_wheel_free (wheel);
  g_main_context_pop_thread_default (context);
  porch_clock_unfake ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wheel/times", test_times);
  g_test_add_func ("/wheel/changes", test_changes);
  g_test_add_func ("/wheel/clear-while-firing", test_clear_while_firing);
  g_test_add_func ("/wheel/crowd", test_crowd);
  g_test_add_func ("/wheel/source", test_source);
  g_test_add_func ("/wheel/sleep", test_sleep);
  g_test_add_func ("/wheel/standstill", test_standstill);
  return g_test_run ();
}
