/* porch-widget.c - the channel of the website's widget: sites, limits, the heartbeat
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"
#include "porch-source.h"
#include "porch-widget-frames.h"

#include <string.h>

#define MESSAGE_INTERVAL_MS 1000
#define MESSAGE_BURST       5
#define ACTS_PER_MESSAGE    10
#define STARTS_PER_10_MIN   10
#define START_WINDOW_MS     (10 * 60 * 1000)

/* An Origin that is the server's own: the widget's frame, and the practice page. */
static gboolean
is_own_origin (PorchWidget *self, PorchCall *call, const char *origin)
{
  const char *address = porch_service_get_text (self->service, "public_address");
  const char *host = porch_call_get_header (call, "Host");
  const char *rest = strstr (origin, "://");

  /* A proxy in front may call us by another name than browsers call it. */
  if (address != NULL && g_ascii_strcasecmp (origin, address) == 0)
    return TRUE;
  return host != NULL && rest != NULL && g_ascii_strcasecmp (rest + 3, host) == 0 &&
         (g_str_has_prefix (origin, "http://") || g_str_has_prefix (origin, "https://"));
}

gboolean
porch_widget_check_origin (PorchWidget *self, PorchCall *call, PorchSite *site)
{
  const char *origin = porch_call_get_header (call, "Origin");

  if (origin == NULL || is_own_origin (self, call, origin) ||
      porch_service_site_allows (site, origin))
    return TRUE;
  porch_call_fail_code (call, PORCH_ERROR_FORBIDDEN, "this origin is not on the site's list");
  return FALSE;
}

char *
porch_widget_dup_origin (PorchWidget *self, PorchCall *call)
{
  const char *origin = porch_call_get_header (call, "Origin");

  return origin != NULL && !is_own_origin (self, call, origin) ? g_strdup (origin) : NULL;
}

PorchSite *
porch_widget_check_site (PorchWidget *self, PorchCall *call)
{
  const char *key = porch_call_get_query (call, "site");
  const char *origin = porch_call_get_header (call, "Origin");
  PorchSite *site = key != NULL ? porch_service_find_site (self->service, key)
                                : porch_service_find_site_by_origin (self->service, origin);

  if (site == NULL) {
    porch_call_fail_code (call, PORCH_ERROR_NOT_FOUND, "no such site");
    return NULL;
  }
  return porch_widget_check_origin (self, call, site) ? site : NULL;
}

char *
porch_widget_dup_member (const PorchFrame *frame, const char *path)
{
  const char *text = NULL;

  return frame != NULL && porch_frame_read_string (frame, path, FALSE, &text, NULL)
           ? g_strdup (text)
           : NULL;
}

char *
porch_widget_dup_browser (const char *user_agent)
{
  /* The first that fits: each later one also claims to be an earlier one. */
  static const struct {
    const char *mark, *name;
  } browsers[] = { { "Edg", "Edge" },
                   { "OPR/", "Opera" },
                   { "Firefox/", "Firefox" },
                   { "FxiOS", "Firefox" },
                   { "SamsungBrowser", "Samsung Internet" },
                   { "CriOS", "Chrome" },
                   { "Chrome/", "Chrome" },
                   { "Safari/", "Safari" } },
    systems[] = { { "Android", "Android" }, { "iPhone", "iPhone" },  { "iPad", "iPad" },
                  { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "CrOS", "ChromeOS" },
                  { "Linux", "Linux" } };
  const char *browser = NULL, *system = NULL;

  for (guint i = 0; user_agent != NULL && browser == NULL && i < G_N_ELEMENTS (browsers); i++)
    if (strstr (user_agent, browsers[i].mark) != NULL)
      browser = browsers[i].name;
  for (guint i = 0; user_agent != NULL && system == NULL && i < G_N_ELEMENTS (systems); i++)
    if (strstr (user_agent, systems[i].mark) != NULL)
      system = systems[i].name;
  if (browser == NULL || system == NULL)
    return g_strdup (browser);
  return g_strdup_printf ("%s on %s", browser, system);
}

/* A website that has moved speaks through its new pages alone, one that is off through none. A
 * frame of ours stays: who may show it was asked when it was loaded. */
static void
check_talk (gpointer data, gpointer widget)
{
  PorchTalk *talk = data;
  PorchSite *site = porch_service_get_site (((PorchWidget *) widget)->service, talk->site->id);

  if (site == NULL || (talk->origin != NULL && !porch_service_site_allows (site, talk->origin)))
    porch_socket_close (talk->socket, PORCH_WIDGET_CLOSE_SITE_OFF, "not from here any more");
}

/* ---- the heartbeat ---- */

static void
ping (gpointer talk, gpointer widget)
{
  porch_socket_send (((PorchTalk *) talk)->socket, ((PorchWidget *) widget)->ping_frame);
}

static gboolean
on_ping (gpointer data)
{
  PorchWidget *self = data;

  porch_walk_begin (&self->pinging);
  porch_buckets_sweep (self->writing);
  porch_buckets_sweep (self->acting);
  porch_buckets_sweep (self->starting);
  return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

static void
tell_stop (gpointer talk, gpointer data)
{
  porch_talk_fail_code (talk, PORCH_ERROR_SHUTTING_DOWN, "the server stops", NULL, 0);
}

static void
free_guest (gpointer guest)
{
  porch_guest_free (guest);
}

void
porch_widget_read_settings (PorchWidget *self)
{
  PorchService *service = self->service;
  const guint burst = porch_service_get_number (service, "message_burst", MESSAGE_BURST);
  const guint interval_ms =
    porch_service_get_number (service, "message_rate_ms", MESSAGE_INTERVAL_MS);
  const guint starts =
    porch_service_get_number (service, "new_conversations_per_10_min", STARTS_PER_10_MIN);

  porch_buckets_set (self->writing, burst, interval_ms);
  porch_buckets_set (self->acting, burst * ACTS_PER_MESSAGE, interval_ms / ACTS_PER_MESSAGE);
  porch_buckets_set (self->starting, starts, START_WINDOW_MS / MAX (starts, 1));
}

PorchWidget *
porch_widget_new (PorchService *service, PorchServer *server)
{
  static const PorchRoute socket_route[] = {
    { "GET", "/livechat/ws/{department}/", 0, porch_widget_open_socket },
    { "GET", "/livechat/ws/{department}", 0, porch_widget_open_socket },
  };
  PorchWidget *self = g_new0 (PorchWidget, 1);

  self->service = service;
  self->talks = g_ptr_array_new ();
  self->ping_frame = porch_socket_frame_take (g_string_new ("{\"type\":\"ping\"}"));
  self->pinging = (PorchWalk){ self->talks, ping, self, 0, NULL };
  self->lighting = (PorchWalk){ self->talks, porch_talk_tell_light, self, 0, NULL };
  self->checking = (PorchWalk){ self->talks, check_talk, self, 0, NULL };
  self->stopping = (PorchWalk){ self->talks, tell_stop, self, 0, NULL };
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_guest);
  self->writing = porch_buckets_new (1, 0);
  self->acting = porch_buckets_new (1, 0);
  self->starting = porch_buckets_new (1, 0);
  porch_widget_read_settings (self);
  self->is_light_on = porch_service_is_light_on (service);
  porch_server_add_routes (server, socket_route, G_N_ELEMENTS (socket_route), self);
  porch_widget_add_rest (self, server);
  porch_widget_add_assets (self, server);
  self->ping = porch_source_timeout (PORCH_WIDGET_HEARTBEAT_S * 1000, on_ping, self);
  porch_bus_subscribe (porch_service_get_bus (service), porch_widget_on_event, self);
  return self;
}

void
porch_widget_stop (PorchWidget *self)
{
  self->is_stopping = TRUE;
  /* The server closes the sockets, a moment later: what is being stored is acknowledged first. */
  porch_walk_begin (&self->stopping);
}

void
porch_widget_free (PorchWidget *self)
{
  porch_bus_unsubscribe (porch_service_get_bus (self->service), self);
  porch_source_clear (&self->ping);
  porch_walk_stop (&self->pinging);
  porch_walk_stop (&self->lighting);
  porch_walk_stop (&self->checking);
  porch_walk_stop (&self->stopping);
  porch_source_clear (&self->queue_timer);
  g_bytes_unref (self->ping_frame);
  g_ptr_array_unref (self->talks);
  g_hash_table_unref (self->guests);
  porch_buckets_free (self->writing);
  porch_buckets_free (self->acting);
  porch_buckets_free (self->starting);
  g_clear_pointer (&self->assets, g_hash_table_unref);
  g_clear_pointer (&self->words, g_hash_table_unref);
  g_clear_pointer (&self->usual_us, g_hash_table_unref);
  g_free (self);
}
