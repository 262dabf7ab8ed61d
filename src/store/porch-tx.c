/* porch-tx.c - rows, typed: what the families share, and settings
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-error.h"

/* The different sets of columns that commands change together are few; beyond this many the whole
 * row is written. */
#define UPDATES_MAX 100

void
porch_tx_init (PorchTx *self, PorchConnection *connection)
{
  *self = (PorchTx){ .connection = connection };
  for (guint i = 0; i < PORCH_ROW_N_KINDS; i++)
    self->updates[i] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

void
porch_tx_clear (PorchTx *self)
{
  for (guint i = 0; i < PORCH_ROW_N_KINDS; i++)
    g_clear_pointer (&self->updates[i], g_hash_table_unref);
  g_clear_pointer (&self->kept, porch_kept_free);
}

gboolean
porch_tx_load_seq (PorchTx *self, GError **error)
{
  gint64 event = 0, message = 0;

  if (!porch_connection_get_number (self->connection, "SELECT max (seq) FROM event", &event,
                                    error) ||
      !porch_connection_get_number (self->connection, "SELECT max (seq) FROM message", &message,
                                    error))
    return FALSE;
  self->seq = MAX (event, message);
  return TRUE;
}

gpointer
porch_tx_next (PorchStatement *statement, PorchRowKind kind, GError **error)
{
  if (porch_statement_step (statement, error) <= 0)
    return NULL;
  return porch_row_read (porch_row_get (kind), statement, error);
}

gpointer
porch_tx_find_by_text (PorchTx *self,
                       PorchRowKind kind,
                       const char *sql,
                       const char *key,
                       GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take_columns (self->connection, sql, porch_row_get (kind)->columns, error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, key);
  return porch_tx_next (statement, kind, error);
}

GPtrArray *
porch_tx_collect (PorchStatement *statement, PorchRowKind kind, GError **error)
{
  g_autoptr (GPtrArray) entities = g_ptr_array_new_with_free_func (g_object_unref);
  const PorchRow *row = porch_row_get (kind);
  int step;

  while ((step = porch_statement_step (statement, error)) > 0) {
    gpointer entity = porch_row_read (row, statement, error);

    if (entity == NULL)
      return NULL;
    g_ptr_array_add (entities, entity);
  }
  return step < 0 ? NULL : g_steal_pointer (&entities);
}

gpointer
porch_tx_require (gpointer entity, const char *what, const char *key, GError **error)
{
  if (entity == NULL && error != NULL && *error == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no %s %s", what, key);
  return entity;
}

gboolean
porch_tx_insert_row (PorchTx *self, PorchRowKind kind, gpointer entity, GError **error)
{
  const PorchRow *row = porch_row_get (kind);
  g_autoptr (PorchStatement) statement =
    porch_statement_take (self->connection, row->insert, error);

  if (statement == NULL)
    return FALSE;
  porch_row_bind (row, statement, entity);
  return porch_statement_run (statement, error);
}

/* The statement that changes just these columns. Its text lives as long as the connection, which
 * finds the prepared statement by it. */
static const char *
get_update (PorchTx *self, PorchRowKind kind, guint64 *columns)
{
  GHashTable *updates = self->updates[kind];
  const char *text = g_hash_table_lookup (updates, columns);

  if (text != NULL)
    return text;
  if (g_hash_table_size (updates) >= UPDATES_MAX) {
    *columns = G_MAXUINT64 - 1;
    text = g_hash_table_lookup (updates, columns);
  }
  if (text == NULL) {
    text = porch_row_make_update (porch_row_get (kind), *columns);
    g_hash_table_insert (updates, g_memdup2 (columns, sizeof *columns), (gpointer) text);
  }
  return text;
}

gboolean
porch_tx_write_columns (PorchTx *self,
                        PorchRowKind kind,
                        gpointer entity,
                        guint64 columns,
                        GError **error)
{
  g_autoptr (PorchStatement) update = NULL;

  if (columns == 0)
    return TRUE;
  update = porch_statement_take (self->connection, get_update (self, kind, &columns), error);
  if (update == NULL)
    return FALSE;
  porch_row_bind_some (porch_row_get (kind), update, entity, columns | 1);
  return porch_statement_run (update, error);
}

/* Only what differs is written: naming a column in an UPDATE rewrites every index it is in, and a
 * message changes a quarter of a conversation's columns. */
gboolean
porch_tx_update_row (PorchTx *self,
                     PorchRowKind kind,
                     const char *select,
                     gpointer entity,
                     GError **error)
{
  const PorchRow *row = porch_row_get (kind);
  g_autoptr (PorchStatement) found =
    porch_statement_take_columns (self->connection, select, row->columns, error);
  guint64 columns;
  int step;

  if (found == NULL)
    return FALSE;
  porch_row_bind_some (row, found, entity, 1);
  step = porch_statement_step (found, error);
  if (step == 0)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "this %s is not in the file",
                 row->table);
  if (step <= 0)
    return FALSE;
  columns = porch_row_compare (row, found, entity);
  g_clear_pointer (&found, porch_statement_release);
  return porch_tx_write_columns (self, kind, entity, columns, error);
}

char *
porch_tx_find_setting (PorchTx *tx, const char *key, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take (tx->connection, "SELECT value FROM setting WHERE key = ?1", error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, key);
  return porch_statement_step (statement, error) > 0 ? porch_statement_dup_text (statement, 0)
                                                     : NULL;
}

gboolean
porch_tx_set_setting (PorchTx *tx, const char *key, const char *value, GError **error)
{
  static const char set[] = "INSERT INTO setting (key, value) VALUES (?1, ?2) "
                            "ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  static const char unset[] = "DELETE FROM setting WHERE key = ?1";
  g_autoptr (PorchStatement) statement =
    porch_statement_take (tx->connection, value != NULL ? set : unset, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, key);
  if (value != NULL)
    porch_statement_bind_text (statement, 2, value);
  return porch_statement_run (statement, error);
}
