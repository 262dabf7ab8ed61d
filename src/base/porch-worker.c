/* porch-worker.c - one thread for what may wait: a keyring, long copies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-worker.h"

#include "porch-stall.h"

struct _PorchWorker {
  char *name;
  gboolean is_stopped;
  GThread *thread;    /* NULL before the first task */
  GAsyncQueue *queue; /* of PorchTask, and of the worker itself as the last one */
  GQueue waiting;     /* of PorchTask, pushed and not done */
  GCancellable *cancellable;
};

/* The end of @task. */
static void
finish (PorchTask *task)
{
  PorchWorker *self = task->worker;

  g_queue_remove (&self->waiting, task);
  g_source_destroy (task->source);
  g_source_unref (task->source);
  g_main_context_unref (task->context);
  task->done (task, task->was_run);
}

static gboolean
on_run (gpointer data)
{
  gint64 begin = porch_stall_begin ();

  finish (data);
  porch_stall_end (begin, "a worker's answer");
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  PorchWorker *self = data;
  gpointer task;

  while ((task = g_async_queue_pop (self->queue)) != self) {
    PorchTask *next = task;

    if (!g_cancellable_is_cancelled (self->cancellable)) {
      next->run (next);
      next->was_run = TRUE;
    }
    g_source_attach (next->source, next->context);
  }
  return NULL;
}

PorchWorker *
porch_worker_new (const char *name)
{
  PorchWorker *self = g_new0 (PorchWorker, 1);

  self->name = g_strdup (name);
  self->queue = g_async_queue_new ();
  self->cancellable = g_cancellable_new ();
  return self;
}

void
porch_worker_free (PorchWorker *self)
{
  porch_worker_stop (self);
  g_async_queue_unref (self->queue);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}

void
porch_worker_push (PorchWorker *self, PorchTask *task)
{
  task->worker = self;
  task->was_run = FALSE;
  task->context = g_main_context_ref_thread_default ();
  task->source = g_idle_source_new ();
  g_source_set_priority (task->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (task->source, on_run, task, NULL);
  g_queue_push_tail (&self->waiting, task);
  if (self->is_stopped) {
    g_source_attach (task->source, task->context);
    return;
  }
  if (self->thread == NULL)
    self->thread = g_thread_new (self->name, work, self);
  g_async_queue_push (self->queue, task);
}

guint
porch_worker_count (PorchWorker *self)
{
  return g_queue_get_length (&self->waiting);
}

GCancellable *
porch_worker_get_cancellable (PorchWorker *self)
{
  return self->cancellable;
}

void
porch_worker_stop (PorchWorker *self)
{
  self->is_stopped = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->thread != NULL) {
    g_async_queue_push (self->queue, self);
    g_thread_join (g_steal_pointer (&self->thread));
  }
  while (!g_queue_is_empty (&self->waiting))
    finish (g_queue_peek_head (&self->waiting));
}
