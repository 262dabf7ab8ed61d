/* porch-widget-assets.c - the widget's files and its settings
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files are found by name in a table that is made once from the resource bundle: no path is ever
 * put together from what a stranger sent.
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"
#include "porch-text.h"

#include <string.h>

#define FOLDER    PORCH_RESOURCE_PATH "/widget/"
#define MAX_AGE_S 300
/* The loader says whether somebody is in. */
#define LOADER_MAX_AGE_S 60

typedef struct {
  GBytes *plain, *gzip;
  char *etag; /* NULL until it is asked for: the start need not sum all of them */
  const char *content_type;
} Asset;

static void
free_asset (gpointer data)
{
  Asset *asset = data;

  g_bytes_unref (asset->plain);
  g_clear_pointer (&asset->gzip, g_bytes_unref);
  g_clear_pointer (&asset->etag, g_free);
  g_free (asset);
}

static const char *
find_content_type (const char *name)
{
  static const struct {
    const char *suffix, *type;
  } types[] = { { ".js", "text/javascript; charset=utf-8" },
                { ".css", "text/css; charset=utf-8" },
                { ".html", "text/html; charset=utf-8" },
                { ".svg", "image/svg+xml" } };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return "application/octet-stream";
}

static GBytes *
load (const char *name, const char *suffix)
{
  g_autofree char *path = g_strconcat (FOLDER, name, suffix, NULL);

  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void
add_asset (GHashTable *assets, const char *name)
{
  Asset *asset = g_new0 (Asset, 1);

  asset->plain = load (name, "");
  asset->gzip = load (name, ".gz");
  asset->content_type = find_content_type (name);
  g_hash_table_insert (assets, g_strdup (name), asset);
}

static GHashTable *
load_assets (void)
{
  g_autoptr (GHashTable) assets =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_asset);
  g_auto (GStrv) names =
    g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    if (!g_str_has_suffix (*name, ".gz"))
      add_asset (assets, *name);
  return g_steal_pointer (&assets);
}

static const char *
get_etag (Asset *asset)
{
  if (asset->etag == NULL) {
    g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, asset->plain);

    asset->etag = g_strndup (sum, 20);
  }
  return asset->etag;
}

GBytes *
porch_widget_get_file (PorchWidget *self, const char *name)
{
  const Asset *asset = g_hash_table_lookup (self->assets, name);

  return asset != NULL ? asset->plain : NULL;
}

static void
reply_asset (PorchWidget *self, PorchCall *call, const char *name, guint max_age)
{
  Asset *asset = g_hash_table_lookup (self->assets, name);

  if (asset == NULL)
    porch_call_fail_code (call, PORCH_ERROR_NOT_FOUND, "no such file");
  else
    porch_call_reply_static (call, asset->content_type, asset->plain, asset->gzip, get_etag (asset),
                             max_age);
}

/* ---- pages ---- */

/* Who may show the chat in a frame: the site's pages, and our own practice page. */
static char *
dup_ancestors (PorchSite *site)
{
  g_autoptr (GString) list = g_string_new ("'self'");

  for (char **domain = site->domains; domain != NULL && *domain != NULL; domain++)
    if (strstr (*domain, "://") != NULL)
      g_string_append_printf (list, " %s", *domain);
    else if (strcmp (*domain, "localhost") == 0)
      g_string_append (list, " http://localhost:* https://localhost:*");
    else
      g_string_append_printf (list, " https://%s https://www.%s", *domain, *domain);
  return g_strdup (list->str);
}

static void
on_loader (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  const gboolean is_light_on = porch_service_is_light_on (self->service);

  porch_call_set_header (call, "Cross-Origin-Resource-Policy", "cross-origin");
  reply_asset (self, call, is_light_on ? "loader-lit.js" : "loader.js", LOADER_MAX_AGE_S);
}

static void
on_asset (PorchCall *call, gpointer data)
{
  reply_asset (data, call, porch_call_get_param (call, "name"), MAX_AGE_S);
}

static void
on_app (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  PorchSite *site = porch_widget_check_site (self, call);
  g_autofree char *ancestors = NULL;
  g_autofree char *policy = NULL;

  if (site == NULL)
    return;
  ancestors = dup_ancestors (site);
  policy = g_strdup_printf (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws: wss:; frame-ancestors %s; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    ancestors);
  porch_call_set_header (call, "Content-Security-Policy", policy);
  reply_asset (self, call, "app.html", 0);
}

/* ---- settings ---- */

static void
allow_origin (PorchWidget *self, PorchCall *call, PorchSite *site)
{
  const char *origin = porch_call_get_header (call, "Origin");

  porch_call_set_header (call, "Vary", "Origin, Accept-Encoding");
  if (origin != NULL && porch_service_site_allows (site, origin))
    porch_call_set_header (call, "Access-Control-Allow-Origin", origin);
}

static void
write_departments (PorchWriter *writer, PorchService *service)
{
  GPtrArray *departments = porch_service_get_departments (service);

  porch_writer_begin_array (writer, "departments");
  for (guint i = 0; i < departments->len; i++) {
    PorchDepartment *department = departments->pdata[i];

    porch_writer_begin (writer, NULL);
    porch_writer_string (writer, "slug", department->slug);
    porch_writer_string (writer, "name", department->name);
    porch_writer_end (writer);
  }
  porch_writer_end_array (writer);
}

static void
on_config (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  PorchSite *site = porch_widget_check_site (self, call);
  const char *words = porch_widget_find_words (self, porch_call_get_query (call, "lang"));
  g_autoptr (GBytes) body = NULL;
  GString *text = NULL;

  if (site == NULL)
    return;
  text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "business", porch_service_get_business (self->service));
  porch_writer_string (&writer, "site", site->name);
  porch_writer_string (&writer, "colour", site->colour);
  porch_writer_string (&writer, "greeting", site->greeting);
  porch_writer_boolean (&writer, "light", porch_service_is_light_on (self->service));
  porch_writer_begin (&writer, "prechat");
  porch_writer_boolean (&writer, "name", TRUE);
  porch_writer_boolean (&writer, "email", TRUE);
  porch_writer_boolean (&writer, "message", TRUE);
  porch_writer_end (&writer);
  write_departments (&writer, self->service);
  porch_writer_boolean (&writer, "sound", TRUE);
  porch_writer_begin (&writer, "limits");
  porch_writer_int (&writer, "message", PORCH_MESSAGE_CHARACTERS);
  porch_writer_end (&writer);
  porch_writer_int (&writer, "heartbeat_s", PORCH_WIDGET_HEARTBEAT_S);
  if (words != NULL)
    porch_writer_raw (&writer, "strings", words);
  porch_writer_end (&writer);
  allow_origin (self, call, site);
  body = g_string_free_to_bytes (text);
  porch_call_reply_packed (call, "application/json", body);
}

static void
on_health (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  const char *trouble = porch_service_get_trouble (self->service);
  GString *text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  /* For whoever asks next: a folder can go while nobody writes. */
  porch_service_look (self->service);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "status", trouble == NULL ? "ok" : "trouble");
  porch_writer_string (&writer, "version", PORCH_VERSION);
  porch_writer_string (&writer, "database", trouble == NULL ? "ok" : trouble);
  porch_writer_int (&writer, "sequence", porch_service_get_seq (self->service));
  porch_writer_end (&writer);
  porch_call_reply_json (call, trouble == NULL ? 200 : 503, text);
}

void
porch_widget_add_assets (PorchWidget *self, PorchServer *server)
{
  static const PorchRoute routes[] = {
    { "GET", "/healthz", 0, on_health },
    { "GET", "/widget.js", 0, on_loader },
    { "GET", "/widget/app", 0, on_app },
    { "GET", "/widget/config", 0, on_config },
    { "GET", "/widget/assets/{name}", 0, on_asset },
    { "GET", "/try", 0, porch_widget_show_practice },
  };

  self->assets = load_assets ();
  self->words = porch_widget_load_words ();
  porch_server_add_routes (server, routes, G_N_ELEMENTS (routes), self);
}
