/* porch-cache.c - a window's own file: drafts, and messages that no server has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A queue of jobs and a thread that does them, one after the other. The thread owns the connection;
 * what crosses are copies.
 */
#include "config.h"

#include "porch-cache.h"

#include "porch-cache-file.h"
#include "porch-error.h"

typedef enum {
  JOB_LOAD,
  JOB_KEEP,
  JOB_CHANGE,
  JOB_FORGET,
  JOB_DRAFT,
  JOB_CLOSE
} JobKind;

typedef struct {
  JobKind kind;
  PorchPending *pending;
  GPtrArray *pendings;
  PorchDraft *draft;
  char *id;
} Job;

/* What the thread and the object share; whoever leaves last frees it. */
typedef struct {
  gatomicrefcount ref_count;
  char *path;
  GAsyncQueue *tasks; /* of GTask with a Job */
  GMutex mutex;
  GCond cond;
  gboolean is_over; /* under the mutex */
} Work;

struct _PorchCache {
  GObject parent_instance;

  Work *work; /* NULL once closed */
};

G_DEFINE_FINAL_TYPE (PorchCache, porch_cache, G_TYPE_OBJECT)

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->pending, porch_pending_free);
  g_clear_pointer (&job->pendings, g_ptr_array_unref);
  g_clear_pointer (&job->draft, porch_draft_free);
  g_clear_pointer (&job->id, g_free);
  g_free (job);
}

static void
unref_work (Work *work)
{
  if (!g_atomic_ref_count_dec (&work->ref_count))
    return;
  g_async_queue_unref (work->tasks);
  g_mutex_clear (&work->mutex);
  g_cond_clear (&work->cond);
  g_clear_pointer (&work->path, g_free);
  g_free (work);
}

static gboolean
write_job (PorchConnection *db, const Job *job, GError **error)
{
  switch (job->kind) {
  case JOB_KEEP:
    return porch_cache_file_keep (db, job->pending, error);
  case JOB_CHANGE:
    return porch_cache_file_change (db, job->pendings, error);
  case JOB_FORGET:
    return porch_cache_file_forget (db, job->id, error);
  case JOB_DRAFT:
    return porch_cache_file_set_draft (db, job->draft, error);
  case JOB_LOAD:
  case JOB_CLOSE:
    break;
  }
  g_return_val_if_reached (FALSE);
}

static void
run_job (PorchConnection *db, const GError *unusable, GTask *task)
{
  const Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (db == NULL) {
    g_task_return_error (task, g_error_copy (unusable));
  } else if (job->kind == JOB_LOAD) {
    PorchCacheContents *contents = porch_cache_file_load (db, &error);

    if (contents != NULL)
      g_task_return_pointer (task, contents, (GDestroyNotify) porch_cache_contents_free);
    else
      g_task_return_error (task, g_steal_pointer (&error));
  } else if (write_job (db, job, &error)) {
    g_task_return_boolean (task, TRUE);
  } else {
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

static gpointer
work_thread (gpointer data)
{
  Work *work = data;
  g_autoptr (GError) unusable = NULL;
  PorchConnection *db = porch_cache_file_open (work->path, &unusable);
  gboolean goes_on = TRUE;

  while (goes_on) {
    g_autoptr (GTask) task = g_async_queue_pop (work->tasks);
    const Job *job = g_task_get_task_data (task);

    goes_on = job->kind != JOB_CLOSE;
    if (goes_on)
      run_job (db, unusable, task);
    if (db != NULL)
      porch_cache_file_tidy (db);
  }
  porch_connection_close (db);

  g_mutex_lock (&work->mutex);
  work->is_over = TRUE;
  g_cond_signal (&work->cond);
  g_mutex_unlock (&work->mutex);
  unref_work (work);
  return NULL;
}

/* Takes @job. */
static void
submit (PorchCache *self, Job *job, GAsyncReadyCallback callback, gpointer user_data)
{
  /* Without a source object: the thread must never hold the last reference of the cache. */
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, submit);
  g_task_set_task_data (task, job, free_job);
  if (self->work != NULL) {
    g_async_queue_push (self->work->tasks, task);
    return;
  }
  g_task_return_new_error (task, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the cache was closed");
  g_object_unref (task);
}

static void
porch_cache_dispose (GObject *object)
{
  porch_cache_close (PORCH_CACHE (object), 0);

  G_OBJECT_CLASS (porch_cache_parent_class)->dispose (object);
}

static void
porch_cache_class_init (PorchCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_cache_dispose;
}

static void
porch_cache_init (PorchCache *self)
{
}

PorchCache *
porch_cache_new (const char *path)
{
  PorchCache *self = g_object_new (PORCH_TYPE_CACHE, NULL);
  Work *work = g_new0 (Work, 1);

  g_atomic_ref_count_init (&work->ref_count);
  g_atomic_ref_count_inc (&work->ref_count);
  work->path = g_strdup (path);
  work->tasks = g_async_queue_new_full (g_object_unref);
  g_mutex_init (&work->mutex);
  g_cond_init (&work->cond);
  self->work = work;
  g_thread_unref (g_thread_new ("porch-cache", work_thread, work));
  return self;
}

gboolean
porch_cache_close (PorchCache *self, guint timeout_ms)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_ms * (gint64) 1000;
  Work *work = g_steal_pointer (&self->work);
  Job *job = NULL;
  GTask *task = NULL;
  gboolean is_over = TRUE;

  if (work == NULL)
    return TRUE;
  job = g_new0 (Job, 1);
  job->kind = JOB_CLOSE;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, job, free_job);
  g_async_queue_push (work->tasks, task);

  g_mutex_lock (&work->mutex);
  while (!work->is_over && is_over)
    is_over = timeout_ms > 0 && g_cond_wait_until (&work->cond, &work->mutex, deadline);
  is_over = work->is_over;
  g_mutex_unlock (&work->mutex);
  unref_work (work);
  return is_over;
}

void
porch_cache_load_async (PorchCache *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_LOAD;
  submit (self, job, callback, user_data);
}

PorchCacheContents *
porch_cache_load_finish (PorchCache *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
porch_cache_keep_async (PorchCache *self,
                        const PorchPending *pending,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_KEEP;
  job->pending = porch_pending_copy (pending);
  submit (self, job, callback, user_data);
}

static gpointer
copy_pending (gconstpointer pending, gpointer data)
{
  return porch_pending_copy (pending);
}

void
porch_cache_change_async (PorchCache *self,
                          GPtrArray *pendings,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_CHANGE;
  job->pendings = g_ptr_array_copy (pendings, copy_pending, NULL);
  g_ptr_array_set_free_func (job->pendings, (GDestroyNotify) porch_pending_free);
  submit (self, job, callback, user_data);
}

void
porch_cache_forget_async (PorchCache *self,
                          const char *id,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_FORGET;
  job->id = g_strdup (id);
  submit (self, job, callback, user_data);
}

void
porch_cache_set_draft_async (PorchCache *self,
                             const PorchDraft *draft,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_DRAFT;
  job->draft = porch_draft_new (draft->conversation, draft->text, draft->is_note);
  submit (self, job, callback, user_data);
}

gboolean
porch_cache_write_finish (PorchCache *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
