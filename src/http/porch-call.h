/* porch-call.h - one HTTP request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A handler gets the call borrowed. It answers at once, or keeps a reference and answers later from
 * the same thread. A call whose last reference goes without an answer is answered 500. All strings
 * are borrowed and live as long as the call.
 */
#pragma once

#include <gio/gio.h>

#include "porch-socket.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CALL (porch_call_get_type ())
G_DECLARE_FINAL_TYPE (PorchCall, porch_call, PORCH, CALL, GObject)

const char *porch_call_get_verb (PorchCall *self);
const char *porch_call_get_path (PorchCall *self);
/* The segment that stood where the route says "{@name}", percent-decoded. */
const char *porch_call_get_param (PorchCall *self, const char *name);
/* NULL when absent or given twice. */
const char *porch_call_get_query (PorchCall *self, const char *name);
const char *porch_call_get_header (PorchCall *self, const char *name);
/* Of "Authorization: Bearer TOKEN"; NULL otherwise. */
const char *porch_call_get_bearer (PorchCall *self);
GBytes *porch_call_get_body (PorchCall *self);
/* Came over our Unix socket from our own uid. */
gboolean porch_call_is_local (PorchCall *self);
/* Came from a loopback address or the Unix socket. */
gboolean porch_call_is_loopback (PorchCall *self);
/* Came from there directly and calls us by a loopback name, as somebody at this computer types it:
 * a proxy in front makes everybody come from loopback, and a stranger's page can make its own name
 * mean that. */
gboolean porch_call_is_at_home (PorchCall *self);
/* "203.0.113.7", "2001:db8::/64", "unix": what limits count by. */
const char *porch_call_get_peer (PorchCall *self);

/* Adds a header of the answer; the usual ones (nosniff, no-referrer, no-store) are always there. */
void porch_call_set_header (PorchCall *self, const char *name, const char *value);

/* Each of these answers the call; a second answer is a bug of the caller. */
void porch_call_reply (PorchCall *self, guint status, const char *content_type, GBytes *body);
/* Takes @json. */
void porch_call_reply_json (PorchCall *self, guint status, GString *json);
/* 204 */
void porch_call_reply_empty (PorchCall *self);
/* An application/problem+json (RFC 9457) from a PORCH_ERROR: status and code by
 * wire/porch-problem.h. */
void porch_call_fail (PorchCall *self, const GError *error);
/* The same, made here. */
void porch_call_fail_code (PorchCall *self, int code, const char *message);
/* With Retry-After, and retry_after_ms in the problem. */
void porch_call_fail_later (PorchCall *self, int code, const char *message, guint retry_after_ms);

/* A static file: answered 200, or 304 when the client has it (strong ETag); @gzip (may be NULL)
 * goes to clients that accept it. @max_age in seconds, 0 for "ask again". */
void porch_call_reply_static (PorchCall *self,
                              const char *content_type,
                              GBytes *plain,
                              GBytes *gzip,
                              const char *etag,
                              guint max_age);
/* What is made for this call and has no tag: compressed here, for clients that accept it. */
void porch_call_reply_packed (PorchCall *self, const char *content_type, GBytes *body);

/* Answers 101 and hands the connection over: @func gets every whole text message, @closed ends it,
 * once. Answers 4xx itself and returns NULL when this is not a WebSocket handshake of version 13.
 * The socket is borrowed: it lives until @closed ran. Messages may be sent from the moment this
 * returns. */
PorchSocket *porch_call_upgrade (PorchCall *self,
                                 PorchSocketMessage func,
                                 PorchSocketClosed closed,
                                 gpointer data);

G_END_DECLS
