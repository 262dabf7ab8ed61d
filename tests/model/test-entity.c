/* test-entity.c - properties, notify, assigning and copying of everything that has a field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-department.h"
#include "porch-message.h"
#include "porch-site.h"
#include "porch-visitor.h"

#define NOW G_GINT64_CONSTANT (1795167667123456)

static const struct {
  const char *name;
  GType (*type) (void);
} entities[] = {
  { "agent", porch_agent_get_type },
  { "contact", porch_contact_get_type },
  { "conversation", porch_conversation_get_type },
  { "department", porch_department_get_type },
  { "message", porch_message_get_type },
  { "site", porch_site_get_type },
  { "visitor", porch_visitor_get_type },
};

/* A value for @field that is not the one of a new entity. */
static void
init_value (GValue *value, const PorchField *field)
{
  static const char *const slugs[] = { "sales", "support", NULL };

  switch (field->kind) {
  case PORCH_KIND_STRING:
    g_value_init (value, G_TYPE_STRING);
    g_value_set_string (value, field->name);
    break;
  case PORCH_KIND_INT64:
    g_value_init (value, G_TYPE_INT64);
    g_value_set_int64 (value, G_MININT64);
    break;
  case PORCH_KIND_BOOLEAN:
    g_value_init (value, G_TYPE_BOOLEAN);
    g_value_set_boolean (value, TRUE);
    break;
  case PORCH_KIND_ENUM:
    g_value_init (value, field->enum_type ());
    g_value_set_enum (value, 1);
    break;
  case PORCH_KIND_TIME: {
    g_autoptr (GDateTime) whole = g_date_time_new_from_unix_utc (NOW / G_USEC_PER_SEC);

    g_value_init (value, G_TYPE_DATE_TIME);
    g_value_take_boxed (value, g_date_time_add (whole, NOW % G_USEC_PER_SEC));
    break;
  }
  case PORCH_KIND_STRV:
    g_value_init (value, G_TYPE_STRV);
    g_value_set_boxed (value, slugs);
    break;
  }
}

static gpointer
new_full (GType type)
{
  PorchEntity *self = g_object_new (type, NULL);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (self);

  for (guint i = 0; i < klass->n_fields; i++) {
    g_auto (GValue) value = G_VALUE_INIT;

    init_value (&value, &klass->fields[i]);
    g_object_set_property (G_OBJECT (self), klass->fields[i].name, &value);
  }
  return self;
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  guint *count = data;

  (*count)++;
}

/* What @field is in C, as one number that differs when it differs. */
static guint64
get_fingerprint (gpointer self, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING: {
    const char *text = *PORCH_SLOT (self, field, char *);

    return text != NULL ? 1 + (guint64) g_str_hash (text) : 0;
  }
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    return *PORCH_SLOT (self, field, gint64);
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    return *PORCH_SLOT (self, field, int);
  case PORCH_KIND_STRV: {
    char **words = *PORCH_SLOT (self, field, char **);

    return words != NULL ? g_strv_length (words) : 0;
  }
  }
  g_assert_not_reached ();
}

/* Each property reaches its own member and no other, and tells of a change once. */
static void
test_properties (gconstpointer data)
{
  const GType type = entities[GPOINTER_TO_UINT (data)].type ();
  PorchEntityClass *klass = porch_entity_class_peek (type);

  for (guint i = 0; i < klass->n_fields; i++) {
    g_autoptr (PorchEntity) self = g_object_new (type, NULL);
    g_autofree guint64 *before = g_new (guint64, klass->n_fields);
    g_autofree char *signal = g_strconcat ("notify::", klass->fields[i].name, NULL);
    g_auto (GValue) value = G_VALUE_INIT;
    g_auto (GValue) read = G_VALUE_INIT;
    guint n_own = 0, n_all = 0;

    for (guint k = 0; k < klass->n_fields; k++)
      before[k] = get_fingerprint (self, &klass->fields[k]);
    g_signal_connect (self, signal, G_CALLBACK (count_notify), &n_own);
    g_signal_connect (self, "notify", G_CALLBACK (count_notify), &n_all);
    init_value (&value, &klass->fields[i]);

    g_object_set_property (G_OBJECT (self), klass->fields[i].name, &value);
    g_object_set_property (G_OBJECT (self), klass->fields[i].name, &value);
    g_assert_cmpuint (n_own, ==, 1);
    g_assert_cmpuint (n_all, ==, 1);
    for (guint k = 0; k < klass->n_fields; k++)
      g_assert_cmpint (get_fingerprint (self, &klass->fields[k]) != before[k], ==, k == i);

    g_value_init (&read, G_VALUE_TYPE (&value));
    g_object_get_property (G_OBJECT (self), klass->fields[i].name, &read);
    if (klass->fields[i].kind == PORCH_KIND_STRV)
      g_assert_true (g_strv_equal (g_value_get_boxed (&value), g_value_get_boxed (&read)));
    else if (klass->fields[i].kind == PORCH_KIND_TIME)
      g_assert_true (g_date_time_equal (g_value_get_boxed (&value), g_value_get_boxed (&read)));
    else
      g_assert_cmpint (g_param_values_cmp (klass->pspecs[i + 1], &value, &read), ==, 0);
  }
}

static void
test_table (gconstpointer data)
{
  const GType type = entities[GPOINTER_TO_UINT (data)].type ();
  PorchEntityClass *klass = porch_entity_class_peek (type);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) offsets = g_hash_table_new (NULL, NULL);

  g_assert_true (porch_entity_class_peek (type) == klass);
  for (guint i = 0; i < klass->n_fields; i++) {
    g_assert_true (g_hash_table_add (names, (gpointer) klass->members[i]));
    g_assert_true (g_hash_table_add (offsets, GSIZE_TO_POINTER (klass->fields[i].offset)));
    for (const char *at = klass->members[i]; *at != '\0'; at++)
      g_assert_true (g_ascii_islower (*at) || *at == '_');
    g_assert_cmpint (klass->enum_classes[i] != NULL, ==, klass->fields[i].kind == PORCH_KIND_ENUM);
  }
}

static void
test_copy (gconstpointer data)
{
  const GType type = entities[GPOINTER_TO_UINT (data)].type ();
  PorchEntity *full = new_full (type);
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (full);
  PorchEntity *copy = porch_entity_copy (full);
  g_autoptr (PorchEntity) empty = g_object_new (type, NULL);
  guint n_notifies = 0;

  g_assert_true (copy != full && G_OBJECT_TYPE (copy) == type);
  /* What the copy has is its own. */
  g_assert_finalize_object (full);
  full = new_full (type);
  for (guint i = 0; i < klass->n_fields; i++)
    g_assert_cmpuint (get_fingerprint (copy, &klass->fields[i]), ==,
                      get_fingerprint (full, &klass->fields[i]));

  g_signal_connect (copy, "notify", G_CALLBACK (count_notify), &n_notifies);
  porch_entity_assign (copy, full);
  g_assert_cmpuint (n_notifies, ==, 0);
  porch_entity_assign (copy, empty);
  g_assert_cmpuint (n_notifies, ==, klass->n_fields);
  porch_entity_assign (copy, copy);
  g_assert_cmpuint (n_notifies, ==, klass->n_fields);

  g_assert_finalize_object (copy);
  g_assert_finalize_object (full);
}

static void
test_assign_tells_what_changed (void)
{
  g_autoptr (PorchConversation) shown =
    g_object_new (PORCH_TYPE_CONVERSATION, "id", "c", "unread", (gint64) 1, "assignee", "a", NULL);
  g_autoptr (PorchConversation) fresh = g_object_new (
    PORCH_TYPE_CONVERSATION, "id", "c", "unread", (gint64) 2, "state", PORCH_STATE_ACTIVE, NULL);
  guint n_unread = 0, n_assignee = 0, n_all = 0;

  g_signal_connect (shown, "notify::unread", G_CALLBACK (count_notify), &n_unread);
  g_signal_connect (shown, "notify::assignee", G_CALLBACK (count_notify), &n_assignee);
  g_signal_connect (shown, "notify", G_CALLBACK (count_notify), &n_all);
  porch_entity_assign (PORCH_ENTITY (shown), PORCH_ENTITY (fresh));

  g_assert_cmpuint (n_unread, ==, 1);
  g_assert_cmpuint (n_assignee, ==, 1);
  g_assert_cmpuint (n_all, ==, 3);
  g_assert_cmpint (shown->state, ==, PORCH_STATE_ACTIVE);
  g_assert_null (shown->assignee);
}

static void
test_assign_other_type (void)
{
  g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, "name", "Ann", NULL);
  g_autoptr (PorchSite) site = g_object_new (PORCH_TYPE_SITE, "name", "Shop", NULL);

  g_test_expect_message ("porch-model", G_LOG_LEVEL_CRITICAL, "*G_OBJECT_TYPE*failed*");
  porch_entity_assign (PORCH_ENTITY (agent), PORCH_ENTITY (site));
  g_test_assert_expected_messages ();
  g_assert_cmpstr (agent->name, ==, "Ann");
}

static void
test_times (void)
{
  g_autoptr (PorchContact) contact = g_object_new (PORCH_TYPE_CONTACT, NULL);
  g_autoptr (GDateTime) never = NULL;
  g_autoptr (GDateTime) in_zone = g_date_time_new_from_iso8601 ("2026-11-20T11:41:07+02:00", NULL);
  g_autoptr (GDateTime) read = NULL;

  g_object_get (contact, "last-seen-at", &never, NULL);
  g_assert_null (never);
  g_object_set (contact, "last-seen-at", in_zone, NULL);
  g_assert_cmpint (contact->last_seen_at, ==, G_GINT64_CONSTANT (1795167667000000));
  g_object_get (contact, "last-seen-at", &read, NULL);
  g_assert_true (g_date_time_equal (read, in_zone));
  g_assert_cmpint (g_date_time_get_utc_offset (read), ==, 0);
  g_object_set (contact, "last-seen-at", NULL, NULL);
  g_assert_cmpint (contact->last_seen_at, ==, 0);
}

/* No words and no list of words are the same. */
static void
test_empty_lists (void)
{
  const char *const none[] = { NULL };
  g_autoptr (PorchSite) site = g_object_new (PORCH_TYPE_SITE, NULL);
  guint n_notifies = 0;

  g_signal_connect (site, "notify", G_CALLBACK (count_notify), &n_notifies);
  g_object_set (site, "domains", none, NULL);
  g_object_set (site, "domains", NULL, NULL);
  g_assert_cmpuint (n_notifies, ==, 0);
}

static void
test_member_set (void)
{
  char *member = NULL;

  porch_member_set (&member, "a");
  g_assert_cmpstr (member, ==, "a");
  porch_member_set (&member, member);
  g_assert_cmpstr (member, ==, "a");
  porch_member_set (&member, NULL);
  g_assert_null (member);
}

static void
test_nick (void)
{
  PorchEntityClass *klass = porch_entity_class_peek (PORCH_TYPE_AGENT);

  for (guint i = 0; i < klass->n_fields; i++)
    if (g_str_equal (klass->members[i], "role"))
      g_assert_cmpstr (porch_entity_class_get_nick (klass, i, PORCH_ROLE_ADMIN), ==, "admin");
}

static void
add_for_each (const char *what, GTestDataFunc func)
{
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++) {
    g_autofree char *path = g_strdup_printf ("/entity/%s/%s", what, entities[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_for_each ("properties", test_properties);
  add_for_each ("table", test_table);
  add_for_each ("copy", test_copy);
  g_test_add_func ("/entity/assign-tells-what-changed", test_assign_tells_what_changed);
  g_test_add_func ("/entity/assign-other-type", test_assign_other_type);
  g_test_add_func ("/entity/times", test_times);
  g_test_add_func ("/entity/empty-lists", test_empty_lists);
  g_test_add_func ("/entity/member-set", test_member_set);
  g_test_add_func ("/entity/nick", test_nick);
  return g_test_run ();
}
