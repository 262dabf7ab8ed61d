/* porch-service-people.c - agents: who they are, who is there, making them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-error.h"

#include <string.h>

/* ---- who they are ---- */

GPtrArray *
porch_service_get_agents (PorchService *self)
{
  return self->agents;
}

PorchAgent *
porch_service_find_agent (PorchService *self, const char *id)
{
  for (guint i = 0; id != NULL && i < self->agents->len; i++) {
    PorchAgent *agent = self->agents->pdata[i];

    if (strcmp (agent->id, id) == 0)
      return agent;
  }
  return NULL;
}

guint
porch_service_get_agents_version (PorchService *self)
{
  return self->agents_version;
}

PorchAgent *
porch_service_get_local_agent (PorchService *self)
{
  for (guint i = 0; i < self->agents->len; i++) {
    PorchAgent *agent = self->agents->pdata[i];

    if (agent->is_local && !agent->is_disabled)
      return agent;
  }
  return NULL;
}

static guint
count_windows_of (PorchService *self, const char *id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->windows, id));
}

static PorchStatus
get_status (PorchService *self, PorchAgent *agent)
{
  return count_windows_of (self, agent->id) > 0 ? (PorchStatus) agent->wanted_status
                                                : PORCH_STATUS_OFFLINE;
}

void
porch_service_tell_agent (PorchService *self, PorchAgent *agent)
{
  const PorchActor actor = { PORCH_ACTOR_AGENT, agent->id, agent->name };
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_AGENT_STATUS_CHANGED, &actor);

  event->agent = porch_entity_copy (agent);
  porch_bus_publish (self->bus, event);
}

/* Replaces the agent of this id, or adds it. Events hold the old object, so it is not changed. */
void
porch_service_put_agent (PorchService *self, PorchAgent *agent)
{
  PorchAgent *known = porch_service_find_agent (self, agent->id);
  PorchAgent *copy = porch_entity_copy (agent);
  guint index;

  copy->status = get_status (self, copy);
  self->agents_version++;
  if (known != NULL && g_ptr_array_find (self->agents, known, &index)) {
    g_object_unref (known);
    self->agents->pdata[index] = copy;
  } else {
    g_ptr_array_add (self->agents, copy);
  }
  porch_service_tell_agent (self, copy);
}

/* ---- who is there ---- */

static void
count_windows (PorchService *self, const char *id, int by)
{
  const guint n_windows = count_windows_of (self, id) + by;
  PorchAgent *agent = porch_service_find_agent (self, id);
  PorchStatus before = agent != NULL ? (PorchStatus) agent->status : PORCH_STATUS_OFFLINE;

  g_hash_table_insert (self->windows, g_strdup (id), GUINT_TO_POINTER (n_windows));
  if (agent == NULL)
    return;
  agent->status = get_status (self, agent);
  if ((PorchStatus) agent->status != before)
    porch_service_tell_agent (self, agent);
}

void
porch_service_agent_connected (PorchService *self, const char *id)
{
  count_windows (self, id, 1);
}

void
porch_service_agent_disconnected (PorchService *self, const char *id)
{
  count_windows (self, id, -1);
}

gboolean
porch_service_is_light_on (PorchService *self)
{
  for (guint i = 0; i < self->agents->len; i++)
    if (((PorchAgent *) self->agents->pdata[i])->status == PORCH_STATUS_ONLINE)
      return TRUE;
  return FALSE;
}

/* ---- making people ---- */

typedef struct {
  PorchService *service;
  const PorchCommand *command;
  gpointer in;
  char **hash; /* where in @in it belongs */
  char *subject, *key, *request;
  PorchAnswerDone done;
  gpointer data;
} Making;

static Making *
new_making (PorchService *self,
            const PorchCommand *command,
            gpointer in,
            const PorchOnce *once,
            PorchAnswerDone done,
            gpointer data)
{
  Making *making = g_new0 (Making, 1);

  *making = (Making){ .service = self, .command = command, .in = in, .done = done, .data = data };
  if (once != NULL) {
    making->subject = g_strdup (once->subject);
    making->key = g_strdup (once->key);
    making->request = g_strdup (once->request);
  }
  return making;
}

static void
finish_making (GString *answer, const GError *error, gpointer data)
{
  Making *making = data;

  making->done (answer, error, making->data);
  g_clear_pointer (&making->subject, g_free);
  g_clear_pointer (&making->key, g_free);
  g_clear_pointer (&making->request, g_free);
  g_free (making);
}

static void
run_making (Making *making, PorchCommandDone done)
{
  const PorchOnce once = { making->subject, making->key, making->request };

  porch_service_run_once (making->service, making->command, making->in, &once, done, finish_making,
                          making);
}

/* What is held follows the writer's answers, which come in the order of its commits: asking a
 * reader for all of it could bring back what a later commit has changed already. */
static void
take_departments (PorchService *self, GPtrArray **departments)
{
  g_ptr_array_unref (self->departments);
  self->departments = g_steal_pointer (departments);
}

static void
on_added (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = ((Making *) data)->service;
  PorchAgentResult *made = out;

  if (error != NULL || made->agent == NULL)
    return;
  take_departments (self, &made->departments);
  porch_service_put_agent (self, made->agent);
}

static void
on_set_up (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = ((Making *) data)->service;
  PorchSetupResult *made = out;

  if (error != NULL || made->agent == NULL)
    return;
  g_clear_pointer (&self->business, g_free);
  self->business = g_strdup (made->site->name);
  g_ptr_array_add (self->sites, porch_entity_copy (made->site));
  take_departments (self, &made->departments);
  porch_service_put_agent (self, made->agent);
}

static void
on_password_hashed (const char *hash, const GError *error, gpointer data)
{
  Making *making = data;

  if (error != NULL) {
    porch_command_free_input (making->command, making->in);
    finish_making (NULL, error, making);
    return;
  }
  *making->hash = g_strdup (hash);
  run_making (making, making->command == &porch_business_set_up ? on_set_up : on_added);
}

static void
make (Making *making, const char *password)
{
  g_autoptr (GError) error = NULL;

  if (password != NULL && g_utf8_strlen (password, -1) < PORCH_PASSWORD_CHARACTERS_MIN) {
    error = g_error_new (PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE,
                         "password has fewer than %d characters", PORCH_PASSWORD_CHARACTERS_MIN);
    on_password_hashed (NULL, error, making);
  } else if (password != NULL) {
    porch_passwords_hash (making->service->passwords, password, on_password_hashed, making);
  } else {
    on_password_hashed (NULL, NULL, making);
  }
}

void
porch_service_set_up (PorchService *self,
                      PorchSetupInput *in,
                      const char *password,
                      const PorchOnce *once,
                      PorchAnswerDone done,
                      gpointer data)
{
  Making *making = new_making (self, &porch_business_set_up, in, once, done, data);

  making->hash = &in->password_hash;
  make (making, password);
}

void
porch_service_add_agent (PorchService *self,
                         PorchAgentInput *in,
                         const char *password,
                         const PorchOnce *once,
                         PorchAnswerDone done,
                         gpointer data)
{
  Making *making = new_making (self, &porch_business_add_agent, in, once, done, data);

  making->hash = &in->password_hash;
  make (making, password);
}

static void
on_status_set (gpointer in, gpointer out, const GError *error, gpointer data)
{
  const PorchAgentResult *result = out;

  if (error == NULL && result->agent != NULL)
    porch_service_put_agent (((Making *) data)->service, result->agent);
}

void
porch_service_set_status (PorchService *self,
                          const char *agent,
                          PorchStatus status,
                          const PorchOnce *once,
                          PorchAnswerDone done,
                          gpointer data)
{
  PorchStatusInput *in = porch_command_new_input (&porch_business_set_status);

  in->agent = g_strdup (agent);
  in->status = status;
  in->is_there = count_windows_of (self, agent) > 0;
  run_making (new_making (self, &porch_business_set_status, in, once, done, data), on_status_set);
}
