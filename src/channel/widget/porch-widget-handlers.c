/* porch-widget-handlers.c - what a visitor's frames do, one function for each type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-text.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

#include <string.h>

/* ---- writing ---- */

/* @peer: NULL for this computer, where no cap per address holds. */
guint
porch_widget_check_rate (PorchWidget *self, const char *visitor, const char *peer, gboolean is_new)
{
  guint wait_ms = porch_buckets_take (self->writing, visitor);

  if (wait_ms == 0 && is_new && peer != NULL)
    wait_ms = porch_buckets_take (self->starting, peer);
  return wait_ms;
}

void
porch_widget_give_back_start (PorchWidget *self, const char *peer)
{
  if (peer != NULL)
    porch_buckets_give_back (self->starting, peer);
}

/* A frame on its way through a command. */
typedef struct {
  PorchTalk *talk;
  const char *type;
  gboolean is_start; /* counted as the beginning of a conversation */
} Asked;

static gpointer
new_asked (PorchTalk *talk, const char *type, gboolean is_start)
{
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ porch_talk_ref (talk), type, is_start };
  return asked;
}

static void
free_asked (Asked *asked)
{
  porch_talk_unref (asked->talk);
  g_free (asked);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, free_asked)

static void
on_written (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autoptr (Asked) asked = data;
  PorchTalk *talk = asked->talk;
  const PorchWriteInput *wanted = in;
  const PorchWriteResult *result = out;

  /* What follows a first message before its ack, or comes again, began nothing. */
  if (asked->is_start && (error != NULL || !result->is_new))
    porch_widget_give_back_start (talk->widget, talk->peer);
  if (error == NULL) {
    if (talk->guest != NULL)
      porch_guest_put (talk->guest, result->conversation);
    porch_talk_send (talk, porch_frames_new_ack (result->conversation, result->message));
  } else if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_GAP)) {
    porch_talk_send (talk,
                     porch_frames_new_gap (wanted->conversation, wanted->device, result->expected));
  } else {
    g_autofree char *id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, wanted->device, wanted->n);

    porch_talk_fail (talk, error, id, wanted->conversation, 0);
  }
}

static void
fail_frame (PorchTalk *talk, const PorchFrame *frame, const GError *error, const char *fallback)
{
  const char *id = NULL;

  if (!porch_frame_read_string (frame, "id", FALSE, &id, NULL) || id == NULL ||
      strlen (id) > 2 * PORCH_ID_LENGTH)
    id = fallback;
  porch_talk_fail (talk, error, id, NULL, 0);
}

static gboolean
read_conversation (const PorchFrame *frame, const char **conversation, GError **error)
{
  if (!porch_frame_read_string (frame, "conversation", TRUE, conversation, error))
    return FALSE;
  if (porch_id_is_conversation (*conversation))
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "conversation is not an id");
  return FALSE;
}

static void
on_message (PorchTalk *talk, const PorchFrame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *id = NULL, *conversation = NULL, *text = NULL, *department = NULL;
  g_autofree char *device = NULL;
  gint64 n = 0;
  gboolean is_start;
  guint wait_ms;
  PorchWriteInput *in;

  if (!porch_frame_read_string (frame, "id", TRUE, &id, &error) ||
      !porch_id_parse_message (id, &device, &n, &error) ||
      !read_conversation (frame, &conversation, &error) ||
      !porch_frame_read_string (frame, "message", TRUE, &text, &error) ||
      !porch_frame_read_string (frame, "department", FALSE, &department, &error)) {
    fail_frame (talk, frame, error, "message");
    return;
  }
  if (talk->widget->is_stopping) {
    porch_talk_fail_code (talk, PORCH_ERROR_SHUTTING_DOWN, "the server stops", id, 0);
    return;
  }
  is_start = porch_guest_find (talk->guest, conversation) == NULL;
  wait_ms = porch_widget_check_rate (talk->widget, talk->guest->visitor->id, talk->peer, is_start);
  if (wait_ms != 0) {
    porch_talk_fail_code (talk, PORCH_ERROR_RATE_LIMITED, "too fast", id, wait_ms);
    return;
  }
  in = porch_command_new_input (&porch_visitor_write);
  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (conversation);
  in->department = g_strdup (department != NULL ? department : talk->department);
  in->device = g_steal_pointer (&device);
  in->n = n;
  in->text = g_strdup (text);
  porch_service_run (talk->widget->service, &porch_visitor_write, in, on_written,
                     new_asked (talk, "message", is_start));
}

/* ---- the other frames ---- */

static void
on_typing (PorchTalk *talk, const PorchFrame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *id = NULL;
  gboolean is_typing = FALSE;
  PorchConversation *conversation;
  const PorchActor actor = { PORCH_ACTOR_VISITOR, talk->guest->visitor->id,
                             talk->guest->contact->name };

  if (!read_conversation (frame, &id, &error) ||
      !porch_frame_read_boolean (frame, "is_typing", TRUE, &is_typing, &error)) {
    porch_talk_fail (talk, error, "typing", NULL, 0);
    return;
  }
  /* Before the first message there is nothing to type into, and nobody to tell. */
  conversation = porch_guest_find (talk->guest, id);
  if (conversation != NULL)
    porch_service_tell_typing (talk->widget->service, conversation, &actor, is_typing);
}

static void
on_done (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autoptr (Asked) asked = data;

  if (error != NULL)
    porch_talk_fail (asked->talk, error, asked->type, NULL, 0);
}

static void
on_receipt (PorchTalk *talk, const PorchFrame *frame, gboolean is_read)
{
  g_autoptr (GError) error = NULL;
  const char *conversation = NULL;
  gint64 seq = 0;
  const char *type = is_read ? "read" : "received";
  PorchReceiptInput *in;

  if (!read_conversation (frame, &conversation, &error) ||
      !porch_frame_read_int (frame, "seq", TRUE, &seq, &error)) {
    porch_talk_fail (talk, error, type, NULL, 0);
    return;
  }
  in = porch_command_new_input (&porch_visitor_receipt);
  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (conversation);
  in->received = seq;
  in->read = is_read ? seq : 0;
  porch_service_run (talk->widget->service, &porch_visitor_receipt, in, on_done,
                     new_asked (talk, type, FALSE));
}

static void
on_end (PorchTalk *talk, const PorchFrame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *conversation = NULL;
  PorchEndInput *in;

  if (!read_conversation (frame, &conversation, &error)) {
    porch_talk_fail (talk, error, "end", NULL, 0);
    return;
  }
  in = porch_command_new_input (&porch_visitor_end);
  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (conversation);
  porch_service_run (talk->widget->service, &porch_visitor_end, in, on_done,
                     new_asked (talk, "end", FALSE));
}

static void
on_rating (PorchTalk *talk, const PorchFrame *frame)
{
  g_autoptr (GError) error = NULL;
  const char *conversation = NULL, *comment = NULL;
  gint64 score = 0;
  PorchRateInput *in;

  if (!read_conversation (frame, &conversation, &error) ||
      !porch_frame_read_int (frame, "score", TRUE, &score, &error) ||
      !porch_frame_read_string (frame, "comment", FALSE, &comment, &error)) {
    porch_talk_fail (talk, error, "rating", NULL, 0);
    return;
  }
  in = porch_command_new_input (&porch_visitor_rate);
  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (conversation);
  in->score = score;
  in->comment = g_strdup (comment);
  porch_service_run (talk->widget->service, &porch_visitor_rate, in, on_done,
                     new_asked (talk, "rating", FALSE));
}

static void
on_page (PorchTalk *talk, const PorchFrame *frame)
{
  PorchVisitor *visitor = talk->guest->visitor;
  g_autofree char *url = porch_widget_dup_member (frame, "url");
  g_autofree char *title = porch_widget_dup_member (frame, "title");

  g_clear_pointer (&visitor->page_url, g_free);
  visitor->page_url = porch_text_dup_line (url, PORCH_URL_CHARACTERS);
  g_clear_pointer (&visitor->page_title, g_free);
  visitor->page_title = porch_text_dup_line (title, 200);
  visitor->last_seen_at = porch_clock_now_us ();
  porch_talk_tell_presence (talk, PORCH_EVENT_PAGE);
}

static void
on_received (PorchTalk *talk, const PorchFrame *frame)
{
  on_receipt (talk, frame, FALSE);
}

static void
on_read (PorchTalk *talk, const PorchFrame *frame)
{
  on_receipt (talk, frame, TRUE);
}

static void
on_ping (PorchTalk *talk, const PorchFrame *frame)
{
  porch_talk_send (talk, g_string_new ("{\"type\":\"pong\"}"));
}

static void
on_pong (PorchTalk *talk, const PorchFrame *frame)
{
  /* The carrier has noted that somebody is there. */
}

/* How often a frame may come. */
typedef enum {
  PACE_OWN,     /* it has a limit of its own, or costs nothing */
  PACE_ASKED,   /* too fast: the page is told, and says it again */
  PACE_PASSING, /* too fast: left out, since the next one says more */
} Pace;

static const struct {
  const char *type;
  Pace pace;
  void (*handle) (PorchTalk *talk, const PorchFrame *frame);
} handlers[] = {
  { "message", PACE_OWN, on_message },     { "typing", PACE_PASSING, on_typing },
  { "received", PACE_ASKED, on_received }, { "read", PACE_ASKED, on_read },
  { "page", PACE_PASSING, on_page },       { "end", PACE_ASKED, on_end },
  { "rating", PACE_ASKED, on_rating },     { "ping", PACE_OWN, on_ping },
  { "pong", PACE_OWN, on_pong },
};

void
porch_talk_dispatch (PorchTalk *talk, const char *type, const PorchFrame *frame)
{
  guint i = 0, wait_ms = 0;

  while (i < G_N_ELEMENTS (handlers) && strcmp (handlers[i].type, type) != 0)
    i++;
  if (i == G_N_ELEMENTS (handlers)) {
    porch_talk_fail_code (talk, PORCH_ERROR_UNSUPPORTED, "unknown type", NULL, 0);
    return;
  }
  if (handlers[i].pace != PACE_OWN)
    wait_ms = porch_buckets_take (talk->widget->acting, talk->guest->visitor->id);
  if (wait_ms == 0)
    handlers[i].handle (talk, frame);
  else if (handlers[i].pace == PACE_ASKED)
    porch_talk_fail_code (talk, PORCH_ERROR_RATE_LIMITED, "too fast", type, wait_ms);
}
