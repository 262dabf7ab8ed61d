/* server-test.c - several servers in a process, and servers that go while somebody is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-server.h"

#include "porch-error.h"
#include "porch-source.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define UPGRADE \
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

/* What the handlers saw; of the thread that runs the server. */
typedef struct {
  PorchServer *server;
  guint16 port;
  const char *name;
  PorchCall *kept;
  PorchSocket *socket;
  guint closed_code;
  guint n_texts;
  GSource *timer;
  gboolean is_stopped;
} Fixture;

static void
on_name (PorchCall *call, gpointer data)
{
  porch_call_reply_json (call, 200, g_string_new (((Fixture *) data)->name));
}

static void
on_keep (PorchCall *call, gpointer data)
{
  g_set_object (&((Fixture *) data)->kept, call);
}

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  ((Fixture *) data)->n_texts++;
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (socket == fixture->socket);
  g_assert_cmpuint (fixture->closed_code, ==, 0);
  fixture->closed_code = code;
}

static void
on_socket (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;

  fixture->socket = porch_call_upgrade (call, on_text, on_closed, data);
}

static const PorchRoute routes[] = {
  { "GET", "/name", 0, on_name },
  { "GET", "/keep", 0, on_keep },
  { "GET", "/socket", 0, on_socket },
};

static void
set_up (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  PorchLimits limits;

  porch_limits_init (&limits);
  limits.tick_ms = 20;
  *fixture = (Fixture){ .name = name };
  fixture->server = porch_server_new (&limits);
  porch_server_add_routes (fixture->server, routes, G_N_ELEMENTS (routes), fixture);
  fixture->port = porch_server_listen (fixture->server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
}

/* A client that blocks, and so needs the server on another thread or only sends. @end is the empty
 * line, or nothing. */
static GSocket *
connect_to (guint16 port, const char *path, const char *headers, const char *end)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s%s", path, port, headers, end);

  g_assert_no_error (error);
  g_assert_true (g_socket_connect (socket, address, NULL, &error));
  g_assert_cmpint (g_socket_send (socket, request, strlen (request), NULL, &error), ==,
                   strlen (request));
  return g_steal_pointer (&socket);
}

static char *
read_answer (GSocket *socket)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  char piece[4096];
  gssize n = 0;

  while ((n = g_socket_receive (socket, piece, sizeof piece, NULL, NULL)) > 0)
    g_string_append_len (answer, piece, n);
  return g_string_free (g_steal_pointer (&answer), FALSE);
}

/* Turns the thread's context until @is_true holds. */
static void
run_until (gboolean (*is_true) (Fixture *), Fixture *fixture)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (!is_true (fixture) && g_get_monotonic_time () < end_us)
    if (!g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
      g_thread_yield ();
  g_assert_true (is_true (fixture));
}

typedef struct {
  const char *name;
  GMutex lock;
  GCond ready;
  guint16 port;
  gint is_over; /* atomic */
} Thread;

static gpointer
run_server (gpointer data)
{
  Thread *thread = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  Fixture fixture;

  g_main_context_push_thread_default (context);
  set_up (&fixture, thread->name);
  g_mutex_lock (&thread->lock);
  thread->port = fixture.port;
  g_cond_signal (&thread->ready);
  g_mutex_unlock (&thread->lock);
  while (!g_atomic_int_get (&thread->is_over))
    g_main_context_iteration (context, TRUE);
  g_assert_finalize_object (fixture.server);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* Two servers on two threads, while the default context sleeps. */
static void
test_threads (void)
{
  Thread threads[2] = { { .name = "\"first\"" }, { .name = "\"second\"" } };
  GThread *runs[2] = { NULL };

  for (guint i = 0; i < 2; i++) {
    runs[i] = g_thread_new (threads[i].name, run_server, &threads[i]);
    g_mutex_lock (&threads[i].lock);
    while (threads[i].port == 0)
      g_cond_wait (&threads[i].ready, &threads[i].lock);
    g_mutex_unlock (&threads[i].lock);
  }
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GSocket) socket = connect_to (threads[i % 2].port, "/name", "", "\r\n");
    g_autofree char *answer = read_answer (socket);

    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
    g_assert_true (g_str_has_suffix (answer, threads[i % 2].name));
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GSocket) socket = NULL;

    g_atomic_int_set (&threads[i].is_over, TRUE);
    socket = connect_to (threads[i].port, "/name", "", "\r\n"); /* wakes it up */
    g_thread_join (runs[i]);
  }
}

static gboolean
has_call (Fixture *fixture)
{
  return fixture->kept != NULL;
}

static gboolean
has_socket (Fixture *fixture)
{
  return fixture->socket != NULL;
}

static gboolean
has_text (Fixture *fixture)
{
  return fixture->n_texts > 0;
}

static gboolean
has_two_requests (Fixture *fixture)
{
  return porch_server_count_requests (fixture->server) == 2;
}

/* The server goes while a head is half read, a call waits and a socket is open. */
static void
test_sudden_end (void)
{
  static const guint8 frame[] = { 0x81, 0x81, 0, 0, 0, 0, 'x', 0x81 }; /* one, and the next begun */
  g_autoptr (GSocket) half = NULL;
  g_autoptr (GSocket) waiting = NULL;
  g_autoptr (GSocket) socket = NULL;
  Fixture fixture;

  set_up (&fixture, "\"sudden\"");
  socket = connect_to (fixture.port, "/socket", UPGRADE, "\r\n");
  run_until (has_socket, &fixture);
  g_socket_send (socket, (const char *) frame, sizeof frame, NULL, NULL);
  run_until (has_text, &fixture);
  half = connect_to (fixture.port, "/name", "", "");
  waiting = connect_to (fixture.port, "/keep", "", "\r\n");
  run_until (has_call, &fixture);
  run_until (has_two_requests, &fixture);
  g_assert_cmpuint (porch_server_count_sockets (fixture.server), ==, 1);

  g_assert_finalize_object (fixture.server);
  g_assert_cmpuint (fixture.closed_code, ==, 1001);
  /* Whoever still holds a call may ask and answer: nobody hears it. */
  g_assert_cmpstr (porch_call_get_path (fixture.kept), ==, "/keep");
  g_assert_cmpstr (porch_call_get_peer (fixture.kept), ==, "127.0.0.1");
  porch_call_fail_code (fixture.kept, PORCH_ERROR_BUSY, "too late");
  g_assert_finalize_object (g_steal_pointer (&fixture.kept));
}

static void
send_text (GSocket *socket, guint8 length)
{
  guint8 frame[6 + 125] = { 0x81, 0x80 | length };

  memset (frame + 6, 'x', length);
  g_assert_cmpint (g_socket_send (socket, (const char *) frame, 6 + length, NULL, NULL), ==,
                   6 + length);
}

static gboolean
has_two_texts (Fixture *fixture)
{
  return fixture->n_texts == 2;
}

static gboolean
has_closed (Fixture *fixture)
{
  return fixture->closed_code != 0;
}

/* Readers of frames are kept and lent again: each time with the limit of that time. */
static void
test_message_limit (void)
{
  g_autoptr (GSocket) socket = NULL;
  PorchLimits limits;
  Fixture fixture;

  set_up (&fixture, "\"limit\"");
  socket = connect_to (fixture.port, "/socket", UPGRADE, "\r\n");
  run_until (has_socket, &fixture);
  send_text (socket, 100);
  run_until (has_text, &fixture);
  porch_limits_init (&limits);
  limits.message_max = 99;
  porch_server_set_limits (fixture.server, &limits);
  send_text (socket, 99);
  run_until (has_two_texts, &fixture);
  send_text (socket, 100);
  run_until (has_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, 1009);
  g_assert_cmpuint (fixture.n_texts, ==, 2);
  g_assert_finalize_object (fixture.server);
}

/* The 101 is promised, but the server goes before it is written. */
static void
test_end_while_opening (void)
{
  g_autoptr (GSocket) socket = NULL;
  Fixture fixture;

  set_up (&fixture, "\"opening\"");
  socket = connect_to (fixture.port, "/keep", UPGRADE, "\r\n");
  run_until (has_call, &fixture);
  fixture.socket = porch_call_upgrade (fixture.kept, on_text, on_closed, &fixture);
  g_assert_nonnull (fixture.socket);
  g_assert_cmpuint (porch_server_count_sockets (fixture.server), ==, 1);
  porch_socket_send_take (fixture.socket, g_string_new ("nobody hears this"));
  g_assert_finalize_object (fixture.server);
  g_assert_cmpuint (fixture.closed_code, ==, 1006);
  g_assert_finalize_object (g_steal_pointer (&fixture.kept));
}

static void
on_stopped (gpointer data)
{
  Fixture *fixture = data;

  fixture->is_stopped = TRUE;
  g_clear_object (&fixture->server);
}

static gboolean
is_stopped (Fixture *fixture)
{
  return fixture->is_stopped;
}

/* A call that nobody answers keeps a stop waiting only for its two ticks. */
static void
test_stop_late (void)
{
  g_autoptr (GSocket) waiting = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  set_up (&fixture, "\"stopping\"");
  waiting = connect_to (fixture.port, "/keep", "", "\r\n");
  run_until (has_call, &fixture);
  porch_server_stop (fixture.server, on_stopped, &fixture);
  run_until (is_stopped, &fixture);
  porch_call_reply_empty (fixture.kept);
  g_assert_finalize_object (g_steal_pointer (&fixture.kept));
}

static void
test_listen_errors (void)
{
  static const struct {
    const char *address;
    int code;
  } cases[] = {
    { "0.0.0.0", PORCH_ERROR_UNSUPPORTED },
    { "192.0.2.1", PORCH_ERROR_UNSUPPORTED },
    { "::", PORCH_ERROR_UNSUPPORTED },
    { "localhost", PORCH_ERROR_UNSUPPORTED },
    { "::ffff:0.0.0.0", PORCH_ERROR_UNSUPPORTED },
  };
  Fixture fixture;

  set_up (&fixture, "\"errors\"");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (porch_server_listen (fixture.server, cases[i].address, 0, &error), ==, 0);
    g_assert_error (error, PORCH_ERROR, cases[i].code);
  }
  {
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (porch_server_listen (fixture.server, "127.0.0.1", fixture.port, &error), ==,
                      0);
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  }
  g_assert_finalize_object (fixture.server);
}

/* A socket file that a dead program left is taken over, one that is served is not, and other files
 * are left alone. */
static void
test_listen_unix (void)
{
  g_autofree char *folder = g_dir_make_tmp ("door-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "socket", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *long_name = g_strnfill (200, 'x');
  g_autofree char *long_path = g_build_filename (folder, long_name, NULL);
  g_autoptr (GError) error = NULL;
  Fixture first;
  Fixture second;

  set_up (&first, "\"first\"");
  set_up (&second, "\"second\"");
  g_assert_true (porch_server_listen_unix (first.server, path, &error));
  g_assert_no_error (error);
  g_assert_false (porch_server_listen_unix (second.server, path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_false (porch_server_listen_unix (second.server, long_path, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (file, "precious", -1, NULL));
  g_assert_false (porch_server_listen_unix (second.server, file, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  g_clear_error (&error);

  g_assert_finalize_object (first.server);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  {
    /* As after a crash: the name is there, and nobody behind it. */
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
    g_autoptr (GSocket) dead = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

    g_assert_true (g_socket_bind (dead, address, FALSE, NULL));
  }
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (porch_server_listen_unix (second.server, path, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (second.server);
  g_remove (file);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_test_init (&argc, &argv, NULL);
  g_main_context_push_thread_default (context);
  g_test_add_func ("/server/threads", test_threads);
  g_test_add_func ("/server/sudden-end", test_sudden_end);
  g_test_add_func ("/server/message-limit", test_message_limit);
  g_test_add_func ("/server/end-while-opening", test_end_while_opening);
  g_test_add_func ("/server/stop-late", test_stop_late);
  g_test_add_func ("/server/listen-errors", test_listen_errors);
  g_test_add_func ("/server/listen-unix", test_listen_unix);
  return g_test_run ();
}
