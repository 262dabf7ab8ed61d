/* porch-tx-message.c - rows, typed: messages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-error.h"

static char *
dup_conversation_id (PorchTx *tx, gint64 pk, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take (tx->connection, "SELECT id FROM conversation WHERE pk = ?1", error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, pk);
  if (porch_statement_step (statement, error) > 0)
    return porch_statement_dup_text (statement, 0);
  if (error != NULL && *error == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no conversation of pk %d",
                 (int) pk);
  return NULL;
}

gboolean
porch_tx_complete_message (PorchTx *self,
                           PorchMessage *message,
                           const char *conversation,
                           GError **error)
{
  if (message->client_id == NULL && message->device != NULL)
    message->client_id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, message->device, message->n);
  if (message->conversation == NULL)
    message->conversation = conversation != NULL
                              ? g_strdup (conversation)
                              : dup_conversation_id (self, message->conversation_pk, error);
  return message->conversation != NULL;
}

PorchMessage *
porch_tx_find_message (PorchTx *self, gint64 seq, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take_columns (self->connection, "SELECT @ FROM message WHERE seq = ?1",
                                  porch_row_get (PORCH_ROW_MESSAGE)->columns, error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, seq);
  return porch_tx_next (statement, PORCH_ROW_MESSAGE, error);
}

/* Whoever counts on from another number than the stored one would store a message twice. */
static gboolean
count_up (PorchTx *tx, const PorchMessage *message, GError **error)
{
  static const char sql[] =
    "INSERT INTO device_count (conversation_pk, device, n) VALUES (?1, ?2, ?3) "
    "ON CONFLICT DO UPDATE SET n = excluded.n WHERE n = excluded.n - 1";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, message->conversation_pk);
  porch_statement_bind_text (statement, 2, message->device);
  porch_statement_bind_int64 (statement, 3, message->n);
  if (!porch_statement_run (statement, error))
    return FALSE;
  if (sqlite3_changes64 (tx->connection->db) == 1)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT,
               "%s:%" G_GINT64_FORMAT " is not what comes next", message->device, message->n);
  return FALSE;
}

gboolean
porch_tx_insert_message (PorchTx *tx, PorchMessage *message, GError **error)
{
  g_return_val_if_fail (message->seq != 0 && message->conversation_pk != 0, FALSE);

  return (message->device == NULL || count_up (tx, message, error)) &&
         porch_tx_insert_row (tx, PORCH_ROW_MESSAGE, message, error) &&
         porch_tx_complete_message (tx, message, NULL, error);
}

gint64
porch_tx_get_last_n (PorchTx *tx, gint64 conversation_pk, const char *device, GError **error)
{
  static const char sql[] = "SELECT n FROM device_count WHERE conversation_pk = ?1 AND device = ?2";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return -1;
  porch_statement_bind_int64 (statement, 1, conversation_pk);
  porch_statement_bind_text (statement, 2, device);
  step = porch_statement_step (statement, error);
  if (step < 0)
    return -1;
  return step > 0 ? porch_statement_get_int64 (statement, 0) : 0;
}

PorchMessage *
porch_tx_find_client_message (PorchTx *tx,
                              gint64 conversation_pk,
                              const char *device,
                              gint64 n,
                              GError **error)
{
  /* From the end: what is sent again was sent lately. */
  static const char sql[] = "SELECT @ FROM message WHERE conversation_pk = ?1 AND device = ?2 "
                            "AND n = ?3 ORDER BY seq DESC LIMIT 1";
  g_autoptr (PorchMessage) message = NULL;
  g_autoptr (PorchStatement) statement = porch_statement_take_columns (
    tx->connection, sql, porch_row_get (PORCH_ROW_MESSAGE)->columns, error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, conversation_pk);
  porch_statement_bind_text (statement, 2, device);
  porch_statement_bind_int64 (statement, 3, n);
  message = porch_tx_next (statement, PORCH_ROW_MESSAGE, error);
  if (message == NULL || !porch_tx_complete_message (tx, message, NULL, error))
    return NULL;
  return g_steal_pointer (&message);
}

static GPtrArray *
collect_page (PorchTx *tx, const PorchMessagePage *page, guint limit, GError **error)
{
  /* A staff page lets every visibility through, a visitor's only PUBLIC, which is 0. */
  static const char forwards[] =
    "SELECT @ FROM message WHERE conversation_pk = ?1 AND seq > ?2 AND seq < ?3 "
    "AND visibility <= ?4 ORDER BY seq LIMIT ?5";
  static const char backwards[] =
    "SELECT @ FROM message WHERE conversation_pk = ?1 AND seq > ?2 AND seq < ?3 "
    "AND visibility <= ?4 ORDER BY seq DESC LIMIT ?5";
  const gboolean is_forwards = page->after != 0 && page->before == 0;
  g_autoptr (PorchStatement) statement =
    porch_statement_take_columns (tx->connection, is_forwards ? forwards : backwards,
                                  porch_row_get (PORCH_ROW_MESSAGE)->columns, error);

  if (statement == NULL)
    return NULL;
  porch_statement_bind_int64 (statement, 1, page->conversation_pk);
  porch_statement_bind_int64 (statement, 2, page->after);
  porch_statement_bind_int64 (statement, 3, page->before != 0 ? page->before : G_MAXINT64);
  porch_statement_bind_int64 (statement, 4,
                              page->is_staff ? PORCH_VISIBILITY_STAFF : PORCH_VISIBILITY_PUBLIC);
  porch_statement_bind_int64 (statement, 5, limit + 1);
  return porch_tx_collect (statement, PORCH_ROW_MESSAGE, error);
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++) {
    gpointer *first = &array->pdata[i], *last = &array->pdata[array->len - 1 - i];
    gpointer kept = *first;

    *first = *last;
    *last = kept;
  }
}

GPtrArray *
porch_tx_list_messages (PorchTx *tx,
                        const PorchMessagePage *page,
                        gboolean *has_more,
                        GError **error)
{
  const guint limit = MIN (page->limit, PORCH_TX_PAGE_MAX);
  g_autoptr (GPtrArray) messages = collect_page (tx, page, limit, error);
  g_autofree char *id = NULL;

  if (messages == NULL)
    return NULL;
  if (has_more != NULL)
    *has_more = messages->len > limit;
  if (messages->len > limit)
    g_ptr_array_set_size (messages, limit);
  if (messages->len == 0)
    return g_steal_pointer (&messages);

  id = dup_conversation_id (tx, page->conversation_pk, error);
  if (id == NULL)
    return NULL;
  for (guint i = 0; i < messages->len; i++)
    porch_tx_complete_message (tx, messages->pdata[i], id, NULL);
  if (page->after == 0 || page->before != 0)
    reverse (messages);
  return g_steal_pointer (&messages);
}

gint64
porch_tx_count_messages_after (PorchTx *tx,
                               gint64 conversation_pk,
                               gboolean from_visitor,
                               gint64 after,
                               GError **error)
{
  /* Texts that somebody can read: no lines about the conversation, nothing taken back. */
  static const char sql[] = "SELECT count (*) FROM message WHERE conversation_pk = ?1 AND seq > ?2 "
                            "AND (sender_kind = 0) = ?3 AND visibility = 0 AND kind = 0 "
                            "AND deleted_at = 0";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  G_STATIC_ASSERT (PORCH_ACTOR_VISITOR == 0 && PORCH_VISIBILITY_PUBLIC == 0 &&
                   PORCH_MESSAGE_TEXT == 0);
  if (statement == NULL)
    return -1;
  porch_statement_bind_int64 (statement, 1, conversation_pk);
  porch_statement_bind_int64 (statement, 2, after);
  porch_statement_bind_int64 (statement, 3, from_visitor != FALSE);
  return porch_statement_step (statement, error) > 0 ? porch_statement_get_int64 (statement, 0)
                                                     : -1;
}
