/* porch-openapi.c - the operation table as an OpenAPI 3.1 description
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made only of the tables: what is not in them is not described, and what is described is
 * reachable.
 */
#include "config.h"

#include "porch-ops.h"

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-department.h"
#include "porch-error.h"
#include "porch-message.h"
#include "porch-site.h"
#include "porch-visitor.h"
#include "porch-writer.h"

#include <string.h>

/* clang-format off */
static const struct {
  const char *name;
  const char *ref;
  GType (*type) (void);
} entities[] = {
  { "agent", "#/components/schemas/agent", porch_agent_get_type },
  { "contact", "#/components/schemas/contact", porch_contact_get_type },
  { "conversation", "#/components/schemas/conversation", porch_conversation_get_type },
  { "department", "#/components/schemas/department", porch_department_get_type },
  { "message", "#/components/schemas/message", porch_message_get_type },
  { "site", "#/components/schemas/site", porch_site_get_type },
  { "visitor", "#/components/schemas/visitor", porch_visitor_get_type },
};

static const struct {
  const char *name;
  const char *type;
  const char *about;
} queries[] = {
  { "filter", "string", "which of them; see the summary" },
  { "after", "string", "what comes after this: a cursor that an earlier page gave, or a seq" },
  { "before", "string", "what comes before this seq" },
  { "limit", "integer", "how many at most" },
  { "since", "integer", "the last seq that the client has seen" },
  { "epoch", "string", "the epoch in which it saw it" },
  { "site", "string", "id of the site" },
};

static const char *const accesses[] = {
  [PORCH_ACCESS_PUBLIC] = "public",
  [PORCH_ACCESS_LOCAL] = "local",
  [PORCH_ACCESS_AGENT] = "agent",
  [PORCH_ACCESS_SUPERVISOR] = "supervisor",
  [PORCH_ACCESS_ADMIN] = "admin",
};

static const char *const kinds[] = {
  [PORCH_JSON_NULL] = "null",
  [PORCH_JSON_BOOLEAN] = "boolean",
  [PORCH_JSON_INTEGER] = "integer",
  [PORCH_JSON_NUMBER] = "number",
  [PORCH_JSON_STRING] = "string",
  [PORCH_JSON_ARRAY] = "array",
  [PORCH_JSON_OBJECT] = "object",
};
/* clang-format on */

/* {"type": [@type, "null"]} and what more the caller writes before it ends it. */
static void
begin_type (PorchWriter *writer, const char *name, const char *type, gboolean is_nullable)
{
  porch_writer_begin (writer, name);
  if (!is_nullable) {
    porch_writer_string (writer, "type", type);
    return;
  }
  porch_writer_begin_array (writer, "type");
  porch_writer_string (writer, NULL, type);
  porch_writer_string (writer, NULL, "null");
  porch_writer_end_array (writer);
}

static void
write_type (PorchWriter *writer, const char *name, const char *type)
{
  begin_type (writer, name, type, FALSE);
  porch_writer_end (writer);
}

static void
write_field (PorchWriter *writer, PorchEntityClass *klass, guint index)
{
  const PorchField *field = &klass->fields[index];
  const char *name = klass->members[index];
  const gboolean is_nullable = (field->flags & PORCH_FIELD_REQUIRED) == 0;

  switch (field->kind) {
  case PORCH_KIND_STRING:
    begin_type (writer, name, "string", is_nullable);
    break;
  case PORCH_KIND_INT64:
    begin_type (writer, name, "integer", FALSE);
    break;
  case PORCH_KIND_BOOLEAN:
    begin_type (writer, name, "boolean", FALSE);
    break;
  case PORCH_KIND_ENUM:
    begin_type (writer, name, "string", FALSE);
    porch_writer_begin_array (writer, "enum");
    for (guint i = 0; i < klass->enum_classes[index]->n_values; i++)
      porch_writer_string (writer, NULL, klass->enum_classes[index]->values[i].value_nick);
    porch_writer_end_array (writer);
    break;
  case PORCH_KIND_TIME:
    begin_type (writer, name, "string", is_nullable);
    porch_writer_string (writer, "format", "date-time");
    break;
  case PORCH_KIND_STRV:
    begin_type (writer, name, "array", FALSE);
    write_type (writer, "items", "string");
    break;
  }
  if ((field->flags & PORCH_FIELD_READONLY) != 0)
    porch_writer_boolean (writer, "readOnly", TRUE);
  porch_writer_end (writer);
}

static void
write_entity (PorchWriter *writer, const char *name, PorchEntityClass *klass)
{
  begin_type (writer, name, "object", FALSE);
  porch_writer_begin (writer, "properties");
  for (guint i = 0; i < klass->n_fields; i++)
    if ((klass->fields[i].flags & PORCH_FIELD_SECRET) == 0)
      write_field (writer, klass, i);
  porch_writer_end (writer);
  porch_writer_end (writer);
}

static void
write_problem_schema (PorchWriter *writer)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PORCH_TYPE_ERROR_CODE);

  begin_type (writer, "problem", "object", FALSE);
  porch_writer_begin (writer, "properties");
  write_type (writer, "type", "string");
  write_type (writer, "title", "string");
  write_type (writer, "status", "integer");
  begin_type (writer, "code", "string", FALSE);
  porch_writer_begin_array (writer, "enum");
  for (guint i = 0; i < codes->n_values; i++)
    porch_writer_string (writer, NULL, codes->values[i].value_nick);
  porch_writer_end_array (writer);
  porch_writer_end (writer);
  write_type (writer, "detail", "string");
  write_type (writer, "retry_after_ms", "integer");
  porch_writer_end (writer);
  porch_writer_end (writer);
}

/* The schema for a word of a reply: an entity, "text", or anything. */
static void
write_word (PorchWriter *writer, const char *name, const char *word)
{
  porch_writer_begin (writer, name);
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (strcmp (entities[i].name, word) == 0)
      porch_writer_string (writer, "$ref", entities[i].ref);
  if (strcmp (word, "text") == 0)
    porch_writer_string (writer, "type", "string");
  porch_writer_end (writer);
}

/* A member that carries the entity of its name, or null, or is not described further. */
static void
write_member (PorchWriter *writer, const char *name)
{
  porch_writer_begin (writer, name);
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++) {
    if (strcmp (entities[i].name, name) != 0)
      continue;
    porch_writer_begin_array (writer, "anyOf");
    write_word (writer, NULL, name);
    write_type (writer, NULL, "null");
    porch_writer_end_array (writer);
  }
  porch_writer_end (writer);
}

static char *
take_word (const char **at)
{
  const gsize length = strspn (*at, "abcdefghijklmnopqrstuvwxyz_");
  char *word = g_strndup (*at, length);

  *at += length;
  *at += strspn (*at, " ");
  return word;
}

/* A reply in the words of the table: "conversation", "[message]", "{items: [message], has_more}".
 * A member without a value is the entity of that name, or anything. Returns where it ended. */
static const char *
write_reply (PorchWriter *writer, const char *name, const char *at)
{
  g_autofree char *word = NULL;

  if (*at == '[') {
    begin_type (writer, name, "array", FALSE);
    at = write_reply (writer, "items", at + 1);
    porch_writer_end (writer);
    return at + (*at == ']');
  }
  if (*at != '{') {
    word = take_word (&at);
    write_word (writer, name, word);
    return at;
  }

  begin_type (writer, name, "object", FALSE);
  porch_writer_begin (writer, "properties");
  do {
    g_autofree char *member = NULL;

    at++;
    at += strspn (at, " ");
    member = take_word (&at);
    if (*at == ':')
      at = write_reply (writer, member, at + 1 + strspn (at + 1, " "));
    else
      write_member (writer, member);
  } while (*at == ',');
  porch_writer_end (writer);
  porch_writer_end (writer);
  return at + (*at == '}');
}

static void
write_responses (PorchWriter *writer, const PorchOp *op)
{
  const gboolean is_socket = strcmp (op->reply, "WebSocket") == 0;
  const gboolean is_empty = op->reply[0] == '\0';

  porch_writer_begin (writer, "responses");
  porch_writer_begin (writer, is_socket ? "101" : is_empty ? "204" : "200");
  porch_writer_string (writer, "description", is_empty ? "Done." : op->reply);
  if (!is_socket && !is_empty) {
    porch_writer_begin (writer, "content");
    porch_writer_begin (writer, "application/json");
    if (op->id == PORCH_OP_OPENAPI_GET)
      write_type (writer, "schema", "object");
    else
      write_reply (writer, "schema", op->reply);
    porch_writer_end (writer);
    porch_writer_end (writer);
  }
  porch_writer_end (writer);
  porch_writer_begin (writer, "default");
  porch_writer_string (writer, "$ref", "#/components/responses/problem");
  porch_writer_end (writer);
  porch_writer_end (writer);
}

static void
write_request (PorchWriter *writer, const PorchOp *op)
{
  gboolean is_required = FALSE;

  porch_writer_begin (writer, "requestBody");
  porch_writer_begin (writer, "content");
  porch_writer_begin (writer, "application/json");
  begin_type (writer, "schema", "object", FALSE);
  porch_writer_begin (writer, "properties");
  for (const PorchOpMember *member = op->request; member->path != NULL; member++) {
    begin_type (writer, member->path, kinds[member->kind], !member->is_required);
    porch_writer_string (writer, "description", member->about);
    porch_writer_end (writer);
    is_required = is_required || member->is_required;
  }
  porch_writer_end (writer);
  porch_writer_begin_array (writer, "required");
  for (const PorchOpMember *member = op->request; member->path != NULL; member++)
    if (member->is_required)
      porch_writer_string (writer, NULL, member->path);
  porch_writer_end_array (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);
  porch_writer_boolean (writer, "required", is_required);
  porch_writer_int (writer, "x-max-bytes", op->body_max);
  porch_writer_end (writer);
}

static void
write_parameter (PorchWriter *writer,
                 const char *name,
                 const char *place,
                 const char *type,
                 const char *about)
{
  porch_writer_begin (writer, NULL);
  porch_writer_string (writer, "name", name);
  porch_writer_string (writer, "in", place);
  porch_writer_boolean (writer, "required", strcmp (place, "path") == 0);
  porch_writer_string (writer, "description", about);
  write_type (writer, "schema", type);
  porch_writer_end (writer);
}

static void
write_queries (PorchWriter *writer, const PorchOp *op)
{
  g_auto (GStrv) names = g_strsplit (op->queries, " ", -1);

  porch_writer_begin_array (writer, "parameters");
  for (char **name = names; *name != NULL; name++)
    for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
      if (strcmp (queries[i].name, *name) == 0)
        write_parameter (writer, *name, "query", queries[i].type, queries[i].about);
  porch_writer_end_array (writer);
}

static void
write_op (PorchWriter *writer, const PorchOp *op)
{
  g_autofree char *verb = g_ascii_strdown (op->verb, -1);

  porch_writer_begin (writer, verb);
  porch_writer_string (writer, "operationId", op->name);
  porch_writer_string (writer, "summary", op->summary);
  porch_writer_string (writer, "x-access", accesses[op->access]);
  porch_writer_begin_array (writer, "security");
  if (op->access >= PORCH_ACCESS_AGENT) {
    porch_writer_begin (writer, NULL);
    porch_writer_begin_array (writer, "bearer");
    porch_writer_end_array (writer);
    porch_writer_end (writer);
  }
  porch_writer_end_array (writer);
  if (op->queries != NULL)
    write_queries (writer, op);
  if (op->request != NULL)
    write_request (writer, op);
  write_responses (writer, op);
  porch_writer_end (writer);
}

/* All rows of the path that @first, its first row, has. */
static void
write_path (PorchWriter *writer, const PorchOp *first)
{
  const char *open = strchr (first->path, '{');
  const gsize length = open != NULL ? strcspn (open, "}") : 0;

  porch_writer_begin (writer, first->path);
  if (length > 1) {
    g_autofree char *param = g_strndup (open + 1, length - 1);

    porch_writer_begin_array (writer, "parameters");
    write_parameter (writer, param, "path", "string", "its id");
    porch_writer_end_array (writer);
  }
  for (int id = first->id; id < PORCH_N_OPS; id++)
    if (strcmp (porch_op_get (id)->path, first->path) == 0)
      write_op (writer, porch_op_get (id));
  porch_writer_end (writer);
}

static gboolean
is_first_of_path (PorchOpId id)
{
  for (int before = 0; before < (int) id; before++)
    if (strcmp (porch_op_get (before)->path, porch_op_get (id)->path) == 0)
      return FALSE;
  return TRUE;
}

static void
write_components (PorchWriter *writer)
{
  porch_writer_begin (writer, "components");
  porch_writer_begin (writer, "securitySchemes");
  porch_writer_begin (writer, "bearer");
  porch_writer_string (writer, "type", "http");
  porch_writer_string (writer, "scheme", "bearer");
  porch_writer_end (writer);
  porch_writer_end (writer);

  porch_writer_begin (writer, "responses");
  porch_writer_begin (writer, "problem");
  porch_writer_string (writer, "description", "A problem (RFC 9457); code says which.");
  porch_writer_begin (writer, "content");
  porch_writer_begin (writer, "application/problem+json");
  porch_writer_begin (writer, "schema");
  porch_writer_string (writer, "$ref", "#/components/schemas/problem");
  porch_writer_end (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);

  porch_writer_begin (writer, "schemas");
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    write_entity (writer, entities[i].name, porch_entity_class_peek (entities[i].type ()));
  write_problem_schema (writer);
  porch_writer_end (writer);
  porch_writer_end (writer);
}

/* What the socket of the operation "events" carries. */
static void
write_events (PorchWriter *writer)
{
  g_autoptr (GEnumClass) types = g_type_class_ref (porch_event_type_get_type ());

  porch_writer_begin_array (writer, "x-events");
  for (guint i = 0; i < types->n_values; i++) {
    const PorchEventRow *row =
      types->values[i].value != PORCH_EVENT_NONE ? porch_event_row (types->values[i].value) : NULL;

    if (row == NULL || (row->audience & PORCH_HEARS_AGENTS) == 0)
      continue;
    porch_writer_begin (writer, NULL);
    porch_writer_string (writer, "type", types->values[i].value_nick);
    porch_writer_string (writer, "payload", row->payload);
    porch_writer_boolean (writer, "has_seq", row->is_durable);
    porch_writer_end (writer);
  }
  porch_writer_end_array (writer);
}

char *
porch_ops_to_openapi (const char *version)
{
  GString *text = g_string_sized_new (32 * 1024);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "openapi", "3.1.0");
  porch_writer_begin (&writer, "info");
  porch_writer_string (&writer, "title", "Porchlight");
  porch_writer_string (&writer, "version", version);
  porch_writer_string (&writer, "summary", "What agents' windows and other programs can do.");
  porch_writer_end (&writer);

  porch_writer_begin (&writer, "paths");
  for (int id = 0; id < PORCH_N_OPS; id++)
    if (is_first_of_path (id))
      write_path (&writer, porch_op_get (id));
  porch_writer_end (&writer);

  write_components (&writer);
  write_events (&writer);
  porch_writer_end (&writer);
  return g_string_free (text, FALSE);
}
