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
/* The segment that stood where the route says "{@name}", percent-decoded: never empty, "." or "..",
 * but perhaps with a "/" in it. NULL when the route has no such name. */
const char *porch_call_get_param (PorchCall *self, const char *name);
/* Decoded as a form's: a "+" is a blank. NULL when absent or given twice, "" for a name without a
 * value. */
const char *porch_call_get_query (PorchCall *self, const char *name);
/* Of a header that came several times all values, joined by ", ". NULL when absent. */
const char *porch_call_get_header (PorchCall *self, const char *name);
/* Of "Authorization: Bearer TOKEN"; NULL otherwise. */
const char *porch_call_get_bearer (PorchCall *self);
/* Borrowed, and whole: a handler runs when all of Content-Length has come, at most the route's
 * body_max. Empty when there is none. */
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

/* Adds a header of the answer, so before it is given; the usual ones (nosniff, no-referrer,
 * no-store) are always there. A second value takes the place of the first, but for Vary, which is a
 * list. @value must not have line ends: whoever builds one from what came in checks that. */
void porch_call_set_header (PorchCall *self, const char *name, const char *value);

/* Each of these answers the call; a second answer is a bug of the caller. When the client has left
 * or the server is gone it does nothing, so nobody needs to ask. @content_type and @body may be
 * NULL; @body is borrowed. */
void porch_call_reply (PorchCall *self, guint status, const char *content_type, GBytes *body);
/* Takes @json. */
void porch_call_reply_json (PorchCall *self, guint status, GString *json);
/* 204 */
void porch_call_reply_empty (PorchCall *self);
/* An application/problem+json (RFC 9457) from a PORCH_ERROR: status and code by
 * wire/porch-problem.h. An error of another domain is told as PORCH_ERROR_INTERNAL, without its
 * text. @error stays the caller's. */
void porch_call_fail (PorchCall *self, const GError *error);
/* The same, made here. */
void porch_call_fail_code (PorchCall *self, int code, const char *message);
/* With retry_after_ms in the problem, and the same rounded up to seconds as Retry-After. */
void porch_call_fail_later (PorchCall *self, int code, const char *message, guint retry_after_ms);

/* A static file: answered 200, or 304 when the client has it (strong ETag, made of @etag, which
 * comes without quotes); @gzip (may be NULL) goes to clients that accept it, under a tag of its
 * own. @max_age in seconds, 0 for "ask again". The bytes are borrowed. */
void porch_call_reply_static (PorchCall *self,
                              const char *content_type,
                              GBytes *plain,
                              GBytes *gzip,
                              const char *etag,
                              guint max_age);
/* Answers 200 with what is made for this call and has no tag. For clients that accept it, it is
 * compressed here, on the main loop, so it should be small; where that gains nothing it goes as it
 * is. */
void porch_call_reply_packed (PorchCall *self, const char *content_type, GBytes *body);

/* Answers 101 and hands the connection over: @func gets every whole text message, @closed ends it,
 * once. Answers the problem itself and returns NULL when this is not a WebSocket handshake (RFC
 * 6455 section 4.2.1) of version 13, when there is no place for a socket, when the server stops,
 * and when nobody is there any more; then @closed never runs. The socket is borrowed: it lives
 * until @closed ran. Messages may be sent from the moment this returns. */
PorchSocket *porch_call_upgrade (PorchCall *self,
                                 PorchSocketMessage func,
                                 PorchSocketClosed closed,
                                 gpointer data);

G_END_DECLS
