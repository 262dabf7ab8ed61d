/* test-worker.c - tasks run elsewhere, one after the other, and each is answered once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-worker.h"

typedef struct {
  PorchTask task;
  guint number;
  GThread *thread, *owner;
  guint *order; /* how many were run before, shared */
  guint place, n_done;
  gboolean was_run;
  GMutex *gate; /* taken while it runs, where there is one */
  PorchWorker *worker;
} Errand;

static void
run (PorchTask *task)
{
  Errand *errand = (Errand *) task;

  if (errand->gate != NULL) {
    g_mutex_lock (errand->gate);
    g_mutex_unlock (errand->gate);
  }
  errand->thread = g_thread_self ();
  errand->place = (*errand->order)++;
}

static void
done (PorchTask *task, gboolean was_run)
{
  Errand *errand = (Errand *) task;

  errand->n_done++;
  errand->was_run = was_run;
  g_assert_true (g_thread_self () == errand->owner);
}

static void
push (PorchWorker *worker, Errand *errand, guint *order)
{
  errand->task = (PorchTask){ .run = run, .done = done };
  errand->order = order;
  errand->owner = g_thread_self ();
  porch_worker_push (worker, &errand->task);
}

static void
test_order (void)
{
  g_autoptr (PorchWorker) worker = porch_worker_new ("test");
  Errand errands[20] = { 0 };
  guint order = 0;

  for (guint i = 0; i < G_N_ELEMENTS (errands); i++)
    push (worker, &errands[i], &order);
  g_assert_cmpuint (porch_worker_count (worker), ==, G_N_ELEMENTS (errands));
  while (porch_worker_count (worker) > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (errands); i++) {
    g_assert_cmpuint (errands[i].place, ==, i);
    g_assert_cmpuint (errands[i].n_done, ==, 1);
    g_assert_true (errands[i].was_run);
    g_assert_true (errands[i].thread != g_thread_self ());
    g_assert_true (errands[i].thread == errands[0].thread);
  }
}

/* The one that runs comes to its end, the others are told that they did not run. */
static void
test_stop (void)
{
  g_autoptr (PorchWorker) worker = porch_worker_new ("test");
  Errand errands[3] = { 0 }, late = { 0 };
  guint order = 0;
  GMutex gate;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  errands[0].gate = &gate;
  for (guint i = 0; i < G_N_ELEMENTS (errands); i++)
    push (worker, &errands[i], &order);
  g_cancellable_cancel (porch_worker_get_cancellable (worker));
  g_mutex_unlock (&gate);
  porch_worker_stop (worker);
  for (guint i = 0; i < G_N_ELEMENTS (errands); i++)
    g_assert_cmpuint (errands[i].n_done, ==, 1);
  g_assert_false (errands[1].was_run);
  g_assert_false (errands[2].was_run);
  /* Whoever comes too late hears so too, and not inside the call. */
  push (worker, &late, &order);
  g_assert_cmpuint (late.n_done, ==, 0);
  while (late.n_done == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late.was_run);
  g_mutex_clear (&gate);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/order", test_order);
  g_test_add_func ("/worker/stop", test_stop);
  return g_test_run ();
}
