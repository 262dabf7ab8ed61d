/* porch-widget-socket.c - a visitor's socket: its frames, in the order in which they come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"
#include "porch-secret.h"
#include "porch-source.h"
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
  g_clear_object (&talk->site);
  g_clear_pointer (&talk->origin, g_free);
  g_clear_pointer (&talk->department, g_free);
  g_clear_pointer (&talk->user_agent, g_free);
  g_clear_pointer (&talk->peer, g_free);
  g_clear_pointer (&talk->epoch, g_free);
  porch_secret_free (talk->token);
  g_ptr_array_unref (talk->waiting);
  g_ptr_array_unref (talk->held);
  g_clear_pointer (&talk->legacy_conversation, g_free);
  g_clear_pointer (&talk->legacy_device, g_free);
  g_clear_pointer (&talk->legacy_name, g_free);
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
  /* What else they would say is refused too, and a page that is told so does not come back. */
  if (talk->socket != NULL && g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BLOCKED))
    porch_socket_close (talk->socket, PORCH_WIDGET_CLOSE_BLOCKED, "blocked");
}

void
porch_talk_fail_code (PorchTalk *talk,
                      int code,
                      const char *message,
                      const char *re,
                      guint retry_after_ms)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  porch_talk_fail (talk, error, re, NULL, retry_after_ms);
}

/* ---- frames ---- */

static void
keep_waiting (PorchTalk *talk, const char *text, gsize length)
{
  if (talk->waiting->len >= WAITING_MAX)
    porch_talk_fail_code (talk, PORCH_ERROR_BUSY, "too much before the welcome", NULL, 1000);
  else
    g_ptr_array_add (talk->waiting, g_bytes_new (text, length));
}

void
porch_talk_hear (PorchTalk *talk, const char *text, gsize length)
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
    /* A page that was asleep may greet late: until it has written it is not an older client. */
    talk->is_legacy = talk->is_legacy && talk->guest != NULL;
    if (talk->guest != NULL)
      porch_talk_fail_code (talk, PORCH_ERROR_CONFLICT, "hello was said", "hello", 0);
    else
      porch_talk_enter (talk, &frame);
  } else if (strcmp (type, "message") == 0 && !has_id && (talk->guest == NULL || talk->is_legacy)) {
    porch_talk_write_legacy (talk, &frame);
  } else if (talk->guest != NULL) {
    porch_talk_dispatch (talk, type, &frame);
  } else if (strcmp (type, "ping") == 0) {
    porch_talk_send (talk, g_string_new ("{\"type\":\"pong\"}"));
  } else if (strcmp (type, "pong") != 0) {
    porch_talk_fail_code (talk, PORCH_ERROR_UNAUTHORIZED, "say hello first", NULL, 0);
  }
}

/* ---- life ---- */

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  PorchTalk *talk = porch_talk_ref (data);

  porch_talk_hear (talk, text, length);
  porch_talk_unref (talk);
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  PorchTalk *talk = data;

  talk->socket = NULL;
  porch_source_clear (&talk->hello_timer);
  g_ptr_array_remove_fast (talk->widget->talks, talk);
  if (talk->guest != NULL)
    porch_talk_leave (talk);
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
  talk->origin = porch_widget_dup_origin (self, call);
  talk->department = g_strdup (porch_call_get_param (call, "department"));
  talk->user_agent = g_strdup (porch_call_get_header (call, "User-Agent"));
  talk->peer = porch_call_is_loopback (call) ? NULL : g_strdup (porch_call_get_peer (call));
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
