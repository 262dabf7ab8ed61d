/* porch-statement.h - one prepared statement, taken from its connection and given back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A statement is prepared once per connection and found again by the address of its text, which
 * must therefore be a constant. Parameters count from 1, columns from 0.
 */
#pragma once

#include "porch-connection.h"

G_BEGIN_DECLS

typedef struct {
  PorchConnection *connection;
  sqlite3_stmt *stmt;
  int bind_code; /* of the first bind that failed */
  gboolean is_taken;
} PorchStatement;

/* Not to be taken twice at once. */
PorchStatement *porch_statement_take (PorchConnection *connection,
                                      const char *sql,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a text in which "@" stands for @columns. */
PorchStatement *porch_statement_take_columns (PorchConnection *connection,
                                              const char *sql,
                                              const char *columns,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Resets it and forgets what was bound. NULL is fine. */
void porch_statement_release (PorchStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchStatement, porch_statement_release)
/* For the connection that owns it. */
void porch_statement_free (PorchStatement *self);

void porch_statement_bind_int64 (PorchStatement *self, int parameter, gint64 value);
/* @text is not copied: it stays until the statement is released. NULL is NULL. */
void porch_statement_bind_text (PorchStatement *self, int parameter, const char *text);

/* 1: there is a row, 0: there is none any more, -1: failed. */
int porch_statement_step (PorchStatement *self, GError **error);
/* For a statement without rows. */
gboolean porch_statement_run (PorchStatement *self, GError **error);

gint64 porch_statement_get_int64 (PorchStatement *self, int column);
/* Valid until the next step. NULL for NULL. */
const char *porch_statement_peek_text (PorchStatement *self, int column);
char *porch_statement_dup_text (PorchStatement *self, int column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
