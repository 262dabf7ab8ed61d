/* porch-widget-legacy.c - clients that know no hello and no ids
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * They are anonymous and have no history: every socket is a new visitor, and gets only what belongs
 * to the conversation that it began. Ids are made here, so nothing they send twice is stored twice
 * by mistake of ours, but a lost answer is not repeated. `user_id` and `session_id` open nothing.
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"
#include "porch-id.h"
#include "porch-text.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

#include <string.h>

static GString *
new_message (const char *text, const char *sender, gboolean is_good)
{
  GString *json = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (json);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "message");
  porch_writer_string (&writer, "message", text);
  porch_writer_string (&writer, "sender", sender);
  porch_writer_boolean (&writer, "success", is_good);
  porch_writer_end (&writer);
  return json;
}

static void
begin_conversation (PorchTalk *talk)
{
  g_autofree char *id = porch_id_new ();

  g_clear_pointer (&talk->legacy_device, g_free);
  talk->legacy_device = porch_id_new ();
  g_clear_pointer (&talk->legacy_conversation, g_free);
  talk->legacy_conversation = g_strconcat (PORCH_HANDLE_PREFIX, id, NULL);
  talk->legacy_n = 0;
}

static void write_text (PorchTalk *talk, const char *text, const char *department);

static void
on_written (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchTalk *talk = data;
  const PorchWriteInput *asked = in;
  const gboolean is_current = g_strcmp0 (asked->conversation, talk->legacy_conversation) == 0;

  if (error != NULL && talk->guest != NULL &&
      (!is_current || g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CLOSED))) {
    /* They do not know that it is over: what they say begins a new one, and what they said behind
     * it belongs there, too. */
    if (is_current)
      begin_conversation (talk);
    write_text (talk, asked->text, asked->department);
  } else if (error != NULL) {
    /* The number was not used up. */
    if (is_current)
      talk->legacy_n--;
    if (asked->n == 1)
      porch_widget_give_back_start (talk->widget, talk->peer);
    porch_talk_fail (talk, error, "message", NULL, 0);
  }
  porch_talk_unref (talk);
}

static void
write_text (PorchTalk *talk, const char *text, const char *department)
{
  PorchWriteInput *in = porch_command_new_input (&porch_visitor_write);

  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (talk->legacy_conversation);
  in->department = g_strdup (department != NULL ? department : talk->department);
  in->device = g_strdup (talk->legacy_device);
  in->n = ++talk->legacy_n;
  in->text = g_strdup (text);
  porch_service_run (talk->widget->service, &porch_visitor_write, in, on_written,
                     porch_talk_ref (talk));
}

static void
begin (PorchTalk *talk, const PorchFrame *frame)
{
  talk->is_legacy = TRUE;
  begin_conversation (talk);
  g_clear_pointer (&talk->legacy_name, g_free);
  talk->legacy_name = porch_widget_dup_member (frame, "visitor_name");
  porch_talk_enter (talk, NULL);
}

void
porch_talk_write_legacy (PorchTalk *talk, const PorchFrame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *text = NULL, *department = NULL;
  guint wait_ms;

  if (!porch_frame_read_string (frame, "message", TRUE, &text, &error) ||
      !porch_frame_read_string (frame, "department", FALSE, &department, &error) ||
      !porch_text_check (text, PORCH_MESSAGE_CHARACTERS, "the message", &error)) {
    porch_talk_fail (talk, error, "message", NULL, 0);
    return;
  }
  if (talk->guest == NULL) {
    GString *again = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (again);

    /* Waits for the visitor to be made, as any frame does. */
    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "type", "message");
    porch_writer_string (&writer, "message", text);
    if (department != NULL)
      porch_writer_string (&writer, "department", department);
    porch_writer_end (&writer);
    begin (talk, frame);
    g_ptr_array_add (talk->waiting, g_string_free_to_bytes (again));
    return;
  }
  wait_ms = porch_widget_check_rate (talk->widget, talk->guest->visitor->id, talk->peer,
                                     talk->legacy_n == 0);
  if (wait_ms != 0) {
    error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_RATE_LIMITED, "too fast");
    porch_talk_fail (talk, error, "message", NULL, wait_ms);
    return;
  }
  write_text (talk, text, department);
}

void
porch_talk_tell_legacy (PorchTalk *talk, PorchEvent *event)
{
  if (g_strcmp0 (event->conversation->handle, talk->legacy_conversation) != 0)
    return;
  if (event->type == PORCH_EVENT_MESSAGE_CREATED && event->message->kind == PORCH_MESSAGE_TEXT &&
      porch_frames_is_for_visitors (event->message)) {
    const char *name = event->message->sender_kind == PORCH_ACTOR_VISITOR
                         ? (event->message->sender_name ? event->message->sender_name : "Guest")
                         : event->message->sender_name;

    porch_talk_send (talk, new_message (event->message->text, name, TRUE));
  } else if (event->type == PORCH_EVENT_TYPING && event->actor_kind == PORCH_ACTOR_AGENT) {
    GString *json = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (json);

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "type", "typing");
    porch_writer_string (&writer, "sender", event->text);
    porch_writer_boolean (&writer, "is_typing", event->is_typing);
    porch_writer_end (&writer);
    porch_talk_send (talk, json);
  }
}
