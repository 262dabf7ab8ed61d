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

#define REQUEST "GET /a HTTP/1.1\r\nHost: localhost:80\r\n\r\n"

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

/* One request of @address: the answer of the door, or NULL when it was let in. */
static char *
ask_from (PorchDoor *door, const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
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
  g_assert_cmpint (g_socket_send (client, REQUEST, strlen (REQUEST), NULL, NULL), ==,
                   strlen (REQUEST));
  if (porch_intake_read (stream) == PORCH_INTAKE_ADMITTED) {
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
    return NULL;
  }
  g_assert_cmpint (g_socket_receive (client, answer, sizeof answer - 1, NULL, NULL), >, 0);
  g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  return g_strdup (answer);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/strangers", Fixture, NULL, set_up, test_strangers, tear_down);
  g_test_add ("/intake/loopback", Fixture, NULL, set_up, test_loopback, tear_down);
  return g_test_run ();
}
