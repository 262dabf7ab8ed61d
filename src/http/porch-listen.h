/* porch-listen.h - sockets that listen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TCP; only loopback addresses. @port 0 picks one and is set to it. */
GSocket *
porch_listen_tcp (const char *address, guint16 *port, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Mode 0600. A socket that nobody serves any more is replaced. */
GSocket *porch_listen_unix (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
