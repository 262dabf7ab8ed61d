/* fuzz-frames.c - any bytes after a WebSocket's handshake
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes go through a socket pair to a socket of a carrier, which echoes; the first byte says in
 * pieces of what size. What comes back must be well-formed, whatever went in.
 */
#include "porch-socket-private.h"

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX   4096
#define FRAGMENTS_MAX 8
#define SPARE_MAX     8
#define PIECES_MAX    64

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t length);

typedef struct {
  PorchDoor door;
  GMainContext *context;
  PorchCarrier *carrier;
  PorchSocket *socket; /* NULL when it is closed */
  guint code;
  GByteArray *back;
} Fixture;

static Fixture *
get_fixture (void)
{
  static Fixture *fixture;

  if (fixture != NULL)
    return fixture;
  fixture = g_new0 (Fixture, 1);
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  porch_limits_init (&fixture->door.limits);
  fixture->door.limits.message_max = MESSAGE_MAX;
  fixture->door.limits.fragments_max = FRAGMENTS_MAX;
  fixture->door.wheel = porch_wheel_new (1000);
  fixture->door.peers = porch_peers_new (&fixture->door.limits);
  fixture->carrier = porch_carrier_new (&fixture->door);
  fixture->back = g_byte_array_new ();
  return fixture;
}

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  g_assert_true (g_utf8_validate_len (text, length, NULL) || memchr (text, '\0', length) != NULL);
  g_assert_cmpuint (length, <=, MESSAGE_MAX);
  porch_socket_send_take (socket, g_string_new_len (text, length));
  /* Ended in the middle of what it says. */
  if (length == 4 && memcmp (text, "!end", 4) == 0)
    porch_socket_close (socket, 4000, "asked for");
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (socket == fixture->socket);
  fixture->socket = NULL;
  fixture->code = code;
}

static void
collect (Fixture *fixture, int fd)
{
  guint8 piece[16384];
  gssize n = 0;

  while ((n = recv (fd, piece, sizeof piece, MSG_DONTWAIT)) > 0)
    g_byte_array_append (fixture->back, piece, n);
}

static void
turn (Fixture *fixture, int fd)
{
  while (g_main_context_iteration (fixture->context, FALSE))
    collect (fixture, fd);
  collect (fixture, fd);
}

/* Whole frames of ours, not masked, and nothing after a close. The last one may be cut short: the
 * line ends when the other side ends it. */
static void
check_back (const guint8 *at, const guint8 *end)
{
  gboolean is_over = FALSE;

  while (end - at >= 2) {
    guint opcode = at[0] & 0xf;
    gsize length = at[1];
    gsize n = length == 126 ? 4 : 2;

    g_assert_false (is_over);
    g_assert_cmpuint (at[0] & 0xf0, ==, 0x80);
    g_assert_true (opcode == 1 || opcode == 8 || opcode == 10);
    g_assert_cmpuint (length, <=, 126);
    if (length == 126 && end - at >= 4)
      length = (gsize) (at[2] << 8 | at[3]);
    g_assert_true (opcode == 1 || length <= 125);
    if ((gsize) (end - at) < n + length)
      return;
    is_over = opcode == 8;
    g_assert_true (opcode != 8 || length == 0 || length >= 2);
    at += n + length;
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t length)
{
  Fixture *fixture = get_fixture ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  PorchPeer *peer = porch_peers_admit (fixture->door.peers, loopback);
  int fds[2];

  g_assert_true (porch_peers_enter (fixture->door.peers, peer, PORCH_PLACE_SOCKET));
  porch_peers_leave (fixture->door.peers, peer, PORCH_PLACE_REQUEST);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_byte_array_set_size (fixture->back, 0);
  fixture->socket = porch_carrier_open (fixture->carrier, peer, on_text, on_closed, fixture);
  porch_socket_attach (fixture->socket, fds[0]);

  for (size_t at = 1; at < length && fixture->socket != NULL;) {
    size_t n = MIN (length - at, MAX ((size_t) data[0] + 1, length / PIECES_MAX));
    gssize sent = send (fds[1], data + at, n, MSG_DONTWAIT | MSG_NOSIGNAL);

    at += sent > 0 ? (size_t) sent : 0;
    turn (fixture, fds[1]);
  }
  shutdown (fds[1], SHUT_WR);
  while (fixture->socket != NULL)
    turn (fixture, fds[1]);
  collect (fixture, fds[1]);
  close (fds[1]);

  check_back (fixture->back->data, fixture->back->data + fixture->back->len);
  g_assert_cmpuint (fixture->code, >=, 1000);
  g_assert_cmpuint (porch_carrier_count (fixture->carrier), ==, 0);
  g_assert_cmpuint (porch_carrier_count_framers (fixture->carrier), <=, SPARE_MAX);
  g_assert_cmpuint (porch_peers_count (fixture->door.peers, PORCH_PLACE_SOCKET), ==, 0);
  return 0;
}
