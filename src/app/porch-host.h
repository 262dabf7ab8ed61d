/* porch-host.h - the server as one piece: service, door, API and channels, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lives on the context that is the thread's default when it is made: the window's, or that of a
 * program without a window, or a private one in a test.
 */
#pragma once

#include "porch-service.h"

G_BEGIN_DECLS

typedef struct _PorchHost PorchHost;

/* Opens @folder and listens on its Unix socket. Fails as porch_service_open () does; IN_USE means
 * that somebody else serves the folder. Blocking: before the loop runs. */
PorchHost *porch_host_new (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes the file; after porch_host_stop () where there was somebody to tell. */
void porch_host_free (PorchHost *self);

/* Also for visitors. With @is_yielding a port that is taken is replaced by the next free one of
 * twenty, and the window is told; a @port of 0 picks one. The errors are those of
 * porch_server_listen (). From now on backups are due and secrets are looked for. */
gboolean porch_host_listen (PorchHost *self,
                            const char *address,
                            guint16 port,
                            gboolean is_yielding,
                            GError **error);
/* "http://127.0.0.1:8642", or NULL before it listens. Borrowed. */
const char *porch_host_get_address (PorchHost *self);
const char *porch_host_get_socket (PorchHost *self);
PorchService *porch_host_get_service (PorchHost *self);

/* Tells everybody, at most 3 s; then @done, which may run inside this call when nobody is served
 * just now, between two files. */
void porch_host_stop (PorchHost *self, void (*done) (gpointer data), gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchHost, porch_host_free)

G_END_DECLS
