/* porch-store-reader.c - two threads that read, each in a transaction of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store-reader.h"

#include "porch-error.h"
#include "porch-health.h"
#include "porch-tx-private.h"

#define N_READERS 2

typedef struct {
  PorchStoreReader *owner;
  PorchConnection *connection;
  PorchTx tx;
  GThread *thread;
} Reader;

struct _PorchStoreReader {
  PorchOutlet *outlet;
  gint *health;
  Reader readers[N_READERS];

  GMutex mutex; /* for all below */
  GCond has_work;
  PorchQuery *queries, **queries_end;
  guint depth;
  gboolean is_stopping;
};

static gboolean
run_statement (Reader *reader, const char *sql, GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (reader->connection, sql, error);

  return statement != NULL && porch_statement_run (statement, error);
}

/* All that one query reads is of one moment. */
static void
run_query (Reader *reader, PorchQuery *query)
{
  if (!run_statement (reader, "BEGIN", &query->error))
    return;
  if (!query->run (query, &reader->tx, &query->error) && query->error == NULL)
    query->error =
      g_error_new (PORCH_ERROR, PORCH_ERROR_INTERNAL, "a query failed without saying why");
  if (porch_connection_is_in_transaction (reader->connection))
    run_statement (reader, "ROLLBACK", NULL);
}

/* NULL at the end. */
static PorchQuery *
take_query (PorchStoreReader *self)
{
  PorchQuery *query;

  g_mutex_lock (&self->mutex);
  while (self->queries == NULL && !self->is_stopping)
    g_cond_wait (&self->has_work, &self->mutex);
  query = self->queries;
  if (query != NULL) {
    self->queries = query->next;
    self->depth--;
  }
  if (self->queries == NULL)
    self->queries_end = &self->queries;
  g_mutex_unlock (&self->mutex);
  return query;
}

static gpointer
run_thread (gpointer data)
{
  Reader *reader = data;
  PorchStoreReader *self = reader->owner;
  PorchQuery *query;

  while ((query = take_query (self)) != NULL) {
    int system_errno = 0, failure;

    run_query (reader, query);
    failure = porch_connection_take_failure (reader->connection, &system_errno);
    /* A reader learns that pages are damaged, but nothing about what can be written. */
    if (porch_health_judge (failure, system_errno) == PORCH_HEALTH_DAMAGED)
      g_atomic_int_set (self->health, PORCH_HEALTH_DAMAGED);
    porch_outlet_put_query (self->outlet, query);
  }
  return NULL;
}

PorchStoreReader *
porch_store_reader_new (const char *path, PorchOutlet *outlet, gint *health, GError **error)
{
  PorchStoreReader *self = g_new0 (PorchStoreReader, 1);

  self->outlet = outlet;
  self->health = health;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->has_work);
  self->queries_end = &self->queries;
  for (guint i = 0; i < N_READERS; i++) {
    Reader *reader = &self->readers[i];

    reader->owner = self;
    reader->connection = porch_connection_open (path, PORCH_CONNECTION_READER, error);
    if (reader->connection == NULL) {
      porch_store_reader_stop (self);
      porch_store_reader_free (self);
      return NULL;
    }
    porch_tx_init (&reader->tx, reader->connection);
    reader->thread = g_thread_new ("porch-reader", run_thread, reader);
  }
  return self;
}

void
porch_store_reader_stop (PorchStoreReader *self)
{
  g_mutex_lock (&self->mutex);
  self->is_stopping = TRUE;
  g_cond_broadcast (&self->has_work);
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < N_READERS; i++) {
    g_clear_pointer (&self->readers[i].thread, g_thread_join);
    g_clear_pointer (&self->readers[i].connection, porch_connection_close);
    porch_tx_clear (&self->readers[i].tx);
  }
}

void
porch_store_reader_free (PorchStoreReader *self)
{
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->has_work);
  g_free (self);
}

void
porch_store_reader_submit (PorchStoreReader *self, PorchQuery *query)
{
  GError *refusal = NULL;

  query->next = NULL;
  query->error = NULL;

  g_mutex_lock (&self->mutex);
  if (self->is_stopping)
    refusal = g_error_new (PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the store is closing");
  else if (self->depth >= PORCH_STORE_QUEUE_MAX)
    refusal = g_error_new (PORCH_ERROR, PORCH_ERROR_BUSY, "%u reads wait", self->depth);
  else {
    *self->queries_end = query;
    self->queries_end = &query->next;
    self->depth++;
    g_cond_signal (&self->has_work);
  }
  g_mutex_unlock (&self->mutex);

  /* A query that was taken in may be gone by now. */
  if (refusal != NULL) {
    query->error = refusal;
    porch_outlet_put_query (self->outlet, query);
  }
}
