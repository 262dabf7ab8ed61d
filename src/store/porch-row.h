/* porch-row.h - an entity to and from its table's row, by its field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Works on the members themselves, without properties: it runs for each message that is relayed.
 * The first column is the key.
 */
#pragma once

#include "porch-entity.h"
#include "porch-statement.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_ROW_AGENT,
  PORCH_ROW_CONTACT,
  PORCH_ROW_CONVERSATION,
  PORCH_ROW_DEPARTMENT,
  PORCH_ROW_MESSAGE,
  PORCH_ROW_SITE,
  PORCH_ROW_VISITOR,
} PorchRowKind;
#define PORCH_ROW_N_KINDS (PORCH_ROW_VISITOR + 1)

#define PORCH_ROW_COLUMNS_MAX 64

typedef struct {
  GType type;
  const char *table;
  const PorchEntityClass *klass;
  const PorchField *fields[PORCH_ROW_COLUMNS_MAX]; /* by column */
  const GEnumClass *words[PORCH_ROW_COLUMNS_MAX];
  guint n_columns;
  const char *names[PORCH_ROW_COLUMNS_MAX];
  char *columns; /* "id, name, …", for SELECT */
  char *insert;  /* the whole statement */
} PorchRow;

/* Made the first time, for good. From any thread. */
const PorchRow *porch_row_get (PorchRowKind kind);

/* Binds every column from parameter 1 on. A number 0 as key is bound as NULL: SQLite chooses. */
void porch_row_bind (const PorchRow *self, PorchStatement *statement, gpointer entity);
/* Only those whose bits are set in @columns, under the same numbers. */
void porch_row_bind_some (const PorchRow *self,
                          PorchStatement *statement,
                          gpointer entity,
                          guint64 columns);
/* Bits of the columns in which the row that @statement stands on differs from @entity. */
guint64 porch_row_compare (const PorchRow *self, PorchStatement *statement, gpointer entity);
/* The same of two entities, and making them alike in these columns. */
guint64 porch_row_differ (const PorchRow *self, gpointer entity, gpointer other);
void porch_row_take_over (const PorchRow *self, gpointer entity, gpointer other, guint64 columns);
/* "UPDATE … SET … WHERE key = ?1" for these columns. */
char *porch_row_make_update (const PorchRow *self, guint64 columns) G_GNUC_WARN_UNUSED_RESULT;
/* A new entity of the row that @statement stands on, its columns first. DAMAGED when a word has a
 * number that no program wrote. */
gpointer porch_row_read (const PorchRow *self,
                         PorchStatement *statement,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
