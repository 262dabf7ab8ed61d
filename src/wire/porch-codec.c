/* porch-codec.c - an entity as JSON, both ways, by its field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-codec.h"

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
porch_codec_write (PorchWriter *writer, const char *name, gpointer entity, PorchAudience audience)
{
  PorchEntityClass *klass = PORCH_ENTITY_GET_CLASS (entity);
  PorchFieldFlags hidden = PORCH_FIELD_SECRET;

  /* Whoever is not known to be staff sees what a visitor may see. */
  if (audience != PORCH_AUDIENCE_STAFF)
    hidden |= PORCH_FIELD_STAFF;

  porch_writer_begin (writer, name);
  for (guint i = 0; i < klass->n_fields; i++)
    if ((klass->fields[i].flags & hidden) == 0)
      write_field (writer, klass, i, entity);
  porch_writer_end (writer);
}
