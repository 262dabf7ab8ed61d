/* porch-codec.c - an entity as JSON, both ways, by its field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-codec.h"

#include "porch-clock.h"
#include "porch-error.h"

#include <string.h>

static void
write_strv (PorchWriter *writer, const char *name, char **words)
{
  porch_writer_begin_array (writer, name);
  for (char **word = words; word != NULL && *word != NULL; word++)
    porch_writer_string (writer, NULL, *word);
  porch_writer_end_array (writer);
}

static void
write_field (PorchWriter *writer, PorchEntityClass *klass, guint index, gpointer entity)
{
  const PorchField *field = &klass->fields[index];
  const char *name = klass->members[index];

  switch (field->kind) {
  case PORCH_KIND_STRING:
    porch_writer_string (writer, name, *PORCH_SLOT (entity, field, char *));
    break;
  case PORCH_KIND_INT64:
    porch_writer_int (writer, name, *PORCH_SLOT (entity, field, gint64));
    break;
  case PORCH_KIND_BOOLEAN:
    porch_writer_boolean (writer, name, *PORCH_SLOT (entity, field, gboolean));
    break;
  case PORCH_KIND_ENUM:
    porch_writer_string (
      writer, name, porch_entity_class_get_nick (klass, index, *PORCH_SLOT (entity, field, int)));
    break;
  case PORCH_KIND_TIME:
    porch_writer_time (writer, name, *PORCH_SLOT (entity, field, gint64));
    break;
  case PORCH_KIND_STRV:
    write_strv (writer, name, *PORCH_SLOT (entity, field, char **));
    break;
  }
}

void
porch_codec_write_members (PorchWriter *writer, gpointer entity, PorchAudience audience)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (entity);
  PorchFieldFlags hidden = PORCH_FIELD_SECRET;

  /* Whoever is not known to be staff sees what a visitor may see. */
  if (audience != PORCH_AUDIENCE_STAFF)
    hidden |= PORCH_FIELD_STAFF;

  for (guint i = 0; i < klass->n_fields; i++)
    if ((klass->fields[i].flags & hidden) == 0)
      write_field (writer, klass, i, entity);
}

void
porch_codec_write (PorchWriter *writer, const char *name, gpointer entity, PorchAudience audience)
{
  porch_writer_begin (writer, name);
  porch_codec_write_members (writer, entity, audience);
  porch_writer_end (writer);
}

void
porch_codec_write_list (PorchWriter *writer,
                        const char *name,
                        GPtrArray *entities,
                        PorchAudience audience)
{
  porch_writer_begin_array (writer, name);
  for (guint i = 0; i < entities->len; i++)
    porch_codec_write (writer, NULL, entities->pdata[i], audience);
  porch_writer_end_array (writer);
}

static gboolean
fail (const char *member, const char *wanted, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not %s", member, wanted);
  return FALSE;
}

static const char *
get_string (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static gboolean
read_word (GEnumClass *words, JsonNode *node, int *slot)
{
  const char *nick = get_string (node);
  const GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (words, nick) : NULL;

  if (found != NULL)
    *slot = found->value;
  return found != NULL;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
read_strv (JsonNode *node, char ***slot)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint n_words = array != NULL ? json_array_get_length (array) : 0;

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < n_words; i++) {
    const char *word = get_string (json_array_get_element (array, i));

    /* Rows keep the words of a list line by line. */
    if (word == NULL || strchr (word, '\n') != NULL)
      return FALSE;
    g_strv_builder_add (words, word);
  }
  g_strfreev (*slot);
  *slot = g_strv_builder_end (words);
  return TRUE;
}

/* Writes into @self, which nobody else sees yet. @node is not null. */
static gboolean
read_value (PorchEntity *self, PorchEntityClass *klass, guint index, JsonNode *node, GError **error)
{
  const PorchField *field = &klass->fields[index];
  const char *member = klass->members[index];

  switch (field->kind) {
  case PORCH_KIND_STRING:
    if (get_string (node) == NULL)
      return fail (member, "a string", error);
    porch_member_set (PORCH_SLOT (self, field, char *), get_string (node));
    return TRUE;
  case PORCH_KIND_INT64:
    if (!holds (node, G_TYPE_INT64))
      return fail (member, "a whole number", error);
    *PORCH_SLOT (self, field, gint64) = json_node_get_int (node);
    return TRUE;
  case PORCH_KIND_BOOLEAN:
    if (!holds (node, G_TYPE_BOOLEAN))
      return fail (member, "true or false", error);
    *PORCH_SLOT (self, field, gboolean) = json_node_get_boolean (node);
    return TRUE;
  case PORCH_KIND_ENUM:
    return read_word (klass->enum_classes[index], node, PORCH_SLOT (self, field, int)) ||
           fail (member, "one of its words", error);
  case PORCH_KIND_TIME:
    return (get_string (node) != NULL &&
            porch_clock_parse (get_string (node), PORCH_SLOT (self, field, gint64))) ||
           fail (member, "a time with a zone", error);
  case PORCH_KIND_STRV:
    return read_strv (node, PORCH_SLOT (self, field, char **)) ||
           fail (member, "a list of words", error);
  }

  g_return_val_if_reached (FALSE);
}

/* What null means for a field that need not be there. */
static gboolean
read_null (PorchEntity *self, PorchEntityClass *klass, guint index, GError **error)
{
  const PorchField *field = &klass->fields[index];

  switch (field->kind) {
  case PORCH_KIND_STRING:
    g_clear_pointer (PORCH_SLOT (self, field, char *), g_free);
    return TRUE;
  case PORCH_KIND_TIME:
    *PORCH_SLOT (self, field, gint64) = 0;
    return TRUE;
  case PORCH_KIND_STRV:
    g_clear_pointer (PORCH_SLOT (self, field, char **), g_strfreev);
    return TRUE;
  case PORCH_KIND_INT64:
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    return fail (klass->members[index], "allowed to be null", error);
  }

  g_return_val_if_reached (FALSE);
}

/* Writes into @self what @object has of its fields. */
static gboolean
read_members (PorchEntity *self,
              JsonObject *object,
              PorchFrom from,
              gboolean is_new,
              GError **error)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (self);
  /* A secret is ignored even from the server: it could only be there by mistake. */
  const PorchFieldFlags ignored =
    PORCH_FIELD_SECRET | (from == PORCH_FROM_SERVER ? 0 : PORCH_FIELD_READONLY);

  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];
    JsonNode *node = json_object_get_member (object, klass->members[i]);
    const gboolean is_null = node != NULL && JSON_NODE_HOLDS_NULL (node);

    if ((field->flags & ignored) != 0 || (node == NULL && !is_new))
      continue;
    if ((field->flags & PORCH_FIELD_REQUIRED) != 0 && (node == NULL || is_null)) {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is missing", klass->members[i]);
      return FALSE;
    }
    if (is_null && !read_null (self, klass, i, error))
      return FALSE;
    if (node != NULL && !is_null && !read_value (self, klass, i, node, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
porch_codec_update (PorchEntity *self, JsonObject *object, PorchFrom from, GError **error)
{
  g_autoptr (PorchEntity) wanted = porch_entity_copy (self);

  if (!read_members (wanted, object, from, FALSE, error))
    return FALSE;
  porch_entity_assign (self, wanted);
  return TRUE;
}

gpointer
porch_codec_read (GType type, JsonNode *node, PorchFrom from, GError **error)
{
  g_autoptr (PorchEntity) self = g_object_new (type, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "not an object");
    return NULL;
  }
  if (!read_members (self, json_node_get_object (node), from, TRUE, error))
    return NULL;
  return g_steal_pointer (&self);
}
