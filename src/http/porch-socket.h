/* porch-socket.h - one WebSocket after its handshake
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Served by one epoll source for all of them (ARCHITECTURE.md, "The door"). A PorchSocket is no
 * GObject: an idle one must weigh next to nothing. It is borrowed from the server and is gone when
 * its PorchSocketClosed has run.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchSocket PorchSocket;

/* @text is UTF-8 (checked), @length bytes, not terminated. Binary messages never arrive here: they
 * are closed with 1003. */
typedef void (*PorchSocketMessage) (PorchSocket *socket,
                                    const char *text,
                                    gsize length,
                                    gpointer data);
/* @code is the close code that was received or sent, 1006 when the line was cut. Never runs inside
 * a call of yours, so that a list of sockets can be walked while sending. */
typedef void (*PorchSocketClosed) (PorchSocket *socket, guint code, gpointer data);

/* A text frame as it goes over the line, for one receiver or for thousands. Takes @text. */
GBytes *porch_socket_frame_take (GString *text) G_GNUC_WARN_UNUSED_RESULT;

/* Never blocks and never fails to the caller: what cannot be written now is queued, and a reader
 * that is too slow (queue_max) is closed with 4408. What is sent after a close is dropped. @frame
 * is borrowed: the same may go to thousands. */
void porch_socket_send (PorchSocket *self, GBytes *frame);
/* Makes the frame, too. Takes @text. */
void porch_socket_send_take (PorchSocket *self, GString *text);
/* Says goodbye after what is queued already; the socket stays until the other side has answered or
 * 5 ticks have passed. @reason (may be NULL) is UTF-8 for people who look at the wire, cut at 123
 * bytes. Of several closes only the first counts. */
void porch_socket_close (PorchSocket *self, guint code, const char *reason);

/* For whoever has much to say: bytes that the line did not take yet, and a call when there are none
 * (at once when there are none now). One at a time; never after the socket was closed. @func must
 * not send from within: it asks for what is to be sent next. */
gsize porch_socket_get_queued (PorchSocket *self);
typedef void (*PorchSocketSent) (PorchSocket *socket, gpointer data);
void porch_socket_when_sent (PorchSocket *self, PorchSocketSent func);

/* Ticks (seconds) since anything was heard. The carrier itself closes with 1006 after dead_ticks.
 */
guint porch_socket_get_silence (PorchSocket *self);

G_END_DECLS
