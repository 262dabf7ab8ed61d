/* porch-worker.h - one thread for what may wait: a keyring, long copies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tasks run one after the other, in the order in which they came. The thread is made by the first
 * one. A worker belongs to the thread that made it.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PorchWorker PorchWorker;

/* What is to be done: the start of a struct of the caller's. */
typedef struct _PorchTask PorchTask;
struct _PorchTask {
  /* On the worker's thread. */
  void (*run) (PorchTask *task);
  /* On the context that was the thread's default when it was pushed; frees the task. @was_run is
   * FALSE when the worker was stopped before its turn. Called once. */
  void (*done) (PorchTask *task, gboolean was_run);

  /* the worker's own */
  PorchWorker *worker;
  GSource *source;
  GMainContext *context;
  gboolean was_run;
};

PorchWorker *porch_worker_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Stops it first. */
void porch_worker_free (PorchWorker *self);
void porch_worker_push (PorchWorker *self, PorchTask *task);
guint porch_worker_count (PorchWorker *self);

/* Triggered by porch_worker_stop (), for tasks that can end early. */
GCancellable *porch_worker_get_cancellable (PorchWorker *self);
/* Waits for the task that runs; all that were pushed are done when this returns. */
void porch_worker_stop (PorchWorker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchWorker, porch_worker_free)

G_END_DECLS
