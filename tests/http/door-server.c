/* door-server.c - a PorchServer with a few handlers, for behaviour-test.py
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints one line of JSON with the port, then serves until POST /stop. The default context is never
 * run: a source of the door that went there would not work.
 */
#include "config.h"

#include "porch-server.h"

#include "porch-error.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGE (8 * 1024 * 1024)

typedef struct {
  GMainLoop *loop;
  PorchServer *server;
  GPtrArray *sockets;
  GPtrArray *kept; /* calls that are never answered */
  GString *codes;  /* close codes, in order */
  guint n_asked;   /* for answers that come later */
  guint n_late;    /* of them given */
  GBytes *page;
  GBytes *page_gzip;
  GBytes *large;
} Fixture;

typedef struct {
  Fixture *fixture;
  PorchCall *call;
  GSource *source;
} Late;

static void
reply_text (PorchCall *call, guint status, const char *format, ...)
{
  GString *json = g_string_new (NULL);
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (json, format, args);
  va_end (args);
  porch_call_reply_json (call, status, json);
}

static void
on_health (PorchCall *call, gpointer data)
{
  reply_text (call, 200, "{\"status\":\"ok\"}");
}

static void
on_stats (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;

  reply_text (call, 200,
              "{\"requests\":%u,\"sockets\":%u,\"asked\":%u,\"late\":%u,\"codes\":[%s],\"stalls\":%"
              "u,\"plain\":%s}",
              porch_server_count_requests (fixture->server),
              porch_server_count_sockets (fixture->server), fixture->n_asked, fixture->n_late,
              fixture->codes->str, porch_stall_get_count (),
              PORCH_STALL_GUARD == 2 ? "true" : "false");
}

static void
on_body (PorchCall *call, gpointer data)
{
  reply_text (call, 200, "{\"length\":%" G_GSIZE_FORMAT "}",
              g_bytes_get_size (porch_call_get_body (call)));
}

static const char *
or_none (const char *text)
{
  return text != NULL ? text : "-";
}

static void
on_item (PorchCall *call, gpointer data)
{
  reply_text (call, 200, "[\"%s\",\"%s\",\"%s\",\"%s\",\"%s\",%d,%d,%d,\"%s\"]",
              porch_call_get_verb (call), or_none (porch_call_get_param (call, "item")),
              or_none (porch_call_get_param (call, "part")),
              or_none (porch_call_get_query (call, "q")), or_none (porch_call_get_bearer (call)),
              porch_call_is_local (call), porch_call_is_loopback (call),
              porch_call_is_at_home (call), porch_call_get_peer (call));
}

static void
on_static (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;

  if (porch_call_get_header (call, "Origin") != NULL)
    porch_call_set_header (call, "Vary", "Origin");
  porch_call_reply_static (call, "text/javascript", fixture->page, fixture->page_gzip, "abc", 60);
}

static void
on_plain (PorchCall *call, gpointer data)
{
  porch_call_reply_static (call, "text/css", ((Fixture *) data)->page, NULL, "plain", 0);
}

static void
on_large (PorchCall *call, gpointer data)
{
  porch_call_reply (call, 200, "text/plain", ((Fixture *) data)->large);
}

static void
on_empty (PorchCall *call, gpointer data)
{
  porch_call_reply_empty (call);
}

static void
on_failing (PorchCall *call, gpointer data)
{
  porch_call_fail_later (call, PORCH_ERROR_RATE_LIMITED, "slow \"down\"", 1500);
}

static gboolean
on_late_due (gpointer data)
{
  Late *late = data;

  late->fixture->n_late++;
  if (g_str_equal (porch_call_get_path (late->call), "/late/ws"))
    porch_call_upgrade (late->call, NULL, NULL, NULL);
  else
    reply_text (late->call, 200, "{\"late\":true}");
  g_object_unref (late->call);
  g_source_unref (late->source);
  g_free (late);
  return G_SOURCE_REMOVE;
}

static void
on_late (PorchCall *call, gpointer data)
{
  const char *ms = porch_call_get_query (call, "ms");
  Late *late = g_new (Late, 1);

  *late = (Late){ data, g_object_ref (call), NULL };
  late->fixture->n_asked++;
  late->source = porch_source_timeout (ms != NULL ? atoi (ms) : 50, on_late_due, late);
}

static void
on_never (PorchCall *call, gpointer data)
{
  g_ptr_array_add (((Fixture *) data)->kept, g_object_ref (call));
}

/* Answers what /never kept, long after somebody else did. */
static void
on_revive (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < fixture->kept->len; i++)
    reply_text (g_ptr_array_index (fixture->kept, i), 200, "{}");
  reply_text (call, 200, "{\"revived\":%u}", fixture->kept->len);
  g_ptr_array_set_size (fixture->kept, 0);
}

static void
on_forgotten (PorchCall *call, gpointer data)
{
}

static void
flood (PorchSocket *socket)
{
  g_autofree char *text = g_strnfill (60000, 'f');
  g_autoptr (GBytes) frame = porch_socket_frame_take (g_string_new (text));

  /* Far more than the kernel and the queue take together. */
  for (guint i = 0; i < 400; i++)
    porch_socket_send (socket, frame);
}

static void
on_text (PorchSocket *socket, const char *text, gsize length, gpointer data)
{
  Fixture *fixture = data;
  GString *answer = g_string_new_len (text, length);

  if (g_str_has_prefix (answer->str, "!all ")) {
    g_autoptr (GBytes) frame = porch_socket_frame_take (g_steal_pointer (&answer));

    for (guint i = 0; i < fixture->sockets->len; i++)
      porch_socket_send (g_ptr_array_index (fixture->sockets, i), frame);
    return;
  }
  if (g_str_has_prefix (answer->str, "!close "))
    porch_socket_close (socket, atoi (answer->str + 7), "bye");
  else if (g_str_equal (answer->str, "!flood"))
    flood (socket);
  else if (g_str_equal (answer->str, "!silence"))
    g_string_printf (answer, "%u", porch_socket_get_silence (socket));
  porch_socket_send_take (socket, answer);
}

static void
on_closed (PorchSocket *socket, guint code, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (g_ptr_array_remove_fast (fixture->sockets, socket));
  g_string_append_printf (fixture->codes, "%s%u", fixture->codes->len > 0 ? "," : "", code);
}

static void
on_socket (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;
  PorchSocket *socket = porch_call_upgrade (call, on_text, on_closed, fixture);

  if (socket == NULL)
    return;
  g_ptr_array_add (fixture->sockets, socket);
  /* Before the 101 has gone out. */
  if (porch_call_get_query (call, "greet") != NULL)
    porch_socket_send_take (socket, g_string_new ("hello"));
  if (porch_call_get_query (call, "refuse") != NULL)
    porch_socket_close (socket, 4401, "who are you");
}

static void
on_stopped (gpointer data)
{
  Fixture *fixture = data;

  g_clear_object (&fixture->server);
  g_main_loop_quit (fixture->loop);
}

static void
on_stop (PorchCall *call, gpointer data)
{
  Fixture *fixture = data;

  porch_server_stop (fixture->server, on_stopped, fixture);
  reply_text (call, 200, "{}");
}

/* clang-format off */
static const PorchRoute routes[] = {
  { "GET", "/healthz", 0, on_health },
  { "GET", "/stats", 0, on_stats },
  { "POST", "/body", 65536, on_body },
  { "GET", "/items/{item}", 0, on_item },
  { "DELETE", "/items/{item}", 0, on_item },
  { "GET", "/items/{item}/parts/{part}", 0, on_item },
  { "GET", "/static", 0, on_static },
  { "GET", "/plain", 0, on_plain },
  { "GET", "/large", 0, on_large },
  { "POST", "/empty", 0, on_empty },
  { "GET", "/failing", 0, on_failing },
  { "GET", "/late", 0, on_late },
  { "GET", "/late/ws", 0, on_late },
  { "GET", "/never", 0, on_never },
  { "GET", "/revive", 0, on_revive },
  { "GET", "/forgotten", 0, on_forgotten },
  { "GET", "/ws", 0, on_socket },
  { "POST", "/stop", 0, on_stop },
};
/* clang-format on */

static gboolean
listen_everywhere (Fixture *fixture, const char *unix_path, guint16 *port, GError **error)
{
  const char *const proxies[] = { "127.0.0.1", NULL };
  const char *const hosts[] = { "chat.example.com", "other.example:8443", NULL };

  porch_server_add_routes (fixture->server, routes, G_N_ELEMENTS (routes), fixture);
  porch_server_set_hosts (fixture->server, hosts);
  porch_server_set_proxies (fixture->server, proxies);
  *port = porch_server_listen (fixture->server, "127.0.0.1", 0, error);
  return *port != 0 && porch_server_listen_unix (fixture->server, unix_path, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  PorchLimits limits;
  Fixture fixture = { 0 };
  guint16 port = 0;

  g_assert_cmpint (argc, ==, 4); /* TICK-MS REQUESTS-MAX SOCKET-PATH */
  g_main_context_push_thread_default (context);
  porch_limits_init (&limits);
  limits.tick_ms = atoi (argv[1]);
  limits.requests_max = atoi (argv[2]);
  fixture.loop = g_main_loop_new (context, FALSE);
  fixture.sockets = g_ptr_array_new ();
  fixture.kept = g_ptr_array_new_with_free_func (g_object_unref);
  fixture.codes = g_string_new (NULL);
  fixture.page = g_bytes_new_static ("plain", 5);
  fixture.page_gzip = g_bytes_new_static ("zipped", 6);
  fixture.large = g_bytes_new_take (g_strnfill (LARGE, 'x'), LARGE);
  fixture.server = porch_server_new (&limits);
  if (!listen_everywhere (&fixture, argv[3], &port, &error))
    g_error ("%s", error->message);

  printf ("{\"port\":%u}\n", port);
  fflush (stdout);
  g_main_loop_run (fixture.loop);
  g_assert_null (fixture.server);
  g_assert_cmpuint (fixture.sockets->len, ==, 0);
  g_ptr_array_unref (fixture.kept);
  g_ptr_array_unref (fixture.sockets);
  g_string_free (fixture.codes, TRUE);
  g_bytes_unref (fixture.page);
  g_bytes_unref (fixture.page_gzip);
  g_bytes_unref (fixture.large);
  g_main_loop_unref (fixture.loop);
  g_main_context_pop_thread_default (context);
  return 0;
}
