/* porch-api-conversation.c - conversations and messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-handlers.h"

#include "porch-agent-commands.h"
#include "porch-error.h"
#include "porch-id.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX     200

static char *
dup_conversation (PorchRequest *request)
{
  return g_strdup (porch_call_get_param (request->call, "conversation"));
}

void
porch_api_conversations_list (PorchRequest *request)
{
  const char *filter = porch_call_get_query (request->call, "filter");
  gint64 limit = PAGE_DEFAULT;
  PorchListInput *in;

  if (!porch_request_number (request, "limit", 1, PAGE_MAX, &limit))
    return;
  in = porch_command_new_input (&porch_agent_list);
  in->agent = g_strdup (request->agent->id);
  in->filter = g_strdup (filter != NULL ? filter : "open");
  in->after = g_strdup (porch_call_get_query (request->call, "after"));
  in->limit = limit;
  porch_request_run (request, &porch_agent_list, in);
}

static void
act (PorchRequest *request, const PorchCommand *command)
{
  PorchActInput *in = porch_command_new_input (command);

  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  in->target = porch_request_dup (request, "agent");
  porch_request_run (request, command, in);
}

/* The file has the page that the visitor came in by. */
static void
take_present (PorchVisitor *visitor, PorchVisitor *present)
{
  visitor->is_online = present != NULL;
  if (present == NULL)
    return;
  porch_member_set (&visitor->page_url, present->page_url);
  porch_member_set (&visitor->page_title, present->page_title);
  visitor->last_seen_at = MAX (visitor->last_seen_at, present->last_seen_at);
}

/* Who is on the site now, and where, is known here alone, so this one is rendered on the main
 * thread. */
static void
on_looked (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchRequest *request = data;
  PorchActResult *result = out;
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    if (result->visitor != NULL)
      take_present (result->visitor,
                    porch_service_find_present (request->api->service, result->visitor->id));
    porch_agent_look.render (result, &writer);
  }
  porch_request_finish (request, answer, error);
}

void
porch_api_conversation_get (PorchRequest *request)
{
  PorchActInput *in = porch_command_new_input (&porch_agent_look);

  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  porch_service_run (request->api->service, &porch_agent_look, in, on_looked, request);
}

void
porch_api_conversation_act (PorchRequest *request)
{
  static const PorchCommand *const commands[PORCH_N_OPS] = {
    [PORCH_OP_CONVERSATION_TAKE] = &porch_agent_take,
    [PORCH_OP_CONVERSATION_ASSIGN] = &porch_agent_assign,
    [PORCH_OP_CONVERSATION_RESOLVE] = &porch_agent_resolve,
    [PORCH_OP_CONVERSATION_CLOSE] = &porch_agent_close,
    [PORCH_OP_CONVERSATION_REOPEN] = &porch_agent_reopen,
  };

  act (request, commands[request->op->id]);
}

void
porch_api_messages_list (PorchRequest *request)
{
  gint64 before = 0, after = 0, limit = PAGE_DEFAULT;
  PorchPageInput *in;

  if (!porch_request_number (request, "before", 1, G_MAXINT64, &before) ||
      !porch_request_number (request, "after", 0, G_MAXINT64, &after) ||
      !porch_request_number (request, "limit", 1, PAGE_MAX, &limit))
    return;
  in = porch_command_new_input (&porch_agent_page);
  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  in->before = before;
  in->after = after;
  in->limit = limit;
  porch_request_run (request, &porch_agent_page, in);
}

void
porch_api_message_create (PorchRequest *request)
{
  const char *id = porch_request_string (request, "id");
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n = 0;
  PorchAnswerInput *in;

  if (!porch_id_parse_message (id, &device, &n, &error)) {
    porch_request_finish (request, NULL, error);
    return;
  }
  in = porch_command_new_input (&porch_agent_answer);
  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  in->device = g_steal_pointer (&device);
  in->n = n;
  in->text = porch_request_dup (request, "text");
  in->is_note = request->op->id == PORCH_OP_NOTE_CREATE;
  porch_request_run (request, &porch_agent_answer, in);
}

/* Nothing is written: who may see it is looked up, then everybody is told. */
static void
on_typing_allowed (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchRequest *request = data;
  const PorchActResult *result = out;
  const PorchActor actor = { PORCH_ACTOR_AGENT, request->agent->id, request->agent->name };
  const PorchMember *is_typing = porch_frame_find (&request->frame, "is_typing");

  if (error == NULL)
    porch_service_tell_typing (request->api->service, result->conversation, &actor,
                               is_typing->integer != 0);
  porch_request_finish (request, NULL, error);
}

void
porch_api_typing_create (PorchRequest *request)
{
  PorchActInput *in = porch_command_new_input (&porch_agent_look);

  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  porch_service_run (request->api->service, &porch_agent_look, in, on_typing_allowed, request);
}

void
porch_api_read_create (PorchRequest *request)
{
  PorchAgentReadInput *in = porch_command_new_input (&porch_agent_read);

  in->agent = g_strdup (request->agent->id);
  in->conversation = dup_conversation (request);
  in->read = porch_frame_find (&request->frame, "seq")->integer;
  porch_request_run (request, &porch_agent_read, in);
}

const PorchHandler porch_api_handlers[PORCH_N_OPS] = {
  [PORCH_OP_SESSION_CREATE] = porch_api_session_create,
  [PORCH_OP_SESSION_GET] = porch_api_session_get,
  [PORCH_OP_SESSION_DELETE] = porch_api_session_delete,
  [PORCH_OP_SETUP_CREATE] = porch_api_setup_create,
  [PORCH_OP_CONVERSATIONS_LIST] = porch_api_conversations_list,
  [PORCH_OP_CONVERSATION_GET] = porch_api_conversation_get,
  [PORCH_OP_CONVERSATION_TAKE] = porch_api_conversation_act,
  [PORCH_OP_CONVERSATION_ASSIGN] = porch_api_conversation_act,
  [PORCH_OP_CONVERSATION_RESOLVE] = porch_api_conversation_act,
  [PORCH_OP_CONVERSATION_CLOSE] = porch_api_conversation_act,
  [PORCH_OP_CONVERSATION_REOPEN] = porch_api_conversation_act,
  [PORCH_OP_MESSAGES_LIST] = porch_api_messages_list,
  [PORCH_OP_MESSAGE_CREATE] = porch_api_message_create,
  [PORCH_OP_NOTE_CREATE] = porch_api_message_create,
  [PORCH_OP_TYPING_CREATE] = porch_api_typing_create,
  [PORCH_OP_READ_CREATE] = porch_api_read_create,
  [PORCH_OP_AGENTS_LIST] = porch_api_agents_list,
  [PORCH_OP_AGENT_CREATE] = porch_api_agent_create,
  [PORCH_OP_STATUS_SET] = porch_api_status_set,
  [PORCH_OP_SITES_LIST] = porch_api_sites_list,
  [PORCH_OP_SITE_UPDATE] = porch_api_site_update,
  [PORCH_OP_SETTING_SET] = porch_api_setting_set,
  [PORCH_OP_CHECK_CREATE] = porch_api_check_create,
  [PORCH_OP_SECRETS_LIST] = porch_api_secrets_list,
  [PORCH_OP_SECRET_SET] = porch_api_secret_set,
  [PORCH_OP_SECRET_REMOVE] = porch_api_secret_remove,
  [PORCH_OP_SECRETS_UNLOCK] = porch_api_secrets_unlock,
  [PORCH_OP_IDENTITY_GET] = porch_api_identity_get,
  [PORCH_OP_IDENTITY_ADD] = porch_api_identity_add,
  [PORCH_OP_IDENTITY_RETIRE] = porch_api_identity_retire,
  [PORCH_OP_BACKUPS_LIST] = porch_api_backups_list,
  [PORCH_OP_BACKUPS_CREATE] = porch_api_backups_create,
  [PORCH_OP_BACKUPS_RESTORE] = porch_api_backups_restore,
  [PORCH_OP_OPENAPI_GET] = porch_api_openapi_get,
  [PORCH_OP_EVENTS] = porch_api_events,
};
