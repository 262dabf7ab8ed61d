/* porch-api-session.c - signing in, the business, agents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-handlers.h"

#include "porch-agent-view.h"
#include "porch-business-commands.h"
#include "porch-codec.h"
#include "porch-error.h"

static void
on_signed_in (const char *token, PorchAgent *agent, const GError *error, gpointer data)
{
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "token", token);
    porch_codec_write (&writer, "agent", agent, PORCH_AUDIENCE_STAFF);
    porch_writer_end (&writer);
  }
  porch_request_finish (data, answer, error);
}

void
porch_api_session_create (PorchRequest *request)
{
  const char *email = porch_request_string (request, "email");
  const char *password = porch_request_string (request, "password");
  const char *peer =
    porch_call_is_loopback (request->call) ? NULL : porch_call_get_peer (request->call);
  const guint wait_ms =
    email != NULL ? porch_service_get_sign_in_wait (request->api->service, email, peer) : 0;

  if (wait_ms != 0 && password != NULL) {
    porch_call_fail_later (request->call, PORCH_ERROR_RATE_LIMITED, "too many wrong passwords",
                           wait_ms);
    porch_request_leave (request);
    return;
  }
  if (email != NULL && password != NULL)
    porch_service_sign_in (request->api->service, email, password, peer, on_signed_in, request);
  else if (porch_call_is_local (request->call) && request->agent != NULL)
    porch_service_open_session (request->api->service, request->agent, on_signed_in, request);
  else
    porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE, "email and password are needed");
}

void
porch_api_session_get (PorchRequest *request)
{
  PorchService *service = request->api->service;
  GString *answer = NULL;

  if (request->agent == NULL && !porch_call_is_local (request->call)) {
    porch_request_fail (request, PORCH_ERROR_UNAUTHORIZED, "sign in first");
    return;
  }
  answer = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (answer);
  porch_writer_begin (&writer, NULL);
  porch_writer_boolean (&writer, "is_set_up", porch_service_is_set_up (service));
  if (request->agent != NULL)
    porch_codec_write (&writer, "agent", request->agent, PORCH_AUDIENCE_STAFF);
  else
    porch_writer_string (&writer, "agent", NULL);
  porch_writer_string (&writer, "business", porch_service_get_business (service));
  porch_codec_write_list (&writer, "sites", porch_service_get_sites (service),
                          PORCH_AUDIENCE_STAFF);
  porch_codec_write_list (&writer, "departments", porch_service_get_departments (service),
                          PORCH_AUDIENCE_STAFF);
  porch_writer_string (&writer, "listening", request->api->address);
  porch_writer_string (&writer, "public_address",
                       porch_service_get_text (service, "public_address"));
  porch_writer_string (&writer, "warning", porch_api_get_warning (request->api));
  porch_writer_end (&writer);
  porch_request_finish (request, answer, NULL);
}

void
porch_api_session_delete (PorchRequest *request)
{
  const char *token = porch_call_get_bearer (request->call);

  if (token != NULL)
    porch_service_sign_out (request->api->service, token, porch_request_answered, request);
  else
    porch_request_finish (request, NULL, NULL);
}

void
porch_api_setup_create (PorchRequest *request)
{
  PorchSetupInput *in;
  PorchOnce once;

  if (!porch_request_take_once (request, &once))
    return;
  /* When it comes again there is an agent. */
  once.subject = "setup";
  in = porch_command_new_input (&porch_business_set_up);
  in->business = porch_request_dup (request, "business");
  in->name = porch_request_dup (request, "name");
  in->email = porch_request_dup (request, "email");
  in->domain = porch_request_dup (request, "domain");
  porch_service_set_up (request->api->service, in, porch_request_string (request, "password"),
                        &once, porch_request_answered, request);
}

void
porch_api_agents_list (PorchRequest *request)
{
  GPtrArray *agents = porch_service_get_agents (request->api->service);
  GString *answer = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (answer);

  porch_writer_begin (&writer, NULL);
  porch_writer_begin_array (&writer, "items");
  for (guint i = 0; i < agents->len; i++)
    porch_agent_view_write (&writer, NULL, agents->pdata[i],
                            porch_agent_view_is_whole (agents->pdata[i], request->agent));
  porch_writer_end_array (&writer);
  porch_writer_end (&writer);
  porch_request_finish (request, answer, NULL);
}

void
porch_api_agent_create (PorchRequest *request)
{
  const char *word = porch_request_string (request, "role");
  const int role = word != NULL ? porch_word_find (porch_role_get_type (), word) : PORCH_ROLE_AGENT;
  PorchAgentInput *in = NULL;
  PorchOnce once;

  if (role < 0) {
    porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE, "role is not agent, supervisor or admin");
    return;
  }
  if (!porch_request_take_once (request, &once))
    return;
  in = porch_command_new_input (&porch_business_add_agent);
  in->name = porch_request_dup (request, "name");
  in->email = porch_request_dup (request, "email");
  in->department = porch_request_dup (request, "department");
  in->role = role;
  porch_service_add_agent (request->api->service, in, porch_request_string (request, "password"),
                           &once, porch_request_answered, request);
}

void
porch_api_status_set (PorchRequest *request)
{
  const int status =
    porch_word_find (porch_status_get_type (), porch_request_string (request, "status"));
  PorchOnce once;

  if (status < 0)
    porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE,
                        "status is not online, away, busy or offline");
  else if (porch_request_take_once (request, &once))
    porch_service_set_status (request->api->service, request->agent->id, status, &once,
                              porch_request_answered, request);
}

void
porch_api_sites_list (PorchRequest *request)
{
  GString *answer = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (answer);

  porch_writer_begin (&writer, NULL);
  porch_codec_write_list (&writer, "items", porch_service_get_sites (request->api->service),
                          PORCH_AUDIENCE_STAFF);
  porch_writer_end (&writer);
  porch_request_finish (request, answer, NULL);
}

void
porch_api_site_update (PorchRequest *request)
{
  PorchSiteInput *in;
  PorchOnce once;

  if (!porch_request_take_once (request, &once))
    return;
  in = porch_command_new_input (&porch_site_update);
  in->agent = g_strdup (request->agent->id);
  in->site = porch_request_dup (request, "site");
  in->name = porch_request_dup (request, "name");
  in->domains = porch_request_dup (request, "domains");
  porch_service_update_site (request->api->service, in, &once, porch_request_answered, request);
}

void
porch_api_setting_set (PorchRequest *request)
{
  porch_service_set_setting (request->api->service, porch_request_string (request, "key"),
                             porch_request_string (request, "value"), porch_request_answered,
                             request);
}

void
porch_api_check_create (PorchRequest *request)
{
  porch_service_check (request->api->service, porch_request_answered, request);
}

void
porch_api_openapi_get (PorchRequest *request)
{
  g_autofree char *text = porch_ops_to_openapi (PORCH_VERSION);

  porch_request_finish (request, g_string_new (text), NULL);
}
