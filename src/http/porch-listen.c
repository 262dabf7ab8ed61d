/* porch-listen.c - sockets that listen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-listen.h"

#include "porch-error.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128 /* GLib's own is 10, and clients beyond it wait a second */

/* One domain for all: what went wrong with @what. */
static void
wrap_error (GError **error, GError *cause, const char *what)
{
  int code = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ? PORCH_ERROR_IN_USE
             : g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
               ? PORCH_ERROR_FORBIDDEN
               : PORCH_ERROR_INTERNAL;

  g_set_error (error, PORCH_ERROR, code, "listening on %s: %s", what, cause->message);
}

static GSocket *
begin_listening (GSocketAddress *address, const char *what, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GSocket) socket =
    g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, 0, &cause);

  if (socket != NULL) {
    g_socket_set_blocking (socket, FALSE);
    g_socket_set_listen_backlog (socket, BACKLOG);
    /* Before it has a name, the descriptor's mode is the one that the name will get; a umask would
     * be the whole program's. */
    if (G_IS_UNIX_SOCKET_ADDRESS (address))
      fchmod (g_socket_get_fd (socket), S_IRUSR | S_IWUSR);
    if (g_socket_bind (socket, address, TRUE, &cause) && g_socket_listen (socket, &cause))
      return g_steal_pointer (&socket);
  }
  wrap_error (error, cause, what);
  return NULL;
}

GSocket *
porch_listen_tcp (const char *address, guint16 *port, GError **error)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autofree char *what = g_strdup_printf ("%s port %u", address, *port);
  g_autoptr (GSocketAddress) wanted = NULL;
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (inet == NULL || !g_inet_address_get_is_loopback (inet)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_UNSUPPORTED,
                 "listening on %s: not a loopback address, and without TLS only those", what);
    return NULL;
  }
  wanted = g_inet_socket_address_new (inet, *port);
  socket = begin_listening (wanted, what, error);
  if (socket == NULL)
    return NULL;
  got = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  return g_steal_pointer (&socket);
}

/* Whether somebody answers at the Unix socket. Never waits: a Unix socket says so at once. */
static gboolean
is_served (GSocketAddress *address)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr (GError) error = NULL;

  if (socket == NULL)
    return FALSE;
  g_socket_set_blocking (socket, FALSE);
  return g_socket_connect (socket, address, NULL, &error) ||
         !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

GSocket *
porch_listen_unix (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  struct stat old;

  if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LONG,
                 "listening on %s: the path is too long for a socket", path);
    return NULL;
  }
  address = g_unix_socket_address_new (path);
  if (lstat (path, &old) == 0 && S_ISSOCK (old.st_mode)) {
    if (is_served (address)) {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE, "listening on %s: it is served", path);
      return NULL;
    }
    unlink (path);
  }
  return begin_listening (address, path, error);
}
