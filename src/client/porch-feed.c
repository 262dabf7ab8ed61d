/* porch-feed.c - one socket of the event stream, from its opening to its end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-feed.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-fetch.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <string.h>

/* A message of 4,000 characters with the state of its conversation is far below. */
#define FRAME_BYTES (1024 * 1024)

#define CLOSE_TOKEN   4401
#define CLOSE_BLOCKED 4403

struct _PorchFeed {
  GObject parent_instance;

  GCancellable *cancellable;
  SoupWebsocketConnection *socket;
  guint silence_ms;
  gint64 heard_us; /* monotonic */
  GSource *silence;
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PorchFeed, porch_feed, G_TYPE_OBJECT)

enum {
  FRAME,
  CLOSED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* Takes @error. */
static void
end (PorchFeed *self, GError *error)
{
  g_autoptr (PorchFeed) alive = g_object_ref (self);
  g_autoptr (GError) owned = error;

  if (self->is_over)
    return;
  porch_feed_close (self);
  g_signal_emit (self, signals[CLOSED], 0, owned);
}

static gboolean
on_silence (gpointer data)
{
  PorchFeed *self = data;
  const gint64 quiet_us = porch_clock_monotonic_us () - self->heard_us;
  const gint64 left_us = self->silence_ms * (gint64) 1000 - quiet_us;

  porch_source_clear (&self->silence);
  /* Frames do not touch the timer: it looks at what came since when it is due. */
  if (left_us > 0)
    self->silence = porch_source_timeout ((guint) (left_us / 1000) + 1, on_silence, self);
  else
    end (self, g_error_new (PORCH_ERROR, PORCH_ERROR_OFFLINE,
                            "reading events: the server said nothing for %u ms", self->silence_ms));
  return G_SOURCE_REMOVE;
}

static void
on_message (SoupWebsocketConnection *socket, int type, GBytes *message, PorchFeed *self)
{
  g_autoptr (PorchFeed) alive = g_object_ref (self);
  const gint64 begin = porch_stall_begin ();
  gsize length = 0;
  const char *data = g_bytes_get_data (message, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) frame = NULL;
  JsonObject *object = NULL;

  if (self->is_over)
    return;
  self->heard_us = porch_clock_monotonic_us ();
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    frame = porch_json_parse (data, length, FRAME_BYTES, &error);
  else
    g_set_error (&error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "reading events: a binary frame");
  porch_stall_end (begin, "reading a frame");

  if (frame == NULL) {
    end (self, g_steal_pointer (&error));
    return;
  }
  object = json_node_get_object (frame);
  if (g_strcmp0 (porch_shape_string (frame, "type"), "ping") == 0)
    soup_websocket_connection_send_text (socket, "{\"type\":\"pong\"}");
  g_signal_emit (self, signals[FRAME], 0, object);
}

static void
on_closed (SoupWebsocketConnection *socket, PorchFeed *self)
{
  const gushort code = soup_websocket_connection_get_close_code (socket);
  const gboolean is_refused = code == CLOSE_TOKEN || code == CLOSE_BLOCKED;

  end (self, g_error_new (PORCH_ERROR, is_refused ? PORCH_ERROR_UNAUTHORIZED : PORCH_ERROR_OFFLINE,
                          "reading events: the server closed the socket with %u", code));
}

/* What a handshake that was answered with plain HTTP means. */
static GError *
make_refusal (SoupMessage *message, const GError *error)
{
  switch (soup_message_get_status (message)) {
  case SOUP_STATUS_UNAUTHORIZED:
  case SOUP_STATUS_FORBIDDEN:
    return g_error_new (PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED, "opening the event stream: %u %s",
                        soup_message_get_status (message),
                        soup_message_get_reason_phrase (message));
  default:
    return porch_fetch_wrap_error (error);
  }
}

typedef struct {
  PorchFeed *stream;
  SoupMessage *message;
} Opening;

static void
free_opening (Opening *opening)
{
  g_clear_object (&opening->stream);
  g_clear_object (&opening->message);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, free_opening)

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  PorchFeed *self = opening->stream;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) socket =
    soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (self->is_over)
    return;
  if (socket == NULL) {
    end (self, make_refusal (opening->message, error));
    return;
  }
  self->heard_us = porch_clock_monotonic_us ();
  self->socket = g_steal_pointer (&socket);
  soup_websocket_connection_set_max_incoming_payload_size (self->socket, FRAME_BYTES);
  g_signal_connect_object (self->socket, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (self->socket, "closed", G_CALLBACK (on_closed), self, 0);
}

static void
porch_feed_dispose (GObject *object)
{
  porch_feed_close (PORCH_FEED (object));

  G_OBJECT_CLASS (porch_feed_parent_class)->dispose (object);
}

static void
porch_feed_finalize (GObject *object)
{
  g_clear_object (&PORCH_FEED (object)->cancellable);

  G_OBJECT_CLASS (porch_feed_parent_class)->finalize (object);
}

static void
porch_feed_class_init (PorchFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_feed_dispose;
  object_class->finalize = porch_feed_finalize;

  signals[FRAME] = g_signal_new ("frame", PORCH_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[CLOSED] = g_signal_new ("closed", PORCH_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
porch_feed_init (PorchFeed *self)
{
  self->cancellable = g_cancellable_new ();
}

PorchFeed *
porch_feed_open (SoupSession *session, SoupMessage *message, guint silence_ms)
{
  PorchFeed *self = g_object_new (PORCH_TYPE_FEED, NULL);
  Opening *opening = g_new (Opening, 1);

  self->silence_ms = silence_ms;
  self->heard_us = porch_clock_monotonic_us ();
  /* Also for a server that takes the connection and never answers the handshake. */
  self->silence = porch_source_timeout (silence_ms, on_silence, self);

  *opening = (Opening){ g_object_ref (self), g_object_ref (message) };
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        self->cancellable, on_connected, opening);
  return self;
}

void
porch_feed_close (PorchFeed *self)
{
  self->is_over = TRUE;
  porch_source_clear (&self->silence);
  g_cancellable_cancel (self->cancellable);
  if (self->socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->socket, self);
  if (soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_clear_object (&self->socket);
}
