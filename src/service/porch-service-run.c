/* porch-service-run.c - commands and questions on their way through the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-error.h"
#include "porch-id.h"

#include <string.h>

/* A command on its way through the store. The result lies behind the struct. */
typedef struct {
  union {
    PorchJob job;
    PorchQuery query;
  } store;
  PorchService *service;
  const PorchCommand *command;
  gpointer in;
  PorchCommandDone done;
  PorchAnswerDone answered;
  gpointer data;
  GString *answer;
  char *subject, *key, *request_hash;
  gint64 out[];
} Front;

static void
free_front (Front *front)
{
  porch_command_free_input (front->command, front->in);
  if (front->command->clear_out != NULL)
    front->command->clear_out (front->out);
  if (front->answer != NULL)
    g_string_free (front->answer, TRUE);
  g_clear_pointer (&front->subject, g_free);
  g_clear_pointer (&front->key, g_free);
  g_clear_pointer (&front->request_hash, g_free);
  g_clear_object (&front->service);
  g_free (front);
}

static void
finish_front (Front *front, const GError *error)
{
  if (front->done != NULL)
    front->done (front->in, front->out, error, front->data);
  if (front->answered != NULL)
    front->answered (error == NULL ? g_steal_pointer (&front->answer) : NULL, error, front->data);
  free_front (front);
}

/* TRUE when the same request was answered before. */
static gboolean
find_known_answer (Front *front, PorchTx *tx, gboolean *is_known, GError **error)
{
  GError *failure = NULL;
  g_autoptr (PorchAnswer) known = NULL;

  *is_known = FALSE;
  if (front->key == NULL)
    return TRUE;
  known = porch_tx_find_answer (tx, front->subject, front->key, &failure);
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (known == NULL)
    return TRUE;
  if (strcmp (known->request_hash, front->request_hash) != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_ID_CONFLICT,
                 "this Idempotency-Key was another request");
    return FALSE;
  }
  *is_known = TRUE;
  g_string_assign (front->answer, known->body);
  return TRUE;
}

/* The store may have undone a first run. */
static void
begin_anew (Front *front)
{
  if (front->command->clear_out != NULL)
    front->command->clear_out (front->out);
  memset (front->out, 0, front->command->out_size);
  if (front->answer != NULL)
    g_string_truncate (front->answer, 0);
}

static gboolean
run_front (Front *front, PorchTx *tx, GError **error)
{
  PorchAnswer answer = { .request_hash = front->request_hash, .status = 200 };
  gboolean is_known = FALSE;

  begin_anew (front);
  if (!find_known_answer (front, tx, &is_known, error))
    return FALSE;
  if (is_known)
    return TRUE;
  if (!front->command->run (tx, front->in, front->out, error))
    return FALSE;
  if (front->answer != NULL && front->command->render != NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (front->answer);

    front->command->render (front->out, &writer);
  }
  if (front->key == NULL)
    return TRUE;
  answer.body = front->answer->str;
  return porch_tx_put_answer (tx, front->subject, front->key, &answer, error);
}

static gboolean
run_job (PorchJob *job, PorchTx *tx, GError **error)
{
  return run_front ((Front *) job, tx, error);
}

static void
on_job_done (PorchJob *job, const GError *error)
{
  finish_front ((Front *) job, error);
}

static gboolean
run_query (PorchQuery *query, PorchTx *tx, GError **error)
{
  return run_front ((Front *) query, tx, error);
}

static void
on_query_done (PorchQuery *query, const GError *error)
{
  finish_front ((Front *) query, error);
}

static Front *
new_front (PorchService *self, const PorchCommand *command, gpointer in, gpointer data)
{
  Front *front;

  porch_service_notice_clock (self);
  front = g_malloc0 (sizeof (Front) + MAX (command->out_size, sizeof (gint64)));

  front->service = g_object_ref (self);
  front->command = command;
  front->in = in;
  front->data = data;
  if (command->is_question) {
    front->store.query.run = run_query;
    front->store.query.done = on_query_done;
  } else {
    front->store.job.run = run_job;
    front->store.job.done = on_job_done;
  }
  return front;
}

static void
submit (Front *front)
{
  if (front->command->is_question)
    porch_store_query (front->service->store, &front->store.query);
  else
    porch_store_submit (front->service->store, &front->store.job);
}

PorchAsker *
porch_asker_new (PorchService *service, PorchAnswerDone done, gpointer data)
{
  PorchAsker *asker = g_new (PorchAsker, 1);

  *asker = (PorchAsker){ service, done, data };
  return asker;
}

void
porch_service_run (PorchService *self,
                   const PorchCommand *command,
                   gpointer in,
                   PorchCommandDone done,
                   gpointer data)
{
  Front *front = new_front (self, command, in, data);

  front->done = done;
  submit (front);
}

void
porch_service_run_once (PorchService *self,
                        const PorchCommand *command,
                        gpointer in,
                        const PorchOnce *once,
                        PorchCommandDone done,
                        PorchAnswerDone answered,
                        gpointer data)
{
  Front *front = new_front (self, command, in, data);

  front->done = done;
  front->answered = answered;
  front->answer = g_string_new (NULL);
  if (once != NULL && once->key != NULL && !command->is_question) {
    front->subject = g_strdup (once->subject);
    front->key = g_strdup (once->key);
    front->request_hash = porch_token_hash (once->request);
  }
  submit (front);
}

void
porch_service_answer (PorchService *self,
                      const PorchCommand *command,
                      gpointer in,
                      const PorchOnce *once,
                      PorchAnswerDone done,
                      gpointer data)
{
  porch_service_run_once (self, command, in, once, NULL, done, data);
}
