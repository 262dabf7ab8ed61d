/* porch-tx-conversation.c - rows, typed: conversations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-error.h"

static const char by_pk[] = "SELECT @ FROM conversation WHERE pk = ?1";

/* What was read, for the next time. */
static gpointer
keep (PorchTx *tx, gpointer conversation)
{
  if (tx->kept != NULL && conversation != NULL)
    porch_kept_put (tx->kept, conversation);
  return conversation;
}

PorchConversation *
porch_tx_get_conversation (PorchTx *tx, const char *id, GError **error)
{
  PorchConversation *kept = tx->kept != NULL ? porch_kept_find_id (tx->kept, id) : NULL;
  gpointer conversation;

  if (kept != NULL)
    return porch_entity_copy (kept);
  conversation = porch_tx_find_by_text (tx, PORCH_ROW_CONVERSATION,
                                        "SELECT @ FROM conversation WHERE id = ?1", id, error);
  return porch_tx_require (keep (tx, conversation), "conversation", id, error);
}

PorchConversation *
porch_tx_get_conversation_pk (PorchTx *tx, gint64 pk, GError **error)
{
  PorchConversation *kept = tx->kept != NULL ? porch_kept_find (tx->kept, pk) : NULL;
  g_autoptr (PorchStatement) statement = NULL;

  if (kept != NULL)
    return porch_entity_copy (kept);
  statement = porch_statement_take_columns (tx->connection, by_pk,
                                            porch_row_get (PORCH_ROW_CONVERSATION)->columns, error);
  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, pk);
  return porch_tx_require (keep (tx, porch_tx_next (statement, PORCH_ROW_CONVERSATION, error)),
                           "conversation", "of this pk", error);
}

PorchConversation *
porch_tx_find_handle (PorchTx *tx, const char *visitor, const char *handle, GError **error)
{
  static const char sql[] = "SELECT @ FROM conversation WHERE visitor = ?1 AND handle = ?2";
  PorchConversation *kept =
    tx->kept != NULL ? porch_kept_find_handle (tx->kept, visitor, handle) : NULL;
  g_autoptr (PorchStatement) statement = NULL;

  if (kept != NULL)
    return porch_entity_copy (kept);
  statement = porch_statement_take_columns (tx->connection, sql,
                                            porch_row_get (PORCH_ROW_CONVERSATION)->columns, error);
  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, visitor);
  porch_statement_bind_text (statement, 2, handle);
  return keep (tx, porch_tx_next (statement, PORCH_ROW_CONVERSATION, error));
}

gboolean
porch_tx_insert_conversation (PorchTx *tx, PorchConversation *conversation, GError **error)
{
  if (!porch_tx_insert_row (tx, PORCH_ROW_CONVERSATION, conversation, error))
    return FALSE;
  conversation->pk = sqlite3_last_insert_rowid (tx->connection->db);
  keep (tx, conversation);
  return TRUE;
}

gboolean
porch_tx_update_conversation (PorchTx *tx, PorchConversation *conversation, GError **error)
{
  PorchConversation *kept = tx->kept != NULL ? porch_kept_find (tx->kept, conversation->pk) : NULL;
  gboolean is_fine;

  if (kept == NULL) {
    is_fine = porch_tx_update_row (tx, PORCH_ROW_CONVERSATION, by_pk, conversation, error);
  } else {
    const guint64 columns =
      porch_row_differ (porch_row_get (PORCH_ROW_CONVERSATION), kept, conversation);

    is_fine = porch_tx_write_columns (tx, PORCH_ROW_CONVERSATION, conversation, columns, error);
  }
  if (is_fine)
    keep (tx, conversation);
  return is_fine;
}

GPtrArray *
porch_tx_list_contact_conversations (PorchTx *tx,
                                     const char *contact,
                                     const char *site,
                                     guint limit,
                                     GError **error)
{
  /* By pk, which rises with time as created_at does, and is in the index. */
  static const char sql[] = "SELECT @ FROM conversation INDEXED BY conversation_contact "
                            "WHERE contact = ?1 AND site = ?2 ORDER BY pk DESC LIMIT ?3";
  g_autoptr (PorchStatement) statement = porch_statement_take_columns (
    tx->connection, sql, porch_row_get (PORCH_ROW_CONVERSATION)->columns, error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, contact);
  porch_statement_bind_text (statement, 2, site);
  porch_statement_bind_int64 (statement, 3, MIN (limit, PORCH_TX_PAGE_MAX));
  return porch_tx_collect (statement, PORCH_ROW_CONVERSATION, error);
}

gint64
porch_tx_get_last_number (PorchTx *tx, gint64 since_us, GError **error)
{
  static const char sql[] = "SELECT number FROM conversation INDEXED BY conversation_day "
                            "WHERE created_at >= ?1 ORDER BY created_at DESC, pk DESC LIMIT 1";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return -1;
  porch_statement_bind_int64 (statement, 1, since_us);
  step = porch_statement_step (statement, error);
  if (step <= 0)
    return step;
  return porch_statement_get_int64 (statement, 0);
}

static void
free_waits (gpointer waits)
{
  g_array_unref (waits);
}

GHashTable *
porch_tx_list_first_waits (PorchTx *tx, gint64 since_us, guint limit, GError **error)
{
  /* Pks rise with time, and are the only order that needs no index. */
  static const char sql[] =
    "SELECT department, first_response_at - created_at FROM conversation "
    "WHERE pk > (SELECT max (pk) FROM conversation) - ?2 AND created_at >= ?1 "
    "AND first_response_at >= created_at";
  g_autoptr (GHashTable) departments =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_waits);
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, since_us);
  porch_statement_bind_int64 (statement, 2, limit);
  while ((step = porch_statement_step (statement, error)) > 0) {
    const char *department = porch_statement_peek_text (statement, 0);
    const gint64 wait_us = porch_statement_get_int64 (statement, 1);
    GArray *waits = g_hash_table_lookup (departments, department);

    if (waits == NULL) {
      waits = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (departments, g_strdup (department), waits);
    }
    g_array_append_val (waits, wait_us);
  }
  return step < 0 ? NULL : g_steal_pointer (&departments);
}
