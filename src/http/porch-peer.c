/* porch-peer.c - who is connected, and how often
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-peer.h"

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

/* ::ffff:203.0.113.7 is 203.0.113.7 that came through a socket of both families. */
static GInetAddress *
unmap (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_object_ref (address);
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
  g_autoptr (GInetAddress) plain = address != NULL ? unmap (address) : NULL;
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

gboolean
porch_peers_enter (PorchPeers *self, PorchPeer *peer, PorchPlace place)
{
  /* A peer's share of requests in flight is a quarter: nobody alone keeps the others out. */
  guint share = place == PORCH_PLACE_SOCKET ? self->limits->sockets_per_peer
                                            : MAX (self->limits->requests_max / 4, 1);
  guint total =
    place == PORCH_PLACE_SOCKET ? self->limits->sockets_max : self->limits->requests_max;

  if (self->n_places[place] >= total || (!peer->is_loopback && peer->n_places[place] >= share)) {
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
