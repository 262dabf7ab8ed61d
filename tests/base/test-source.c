/* test-source.c - timers and idles run where they were asked for, until they are ended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-source.h"

typedef struct {
  GMainContext *context; /* not the default one */
  guint n_calls;
  guint n_wanted; /* calls after which it removes itself */
  GThread *thread;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
}

static gboolean
on_due (gpointer data)
{
  Fixture *self = data;

  self->thread = g_thread_self ();
  return ++self->n_calls < self->n_wanted ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
run_out (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    continue;
}

static void
test_idle (Fixture *self, gconstpointer data)
{
  GSource *source = porch_source_idle (on_due, self);

  self->n_wanted = 3;
  g_assert_true (g_source_get_context (source) == self->context);
  /* Whoever runs the default context does not run this. */
  run_out (NULL);
  g_assert_cmpuint (self->n_calls, ==, 0);
  run_out (self->context);
  g_assert_cmpuint (self->n_calls, ==, 3);
  g_assert_true (self->thread == g_thread_self ());
  g_assert_true (g_source_is_destroyed (source));
  porch_source_clear (&source);
  g_assert_null (source);
}

static void
test_timeout (Fixture *self, gconstpointer data)
{
  const gint64 begin = g_get_monotonic_time ();
  GSource *source = porch_source_timeout (20, on_due, self);

  self->n_wanted = 2;
  while (self->n_calls < 2 && g_get_monotonic_time () - begin < 10 * G_USEC_PER_SEC)
    g_main_context_iteration (self->context, TRUE);
  g_assert_cmpuint (self->n_calls, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2 * 20 * 1000 - 2000);
  porch_source_clear (&source);
}

static void
test_clear (Fixture *self, gconstpointer data)
{
  GSource *idle = porch_source_idle (on_due, self);
  GSource *timeout = porch_source_timeout (0, on_due, self);
  GSource *none = NULL;

  porch_source_clear (&idle);
  porch_source_clear (&timeout);
  porch_source_clear (&none);
  g_assert_null (idle);
  g_assert_null (timeout);
  run_out (self->context);
  g_assert_cmpuint (self->n_calls, ==, 0);
}

static GSource *cleared_inside;

static gboolean
on_due_clear (gpointer data)
{
  guint *n_calls = data;

  (*n_calls)++;
  porch_source_clear (&cleared_inside);
  return G_SOURCE_CONTINUE;
}

/* A source may be ended from its own function. */
static void
test_clear_inside (Fixture *self, gconstpointer data)
{
  cleared_inside = porch_source_idle (on_due_clear, &self->n_calls);
  run_out (self->context);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_null (cleared_inside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/source/idle", Fixture, NULL, set_up, test_idle, tear_down);
  g_test_add ("/source/timeout", Fixture, NULL, set_up, test_timeout, tear_down);
  g_test_add ("/source/clear", Fixture, NULL, set_up, test_clear, tear_down);
  g_test_add ("/source/clear-inside", Fixture, NULL, set_up, test_clear_inside, tear_down);
  return g_test_run ();
}
