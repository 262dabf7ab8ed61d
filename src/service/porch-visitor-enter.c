/* porch-visitor-enter.c - a visitor comes, is asked for, and leaves
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

#define OWN_CONVERSATIONS_MAX 50

/* ---- coming in ---- */

static void
clear_enter_input (gpointer data)
{
  PorchEnterInput *in = data;

  g_clear_pointer (&in->site, g_free);
  g_clear_pointer (&in->token_hash, g_free);
  g_clear_pointer (&in->new_token_hash, g_free);
  g_clear_pointer (&in->name, g_free);
  g_clear_pointer (&in->email, g_free);
  g_clear_pointer (&in->page_url, g_free);
  g_clear_pointer (&in->page_title, g_free);
  g_clear_pointer (&in->referrer, g_free);
  g_clear_pointer (&in->lang, g_free);
  g_clear_pointer (&in->browser, g_free);
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
  g_clear_pointer (&visitor->page_url, g_free);
  visitor->page_url = porch_text_dup_line (in->page_url, PORCH_URL_CHARACTERS);
  g_clear_pointer (&visitor->page_title, g_free);
  visitor->page_title = porch_text_dup_line (in->page_title, 200);
  if (visitor->referrer == NULL)
    visitor->referrer = porch_text_dup_line (in->referrer, PORCH_URL_CHARACTERS);
  g_clear_pointer (&visitor->lang, g_free);
  visitor->lang = porch_text_dup_line (in->lang, 35);
  porch_member_set (&visitor->browser, in->browser);
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
  if (!porch_step_check_blocked (out->visitor, error))
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

/* ---- being there ---- */

static void
clear_who_input (gpointer data)
{
  PorchWhoInput *in = data;

  g_clear_pointer (&in->token_hash, g_free);
  g_clear_pointer (&in->conversation, g_free);
}

static void
clear_who_result (gpointer data)
{
  PorchWhoResult *out = data;

  g_clear_pointer (&out->visitor, g_free);
  g_clear_pointer (&out->site, g_free);
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
  if (visitor == NULL || !porch_step_check_blocked (visitor, error))
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

/* ---- leaving ---- */

static void
clear_leave_input (gpointer data)
{
  PorchLeaveInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->page_url, g_free);
  g_clear_pointer (&in->page_title, g_free);
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
