/* porch-widget-feed.c - what a visitor missed, then what happens, and their place in the queue
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-source.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

#define MISSED_PAGE 200
#define HELD_MAX    1000
/* So much waits for a line at most while it catches up; a page of long messages is far more. */
#define BEHIND_MAX (256 * 1024)
#define QUEUE_MS   250

/* ---- one event as a frame ---- */

static guint
get_place (PorchGuest *guest, PorchConversation *conversation)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (guest->places, conversation->id));
}

/* Without anybody there what was usual says nothing. */
static gint64
get_wait_s (PorchWidget *self, PorchConversation *conversation)
{
  const gint64 *usual_us =
    self->usual_us != NULL ? g_hash_table_lookup (self->usual_us, conversation->department) : NULL;

  return usual_us != NULL && self->is_light_on
           ? porch_rules_wait_left (conversation, *usual_us, porch_clock_now_us ())
           : 0;
}

static GString *
new_frame (PorchWidget *self, PorchGuest *guest, PorchEvent *event)
{
  switch (event->type) {
  case PORCH_EVENT_MESSAGE_CREATED:
    /* What it was about may be gone since. */
    return event->message != NULL && porch_frames_is_for_visitors (event->message)
             ? porch_frames_new_message (event->conversation, event->message)
             : NULL;
  case PORCH_EVENT_CONVERSATION_UPDATED:
    return event->actor_kind == PORCH_ACTOR_AGENT
             ? porch_frames_new_receipt (event->conversation, event->conversation->agent_received,
                                         event->conversation->agent_read)
             : NULL;
  case PORCH_EVENT_CONVERSATION_CREATED:
  case PORCH_EVENT_CONVERSATION_ASSIGNED:
  case PORCH_EVENT_CONVERSATION_TRANSFERRED:
  case PORCH_EVENT_CONVERSATION_RESOLVED:
  case PORCH_EVENT_CONVERSATION_CLOSED:
  case PORCH_EVENT_CONVERSATION_REOPENED:
  case PORCH_EVENT_CONVERSATION_MISSED:
  case PORCH_EVENT_CONVERSATION_RATED:
    return porch_frames_new_status (self->service, event->conversation, event->seq,
                                    get_place (guest, event->conversation),
                                    get_wait_s (self, event->conversation));
  case PORCH_EVENT_TYPING:
    return event->actor_kind == PORCH_ACTOR_AGENT
             ? porch_frames_new_typing (event->conversation, event->text, event->is_typing)
             : NULL;
  case PORCH_EVENT_RECEIPT:
    return porch_frames_new_receipt (event->conversation, event->message->seq,
                                     event->conversation->agent_read);
  default:
    return NULL;
  }
}

static void
tell (PorchTalk *talk, PorchEvent *event, GBytes **shared)
{
  if (talk->is_legacy) {
    porch_talk_tell_legacy (talk, event);
    return;
  }
  if (*shared == NULL) {
    GString *text = new_frame (talk->widget, talk->guest, event);

    if (text == NULL)
      return;
    *shared = porch_socket_frame_take (text);
  }
  if (talk->socket != NULL)
    porch_socket_send (talk->socket, *shared);
}

/* ---- catching up ---- */

/* Tells @events from the first on until the line has enough to do. Returns how many. */
static guint
tell_some (PorchTalk *talk, GPtrArray *events)
{
  guint n = 0;

  while (n < events->len && talk->socket != NULL &&
         porch_socket_get_queued (talk->socket) <= BEHIND_MAX) {
    PorchEvent *event = events->pdata[n++];
    g_autoptr (GBytes) frame = NULL;

    if (event->seq != 0 && event->seq <= talk->seq)
      continue;
    if (event->seq != 0)
      talk->seq = event->seq;
    tell (talk, event, &frame);
  }
  return n;
}

static void
on_page_sent (PorchSocket *socket, gpointer data)
{
  porch_talk_catch_up (data);
}

/* What is too much for the line now is read from the log when there is room again; what is not in
 * the log stays. */
static void
release_held (PorchTalk *talk)
{
  g_ptr_array_remove_range (talk->held, 0, tell_some (talk, talk->held));
  talk->is_live = talk->held->len == 0;
  if (talk->is_live || talk->socket == NULL)
    return;
  for (guint i = talk->held->len; i-- > 0;)
    if (((PorchEvent *) talk->held->pdata[i])->seq != 0)
      g_ptr_array_remove_index (talk->held, i);
  porch_socket_when_sent (talk->socket, on_page_sent);
}

static void
on_missed (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchTalk *talk = data;
  const PorchMissedResult *result = out;

  if (talk->socket == NULL || talk->guest == NULL) {
    porch_talk_unref (talk);
    return;
  }
  if (error != NULL) {
    /* Too long away, or the log cannot be read: what was said is in the history. */
    talk->seq = porch_service_get_seq (talk->widget->service);
    porch_talk_send (talk,
                     porch_frames_new_reset (talk->widget->service, porch_error_nick (error)));
    release_held (talk);
    porch_talk_unref (talk);
    return;
  }
  if (tell_some (talk, result->events) == result->events->len && !result->has_more)
    release_held (talk);
  else if (talk->socket != NULL)
    porch_socket_when_sent (talk->socket, on_page_sent);
  porch_talk_unref (talk);
}

void
porch_talk_catch_up (PorchTalk *talk)
{
  PorchMissedInput *in = porch_command_new_input (&porch_visitor_missed);

  in->visitor = g_strdup (talk->guest->visitor->id);
  in->since = talk->seq;
  in->limit = MISSED_PAGE;
  porch_service_run (talk->widget->service, &porch_visitor_missed, in, on_missed,
                     porch_talk_ref (talk));
}

/* What happens while a socket catches up waits for it; so many that it would never end are left to
 * the log. */
static void
hold (PorchTalk *talk, PorchEvent *event)
{
  if (talk->held->len < HELD_MAX)
    g_ptr_array_add (talk->held, porch_event_ref (event));
  else if (talk->socket != NULL)
    porch_socket_close (talk->socket, 4408, "too slow");
}

/* ---- the queue ---- */

static void
tell_place (PorchWidget *self, PorchConversation *conversation, guint place)
{
  PorchGuest *guest = g_hash_table_lookup (self->guests, conversation->visitor);
  PorchConversation *known =
    guest != NULL ? g_hash_table_lookup (guest->conversations, conversation->id) : NULL;

  /* The queue was read a moment ago: who was taken since then has been told so. */
  if (known == NULL || known->waiting_since == 0 || get_place (guest, conversation) == place)
    return;
  g_hash_table_insert (guest->places, g_strdup (conversation->id), GUINT_TO_POINTER (place));
  for (guint i = guest->talks->len; i-- > 0;) {
    PorchTalk *talk = guest->talks->pdata[i];

    if (talk->is_live && !talk->is_legacy)
      porch_talk_send (talk, porch_frames_new_status (self->service, known, known->last_seq, place,
                                                      get_wait_s (self, known)));
  }
}

static void
on_queue (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchWidget *self = data;
  PorchQueueResult *result = out;
  g_autoptr (GHashTable) places = NULL;

  if (error != NULL)
    return;
  g_clear_pointer (&self->usual_us, g_hash_table_unref);
  self->usual_us = g_steal_pointer (&result->usual_us);
  /* Places are counted within a department. */
  places = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < result->conversations->len; i++) {
    PorchConversation *conversation = result->conversations->pdata[i];
    const guint place =
      GPOINTER_TO_UINT (g_hash_table_lookup (places, conversation->department)) + 1;

    g_hash_table_insert (places, conversation->department, GUINT_TO_POINTER (place));
    if (conversation->visitor != NULL)
      tell_place (self, conversation, place);
  }
}

static gboolean
on_queue_timer (gpointer data)
{
  PorchWidget *self = data;

  g_clear_pointer (&self->queue_timer, g_source_unref);
  porch_service_run (self->service, &porch_queue, porch_command_new_input (&porch_queue), on_queue,
                     self);
  return G_SOURCE_REMOVE;
}

void
porch_widget_tell_queue (PorchWidget *self)
{
  if (self->queue_timer == NULL && !self->is_stopping)
    self->queue_timer = porch_source_timeout (QUEUE_MS, on_queue_timer, self);
}

static gboolean
moves_queue (PorchEvent *event)
{
  switch (event->type) {
  case PORCH_EVENT_CONVERSATION_CREATED:
  case PORCH_EVENT_CONVERSATION_ASSIGNED:
  case PORCH_EVENT_CONVERSATION_RESOLVED:
  case PORCH_EVENT_CONVERSATION_CLOSED:
  case PORCH_EVENT_CONVERSATION_REOPENED:
    return TRUE;
  default:
    return FALSE;
  }
}

/* ---- live ---- */

void
porch_talk_tell_light (gpointer data, gpointer widget)
{
  PorchTalk *talk = data;
  const gboolean is_on = ((PorchWidget *) widget)->is_light_on;

  if (talk->guest == NULL || talk->is_legacy || talk->is_light_on == is_on)
    return;
  talk->is_light_on = is_on;
  porch_talk_send (talk, porch_frames_new_light (is_on));
}

static void
tell_light (PorchWidget *self)
{
  const gboolean is_on = porch_service_is_light_on (self->service);

  if (is_on == self->is_light_on)
    return;
  self->is_light_on = is_on;
  porch_walk_begin (&self->lighting);
}

void
porch_widget_on_event (PorchEvent *event, gpointer data)
{
  PorchWidget *self = data;
  PorchConversation *conversation = event->conversation;
  PorchGuest *guest = NULL;
  g_autoptr (GBytes) frame = NULL;

  if (event->type == PORCH_EVENT_AGENT_STATUS_CHANGED)
    tell_light (self);
  if (event->type == PORCH_EVENT_SITE_UPDATED)
    porch_walk_begin (&self->checking);
  if (moves_queue (event))
    porch_widget_tell_queue (self);
  if (conversation == NULL || conversation->visitor == NULL)
    return;
  guest = g_hash_table_lookup (self->guests, conversation->visitor);
  if (guest == NULL)
    return;
  porch_guest_put (guest, conversation);
  if (conversation->waiting_since == 0)
    g_hash_table_remove (guest->places, conversation->id);
  for (guint i = guest->talks->len; i-- > 0;) {
    PorchTalk *talk = guest->talks->pdata[i];

    if (!talk->is_live) {
      hold (talk, event);
      continue;
    }
    if (event->seq != 0 && event->seq <= talk->seq)
      continue;
    if (event->seq != 0)
      talk->seq = event->seq;
    tell (talk, event, &frame);
  }
}
