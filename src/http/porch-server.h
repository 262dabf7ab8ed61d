/* porch-server.h - the network door: gate, libsoup, routes, sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Knows no word of chat. Everything runs on the context that was the thread's default when the
 * server was made; all functions belong to that thread.
 */
#pragma once

#include <gio/gio.h>

#include "porch-call.h"

G_BEGIN_DECLS

/* Every limit of the door. Times are in ticks of the wheel, a second each unless @tick_ms says
 * else. */
typedef struct {
  guint tick_ms;           /* 1000; tests make a "second" shorter */
  gsize head_max;          /* 16 KiB */
  guint headers_max;       /* 64 */
  guint head_ticks;        /* 10 */
  guint body_ticks;        /* 30, and one more per 64 KiB */
  guint reply_ticks;       /* 60 */
  guint requests_max;      /* 512 HTTP connections in flight */
  guint sockets_max;       /* RLIMIT_NOFILE - 1000, the soft limit raised to the hard one */
  guint sockets_per_peer;  /* 128 */
  guint requests_per_peer; /* 600 a minute */
  gsize message_max;       /* 64 KiB */
  guint fragments_max;     /* 64 */
  gsize queue_max;         /* 1 MiB to a slow reader, then 4408 */
  guint ping_ticks;        /* 25 of silence, then a ping of the protocol */
  guint dead_ticks;        /* 60 */
} PorchLimits;

/* What is written beside the members, less where this process may not open so many files. */
void porch_limits_init (PorchLimits *limits);

/* One row of a table of paths. "{name}" in a path stands for one segment, read with
 * porch_call_get_param (). HEAD is answered where GET is, OPTIONS by @cors alone. */
typedef struct {
  const char *verb;
  const char *path;
  gsize body_max; /* bytes; more is refused before the body is read */
  void (*handle) (PorchCall *call, gpointer data);
} PorchRoute;

#define PORCH_TYPE_SERVER (porch_server_get_type ())
G_DECLARE_FINAL_TYPE (PorchServer, porch_server, PORCH, SERVER, GObject)

/* Copies @limits. Also raises the process's soft limit of open files to the hard one. */
PorchServer *porch_server_new (const PorchLimits *limits) G_GNUC_WARN_UNUSED_RESULT;

/* Adds @n_routes rows, which must outlive the server; @data is given to their handlers. Unknown
 * paths get 404, unknown verbs 405. Of two rows with the same path and verb the first is taken. */
void porch_server_add_routes (PorchServer *self,
                              const PorchRoute *routes,
                              guint n_routes,
                              gpointer data);

/* Names that Host may have besides the loopback names, each with the port of a listener or, as
 * written, with its own: "chat.example.com", "chat.example.com:8443". Copied; NULL for none. On the
 * Unix socket any Host will do. */
void porch_server_set_hosts (PorchServer *self, const char *const *hosts);
/* Addresses of proxies on this computer, as g_inet_address_to_string () writes them: for what they
 * pass on, the address counts that they name in X-Forwarded-For. Nobody else is believed. Copied;
 * an empty list, not NULL, for none. */
void porch_server_set_proxies (PorchServer *self, const char *const *addresses);
/* A trusted proxy passed something on and did not say for whom: then only the totals hold for what
 * comes through it. Until one says so again, or others are trusted. */
gboolean porch_server_is_proxy_silent (PorchServer *self);
/* Told when that changes, on the server's thread. One listener; may run inside
 * porch_server_set_proxies (). */
typedef void (*PorchProxySilent) (gpointer data);
void porch_server_on_proxy_silent (PorchServer *self, PorchProxySilent func, gpointer data);
/* From now on; what is in already stays. Only tick_ms cannot be changed any more. */
void porch_server_set_limits (PorchServer *self, const PorchLimits *limits);

/* Plain TCP on @address ("127.0.0.1", "::1"). Port 0 picks one. Returns the port, or 0 with @error:
 * PORCH_ERROR_IN_USE when it is taken, FORBIDDEN when the system does not let us, UNSUPPORTED for
 * an address that is not loopback, since without TLS only those are accepted. */
guint16 porch_server_listen (PorchServer *self, const char *address, guint16 port, GError **error);
/* A Unix socket at @path, mode 0600; only our own uid is let in, and such a call is local. The
 * errors are those of porch_listen_unix (). The name is removed when the server stops. */
gboolean porch_server_listen_unix (PorchServer *self, const char *path, GError **error);

/* Stops listening, tells every socket 1001, and is done when all are gone or after 2 ticks; what is
 * left is cut then. Runs @done once, on the server's context and never inside this call; it may let
 * go of the server. Not to be called twice. */
void porch_server_stop (PorchServer *self, void (*done) (gpointer data), gpointer data);

guint porch_server_count_sockets (PorchServer *self);
/* HTTP connections in flight, without those that found no place. */
guint porch_server_count_requests (PorchServer *self);

G_END_DECLS
