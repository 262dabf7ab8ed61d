/* porch-tx-event.c - rows, typed: the log of what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-error.h"

#include <string.h>

/* What is kept whatever its age. */
#define EVENTS_KEPT 100000

/* Setting: the highest seq that was removed from the log. */
#define LOG_START "log_start"

#define EVENT_COLUMNS "seq, type, at, actor_kind, actor, cause, conversation_pk, subject"

gint64
porch_tx_take_seq (PorchTx *tx)
{
  g_return_val_if_fail (tx->job != NULL, 0);
  return ++tx->seq;
}

static gboolean
is_about_message (PorchEventType type)
{
  return type == PORCH_EVENT_MESSAGE_CREATED || type == PORCH_EVENT_MESSAGE_UPDATED;
}

/* The id of what the event is about, beside its conversation. A message that is new has the seq of
 * its event and needs none. */
static char *
dup_subject (PorchEvent *event)
{
  if (is_about_message (event->type))
    return event->message != NULL && event->message->seq != event->seq
             ? g_strdup_printf ("%" G_GINT64_FORMAT, event->message->seq)
             : NULL;
  if (event->type == PORCH_EVENT_CONTACT_UPDATED)
    return event->contact != NULL ? g_strdup (event->contact->id) : NULL;
  if (event->type == PORCH_EVENT_SITE_UPDATED)
    return event->site != NULL ? g_strdup (event->site->id) : NULL;
  return event->agent != NULL ? g_strdup (event->agent->id) : NULL;
}

gboolean
porch_tx_append_event (PorchTx *tx, PorchEvent *event, GError **error)
{
  static const char sql[] =
    "INSERT INTO event (" EVENT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
  g_autofree char *subject = dup_subject (event);
  g_autoptr (PorchStatement) statement = NULL;

  g_return_val_if_fail (tx->job != NULL && event->seq != 0, FALSE);

  statement = porch_statement_take (tx->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, event->seq);
  porch_statement_bind_int64 (statement, 2, event->type);
  porch_statement_bind_int64 (statement, 3, event->at_us);
  porch_statement_bind_int64 (statement, 4, event->actor_kind);
  porch_statement_bind_text (statement, 5, event->actor);
  porch_statement_bind_int64 (statement, 6, event->cause);
  if (event->conversation != NULL)
    porch_statement_bind_int64 (statement, 7, event->conversation->pk);
  porch_statement_bind_text (statement, 8, subject);
  if (!porch_statement_run (statement, error))
    return FALSE;

  if (event->message != NULL && event->conversation != NULL &&
      !porch_tx_complete_message (tx, event->message, event->conversation->id, error))
    return FALSE;
  if (tx->job->events == NULL)
    tx->job->events = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_event_unref);
  g_ptr_array_add (tx->job->events, porch_event_ref (event));
  return TRUE;
}

static PorchEvent *
read_event (PorchStatement *statement, gint64 *conversation_pk, char **subject)
{
  const PorchActor actor = { .kind = porch_statement_get_int64 (statement, 3),
                             .id = porch_statement_peek_text (statement, 4) };
  PorchEvent *event = porch_event_new (porch_statement_get_int64 (statement, 1), &actor);

  event->seq = porch_statement_get_int64 (statement, 0);
  event->at_us = porch_statement_get_int64 (statement, 2);
  event->cause = porch_statement_get_int64 (statement, 5);
  *conversation_pk = porch_statement_get_int64 (statement, 6);
  *subject = porch_statement_dup_text (statement, 7);
  return event;
}

/* What a row was once about may be gone by now: that is no error. */
static gboolean
is_bad (const GError *error)
{
  return error != NULL && !g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
}

static gboolean
join_subject (PorchTx *tx, PorchEvent *event, const char *subject, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (is_about_message (event->type)) {
    const gint64 seq = subject != NULL ? g_ascii_strtoll (subject, NULL, 10) : event->seq;

    event->message = porch_tx_find_message (tx, seq, &problem);
    if (event->message != NULL && event->conversation != NULL)
      porch_tx_complete_message (tx, event->message, event->conversation->id, &problem);
  } else if (subject != NULL && event->type == PORCH_EVENT_CONTACT_UPDATED)
    event->contact = porch_tx_get_contact (tx, subject, &problem);
  else if (subject != NULL && event->type == PORCH_EVENT_SITE_UPDATED)
    event->site = porch_tx_get_site (tx, subject, &problem);
  else if (subject != NULL)
    event->agent = porch_tx_get_agent (tx, subject, &problem);

  if (!is_bad (problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* One object for all events of a conversation. */
static gboolean
join_conversation (PorchTx *tx, GHashTable *known, PorchEvent *event, gint64 pk, GError **error)
{
  g_autoptr (GError) problem = NULL;
  PorchConversation *conversation;

  if (pk == 0)
    return TRUE;
  conversation = g_hash_table_lookup (known, &pk);
  if (conversation == NULL) {
    conversation = porch_tx_get_conversation_pk (tx, pk, &problem);
    if (conversation != NULL)
      g_hash_table_insert (known, &conversation->pk, conversation);
  }
  if (is_bad (problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  g_set_object (&event->conversation, conversation);
  return TRUE;
}

/* Reads the events that @statement finds, each with what it is about. */
static gboolean
collect_events (PorchTx *tx,
                PorchStatement *statement,
                GHashTable *known,
                GPtrArray *events,
                GError **error)
{
  int step;

  while ((step = porch_statement_step (statement, error)) > 0) {
    g_autofree char *subject = NULL;
    gint64 pk = 0;
    PorchEvent *event = read_event (statement, &pk, &subject);

    g_ptr_array_add (events, event);
    if (!join_conversation (tx, known, event, pk, error) ||
        !join_subject (tx, event, subject, error))
      return FALSE;
  }
  return step == 0;
}

/* Adds the seqs of up to @limit events of a conversation. */
static gboolean
list_seqs (PorchTx *tx,
           const char *sql,
           gint64 pk,
           gint64 since,
           guint limit,
           GArray *seqs,
           GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, pk);
  porch_statement_bind_int64 (statement, 2, since);
  porch_statement_bind_int64 (statement, 3, limit);
  while ((step = porch_statement_step (statement, error)) > 0) {
    const gint64 seq = porch_statement_get_int64 (statement, 0);

    g_array_append_val (seqs, seq);
  }
  return step == 0;
}

static int
compare_seqs (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* The next @limit events of some conversations, by two indexes each: messages have the seq of the
 * event that made them, and everything else has an index of its own, so that no message is written
 * into one more. */
static GArray *
list_next_seqs (PorchTx *tx, gint64 since, const GArray *conversations, guint limit, GError **error)
{
  static const char messages[] = "SELECT seq FROM message INDEXED BY message_conversation "
                                 "WHERE conversation_pk = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
  static const char others[] = "SELECT seq FROM event INDEXED BY event_conversation "
                               "WHERE conversation_pk = ?1 AND type <> 10 AND seq > ?2 "
                               "ORDER BY seq LIMIT ?3";
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));

  G_STATIC_ASSERT (PORCH_EVENT_MESSAGE_CREATED == 10);
  for (guint i = 0; i < conversations->len; i++) {
    const gint64 pk = g_array_index (conversations, gint64, i);

    if (!list_seqs (tx, messages, pk, since, limit, seqs, error) ||
        !list_seqs (tx, others, pk, since, limit, seqs, error))
      return NULL;
  }
  g_array_sort (seqs, compare_seqs);
  if (seqs->len > limit)
    g_array_set_size (seqs, limit);
  return g_steal_pointer (&seqs);
}

GPtrArray *
porch_tx_list_events (PorchTx *tx,
                      gint64 since,
                      const GArray *conversations,
                      guint limit,
                      GError **error)
{
  static const char all[] =
    "SELECT " EVENT_COLUMNS " FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2";
  static const char one[] = "SELECT " EVENT_COLUMNS " FROM event WHERE seq = ?1";
  const guint n_max = MIN (limit, PORCH_TX_PAGE_MAX);
  g_autoptr (GArray) seqs =
    conversations != NULL ? list_next_seqs (tx, since, conversations, n_max, error) : NULL;
  g_autoptr (GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) porch_event_unref);
  g_autoptr (GHashTable) known =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_object_unref);

  if (conversations != NULL && seqs == NULL)
    return NULL;
  for (guint i = 0; i < (seqs != NULL ? seqs->len : 1); i++) {
    g_autoptr (PorchStatement) statement =
      porch_statement_take (tx->connection, seqs != NULL ? one : all, error);

    if (statement == NULL)
      return NULL;
    porch_statement_bind_int64 (statement, 1,
                                seqs != NULL ? g_array_index (seqs, gint64, i) : since);
    if (seqs == NULL)
      porch_statement_bind_int64 (statement, 2, n_max);
    if (!collect_events (tx, statement, known, events, error))
      return NULL;
  }
  return g_steal_pointer (&events);
}

gint64
porch_tx_get_log_start (PorchTx *tx, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *text = porch_tx_find_setting (tx, LOG_START, &problem);

  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return -1;
  }
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gint64
porch_tx_find_prunable (PorchTx *tx, gint64 before_us, GError **error)
{
  gint64 kept = 0, slowest = 0, oldest_us = G_MAXINT64;

  if (!porch_connection_get_number (tx->connection, "SELECT at FROM event ORDER BY seq LIMIT 1",
                                    &oldest_us, error))
    return -1;
  if (oldest_us >= before_us)
    return 0;
  if (!porch_connection_get_number (tx->connection,
                                    "SELECT seq - 1 FROM event ORDER BY seq DESC "
                                    "LIMIT 1 OFFSET " G_STRINGIFY (EVENTS_KEPT) " - 1",
                                    &kept, error) ||
      !porch_connection_get_number (tx->connection,
                                    "SELECT ifnull (min (seq), 9223372036854775807) FROM cursor",
                                    &slowest, error))
    return -1;
  return MIN (kept, slowest);
}

/* The last of the oldest @limit events that are old enough, 0 for none. Times may stand still or
 * go back, so the first that is too young ends it. */
static gboolean
find_last_old (PorchTx *tx,
               gint64 until,
               gint64 before_us,
               guint limit,
               gint64 *last,
               GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (
    tx->connection, "SELECT seq, at FROM event WHERE seq <= ?1 ORDER BY seq LIMIT ?2", error);
  int step;

  *last = 0;
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, until);
  porch_statement_bind_int64 (statement, 2, limit);
  while ((step = porch_statement_step (statement, error)) > 0) {
    if (porch_statement_get_int64 (statement, 1) >= before_us)
      break;
    *last = porch_statement_get_int64 (statement, 0);
  }
  return step >= 0;
}

int
porch_tx_prune_events (PorchTx *tx, gint64 until, gint64 before_us, guint limit, GError **error)
{
  g_autoptr (PorchStatement) statement = NULL;
  g_autofree char *start = NULL;
  gint64 last = 0, n_before = 0;

  if (!find_last_old (tx, until, before_us, limit, &last, error))
    return -1;
  if (last == 0)
    return 0;

  statement = porch_statement_take (tx->connection, "DELETE FROM event WHERE seq <= ?1", error);
  if (statement == NULL)
    return -1;
  porch_statement_bind_int64 (statement, 1, last);
  if (!porch_statement_run (statement, error))
    return -1;
  n_before = sqlite3_changes (tx->connection->db);
  start = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  return porch_tx_set_setting (tx, LOG_START, start, error) ? (int) n_before : -1;
}
