/* porch-visitor-write.c - a visitor writes, and a conversation begins
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

#define DAY_US (24 * 60 * 60 * G_TIME_SPAN_SECOND)

static void
clear_write_input (gpointer data)
{
  PorchWriteInput *in = data;

  g_clear_pointer (&in->visitor, g_free);
  g_clear_pointer (&in->conversation, g_free);
  g_clear_pointer (&in->department, g_free);
  g_clear_pointer (&in->device, g_free);
  g_clear_pointer (&in->text, g_free);
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

  if (!porch_step_check_may_speak (tx, in->visitor, error))
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
