/* porch-outlet.c - hands the results of other threads out on the store's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-outlet.h"

#include "porch-stall.h"

/* One dispatch ends after so many results or so long, whichever comes first. */
#define RESULTS_MAX 64
#define DISPATCH_US 2000
/* So many events of one job stay together, which is all that most jobs have. */
#define EVENTS_TOGETHER 32

struct _PorchOutlet {
  GSource *source;
  PorchStorePublisher publisher;
  gpointer publisher_data;
  gint64 seq;
  gint *health, told_health; /* atomic, both */
  PorchHealthChanged health_changed;
  gpointer health_data;
  GPtrArray *events; /* of the last job, while some of them are not told */
  guint n_told;

  GMutex mutex; /* for all below */
  PorchJob *jobs, **jobs_end;
  PorchQuery *queries, **queries_end;
};

typedef struct {
  GSource source;
  PorchOutlet *outlet;
} ResultSource;

static PorchJob *
take_job (PorchOutlet *self)
{
  PorchJob *job;

  g_mutex_lock (&self->mutex);
  job = self->jobs;
  if (job != NULL)
    self->jobs = job->next;
  if (self->jobs == NULL)
    self->jobs_end = &self->jobs;
  g_mutex_unlock (&self->mutex);
  return job;
}

static PorchQuery *
take_query (PorchOutlet *self)
{
  PorchQuery *query;

  g_mutex_lock (&self->mutex);
  query = self->queries;
  if (query != NULL)
    self->queries = query->next;
  if (self->queries == NULL)
    self->queries_end = &self->queries;
  g_mutex_unlock (&self->mutex);
  return query;
}

static void
deliver_job (PorchOutlet *self, PorchJob *job)
{
  g_autoptr (GError) error = g_steal_pointer (&job->error);
  GPtrArray *events = g_steal_pointer (&job->events);

  job->next = NULL;
  job->done (job, error);
  /* Each is let go of when it is told: thousands at once would take as long as telling them. */
  if (events != NULL)
    g_ptr_array_set_free_func (events, NULL);
  self->events = events;
  self->n_told = 0;
}

static void
tell_next (PorchOutlet *self)
{
  g_autoptr (PorchEvent) event = self->events->pdata[self->n_told++];

  if (self->n_told == self->events->len)
    g_clear_pointer (&self->events, g_ptr_array_unref);
  self->seq = MAX (self->seq, event->seq);
  if (self->publisher != NULL)
    self->publisher (event, self->publisher_data);
}

/* A clock that is set changes every conversation in one job: the next dispatch goes on. */
static void
tell_some (PorchOutlet *self, gint64 until_us)
{
  while (self->events != NULL) {
    tell_next (self);
    if (self->n_told % EVENTS_TOGETHER == 0 && g_get_monotonic_time () > until_us)
      return;
  }
}

static void
deliver_query (PorchQuery *query)
{
  g_autoptr (GError) error = g_steal_pointer (&query->error);

  query->next = NULL;
  query->done (query, error);
}

/* FALSE when nothing is left. One of each in turn, so that neither waits for all of the other. */
static gboolean
deliver_some (PorchOutlet *self, int n_max, gint64 until_us)
{
  for (int n = 0; n < n_max; n++) {
    PorchJob *job = self->events == NULL ? take_job (self) : NULL;
    PorchQuery *query = take_query (self);

    if (job == NULL && query == NULL && self->events == NULL)
      return FALSE;
    if (job != NULL)
      deliver_job (self, job);
    tell_some (self, until_us);
    if (query != NULL)
      deliver_query (query);
    if (g_get_monotonic_time () > until_us)
      return TRUE;
  }
  return TRUE;
}

static void
tell_health (PorchOutlet *self)
{
  const gint health = g_atomic_int_get (self->health);

  if (health == g_atomic_int_get (&self->told_health))
    return;
  g_atomic_int_set (&self->told_health, health);
  if (self->health_changed != NULL)
    self->health_changed (self->health_data);
}

static void
clear (PorchOutlet *self)
{
  g_mutex_clear (&self->mutex);
}

static void
release (PorchOutlet *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) clear);
}

static gboolean
on_results (GSource *source, GSourceFunc func, gpointer data)
{
  /* A `done` may let go of the store, and the store of this. */
  PorchOutlet *self = g_rc_box_acquire (((ResultSource *) source)->outlet);
  const gint64 begin = porch_stall_begin ();

  g_source_set_ready_time (source, -1);
  tell_health (self);
  if (deliver_some (self, RESULTS_MAX, g_get_monotonic_time () + DISPATCH_US) &&
      !g_source_is_destroyed (source))
    g_source_set_ready_time (source, 0);
  porch_stall_end (begin, "the store's results");
  release (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs result_funcs = { .dispatch = on_results };

PorchOutlet *
porch_outlet_new (gint64 seq, gint *health)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  PorchOutlet *self = g_rc_box_new0 (PorchOutlet);

  self->seq = seq;
  self->health = health;
  g_mutex_init (&self->mutex);
  self->jobs_end = &self->jobs;
  self->queries_end = &self->queries;
  self->source = g_source_new (&result_funcs, sizeof (ResultSource));
  ((ResultSource *) self->source)->outlet = self;
  g_source_set_static_name (self->source, "porch-store results");
  g_source_attach (self->source, context);
  return self;
}

void
porch_outlet_free (PorchOutlet *self)
{
  porch_outlet_drain (self);
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  release (self);
}

void
porch_outlet_put_jobs (PorchOutlet *self, PorchJob *first, PorchJob *last)
{
  g_mutex_lock (&self->mutex);
  *self->jobs_end = first;
  self->jobs_end = &last->next;
  last->next = NULL;
  g_mutex_unlock (&self->mutex);
  g_source_set_ready_time (self->source, 0);
}

void
porch_outlet_put_query (PorchOutlet *self, PorchQuery *query)
{
  g_mutex_lock (&self->mutex);
  *self->queries_end = query;
  self->queries_end = &query->next;
  query->next = NULL;
  g_mutex_unlock (&self->mutex);
  g_source_set_ready_time (self->source, 0);
}

void
porch_outlet_wake (PorchOutlet *self)
{
  if (g_atomic_int_get (self->health) != g_atomic_int_get (&self->told_health))
    g_source_set_ready_time (self->source, 0);
}

void
porch_outlet_on_health (PorchOutlet *self, PorchHealthChanged func, gpointer data)
{
  self->health_changed = func;
  self->health_data = data;
}

void
porch_outlet_drain (PorchOutlet *self)
{
  while (deliver_some (self, G_MAXINT, G_MAXINT64))
    continue;
}

void
porch_outlet_set_publisher (PorchOutlet *self, PorchStorePublisher publisher, gpointer data)
{
  self->publisher = publisher;
  self->publisher_data = data;
}

gint64
porch_outlet_get_seq (PorchOutlet *self)
{
  return self->seq;
}
