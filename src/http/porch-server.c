/* porch-server.c - the network door: gate, libsoup, routes, sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-server.h"

#include "porch-call-private.h"
#include "porch-carrier.h"
#include "porch-gate.h"
#include "porch-listen.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <sys/resource.h>
#include <unistd.h>

#define RATE_KEYS_MAX   16384
#define SPARE_FILES     1000 /* for HTTP connections, the database and everything else */
#define STOP_LOOK_MS    20
#define STOP_TICKS      2
#define DISMISS_AT_ONCE 256

struct _PorchServer {
  GObject parent_instance;
  PorchDoor door;
  PorchGate *gate;
  PorchCarrier *carrier;
  SoupServer *soup;
  GPtrArray *unix_paths;
  GSource *stopping;
  PorchTimer stop_deadline;
  gboolean is_late;
  void (*stopped) (gpointer data);
  gpointer stopped_data;
};

G_DEFINE_FINAL_TYPE (PorchServer, porch_server, G_TYPE_OBJECT)

static guint
get_files_max (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0)
    return 1024;
  return (guint) MIN (files.rlim_max, G_MAXINT);
}

void
porch_limits_init (PorchLimits *limits)
{
  guint files_max = get_files_max ();

  *limits = (PorchLimits){
    .tick_ms = 1000,
    .head_max = 16 * 1024,
    .headers_max = 64,
    .head_ticks = 10,
    .body_ticks = 30,
    .reply_ticks = 60,
    .requests_max = MIN (512, files_max / 4),
    .sockets_max = files_max > 2 * SPARE_FILES ? files_max - SPARE_FILES : files_max / 4,
    .sockets_per_peer = 128,
    .requests_per_peer = 600,
    .message_max = 64 * 1024,
    .fragments_max = 64,
    .queue_max = 1024 * 1024,
    .ping_ticks = 25,
    .dead_ticks = 60,
  };
}

/* A desktop session starts its programs with a soft limit of 1024, whatever the hard one is. */
static void
raise_files (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max)
    return;
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
}

/* ---- libsoup's side ---- */

static void
on_got_headers (SoupServerMessage *message, gpointer data)
{
  /* libsoup's own partial answers stay unused. */
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
}

/* Before anything is known of the request, so that libsoup's own answers have these headers, too.
 */
static void
on_request_started (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  porch_call_guard (message);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_got_headers), NULL);
}

/* No route can be asked for what only a browser's check is about. */
static void
handle (PorchCall *call, const PorchMatch *match)
{
  if (g_str_equal (porch_call_get_verb (call), "OPTIONS"))
    porch_call_refuse (call, 405);
  else
    match->route->handle (call, match->data);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  g_autoptr (PorchServer) self = g_object_ref (data);
  PorchStream *stream =
    porch_stream_from_address (soup_server_message_get_remote_address (message));
  gint64 begin = porch_stall_begin ();
  g_autoptr (PorchCall) call = porch_call_new (message, stream);

  if (!call->is_answered)
    handle (call, &stream->request.match);
  porch_call_settle (call);
  porch_stall_end (begin, stream->request.match.route->path);
}

static void
on_admitted (PorchStream *stream, gpointer data)
{
  PorchServer *self = data;

  soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), stream->remote, stream->remote,
                               NULL);
}

/* ---- the object ---- */

static void
shut_gate (PorchServer *self)
{
  if (self->gate != NULL)
    porch_gate_shut (self->gate);
  for (guint i = 0; i < self->unix_paths->len; i++)
    unlink (g_ptr_array_index (self->unix_paths, i));
  g_ptr_array_set_size (self->unix_paths, 0);
}

static void
porch_server_dispose (GObject *object)
{
  PorchServer *self = PORCH_SERVER (object);

  self->door.is_stopping = TRUE;
  porch_source_clear (&self->stopping);
  porch_timer_clear (&self->stop_deadline);
  shut_gate (self);
  /* Calls whose handler is still at it learn that nobody waits, and give up their sockets. */
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_pointer (&self->carrier, porch_carrier_free);
  g_clear_pointer (&self->gate, porch_gate_free);
  g_clear_object (&self->soup);
  G_OBJECT_CLASS (porch_server_parent_class)->dispose (object);
}

static void
porch_server_finalize (GObject *object)
{
  PorchServer *self = PORCH_SERVER (object);

  g_ptr_array_unref (self->unix_paths);
  porch_peers_free (self->door.peers);
  porch_rate_free (self->door.rate);
  porch_router_free (self->door.router);
  porch_wheel_free (self->door.wheel);
  g_strfreev (self->door.hosts);
  g_strfreev (self->door.proxies);
  G_OBJECT_CLASS (porch_server_parent_class)->finalize (object);
}

static void
porch_server_class_init (PorchServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = porch_server_finalize;
}

static void
porch_server_init (PorchServer *self)
{
  self->unix_paths = g_ptr_array_new_with_free_func (g_free);
}

PorchServer *
porch_server_new (const PorchLimits *limits)
{
  PorchServer *self = g_object_new (PORCH_TYPE_SERVER, NULL);
  PorchDoor *door = &self->door;

  raise_files ();
  door->limits = *limits;
  door->wheel = porch_wheel_new (limits->tick_ms);
  door->peers = porch_peers_new (&door->limits);
  door->rate = porch_rate_new (limits->requests_per_peer, limits->requests_per_peer, RATE_KEYS_MAX);
  door->router = porch_router_new ();
  self->gate = porch_gate_new (door, on_admitted, self);
  self->carrier = porch_carrier_new (door);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_request_started), NULL);
  return self;
}

void
porch_server_add_routes (PorchServer *self, const PorchRoute *routes, guint n_routes, gpointer data)
{
  porch_router_add (self->door.router, routes, n_routes, data);
}

void
porch_server_set_hosts (PorchServer *self, const char *const *hosts)
{
  g_strfreev (self->door.hosts);
  self->door.hosts = g_strdupv ((char **) hosts);
}

void
porch_server_set_proxies (PorchServer *self, const char *const *addresses)
{
  char **before = self->door.proxies;
  const gboolean is_same = before != NULL && g_strv_equal ((const char *const *) before, addresses);

  if (is_same)
    return;
  g_strfreev (before);
  self->door.proxies = g_strdupv ((char **) addresses);
  if (!self->door.is_proxy_silent)
    return;
  self->door.is_proxy_silent = FALSE;
  if (self->door.silence_changed != NULL)
    self->door.silence_changed (self->door.silence_data);
}

gboolean
porch_server_is_proxy_silent (PorchServer *self)
{
  return self->door.is_proxy_silent;
}

void
porch_server_on_proxy_silent (PorchServer *self, PorchProxySilent func, gpointer data)
{
  self->door.silence_changed = func;
  self->door.silence_data = data;
}

void
porch_server_set_limits (PorchServer *self, const PorchLimits *limits)
{
  const guint tick_ms = self->door.limits.tick_ms;

  self->door.limits = *limits;
  /* The wheel turns as it was made. */
  self->door.limits.tick_ms = tick_ms;
  porch_rate_set (self->door.rate, limits->requests_per_peer, limits->requests_per_peer);
}

guint16
porch_server_listen (PorchServer *self, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = porch_listen_tcp (address, &port, error);

  if (socket == NULL)
    return 0;
  porch_gate_watch (self->gate, socket, port);
  return port;
}

gboolean
porch_server_listen_unix (PorchServer *self, const char *path, GError **error)
{
  g_autoptr (GSocket) socket = porch_listen_unix (path, error);

  if (socket == NULL)
    return FALSE;
  porch_gate_watch (self->gate, socket, 0);
  g_ptr_array_add (self->unix_paths, g_strdup (path));
  return TRUE;
}

static void
on_stop_deadline (PorchTimer *timer)
{
  PorchServer *self =
    (PorchServer *) (gpointer) ((guint8 *) timer - G_STRUCT_OFFSET (PorchServer, stop_deadline));

  self->is_late = TRUE;
}

/* Looks now and then instead of being told by each that ends: it is a matter of a moment, once. Ten
 * thousand goodbyes at once would hold the loop, so they are said in portions. */
static gboolean
on_stopping (gpointer data)
{
  g_autoptr (PorchServer) self = g_object_ref (data);
  gboolean has_more = porch_carrier_dismiss (self->carrier, self->is_late, DISMISS_AT_ONCE);
  gboolean is_empty =
    porch_server_count_sockets (self) == 0 && porch_server_count_requests (self) == 0;

  if (has_more || (!self->is_late && !is_empty))
    return G_SOURCE_CONTINUE;
  if (!is_empty)
    soup_server_disconnect (self->soup);
  porch_timer_clear (&self->stop_deadline);
  g_clear_pointer (&self->stopping, g_source_unref);
  /* The caller may let go of the server now; our own reference ends after. */
  self->stopped (self->stopped_data);
  return G_SOURCE_REMOVE;
}

void
porch_server_stop (PorchServer *self, void (*done) (gpointer data), gpointer data)
{
  g_return_if_fail (!self->door.is_stopping);
  self->door.is_stopping = TRUE;
  self->stopped = done;
  self->stopped_data = data;
  shut_gate (self);
  self->stop_deadline.fire = on_stop_deadline;
  porch_timer_set (&self->stop_deadline, self->door.wheel, STOP_TICKS);
  self->stopping = porch_source_timeout (STOP_LOOK_MS, on_stopping, self);
}

guint
porch_server_count_sockets (PorchServer *self)
{
  return porch_carrier_count (self->carrier);
}

guint
porch_server_count_requests (PorchServer *self)
{
  return porch_peers_count (self->door.peers, PORCH_PLACE_REQUEST);
}
