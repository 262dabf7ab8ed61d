/* porch-ops.h - the operation table and the event table: the agents' API, stated once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * api/ binds a handler to each row, client/ calls by it, the tests walk it, and the OpenAPI file is
 * made from it. No path of the API is written anywhere else.
 */
#pragma once

#include "porch-scanner.h"
#include "porch-words.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_OP_SESSION_CREATE,
  PORCH_OP_SESSION_GET,
  PORCH_OP_SESSION_DELETE,
  PORCH_OP_SETUP_CREATE,
  PORCH_OP_CONVERSATIONS_LIST,
  PORCH_OP_CONVERSATION_GET,
  PORCH_OP_CONVERSATION_TAKE,
  PORCH_OP_CONVERSATION_ASSIGN,
  PORCH_OP_CONVERSATION_RESOLVE,
  PORCH_OP_CONVERSATION_CLOSE,
  PORCH_OP_CONVERSATION_REOPEN,
  PORCH_OP_MESSAGES_LIST,
  PORCH_OP_MESSAGE_CREATE,
  PORCH_OP_NOTE_CREATE,
  PORCH_OP_TYPING_CREATE,
  PORCH_OP_READ_CREATE,
  PORCH_OP_AGENTS_LIST,
  PORCH_OP_AGENT_CREATE,
  PORCH_OP_STATUS_SET,
  PORCH_OP_SITES_LIST,
  PORCH_OP_SITE_UPDATE,
  PORCH_OP_SETTING_SET,
  PORCH_OP_CHECK_CREATE,
  PORCH_OP_SECRETS_LIST,
  PORCH_OP_SECRET_SET,
  PORCH_OP_SECRET_REMOVE,
  PORCH_OP_SECRETS_UNLOCK,
  PORCH_OP_IDENTITY_GET,
  PORCH_OP_IDENTITY_ADD,
  PORCH_OP_IDENTITY_RETIRE,
  PORCH_OP_BACKUPS_LIST,
  PORCH_OP_BACKUPS_CREATE,
  PORCH_OP_BACKUPS_RESTORE,
  PORCH_OP_OPENAPI_GET,
  PORCH_OP_EVENTS,
  PORCH_N_OPS,
} PorchOpId;

typedef enum {
  PORCH_ACCESS_PUBLIC, /* before a session */
  PORCH_ACCESS_LOCAL,  /* only over our own Unix socket */
  PORCH_ACCESS_AGENT,  /* least role */
  PORCH_ACCESS_SUPERVISOR,
  PORCH_ACCESS_ADMIN,
} PorchAccess;

typedef enum {
  PORCH_SCOPE_NONE,
  PORCH_SCOPE_CONVERSATION, /* {conversation} must be one the agent sees; 404 otherwise */
} PorchScope;

typedef struct {
  const char *path;
  PorchJsonKind kind;
  gboolean is_required;
  const char *about;
} PorchOpMember;

typedef struct {
  PorchOpId id;
  const char *name; /* "conversations.list" */
  const char *verb;
  const char *path; /* "/api/v1/conversations/{conversation}" */
  PorchAccess access;
  PorchScope scope;
  gsize body_max;
  const PorchOpMember *request; /* ends with a NULL path; NULL: no body */
  const char *queries;          /* "filter limit after", or NULL */
  const char *reply;            /* what 200 carries, in the words of the API description */
  const char *summary;          /* one sentence for people */
} PorchOp;

const PorchOp *porch_op_get (PorchOpId id);
/* The path with its one parameter filled in (percent-encoded), and @query ("limit=50", or NULL),
 * which the caller has encoded. @param is for nothing when the path has none. */
char *
porch_op_build_path (PorchOpId id, const char *param, const char *query) G_GNUC_WARN_UNUSED_RESULT;
/* Scans @data into @frame and checks it against the row: BAD_MESSAGE names the member, TOO_LARGE is
 * for more than a frame takes. A row without a body wants none, or an empty object. On FALSE there
 * is nothing to clear. Members that the row does not name are let pass. */
gboolean
porch_op_read (const PorchOp *op, const char *data, gsize length, PorchFrame *frame, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* OpenAPI 3.1 of the whole table, as JSON. @version is that of the program. */
char *porch_ops_to_openapi (const char *version) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  PORCH_HEARS_AGENTS = 1 << 0,  /* in scope */
  PORCH_HEARS_VISITOR = 1 << 1, /* of that conversation */
} PorchHears;

typedef struct {
  PorchEventType type;
  PorchHears audience;
  gboolean is_durable;
  const char *payload; /* "conversation", "message", "agent", "contact", "typing" … */
} PorchEventRow;

/* For every type but NONE. Static. */
const PorchEventRow *porch_event_row (PorchEventType type);

G_END_DECLS
