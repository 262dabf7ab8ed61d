/* test-ops.c - the operation table, the event table, and what is described from them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-codec.h"
#include "porch-error.h"
#include "porch-ops.h"

#include <string.h>

static void
test_rows (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const verbs[] = { "GET", "POST", "PUT", "DELETE", NULL };

  for (int id = 0; id < PORCH_N_OPS; id++) {
    const PorchOp *op = porch_op_get (id);

    g_assert_cmpint (op->id, ==, id);
    g_assert_true (g_hash_table_add (names, (gpointer) op->name));
    g_assert_true (g_hash_table_add (routes, g_strconcat (op->verb, " ", op->path, NULL)));
    g_assert_true (g_strv_contains (verbs, op->verb));
    g_assert_true (g_str_has_prefix (op->path, "/api/v1/"));
    g_assert_nonnull (op->reply);
    /* A sentence. */
    g_assert_true (g_ascii_isupper (op->summary[0]));
    g_assert_true (g_str_has_suffix (op->summary, "."));
    /* What changes something has a body or at least room for an empty one; what reads has none. */
    g_assert_cmpint (op->body_max > 0, ==,
                     strcmp (op->verb, "POST") == 0 || strcmp (op->verb, "PUT") == 0);
    g_assert_cmpuint (op->body_max, <=, PORCH_FRAME_BYTES);
    if (op->queries != NULL)
      g_assert_cmpstr (op->verb, ==, "GET");
  }
}

static void
test_paths (void)
{
  for (int id = 0; id < PORCH_N_OPS; id++) {
    const PorchOp *op = porch_op_get (id);
    const char *open = strchr (op->path, '{'), *close = strchr (op->path, '}');

    g_assert_cmpint (open != NULL, ==, close != NULL);
    if (open != NULL) {
      g_assert_true (open[-1] == '/' && close > open + 1);
      g_assert_true (close[1] == '/' || close[1] == '\0');
      g_assert_null (strchr (open + 1, '{'));
      g_assert_null (strchr (close + 1, '}'));
    }
    /* Whoever names a conversation is asked whether it is theirs. */
    g_assert_cmpint (op->scope == PORCH_SCOPE_CONVERSATION, ==,
                     strstr (op->path, "{conversation}") != NULL);
    if (op->scope != PORCH_SCOPE_NONE)
      g_assert_cmpint (op->access, >=, PORCH_ACCESS_AGENT);
    for (const char *at = op->path; *at != '\0'; at++)
      g_assert_nonnull (strchr ("abcdefghijklmnopqrstuvwxyz0123456789/{}._-", *at));
    g_assert_false (g_str_has_suffix (op->path, "/"));
  }
}

/* Before a session there is only what must be. */
static void
test_public_rows (void)
{
  static const PorchOpId public_ops[] = { PORCH_OP_SESSION_CREATE, PORCH_OP_SESSION_GET,
                                          PORCH_OP_OPENAPI_GET };
  guint n_public = 0;

  for (int id = 0; id < PORCH_N_OPS; id++)
    n_public += porch_op_get (id)->access == PORCH_ACCESS_PUBLIC;
  g_assert_cmpuint (n_public, ==, G_N_ELEMENTS (public_ops));
  for (guint i = 0; i < G_N_ELEMENTS (public_ops); i++)
    g_assert_cmpint (porch_op_get (public_ops[i])->access, ==, PORCH_ACCESS_PUBLIC);
}

static void
test_members (void)
{
  for (int id = 0; id < PORCH_N_OPS; id++)
    for (const PorchOpMember *member = porch_op_get (id)->request;
         member != NULL && member->path != NULL; member++) {
      g_assert_cmpuint (strlen (member->about), >, 4);
      g_assert_true (member->kind == PORCH_JSON_STRING || member->kind == PORCH_JSON_INTEGER ||
                     member->kind == PORCH_JSON_BOOLEAN);
      g_assert_cmpuint (strlen (member->path), <=, PORCH_FRAME_NAME);
    }
}

static void
test_build_path (void)
{
  static const struct {
    PorchOpId id;
    const char *param, *query, *path;
  } cases[] = {
    { PORCH_OP_SESSION_GET, NULL, NULL, "/api/v1/session" },
    { PORCH_OP_CONVERSATIONS_LIST, NULL, "filter=mine", "/api/v1/conversations?filter=mine" },
    { PORCH_OP_CONVERSATION_GET, "abc-_9", NULL, "/api/v1/conversations/abc-_9" },
    { PORCH_OP_CONVERSATION_TAKE, "abc", NULL, "/api/v1/conversations/abc/take" },
    { PORCH_OP_MESSAGES_LIST, "abc", "limit=50", "/api/v1/conversations/abc/messages?limit=50" },
    { PORCH_OP_CONVERSATION_TAKE, "../x?y#z", NULL, "/api/v1/conversations/..%2Fx%3Fy%23z/take" },
    { PORCH_OP_CONVERSATION_TAKE, "\xce\xb1 %", NULL, "/api/v1/conversations/%CE%B1%20%25/take" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = porch_op_build_path (cases[i].id, cases[i].param, cases[i].query);

    g_assert_cmpstr (path, ==, cases[i].path);
  }
}

static void
test_read (void)
{
  static const struct {
    PorchOpId id;
    const char *body;
    const char *problem; /* NULL: taken */
  } cases[] = {
    { PORCH_OP_CONVERSATION_TAKE, "", NULL },
    { PORCH_OP_CONVERSATION_TAKE, "{}", NULL },
    { PORCH_OP_CONVERSATION_TAKE, "[]", "expected an object" },
    { PORCH_OP_CONVERSATION_TAKE, " ", "expected an object" },
    { PORCH_OP_CONVERSATION_ASSIGN, "", "expected an object" },
    { PORCH_OP_CONVERSATION_ASSIGN, "{}", "agent is missing" },
    { PORCH_OP_CONVERSATION_ASSIGN, "{\"agent\":null}", "agent is missing" },
    { PORCH_OP_CONVERSATION_ASSIGN, "{\"agent\":7}", "agent is not a string" },
    { PORCH_OP_CONVERSATION_ASSIGN, "{\"agent\":\"a\",\"other\":[]}", NULL },
    { PORCH_OP_MESSAGE_CREATE, "{\"id\":\"d:1\"}", "text is missing" },
    { PORCH_OP_MESSAGE_CREATE, "{\"id\":\"d:1\",\"text\":\"\"}", NULL },
    { PORCH_OP_MESSAGE_CREATE, "{\"id\":\"d:1\",\"text\":\"a\"} {}", "something follows" },
    { PORCH_OP_TYPING_CREATE, "{\"is_typing\":1}", "is_typing is not true or false" },
    { PORCH_OP_TYPING_CREATE, "{\"is_typing\":false}", NULL },
    { PORCH_OP_READ_CREATE, "{\"seq\":1.5}", "seq is not a whole number" },
    { PORCH_OP_READ_CREATE, "{\"seq\":\"1\"}", "seq is not a whole number" },
    { PORCH_OP_READ_CREATE, "{\"seq\":1}", NULL },
    { PORCH_OP_SESSION_CREATE, "{}", NULL },
    { PORCH_OP_SESSION_CREATE, "{\"email\":5}", "email is not a string" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (PorchFrame) frame = { 0 };
    g_autoptr (GError) error = NULL;
    const gboolean was_read = porch_op_read (porch_op_get (cases[i].id), cases[i].body,
                                             strlen (cases[i].body), &frame, &error);

    g_assert_cmpint (was_read, ==, cases[i].problem == NULL);
    if (was_read)
      continue;
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    g_assert_nonnull (strstr (error->message, cases[i].problem));
    g_assert_cmpuint (frame.n_members, ==, 0);
    g_assert_null (frame.arena);
  }
}

static JsonNode *
new_description (void)
{
  g_autofree char *text = porch_ops_to_openapi ("1.2.3");
  g_autoptr (GError) error = NULL;
  JsonNode *node = porch_json_parse (text, strlen (text), 1024 * 1024, &error);

  g_assert_no_error (error);
  return node;
}

/* The description of @op, found by path and verb. */
static JsonNode *
find_described (JsonNode *description, const PorchOp *op)
{
  g_autofree char *verb = g_ascii_strdown (op->verb, -1);
  JsonObject *paths = json_node_get_object (porch_shape_node (description, "paths"));
  JsonNode *path = json_object_get_member (paths, op->path);

  g_assert_nonnull (path);
  return porch_shape_node (path, verb);
}

static void
test_described_rows (void)
{
  g_autoptr (JsonNode) description = new_description ();

  g_assert_cmpstr (porch_shape_string (description, "openapi"), ==, "3.1.0");
  g_assert_cmpstr (porch_shape_string (description, "info.version"), ==, "1.2.3");
  for (int id = 0; id < PORCH_N_OPS; id++) {
    const PorchOp *op = porch_op_get (id);
    JsonNode *described = find_described (description, op);
    const gboolean is_socket = strcmp (op->reply, "WebSocket") == 0;
    const char *success = is_socket              ? "responses.101.description"
                          : op->reply[0] == '\0' ? "responses.204.description"
                                                 : "responses.200.content.application/json.schema";
    const char *bearer = "security.0.bearer";

    g_assert_nonnull (described);
    g_assert_cmpstr (porch_shape_string (described, "operationId"), ==, op->name);
    g_assert_cmpstr (porch_shape_string (described, "summary"), ==, op->summary);
    g_assert_nonnull (porch_shape_node (described, success));
    g_assert_nonnull (porch_shape_string (described, "responses.default.$ref"));
    g_assert_cmpint (porch_shape_array (described, bearer) != NULL, ==,
                     op->access >= PORCH_ACCESS_AGENT);
    g_assert_cmpint (porch_shape_node (described, "requestBody") != NULL, ==, op->request != NULL);
  }
}

/* Nothing is described that is not in the table. */
static void
test_described_nothing_else (void)
{
  g_autoptr (JsonNode) description = new_description ();
  JsonObject *paths = json_node_get_object (porch_shape_node (description, "paths"));
  g_autoptr (GList) members = json_object_get_members (paths);
  guint n_verbs = 0;

  for (GList *at = members; at != NULL; at = at->next) {
    JsonObject *path = json_object_get_object_member (paths, at->data);

    n_verbs += json_object_get_size (path) - json_object_has_member (path, "parameters");
  }
  g_assert_cmpuint (n_verbs, ==, PORCH_N_OPS);
}

static void
test_described_bodies (void)
{
  g_autoptr (JsonNode) description = new_description ();
  const char *schema = "requestBody.content.application/json.schema";

  for (int id = 0; id < PORCH_N_OPS; id++) {
    const PorchOp *op = porch_op_get (id);
    JsonNode *described = find_described (description, op);
    JsonNode *body = porch_shape_node (described, schema);
    guint n_required = 0;

    for (const PorchOpMember *member = op->request; member != NULL && member->path != NULL;
         member++) {
      g_autofree char *path = g_strconcat ("properties.", member->path, ".description", NULL);

      g_assert_cmpstr (porch_shape_string (body, path), ==, member->about);
      n_required += member->is_required;
    }
    if (op->request != NULL)
      g_assert_cmpuint (json_array_get_length (porch_shape_array (body, "required")), ==,
                        n_required);
  }
}

static void
test_described_parameters (void)
{
  g_autoptr (JsonNode) description = new_description ();
  JsonObject *paths = json_node_get_object (porch_shape_node (description, "paths"));

  for (int id = 0; id < PORCH_N_OPS; id++) {
    const PorchOp *op = porch_op_get (id);
    JsonNode *path = json_object_get_member (paths, op->path);
    JsonArray *queries = porch_shape_array (find_described (description, op), "parameters");
    g_auto (GStrv) names = g_strsplit (op->queries != NULL ? op->queries : "", " ", -1);

    if (strchr (op->path, '{') != NULL)
      g_assert_cmpstr (porch_shape_string (path, "parameters.0.name"), ==, "conversation");
    else
      g_assert_null (porch_shape_node (path, "parameters"));
    g_assert_cmpuint (queries != NULL ? json_array_get_length (queries) : 0, ==,
                      g_strv_length (names));
  }
}

static void
check_ref (JsonNode *description, JsonNode *node)
{
  const char *ref = porch_shape_string (node, "$ref");
  g_autofree char *path = NULL;

  if (ref == NULL)
    return;
  g_assert_true (g_str_has_prefix (ref, "#/"));
  path = g_strdelimit (g_strdup (ref + 2), "/", '.');
  g_assert_nonnull (porch_shape_node (description, path));
}

static void
check_refs (JsonNode *description, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));

    check_ref (description, node);
    for (GList *at = values; at != NULL; at = at->next)
      check_refs (description, at->data);
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    g_autoptr (GList) values = json_array_get_elements (json_node_get_array (node));

    for (GList *at = values; at != NULL; at = at->next)
      check_refs (description, at->data);
  }
}

static void
test_described_entities (void)
{
  g_autoptr (JsonNode) description = new_description ();
  const char *properties = "components.schemas.agent.properties";
  JsonNode *agent = porch_shape_node (description, properties);

  check_refs (description, description);
  g_assert_cmpstr (porch_shape_string (agent, "name.type"), ==, "string");
  g_assert_cmpstr (porch_shape_string (agent, "email.type.1"), ==, "null");
  g_assert_cmpstr (porch_shape_string (agent, "role.enum.2"), ==, "admin");
  g_assert_cmpstr (porch_shape_string (agent, "departments.items.type"), ==, "string");
  g_assert_null (porch_shape_node (agent, "password_hash"));
  g_assert_cmpstr (
    porch_shape_string (description, "components.schemas.problem.properties.code.enum.1"), ==,
    "bad_message");
}

static gboolean
is_event_described (JsonNode *description, const char *nick)
{
  JsonArray *events = porch_shape_array (description, "x-events");

  for (guint i = 0; i < json_array_get_length (events); i++)
    if (strcmp (porch_shape_string (json_array_get_element (events, i), "type"), nick) == 0)
      return TRUE;
  return FALSE;
}

static void
test_events (void)
{
  g_autoptr (GEnumClass) types = g_type_class_ref (porch_event_type_get_type ());
  g_autoptr (JsonNode) description = new_description ();

  for (guint i = 0; i < types->n_values; i++) {
    const PorchEventType type = types->values[i].value;
    const PorchEventRow *row = type != PORCH_EVENT_NONE ? porch_event_row (type) : NULL;

    if (type == PORCH_EVENT_NONE)
      continue;
    g_assert_nonnull (row);
    g_assert_cmpint (row->type, ==, type);
    g_assert_cmpuint (strlen (row->payload), >, 0);
    g_assert_true (row->audience & (PORCH_HEARS_AGENTS | PORCH_HEARS_VISITOR));
    g_assert_cmpint (row->is_durable, ==, type < PORCH_EVENT_AGENT_STATUS_CHANGED);
    g_assert_cmpint (is_event_described (description, types->values[i].value_nick), ==,
                     (row->audience & PORCH_HEARS_AGENTS) != 0);
  }
}

/* What is about the team or about other people is never for a visitor. */
static void
test_events_for_visitors (void)
{
  static const char *const heard[] = { "conversation.created",
                                       "conversation.assigned",
                                       "conversation.transferred",
                                       "conversation.resolved",
                                       "conversation.closed",
                                       "conversation.reopened",
                                       "conversation.missed",
                                       "conversation.rated",
                                       "conversation.updated",
                                       "message.created",
                                       "message.updated",
                                       "typing",
                                       "receipt",
                                       NULL };
  g_autoptr (GEnumClass) types = g_type_class_ref (porch_event_type_get_type ());

  for (guint i = 0; i < types->n_values; i++) {
    if (types->values[i].value == PORCH_EVENT_NONE)
      continue;
    g_assert_cmpint ((porch_event_row (types->values[i].value)->audience & PORCH_HEARS_VISITOR) !=
                       0,
                     ==, g_strv_contains (heard, types->values[i].value_nick));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ops/rows", test_rows);
  g_test_add_func ("/ops/paths", test_paths);
  g_test_add_func ("/ops/public-rows", test_public_rows);
  g_test_add_func ("/ops/members", test_members);
  g_test_add_func ("/ops/build-path", test_build_path);
  g_test_add_func ("/ops/read", test_read);
  g_test_add_func ("/ops/described/rows", test_described_rows);
  g_test_add_func ("/ops/described/nothing-else", test_described_nothing_else);
  g_test_add_func ("/ops/described/bodies", test_described_bodies);
  g_test_add_func ("/ops/described/parameters", test_described_parameters);
  g_test_add_func ("/ops/described/entities", test_described_entities);
  g_test_add_func ("/ops/events", test_events);
  g_test_add_func ("/ops/events-for-visitors", test_events_for_visitors);
  return g_test_run ();
}
