/* porch-host.c - the server as one piece: service, door, API and channels, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-host.h"

#include "porch-api.h"
#include "porch-error.h"
#include "porch-paths.h"
#include "porch-vault-keyring.h"
#include "porch-widget.h"

#include <string.h>

#define PORTS_TRIED 20

struct _PorchHost {
  PorchSecrets *secrets;
  PorchService *service;
  PorchServer *server;
  PorchApi *api;
  PorchWidget *widget;
  char *socket, *address;
};

static void
read_limits (PorchService *service, PorchLimits *limits)
{
  porch_limits_init (limits);
  limits->sockets_per_peer =
    porch_service_get_number (service, "sockets_per_peer", limits->sockets_per_peer);
  limits->requests_per_peer =
    porch_service_get_number (service, "requests_per_peer_min", limits->requests_per_peer);
  limits->requests_max =
    porch_service_get_number (service, "requests_in_flight", limits->requests_max);
}

PorchHost *
porch_host_new (const char *folder, GError **error)
{
  g_autoptr (PorchHost) self = g_new0 (PorchHost, 1);
  PorchLimits limits;

  self->service = porch_service_open (folder, error);
  if (self->service == NULL)
    return NULL;
  read_limits (self->service, &limits);
  self->server = porch_server_new (&limits);
  self->api = porch_api_new (self->service, self->server);
  self->secrets = porch_secrets_new (folder, porch_vault_keyring_new ());
  porch_api_set_secrets (self->api, self->secrets);
  self->widget = porch_widget_new (self->service, self->server);
  self->socket = porch_paths_dup_socket (folder);
  if (!porch_server_listen_unix (self->server, self->socket, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
porch_host_free (PorchHost *self)
{
  /* The store answers what was begun, and the last sockets close, while api and channels still hear
   * it. */
  if (self->secrets != NULL)
    porch_secrets_close (self->secrets);
  if (self->service != NULL)
    porch_service_close (self->service);
  g_clear_object (&self->server);
  g_clear_pointer (&self->widget, porch_widget_free);
  g_clear_pointer (&self->api, porch_api_free);
  g_clear_object (&self->service);
  g_clear_object (&self->secrets);
  g_free (self->socket);
  g_free (self->address);
  g_free (self);
}

gboolean
porch_host_listen (PorchHost *self,
                   const char *address,
                   guint16 port,
                   gboolean is_yielding,
                   GError **error)
{
  const char *warning = NULL;
  guint16 got = 0;

  for (guint i = 0; got == 0; i++) {
    g_autoptr (GError) failure = NULL;

    got = porch_server_listen (self->server, address, port != 0 ? port + i : 0, &failure);
    if (got != 0)
      break;
    if (!is_yielding || i + 1 == PORTS_TRIED ||
        !g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_IN_USE)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    warning = "port_taken";
  }
  g_free (self->address);
  self->address = g_strdup_printf (
    strchr (address, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", address, got);
  porch_api_set_address (self->api, self->address, warning);
  return TRUE;
}

const char *
porch_host_get_address (PorchHost *self)
{
  return self->address;
}

const char *
porch_host_get_socket (PorchHost *self)
{
  return self->socket;
}

PorchService *
porch_host_get_service (PorchHost *self)
{
  return self->service;
}

void
porch_host_stop (PorchHost *self, void (*done) (gpointer data), gpointer data)
{
  porch_widget_stop (self->widget);
  porch_server_stop (self->server, done, data);
}
