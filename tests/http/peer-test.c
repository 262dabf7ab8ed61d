/* peer-test.c - who counts as whom, how many of them get in, and by which name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-intake.h"

#include <string.h>

static PorchPeer *
admit (PorchPeers *peers, const char *text)
{
  g_autoptr (GInetAddress) address = text != NULL ? g_inet_address_new_from_string (text) : NULL;

  return porch_peers_admit (peers, address);
}

static void
test_names (void)
{
  static const struct {
    const char *address, *name;
    gboolean is_loopback;
  } cases[] = {
    { NULL, "unix", TRUE },
    { "127.0.0.1", "127.0.0.1", TRUE },
    { "127.0.0.9", "127.0.0.9", TRUE },
    { "::1", "::1", TRUE },
    { "::ffff:127.0.0.1", "127.0.0.1", TRUE },
    { "203.0.113.7", "203.0.113.7", FALSE },
    { "::ffff:203.0.113.7", "203.0.113.7", FALSE },
    { "2001:db8::1", "2001:db8::/64", FALSE },
    { "2001:db8::ffff:2", "2001:db8::/64", FALSE },
    { "2001:db8:0:1::1", "2001:db8:0:1::/64", FALSE },
  };
  PorchLimits limits;
  g_autoptr (PorchPeers) peers = NULL;

  porch_limits_init (&limits);
  peers = porch_peers_new (&limits);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchPeer) peer = admit (peers, cases[i].address);

    g_assert_cmpstr (peer->name, ==, cases[i].name);
    g_assert_cmpint (peer->is_loopback, ==, cases[i].is_loopback);
    g_assert_cmpint (peer->is_local, ==, cases[i].address == NULL);
  }
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_REQUEST), ==, G_N_ELEMENTS (cases));
}

/* Brings in @n from @address and returns how many got a place. */
static guint
crowd (PorchPeers *peers, const char *address, guint n, GPtrArray *inside)
{
  guint n_before = inside->len;

  for (guint i = 0; i < n; i++) {
    PorchPeer *peer = admit (peers, address);

    if (peer != NULL)
      g_ptr_array_add (inside, peer);
  }
  return inside->len - n_before;
}

static void
test_request_places (void)
{
  g_autoptr (GPtrArray) inside = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_peer_unref);
  g_autoptr (PorchPeers) peers = NULL;
  PorchLimits limits;

  porch_limits_init (&limits);
  limits.requests_max = 40;
  peers = porch_peers_new (&limits);
  /* One address gets a quarter, a /64 counts as one, loopback is only limited by the total. */
  g_assert_cmpuint (crowd (peers, "203.0.113.7", 20, inside), ==, 10);
  g_assert_cmpuint (crowd (peers, "2001:db8::1", 8, inside), ==, 8);
  g_assert_cmpuint (crowd (peers, "2001:db8::2", 8, inside), ==, 2);
  g_assert_cmpuint (crowd (peers, "127.0.0.1", 18, inside), ==, 18);
  g_assert_cmpuint (crowd (peers, NULL, 5, inside), ==, 2);
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_REQUEST), ==, 40);
  for (guint i = 0; i < inside->len; i++)
    porch_peers_leave (peers, g_ptr_array_index (inside, i), PORCH_PLACE_REQUEST);
  g_ptr_array_set_size (inside, 0);
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_REQUEST), ==, 0);
  g_assert_cmpuint (crowd (peers, "203.0.113.7", 20, inside), ==, 10);
}

static void
test_socket_places (void)
{
  g_autoptr (PorchPeers) peers = NULL;
  g_autoptr (PorchPeer) stranger = NULL;
  g_autoptr (PorchPeer) local = NULL;
  PorchLimits limits;

  porch_limits_init (&limits);
  limits.sockets_max = 200;
  peers = porch_peers_new (&limits);
  stranger = admit (peers, "203.0.113.7");
  local = admit (peers, NULL);
  for (guint i = 0; i < 128; i++)
    g_assert_true (porch_peers_enter (peers, stranger, PORCH_PLACE_SOCKET));
  g_assert_false (porch_peers_enter (peers, stranger, PORCH_PLACE_SOCKET));
  for (guint i = 0; i < 72; i++)
    g_assert_true (porch_peers_enter (peers, local, PORCH_PLACE_SOCKET));
  g_assert_false (porch_peers_enter (peers, local, PORCH_PLACE_SOCKET));
  porch_peers_leave (peers, stranger, PORCH_PLACE_SOCKET);
  g_assert_true (porch_peers_enter (peers, local, PORCH_PLACE_SOCKET));
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_SOCKET), ==, 200);
}

static void
test_hosts (void)
{
  static const struct {
    const char *host;
    guint16 port;
    gboolean is_ours;
  } cases[] = {
    { "localhost:8642", 8642, TRUE },
    { "LOCALHOST:8642", 8642, TRUE },
    { "127.0.0.1:8642", 8642, TRUE },
    { "[::1]:8642", 8642, TRUE },
    { "localhost", 8642, FALSE },
    { "localhost", 80, TRUE },
    { "localhost:80", 80, TRUE },
    { "localhost:1", 8642, FALSE },
    { "localhost:86420", 8642, FALSE },
    { "localhost.:8642", 8642, FALSE },
    { "localhost.evil.example:8642", 8642, FALSE },
    { "127.0.0.2:8642", 8642, FALSE },
    { "evil.example", 8642, FALSE },
    { "evil.example:8642", 8642, FALSE },
    { "chat.example.com", 8642, TRUE },
    { "Chat.Example.Com:8642", 8642, TRUE },
    { "chat.example.com:443", 8642, FALSE },
    { "xchat.example.com", 8642, FALSE },
    { "chat.example.com.evil.example", 8642, FALSE },
    { "other.example:8443", 8642, TRUE },
    { "other.example", 8642, FALSE },
    { "evil.example", 0, TRUE }, /* the Unix socket */
  };
  const char *hosts[] = { "chat.example.com", "other.example:8443", NULL };
  PorchDoor door = { .hosts = (char **) hosts };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PorchSpan host = { cases[i].host, strlen (cases[i].host) };

    g_test_message ("%s at %u", cases[i].host, cases[i].port);
    g_assert_cmpint (porch_intake_is_our_host (&door, host, cases[i].port), ==, cases[i].is_ours);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/names", test_names);
  g_test_add_func ("/peer/request-places", test_request_places);
  g_test_add_func ("/peer/socket-places", test_socket_places);
  g_test_add_func ("/peer/hosts", test_hosts);
  return g_test_run ();
}
