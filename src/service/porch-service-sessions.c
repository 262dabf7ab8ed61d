/* porch-service-sessions.c - agents' tokens and signing in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions that are in use are held here, so that a request asks the file only once; when each was
 * used last is written down now and then.
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-agent-session.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-secret.h"

/* How often a use is written down. */
#define SAVE_US (10 * 60 * G_TIME_SPAN_SECOND)
/* A read that was on its way when a session ended has come back after that. */
#define READ_US (60 * G_TIME_SPAN_SECOND)

/* ---- what is held ---- */

typedef struct {
  PorchAgentSession session;
  gint64 saved_at;
  gint64 ended_at; /* monotonic, 0: it goes on */
  gboolean is_deleted;
} Held;

static void
free_held (gpointer data)
{
  Held *held = data;

  g_clear_pointer (&held->session.token_hash, g_free);
  g_clear_pointer (&held->session.agent, g_free);
  g_free (held);
}

GHashTable *
porch_service_sessions_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_held);
}

/* Takes what @session holds. */
static Held *
hold (PorchService *self, PorchAgentSession *session)
{
  Held *held = g_new0 (Held, 1);

  held->session = *session;
  held->saved_at = session->used_at;
  *session = (PorchAgentSession){ 0 };
  g_hash_table_replace (self->sessions, held->session.token_hash, held);
  return held;
}

static gpointer
dup_session (const PorchAgentSession *session)
{
  PorchAgentSession *in = porch_command_new_input (&porch_agent_session_put);

  *in = *session;
  in->token_hash = g_strdup (session->token_hash);
  in->agent = g_strdup (session->agent);
  return in;
}

static gboolean
is_good (const Held *held)
{
  return held->ended_at == 0 && porch_agent_session_is_good (&held->session);
}

static void
use (PorchService *self, Held *held)
{
  const gint64 now_us = porch_clock_now_us ();

  held->session.used_at = now_us;
  if (ABS (now_us - held->saved_at) < SAVE_US)
    return;
  held->saved_at = now_us;
  porch_service_run (self, &porch_agent_session_put, dup_session (&held->session), NULL, NULL);
}

void
porch_service_shift_sessions (PorchService *self, gint64 from_us, gint64 until_us, gint64 by_us)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Held *held = value;

    if (held->session.created_at <= from_us || held->session.created_at > until_us)
      continue;
    held->session.created_at += by_us;
    held->session.used_at += by_us;
    held->saved_at += by_us;
  }
}

gboolean
porch_service_use_session (PorchService *self, const char *token_hash)
{
  Held *held = g_hash_table_lookup (self->sessions, token_hash);

  porch_service_notice_clock (self);
  if (held == NULL || !is_good (held))
    return FALSE;
  use (self, held);
  return TRUE;
}

static gboolean
is_over (gpointer token_hash, gpointer data, gpointer user_data)
{
  const Held *held = data;

  /* One that could not be deleted must be remembered as ended. */
  if (held->ended_at != 0)
    return held->is_deleted && porch_clock_monotonic_us () - held->ended_at > READ_US;
  return !is_good (held);
}

void
porch_service_sweep_sessions (PorchService *self)
{
  g_hash_table_foreach_remove (self->sessions, is_over, NULL);
}

/* ---- tokens ---- */

typedef struct {
  PorchService *service;
  PorchAuthenticated done;
  gpointer data;
} Authentication;

static void
tell_authenticated (PorchService *self, Held *held, PorchAuthenticated done, gpointer data)
{
  PorchAgent *agent = NULL;
  g_autoptr (GError) error = NULL;

  porch_service_notice_clock (self);
  if (held != NULL && is_good (held))
    agent = porch_service_find_agent (self, held->session.agent);
  if (agent == NULL || agent->is_disabled) {
    error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED, "the token is not valid");
    done (NULL, error, data);
    return;
  }
  use (self, held);
  done (agent, NULL, data);
}

static void
on_session_found (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autofree Authentication *authentication = data;
  PorchService *self = authentication->service;
  const char *token_hash = ((PorchAgentSession *) in)->token_hash;
  PorchAgentSession *found = out;
  Held *held = NULL;

  if (error != NULL) {
    authentication->done (NULL, error, authentication->data);
    return;
  }
  /* What was done meanwhile is newer than what was read. */
  held = g_hash_table_lookup (self->sessions, token_hash);
  if (held == NULL && found->agent != NULL)
    held = hold (self, found);
  tell_authenticated (self, held, authentication->done, authentication->data);
}

void
porch_service_authenticate (PorchService *self,
                            const char *token,
                            PorchAuthenticated done,
                            gpointer data)
{
  g_autofree char *token_hash = token != NULL ? porch_token_hash (token) : NULL;
  Held *held = token_hash != NULL ? g_hash_table_lookup (self->sessions, token_hash) : NULL;
  Authentication *authentication;
  PorchAgentSession *in;

  if (held != NULL || token_hash == NULL || !g_str_has_prefix (token, "at_")) {
    tell_authenticated (self, held, done, data);
    return;
  }
  authentication = g_new (Authentication, 1);
  *authentication = (Authentication){ self, done, data };
  in = porch_command_new_input (&porch_agent_session_find);
  in->token_hash = g_steal_pointer (&token_hash);
  porch_service_run (self, &porch_agent_session_find, in, on_session_found, authentication);
}

typedef struct {
  PorchService *service;
  char *token;
  PorchSignInDone done;
  gpointer data;
} Opening;

static void
on_session_put (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Opening *opening = data;
  PorchAgentSession *session = in;
  PorchAgent *agent = porch_service_find_agent (opening->service, session->agent);

  if (error == NULL)
    hold (opening->service, session);
  opening->done (error == NULL ? opening->token : NULL, error == NULL ? agent : NULL, error,
                 opening->data);
  porch_secret_free (opening->token);
  g_free (opening);
}

void
porch_service_open_session (PorchService *self,
                            PorchAgent *agent,
                            PorchSignInDone done,
                            gpointer data)
{
  PorchAgentSession *in = porch_command_new_input (&porch_agent_session_put);
  Opening *opening = g_new (Opening, 1);

  *opening = (Opening){ self, porch_token_new ("at_"), done, data };
  in->token_hash = porch_token_hash (opening->token);
  in->agent = g_strdup (agent->id);
  in->created_at = in->used_at = porch_clock_now_us ();
  porch_service_run (self, &porch_agent_session_put, in, on_session_put, opening);
}

static void
on_session_ended (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autofree PorchAsker *asker = data;
  Held *held =
    g_hash_table_lookup (asker->service->sessions, ((PorchAgentSession *) in)->token_hash);

  if (held != NULL)
    held->is_deleted = error == NULL;
  asker->done (NULL, error, asker->data);
}

void
porch_service_sign_out (PorchService *self, const char *token, PorchAnswerDone done, gpointer data)
{
  PorchAgentSession *in = porch_command_new_input (&porch_agent_session_end);
  PorchAsker *asker = porch_asker_new (self, done, data);
  Held *held;

  in->token_hash = porch_token_hash (token);
  held = g_hash_table_lookup (self->sessions, in->token_hash);
  if (held == NULL) {
    PorchAgentSession ended = { .token_hash = g_strdup (in->token_hash) };

    held = hold (self, &ended);
  }
  /* It opens nothing from now on, also while the file has it still. */
  held->ended_at = MAX (porch_clock_monotonic_us (), 1);
  if (self->signed_out != NULL)
    self->signed_out (in->token_hash, self->signed_out_data);
  porch_service_run (self, &porch_agent_session_end, in, on_session_ended, asker);
}

void
porch_service_on_signed_out (PorchService *self, PorchSignedOut func, gpointer data)
{
  self->signed_out = func;
  self->signed_out_data = data;
}

/* ---- signing in ---- */

typedef struct {
  PorchService *service;
  char *account, *peer, *agent;
  PorchSignInDone done;
  gpointer data;
} SignIn;

static void
free_sign_in (SignIn *sign_in)
{
  g_clear_pointer (&sign_in->account, g_free);
  g_clear_pointer (&sign_in->peer, g_free);
  g_clear_pointer (&sign_in->agent, g_free);
  g_free (sign_in);
}

static void
fail_sign_in (PorchSignInDone done, gpointer data, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  done (NULL, NULL, error, data);
}

/* Failures count for an account from an address: a stranger elsewhere keeps nobody out. */
static char *
dup_account (const char *email, const char *peer)
{
  g_autofree char *lower = g_utf8_strdown (email, -1);

  return g_strconcat (lower, "\n", peer, NULL);
}

guint
porch_service_get_sign_in_wait (PorchService *self, const char *email, const char *peer)
{
  g_autofree char *account = dup_account (email, peer);
  const guint wait_ms = porch_failures_get_wait (self->account_failures, account);

  return peer != NULL ? MAX (wait_ms, porch_failures_get_wait (self->peer_failures, peer))
                      : wait_ms;
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
  PorchService *self = sign_in->service;
  PorchAgent *agent = porch_service_find_agent (self, sign_in->agent);

  if (error != NULL) {
    sign_in->done (NULL, NULL, error, sign_in->data);
  } else if (!matches || agent == NULL || agent->is_disabled) {
    porch_failures_count (self->account_failures, sign_in->account);
    if (sign_in->peer != NULL)
      porch_failures_count (self->peer_failures, sign_in->peer);
    fail_sign_in (sign_in->done, sign_in->data, PORCH_ERROR_UNAUTHORIZED,
                  "address or password is wrong");
  } else {
    porch_failures_forget (self->account_failures, sign_in->account);
    porch_service_open_session (self, agent, sign_in->done, sign_in->data);
  }
  free_sign_in (sign_in);
}

void
porch_service_sign_in (PorchService *self,
                       const char *email,
                       const char *password,
                       const char *peer,
                       PorchSignInDone done,
                       gpointer data)
{
  PorchAgent *agent = find_by_email (self, email);
  SignIn *sign_in;

  if (porch_service_get_sign_in_wait (self, email, peer) != 0) {
    fail_sign_in (done, data, PORCH_ERROR_RATE_LIMITED, "too many wrong passwords");
    return;
  }
  sign_in = g_new (SignIn, 1);
  *sign_in = (SignIn){ self,
                       dup_account (email, peer),
                       g_strdup (peer),
                       g_strdup (agent != NULL ? agent->id : NULL),
                       done,
                       data };
  porch_passwords_check (self->passwords, password, agent != NULL ? agent->password_hash : NULL,
                         on_password_checked, sign_in);
}
