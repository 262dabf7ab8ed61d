/* porch-client.h - one signed-in connection to a server: calls and the stream of events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window is always a client, also of the server in its own process: then over the Unix socket,
 * where the kernel says who we are. Everything runs on the thread-default context of its making;
 * nothing blocks.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "porch-agent.h"
#include "porch-ops.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_LINK_CONNECTING, /* for the first time */
  PORCH_LINK_SET_UP,     /* the server has no business yet: porch_client_set_up_async () */
  PORCH_LINK_LIVE,
  PORCH_LINK_OFFLINE, /* not reached; comes back by itself, or at once with porch_client_retry () */
  PORCH_LINK_REFUSED, /* signed out, disabled: needs a person */
} PorchLink;
GType porch_link_get_type (void);

#define PORCH_TYPE_CLIENT (porch_client_get_type ())
G_DECLARE_FINAL_TYPE (PorchClient, porch_client, PORCH, CLIENT, GObject)

/* Properties (all read-only, notify on change):
 *   "link"          PorchLink
 *   "agent"         PorchAgent, who we are; NULL before the first answer
 *   "business"      string
 *   "site-id"       string, of the first site
 *   "site-key"      string, the key in its snippet
 *   "site-domains"  string, all its domains, with blanks between
 *   "address"       string, "http://127.0.0.1:8642": where visitors reach the server; NULL: nowhere
 *   "public-address" string, "https://chat.example.com": by which name they call it; NULL: by that
 *   "warning"       string: code of what the owner should know, "" for nothing
 *   "trouble"       string: code of why the server can keep nothing, "" while it can
 *   "keeping"       string: code of what is wrong with backups and secrets, "" for nothing; admins
 *                   alone are told. "unsealed": a copy from before an update is
 *   "heard-at"      GDateTime of the last byte from the server
 * Signals:
 *   "event" (JsonObject *frame)   each frame of the stream after `ready`, in order, once
 *   "reset" ()                    forget everything and load it again: another epoch, or the log
 *                                 no longer reaches back to what we saw last
 */

/* @unix_path: the server's socket; or NULL and @base_url ("https://…") with @token. All copied. */
PorchClient *porch_client_new (const char *unix_path,
                               const char *base_url,
                               const char *token) G_GNUC_WARN_UNUSED_RESULT;
/* Once. Until then every call ends as cancelled. */
void porch_client_start (PorchClient *self);
/* Knocks at once, also after a refusal; nothing while the line is there. */
void porch_client_retry (PorchClient *self);
/* Ends the stream and every call that is on its way (G_IO_ERROR_CANCELLED), for good. */
void porch_client_close (PorchClient *self);

PorchLink porch_client_get_link (PorchClient *self);
/* Borrowed. It stays the same object as long as it is the same agent. */
PorchAgent *porch_client_get_agent (PorchClient *self);
const char *porch_client_get_business (PorchClient *self);
const char *porch_client_get_site_key (PorchClient *self);
const char *porch_client_get_address (PorchClient *self);
const char *porch_client_get_public_address (PorchClient *self);
/* Asks anew what the server is, as its owner may have set an address meanwhile. */
void porch_client_look_again (PorchClient *self);
/* <script async src="…/widget.js" data-site="…"></script>; NULL while visitors can reach nothing.
 */
char *porch_client_dup_snippet (PorchClient *self);
/* "…/try" */
char *porch_client_dup_try_url (PorchClient *self);

/* Calls operation @op. @param fills its path, @query is "a=b&c=d" (encoded by the caller) or NULL,
 * @body is JSON or NULL (taken). The answer is a tree of the caller's, NULL with an error
 * otherwise: a PORCH_ERROR of the server's, OFFLINE when it could not be reached or something
 * between answered for it, or G_IO_ERROR_CANCELLED, also when the client is closed or not started.
 * An empty answer (204) is a null node. */
void porch_client_call_async (PorchClient *self,
                              PorchOpId op,
                              const char *param,
                              const char *query,
                              GString *body,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
JsonNode *porch_client_call_finish (PorchClient *self,
                                    GAsyncResult *result,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* First run. Ends when the link is decided, which need not be LIVE, and when the client is closed;
 * with an error only when the server refused or was not reached. */
void porch_client_set_up_async (PorchClient *self,
                                const char *business,
                                const char *name,
                                const char *domain,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean porch_client_set_up_finish (PorchClient *self, GAsyncResult *result, GError **error);

/* Changes what the first site is called and where it is; what is NULL stays. BAD_MESSAGE when
 * @domains (between blanks or commas) has what is no address of a website. */
void porch_client_update_site_async (PorchClient *self,
                                     const char *name,
                                     const char *domains,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean porch_client_update_site_finish (PorchClient *self, GAsyncResult *result, GError **error);

/* Told at once, or when the line is back: the last wish counts. */
void porch_client_set_status (PorchClient *self, PorchStatus status);

G_END_DECLS
