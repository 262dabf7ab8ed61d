/* porch-ops.c - the operation table and the event table: the agents' API, stated once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-ops.h"

#include "porch-error.h"
#include "porch-text.h"

#include <string.h>

#define KIB 1024

/* clang-format off */
static const PorchOpMember session_members[] = {
  { "email", PORCH_JSON_STRING, FALSE, "not needed over the Unix socket" },
  { "password", PORCH_JSON_STRING, FALSE, "not needed over the Unix socket" },
  { NULL },
};
static const PorchOpMember setup_members[] = {
  { "business", PORCH_JSON_STRING, TRUE, "name of the business" },
  { "name", PORCH_JSON_STRING, TRUE, "name of the first agent, who becomes admin" },
  { "email", PORCH_JSON_STRING, FALSE, "of the first agent" },
  { "password", PORCH_JSON_STRING, FALSE, "without one only the local window can sign in" },
  { "domain", PORCH_JSON_STRING, TRUE, "host of the website" },
  { NULL },
};
static const PorchOpMember assign_members[] = {
  { "agent", PORCH_JSON_STRING, TRUE, "id of the agent who gets it" },
  { NULL },
};
static const PorchOpMember message_members[] = {
  { "id", PORCH_JSON_STRING, TRUE, "\"device:n\"" },
  { "text", PORCH_JSON_STRING, TRUE, "what is said" },
  { NULL },
};
static const PorchOpMember typing_members[] = {
  { "is_typing", PORCH_JSON_BOOLEAN, TRUE, "false when the agent stopped" },
  { NULL },
};
static const PorchOpMember read_members[] = {
  { "seq", PORCH_JSON_INTEGER, TRUE, "of the newest message that was on screen" },
  { NULL },
};
static const PorchOpMember agent_members[] = {
  { "name", PORCH_JSON_STRING, TRUE, "as visitors see it" },
  { "email", PORCH_JSON_STRING, TRUE, "to sign in with; visitors never see it" },
  { "password", PORCH_JSON_STRING, TRUE, "at least 10 characters" },
  { "role", PORCH_JSON_STRING, FALSE, "agent, supervisor or admin" },
  { "department", PORCH_JSON_STRING, FALSE, "the only one they see; made when it is new" },
  { NULL },
};
static const PorchOpMember status_members[] = {
  { "status", PORCH_JSON_STRING, TRUE, "online, away, busy or offline" },
  { NULL },
};
static const PorchOpMember site_members[] = {
  { "site", PORCH_JSON_STRING, TRUE, "id of the site" },
  { "name", PORCH_JSON_STRING, FALSE, "as visitors see it; of the first site it is the business's, too" },
  { "domains", PORCH_JSON_STRING, FALSE, "all its hosts, between blanks or commas; the widget runs on no other" },
  { NULL },
};
static const PorchOpMember setting_members[] = {
  { "key", PORCH_JSON_STRING, TRUE, "which one" },
  { "value", PORCH_JSON_STRING, TRUE, "number or text; empty for as it was at first" },
  { NULL },
};
static const PorchOpMember secret_members[] = {
  { "name", PORCH_JSON_STRING, TRUE, "\"backup-passphrase\" and the like" },
  { "value", PORCH_JSON_STRING, TRUE, "one line of text; it is never given out again" },
  { NULL },
};
static const PorchOpMember secret_name_members[] = {
  { "name", PORCH_JSON_STRING, TRUE, "as it was set" },
  { NULL },
};
static const PorchOpMember key_members[] = {
  { "site", PORCH_JSON_STRING, TRUE, "id of the site" },
  { "kid", PORCH_JSON_STRING, TRUE, "name of the key, which goes with each signature" },
  { "secret", PORCH_JSON_STRING, TRUE, "made by the caller, 32 to 128 characters of base64url" },
  { NULL },
};
static const PorchOpMember kid_members[] = {
  { "site", PORCH_JSON_STRING, TRUE, "id of the site" },
  { "kid", PORCH_JSON_STRING, TRUE, "name of the key" },
  { NULL },
};

static const PorchOpMember new_backup_members[] = {
  { "path", PORCH_JSON_STRING, FALSE, "absolute path of the file, over the Unix socket alone; else among the backups" },
  { "passphrase", PORCH_JSON_STRING, FALSE, "seals it; else the one that is kept, if any" },
  { NULL },
};
static const PorchOpMember restore_members[] = {
  { "name", PORCH_JSON_STRING, FALSE, "of a backup in the list" },
  { "path", PORCH_JSON_STRING, FALSE, "absolute path of the file, over the Unix socket alone" },
  { "passphrase", PORCH_JSON_STRING, FALSE, "opens it; else the one that is kept, if any" },
  { NULL },
};

#define CONVERSATION "/api/v1/conversations/{conversation}"
static const PorchOp ops[PORCH_N_OPS] = {
  { PORCH_OP_SESSION_CREATE, "session.create", "POST", "/api/v1/session", PORCH_ACCESS_PUBLIC, PORCH_SCOPE_NONE,
    4 * KIB, session_members, NULL, "{token, agent}",
    "Signs in. Over the Unix socket the local agent needs neither address nor password." },
  { PORCH_OP_SESSION_GET, "session.get", "GET", "/api/v1/session", PORCH_ACCESS_PUBLIC, PORCH_SCOPE_NONE,
    0, NULL, NULL, "{is_set_up, agent, business, sites: [site], departments: [department], listening, public_address, warning}",
    "Says who is signed in and what the server is." },
  { PORCH_OP_SESSION_DELETE, "session.delete", "DELETE", "/api/v1/session", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    0, NULL, NULL, "", "Signs out; the session's sockets close." },
  { PORCH_OP_SETUP_CREATE, "setup.create", "POST", "/api/v1/setup", PORCH_ACCESS_LOCAL, PORCH_SCOPE_NONE,
    8 * KIB, setup_members, NULL, "{site_key, agent}",
    "Makes the business, its first site and its first agent. Once." },
  { PORCH_OP_CONVERSATIONS_LIST, "conversations.list", "GET", "/api/v1/conversations", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    0, NULL, "filter after limit", "{items: [conversation], next, counts: {mine, waiting, open}}",
    "Lists conversations: filter is mine, waiting (longest first), open, resolved or all (newest first)." },
  { PORCH_OP_CONVERSATION_GET, "conversation.get", "GET", CONVERSATION, PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    0, NULL, NULL, "{conversation, contact, visitor}", "One conversation, with whom it is." },
  { PORCH_OP_CONVERSATION_TAKE, "conversation.take", "POST", CONVERSATION "/take", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, NULL, NULL, "conversation", "Takes it. conflict when somebody else took it first." },
  { PORCH_OP_CONVERSATION_ASSIGN, "conversation.assign", "POST", CONVERSATION "/assign", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, assign_members, NULL, "conversation", "Gives it to an agent." },
  { PORCH_OP_CONVERSATION_RESOLVE, "conversation.resolve", "POST", CONVERSATION "/resolve", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, NULL, NULL, "conversation", "Marks it as done; the visitor is asked to rate." },
  { PORCH_OP_CONVERSATION_CLOSE, "conversation.close", "POST", CONVERSATION "/close", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, NULL, NULL, "conversation", "Ends it; a new message starts a new one." },
  { PORCH_OP_CONVERSATION_REOPEN, "conversation.reopen", "POST", CONVERSATION "/reopen", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, NULL, NULL, "conversation", "Opens it again." },
  { PORCH_OP_MESSAGES_LIST, "messages.list", "GET", CONVERSATION "/messages", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    0, NULL, "before after limit", "{items: [message], has_more}",
    "A page of its messages and notes, oldest first: the newest ones, or those before or after a seq." },
  { PORCH_OP_MESSAGE_CREATE, "message.create", "POST", CONVERSATION "/messages", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    64 * KIB, message_members, NULL, "message", "Answers the visitor. The same id again stores nothing." },
  { PORCH_OP_NOTE_CREATE, "note.create", "POST", CONVERSATION "/notes", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    64 * KIB, message_members, NULL, "message", "Adds a note that only the team sees." },
  { PORCH_OP_TYPING_CREATE, "typing.create", "POST", CONVERSATION "/typing", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, typing_members, NULL, "", "Shows the visitor that an answer is being written." },
  { PORCH_OP_READ_CREATE, "read.create", "POST", CONVERSATION "/read", PORCH_ACCESS_AGENT, PORCH_SCOPE_CONVERSATION,
    KIB, read_members, NULL, "", "Says how far the agent has read." },
  { PORCH_OP_AGENTS_LIST, "agents.list", "GET", "/api/v1/agents", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    0, NULL, NULL, "{items: [agent]}", "Everybody who answers." },
  { PORCH_OP_AGENT_CREATE, "agent.create", "POST", "/api/v1/agents", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    4 * KIB, agent_members, NULL, "agent", "Adds an agent, in every department unless one is named." },
  { PORCH_OP_STATUS_SET, "status.set", "PUT", "/api/v1/status", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    KIB, status_members, NULL, "agent", "Says whether the agent is there." },
  { PORCH_OP_SITES_LIST, "sites.list", "GET", "/api/v1/sites", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    0, NULL, NULL, "{items: [site]}", "The websites of the business." },
  { PORCH_OP_SITE_UPDATE, "site.update", "PUT", "/api/v1/sites", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    16 * KIB, site_members, NULL, "site", "Changes what a website is called and where it is, from now on; what is not named stays." },
  { PORCH_OP_SETTING_SET, "setting.set", "PUT", "/api/v1/settings", PORCH_ACCESS_LOCAL, PORCH_SCOPE_NONE,
    KIB, setting_members, NULL, "{key, value}", "Sets a limit, the public address or the trusted proxy, from now on." },
  { PORCH_OP_CHECK_CREATE, "check.create", "POST", "/api/v1/check", PORCH_ACCESS_LOCAL, PORCH_SCOPE_NONE,
    KIB, NULL, NULL, "{ok, problems: [text]}", "Checks the file for damage." },
  { PORCH_OP_SECRETS_LIST, "secrets.list", "GET", "/api/v1/secrets", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    0, NULL, NULL, "{place, trouble, is_asking, items: [{name, kind, hint, trouble}]}",
    "Which secrets there are and where, without their values; what is the matter with the keyring." },
  { PORCH_OP_SECRET_SET, "secret.set", "PUT", "/api/v1/secrets", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    12 * KIB, secret_members, NULL, "", "Sets a secret, in the keyring where there is one." },
  { PORCH_OP_SECRET_REMOVE, "secret.remove", "POST", "/api/v1/secrets/remove", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    KIB, secret_name_members, NULL, "", "Forgets a secret." },
  { PORCH_OP_SECRETS_UNLOCK, "secrets.unlock", "POST", "/api/v1/secrets/unlock", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    KIB, NULL, NULL, "", "Tries the keyring again; over the Unix socket, its owner is asked to unlock it." },
  { PORCH_OP_IDENTITY_GET, "identity.get", "GET", "/api/v1/identity", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    0, NULL, "site", "{site: text, keys: [{kid, hint, at}]}",
    "The keys by which a website vouches for its visitors, newest first, without their secrets." },
  { PORCH_OP_IDENTITY_ADD, "identity.add", "POST", "/api/v1/identity", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    KIB, key_members, NULL, "", "Adds a key; the one before it stays good, older ones go." },
  { PORCH_OP_IDENTITY_RETIRE, "identity.retire", "POST", "/api/v1/identity/retire", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    KIB, kid_members, NULL, "", "Ends a key: what it signed is believed no more." },
  { PORCH_OP_BACKUPS_LIST, "backups.list", "GET", "/api/v1/backups", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    0, NULL, NULL, "{items: [{name, at, bytes, kind, is_sealed}], unsealed, job: {id, kind, is_running, percent, at, code, detail, path}}",
    "The backups, newest first, each verified when it was made; the code of what keeps one from before an update from being "
    "sealed; and how far the one is that is being made or taken back." },
  { PORCH_OP_BACKUPS_CREATE, "backups.create", "POST", "/api/v1/backups", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    8 * KIB, new_backup_members, NULL, "{job}", "Begins a backup; conflict while another job runs." },
  { PORCH_OP_BACKUPS_RESTORE, "backups.restore", "POST", "/api/v1/backups/restore", PORCH_ACCESS_ADMIN, PORCH_SCOPE_NONE,
    8 * KIB, restore_members, NULL, "{job}",
    "Begins to go back to a backup. When it is verified the server starts again with it, in another epoch." },
  { PORCH_OP_OPENAPI_GET, "openapi.get", "GET", "/api/v1/openapi.json", PORCH_ACCESS_PUBLIC, PORCH_SCOPE_NONE,
    0, NULL, NULL, "OpenAPI 3.1", "This description." },
  { PORCH_OP_EVENTS, "events", "GET", "/api/v1/events", PORCH_ACCESS_AGENT, PORCH_SCOPE_NONE,
    0, NULL, "since epoch", "WebSocket", "What happens, as it happens; since a seq, what was missed first." },
};

#define BOTH (PORCH_HEARS_AGENTS | PORCH_HEARS_VISITOR)
/* By the type, since it is asked for each event that is told. */
static const PorchEventRow events[] = {
  [PORCH_EVENT_CONVERSATION_CREATED] = { PORCH_EVENT_CONVERSATION_CREATED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_ASSIGNED] = { PORCH_EVENT_CONVERSATION_ASSIGNED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_TRANSFERRED] = { PORCH_EVENT_CONVERSATION_TRANSFERRED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_RESOLVED] = { PORCH_EVENT_CONVERSATION_RESOLVED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_CLOSED] = { PORCH_EVENT_CONVERSATION_CLOSED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_REOPENED] = { PORCH_EVENT_CONVERSATION_REOPENED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_MISSED] = { PORCH_EVENT_CONVERSATION_MISSED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_RATED] = { PORCH_EVENT_CONVERSATION_RATED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_CONVERSATION_UPDATED] = { PORCH_EVENT_CONVERSATION_UPDATED, BOTH, TRUE, "conversation" },
  [PORCH_EVENT_MESSAGE_CREATED] = { PORCH_EVENT_MESSAGE_CREATED, BOTH, TRUE, "message" },
  [PORCH_EVENT_MESSAGE_UPDATED] = { PORCH_EVENT_MESSAGE_UPDATED, BOTH, TRUE, "message" },
  [PORCH_EVENT_CONTACT_UPDATED] = { PORCH_EVENT_CONTACT_UPDATED, PORCH_HEARS_AGENTS, TRUE, "contact" },
  [PORCH_EVENT_SITE_UPDATED] = { PORCH_EVENT_SITE_UPDATED, PORCH_HEARS_AGENTS, TRUE, "site" },
  [PORCH_EVENT_AGENT_STATUS_CHANGED] = { PORCH_EVENT_AGENT_STATUS_CHANGED, PORCH_HEARS_AGENTS, FALSE, "agent" },
  [PORCH_EVENT_TYPING] = { PORCH_EVENT_TYPING, BOTH, FALSE, "typing" },
  [PORCH_EVENT_PRESENCE] = { PORCH_EVENT_PRESENCE, PORCH_HEARS_AGENTS, FALSE, "presence" },
  [PORCH_EVENT_PAGE] = { PORCH_EVENT_PAGE, PORCH_HEARS_AGENTS, FALSE, "visitor" },
  [PORCH_EVENT_RECEIPT] = { PORCH_EVENT_RECEIPT, PORCH_HEARS_VISITOR, FALSE, "receipt" },
};
/* clang-format on */

const PorchOp *
porch_op_get (PorchOpId id)
{
  g_return_val_if_fail ((guint) id < PORCH_N_OPS && ops[id].id == id, NULL);
  return &ops[id];
}

char *
porch_op_build_path (PorchOpId id, const char *param, const char *query)
{
  const char *path = porch_op_get (id)->path;
  const char *open = strchr (path, '{'), *close = open != NULL ? strchr (open, '}') : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (open == NULL) {
    g_string_append (text, path);
  } else {
    g_autofree char *safe = g_uri_escape_string (param, NULL, FALSE);

    g_string_append_len (text, path, open - path);
    g_string_append_printf (text, "%s%s", safe, close + 1);
  }
  if (query != NULL)
    g_string_append_printf (text, "?%s", query);
  return g_strdup (text->str);
}

static gboolean
check_member (const PorchFrame *frame, const PorchOpMember *member, GError **error)
{
  const char *text = NULL;
  gint64 integer = 0;
  gboolean boolean = FALSE;

  switch (member->kind) {
  case PORCH_JSON_STRING:
    return porch_frame_read_string (frame, member->path, member->is_required, &text, error);
  case PORCH_JSON_INTEGER:
    return porch_frame_read_int (frame, member->path, member->is_required, &integer, error);
  case PORCH_JSON_BOOLEAN:
    return porch_frame_read_boolean (frame, member->path, member->is_required, &boolean, error);
  case PORCH_JSON_NULL:
  case PORCH_JSON_NUMBER:
  case PORCH_JSON_ARRAY:
  case PORCH_JSON_OBJECT:
    break;
  }
  g_return_val_if_reached (FALSE);
}

gboolean
porch_op_read (const PorchOp *op, const char *data, gsize length, PorchFrame *frame, GError **error)
{
  if (length == 0 && op->request == NULL) {
    *frame = (PorchFrame){ 0 };
    return TRUE;
  }
  if (!porch_frame_scan (frame, data, length, error))
    return FALSE;
  for (const PorchOpMember *member = op->request; member != NULL && member->path != NULL; member++)
    if (!check_member (frame, member, error)) {
      porch_frame_clear (frame);
      return FALSE;
    }
  return TRUE;
}

const PorchEventRow *
porch_event_row (PorchEventType type)
{
  g_return_val_if_fail (type > PORCH_EVENT_NONE && (guint) type < G_N_ELEMENTS (events), NULL);
  return &events[type];
}
