/* porch-tx-private.h - what the families of porch-tx.h share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-kept.h"
#include "porch-row.h"
#include "porch-statement.h"
#include "porch-store.h"
#include "porch-tx.h"

G_BEGIN_DECLS

/* Nobody is given more rows than this at once. */
#define PORCH_TX_PAGE_MAX 200

/* One per connection, for as long as it is open. */
struct _PorchTx {
  PorchConnection *connection;
  PorchJob *job;                          /* whose events are kept; NULL while reading */
  gint64 seq;                             /* the writer's: the last one that was taken */
  GHashTable *updates[PORCH_ROW_N_KINDS]; /* columns that change -> UPDATE statement */
  PorchKept *kept;                        /* the writer's; NULL while reading */
};

void porch_tx_init (PorchTx *self, PorchConnection *connection);
/* Before the connection is closed come its statements, so this comes after it. */
void porch_tx_clear (PorchTx *self);
/* Where the counter starts: the highest seq that was ever written. */
gboolean porch_tx_load_seq (PorchTx *self, GError **error);

/* The next row as an entity of the caller's own, or NULL; without an error when there is none any
 * more. DAMAGED as porch_row_read () says. */
gpointer porch_tx_next (PorchStatement *statement, PorchRowKind kind, GError **error);
/* The row that @sql ("SELECT @ FROM … WHERE x = ?1") finds by @key, or NULL. */
gpointer porch_tx_find_by_text (PorchTx *self,
                                PorchRowKind kind,
                                const char *sql,
                                const char *key,
                                GError **error);
/* Everything that @statement has, as @kind. */
GPtrArray *porch_tx_collect (PorchStatement *statement, PorchRowKind kind, GError **error);
/* Sets NOT_FOUND when @entity is NULL and @error is not set yet. Gives @entity back. */
gpointer porch_tx_require (gpointer entity, const char *what, const char *key, GError **error);

/* Changes these columns of @entity's row. */
gboolean porch_tx_write_columns (PorchTx *self,
                                 PorchRowKind kind,
                                 gpointer entity,
                                 guint64 columns,
                                 GError **error);
gboolean porch_tx_insert_row (PorchTx *self, PorchRowKind kind, gpointer entity, GError **error);
/* @select is "SELECT @ FROM … WHERE key = ?1". NOT_FOUND when there is no such row. */
gboolean porch_tx_update_row (PorchTx *self,
                              PorchRowKind kind,
                              const char *select,
                              gpointer entity,
                              GError **error);

/* Members of @message that have no column. @conversation may be NULL: it is looked up. */
gboolean porch_tx_complete_message (PorchTx *self,
                                    PorchMessage *message,
                                    const char *conversation,
                                    GError **error);
PorchMessage *porch_tx_find_message (PorchTx *self, gint64 seq, GError **error);

G_END_DECLS
