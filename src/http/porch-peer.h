/* porch-peer.h - who is connected, and how often
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A peer is what limits count by: an IPv4 address, the /64 of an IPv6 address (one host owns all of
 * it), or our own user on the Unix socket. Loopback and the Unix socket are no address of anybody:
 * only the totals count there.
 */
#pragma once

#include <gio/gio.h>

#include "porch-server.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_PLACE_REQUEST, /* an HTTP connection in flight */
  PORCH_PLACE_SOCKET,  /* a WebSocket */
  PORCH_N_PLACES
} PorchPlace;

typedef struct _PorchPeers PorchPeers;

/* Counted by references; the strings live as long. */
typedef struct {
  char *name; /* "203.0.113.7", "2001:db8::/64", "unix" */
  gboolean is_local;
  gboolean is_loopback; /* also when it is local */
  guint n_places[PORCH_N_PLACES];
} PorchPeer;

PorchPeer *porch_peer_ref (PorchPeer *self);
void porch_peer_unref (PorchPeer *self);

/* @limits is borrowed, and read anew at each question. */
PorchPeers *porch_peers_new (const PorchLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
void porch_peers_free (PorchPeers *self);

/* A connection comes in and gets a place for its request; NULL when there is none, for this peer or
 * for anybody. @address is NULL for the Unix socket. The caller owes a porch_peers_leave () for the
 * place and an unref for the peer. */
PorchPeer *porch_peers_admit (PorchPeers *self, GInetAddress *address) G_GNUC_WARN_UNUSED_RESULT;

/* One place more; FALSE when there is none. */
gboolean porch_peers_enter (PorchPeers *self, PorchPeer *peer, PorchPlace place);
/* What came through @proxy is @address's: its place for the request becomes theirs, and the result
 * is a new reference. NULL when they have used up their share: then the place stays @proxy's. The
 * caller's reference on @proxy stays in both cases. */
PorchPeer *porch_peers_pass_on (PorchPeers *self,
                                PorchPeer *proxy,
                                GInetAddress *address) G_GNUC_WARN_UNUSED_RESULT;
/* Gives a place back. The reference stays. */
void porch_peers_leave (PorchPeers *self, PorchPeer *peer, PorchPlace place);

guint porch_peers_count (PorchPeers *self, PorchPlace place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPeer, porch_peer_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPeers, porch_peers_free)

G_END_DECLS
