/* porch-host.c - the server as one piece: service, door, API and channels, put together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-host.h"

#include "porch-address.h"
#include "porch-api.h"
#include "porch-error.h"
#include "porch-paths.h"
#include "porch-source.h"
#include "porch-store.h"
#include "porch-vault-keyring.h"
#include "porch-widget.h"

#include <string.h>

#define PORTS_TRIED 20

struct _PorchHost {
  /* Outlive a restart. */
  char *folder, *socket;
  PorchSecrets *secrets;
  PorchBackups *backups;
  char *wanted, *address, *warning; /* where it listens: as it was asked for, and as it is */
  guint16 port;

  PorchService *service;
  PorchServer *server;
  PorchApi *api;
  PorchWidget *widget;

  gboolean is_stopping;
  GSource *restart;
  void (*stopped) (gpointer data);
  gpointer stopped_data;
};

static void on_ready (gpointer data);

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

/* What Host says to a server of this address; some proxies also write the usual port. */
static char **
list_hosts (const char *public_address)
{
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  g_auto (PorchAddress) address = { 0 };

  if (public_address != NULL && porch_address_parse (public_address, &address)) {
    g_autofree char *authority = porch_address_to_authority (&address);

    g_strv_builder_add (hosts, authority);
    if (address.port == 0) {
      g_autofree char *whole = g_strconcat (authority, address.is_plain ? ":80" : ":443", NULL);

      g_strv_builder_add (hosts, whole);
    }
  }
  return g_strv_builder_end (hosts);
}

static void
read_names (PorchHost *self)
{
  const char *proxies = porch_service_get_text (self->service, "trusted_proxy");
  g_auto (GStrv) hosts = list_hosts (porch_service_get_text (self->service, "public_address"));
  g_auto (GStrv) addresses = g_strsplit (proxies != NULL ? proxies : "", " ", -1);

  porch_server_set_hosts (self->server, (const char *const *) hosts);
  porch_server_set_proxies (self->server, (const char *const *) addresses);
}

static void
on_settings (gpointer data)
{
  PorchHost *self = data;
  PorchLimits limits;

  read_limits (self->service, &limits);
  porch_server_set_limits (self->server, &limits);
  porch_widget_read_settings (self->widget);
  read_names (self);
}

/* What is made anew when another file takes the place of this one. */
static gboolean
open_parts (PorchHost *self, GError **error)
{
  PorchLimits limits;

  self->service = porch_service_open (self->folder, error);
  if (self->service == NULL)
    return FALSE;
  read_limits (self->service, &limits);
  self->server = porch_server_new (&limits);
  self->api = porch_api_new (self->service, self->server);
  self->widget = porch_widget_new (self->service, self->server);
  read_names (self);
  porch_service_on_settings (self->service, on_settings, self);
  return porch_server_listen_unix (self->server, self->socket, error);
}

static void
close_parts (PorchHost *self)
{
  /* The store answers what was begun, and the last sockets close, while api and channels still hear
   * it. */
  if (self->service != NULL) {
    porch_service_close (self->service);
    porch_service_on_settings (self->service, NULL, NULL);
  }
  g_clear_object (&self->server);
  g_clear_pointer (&self->widget, porch_widget_free);
  g_clear_pointer (&self->api, porch_api_free);
  g_clear_object (&self->service);
}

PorchHost *
porch_host_new (const char *folder, GError **error)
{
  g_autoptr (PorchHost) self = g_new0 (PorchHost, 1);

  self->folder = g_strdup (folder);
  self->socket = porch_paths_dup_socket (folder);
  if (!open_parts (self, error))
    return NULL;
  self->secrets = porch_secrets_new (folder, porch_vault_keyring_new ());
  self->backups = porch_backups_new (folder, self->secrets);
  porch_backups_on_ready (self->backups, on_ready, self);
  porch_api_set_keepers (self->api, self->secrets, self->backups);
  return g_steal_pointer (&self);
}

void
porch_host_free (PorchHost *self)
{
  porch_source_clear (&self->restart);
  if (self->secrets != NULL)
    porch_secrets_close (self->secrets);
  if (self->backups != NULL)
    porch_backups_close (self->backups);
  close_parts (self);
  g_clear_object (&self->backups);
  g_clear_object (&self->secrets);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->socket, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->warning, g_free);
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
  g_clear_pointer (&self->wanted, g_free);
  self->wanted = g_strdup (address);
  self->port = got;
  g_clear_pointer (&self->address, g_free);
  self->address = g_strdup_printf (
    strchr (address, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", address, got);
  g_clear_pointer (&self->warning, g_free);
  self->warning = g_strdup (warning);
  porch_api_set_address (self->api, self->address, warning);
  porch_secrets_start (self->secrets);
  porch_backups_start (self->backups);
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
  const gboolean is_told = self->is_stopping;

  /* Between the two files: whoever wants to end needs none of them. */
  if (self->restart != NULL) {
    porch_source_clear (&self->restart);
    done (data);
    return;
  }
  self->is_stopping = TRUE;
  self->stopped = done;
  self->stopped_data = data;
  /* Who is told already is not told again. */
  if (is_told)
    return;
  porch_widget_stop (self->widget);
  porch_server_stop (self->server, done, data);
}

/* ---- another file ---- */

/* As it was, with the file that is there now. */
static gboolean
reopen (PorchHost *self, GError **error)
{
  if (!open_parts (self, error))
    return FALSE;
  porch_api_set_keepers (self->api, self->secrets, self->backups);
  if (self->wanted == NULL)
    return TRUE;
  porch_api_set_address (self->api, self->address, self->warning);
  return porch_server_listen (self->server, self->wanted, self->port, error) != 0;
}

/* Blocks, for the time that opening a file takes: nobody is being served now. */
static gboolean
on_stood_still (gpointer data)
{
  PorchHost *self = data;
  g_autoptr (GError) failure = NULL, error = NULL;

  g_clear_pointer (&self->restart, g_source_unref);
  close_parts (self);
  /* When it fails today's file is still in its place, and goes on. */
  porch_store_take_staged (self->folder, &failure);
  porch_backups_took (self->backups, failure);
  self->is_stopping = FALSE;
  if (!reopen (self, &error))
    g_error ("the server cannot go on: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* Not inside the server that goes, and not timed: what the loop waits for here has no users. */
static void
on_stopped (gpointer data)
{
  PorchHost *self = data;
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (self->stopped != NULL) {
    self->stopped (self->stopped_data);
    return;
  }
  self->restart = g_idle_source_new ();
  g_source_set_callback (self->restart, on_stood_still, self, NULL);
  g_source_attach (self->restart, context);
}

/* A backup is ready to take the place of the file: everybody is told, as at the end. */
static void
on_ready (gpointer data)
{
  PorchHost *self = data;

  if (self->is_stopping)
    return;
  self->is_stopping = TRUE;
  porch_widget_stop (self->widget);
  porch_server_stop (self->server, on_stopped, self);
}
