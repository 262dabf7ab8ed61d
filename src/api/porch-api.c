/* porch-api.c - the agents' API: who may call, with what, and how it is answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-private.h"

#include "porch-error.h"

#include <string.h>

#define KEY_CHARACTERS_MAX 200

typedef struct {
  PorchApi *api;
  const PorchOp *op;
  PorchRoute route;
} Binding;

static void
free_request (PorchRequest *request)
{
  porch_frame_clear (&request->frame);
  g_clear_object (&request->agent);
  g_clear_pointer (&request->fingerprint, g_free);
  g_clear_object (&request->call);
  g_free (request);
}

void
porch_request_finish (PorchRequest *request, GString *answer, const GError *error)
{
  if (error != NULL)
    porch_call_fail (request->call, error);
  else if (answer != NULL && answer->len > 0)
    porch_call_reply_json (request->call, 200, g_steal_pointer (&answer));
  else
    porch_call_reply_empty (request->call);
  if (answer != NULL)
    g_string_free (answer, TRUE);
  free_request (request);
}

void
porch_request_leave (PorchRequest *request)
{
  free_request (request);
}

void
porch_request_fail (PorchRequest *request, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  porch_request_finish (request, NULL, error);
}

void
porch_request_answered (GString *answer, const GError *error, gpointer data)
{
  porch_request_finish (data, answer, error);
}

static gboolean
has_password (const PorchOp *op)
{
  for (const PorchOpMember *member = op->request; member != NULL && member->path != NULL; member++)
    if (strcmp (member->path, "password") == 0)
      return TRUE;
  return FALSE;
}

/* What makes two requests under one Idempotency-Key the same. Its hash is kept, and can be guessed
 * fast: so a password is no part of it. */
static char *
dup_fingerprint (PorchRequest *request)
{
  GString *text = g_string_new (NULL);
  gsize length = 0;
  GBytes *body = porch_call_get_body (request->call);
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  g_string_printf (text, "%s %s\n", porch_call_get_verb (request->call),
                   porch_call_get_path (request->call));
  if (!has_password (request->op)) {
    g_string_append_len (text, data != NULL ? data : "", length);
    return g_string_free (text, FALSE);
  }
  for (const PorchOpMember *member = request->op->request; member->path != NULL; member++) {
    const char *value =
      strcmp (member->path, "password") != 0 ? porch_request_string (request, member->path) : NULL;

    g_string_append_printf (text, "%s %d\n%s\n", member->path,
                            value != NULL ? (int) strlen (value) : -1, value != NULL ? value : "");
  }
  return g_string_free (text, FALSE);
}

gboolean
porch_request_take_once (PorchRequest *request, PorchOnce *once)
{
  const char *key = porch_call_get_header (request->call, "Idempotency-Key");

  *once = (PorchOnce){ request->agent != NULL ? request->agent->id : NULL, key, NULL };
  if (key == NULL)
    return TRUE;
  if (*key == '\0' || g_utf8_strlen (key, -1) > KEY_CHARACTERS_MAX) {
    porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE, "Idempotency-Key is empty or too long");
    return FALSE;
  }
  request->fingerprint = dup_fingerprint (request);
  once->request = request->fingerprint;
  return TRUE;
}

void
porch_request_run (PorchRequest *request, const PorchCommand *command, gpointer in)
{
  PorchOnce once;

  if (porch_request_take_once (request, &once))
    porch_service_answer (request->api->service, command, in, &once, porch_request_answered,
                          request);
  else
    porch_command_free_input (command, in);
}

const char *
porch_request_string (PorchRequest *request, const char *path)
{
  const PorchMember *member = porch_frame_find (&request->frame, path);

  return member != NULL && member->kind == PORCH_JSON_STRING ? member->string : NULL;
}

char *
porch_request_dup (PorchRequest *request, const char *path)
{
  return g_strdup (porch_request_string (request, path));
}

gboolean
porch_request_number (PorchRequest *request,
                      const char *name,
                      gint64 least,
                      gint64 most,
                      gint64 *value)
{
  const char *text = porch_call_get_query (request->call, name);
  g_autofree char *message = NULL;

  if (text == NULL || g_ascii_string_to_signed (text, 10, least, most, value, NULL))
    return TRUE;
  message = g_strdup_printf ("%s is not a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                             name, least, most);
  porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE, message);
  return FALSE;
}

/* ---- who may ---- */

static void
handle (PorchRequest *request)
{
  GBytes *body = porch_call_get_body (request->call);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autoptr (GError) error = NULL;

  if (!porch_op_read (request->op, data, length, &request->frame, &error))
    porch_request_finish (request, NULL, error);
  else
    porch_api_handlers[request->op->id](request);
}

static gboolean
has_role (PorchAgent *agent, PorchAccess access)
{
  switch (access) {
  case PORCH_ACCESS_PUBLIC:
  case PORCH_ACCESS_LOCAL:
  case PORCH_ACCESS_AGENT:
    return TRUE;
  case PORCH_ACCESS_SUPERVISOR:
    return agent->role >= PORCH_ROLE_SUPERVISOR;
  case PORCH_ACCESS_ADMIN:
    return agent->role >= PORCH_ROLE_ADMIN;
  }
  g_return_val_if_reached (FALSE);
}

static void
on_authenticated (PorchAgent *agent, const GError *error, gpointer data)
{
  PorchRequest *request = data;

  if (error != NULL) {
    porch_request_finish (request, NULL, error);
    return;
  }
  request->agent = g_object_ref (agent);
  if (!has_role (agent, request->op->access))
    porch_request_fail (request, PORCH_ERROR_FORBIDDEN, "this needs another role");
  else
    handle (request);
}

static void
on_call (PorchCall *call, gpointer data)
{
  const Binding *binding = data;
  PorchService *service = binding->api->service;
  PorchRequest *request = g_new0 (PorchRequest, 1);
  const char *token = porch_call_get_bearer (call);
  const gboolean is_local = porch_call_is_local (call);

  request->api = binding->api;
  request->op = binding->op;
  request->call = g_object_ref (call);
  if (request->op->access == PORCH_ACCESS_LOCAL && !is_local) {
    porch_request_fail (request, PORCH_ERROR_NOT_FOUND, "no such page");
  } else if (token != NULL) {
    porch_service_authenticate (service, token, on_authenticated, request);
  } else if (is_local && porch_service_get_local_agent (service) != NULL) {
    on_authenticated (porch_service_get_local_agent (service), NULL, request);
  } else if (request->op->access <= PORCH_ACCESS_LOCAL) {
    handle (request);
  } else if (is_local && !porch_service_is_set_up (service)) {
    porch_request_fail (request, PORCH_ERROR_NOT_SET_UP, "there is no business yet");
  } else {
    porch_request_fail (request, PORCH_ERROR_UNAUTHORIZED, "sign in first");
  }
}

/* ---- life ---- */

static void
on_signed_out (const char *token_hash, gpointer data)
{
  porch_agent_hub_sign_out (((PorchApi *) data)->hub, token_hash);
}

const char *
porch_api_get_warning (PorchApi *self)
{
  if (self->warning != NULL)
    return self->warning;
  return porch_server_is_proxy_silent (self->server) ? "proxy_silent" : "";
}

static void
on_proxy_silent (gpointer data)
{
  PorchApi *self = data;

  porch_agent_hub_warn (self->hub, porch_api_get_warning (self));
}

PorchApi *
porch_api_new (PorchService *service, PorchServer *server)
{
  PorchApi *self = g_new0 (PorchApi, 1);

  self->service = service;
  self->server = server;
  self->hub = porch_agent_hub_new (service);
  self->bindings = g_ptr_array_new_with_free_func (g_free);
  porch_service_on_signed_out (service, on_signed_out, self);
  porch_server_on_proxy_silent (server, on_proxy_silent, self);
  for (guint i = 0; i < PORCH_N_OPS; i++) {
    const PorchOp *op = porch_op_get (i);
    Binding *binding = g_new (Binding, 1);

    *binding = (Binding){ self, op, { op->verb, op->path, op->body_max, on_call } };
    g_ptr_array_add (self->bindings, binding);
    porch_server_add_routes (server, &binding->route, 1, binding);
  }
  return self;
}

void
porch_api_free (PorchApi *self)
{
  porch_service_on_signed_out (self->service, NULL, NULL);
  if (self->secrets != NULL)
    g_signal_handlers_disconnect_by_data (self->secrets, self);
  if (self->backups != NULL)
    g_signal_handlers_disconnect_by_data (self->backups, self);
  porch_agent_hub_free (self->hub);
  g_clear_object (&self->secrets);
  g_clear_object (&self->backups);
  g_ptr_array_unref (self->bindings);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->warning, g_free);
  g_free (self);
}

void
porch_api_set_address (PorchApi *self, const char *address, const char *warning)
{
  g_clear_pointer (&self->address, g_free);
  self->address = g_strdup (address);
  g_clear_pointer (&self->warning, g_free);
  self->warning = g_strdup (warning);
}

/* A keyring is the cause of backups that fail, not the other way round; and no backup is worse than
 * one that anybody can read. Why that one is not sealed is told with the list. */
static const char *
find_keeping (PorchApi *self)
{
  const int need = porch_secrets_get_need (self->secrets);
  const int trouble = need >= 0 ? need : porch_backups_get_trouble (self->backups);
  const int unsealed = porch_backups_get_seal_trouble (self->backups);

  if (trouble < 0 && unsealed >= 0 && !porch_error_is_keyring (unsealed))
    return "unsealed";
  return porch_error_word (trouble >= 0 ? trouble : unsealed);
}

static void
on_keeping (PorchApi *self)
{
  porch_agent_hub_set_keeping (self->hub, find_keeping (self));
}

void
porch_api_set_keepers (PorchApi *self, PorchSecrets *secrets, PorchBackups *backups)
{
  g_set_object (&self->secrets, secrets);
  g_set_object (&self->backups, backups);
  g_signal_connect_swapped (secrets, "need-changed", G_CALLBACK (on_keeping), self);
  g_signal_connect_swapped (backups, "trouble-changed", G_CALLBACK (on_keeping), self);
  on_keeping (self);
}

gboolean
porch_api_has_handler (PorchOpId id)
{
  return porch_api_handlers[id] != NULL;
}
