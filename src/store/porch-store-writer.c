/* porch-store-writer.c - the one thread that writes: group commit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store-writer.h"

#include "porch-checkpoint.h"
#include "porch-error.h"
#include "porch-health.h"
#include "porch-spot.h"
#include "porch-tx-private.h"

/* So that the first of many does not wait for the last. */
#define BATCH_MAX 256
/* So many events stay alive until others come. See keep_alive (). */
#define N_RECENT 1024
/* With nothing to do for so long, what is in the log goes into the file. */
#define QUIET_US (5 * G_USEC_PER_SEC)

struct _PorchStoreWriter {
  PorchOutlet *outlet;
  gint *health;
  GThread *thread;

  /* the thread's */
  PorchConnection *connection;
  PorchTx tx;
  PorchCheckpoint checkpoint;
  PorchSpot spot;
  PorchEvent *recent[N_RECENT];
  guint n_recent; /* ever; modulo N_RECENT where the next one goes */

  GMutex mutex; /* for all below */
  GCond has_work;
  PorchJob *jobs, **jobs_end;
  guint depth;
  gboolean is_stopping, should_look;
};

static gboolean
run_statement (PorchStoreWriter *self, const char *sql, GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (self->connection, sql, error);

  return statement != NULL && porch_statement_run (statement, error);
}

static void
roll_back (PorchStoreWriter *self)
{
  if (porch_connection_is_in_transaction (self->connection))
    run_statement (self, "ROLLBACK", NULL);
  porch_kept_forget (self->tx.kept);
}

static void
forget_events (PorchJob *job)
{
  g_clear_pointer (&job->events, g_ptr_array_unref);
}

/* FALSE with an error when the transaction is lost, not when the job has failed by itself. With no
 * savepoint @is_spoilt tells that a job that failed had written something. */
static gboolean
run_job (PorchStoreWriter *self,
         PorchJob *job,
         gboolean has_savepoint,
         gboolean *is_spoilt,
         GError **error)
{
  const gint64 n_changes = porch_connection_count_changes (self->connection);
  g_autoptr (GError) problem = NULL;
  gboolean is_fine;

  if (has_savepoint && !run_statement (self, "SAVEPOINT job", error))
    return FALSE;
  self->tx.job = job;
  is_fine = job->run (job, &self->tx, &problem);
  self->tx.job = NULL;

  if (!porch_connection_is_in_transaction (self->connection)) {
    if (problem != NULL)
      g_propagate_error (error, g_steal_pointer (&problem));
    else
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "the transaction was rolled back");
    return FALSE;
  }
  if (is_fine)
    return !has_savepoint || run_statement (self, "RELEASE job", error);

  forget_events (job);
  job->error = problem != NULL ? g_steal_pointer (&problem)
                               : g_error_new (PORCH_ERROR, PORCH_ERROR_INTERNAL,
                                              "a job failed without saying why");
  if (has_savepoint) {
    porch_kept_forget (self->tx.kept);
    return run_statement (self, "ROLLBACK TO job", error) &&
           run_statement (self, "RELEASE job", error);
  }
  *is_spoilt = porch_connection_count_changes (self->connection) != n_changes;
  return TRUE;
}

/* Only what is in a file that has a name is kept. Two looks at names cost a microsecond each. */
static gboolean
check_place (PorchStoreWriter *self, GError **error)
{
  const gboolean is_there = porch_spot_check (&self->spot);

  porch_health_note_place (self->health, is_there);
  if (!is_there)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "%s is not the file that is written",
                 self->spot.path);
  return is_there;
}

static gboolean
run_jobs (PorchStoreWriter *self,
          PorchJob *first,
          gboolean has_savepoints,
          gboolean *is_spoilt,
          GError **error)
{
  if (!run_statement (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  for (PorchJob *job = first; job != NULL && !*is_spoilt; job = job->next)
    if (!run_job (self, job, has_savepoints, is_spoilt, error))
      return FALSE;
  if (*is_spoilt) {
    roll_back (self);
    return TRUE;
  }
  return check_place (self, error) && run_statement (self, "COMMIT", error);
}

/* A savepoint has SQLite copy every page that a job changes. Jobs nearly always succeed, or fail
 * before they write; so a batch runs without, and again with them when that was not so. */
static gboolean
run_jobs_apart (PorchStoreWriter *self, PorchJob *first, GError **error)
{
  const gint64 seq = self->tx.seq;
  gboolean is_spoilt = FALSE;

  if (!run_jobs (self, first, FALSE, &is_spoilt, error))
    return FALSE;
  /* A job that was alone is undone by now. */
  if (!is_spoilt || first->next == NULL)
    return TRUE;
  is_spoilt = FALSE;
  self->tx.seq = seq;
  for (PorchJob *job = first; job != NULL; job = job->next) {
    forget_events (job);
    g_clear_error (&job->error);
  }
  return run_jobs (self, first, TRUE, &is_spoilt, error);
}

/* Nothing of the batch is in the file, whatever its jobs thought. */
static void
fail_all (PorchJob *first, const GError *reason)
{
  const int code = g_error_matches (reason, PORCH_ERROR, PORCH_ERROR_DAMAGED) ? PORCH_ERROR_DAMAGED
                                                                              : PORCH_ERROR_STORAGE;

  for (PorchJob *job = first; job != NULL; job = job->next) {
    forget_events (job);
    g_clear_error (&job->error);
    job->error = g_error_new_literal (PORCH_ERROR, code, reason->message);
  }
}

static gboolean
check_health (PorchStoreWriter *self, GError **error)
{
  if (g_atomic_int_get (self->health) < PORCH_HEALTH_FAILED)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE,
               "the file could not be written safely before; a restart is needed");
  return FALSE;
}

/* Who lets go of an event last frees it. Were that the thread that hears it, the two would wait for
 * each other at the allocator, since memory goes back to where it came from, once a message. So
 * this one holds what it made until it is no news any more. */
static void
keep_alive (PorchStoreWriter *self, PorchJob *first)
{
  for (PorchJob *job = first; job != NULL; job = job->next) {
    for (guint i = 0; job->events != NULL && i < job->events->len; i++) {
      PorchEvent **slot = &self->recent[self->n_recent++ % N_RECENT];

      g_clear_pointer (slot, porch_event_unref);
      *slot = porch_event_ref (job->events->pdata[i]);
    }
  }
}

static void
let_go (PorchStoreWriter *self)
{
  for (guint i = 0; i < N_RECENT; i++)
    g_clear_pointer (&self->recent[i], porch_event_unref);
  self->n_recent = 0;
}

static void
run_batch (PorchStoreWriter *self, PorchJob *first, PorchJob *last)
{
  g_autoptr (GError) error = NULL;
  const guint n_commits = self->connection->n_commits;

  if (!check_health (self, &error) || !run_jobs_apart (self, first, &error)) {
    porch_health_note (self->health, self->connection);
    roll_back (self);
    fail_all (first, error);
  } else if (self->connection->n_commits != n_commits)
    porch_health_note_written (self->health);
  /* A job that failed by itself may have met a damaged page. */
  porch_health_note (self->health, self->connection);
  keep_alive (self, first);
  porch_outlet_put_jobs (self->outlet, first, last);
}

static void
copy_log (PorchStoreWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (g_atomic_int_get (self->health) >= PORCH_HEALTH_FAILED ||
      porch_checkpoint_run (&self->checkpoint, self->connection, &error))
    return;
  g_info ("%s", error->message);
  /* What the log holds is safe, so a file that cannot grow now is no fault yet: the next write
   * will tell. */
  porch_health_note (self->health, self->connection);
}

/* Somebody wants to know how things are: what refused to be written is tried again. */
static void
look (PorchStoreWriter *self)
{
  static const char nothing[] = "UPDATE setting SET value = value WHERE key = 'epoch'";
  const PorchHealth health = g_atomic_int_get (self->health);

  if (!PORCH_HEALTH_HEALS (health))
    return;
  if (check_place (self, NULL) &&
      (health == PORCH_HEALTH_FULL || health == PORCH_HEALTH_READ_ONLY)) {
    if (run_statement (self, nothing, NULL))
      porch_health_note_written (self->health);
    porch_health_note (self->health, self->connection);
  }
  porch_outlet_wake (self->outlet);
}

/* With the mutex held, and nothing waiting: sleeps, or uses the time. */
static void
wait_for_work (PorchStoreWriter *self)
{
  if (self->should_look) {
    self->should_look = FALSE;
    g_mutex_unlock (&self->mutex);
    look (self);
    g_mutex_lock (&self->mutex);
    return;
  }
  /* The log of a file that lost its name, or may have lost pages, is left for the next start. */
  if (g_atomic_int_get (self->health) >= PORCH_HEALTH_GONE ||
      !porch_checkpoint_is_due (&self->checkpoint, self->connection, PORCH_LOAD_QUIET)) {
    /* A thousand long messages are no memory for a server that sleeps. */
    if (self->n_recent > 0) {
      g_mutex_unlock (&self->mutex);
      let_go (self);
      g_mutex_lock (&self->mutex);
    } else
      g_cond_wait (&self->has_work, &self->mutex);
    return;
  }
  if (!porch_checkpoint_is_due (&self->checkpoint, self->connection, PORCH_LOAD_IDLE) &&
      g_cond_wait_until (&self->has_work, &self->mutex, g_get_monotonic_time () + QUIET_US))
    return;

  g_mutex_unlock (&self->mutex);
  copy_log (self);
  g_mutex_lock (&self->mutex);
}

/* The next jobs as a chain; NULL at the end. */
static PorchJob *
take_batch (PorchStoreWriter *self, PorchJob **last)
{
  PorchJob *first;

  g_mutex_lock (&self->mutex);
  while (self->jobs == NULL && !self->is_stopping)
    wait_for_work (self);
  first = *last = self->jobs;
  for (guint n = 1; first != NULL && n < BATCH_MAX && (*last)->next != NULL; n++)
    *last = (*last)->next;
  if (first != NULL) {
    self->jobs = (*last)->next;
    (*last)->next = NULL;
  }
  if (self->jobs == NULL)
    self->jobs_end = &self->jobs;
  for (PorchJob *job = first; job != NULL; job = job->next)
    self->depth--;
  g_mutex_unlock (&self->mutex);
  return first;
}

static gpointer
run_thread (gpointer data)
{
  PorchStoreWriter *self = data;
  PorchJob *first, *last;

  while ((first = take_batch (self, &last)) != NULL) {
    run_batch (self, first, last);
    if (porch_checkpoint_is_due (&self->checkpoint, self->connection, PORCH_LOAD_BUSY))
      copy_log (self);
  }
  return NULL;
}

PorchStoreWriter *
porch_store_writer_new (PorchConnection *connection,
                        const char *path,
                        PorchOutlet *outlet,
                        gint64 seq,
                        gint *health)
{
  PorchStoreWriter *self = g_new0 (PorchStoreWriter, 1);

  self->connection = connection;
  self->outlet = outlet;
  self->health = health;
  porch_spot_init (&self->spot, path);
  porch_tx_init (&self->tx, connection);
  self->tx.seq = seq;
  self->tx.kept = porch_kept_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->has_work);
  self->jobs_end = &self->jobs;
  self->thread = g_thread_new ("porch-writer", run_thread, self);
  return self;
}

void
porch_store_writer_stop (PorchStoreWriter *self)
{
  g_mutex_lock (&self->mutex);
  self->is_stopping = TRUE;
  g_cond_signal (&self->has_work);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->thread, g_thread_join);
}

void
porch_store_writer_close (PorchStoreWriter *self)
{
  if (g_atomic_int_get (self->health) < PORCH_HEALTH_GONE)
    check_place (self, NULL);
  /* A disk that failed is left alone: the next start reads the log. So is another file's log. */
  if (g_atomic_int_get (self->health) >= PORCH_HEALTH_GONE)
    porch_connection_keep_log (self->connection);
  g_clear_pointer (&self->connection, porch_connection_close);
  porch_tx_clear (&self->tx);
}

void
porch_store_writer_free (PorchStoreWriter *self)
{
  porch_spot_clear (&self->spot);
  let_go (self);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->has_work);
  g_free (self);
}

void
porch_store_writer_submit (PorchStoreWriter *self, PorchJob *job)
{
  GError *refusal = NULL;

  job->next = NULL;
  job->error = NULL;
  job->events = NULL;

  g_mutex_lock (&self->mutex);
  if (self->is_stopping)
    refusal = g_error_new (PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the store is closing");
  else if (self->depth >= PORCH_STORE_QUEUE_MAX)
    refusal = g_error_new (PORCH_ERROR, PORCH_ERROR_BUSY, "%u writes wait", self->depth);
  else {
    *self->jobs_end = job;
    self->jobs_end = &job->next;
    if (self->depth++ == 0)
      g_cond_signal (&self->has_work);
  }
  g_mutex_unlock (&self->mutex);

  /* A job that was taken in may be gone by now. */
  if (refusal != NULL) {
    job->error = refusal;
    porch_outlet_put_jobs (self->outlet, job, job);
  }
}

void
porch_store_writer_look (PorchStoreWriter *self)
{
  g_mutex_lock (&self->mutex);
  self->should_look = TRUE;
  g_cond_signal (&self->has_work);
  g_mutex_unlock (&self->mutex);
}
