/* porch-carrier.h - all WebSockets of a server behind one source
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GLib looks at every descriptor that it knows at every turn of the loop. So the sockets live in an
 * epoll descriptor of their own, and only that one is GLib's: an idle socket costs the loop
 * nothing.
 */
#pragma once

#include "porch-door-private.h"

G_BEGIN_DECLS

typedef struct _PorchCarrier PorchCarrier;

/* On the thread-default context. @door is borrowed, and its carrier is set. */
PorchCarrier *porch_carrier_new (PorchDoor *door) G_GNUC_WARN_UNUSED_RESULT;
/* Cuts what is left; each socket's closed function runs. */
void porch_carrier_free (PorchCarrier *self);

/* A socket whose handshake is not answered yet. Takes @peer, which has a place for a socket. */
PorchSocket *porch_carrier_open (PorchCarrier *self,
                                 PorchPeer *peer,
                                 PorchSocketMessage func,
                                 PorchSocketClosed closed,
                                 gpointer data);

guint porch_carrier_count (PorchCarrier *self);
/* Frame readers that exist, of which few are ever needed. */
guint porch_carrier_count_framers (PorchCarrier *self);

/* Tells at most @n_max open sockets that we are going away (1001), or cuts so many when @is_cut.
 * Returns TRUE while there are more. */
gboolean porch_carrier_dismiss (PorchCarrier *self, gboolean is_cut, guint n_max);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchCarrier, porch_carrier_free)

G_END_DECLS
