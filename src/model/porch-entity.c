/* porch-entity.c - base class of all that is stored and sent: one field table says what it has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-entity.h"

G_DEFINE_ABSTRACT_TYPE (PorchEntity, porch_entity, G_TYPE_OBJECT)

static GDateTime *
new_time (gint64 time_us)
{
  g_autoptr (GDateTime) whole = NULL;

  if (time_us == 0)
    return NULL;
  whole = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  return whole != NULL ? g_date_time_add (whole, time_us % G_USEC_PER_SEC) : NULL;
}

static gint64
get_time_us (GDateTime *time)
{
  if (time == NULL)
    return 0;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

static void
porch_entity_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const PorchField *field = &PORCH_ENTITY_GET_CLASS (object)->fields[id - 1];

  switch (field->kind) {
  case PORCH_KIND_STRING:
    g_value_set_string (value, *PORCH_SLOT (object, field, char *));
    break;
  case PORCH_KIND_INT64:
    g_value_set_int64 (value, *PORCH_SLOT (object, field, gint64));
    break;
  case PORCH_KIND_BOOLEAN:
    g_value_set_boolean (value, *PORCH_SLOT (object, field, gboolean));
    break;
  case PORCH_KIND_ENUM:
    g_value_set_enum (value, *PORCH_SLOT (object, field, int));
    break;
  case PORCH_KIND_TIME:
    g_value_take_boxed (value, new_time (*PORCH_SLOT (object, field, gint64)));
    break;
  case PORCH_KIND_STRV:
    g_value_set_boxed (value, *PORCH_SLOT (object, field, char **));
    break;
  }
}

static gboolean
set_string (char **slot, const char *text)
{
  if (g_strcmp0 (*slot, text) == 0)
    return FALSE;
  porch_member_set (slot, text);
  return TRUE;
}

static gboolean
set_int64 (gint64 *slot, gint64 value)
{
  const gboolean has_changed = *slot != value;

  *slot = value;
  return has_changed;
}

static gboolean
set_int (int *slot, int value)
{
  const gboolean has_changed = *slot != value;

  *slot = value;
  return has_changed;
}

static gboolean
set_strv (char ***slot, const char *const *words)
{
  static const char *const none[] = { NULL };

  if (g_strv_equal (*slot != NULL ? (const char *const *) *slot : none,
                    words != NULL ? words : none))
    return FALSE;
  g_strfreev (*slot);
  *slot = g_strdupv ((char **) words);
  return TRUE;
}

static void
porch_entity_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  const PorchField *field = &PORCH_ENTITY_GET_CLASS (object)->fields[id - 1];
  gboolean has_changed = FALSE;

  switch (field->kind) {
  case PORCH_KIND_STRING:
    has_changed = set_string (PORCH_SLOT (object, field, char *), g_value_get_string (value));
    break;
  case PORCH_KIND_INT64:
    has_changed = set_int64 (PORCH_SLOT (object, field, gint64), g_value_get_int64 (value));
    break;
  case PORCH_KIND_BOOLEAN:
    has_changed = set_int (PORCH_SLOT (object, field, gboolean), g_value_get_boolean (value));
    break;
  case PORCH_KIND_ENUM:
    has_changed = set_int (PORCH_SLOT (object, field, int), g_value_get_enum (value));
    break;
  case PORCH_KIND_TIME:
    has_changed =
      set_int64 (PORCH_SLOT (object, field, gint64), get_time_us (g_value_get_boxed (value)));
    break;
  case PORCH_KIND_STRV:
    has_changed = set_strv (PORCH_SLOT (object, field, char **), g_value_get_boxed (value));
    break;
  }
  if (has_changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
porch_entity_finalize (GObject *object)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (object);

  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];

    if (field->kind == PORCH_KIND_STRING)
      g_clear_pointer (PORCH_SLOT (object, field, char *), g_free);
    else if (field->kind == PORCH_KIND_STRV)
      g_clear_pointer (PORCH_SLOT (object, field, char **), g_strfreev);
  }

  G_OBJECT_CLASS (porch_entity_parent_class)->finalize (object);
}

static void
porch_entity_class_init (PorchEntityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_entity_finalize;
}

static void
porch_entity_init (PorchEntity *self)
{
}

static GParamSpec *
new_pspec (const PorchField *field)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  switch (field->kind) {
  case PORCH_KIND_STRING:
    return g_param_spec_string (field->name, NULL, NULL, NULL, flags);
  case PORCH_KIND_INT64:
    return g_param_spec_int64 (field->name, NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  case PORCH_KIND_BOOLEAN:
    return g_param_spec_boolean (field->name, NULL, NULL, FALSE, flags);
  case PORCH_KIND_ENUM:
    return g_param_spec_enum (field->name, NULL, NULL, field->enum_type (), 0, flags);
  case PORCH_KIND_TIME:
    return g_param_spec_boxed (field->name, NULL, NULL, G_TYPE_DATE_TIME, flags);
  case PORCH_KIND_STRV:
    return g_param_spec_boxed (field->name, NULL, NULL, G_TYPE_STRV, flags);
  }

  g_return_val_if_reached (NULL);
}

void
porch_entity_class_set_fields (PorchEntityClass *klass, const PorchField *fields, guint n_fields)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  /* GObject clears these two in every subclass, so they cannot be inherited. */
  object_class->get_property = porch_entity_get_property;
  object_class->set_property = porch_entity_set_property;

  klass->fields = fields;
  klass->n_fields = n_fields;
  /* These live as long as the type: for ever. */
  klass->pspecs = g_new0 (GParamSpec *, n_fields + 1);
  klass->members = g_new0 (const char *, n_fields);
  klass->enum_classes = g_new0 (GEnumClass *, n_fields);

  for (guint i = 0; i < n_fields; i++) {
    g_autofree char *member = g_strdelimit (g_strdup (fields[i].name), "-", '_');

    klass->pspecs[i + 1] = new_pspec (&fields[i]);
    klass->members[i] = g_intern_string (member);
    if (fields[i].kind == PORCH_KIND_ENUM)
      klass->enum_classes[i] = g_type_class_ref (fields[i].enum_type ());
  }
  g_object_class_install_properties (object_class, n_fields + 1, klass->pspecs);
}

PorchEntityClass *
porch_entity_class_peek (GType type)
{
  PorchEntityClass *klass = g_type_class_peek (type);

  /* The reference is kept: entity classes live as long as the program. */
  return klass != NULL ? klass : g_type_class_ref (type);
}

const char *
porch_entity_class_get_nick (const PorchEntityClass *klass, guint index, int value)
{
  GEnumValue *found = g_enum_get_value (klass->enum_classes[index], value);

  g_return_val_if_fail (found != NULL, klass->enum_classes[index]->values[0].value_nick);
  return found->value_nick;
}

static gboolean
assign_field (PorchEntity *self, PorchEntity *other, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    return set_string (PORCH_SLOT (self, field, char *), *PORCH_SLOT (other, field, char *));
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    return set_int64 (PORCH_SLOT (self, field, gint64), *PORCH_SLOT (other, field, gint64));
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    return set_int (PORCH_SLOT (self, field, int), *PORCH_SLOT (other, field, int));
  case PORCH_KIND_STRV:
    return set_strv (PORCH_SLOT (self, field, char **),
                     (const char *const *) *PORCH_SLOT (other, field, char **));
  }

  g_return_val_if_reached (FALSE);
}

void
porch_entity_assign (PorchEntity *self, PorchEntity *other)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (self);

  g_return_if_fail (G_OBJECT_TYPE (self) == G_OBJECT_TYPE (other));

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < klass->n_fields; i++)
    if (assign_field (self, other, &klass->fields[i]))
      g_object_notify_by_pspec (G_OBJECT (self), klass->pspecs[i + 1]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
porch_field_copy (const PorchField *field, gpointer from, gpointer to)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    porch_member_set (PORCH_SLOT (to, field, char *), *PORCH_SLOT (from, field, char *));
    break;
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    *PORCH_SLOT (to, field, gint64) = *PORCH_SLOT (from, field, gint64);
    break;
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    *PORCH_SLOT (to, field, int) = *PORCH_SLOT (from, field, int);
    break;
  case PORCH_KIND_STRV: {
    char **words = g_strdupv (*PORCH_SLOT (from, field, char **));

    g_strfreev (*PORCH_SLOT (to, field, char **));
    *PORCH_SLOT (to, field, char **) = words;
    break;
  }
  }
}

gpointer
porch_entity_copy (gpointer self)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (self);
  PorchEntity *copy = g_object_new (G_OBJECT_TYPE (self), NULL);

  for (guint i = 0; i < klass->n_fields; i++)
    porch_field_copy (&klass->fields[i], self, copy);
  return copy;
}

void
porch_member_set (char **member, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*member);
  *member = copy;
}
