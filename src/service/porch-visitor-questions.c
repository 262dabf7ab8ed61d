/* porch-visitor-questions.c - what a visitor may read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-steps.h"
#include "porch-visitor-commands.h"

#define OWN_CONVERSATIONS_MAX 50
#define QUEUE_MAX             200
/* How long people wait depends on the day: older ones say nothing about it. */
#define WAITS_SINCE_US (4 * 60 * 60 * G_TIME_SPAN_SECOND)
#define WAITS_MAX      200

static GPtrArray *
list_own (PorchTx *tx, const char *id, GError **error)
{
  g_autoptr (PorchVisitor) visitor = porch_tx_get_visitor (tx, id, error);

  if (visitor == NULL)
    return NULL;
  return porch_tx_list_contact_conversations (tx, visitor->contact, visitor->site,
                                              OWN_CONVERSATIONS_MAX, error);
}

/* ---- what was missed ---- */

static void
clear_missed_input (gpointer data)
{
  g_free (((PorchMissedInput *) data)->visitor);
}

static void
clear_missed_result (gpointer data)
{
  g_clear_pointer (&((PorchMissedResult *) data)->events, g_ptr_array_unref);
}

static gboolean
run_missed (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchMissedInput *in = input;
  PorchMissedResult *out = output;
  g_autoptr (GPtrArray) conversations = list_own (tx, in->visitor, error);
  g_autoptr (GArray) pks = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 start = conversations != NULL ? porch_tx_get_log_start (tx, error) : -1;

  if (start < 0)
    return FALSE;
  if (in->since < start) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_GAP, "the log begins later");
    return FALSE;
  }
  for (guint i = 0; i < conversations->len; i++) {
    PorchConversation *conversation = conversations->pdata[i];

    /* Of most nothing was missed. */
    if (conversation->last_seq > in->since)
      g_array_append_val (pks, conversation->pk);
  }
  out->events = porch_tx_list_events (tx, in->since, pks, in->limit, error);
  out->has_more = out->events != NULL && out->events->len == in->limit;
  return out->events != NULL;
}

const PorchCommand porch_visitor_missed = {
  .name = "visitor_missed",
  .is_question = TRUE,
  .in_size = sizeof (PorchMissedInput),
  .out_size = sizeof (PorchMissedResult),
  .run = run_missed,
  .clear_in = clear_missed_input,
  .clear_out = clear_missed_result,
};

/* ---- history ---- */

static void
clear_history_input (gpointer data)
{
  PorchHistoryInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

static void
clear_history_result (gpointer data)
{
  PorchHistoryResult *out = data;

  g_clear_object (&out->conversation);
  g_clear_pointer (&out->messages, g_ptr_array_unref);
}

static gboolean
run_history (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchHistoryInput *in = input;
  PorchHistoryResult *out = output;
  PorchMessagePage page = { .before = in->before, .after = in->after, .limit = in->limit };

  out->conversation = porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  if (out->conversation == NULL)
    return FALSE;
  page.conversation_pk = out->conversation->pk;
  out->messages = porch_tx_list_messages (tx, &page, &out->has_more, error);
  return out->messages != NULL;
}

const PorchCommand porch_visitor_history = {
  .name = "visitor_history",
  .is_question = TRUE,
  .in_size = sizeof (PorchHistoryInput),
  .out_size = sizeof (PorchHistoryResult),
  .run = run_history,
  .clear_in = clear_history_input,
  .clear_out = clear_history_result,
};

static void
clear_own_input (gpointer data)
{
  g_free (((PorchOwnInput *) data)->visitor);
}

static void
clear_own_result (gpointer data)
{
  g_clear_pointer (&((PorchOwnResult *) data)->conversations, g_ptr_array_unref);
}

static gboolean
run_own (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  PorchOwnResult *out = output;

  out->conversations = list_own (tx, ((const PorchOwnInput *) input)->visitor, error);
  return out->conversations != NULL;
}

const PorchCommand porch_visitor_conversations = {
  .name = "visitor_conversations",
  .is_question = TRUE,
  .in_size = sizeof (PorchOwnInput),
  .out_size = sizeof (PorchOwnResult),
  .run = run_own,
  .clear_in = clear_own_input,
  .clear_out = clear_own_result,
};

/* ---- the queue ---- */

static void
clear_queue_result (gpointer data)
{
  PorchQueueResult *out = data;

  g_clear_pointer (&out->conversations, g_ptr_array_unref);
  g_clear_pointer (&out->usual_us, g_hash_table_unref);
}

static GHashTable *
find_usual_waits (PorchTx *tx, GError **error)
{
  g_autoptr (GHashTable) waits =
    porch_tx_list_first_waits (tx, porch_clock_now_us () - WAITS_SINCE_US, WAITS_MAX, error);
  GHashTable *usual;
  GHashTableIter iter;
  gpointer department, of_department;

  if (waits == NULL)
    return NULL;
  usual = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, waits);
  while (g_hash_table_iter_next (&iter, &department, &of_department)) {
    const gint64 wait_us = porch_rules_usual_wait (of_department);

    if (wait_us >= 0)
      g_hash_table_insert (usual, g_strdup (department), g_memdup2 (&wait_us, sizeof wait_us));
  }
  return usual;
}

static gboolean
run_queue (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  PorchQueueResult *out = output;
  g_autoptr (PorchAgent) everybody = g_object_new (PORCH_TYPE_AGENT, NULL);
  PorchConversationPage page = { .filter = PORCH_FILTER_WAITING,
                                 .agent = everybody,
                                 .limit = QUEUE_MAX };
  gint64 next, next_pk;

  everybody->role = PORCH_ROLE_ADMIN;
  out->conversations = porch_tx_list_conversations (tx, &page, &next, &next_pk, error);
  out->usual_us = out->conversations != NULL ? find_usual_waits (tx, error) : NULL;
  return out->usual_us != NULL;
}

const PorchCommand porch_queue = {
  .name = "queue",
  .is_question = TRUE,
  .out_size = sizeof (PorchQueueResult),
  .run = run_queue,
  .clear_out = clear_queue_result,
};
