/* porch-peer.c - who is connected, and how often
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-peer.h"

#include "porch-forwarded.h"

#include <string.h>

struct _PorchPeers {
  const PorchLimits *limits;
  GHashTable *peers; /* name -> PorchPeer, those with a place */
  guint n_places[PORCH_N_PLACES];
};

static void
clear_peer (gpointer data)
{
  g_free (((PorchPeer *) data)->name);
}

PorchPeer *
porch_peer_ref (PorchPeer *self)
{
  return g_rc_box_acquire (self);
}

void
porch_peer_unref (PorchPeer *self)
{
  g_rc_box_release_full (self, clear_peer);
}

PorchPeers *
porch_peers_new (const PorchLimits *limits)
{
  PorchPeers *self = g_new0 (PorchPeers, 1);

  self->limits = limits;
  self->peers =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_peer_unref);
  return self;
}

void
porch_peers_free (PorchPeers *self)
{
  g_hash_table_unref (self->peers);
  g_free (self);
}

/* Loopback is named whole: ::1 is one host, and its /64 would be nobody's. */
static char *
name_address (GInetAddress *address)
{
  g_autoptr (GInetAddress) network = NULL;
  g_autofree char *text = NULL;
  guint8 prefix[16] = { 0 };

  if (g_inet_address_get_is_loopback (address) ||
      g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (address);

  memcpy (prefix, g_inet_address_to_bytes (address), 8);
  network = g_inet_address_new_from_bytes (prefix, G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (network);
  return g_strconcat (text, "/64", NULL);
}

static PorchPeer *
find_peer (PorchPeers *self, GInetAddress *address)
{
  g_autoptr (GInetAddress) plain = address != NULL ? porch_forwarded_unmap (address) : NULL;
  g_autofree char *name = plain != NULL ? name_address (plain) : g_strdup ("unix");
  PorchPeer *peer = g_hash_table_lookup (self->peers, name);

  if (peer != NULL)
    return peer;
  peer = g_rc_box_new0 (PorchPeer);
  peer->name = g_steal_pointer (&name);
  peer->is_local = plain == NULL;
  peer->is_loopback = plain == NULL || g_inet_address_get_is_loopback (plain);
  g_hash_table_insert (self->peers, peer->name, peer);
  return peer;
}

static void
forget_if_gone (PorchPeers *self, PorchPeer *peer)
{
  for (guint i = 0; i < PORCH_N_PLACES; i++)
    if (peer->n_places[i] > 0)
      return;
  g_hash_table_remove (self->peers, peer->name);
}

/* A peer's share of requests in flight is a quarter: nobody alone keeps the others out. */
static gboolean
has_share (PorchPeers *self, PorchPeer *peer, PorchPlace place)
{
  const guint share = place == PORCH_PLACE_SOCKET ? self->limits->sockets_per_peer
                                                  : MAX (self->limits->requests_max / 4, 1);

  return peer->is_loopback || peer->n_places[place] < share;
}

gboolean
porch_peers_enter (PorchPeers *self, PorchPeer *peer, PorchPlace place)
{
  const guint total =
    place == PORCH_PLACE_SOCKET ? self->limits->sockets_max : self->limits->requests_max;

  if (self->n_places[place] >= total || !has_share (self, peer, place)) {
    forget_if_gone (self, peer);
    return FALSE;
  }
  self->n_places[place]++;
  peer->n_places[place]++;
  return TRUE;
}

PorchPeer *
porch_peers_admit (PorchPeers *self, GInetAddress *address)
{
  PorchPeer *peer = find_peer (self, address);

  return porch_peers_enter (self, peer, PORCH_PLACE_REQUEST) ? porch_peer_ref (peer) : NULL;
}

PorchPeer *
porch_peers_pass_on (PorchPeers *self, PorchPeer *proxy, GInetAddress *address)
{
  PorchPeer *peer = find_peer (self, address);

  if (!has_share (self, peer, PORCH_PLACE_REQUEST)) {
    forget_if_gone (self, peer);
    return NULL;
  }
  peer->n_places[PORCH_PLACE_REQUEST]++;
  porch_peer_ref (peer);
  proxy->n_places[PORCH_PLACE_REQUEST]--;
  forget_if_gone (self, proxy);
  return peer;
}

void
porch_peers_leave (PorchPeers *self, PorchPeer *peer, PorchPlace place)
{
  self->n_places[place]--;
  peer->n_places[place]--;
  forget_if_gone (self, peer);
}

guint
porch_peers_count (PorchPeers *self, PorchPlace place)
{
  return self->n_places[place];
}
