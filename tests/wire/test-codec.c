/* test-codec.c - entities as JSON, both ways, and who sees what of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent.h"
#include "porch-codec.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-department.h"
#include "porch-error.h"
#include "porch-message.h"
#include "porch-site.h"
#include "porch-visitor.h"

#include <string.h>

#define SECRET_TEXT "never-to-be-seen"

/* What a visitor may see of each entity, by name. Whoever adds a field for visitors adds it here,
 * and so says twice that it is meant. */
static const char *const agent_members[] = { "id", "name", NULL };
static const char *const contact_members[] = { "name", "email", "phone", NULL };
static const char *const conversation_members[] = {
  "id",       "handle",  "department",     "state",          "created_at", "rating",
  "last_seq", "last_at", "visitor_unread", "agent_received", "agent_read", NULL
};
static const char *const department_members[] = { "slug", "name", "position", NULL };
static const char *const message_members[] = { "seq",       "conversation", "kind",
                                               "code",      "sender_kind",  "sender_name",
                                               "text",      "client_id",    "created_at",
                                               "edited_at", "deleted_at",   NULL };
static const char *const site_members[] = { "key", "name", "colour", "greeting", NULL };
static const char *const visitor_members[] = { "id", "lang", NULL };

typedef struct {
  const char *name;
  GType (*type) (void);
  const char *const *visitor_members;
} Entity;

static const Entity entities[] = {
  { "agent", porch_agent_get_type, agent_members },
  { "contact", porch_contact_get_type, contact_members },
  { "conversation", porch_conversation_get_type, conversation_members },
  { "department", porch_department_get_type, department_members },
  { "message", porch_message_get_type, message_members },
  { "site", porch_site_get_type, site_members },
  { "visitor", porch_visitor_get_type, visitor_members },
};

static const PorchAudience audiences[] = { PORCH_AUDIENCE_VISITOR, PORCH_AUDIENCE_STAFF };

/* An entity with something in every field. */
static gpointer
new_full (GType type, guint salt)
{
  PorchEntity *self = g_object_new (type, NULL);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (self);
  const char *const words[] = { "sales", "\"support\" <b>", "\xce\xb1", NULL };

  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];
    const gboolean is_secret = (field->flags & PORCH_FIELD_SECRET) != 0;

    switch (field->kind) {
    case PORCH_KIND_STRING:
      *PORCH_SLOT (self, field, char *) =
        is_secret ? g_strdup (SECRET_TEXT)
                  : g_strdup_printf ("%s\n\"%u\" \xe2\x80\xa8</script>", field->name, salt);
      break;
    case PORCH_KIND_INT64:
      *PORCH_SLOT (self, field, gint64) = G_GINT64_CONSTANT (9007199254740000) + salt * 100 + i;
      break;
    case PORCH_KIND_BOOLEAN:
      *PORCH_SLOT (self, field, gboolean) = TRUE;
      break;
    case PORCH_KIND_ENUM:
      *PORCH_SLOT (self, field, int) = (int) (klass->enum_classes[i]->n_values - 1);
      break;
    case PORCH_KIND_TIME:
      *PORCH_SLOT (self, field, gint64) = G_GINT64_CONSTANT (1795167667123000) + salt * 1000;
      break;
    case PORCH_KIND_STRV:
      *PORCH_SLOT (self, field, char **) = g_strdupv ((char **) words);
      break;
    }
  }
  return self;
}

static char *
write_entity (gpointer entity, PorchAudience audience)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_codec_write (&writer, NULL, entity, audience);
  return g_strdup (text->str);
}

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = porch_json_parse (text, strlen (text), 65536, &error);

  g_assert_no_error (error);
  return node;
}

static gboolean
is_same_field (PorchEntity *a, PorchEntity *b, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    return g_strcmp0 (*PORCH_SLOT (a, field, char *), *PORCH_SLOT (b, field, char *)) == 0;
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    return *PORCH_SLOT (a, field, gint64) == *PORCH_SLOT (b, field, gint64);
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    return *PORCH_SLOT (a, field, int) == *PORCH_SLOT (b, field, int);
  case PORCH_KIND_STRV: {
    static char *none[] = { NULL };
    char **one = *PORCH_SLOT (a, field, char **), **other = *PORCH_SLOT (b, field, char **);

    return g_strv_equal ((const char *const *) (one != NULL ? one : none),
                         (const char *const *) (other != NULL ? other : none));
  }
  }
  g_assert_not_reached ();
}

/* All fields but those with any of the flags @without are the same. */
static void
assert_same_fields (PorchEntity *a, PorchEntity *b, PorchFieldFlags without)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (a);

  for (guint i = 0; i < klass->n_fields; i++)
    if ((klass->fields[i].flags & without) == 0 && !is_same_field (a, b, &klass->fields[i]))
      g_error ("%s.%s differs", G_OBJECT_TYPE_NAME (a), klass->fields[i].name);
}

static void
test_round_trip (gconstpointer data)
{
  const Entity *entity = data;
  g_autoptr (PorchEntity) full = new_full (entity->type (), 1);
  g_autoptr (PorchEntity) empty = g_object_new (entity->type (), NULL);
  g_autofree char *text = write_entity (full, PORCH_AUDIENCE_STAFF);
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchEntity) read =
    porch_codec_read (entity->type (), node, PORCH_FROM_SERVER, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  assert_same_fields (full, read, PORCH_FIELD_SECRET);
  again = write_entity (read, PORCH_AUDIENCE_STAFF);
  g_assert_cmpstr (text, ==, again);
  /* Secrets are as a new entity has them. */
  for (guint i = 0; i < PORCH_ENTITY_GET_CLASS (read)->n_fields; i++)
    if (PORCH_ENTITY_GET_CLASS (read)->fields[i].flags & PORCH_FIELD_SECRET)
      g_assert_true (is_same_field (read, empty, &PORCH_ENTITY_GET_CLASS (read)->fields[i]));

  g_assert_finalize_object (g_steal_pointer (&read));
}

/* An entity with nothing but what it must have comes back with nothing else. */
static void
test_round_trip_of_unset (gconstpointer data)
{
  const Entity *entity = data;
  g_autoptr (PorchEntity) bare = g_object_new (entity->type (), NULL);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (bare);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (PorchEntity) read = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < klass->n_fields; i++)
    if (klass->fields[i].flags & PORCH_FIELD_REQUIRED)
      g_object_set (bare, klass->fields[i].name, "x", NULL);
  text = write_entity (bare, PORCH_AUDIENCE_STAFF);
  node = parse (text);
  read = porch_codec_read (entity->type (), node, PORCH_FROM_SERVER, &error);
  g_assert_no_error (error);
  assert_same_fields (bare, read, PORCH_FIELD_DEFAULT);
}

static void
test_members_for_visitors (gconstpointer data)
{
  const Entity *entity = data;
  g_autoptr (PorchEntity) full = new_full (entity->type (), 1);
  g_autofree char *text = write_entity (full, PORCH_AUDIENCE_VISITOR);
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (node));

  for (GList *at = members; at != NULL; at = at->next)
    if (!g_strv_contains (entity->visitor_members, at->data))
      g_error ("a visitor sees %s.%s", entity->name, (const char *) at->data);
  for (const char *const *member = entity->visitor_members; *member != NULL; member++)
    if (!json_object_has_member (json_node_get_object (node), *member))
      g_error ("a visitor does not see %s.%s", entity->name, *member);
}

static void
test_flags (gconstpointer data)
{
  const Entity *entity = data;
  g_autoptr (PorchEntity) full = new_full (entity->type (), 1);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (full);

  for (guint a = 0; a < G_N_ELEMENTS (audiences); a++) {
    g_autofree char *text = write_entity (full, audiences[a]);
    g_autoptr (JsonNode) node = parse (text);

    g_assert_null (strstr (text, SECRET_TEXT));
    for (guint i = 0; i < klass->n_fields; i++) {
      const PorchFieldFlags flags = klass->fields[i].flags;
      const gboolean is_for_it =
        (flags & PORCH_FIELD_SECRET) == 0 &&
        (audiences[a] == PORCH_AUDIENCE_STAFF || (flags & PORCH_FIELD_STAFF) == 0);

      g_assert_cmpint (json_object_has_member (json_node_get_object (node), klass->members[i]), ==,
                       is_for_it);
    }
  }
}

/* An audience that somebody invents later sees what a visitor sees. */
static void
test_unknown_audience (void)
{
  g_autoptr (PorchEntity) full = new_full (porch_agent_get_type (), 1);
  g_autofree char *visitor = write_entity (full, PORCH_AUDIENCE_VISITOR);
  g_autofree char *unknown = write_entity (full, (PorchAudience) 7);

  g_assert_cmpstr (visitor, ==, unknown);
}

/* A client sets what it may, and its other members are not even looked at. */
static void
test_from_client (gconstpointer data)
{
  const Entity *entity = data;
  g_autoptr (PorchEntity) before = new_full (entity->type (), 1);
  g_autoptr (PorchEntity) sent = new_full (entity->type (), 2);
  g_autoptr (PorchEntity) after = porch_entity_copy (before);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (before);
  g_autofree char *text = write_entity (sent, PORCH_AUDIENCE_STAFF);
  g_autoptr (JsonNode) node = parse (text);
  JsonObject *object = json_object_new ();
  g_autoptr (GError) error = NULL;

  /* The scanner's tree cannot be changed. */
  for (guint i = 0; i < klass->n_fields; i++) {
    JsonNode *member = json_object_get_member (json_node_get_object (node), klass->members[i]);

    if (klass->fields[i].flags & (PORCH_FIELD_SECRET | PORCH_FIELD_READONLY))
      json_object_set_array_member (object, klass->members[i], json_array_new ());
    else
      json_object_set_member (object, klass->members[i], json_node_copy (member));
  }
  g_assert_true (porch_codec_update (after, object, PORCH_FROM_CLIENT, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < klass->n_fields; i++) {
    const gboolean may_be_set =
      (klass->fields[i].flags & (PORCH_FIELD_SECRET | PORCH_FIELD_READONLY)) == 0;

    g_assert_true (is_same_field (after, may_be_set ? sent : before, &klass->fields[i]));
  }
  json_object_unref (object);
}

/* For each field each wrong kind of value is refused, names the member and changes nothing. */
static void
test_wrong_values (gconstpointer data)
{
  static const char *const values[] = { "null",
                                        "true",
                                        "5",
                                        "5.5",
                                        "\"no such word\"",
                                        "[]",
                                        "[1]",
                                        "[\"a\\nb\"]",
                                        "[null]",
                                        "{}",
                                        "\"2026-11-20T09:41:07\"",
                                        "\"1969-12-31T23:59:59Z\"",
                                        "\"2026-11-20T09:41:07Z\"" };
  /* One letter per value: + is taken. */
  static const char *const taken[] = {
    [PORCH_KIND_STRING] = "+---+-----+++",  [PORCH_KIND_INT64] = "--+----------",
    [PORCH_KIND_BOOLEAN] = "-+-----------", [PORCH_KIND_ENUM] = "-------------",
    [PORCH_KIND_TIME] = "+-----------+",    [PORCH_KIND_STRV] = "+----+-------",
  };
  const Entity *entity = data;
  g_autoptr (PorchEntity) before = new_full (entity->type (), 1);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (before);

  for (guint n = 0; n < klass->n_fields * G_N_ELEMENTS (values); n++) {
    const PorchField *field = &klass->fields[n / G_N_ELEMENTS (values)];
    const char *member = klass->members[n / G_N_ELEMENTS (values)];
    const guint v = n % G_N_ELEMENTS (values);
    const gboolean is_required_null = v == 0 && (field->flags & PORCH_FIELD_REQUIRED);
    const gboolean is_taken =
      (field->flags & PORCH_FIELD_SECRET) || (taken[field->kind][v] == '+' && !is_required_null);
    g_autofree char *text = g_strdup_printf ("{\"%s\":%s}", member, values[v]);
    g_autoptr (JsonNode) node = parse (text);
    g_autoptr (PorchEntity) after = porch_entity_copy (before);
    g_autoptr (GError) error = NULL;
    const gboolean was_taken =
      porch_codec_update (after, json_node_get_object (node), PORCH_FROM_SERVER, &error);

    if (was_taken != is_taken)
      g_error ("%s.%s: %s was %s", entity->name, field->name, values[v],
               was_taken ? "taken" : "refused");
    if (is_taken)
      continue;
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    g_assert_true (g_str_has_prefix (error->message, member));
    assert_same_fields (before, after, PORCH_FIELD_DEFAULT);
  }
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  guint *count = data;

  (*count)++;
}

static void
test_all_or_nothing (void)
{
  g_autoptr (PorchContact) contact =
    g_object_new (PORCH_TYPE_CONTACT, "id", "c", "name", "Ann", "email", "a@example.com", NULL);
  g_autoptr (JsonNode) half = parse ("{\"name\":\"Eve\",\"email\":\"e@example.com\",\"phone\":5}");
  g_autoptr (JsonNode) good =
    parse ("{\"name\":\"Bea\",\"email\":\"a@example.com\",\"other\":[1]}");
  g_autoptr (GError) error = NULL;
  guint n_notifies = 0;

  g_signal_connect (contact, "notify", G_CALLBACK (count_notify), &n_notifies);
  g_assert_false (porch_codec_update (PORCH_ENTITY (contact), json_node_get_object (half),
                                      PORCH_FROM_CLIENT, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpstr (error->message, ==, "phone is not a string");
  g_assert_cmpstr (contact->name, ==, "Ann");
  g_assert_cmpstr (contact->email, ==, "a@example.com");
  g_assert_cmpuint (n_notifies, ==, 0);
  g_clear_error (&error);

  g_assert_true (porch_codec_update (PORCH_ENTITY (contact), json_node_get_object (good),
                                     PORCH_FROM_CLIENT, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (contact->name, ==, "Bea");
  g_assert_cmpuint (n_notifies, ==, 1);
}

static void
test_required (void)
{
  static const struct {
    const char *text;
    PorchFrom from;
    const char *problem; /* NULL: fine */
  } cases[] = {
    { "{\"text\":\"hi\"}", PORCH_FROM_SERVER, NULL },
    { "{}", PORCH_FROM_SERVER, "text is missing" },
    { "{\"text\":null}", PORCH_FROM_SERVER, "text is missing" },
    { "{}", PORCH_FROM_CLIENT, "text is missing" },
    { "{\"text\":\"\"}", PORCH_FROM_CLIENT, NULL },
    { "{\"text\":\"hi\",\"seq\":\"x\"}", PORCH_FROM_CLIENT, NULL },
    { "{\"text\":\"hi\",\"seq\":\"x\"}", PORCH_FROM_SERVER, "seq is not a whole number" },
    { "{\"text\":\"hi\",\"kind\":\"poem\"}", PORCH_FROM_SERVER, "kind is not one of its words" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = parse (cases[i].text);
    g_autoptr (GError) error = NULL;
    g_autoptr (PorchMessage) message =
      porch_codec_read (PORCH_TYPE_MESSAGE, node, cases[i].from, &error);

    g_assert_cmpint (message != NULL, ==, cases[i].problem == NULL);
    if (cases[i].problem == NULL)
      continue;
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    g_assert_cmpstr (error->message, ==, cases[i].problem);
  }
}

static void
test_not_an_object (void)
{
  g_autoptr (JsonNode) node = parse ("{\"a\":[],\"s\":\"x\",\"n\":null}");
  static const char *const paths[] = { "a", "s", "n", "nowhere" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (porch_codec_read (PORCH_TYPE_MESSAGE, porch_shape_node (node, paths[i]),
                                     PORCH_FROM_SERVER, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  }
}

static void
add_for_each (const char *what, GTestDataFunc func)
{
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++) {
    g_autofree char *path = g_strdup_printf ("/codec/%s/%s", what, entities[i].name);

    g_test_add_data_func (path, &entities[i], func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_for_each ("round-trip", test_round_trip);
  add_for_each ("round-trip-of-unset", test_round_trip_of_unset);
  add_for_each ("members-for-visitors", test_members_for_visitors);
  add_for_each ("flags", test_flags);
  add_for_each ("from-client", test_from_client);
  add_for_each ("wrong-values", test_wrong_values);
  g_test_add_func ("/codec/unknown-audience", test_unknown_audience);
  g_test_add_func ("/codec/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/codec/required", test_required);
  g_test_add_func ("/codec/not-an-object", test_not_an_object);
  return g_test_run ();
}
