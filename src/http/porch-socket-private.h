/* porch-socket-private.h - a socket as the carrier and the call see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-carrier.h"
#include "porch-framer.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_SOCKET_OPENING, /* no descriptor yet; what is sent is queued */
  PORCH_SOCKET_OPEN,
  PORCH_SOCKET_CLOSING,    /* our close frame is queued or out */
  PORCH_SOCKET_DISCARDING, /* the same, and nothing is read any more but to throw it away */
  PORCH_SOCKET_CLOSED,     /* no descriptor; freed when its closed function has run */
} PorchSocketState;

typedef struct _PorchChunk PorchChunk;

struct _PorchSocket {
  PorchTimer timer; /* first: a timer is cast back to its socket */
  PorchCarrier *carrier;
  PorchPeer *peer;
  PorchSocketMessage func;
  PorchSocketClosed closed;
  gpointer data;
  PorchSocketSent sent; /* waits for an empty queue, or NULL */
  PorchFramer *framer;  /* NULL between messages */
  PorchChunk *out;      /* what the line did not take yet */
  PorchChunk *out_last;
  guint32 out_offset; /* into the first chunk */
  guint32 out_bytes;
  guint32 index;  /* in the carrier's list */
  guint32 heard;  /* tick of the last byte */
  guint32 pinged; /* tick of the other side's last ping */
  int fd;
  guint16 close_code;
  guint8 ping_credit;
  guint8 state;
  guint8 has_close : 1; /* the other side's close frame came */
  guint8 wants_out : 1; /* as epoll knows it */
  guint8 is_deaf : 1;   /* as epoll knows it */
  guint8 is_dirty : 1;  /* in the carrier's list of those to be flushed */
};

/* What the carrier offers to its sockets. */
struct _PorchCarrier {
  PorchDoor *door;
  PorchFramerPool *framers;
  int epoll;
  GSource *source;
  GPtrArray *sockets; /* all that are not closed */
  GPtrArray *dead;    /* closed, and their closed function has not run */
  GPtrArray *dirty;   /* have something to send that was not tried yet */
  GBytes *ping;
  gboolean is_busy; /* in a dispatch, which buries at its end */
};

/* Out of the list of the living; its closed function runs, and it is freed, at the end of the
 * turn. */
void porch_carrier_forget (PorchCarrier *self, PorchSocket *socket);
/* Sends what @socket has queued at the end of this dispatch, or in the next one. */
void porch_carrier_flush_soon (PorchCarrier *self, PorchSocket *socket);

extern const PorchFramerEvents porch_socket_framer_events;

/* The handshake is answered: @fd is the connection, and is taken, also when this fails and cuts the
 * socket. */
void porch_socket_attach (PorchSocket *self, int fd);
/* The end at once, without a word. The closed function runs at the end of the turn, with @code
 * unless a close code came before. */
void porch_socket_cut (PorchSocket *self, guint code);
/* One piece of what has come. FALSE when there is nothing more to be read now. */
gboolean porch_socket_read (PorchSocket *self);
void porch_socket_flush (PorchSocket *self);
void porch_socket_on_timer (PorchTimer *timer);

G_END_DECLS
