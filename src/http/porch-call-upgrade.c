/* porch-call-upgrade.c - the handshake of a WebSocket and the hand-over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libsoup answers the handshake; then its connection is stolen, and the bare descriptor goes to the
 * carrier.
 */
#include "config.h"

#include "porch-call-private.h"

#include "porch-error.h"
#include "porch-socket-private.h"
#include "porch-stall.h"

#include <string.h>

#define BUSY_RETRY_MS 30000

static void
on_wrote_informational (SoupServerMessage *message, gpointer data)
{
  g_autoptr (PorchCall) self = g_object_ref (data);
  g_autoptr (GIOStream) stolen G_GNUC_UNUSED = NULL;
  PorchSocket *socket = NULL;
  gint64 begin = porch_stall_begin ();
  int fd = -1;

  if (soup_server_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;
  socket = g_steal_pointer (&self->socket);
  g_clear_signal_handler (&self->handover, message);
  /* Stealing drops what libsoup holds of us; the call holds message and stream until we are
   * through. The base comes out of the stream before libsoup's wrapper, when freed, would close it.
   */
  stolen = soup_server_message_steal_connection (message);
  self->door = NULL;
  fd = porch_stream_release (self->stream);
  if (fd >= 0)
    porch_socket_attach (socket, fd);
  else
    porch_socket_cut (socket, 1006);
  porch_stall_end (begin, "a handshake");
}

static void
drop_call (gpointer data, GClosure *closure)
{
  g_object_unref (data);
}

static gboolean
is_handshake (PorchCall *self)
{
  const char *key = porch_call_get_header (self, "Sec-WebSocket-Key");
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (!self->stream->request.is_upgrade || key == NULL || strlen (key) != 24)
    return FALSE;
  bytes = g_base64_decode (key, &length);
  return length == 16;
}

static gboolean
shake_hands (PorchCall *self)
{
  const char *version = porch_call_get_header (self, "Sec-WebSocket-Version");

  if (is_handshake (self) && g_strcmp0 (version, "13") != 0) {
    porch_call_set_header (self, "Sec-WebSocket-Version", "13");
    porch_call_refuse (self, 426);
    return FALSE;
  }
  /* No extensions are offered: permessage-deflate would turn 64 KiB into 64 MiB. */
  if (is_handshake (self) &&
      soup_websocket_server_process_handshake (self->message, NULL, NULL, NULL, NULL))
    return TRUE;
  /* libsoup has put its own page about the bad handshake there. */
  soup_message_body_truncate (soup_server_message_get_response_body (self->message));
  porch_call_fail_code (self, PORCH_ERROR_BAD_MESSAGE, "this is no WebSocket handshake");
  return FALSE;
}

/* The reasons not to, before anything of the handshake is looked at. */
static gboolean
has_room (PorchCall *self)
{
  if (self->door->is_stopping) {
    porch_call_fail_code (self, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
    return FALSE;
  }
  if (!porch_peers_enter (self->door->peers, self->stream->peer, PORCH_PLACE_SOCKET)) {
    porch_call_fail_later (self, PORCH_ERROR_BUSY, "too many sockets", BUSY_RETRY_MS);
    return FALSE;
  }
  return TRUE;
}

PorchSocket *
porch_call_upgrade (PorchCall *self,
                    PorchSocketMessage func,
                    PorchSocketClosed closed,
                    gpointer data)
{
  PorchPeer *peer = self->stream->peer;

  /* Nobody is there any more: what would be answered is dropped. */
  if (self->door == NULL || self->is_answered) {
    porch_call_begin_answer (self);
    return NULL;
  }
  if (!has_room (self))
    return NULL;
  if (!shake_hands (self)) {
    porch_peers_leave (self->door->peers, peer, PORCH_PLACE_SOCKET);
    return NULL;
  }

  porch_call_begin_answer (self);
  self->socket =
    porch_carrier_open (self->door->carrier, porch_peer_ref (peer), func, closed, data);
  /* The call lives until its 101 is out, or the line is cut: then the handler is disconnected. */
  self->handover =
    g_signal_connect_data (self->message, "wrote-informational",
                           G_CALLBACK (on_wrote_informational), g_object_ref (self), drop_call, 0);
  porch_call_end_answer (self, SOUP_STATUS_SWITCHING_PROTOCOLS, NULL, NULL);
  return self->socket;
}
