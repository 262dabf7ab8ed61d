/* porch-row.c - an entity to and from its table's row, by its field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-row.h"

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-department.h"
#include "porch-error.h"
#include "porch-message.h"
#include "porch-site.h"
#include "porch-visitor.h"

#include <string.h>

static PorchRow rows[PORCH_ROW_N_KINDS];

static void
init_row (PorchRowKind kind, GType type, const char *table)
{
  PorchRow *self = &rows[kind];
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new (NULL);

  self->type = type;
  self->table = table;
  self->klass = porch_entity_class_peek (type);
  for (guint i = 0; i < self->klass->n_fields; i++) {
    const PorchField *field = &self->klass->fields[i];
    const guint column = self->n_columns;

    if (field->flags & PORCH_FIELD_NOROW)
      continue;
    g_assert (column < PORCH_ROW_COLUMNS_MAX);
    self->fields[column] = field;
    self->words[column] = self->klass->enum_classes[i];
    self->names[column] = self->klass->members[i];
    self->n_columns++;
    g_string_append_printf (columns, "%s%s", column > 0 ? ", " : "", self->names[column]);
    g_string_append_printf (marks, "%s?%u", column > 0 ? ", " : "", column + 1);
  }
  self->insert =
    g_strdup_printf ("INSERT INTO %s (%s) VALUES (%s)", table, columns->str, marks->str);
  self->columns = g_strdup (columns->str);
}

const PorchRow *
porch_row_get (PorchRowKind kind)
{
  static gsize is_done = 0;

  if (g_once_init_enter (&is_done)) {
    init_row (PORCH_ROW_AGENT, PORCH_TYPE_AGENT, "agent");
    init_row (PORCH_ROW_CONTACT, PORCH_TYPE_CONTACT, "contact");
    init_row (PORCH_ROW_CONVERSATION, PORCH_TYPE_CONVERSATION, "conversation");
    init_row (PORCH_ROW_DEPARTMENT, PORCH_TYPE_DEPARTMENT, "department");
    init_row (PORCH_ROW_MESSAGE, PORCH_TYPE_MESSAGE, "message");
    init_row (PORCH_ROW_SITE, PORCH_TYPE_SITE, "site");
    init_row (PORCH_ROW_VISITOR, PORCH_TYPE_VISITOR, "visitor");
    g_once_init_leave (&is_done, 1);
  }
  return &rows[kind];
}

static void
bind_words (PorchStatement *statement, int parameter, char **words)
{
  char *text = words != NULL ? g_strjoinv ("\n", words) : NULL;
  const int code = sqlite3_bind_text (statement->stmt, parameter, text, -1, g_free);

  if (code != SQLITE_OK)
    statement->bind_code = code;
}

static void
bind_field (PorchStatement *statement, int parameter, gpointer entity, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    porch_statement_bind_text (statement, parameter, *PORCH_SLOT (entity, field, char *));
    break;
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    porch_statement_bind_int64 (statement, parameter, *PORCH_SLOT (entity, field, gint64));
    break;
  case PORCH_KIND_BOOLEAN:
    porch_statement_bind_int64 (statement, parameter,
                                *PORCH_SLOT (entity, field, gboolean) != FALSE);
    break;
  case PORCH_KIND_ENUM:
    porch_statement_bind_int64 (statement, parameter, *PORCH_SLOT (entity, field, int));
    break;
  case PORCH_KIND_STRV:
    bind_words (statement, parameter, *PORCH_SLOT (entity, field, char **));
    break;
  }
}

void
porch_row_bind (const PorchRow *self, PorchStatement *statement, gpointer entity)
{
  const PorchField *key = self->fields[0];

  if (key->kind != PORCH_KIND_INT64 || *PORCH_SLOT (entity, key, gint64) != 0)
    bind_field (statement, 1, entity, key);
  for (guint i = 1; i < self->n_columns; i++)
    bind_field (statement, i + 1, entity, self->fields[i]);
}

void
porch_row_bind_some (const PorchRow *self,
                     PorchStatement *statement,
                     gpointer entity,
                     guint64 columns)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (columns & G_GUINT64_CONSTANT (1) << i)
      bind_field (statement, i + 1, entity, self->fields[i]);
}

static gboolean
has_same_words (PorchStatement *statement, int column, char **words)
{
  g_autofree char *text = words != NULL ? g_strjoinv ("\n", words) : NULL;

  return g_strcmp0 (text, porch_statement_peek_text (statement, column)) == 0;
}

static gboolean
is_same (PorchStatement *statement, int column, gpointer entity, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    return g_strcmp0 (*PORCH_SLOT (entity, field, char *),
                      porch_statement_peek_text (statement, column)) == 0;
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    return *PORCH_SLOT (entity, field, gint64) == porch_statement_get_int64 (statement, column);
  case PORCH_KIND_BOOLEAN:
    return (*PORCH_SLOT (entity, field, gboolean) != FALSE) ==
           (porch_statement_get_int64 (statement, column) != 0);
  case PORCH_KIND_ENUM:
    return *PORCH_SLOT (entity, field, int) == porch_statement_get_int64 (statement, column);
  case PORCH_KIND_STRV:
    return has_same_words (statement, column, *PORCH_SLOT (entity, field, char **));
  }
  g_return_val_if_reached (FALSE);
}

guint64
porch_row_compare (const PorchRow *self, PorchStatement *statement, gpointer entity)
{
  guint64 columns = 0;

  for (guint i = 0; i < self->n_columns; i++)
    if (!is_same (statement, i, entity, self->fields[i]))
      columns |= G_GUINT64_CONSTANT (1) << i;
  return columns;
}

static gboolean
has_same_value (gpointer entity, gpointer other, const PorchField *field)
{
  switch (field->kind) {
  case PORCH_KIND_STRING:
    return g_strcmp0 (*PORCH_SLOT (entity, field, char *), *PORCH_SLOT (other, field, char *)) == 0;
  case PORCH_KIND_INT64:
  case PORCH_KIND_TIME:
    return *PORCH_SLOT (entity, field, gint64) == *PORCH_SLOT (other, field, gint64);
  case PORCH_KIND_BOOLEAN:
  case PORCH_KIND_ENUM:
    return *PORCH_SLOT (entity, field, int) == *PORCH_SLOT (other, field, int);
  case PORCH_KIND_STRV: {
    char **words = *PORCH_SLOT (entity, field, char **);
    char **others = *PORCH_SLOT (other, field, char **);

    return words == others ||
           (words != NULL && others != NULL &&
            g_strv_equal ((const char *const *) words, (const char *const *) others));
  }
  }
  g_return_val_if_reached (FALSE);
}

guint64
porch_row_differ (const PorchRow *self, gpointer entity, gpointer other)
{
  guint64 columns = 0;

  for (guint i = 0; i < self->n_columns; i++)
    if (!has_same_value (entity, other, self->fields[i]))
      columns |= G_GUINT64_CONSTANT (1) << i;
  return columns;
}

void
porch_row_take_over (const PorchRow *self, gpointer entity, gpointer other, guint64 columns)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (columns & G_GUINT64_CONSTANT (1) << i)
      porch_field_copy (self->fields[i], other, entity);
}

char *
porch_row_make_update (const PorchRow *self, guint64 columns)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "UPDATE %s SET ", self->table);
  for (guint i = 1; i < self->n_columns; i++)
    if (columns & G_GUINT64_CONSTANT (1) << i)
      g_string_append_printf (text, "%s = ?%u, ", self->names[i], i + 1);
  g_string_truncate (text, text->len - strlen (", "));
  g_string_append_printf (text, " WHERE %s = ?1", self->names[0]);
  return g_string_free (text, FALSE);
}

static char **
split_words (const char *text)
{
  return text != NULL ? g_strsplit (text, "\n", -1) : NULL;
}

static gboolean
read_word (const PorchRow *self,
           PorchStatement *statement,
           guint column,
           gpointer entity,
           GError **error)
{
  const gint64 value = porch_statement_get_int64 (statement, column);

  if (value < self->words[column]->minimum || value > self->words[column]->maximum) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "%s.%s has the number %" G_GINT64_FORMAT,
                 self->table, self->names[column], value);
    return FALSE;
  }
  *PORCH_SLOT (entity, self->fields[column], int) = value;
  return TRUE;
}

gpointer
porch_row_read (const PorchRow *self, PorchStatement *statement, GError **error)
{
  g_autoptr (GObject) entity = g_object_new (self->type, NULL);

  for (guint i = 0; i < self->n_columns; i++) {
    const PorchField *field = self->fields[i];

    switch (field->kind) {
    case PORCH_KIND_STRING:
      *PORCH_SLOT (entity, field, char *) = porch_statement_dup_text (statement, i);
      break;
    case PORCH_KIND_INT64:
    case PORCH_KIND_TIME:
      *PORCH_SLOT (entity, field, gint64) = porch_statement_get_int64 (statement, i);
      break;
    case PORCH_KIND_BOOLEAN:
      *PORCH_SLOT (entity, field, gboolean) = porch_statement_get_int64 (statement, i) != 0;
      break;
    case PORCH_KIND_ENUM:
      if (!read_word (self, statement, i, entity, error))
        return NULL;
      break;
    case PORCH_KIND_STRV:
      *PORCH_SLOT (entity, field, char **) = split_words (porch_statement_peek_text (statement, i));
      break;
    }
  }
  return g_steal_pointer (&entity);
}
