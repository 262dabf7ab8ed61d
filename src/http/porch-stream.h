/* porch-stream.h - what libsoup sees of a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GIOStream whose input is exactly one admitted request, its head and its Content-Length bytes,
 * and then the end. Whatever libsoup believes about framing, there is nothing more to be read.
 */
#pragma once

#include <gio/gio.h>

#include "porch-door-private.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_STREAM_HEAD,   /* the gate reads the head */
  PORCH_STREAM_LINGER, /* refused; what still comes is thrown away */
  PORCH_STREAM_BODY,   /* libsoup reads */
  PORCH_STREAM_REPLY,  /* libsoup has all, or writes */
} PorchStreamPhase;

/* What is known of an admitted request. */
typedef struct {
  const char *verb;
  char *path;
  char *query;
  gboolean is_upgrade;
  gboolean is_at_home;
  PorchMatch match;
} PorchRequest;

#define PORCH_TYPE_STREAM (porch_stream_get_type ())
G_DECLARE_FINAL_TYPE (PorchStream, porch_stream, PORCH, STREAM, GIOStream)

/* The fields are for the gate and the call. */
struct _PorchStream {
  GIOStream parent_instance;
  PorchDoor *door; /* NULL when it is closed */
  PorchPeer *peer; /* NULL for one that only gets its refusal */
  GSocketConnection *wire;
  GIOStream *base; /* the wire, or what encrypts on top of it; NULL once given to a socket */
  GInputStream *input;
  GSocketAddress *remote;
  guint16 port; /* of the listener, 0 for the Unix socket */
  PorchTimer timer;
  PorchStreamPhase phase;
  GByteArray *bytes; /* read and not yet handed on */
  gsize scanned;     /* of them, looked at for the end of the head */
  guint64 allow;     /* bytes that libsoup may still read */
  PorchRequest request;
  void (*expire) (gpointer data); /* a handler takes too long */
  gpointer expire_data;
};

/* Takes @peer, which has a place for a request, or is NULL for one that only gets its refusal.
 * @door and @peer are used until the stream is closed or released. */
PorchStream *
porch_stream_new (PorchDoor *door, PorchPeer *peer, GSocketConnection *wire, guint16 port);

/* Begins @phase with a deadline of its own in @ticks; the one before is over. Not for a stream that
 * is closed. */
void porch_stream_enter (PorchStream *self, PorchStreamPhase phase, guint ticks);

/* Adds what has come to @bytes, or throws it away when @is_wanted is FALSE. The number of bytes, 0
 * at the end or on an error, -1 when there is nothing now. */
gssize porch_stream_fill (PorchStream *self, gboolean is_wanted);

/* What libsoup hands to the server with a message, to find its stream again. Borrowed; NULL when
 * the stream is gone. */
PorchStream *porch_stream_from_address (GSocketAddress *remote);

/* Ends libsoup's part and the request's place: the descriptor, closed by exec, is the caller's. -1
 * when it is gone. */
int porch_stream_release (PorchStream *self);

G_END_DECLS
