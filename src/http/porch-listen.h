/* porch-listen.h - sockets that listen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TCP; only loopback addresses. @port 0 picks one and is set to it. PORCH_ERROR_UNSUPPORTED for any
 * other address, IN_USE, FORBIDDEN when the system does not let us, else INTERNAL. */
GSocket *
porch_listen_tcp (const char *address, guint16 *port, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Mode 0600. A socket that nobody serves any more is replaced; one that is served, and any other
 * kind of file, stays and is PORCH_ERROR_IN_USE. PORCH_ERROR_TOO_LONG for a path that does not fit
 * into an address (107 bytes on Linux), FORBIDDEN where we may not write. */
GSocket *porch_listen_unix (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
