/* porch-visitor-commands.c - what a visitor does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-visitor-commands.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-steps.h"
#include "porch-text.h"
#include "porch-visitor-session.h"

#include <string.h>

#define DAY_US                    (24 * 60 * 60 * G_TIME_SPAN_SECOND)
#define OWN_CONVERSATIONS_MAX     50
#define RATING_COMMENT_CHARACTERS 1000

/* ---- coming in ---- */

static void
clear_enter_input (gpointer data)
{
  PorchEnterInput *in = data;

  g_free (in->site);
  g_free (in->token_hash);
  g_free (in->new_token_hash);
  g_free (in->name);
  g_free (in->email);
  g_free (in->page_url);
  g_free (in->page_title);
  g_free (in->referrer);
  g_free (in->lang);
  g_free (in->browser);
}

static void
clear_enter_result (gpointer data)
{
  PorchEnterResult *out = data;

  g_clear_object (&out->visitor);
  g_clear_object (&out->contact);
  g_clear_pointer (&out->conversations, g_ptr_array_unref);
}

static gboolean
make_visitor (PorchTx *tx,
              const PorchEnterInput *in,
              gint64 now_us,
              PorchEnterResult *out,
              GError **error)
{
  out->contact = g_object_new (PORCH_TYPE_CONTACT, NULL);
  out->contact->id = porch_id_new ();
  out->contact->created_at = now_us;
  out->contact->last_seen_at = now_us;
  out->visitor = g_object_new (PORCH_TYPE_VISITOR, NULL);
  out->visitor->id = porch_id_new ();
  out->visitor->site = g_strdup (in->site);
  out->visitor->contact = g_strdup (out->contact->id);
  out->visitor->created_at = now_us;
  out->is_new_token = TRUE;
  return porch_tx_insert_contact (tx, out->contact, error) &&
         porch_tx_insert_visitor (tx, out->visitor, error) &&
         porch_visitor_session_begin (tx, in->new_token_hash, out->visitor->id, in->site, error);
}

/* @conversation (may be NULL) says who may hear of it. */
static gboolean
tell_contact (PorchTx *tx, PorchEnterResult *out, PorchConversation *conversation, GError **error)
{
  const PorchActor actor = { PORCH_ACTOR_VISITOR, out->visitor->id, out->contact->name };
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_CONTACT_UPDATED, &actor);

  event->seq = porch_tx_take_seq (tx);
  event->contact = porch_entity_copy (out->contact);
  event->conversation = conversation != NULL ? porch_entity_copy (conversation) : NULL;
  return porch_tx_append_event (tx, event, error);
}

/* Whether the same people see both. */
static gboolean
is_same_scope (PorchConversation *a, PorchConversation *b)
{
  return g_strcmp0 (a->department, b->department) == 0 && g_strcmp0 (a->assignee, b->assignee) == 0;
}

/* Who sees one of the contact's conversations may know who that is, and nobody else: one event for
 * each group of people. Without a conversation it is for those who see everything. */
static gboolean
tell_profile (PorchTx *tx, PorchEnterResult *out, GError **error)
{
  if (out->conversations->len == 0)
    return tell_contact (tx, out, NULL, error);
  for (guint i = 0; i < out->conversations->len; i++) {
    PorchConversation *conversation = out->conversations->pdata[i];
    gboolean is_told = FALSE;

    for (guint k = 0; k < i && !is_told; k++)
      is_told = is_same_scope (out->conversations->pdata[k], conversation);
    if (!is_told && !tell_contact (tx, out, conversation, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_profile (PorchTx *tx,
             const PorchEnterInput *in,
             PorchEnterResult *out,
             gboolean *has_changed,
             GError **error)
{
  g_autofree char *name = porch_text_dup_line (in->name, PORCH_NAME_CHARACTERS);
  g_autofree char *email = porch_text_dup_email (in->email);

  if ((name == NULL || g_strcmp0 (name, out->contact->name) == 0) &&
      (email == NULL || g_strcmp0 (email, out->contact->email) == 0))
    return TRUE;
  if (name != NULL)
    porch_member_set (&out->contact->name, name);
  if (email != NULL && g_strcmp0 (email, out->contact->email) != 0) {
    porch_member_set (&out->contact->email, email);
    out->contact->is_verified = FALSE;
  }
  *has_changed = TRUE;
  return porch_tx_update_contact (tx, out->contact, error);
}

static void
set_page (const PorchEnterInput *in, PorchVisitor *visitor, gint64 now_us)
{
  visitor->last_seen_at = now_us;
  if (in->is_visit)
    visitor->n_visits++;
  if (!in->has_page)
    return;
  g_free (visitor->page_url);
  visitor->page_url = porch_text_dup_line (in->page_url, PORCH_URL_CHARACTERS);
  g_free (visitor->page_title);
  visitor->page_title = porch_text_dup_line (in->page_title, 200);
  if (visitor->referrer == NULL)
    visitor->referrer = porch_text_dup_line (in->referrer, PORCH_URL_CHARACTERS);
  g_free (visitor->lang);
  visitor->lang = porch_text_dup_line (in->lang, 35);
  porch_member_set (&visitor->browser, in->browser);
}

static gboolean
check_blocked (gboolean is_blocked, GError **error)
{
  if (is_blocked)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BLOCKED, "this visitor is blocked");
  return !is_blocked;
}

/* Whether @visitor may say anything, wherever it would go. */
static gboolean
check_may_speak (PorchTx *tx, const char *visitor, GError **error)
{
  gboolean is_blocked = TRUE;

  return porch_tx_read_blocked (tx, visitor, &is_blocked, error) &&
         check_blocked (is_blocked, error);
}

static gboolean
run_enter (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchEnterInput *in = input;
  PorchEnterResult *out = output;
  const gint64 now_us = porch_clock_now_us ();
  gboolean has_changed = FALSE;
  GError *failure = NULL;
  g_autoptr (PorchSession) session =
    porch_visitor_session_find (tx, in->token_hash, in->site, &failure);

  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (session == NULL) {
    if (!make_visitor (tx, in, now_us, out, error))
      return FALSE;
  } else {
    out->visitor = porch_tx_get_visitor (tx, session->subject, error);
    out->contact = out->visitor ? porch_tx_get_contact (tx, out->visitor->contact, error) : NULL;
    if (out->contact == NULL ||
        !porch_visitor_session_use (tx, session, in->new_token_hash, &out->is_new_token, error))
      return FALSE;
  }
  if (!check_blocked (out->visitor->is_blocked, error))
    return FALSE;
  set_page (in, out->visitor, now_us);
  out->contact->last_seen_at = now_us;
  if (!porch_tx_update_visitor (tx, out->visitor, error) ||
      !set_profile (tx, in, out, &has_changed, error))
    return FALSE;
  out->conversations = porch_tx_list_contact_conversations (tx, out->contact->id, in->site,
                                                            OWN_CONVERSATIONS_MAX, error);
  return out->conversations != NULL && (!has_changed || tell_profile (tx, out, error));
}

const PorchCommand porch_visitor_enter = {
  .name = "visitor_enter",
  .in_size = sizeof (PorchEnterInput),
  .out_size = sizeof (PorchEnterResult),
  .run = run_enter,
  .clear_in = clear_enter_input,
  .clear_out = clear_enter_result,
};

static void
clear_who_input (gpointer data)
{
  PorchWhoInput *in = data;

  g_free (in->token_hash);
  g_free (in->conversation);
}

static void
clear_who_result (gpointer data)
{
  PorchWhoResult *out = data;

  g_free (out->visitor);
  g_free (out->site);
}

static gboolean
run_who (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchWhoInput *in = input;
  PorchWhoResult *out = output;
  GError *failure = NULL;
  g_autoptr (PorchSession) session =
    porch_visitor_session_find (tx, in->token_hash, NULL, &failure);
  g_autoptr (PorchVisitor) visitor = NULL;
  g_autoptr (PorchConversation) conversation = NULL;

  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (session == NULL) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED, "the token is not valid");
    return FALSE;
  }
  visitor = porch_tx_get_visitor (tx, session->subject, error);
  if (visitor == NULL || !check_blocked (visitor->is_blocked, error))
    return FALSE;
  if (in->conversation != NULL)
    conversation = porch_step_get_for_visitor (tx, in->conversation, visitor->id, NULL);
  out->visitor = g_strdup (visitor->id);
  out->site = g_strdup (visitor->site);
  out->has_conversation = conversation != NULL;
  return TRUE;
}

const PorchCommand porch_visitor_who = {
  .name = "visitor_who",
  .is_question = TRUE,
  .in_size = sizeof (PorchWhoInput),
  .out_size = sizeof (PorchWhoResult),
  .run = run_who,
  .clear_in = clear_who_input,
  .clear_out = clear_who_result,
};

/* ---- writing ---- */

static void
clear_write_input (gpointer data)
{
  PorchWriteInput *in = data;

  g_free (in->visitor);
  g_free (in->conversation);
  g_free (in->department);
  g_free (in->device);
  g_free (in->text);
}

static void
clear_write_result (gpointer data)
{
  PorchWriteResult *out = data;

  g_clear_object (&out->conversation);
  g_clear_object (&out->message);
}

static char *
choose_department (PorchTx *tx, const char *wanted, GError **error)
{
  g_autoptr (GPtrArray) departments = porch_tx_list_departments (tx, error);

  if (departments == NULL)
    return NULL;
  for (guint i = 0; i < departments->len; i++) {
    PorchDepartment *department = departments->pdata[i];

    if (g_strcmp0 (department->slug, wanted) == 0)
      return g_strdup (wanted);
  }
  if (departments->len == 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_SET_UP, "there is no department");
    return NULL;
  }
  return g_strdup (((PorchDepartment *) departments->pdata[0])->slug);
}

/* The count of the day, by UTC: it only has to tell two strangers apart. */
static gboolean
number_conversation (PorchTx *tx, PorchConversation *conversation, GError **error)
{
  const gint64 midnight_us = conversation->created_at - conversation->created_at % DAY_US;
  const gint64 last = porch_tx_get_last_number (tx, midnight_us, error);

  conversation->number = last + 1;
  return last >= 0;
}

static PorchConversation *
begin_conversation (PorchTx *tx, const PorchWriteInput *in, const PorchDoer *doer, GError **error)
{
  g_autoptr (PorchConversation) self = g_object_new (PORCH_TYPE_CONVERSATION, NULL);
  g_autoptr (PorchVisitor) visitor = porch_tx_get_visitor (tx, in->visitor, error);
  g_autoptr (PorchContact) contact =
    visitor != NULL ? porch_tx_get_contact (tx, visitor->contact, error) : NULL;

  if (contact == NULL)
    return NULL;
  self->id = porch_id_new ();
  self->handle = g_strdup (in->conversation);
  self->site = g_strdup (visitor->site);
  self->channel = PORCH_CHANNEL_WIDGET;
  self->department = choose_department (tx, in->department, error);
  self->visitor = g_strdup (visitor->id);
  self->contact = g_strdup (contact->id);
  self->contact_name = g_strdup (contact->name);
  self->contact_email = g_strdup (contact->email);
  self->priority = PORCH_PRIORITY_NORMAL;
  self->state = PORCH_STATE_WAITING;
  self->created_at = porch_clock_now_us ();
  self->waiting_since = self->created_at;
  contact->n_conversations++;
  if (self->department == NULL || !number_conversation (tx, self, error) ||
      !porch_tx_update_contact (tx, contact, error) ||
      !porch_tx_insert_conversation (tx, self, error) ||
      !porch_step_tell (tx, PORCH_EVENT_CONVERSATION_CREATED, doer, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
reopen_by_writing (PorchTx *tx,
                   const PorchDoer *doer,
                   PorchConversation *conversation,
                   GError **error)
{
  const gboolean was_done = conversation->state == PORCH_STATE_RESOLVED;

  if (!porch_step_move (conversation, PORCH_ACTION_VISITOR_WRITES, porch_clock_now_us (), error))
    return FALSE;
  if (!was_done)
    return TRUE;
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_REOPENED, doer, conversation, error) &&
         porch_step_note_line (tx, doer, conversation, PORCH_LINE_CODE_REOPENED,
                               PORCH_VISIBILITY_STAFF, NULL, error);
}

static gboolean
find_conversation (PorchTx *tx,
                   const PorchWriteInput *in,
                   PorchConversation **conversation,
                   GError **error)
{
  GError *failure = NULL;

  *conversation = porch_step_get_for_visitor (tx, in->conversation, in->visitor, &failure);
  if (failure == NULL)
    return TRUE;
  if (g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_NOT_FOUND) &&
      porch_id_is_handle (in->conversation)) {
    g_error_free (failure);
    return TRUE;
  }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
run_write (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchWriteInput *in = input;
  PorchWriteResult *out = output;
  PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };

  if (!porch_text_check (in->text, PORCH_MESSAGE_CHARACTERS, "the message", error) ||
      !find_conversation (tx, in, &out->conversation, error))
    return FALSE;
  out->expected = 1;
  out->is_new = out->conversation == NULL;
  if (out->is_new && in->n != 1) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_GAP, "the first message is number 1");
    return FALSE;
  }
  if (!out->is_new && !porch_step_check_id (tx, out->conversation, in->device, in->n, in->text,
                                            &out->message, &out->expected, error))
    return FALSE;
  if (out->message != NULL)
    return TRUE;

  if (!check_may_speak (tx, in->visitor, error))
    return FALSE;
  if (out->is_new)
    out->conversation = begin_conversation (tx, in, &doer, error);
  if (out->conversation == NULL)
    return FALSE;
  doer.name = out->conversation->contact_name;
  if (!reopen_by_writing (tx, &doer, out->conversation, error))
    return FALSE;
  out->message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  out->message->text = g_strdup (in->text);
  out->message->device = g_strdup (in->device);
  out->message->n = in->n;
  out->message->client_id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, in->device, in->n);
  return porch_step_say (tx, &doer, out->conversation, out->message, error);
}

const PorchCommand porch_visitor_write = {
  .name = "visitor_write",
  .in_size = sizeof (PorchWriteInput),
  .out_size = sizeof (PorchWriteResult),
  .run = run_write,
  .clear_in = clear_write_input,
  .clear_out = clear_write_result,
};

/* ---- reading, ending, rating ---- */

static void
clear_receipt_input (gpointer data)
{
  PorchReceiptInput *in = data;

  g_free (in->visitor);
  g_free (in->conversation);
}

static gboolean
run_receipt (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchReceiptInput *in = input;
  const PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };
  g_autoptr (PorchConversation) self =
    porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  gint64 read, received;

  if (self == NULL)
    return FALSE;
  /* Nobody has read what was not written yet. */
  read = MIN (in->read, self->last_seq);
  received = MIN (MAX (in->received, read), self->last_seq);
  if (read <= self->visitor_read && received <= self->visitor_received)
    return TRUE;
  self->visitor_received = MAX (self->visitor_received, received);
  if (read > self->visitor_read) {
    self->visitor_read = read;
    self->visitor_unread = porch_tx_count_messages_after (tx, self->pk, FALSE, read, error);
    if (self->visitor_unread < 0)
      return FALSE;
  }
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_UPDATED, &doer, self, error);
}

const PorchCommand porch_visitor_receipt = {
  .name = "visitor_receipt",
  .in_size = sizeof (PorchReceiptInput),
  .run = run_receipt,
  .clear_in = clear_receipt_input,
};

static void
clear_end_input (gpointer data)
{
  PorchEndInput *in = data;

  g_free (in->visitor);
  g_free (in->conversation);
}

/* The visitor is done: resolved, not closed, since they may come back within a day. */
static gboolean
run_end (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchEndInput *in = input;
  g_autoptr (PorchConversation) self =
    porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };

  if (self == NULL)
    return FALSE;
  if (self->state >= PORCH_STATE_RESOLVED)
    return TRUE;
  doer.name = self->contact_name;
  return porch_step_move (self, PORCH_ACTION_RESOLVE, porch_clock_now_us (), error) &&
         porch_step_tell (tx, PORCH_EVENT_CONVERSATION_RESOLVED, &doer, self, error) &&
         porch_step_note_line (tx, &doer, self, PORCH_LINE_CODE_ENDED, PORCH_VISIBILITY_PUBLIC,
                               NULL, error);
}

const PorchCommand porch_visitor_end = {
  .name = "visitor_end",
  .in_size = sizeof (PorchEndInput),
  .run = run_end,
  .clear_in = clear_end_input,
};

static void
clear_rate_input (gpointer data)
{
  PorchRateInput *in = data;

  g_free (in->visitor);
  g_free (in->conversation);
  g_free (in->comment);
}

static gboolean
run_rate (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchRateInput *in = input;
  g_autoptr (PorchConversation) self = NULL;
  PorchDoer doer = { PORCH_ACTOR_VISITOR, in->visitor, NULL };
  g_autofree char *score = g_strdup_printf ("%d", (int) in->score);

  if (in->score < 1 || in->score > 5) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "score is not 1 to 5");
    return FALSE;
  }
  if (in->comment != NULL && !porch_text_is_blank (in->comment) &&
      !porch_text_check (in->comment, RATING_COMMENT_CHARACTERS, "the comment", error))
    return FALSE;
  self = porch_step_get_for_visitor (tx, in->conversation, in->visitor, error);
  if (self == NULL || !check_may_speak (tx, in->visitor, error) ||
      !porch_step_move (self, PORCH_ACTION_RATE, porch_clock_now_us (), error))
    return FALSE;
  if (self->rating != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "it is rated already");
    return FALSE;
  }
  self->rating = in->score;
  self->rated_at = porch_clock_now_us ();
  if (in->comment != NULL && !porch_text_is_blank (in->comment))
    porch_member_set (&self->rating_comment, in->comment);
  doer.name = self->contact_name;
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_RATED, &doer, self, error) &&
         porch_step_note_line (tx, &doer, self, PORCH_LINE_CODE_RATED, PORCH_VISIBILITY_STAFF,
                               score, error);
}

const PorchCommand porch_visitor_rate = {
  .name = "visitor_rate",
  .in_size = sizeof (PorchRateInput),
  .run = run_rate,
  .clear_in = clear_rate_input,
};

static void
clear_leave_input (gpointer data)
{
  PorchLeaveInput *in = data;

  g_free (in->visitor);
  g_free (in->page_url);
  g_free (in->page_title);
}

static gboolean
run_leave (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchLeaveInput *in = input;
  g_autoptr (PorchVisitor) visitor = porch_tx_get_visitor (tx, in->visitor, error);

  if (visitor == NULL)
    return FALSE;
  if (visitor->last_seen_at > in->last_seen_at)
    return TRUE;
  porch_member_set (&visitor->page_url, in->page_url);
  porch_member_set (&visitor->page_title, in->page_title);
  visitor->last_seen_at = in->last_seen_at;
  return porch_tx_update_visitor (tx, visitor, error);
}

const PorchCommand porch_visitor_leave = {
  .name = "visitor_leave",
  .in_size = sizeof (PorchLeaveInput),
  .run = run_leave,
  .clear_in = clear_leave_input,
};
