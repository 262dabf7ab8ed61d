/* porch-service-people.c - agents: who they are, signing in, who is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-id.h"

#include <string.h>

#define FAILURES_MAX       5
#define FAILURE_WINDOW_US  (15 * 60 * G_TIME_SPAN_SECOND)
#define FAILURE_DELAY_US   (60 * G_TIME_SPAN_SECOND)
#define FAILURE_DELAYS_MAX 6 /* doublings: an hour */
#define FAILURES_KEPT      10000

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

static PorchStatus
get_status (PorchService *self, PorchAgent *agent)
{
  const guint n_windows = GPOINTER_TO_UINT (g_hash_table_lookup (self->windows, agent->id));

  return n_windows > 0 ? (PorchStatus) agent->wanted_status : PORCH_STATUS_OFFLINE;
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
  const guint n_windows = GPOINTER_TO_UINT (g_hash_table_lookup (self->windows, id)) + by;
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

/* ---- tokens ---- */

typedef struct {
  PorchService *service;
  char *token_hash;
  PorchAuthenticated done;
  gpointer data;
} Authentication;

static void
tell_authenticated (PorchService *self, const char *id, PorchAuthenticated done, gpointer data)
{
  PorchAgent *agent = porch_service_find_agent (self, id);
  g_autoptr (GError) error = NULL;

  if (agent == NULL || agent->is_disabled) {
    error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED, "the token is not valid");
    agent = NULL;
  }
  done (agent, error, data);
}

static void
on_session_found (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autofree Authentication *authentication = data;
  g_autofree char *token_hash = authentication->token_hash;
  const PorchFindSessionResult *result = out;
  const char *agent = NULL;

  if (error != NULL) {
    authentication->done (NULL, error, authentication->data);
    return;
  }
  if (result->agent != NULL &&
      !g_hash_table_contains (authentication->service->ended, token_hash)) {
    agent = result->agent;
    g_hash_table_insert (authentication->service->sessions, g_strdup (token_hash),
                         g_strdup (agent));
  }
  tell_authenticated (authentication->service, agent, authentication->done, authentication->data);
}

void
porch_service_authenticate (PorchService *self,
                            const char *token,
                            PorchAuthenticated done,
                            gpointer data)
{
  g_autofree char *token_hash = token != NULL ? porch_token_hash (token) : NULL;
  const char *id = token_hash != NULL ? g_hash_table_lookup (self->sessions, token_hash) : NULL;
  Authentication *authentication;
  PorchFindSessionInput *in;

  if (id != NULL || token_hash == NULL || !g_str_has_prefix (token, "at_")) {
    tell_authenticated (self, id, done, data);
    return;
  }
  authentication = g_new (Authentication, 1);
  *authentication = (Authentication){ self, g_strdup (token_hash), done, data };
  in = porch_command_new_input (&porch_business_find_session);
  in->token_hash = g_steal_pointer (&token_hash);
  porch_service_run (self, &porch_business_find_session, in, on_session_found, authentication);
}

typedef struct {
  PorchService *service;
  char *token, *agent;
  PorchSignInDone done;
  gpointer data;
} Opening;

static void
on_session_put (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Opening *opening = data;
  PorchAgent *agent = porch_service_find_agent (opening->service, opening->agent);

  if (error == NULL)
    g_hash_table_insert (opening->service->sessions, porch_token_hash (opening->token),
                         g_strdup (opening->agent));
  opening->done (error == NULL ? opening->token : NULL, error == NULL ? agent : NULL, error,
                 opening->data);
  g_free (opening->token);
  g_free (opening->agent);
  g_free (opening);
}

void
porch_service_open_session (PorchService *self,
                            PorchAgent *agent,
                            PorchSignInDone done,
                            gpointer data)
{
  PorchSessionInput *in = porch_command_new_input (&porch_business_put_session);
  Opening *opening = g_new (Opening, 1);

  *opening = (Opening){ self, porch_token_new ("at_"), g_strdup (agent->id), done, data };
  in->token_hash = porch_token_hash (opening->token);
  in->agent = g_strdup (agent->id);
  porch_service_run (self, &porch_business_put_session, in, on_session_put, opening);
}

void
porch_service_sign_out (PorchService *self, const char *token)
{
  PorchSessionInput *in = porch_command_new_input (&porch_business_put_session);

  in->token_hash = porch_token_hash (token);
  g_hash_table_remove (self->sessions, in->token_hash);
  g_hash_table_add (self->ended, g_strdup (in->token_hash));
  if (self->signed_out != NULL)
    self->signed_out (in->token_hash, self->signed_out_data);
  porch_service_run (self, &porch_business_put_session, in, NULL, NULL);
}

void
porch_service_on_signed_out (PorchService *self, PorchSignedOut func, gpointer data)
{
  self->signed_out = func;
  self->signed_out_data = data;
}

/* ---- signing in ---- */

typedef struct {
  guint n;
  gint64 first_us, open_at_us; /* monotonic */
} Failure;

typedef struct {
  PorchService *service;
  char *email, *agent;
  PorchSignInDone done;
  gpointer data;
} SignIn;

static void
free_sign_in (SignIn *sign_in)
{
  g_free (sign_in->email);
  g_free (sign_in->agent);
  g_free (sign_in);
}

static void
fail_sign_in (PorchSignInDone done, gpointer data, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  done (NULL, NULL, error, data);
}

static void
count_failure (PorchService *self, const char *email)
{
  const gint64 now_us = porch_clock_monotonic_us ();
  Failure *failure = g_hash_table_lookup (self->failures, email);

  if (failure == NULL) {
    /* Guesses at ever new addresses must not fill the memory. */
    if (g_hash_table_size (self->failures) >= FAILURES_KEPT)
      g_hash_table_remove_all (self->failures);
    failure = g_new0 (Failure, 1);
    g_hash_table_insert (self->failures, g_strdup (email), failure);
  }
  if (failure->n == 0 || now_us - failure->first_us > FAILURE_WINDOW_US)
    *failure = (Failure){ .first_us = now_us };
  failure->n++;
  if (failure->n >= FAILURES_MAX)
    failure->open_at_us =
      now_us + (FAILURE_DELAY_US << MIN (failure->n - FAILURES_MAX, FAILURE_DELAYS_MAX));
}

guint
porch_service_get_sign_in_wait (PorchService *self, const char *email)
{
  g_autofree char *lower = g_utf8_strdown (email, -1);
  const Failure *failure = g_hash_table_lookup (self->failures, lower);
  const gint64 left_us = failure != NULL ? failure->open_at_us - porch_clock_monotonic_us () : 0;

  return left_us > 0 ? left_us / 1000 + 1 : 0;
}

static PorchAgent *
find_by_email (PorchService *self, const char *email)
{
  for (guint i = 0; i < self->agents->len; i++) {
    PorchAgent *agent = self->agents->pdata[i];

    if (agent->email != NULL && g_ascii_strcasecmp (agent->email, email) == 0)
      return agent;
  }
  return NULL;
}

static void
on_password_checked (gboolean matches, const GError *error, gpointer data)
{
  SignIn *sign_in = data;
  PorchAgent *agent = porch_service_find_agent (sign_in->service, sign_in->agent);

  if (error != NULL) {
    sign_in->done (NULL, NULL, error, sign_in->data);
  } else if (!matches || agent == NULL || agent->is_disabled) {
    count_failure (sign_in->service, sign_in->email);
    fail_sign_in (sign_in->done, sign_in->data, PORCH_ERROR_UNAUTHORIZED,
                  "address or password is wrong");
  } else {
    g_hash_table_remove (sign_in->service->failures, sign_in->email);
    porch_service_open_session (sign_in->service, agent, sign_in->done, sign_in->data);
  }
  free_sign_in (sign_in);
}

void
porch_service_sign_in (PorchService *self,
                       const char *email,
                       const char *password,
                       PorchSignInDone done,
                       gpointer data)
{
  g_autofree char *lower = g_utf8_strdown (email, -1);
  PorchAgent *agent = find_by_email (self, lower);
  SignIn *sign_in;

  if (porch_service_get_sign_in_wait (self, lower) != 0) {
    fail_sign_in (done, data, PORCH_ERROR_RATE_LIMITED, "too many wrong passwords");
    return;
  }
  sign_in = g_new (SignIn, 1);
  *sign_in =
    (SignIn){ self, g_steal_pointer (&lower), g_strdup (agent ? agent->id : NULL), done, data };
  porch_passwords_check (self->passwords, password, agent ? agent->password_hash : NULL,
                         on_password_checked, sign_in);
}

/* ---- making people ---- */

typedef struct {
  PorchService *service;
  const PorchCommand *command;
  gpointer in;
  char **hash; /* where in @in it belongs */
  PorchAnswerDone done;
  gpointer data;
} Making;

static void
answer_made (Making *making, gconstpointer out, const GError *error)
{
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    making->command->render (out, &writer);
  }
  making->done (answer, error, making->data);
  g_free (making);
}

static void
on_reloaded (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;

  if (error == NULL)
    porch_service_take_load (self, out);
  for (guint i = 0; error == NULL && i < self->agents->len; i++) {
    PorchAgent *agent = self->agents->pdata[i];

    agent->status = get_status (self, agent);
    porch_service_tell_agent (self, agent);
  }
}

static void
reload (PorchService *self)
{
  porch_service_run (self, &porch_business_load, porch_command_new_input (&porch_business_load),
                     on_reloaded, self);
}

static void
on_made (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Making *making = data;
  PorchService *self = making->service;

  if (error == NULL && making->command == &porch_business_add_agent) {
    porch_service_put_agent (self, ((PorchAgentResult *) out)->agent);
    reload (self);
  } else if (error == NULL) {
    const PorchSetupResult *made = out;
    const PorchSetupInput *asked = in;

    g_free (self->business);
    self->business = g_strdup (asked->business);
    g_ptr_array_add (self->sites, porch_entity_copy (made->site));
    porch_service_put_agent (self, made->agent);
    reload (self);
  }
  answer_made (making, out, error);
}

static void
on_password_hashed (const char *hash, const GError *error, gpointer data)
{
  Making *making = data;

  if (error != NULL) {
    porch_command_free_input (making->command, making->in);
    making->done (NULL, error, making->data);
    g_free (making);
    return;
  }
  *making->hash = g_strdup (hash);
  porch_service_run (making->service, making->command, making->in, on_made, making);
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
    porch_service_run (making->service, making->command, making->in, on_made, making);
  }
}

void
porch_service_set_up (PorchService *self,
                      PorchSetupInput *in,
                      const char *password,
                      PorchAnswerDone done,
                      gpointer data)
{
  Making *making = g_new (Making, 1);

  *making = (Making){ self, &porch_business_set_up, in, &in->password_hash, done, data };
  make (making, password);
}

void
porch_service_add_agent (PorchService *self,
                         PorchAgentInput *in,
                         const char *password,
                         PorchAnswerDone done,
                         gpointer data)
{
  Making *making = g_new (Making, 1);

  *making = (Making){ self, &porch_business_add_agent, in, &in->password_hash, done, data };
  make (making, password);
}

static void
on_status_set (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Making *making = data;

  if (error == NULL)
    porch_service_put_agent (making->service, ((PorchAgentResult *) out)->agent);
  answer_made (making, out, error);
}

void
porch_service_set_status (PorchService *self,
                          const char *agent,
                          PorchStatus status,
                          PorchAnswerDone done,
                          gpointer data)
{
  PorchStatusInput *in = porch_command_new_input (&porch_business_set_status);
  Making *making = g_new (Making, 1);

  in->agent = g_strdup (agent);
  in->status = status;
  *making = (Making){ self, &porch_business_set_status, in, NULL, done, data };
  porch_service_run (self, &porch_business_set_status, in, on_status_set, making);
}
