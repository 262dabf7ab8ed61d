/* porch-widget-socket.c - a visitor's socket: its frames, in the order in which they come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-source.h"
#include "porch-text.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

#include <string.h>

#define HELLO_MS    10000
#define WAITING_MAX 64

PorchTalk *
porch_talk_ref (PorchTalk *talk)
{
  g_atomic_ref_count_inc (&talk->ref_count);
  return talk;
}

void
porch_talk_unref (PorchTalk *talk)
{
  if (!g_atomic_ref_count_dec (&talk->ref_count))
    return;
  g_object_unref (talk->site);
  g_free (talk->department);
  g_free (talk->user_agent);
  g_free (talk->epoch);
  g_free (talk->token);
  g_ptr_array_unref (talk->waiting);
  g_ptr_array_unref (talk->held);
  g_free (talk->legacy_conversation);
  g_free (talk->legacy_device);
  g_free (talk->legacy_name);
  g_free (talk);
}

void
porch_talk_send (PorchTalk *talk, GString *text)
{
  if (talk->socket != NULL)
    porch_socket_send_take (talk->socket, text);
  else
    g_string_free (text, TRUE);
}

void
porch_talk_fail (PorchTalk *talk,
                 const GError *error,
                 const char *re,
                 const char *conversation,
                 guint retry_after_ms)
{
  porch_talk_send (talk, porch_frames_new_error (error, re, conversation, retry_after_ms));
}

static void
fail_code (PorchTalk *talk, int code, const char *message, const char *re, guint retry_after_ms)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  porch_talk_fail (talk, error, re, NULL, retry_after_ms);
}

/* ---- hello ---- */

static void
send_welcome (PorchTalk *talk, const PorchEnterResult *entered)
{
  PorchService *service = talk->widget->service;
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "welcome");
  porch_writer_string (&writer, "visitor_id", entered->visitor->id);
  if (entered->is_new_token)
    porch_writer_string (&writer, "token", talk->token);
  porch_writer_string (&writer, "epoch", porch_service_get_epoch (service));
  porch_writer_int (&writer, "seq", porch_service_get_seq (service));
  porch_writer_int (&writer, "heartbeat_s", PORCH_WIDGET_HEARTBEAT_S);
  porch_writer_boolean (&writer, "light", porch_service_is_light_on (service));
  porch_writer_begin (&writer, "profile");
  porch_writer_string (&writer, "name", entered->contact->name);
  porch_writer_string (&writer, "email", entered->contact->email);
  porch_writer_end (&writer);
  porch_writer_begin_array (&writer, "conversations");
  for (guint i = 0; i < entered->conversations->len; i++) {
    porch_writer_begin (&writer, NULL);
    porch_frames_write_conversation (&writer, service, entered->conversations->pdata[i]);
    porch_writer_end (&writer);
  }
  porch_writer_end_array (&writer);
  porch_writer_end (&writer);
  porch_talk_send (talk, text);
  porch_talk_send (talk, porch_frames_new_system ("Connected"));
}

static void
tell_presence (PorchTalk *talk, PorchEventType type)
{
  PorchGuest *guest = talk->guest;
  const PorchActor actor = { PORCH_ACTOR_VISITOR, guest->visitor->id, guest->contact->name };
  GHashTableIter iter;
  gpointer conversation;

  guest->visitor->is_online = guest->talks->len > 0;
  porch_service_set_visitor_online (talk->widget->service, guest->visitor->id,
                                    guest->visitor->is_online);
  g_hash_table_iter_init (&iter, guest->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &conversation)) {
    g_autoptr (PorchEvent) event = NULL;

    /* What is done is in nobody's way; its scope is told when it is opened again. */
    if (((PorchConversation *) conversation)->state >= PORCH_STATE_CLOSED)
      continue;
    event = porch_event_new (type, &actor);
    event->conversation = g_object_ref (conversation);
    event->visitor = porch_entity_copy (guest->visitor);
    porch_bus_publish (porch_service_get_bus (talk->widget->service), event);
  }
}

static void
join_guest (PorchTalk *talk, const PorchEnterResult *entered)
{
  PorchWidget *widget = talk->widget;
  PorchGuest *guest = g_hash_table_lookup (widget->guests, entered->visitor->id);

  if (guest == NULL) {
    guest = porch_guest_new (entered->visitor, entered->contact);
    g_hash_table_insert (widget->guests, g_strdup (entered->visitor->id), guest);
  } else {
    g_set_object (&guest->visitor, entered->visitor);
    g_set_object (&guest->contact, entered->contact);
  }
  for (guint i = 0; i < entered->conversations->len; i++)
    porch_guest_put (guest, entered->conversations->pdata[i]);
  g_ptr_array_add (guest->talks, talk);
  talk->guest = guest;
  tell_presence (talk, PORCH_EVENT_PRESENCE);
}

static void handle_frame (PorchTalk *talk, const char *text, gsize length);

static void
replay_waiting (PorchTalk *talk)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&talk->waiting);

  talk->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < waiting->len && talk->socket != NULL; i++) {
    gsize length;
    const char *text = g_bytes_get_data (waiting->pdata[i], &length);

    handle_frame (talk, text, length);
  }
}

static void
begin_feed (PorchTalk *talk)
{
  PorchService *service = talk->widget->service;
  const gint64 now = porch_service_get_seq (service);

  talk->seq = talk->since >= 0 ? talk->since : now;
  if (talk->since >= 0 && g_strcmp0 (talk->epoch, porch_service_get_epoch (service)) != 0) {
    talk->seq = now;
    porch_talk_send (talk, porch_frames_new_reset (service, "epoch"));
  } else if (talk->since > now) {
    talk->seq = now;
    porch_talk_send (talk, porch_frames_new_reset (service, "seq"));
  }
  if (talk->seq < now)
    porch_talk_catch_up (talk);
  else
    talk->is_live = TRUE;
}

static void
on_entered (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchTalk *talk = data;

  talk->is_entering = FALSE;
  if (talk->socket == NULL) {
    porch_talk_unref (talk);
    return;
  }
  if (error != NULL) {
    porch_talk_fail (talk, error, talk->is_legacy ? NULL : "hello", NULL, 0);
    if (talk->socket != NULL && g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BLOCKED))
      porch_socket_close (talk->socket, PORCH_WIDGET_CLOSE_BLOCKED, "blocked");
    g_ptr_array_set_size (talk->waiting, 0);
    porch_talk_unref (talk);
    return;
  }
  join_guest (talk, out);
  if (talk->is_legacy) {
    talk->is_live = TRUE;
    talk->seq = porch_service_get_seq (talk->widget->service);
  } else {
    send_welcome (talk, out);
    begin_feed (talk);
  }
  replay_waiting (talk);
  porch_widget_tell_queue (talk->widget);
  porch_talk_unref (talk);
}

static char *
dup_member (const PorchFrame *frame, const char *path)
{
  const char *text = NULL;

  /* Facts about the page are taken as far as they are usable; they never spoil a hello. */
  return frame != NULL && porch_frame_read_string (frame, path, FALSE, &text, NULL)
           ? g_strdup (text)
           : NULL;
}

void
porch_talk_enter (PorchTalk *talk, const PorchFrame *hello)
{
  PorchEnterInput *in = porch_command_new_input (&porch_visitor_enter);
  g_autofree char *token = dup_member (hello, "token");
  gint64 since = -1;

  if (hello != NULL && !porch_frame_read_int (hello, "since", FALSE, &since, NULL))
    since = -1;
  talk->since = since;
  g_free (talk->epoch);
  talk->epoch = dup_member (hello, "epoch");
  g_free (talk->token);
  talk->token = porch_token_new ("vt_");
  in->site = g_strdup (talk->site->id);
  in->token_hash = token != NULL ? porch_token_hash (token) : NULL;
  in->new_token_hash = porch_token_hash (talk->token);
  in->name = g_strdup (talk->legacy_name);
  in->page_url = dup_member (hello, "page.url");
  in->page_title = dup_member (hello, "page.title");
  in->referrer = dup_member (hello, "page.referrer");
  in->lang = dup_member (hello, "lang");
  in->browser = porch_widget_dup_browser (talk->user_agent);
  in->is_visit = TRUE;
  talk->is_entering = TRUE;
  porch_source_clear (&talk->hello_timer);
  porch_service_run (talk->widget->service, &porch_visitor_enter, in, on_entered,
                     porch_talk_ref (talk));
}

/* ---- writing ---- */

guint
porch_widget_check_rate (PorchWidget *self, const char *visitor, const char *peer, gboolean is_new)
{
  const gboolean is_near =
    g_str_has_prefix (peer, "127.") || strcmp (peer, "::1") == 0 || strcmp (peer, "unix") == 0;
  guint wait_ms = porch_buckets_take (self->writing, visitor);

  if (wait_ms == 0 && is_new && !is_near)
    wait_ms = porch_buckets_take (self->starting, peer);
  return wait_ms;
}

static void
on_written (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchTalk *talk = data;
  const PorchWriteInput *asked = in;
  const PorchWriteResult *result = out;

  if (error == NULL) {
    if (talk->guest != NULL)
      porch_guest_put (talk->guest, result->conversation);
    porch_talk_send (talk, porch_frames_new_ack (result->conversation, result->message));
  } else if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_GAP)) {
    porch_talk_send (talk,
                     porch_frames_new_gap (asked->conversation, asked->device, result->expected));
  } else {
    g_autofree char *id = g_strdup_printf ("%s:%" G_GINT64_FORMAT, asked->device, asked->n);

    porch_talk_fail (talk, error, id, asked->conversation, 0);
  }
  porch_talk_unref (talk);
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
  wait_ms = porch_widget_check_rate (talk->widget, talk->guest->visitor->id,
                                     porch_socket_get_peer (talk->socket),
                                     porch_guest_find (talk->guest, conversation) == NULL);
  if (wait_ms != 0) {
    fail_code (talk, PORCH_ERROR_RATE_LIMITED, "too fast", id, wait_ms);
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
                     porch_talk_ref (talk));
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
  PorchTalk *talk = data;

  if (error != NULL)
    porch_talk_fail (talk, error, NULL, NULL, 0);
  porch_talk_unref (talk);
}

static void
on_receipt (PorchTalk *talk, const PorchFrame *frame, gboolean is_read)
{
  g_autoptr (GError) error = NULL;
  const char *conversation = NULL;
  gint64 seq = 0;
  PorchReceiptInput *in;

  if (!read_conversation (frame, &conversation, &error) ||
      !porch_frame_read_int (frame, "seq", TRUE, &seq, &error)) {
    porch_talk_fail (talk, error, is_read ? "read" : "received", NULL, 0);
    return;
  }
  in = porch_command_new_input (&porch_visitor_receipt);
  in->visitor = g_strdup (talk->guest->visitor->id);
  in->conversation = g_strdup (conversation);
  in->received = seq;
  in->read = is_read ? seq : 0;
  porch_service_run (talk->widget->service, &porch_visitor_receipt, in, on_done,
                     porch_talk_ref (talk));
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
  porch_service_run (talk->widget->service, &porch_visitor_end, in, on_done, porch_talk_ref (talk));
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
                     porch_talk_ref (talk));
}

static void
on_page (PorchTalk *talk, const PorchFrame *frame)
{
  PorchVisitor *visitor = talk->guest->visitor;
  g_autofree char *url = dup_member (frame, "url");
  g_autofree char *title = dup_member (frame, "title");

  g_free (visitor->page_url);
  visitor->page_url = porch_text_dup_line (url, PORCH_URL_CHARACTERS);
  g_free (visitor->page_title);
  visitor->page_title = porch_text_dup_line (title, 200);
  visitor->last_seen_at = porch_clock_now_us ();
  tell_presence (talk, PORCH_EVENT_PAGE);
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

static const struct {
  const char *type;
  void (*handle) (PorchTalk *talk, const PorchFrame *frame);
} handlers[] = {
  { "message", on_message }, { "typing", on_typing }, { "received", on_received },
  { "read", on_read },       { "page", on_page },     { "end", on_end },
  { "rating", on_rating },   { "ping", on_ping },     { "pong", on_pong },
};

static void
dispatch (PorchTalk *talk, const char *type, const PorchFrame *frame)
{
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (strcmp (handlers[i].type, type) == 0) {
      handlers[i].handle (talk, frame);
      return;
    }
  fail_code (talk, PORCH_ERROR_UNSUPPORTED, "unknown type", NULL, 0);
}

static void
keep_waiting (PorchTalk *talk, const char *text, gsize length)
{
  if (talk->waiting->len >= WAITING_MAX)
    fail_code (talk, PORCH_ERROR_BUSY, "too much before the welcome", NULL, 1000);
  else
    g_ptr_array_add (talk->waiting, g_bytes_new (text, length));
}

static void
handle_frame (PorchTalk *talk, const char *text, gsize length)
{
  g_auto (PorchFrame) frame = { 0 };
  g_autoptr (GError) error = NULL;
  const char *type = NULL;
  gboolean has_id;

  if (!porch_frame_scan (&frame, text, length, &error) ||
      !porch_frame_read_string (&frame, "type", TRUE, &type, &error)) {
    porch_talk_fail (talk, error, NULL, NULL, 0);
    return;
  }
  has_id = porch_frame_find (&frame, "id") != NULL;
  if (talk->is_entering) {
    keep_waiting (talk, text, length);
  } else if (strcmp (type, "hello") == 0) {
    if (talk->guest != NULL || talk->is_legacy)
      fail_code (talk, PORCH_ERROR_CONFLICT, "hello was said", "hello", 0);
    else
      porch_talk_enter (talk, &frame);
  } else if (strcmp (type, "message") == 0 && !has_id && (talk->guest == NULL || talk->is_legacy)) {
    porch_talk_write_legacy (talk, &frame);
  } else if (talk->guest != NULL) {
    dispatch (talk, type, &frame);
  } else if (strcmp (type, "ping") == 0) {
    on_ping (talk, &frame);
  } else if (strcmp (type, "pong") != 0) {
    fail_code (talk, PORCH_ERROR_UNAUTHORIZED, "say hello first", NULL, 0);
  }
}

/* ---- life ---- */

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  PorchTalk *talk = porch_talk_ref (data);

  handle_frame (talk, text, length);
  porch_talk_unref (talk);
}

static void
leave_guest (PorchTalk *talk)
{
  PorchGuest *guest = talk->guest;

  g_ptr_array_remove_fast (guest->talks, talk);
  if (guest->talks->len == 0) {
    tell_presence (talk, PORCH_EVENT_PRESENCE);
    talk->guest = NULL;
    g_hash_table_remove (talk->widget->guests, guest->visitor->id);
  }
  talk->guest = NULL;
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  PorchTalk *talk = data;

  talk->socket = NULL;
  porch_source_clear (&talk->hello_timer);
  g_ptr_array_remove_fast (talk->widget->talks, talk);
  if (talk->guest != NULL)
    leave_guest (talk);
  porch_talk_unref (talk);
}

/* Nothing for so long: a client of the old kind, which is greeted when it connects. */
static gboolean
on_no_hello (gpointer data)
{
  PorchTalk *talk = data;

  g_clear_pointer (&talk->hello_timer, g_source_unref);
  talk->is_legacy = TRUE;
  porch_talk_send (talk, porch_frames_new_system ("Connected to live support"));
  return G_SOURCE_REMOVE;
}

void
porch_widget_open_socket (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  PorchSite *site = porch_widget_check_site (self, call);
  PorchTalk *talk;

  if (site == NULL)
    return;
  if (self->is_stopping) {
    porch_call_fail_code (call, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
    return;
  }
  talk = g_new0 (PorchTalk, 1);
  g_atomic_ref_count_init (&talk->ref_count);
  talk->widget = self;
  talk->site = g_object_ref (site);
  talk->department = g_strdup (porch_call_get_param (call, "department"));
  talk->user_agent = g_strdup (porch_call_get_header (call, "User-Agent"));
  talk->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  talk->held = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_event_unref);
  talk->socket = porch_call_upgrade (call, on_text, on_closed, talk);
  if (talk->socket == NULL) {
    porch_talk_unref (talk);
    return;
  }
  g_ptr_array_add (self->talks, talk);
  talk->hello_timer = porch_source_timeout (HELLO_MS, on_no_hello, talk);
}
