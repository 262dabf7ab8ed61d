/* porch-service.c - the fronts of the use cases: running commands, the business, the passing of
 * time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-prune.h"
#include "porch-source.h"

#include <string.h>

/* In one command, so that what people write meanwhile comes between. */
#define CHANGED_AT_ONCE 50
#define PRUNE_EVERY_US  (10 * 60 * G_TIME_SPAN_SECOND)
#define TIMER_MAX_US    (60 * G_TIME_SPAN_SECOND)

/* Of signing in. */
#define ACCOUNT_FAILURES_MAX 5
#define ACCOUNT_WINDOW_US    (15 * 60 * G_TIME_SPAN_SECOND)
#define PEER_FAILURES_MAX    20
#define PEER_WINDOW_US       (60 * 60 * G_TIME_SPAN_SECOND)

G_DEFINE_FINAL_TYPE (PorchService, porch_service, G_TYPE_OBJECT)

/* ---- running ---- */

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
  g_free (front->subject);
  g_free (front->key);
  g_free (front->request_hash);
  g_object_unref (front->service);
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

/* ---- the passing of time ---- */

static void pass_time (PorchService *self);

static gboolean
on_timer (gpointer data)
{
  PorchService *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  self->timer_due_us = 0;
  pass_time (self);
  return G_SOURCE_REMOVE;
}

/* Wakes at @due_us, and at least once a minute: the wall clock may jump while the timer cannot. */
static void
set_timer (PorchService *self, gint64 due_us)
{
  const gint64 now_us = porch_clock_now_us ();
  gint64 wait_us = due_us != 0 ? MIN (due_us - now_us, TIMER_MAX_US) : TIMER_MAX_US;

  if (self->is_closing)
    return;
  wait_us = MAX (wait_us, 0);
  if (self->timer != NULL && self->timer_due_us <= now_us + wait_us)
    return;
  porch_source_clear (&self->timer);
  self->timer_due_us = now_us + wait_us;
  self->timer = porch_source_timeout (wait_us / 1000 + 1, on_timer, self);
}

static void
on_time_passed (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  const PorchTimeResult *result = out;

  self->is_passing_time = FALSE;
  if (error != NULL)
    set_timer (self, porch_clock_now_us () + 5 * G_TIME_SPAN_SECOND);
  else
    set_timer (self, result->n_changed == CHANGED_AT_ONCE ? 1 : result->next_due_us);
}

/* Bite after bite until nothing is too old any more: each is a commit of its own, so what people
 * write meanwhile comes between, and however much comes in, as much goes. */
static void
on_bitten (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  PorchPruneInput *next;

  if (error != NULL || !((PorchPruneResult *) out)->has_more || self->is_closing) {
    self->is_pruning = FALSE;
    return;
  }
  next = porch_command_new_input (&porch_prune_bite);
  *next = *(PorchPruneInput *) in;
  porch_service_run (self, &porch_prune_bite, next, on_bitten, self);
}

static void
on_looked (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  PorchPruneInput *bite;

  if (error != NULL || self->is_closing) {
    self->is_pruning = FALSE;
    return;
  }
  bite = porch_command_new_input (&porch_prune_bite);
  *bite = *(PorchPruneInput *) out;
  porch_service_run (self, &porch_prune_bite, bite, on_bitten, self);
}

static void
prune (PorchService *self, gint64 now_us)
{
  if (self->is_pruning)
    return;
  self->is_pruning = TRUE;
  self->pruned_at_us = now_us;
  porch_service_run (self, &porch_prune_look, porch_command_new_input (&porch_prune_look),
                     on_looked, self);
}

static void
pass_time (PorchService *self)
{
  const gint64 now_us = porch_clock_now_us ();
  PorchTimeInput *in;

  if (self->is_passing_time || self->is_closing)
    return;
  porch_service_notice_clock (self);
  porch_service_sweep_sessions (self);
  /* What was refused may go by now, also when nobody writes. */
  if (porch_service_get_trouble (self) != NULL)
    porch_service_look (self);
  self->is_passing_time = TRUE;
  in = porch_command_new_input (&porch_business_pass_time);
  in->times = self->times;
  in->limit = CHANGED_AT_ONCE;
  in->now_us = now_us;
  if (ABS (now_us - self->pruned_at_us) >= PRUNE_EVERY_US)
    prune (self, now_us);
  porch_service_run (self, &porch_business_pass_time, in, on_time_passed, self);
}

void
porch_service_pass_time (PorchService *self)
{
  set_timer (self, 1);
}

static void
on_published (PorchEvent *event, gpointer data)
{
  PorchService *self = data;
  gint64 due_us = 0;
  PorchAction action;

  if (event->conversation != NULL) {
    porch_rules_due (event->conversation, &self->times, event->at_us, &action, &due_us);
    if (due_us != 0)
      set_timer (self, due_us);
  }
  porch_bus_publish (self->bus, event);
}

/* ---- life ---- */

static void
take_load (PorchService *self, PorchLoadResult *loaded)
{
  g_free (self->business);
  self->business = g_steal_pointer (&loaded->business);
  g_clear_pointer (&self->sites, g_ptr_array_unref);
  self->sites = g_steal_pointer (&loaded->sites);
  g_clear_pointer (&self->departments, g_ptr_array_unref);
  self->departments = g_steal_pointer (&loaded->departments);
  g_clear_pointer (&self->agents, g_ptr_array_unref);
  self->agents = g_steal_pointer (&loaded->agents);
  self->agents_version++;
  g_clear_pointer (&self->settings, g_hash_table_unref);
  self->settings = g_steal_pointer (&loaded->settings);
  porch_service_read_times (self);
}

static void
porch_service_finalize (GObject *object)
{
  PorchService *self = PORCH_SERVICE (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->bus, porch_bus_free);
  g_clear_pointer (&self->passwords, porch_passwords_free);
  g_clear_pointer (&self->sites, g_ptr_array_unref);
  g_clear_pointer (&self->departments, g_ptr_array_unref);
  g_clear_pointer (&self->agents, g_ptr_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->account_failures, porch_failures_free);
  g_clear_pointer (&self->peer_failures, porch_failures_free);
  g_clear_pointer (&self->present, g_hash_table_unref);
  g_clear_pointer (&self->windows, g_hash_table_unref);
  g_free (self->business);
  g_free (self->folder);

  G_OBJECT_CLASS (porch_service_parent_class)->finalize (object);
}

static void
porch_service_class_init (PorchServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_service_finalize;
}

static void
porch_service_init (PorchService *self)
{
  self->bus = porch_bus_new ();
  self->passwords = porch_passwords_new ();
  self->sessions = porch_service_sessions_new ();
  self->account_failures = porch_failures_new (ACCOUNT_FAILURES_MAX, ACCOUNT_WINDOW_US);
  self->peer_failures = porch_failures_new (PEER_FAILURES_MAX, PEER_WINDOW_US);
  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PorchService *
porch_service_open (const char *folder, GError **error)
{
  g_autoptr (PorchStore) store = porch_store_open (folder, error);
  g_autoptr (PorchService) self = NULL;
  PorchLoadResult loaded = { 0 };

  if (store == NULL)
    return NULL;
  if (!porch_store_read_now (store, porch_business_load.run, NULL, &loaded, error)) {
    porch_business_load.clear_out (&loaded);
    porch_store_close (store);
    return NULL;
  }
  self = g_object_new (PORCH_TYPE_SERVICE, NULL);
  self->folder = g_strdup (folder);
  self->store = g_steal_pointer (&store);
  take_load (self, &loaded);
  porch_business_load.clear_out (&loaded);
  porch_store_set_publisher (self->store, on_published, self);
  pass_time (self);
  return g_steal_pointer (&self);
}

void
porch_service_close (PorchService *self)
{
  self->is_closing = TRUE;
  porch_source_clear (&self->timer);
  porch_passwords_stop (self->passwords);
  porch_store_close (self->store);
}

gboolean
porch_service_is_closed (PorchService *self)
{
  return self->is_closing;
}

/* ---- what is held ---- */

PorchBus *
porch_service_get_bus (PorchService *self)
{
  return self->bus;
}

const char *
porch_service_get_epoch (PorchService *self)
{
  return porch_store_get_epoch (self->store);
}

gint64
porch_service_get_seq (PorchService *self)
{
  return porch_store_get_seq (self->store);
}

const char *
porch_service_get_trouble (PorchService *self)
{
  switch (porch_store_get_health (self->store)) {
  case PORCH_HEALTH_OK:
    return NULL;
  case PORCH_HEALTH_FULL:
    return "full";
  case PORCH_HEALTH_READ_ONLY:
    return "read_only";
  case PORCH_HEALTH_GONE:
    return "gone";
  case PORCH_HEALTH_FAILED:
    return "failed";
  case PORCH_HEALTH_DAMAGED:
    return "damaged";
  }
  g_return_val_if_reached ("failed");
}

void
porch_service_look (PorchService *self)
{
  porch_store_look (self->store);
}

void
porch_service_on_trouble (PorchService *self, PorchTroubleChanged func, gpointer data)
{
  porch_store_on_health (self->store, func, data);
}

const char *
porch_service_get_folder (PorchService *self)
{
  return self->folder;
}

gboolean
porch_service_is_set_up (PorchService *self)
{
  return self->business != NULL;
}

const char *
porch_service_get_business (PorchService *self)
{
  return self->business;
}

GPtrArray *
porch_service_get_departments (PorchService *self)
{
  return self->departments;
}

void
porch_service_set_present (PorchService *self, PorchVisitor *visitor, gboolean is_present)
{
  if (is_present)
    g_hash_table_replace (self->present, g_strdup (visitor->id), g_object_ref (visitor));
  else
    g_hash_table_remove (self->present, visitor->id);
}

PorchVisitor *
porch_service_find_present (PorchService *self, const char *id)
{
  return g_hash_table_lookup (self->present, id);
}

void
porch_service_tell_typing (PorchService *self,
                           PorchConversation *conversation,
                           const PorchActor *actor,
                           gboolean is_typing)
{
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_TYPING, actor);

  event->conversation = g_object_ref (conversation);
  event->is_typing = is_typing;
  event->text = g_strdup (actor->name);
  porch_bus_publish (self->bus, event);
}
