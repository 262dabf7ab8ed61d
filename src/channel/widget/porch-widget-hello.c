/* porch-widget-hello.c - a socket becomes a visitor's: hello, welcome, who is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-secret.h"
#include "porch-source.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

/* ---- welcome ---- */

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
  talk->is_light_on = porch_service_is_light_on (service);
  porch_writer_boolean (&writer, "light", talk->is_light_on);
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
tell_presence (PorchWidget *widget, PorchGuest *guest, PorchEventType type)
{
  const PorchActor actor = { PORCH_ACTOR_VISITOR, guest->visitor->id, guest->contact->name };
  GHashTableIter iter;
  gpointer conversation;

  guest->visitor->is_online = guest->talks->len > 0;
  porch_service_set_present (widget->service, guest->visitor, guest->visitor->is_online);
  g_hash_table_iter_init (&iter, guest->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &conversation)) {
    g_autoptr (PorchEvent) event = NULL;

    /* What is done is in nobody's way; its scope is told when it is opened again. */
    if (((PorchConversation *) conversation)->state >= PORCH_STATE_CLOSED)
      continue;
    event = porch_event_new (type, &actor);
    event->conversation = g_object_ref (conversation);
    event->visitor = porch_entity_copy (guest->visitor);
    porch_bus_publish (porch_service_get_bus (widget->service), event);
  }
}

void
porch_talk_tell_presence (PorchTalk *talk, PorchEventType type)
{
  tell_presence (talk->widget, talk->guest, type);
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
  porch_talk_tell_presence (talk, PORCH_EVENT_PRESENCE);
}

static void
replay_waiting (PorchTalk *talk)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&talk->waiting);

  talk->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < waiting->len && talk->socket != NULL; i++) {
    gsize length;
    const char *text = g_bytes_get_data (waiting->pdata[i], &length);

    porch_talk_hear (talk, text, length);
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

void
porch_talk_enter (PorchTalk *talk, const PorchFrame *hello)
{
  PorchEnterInput *in = porch_command_new_input (&porch_visitor_enter);
  g_autoptr (PorchSecretText) token = porch_widget_dup_member (hello, "token");
  gint64 since = -1;

  if (hello != NULL && !porch_frame_read_int (hello, "since", FALSE, &since, NULL))
    since = -1;
  talk->since = since;
  g_clear_pointer (&talk->epoch, g_free);
  talk->epoch = porch_widget_dup_member (hello, "epoch");
  porch_secret_free (talk->token);
  talk->token = porch_token_new ("vt_");
  in->site = g_strdup (talk->site->id);
  in->token_hash = token != NULL ? porch_token_hash (token) : NULL;
  in->new_token_hash = porch_token_hash (talk->token);
  in->name = g_strdup (talk->legacy_name);
  in->page_url = porch_widget_dup_member (hello, "page.url");
  in->page_title = porch_widget_dup_member (hello, "page.title");
  in->referrer = porch_widget_dup_member (hello, "page.referrer");
  in->lang = porch_widget_dup_member (hello, "lang");
  in->browser = porch_widget_dup_browser (talk->user_agent);
  in->has_page = TRUE;
  /* Who goes on from where the line was cut has not come again. */
  in->is_visit = since < 0;
  talk->is_entering = TRUE;
  porch_source_clear (&talk->hello_timer);
  porch_service_run (talk->widget->service, &porch_visitor_enter, in, on_entered,
                     porch_talk_ref (talk));
}

typedef struct {
  PorchWidget *widget;
  PorchGuest *guest;
} Leaving;

/* Until here they count as present, so that nobody who asks meanwhile is told of an older page. Who
 * has come back by now is. */
static void
on_left (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autofree Leaving *leaving = data;
  PorchGuest *guest = leaving->guest;

  if (!g_hash_table_contains (leaving->widget->guests, guest->visitor->id))
    tell_presence (leaving->widget, guest, PORCH_EVENT_PRESENCE);
  porch_guest_free (guest);
}

/* Takes @guest. The page they were on last and when they left is worth a commit where somebody may
 * read it: with a conversation. At the end all leave at once and are about to come back. */
static void
leave (PorchWidget *widget, PorchGuest *guest)
{
  PorchVisitor *visitor = guest->visitor;
  PorchLeaveInput *in;
  Leaving *leaving;

  visitor->last_seen_at = MAX (visitor->last_seen_at, porch_clock_now_us ());
  if (widget->is_stopping || porch_service_is_closed (widget->service) ||
      g_hash_table_size (guest->conversations) == 0) {
    tell_presence (widget, guest, PORCH_EVENT_PRESENCE);
    porch_guest_free (guest);
    return;
  }
  in = porch_command_new_input (&porch_visitor_leave);
  in->visitor = g_strdup (visitor->id);
  in->page_url = g_strdup (visitor->page_url);
  in->page_title = g_strdup (visitor->page_title);
  in->last_seen_at = visitor->last_seen_at;
  leaving = g_new (Leaving, 1);
  *leaving = (Leaving){ widget, guest };
  porch_service_run (widget->service, &porch_visitor_leave, in, on_left, leaving);
}

void
porch_talk_leave (PorchTalk *talk)
{
  g_autofree char *id = NULL;
  PorchGuest *guest = g_steal_pointer (&talk->guest);

  g_ptr_array_remove_fast (guest->talks, talk);
  if (guest->talks->len > 0 || !g_hash_table_steal_extended (
                                 talk->widget->guests, guest->visitor->id, (gpointer *) &id, NULL))
    return;
  leave (talk->widget, guest);
}
