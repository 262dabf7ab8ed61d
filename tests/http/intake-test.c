/* intake-test.c - an address that asks too often
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Only loopback can be listened on, and loopback is not counted; so a stranger's connection is made
 * of a socket pair and the place of an address.
 */
#include "config.h"

#include "porch-intake.h"

#include "porch-clock.h"

#include <string.h>
#include <sys/socket.h>

#define HEAD "GET /a HTTP/1.1\r\nHost: localhost:80\r\n"

static const PorchRoute routes[] = { { "GET", "/a", 0, NULL } };

typedef struct {
  PorchDoor door;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PorchDoor *door = &fixture->door;

  porch_clock_fake (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC);
  porch_limits_init (&door->limits);
  door->wheel = porch_wheel_new (1000);
  door->peers = porch_peers_new (&door->limits);
  door->rate = porch_rate_new (door->limits.requests_per_peer, door->limits.requests_per_peer, 100);
  door->router = porch_router_new ();
  porch_router_add (door->router, routes, G_N_ELEMENTS (routes), NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  porch_router_free (fixture->door.router);
  porch_rate_free (fixture->door.rate);
  porch_peers_free (fixture->door.peers);
  porch_wheel_free (fixture->door.wheel);
  porch_clock_unfake ();
}

/* One request of @address (NULL: by the Unix socket) with @chain for X-Forwarded-For (NULL:
 * without): the answer of the door, or NULL when it was let in. @as gets for whom it counted then.
 */
static char *
ask_for (PorchDoor *door, const char *address, const char *chain, char **as)
{
  g_autofree char *request = chain != NULL
                               ? g_strconcat (HEAD "X-Forwarded-For: ", chain, "\r\n\r\n", NULL)
                               : g_strdup (HEAD "\r\n");
  g_autoptr (GInetAddress) inet = address != NULL ? g_inet_address_new_from_string (address) : NULL;
  g_autoptr (GSocket) server = NULL;
  g_autoptr (GSocket) client = NULL;
  g_autoptr (GSocketConnection) wire = NULL;
  g_autoptr (PorchStream) stream = NULL;
  char answer[1024] = { 0 };
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  server = g_socket_new_from_fd (fds[0], NULL);
  client = g_socket_new_from_fd (fds[1], NULL);
  wire = g_socket_connection_factory_create_connection (server);
  stream = porch_stream_new (door, porch_peers_admit (door->peers, inet), wire, 80);
  g_assert_cmpint (g_socket_send (client, request, strlen (request), NULL, NULL), ==,
                   strlen (request));
  if (porch_intake_read (stream) == PORCH_INTAKE_ADMITTED) {
    if (as != NULL)
      *as = g_strdup (stream->peer->name);
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
    return NULL;
  }
  g_assert_cmpint (g_socket_receive (client, answer, sizeof answer - 1, NULL, NULL), >, 0);
  g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  return g_strdup (answer);
}

static char *
ask_from (PorchDoor *door, const char *address)
{
  return ask_for (door, address, NULL, NULL);
}

static void
test_strangers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *refused = NULL;

  for (guint i = 0; i < 600; i++) {
    g_autofree char *answer = ask_from (&fixture->door, "203.0.113.7");

    g_assert_null (answer);
  }
  refused = ask_from (&fixture->door, "203.0.113.7");
  g_assert_nonnull (refused);
  g_assert_true (g_str_has_prefix (refused, "HTTP/1.1 429 Too Many Requests\r\n"));
  g_assert_nonnull (strstr (refused, "\r\nRetry-After: 1\r\n"));
  g_assert_nonnull (strstr (refused, "\"code\":\"rate_limited\""));
  g_assert_nonnull (strstr (refused, "\"retry_after_ms\":100}"));
  g_clear_pointer (&refused, g_free);
  /* Others are not touched, and a moment later it is let in again. */
  g_assert_null (ask_from (&fixture->door, "203.0.113.8"));
  porch_clock_advance (100 * 1000);
  g_assert_null (ask_from (&fixture->door, "203.0.113.7"));
  g_assert_cmpuint (porch_peers_count (fixture->door.peers, PORCH_PLACE_REQUEST), ==, 0);
}

static void
test_loopback (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 1300; i++)
    g_assert_null (ask_from (&fixture->door, "127.0.0.1"));
}

static const char *const proxies[] = { "127.0.0.1", "198.51.100.1", NULL };

static void
test_proxies (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *from, *chain, *as;
  } cases[] = {
    { "127.0.0.1", "203.0.113.7", "203.0.113.7" },
    { "127.0.0.1", "127.0.0.1, 203.0.113.7", "203.0.113.7" },
    { "127.0.0.1", "2001:db8::1", "2001:db8::/64" },
    { "127.0.0.1", "203.0.113.7, 198.51.100.1", "203.0.113.7" },
    /* The proxy says nothing of use. */
    { "127.0.0.1", NULL, "127.0.0.1" },
    { "127.0.0.1", "", "127.0.0.1" },
    { "127.0.0.1", "unknown", "127.0.0.1" },
    /* Nobody named it, or it comes from elsewhere. */
    { "127.0.0.9", "203.0.113.7", "127.0.0.9" },
    { "::1", "203.0.113.7", "::1" },
    { "198.51.100.1", "203.0.113.7", "198.51.100.1" },
    { "203.0.113.9", "203.0.113.7", "203.0.113.9" },
    { NULL, NULL, "unix" },
  };

  fixture->door.proxies = (char **) proxies;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *as = NULL;

    g_test_message ("%s says %s", cases[i].from, cases[i].chain);
    g_assert_null (ask_for (&fixture->door, cases[i].from, cases[i].chain, &as));
    g_assert_cmpstr (as, ==, cases[i].as);
  }
  g_assert_cmpuint (porch_peers_count (fixture->door.peers, PORCH_PLACE_REQUEST), ==, 0);
}

/* Until a proxy is named there is none. */
static void
test_no_proxies (Fixture *fixture, gconstpointer data)
{
  g_autofree char *as = NULL;

  g_assert_null (ask_for (&fixture->door, "127.0.0.1", "203.0.113.7", &as));
  g_assert_cmpstr (as, ==, "127.0.0.1");
}

/* The Unix socket makes whoever comes the local agent. */
static void
test_unix_proxy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *refused = ask_for (&fixture->door, NULL, "203.0.113.7", NULL);

  g_assert_true (g_str_has_prefix (refused, "HTTP/1.1 421 "));
}

/* One who comes through a proxy is as limited as one who comes without. */
static void
test_rate_behind_proxy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *refused = NULL;

  fixture->door.proxies = (char **) proxies;
  for (guint i = 0; i < 600; i++)
    g_assert_null (ask_for (&fixture->door, "127.0.0.1", "203.0.113.7", NULL));
  refused = ask_for (&fixture->door, "127.0.0.1", "203.0.113.7", NULL);
  g_assert_true (g_str_has_prefix (refused, "HTTP/1.1 429 "));
  g_assert_null (ask_for (&fixture->door, "127.0.0.1", "203.0.113.8", NULL));
  g_assert_null (ask_for (&fixture->door, "127.0.0.1", NULL, NULL));
}

static void
test_share_behind_proxy (Fixture *fixture, gconstpointer data)
{
  PorchPeers *peers = fixture->door.peers;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("203.0.113.7");
  g_autoptr (GPtrArray) inside = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_peer_unref);
  g_autofree char *refused = NULL;

  fixture->door.proxies = (char **) proxies;
  fixture->door.limits.requests_max = 40;
  for (guint i = 0; i < 10; i++) {
    g_autoptr (PorchPeer) proxy = porch_peers_admit (peers, loopback);

    g_ptr_array_add (inside, porch_peers_pass_on (peers, proxy, address));
  }
  refused = ask_for (&fixture->door, "127.0.0.1", "203.0.113.7", NULL);
  g_assert_true (g_str_has_prefix (refused, "HTTP/1.1 503 "));
  g_assert_null (ask_for (&fixture->door, "127.0.0.1", "203.0.113.8", NULL));
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_REQUEST), ==, 10);
  for (guint i = 0; i < inside->len; i++)
    porch_peers_leave (peers, inside->pdata[i], PORCH_PLACE_REQUEST);
  g_assert_null (ask_for (&fixture->door, "127.0.0.1", "203.0.113.7", NULL));
  g_assert_cmpuint (porch_peers_count (peers, PORCH_PLACE_REQUEST), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/strangers", Fixture, NULL, set_up, test_strangers, tear_down);
  g_test_add ("/intake/loopback", Fixture, NULL, set_up, test_loopback, tear_down);
  g_test_add ("/intake/proxies", Fixture, NULL, set_up, test_proxies, tear_down);
  g_test_add ("/intake/no-proxies", Fixture, NULL, set_up, test_no_proxies, tear_down);
  g_test_add ("/intake/unix-proxy", Fixture, NULL, set_up, test_unix_proxy, tear_down);
  g_test_add ("/intake/rate-behind-proxy", Fixture, NULL, set_up, test_rate_behind_proxy,
              tear_down);
  g_test_add ("/intake/share-behind-proxy", Fixture, NULL, set_up, test_share_behind_proxy,
              tear_down);
  return g_test_run ();
}
