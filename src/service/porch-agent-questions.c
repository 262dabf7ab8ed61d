/* porch-agent-questions.c - what an agent reads
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent-commands.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-steps.h"

/* ---- the inbox ---- */

static void
clear_list_input (gpointer data)
{
  PorchListInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->filter, g_free);
  g_clear_pointer (&in->after, g_free);
}

static void
clear_list_result (gpointer data)
{
  PorchListResult *out = data;

  g_clear_pointer (&out->conversations, g_ptr_array_unref);
  g_clear_pointer (&out->next, g_free);
}

/* Decimal digits as we write them, and nothing else: no sign, no blank, no leading zero. */
static gboolean
read_key (const char *text, gint64 least, gint64 *key)
{
  guint64 number = 0;

  if (!g_ascii_isdigit (text[0]) || (text[0] == '0' && text[1] != '\0') ||
      !g_ascii_string_to_unsigned (text, 10, least, G_MAXINT64, &number, NULL))
    return FALSE;
  *key = number;
  return TRUE;
}

/* A cursor is the filter it belongs to and the two keys its page ended with. */
static gboolean
parse_cursor (const char *text, PorchFilter filter, PorchConversationPage *page, GError **error)
{
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, ".", 4) : NULL;
  gint64 of_filter = 0;

  if (text == NULL)
    return TRUE;
  if (g_strv_length (parts) == 3 && read_key (parts[0], 0, &of_filter) &&
      of_filter == (gint64) filter && read_key (parts[1], 1, &page->after) &&
      read_key (parts[2], 1, &page->after_pk))
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "after is not a cursor of this list");
  return FALSE;
}

static gboolean
run_list (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchListInput *in = input;
  PorchListResult *out = output;
  g_autoptr (PorchAgent) agent = porch_tx_get_agent (tx, in->agent, error);
  const int filter = porch_word_find (porch_filter_get_type (), in->filter);
  PorchConversationPage page = { .agent = agent, .limit = in->limit };
  PorchCounts counts;
  gint64 next, next_pk;

  if (agent == NULL)
    return FALSE;
  if (filter < 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "filter is not one of the lists");
    return FALSE;
  }
  page.filter = filter;
  if (!parse_cursor (in->after, filter, &page, error))
    return FALSE;
  out->conversations = porch_tx_list_conversations (tx, &page, &next, &next_pk, error);
  if (out->conversations == NULL || !porch_tx_count_conversations (tx, agent, &counts, error))
    return FALSE;
  if (next != 0)
    out->next =
      g_strdup_printf ("%d.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, filter, next, next_pk);
  out->mine = counts.mine;
  out->waiting = counts.waiting;
  out->open = counts.open;
  return TRUE;
}

static void
render_list (gconstpointer output, PorchWriter *writer)
{
  const PorchListResult *out = output;

  porch_writer_begin (writer, NULL);
  porch_codec_write_list (writer, "items", out->conversations, PORCH_AUDIENCE_STAFF);
  porch_writer_string (writer, "next", out->next);
  porch_writer_begin (writer, "counts");
  porch_writer_int (writer, "mine", out->mine);
  porch_writer_int (writer, "waiting", out->waiting);
  porch_writer_int (writer, "open", out->open);
  porch_writer_end (writer);
  porch_writer_end (writer);
}

const PorchCommand porch_agent_list = {
  .name = "agent_list",
  .is_question = TRUE,
  .in_size = sizeof (PorchListInput),
  .out_size = sizeof (PorchListResult),
  .run = run_list,
  .clear_in = clear_list_input,
  .clear_out = clear_list_result,
  .render = render_list,
};

/* ---- messages ---- */

static void
clear_page_input (gpointer data)
{
  PorchPageInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

static void
clear_page_result (gpointer data)
{
  g_clear_pointer (&((PorchPageResult *) data)->messages, g_ptr_array_unref);
}

static gboolean
run_page (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchPageInput *in = input;
  PorchPageResult *out = output;
  g_autoptr (PorchConversation) self =
    porch_step_get_for_agent (tx, in->conversation, in->agent, NULL, error);
  PorchMessagePage page = { .before = in->before,
                            .after = in->after,
                            .limit = in->limit,
                            .is_staff = TRUE };

  if (self == NULL)
    return FALSE;
  page.conversation_pk = self->pk;
  out->messages = porch_tx_list_messages (tx, &page, &out->has_more, error);
  return out->messages != NULL;
}

static void
render_page (gconstpointer output, PorchWriter *writer)
{
  const PorchPageResult *out = output;

  porch_writer_begin (writer, NULL);
  porch_codec_write_list (writer, "items", out->messages, PORCH_AUDIENCE_STAFF);
  porch_writer_boolean (writer, "has_more", out->has_more);
  porch_writer_end (writer);
}

const PorchCommand porch_agent_page = {
  .name = "agent_page",
  .is_question = TRUE,
  .in_size = sizeof (PorchPageInput),
  .out_size = sizeof (PorchPageResult),
  .run = run_page,
  .clear_in = clear_page_input,
  .clear_out = clear_page_result,
  .render = render_page,
};

/* ---- the log ---- */

static void
clear_log_result (gpointer data)
{
  g_clear_pointer (&((PorchLogResult *) data)->events, g_ptr_array_unref);
}

static gboolean
run_log (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchLogInput *in = input;
  PorchLogResult *out = output;
  gint64 start = porch_tx_get_log_start (tx, error);

  if (start < 0)
    return FALSE;
  if (in->since < start) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_GAP, "the log begins later");
    return FALSE;
  }
  out->events = porch_tx_list_events (tx, in->since, NULL, in->limit, error);
  out->has_more = out->events != NULL && out->events->len == in->limit;
  return out->events != NULL;
}

const PorchCommand porch_agent_log = {
  .name = "agent_log",
  .is_question = TRUE,
  .in_size = sizeof (PorchLogInput),
  .out_size = sizeof (PorchLogResult),
  .run = run_log,
  .clear_out = clear_log_result,
};
