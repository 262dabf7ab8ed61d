/* porch-statement.c - one prepared statement, taken from its connection and given back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-statement.h"

#include <string.h>

static PorchStatement *
prepare (PorchConnection *connection, const char *sql, const char *columns, GError **error)
{
  g_autofree char *text = NULL;
  PorchStatement *self;
  sqlite3_stmt *stmt = NULL;
  int code;

  if (columns != NULL) {
    g_auto (GStrv) parts = g_strsplit (sql, "@", -1);

    text = g_strjoinv (columns, parts);
  }
  code = sqlite3_prepare_v3 (connection->db, text != NULL ? text : sql, -1,
                             SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (code != SQLITE_OK) {
    porch_connection_fail (connection, code, text != NULL ? text : sql, error);
    return NULL;
  }
  self = g_new0 (PorchStatement, 1);
  self->connection = connection;
  self->stmt = stmt;
  g_hash_table_insert (connection->statements, (gpointer) sql, self);
  return self;
}

PorchStatement *
porch_statement_take_columns (PorchConnection *connection,
                              const char *sql,
                              const char *columns,
                              GError **error)
{
  PorchStatement *self = g_hash_table_lookup (connection->statements, sql);

  if (self == NULL)
    self = prepare (connection, sql, columns, error);
  if (self == NULL)
    return NULL;
  g_assert (!self->is_taken);
  self->is_taken = TRUE;
  return self;
}

PorchStatement *
porch_statement_take (PorchConnection *connection, const char *sql, GError **error)
{
  return porch_statement_take_columns (connection, sql, NULL, error);
}

void
porch_statement_release (PorchStatement *self)
{
  if (self == NULL)
    return;
  sqlite3_reset (self->stmt);
  /* What was bound belongs to the caller and may go away now. */
  sqlite3_clear_bindings (self->stmt);
  self->bind_code = SQLITE_OK;
  self->is_taken = FALSE;
}

void
porch_statement_free (PorchStatement *self)
{
  sqlite3_finalize (self->stmt);
  g_free (self);
}

void
porch_statement_bind_int64 (PorchStatement *self, int parameter, gint64 value)
{
  const int code = sqlite3_bind_int64 (self->stmt, parameter, value);

  if (code != SQLITE_OK && self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

void
porch_statement_bind_text (PorchStatement *self, int parameter, const char *text)
{
  const int code = sqlite3_bind_text (self->stmt, parameter, text, -1, SQLITE_STATIC);

  if (code != SQLITE_OK && self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

int
porch_statement_step (PorchStatement *self, GError **error)
{
  /* A parameter that could not be bound would silently be NULL. */
  const int code = self->bind_code != SQLITE_OK ? self->bind_code : sqlite3_step (self->stmt);

  if (code == SQLITE_ROW)
    return 1;
  if (code == SQLITE_DONE)
    return 0;
  porch_connection_fail (self->connection, code, sqlite3_sql (self->stmt), error);
  return -1;
}

gboolean
porch_statement_run (PorchStatement *self, GError **error)
{
  return porch_statement_step (self, error) >= 0;
}

gint64
porch_statement_get_int64 (PorchStatement *self, int column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

const char *
porch_statement_peek_text (PorchStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

char *
porch_statement_dup_text (PorchStatement *self, int column)
{
  return g_strdup (porch_statement_peek_text (self, column));
}
