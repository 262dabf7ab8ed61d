/* demo-window.c - the window over a made-up shop, to look at and to take pictures of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   demo-window [--state full|chosen|many|empty|off|loading|error|trouble|left|first-run]
 *               [--step N]
 *               [--keeping backups|secrets [--state running|failed|empty|locked|missing|refused]]
 *               [--size WxH] [--dark] [--contrast] [--rtl] [--shot FILE.png] [--keys …]
 *
 * With --shot it saves a picture when all is quiet, and ends.
 */
#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>

#include "kept-answers.h"
#include "porch-first-run.h"
#include "porch-keeping-window.h"
#include "porch-window.h"
#include "shop.h"

static char *locale_folder;
static char *state = "full", *size = "1280x800", *shot, *open_id, *filter, *action, *keeping;
static int step;
static gboolean is_dark, is_contrast, is_rtl, with_details;
static FakeServer *server;
static PorchClient *client;
static PorchMirror *mirror;

static const GOptionEntry options[] = {
  { "state", 0, 0, G_OPTION_ARG_STRING, &state, "what to show", "STATE" },
  { "step", 0, 0, G_OPTION_ARG_INT, &step, "of the first run, 0 to 3", "N" },
  { "size", 0, 0, G_OPTION_ARG_STRING, &size, "of the window", "WxH" },
  { "open", 0, 0, G_OPTION_ARG_STRING, &open_id, "conversation", "ID" },
  { "filter", 0, 0, G_OPTION_ARG_STRING, &filter, "of the inbox", "FILTER" },
  { "action", 0, 0, G_OPTION_ARG_STRING, &action, "of the window, to begin with", "NAME" },
  { "locale", 0, 0, G_OPTION_ARG_FILENAME, &locale_folder, "where LANGUAGE is looked for", "DIR" },
  { "keeping", 0, 0, G_OPTION_ARG_STRING, &keeping, "page of backups and secrets", "PAGE" },
  { "shot", 0, 0, G_OPTION_ARG_FILENAME, &shot, "picture to write", "FILE" },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &is_dark, NULL, NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &is_contrast, NULL, NULL },
  { "rtl", 0, 0, G_OPTION_ARG_NONE, &is_rtl, NULL, NULL },
  { "details", 0, 0, G_OPTION_ARG_NONE, &with_details, NULL, NULL },
  { NULL },
};

static gboolean
is_state (const char *name)
{
  return g_str_equal (state, name);
}

static gboolean
on_quiet (gpointer data)
{
  GtkWidget *window = data;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window),
                          gtk_widget_get_height (window));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  if (!gdk_texture_save_to_png (texture, shot))
    g_printerr ("could not write %s\n", shot);
  g_print ("%s %dx%d\n", shot, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

static gboolean
on_trouble (gpointer data)
{
  PorchConversation *conversation = porch_mirror_find_conversation (mirror, "c-owen");
  PorchThread *thread = porch_mirror_get_thread (mirror, conversation);

  fake_server_stop (server);
  porch_thread_send (thread, "The freewheel was loose too, I have tightened it.", FALSE);
  porch_thread_send (thread, "Noon is fine.", FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_left (gpointer data)
{
  for (guint i = 0; i < server->conversations->len; i++)
    if (g_str_equal (((PorchConversation *) server->conversations->pdata[i])->id, SHOP_LONG_TALK))
      fake_server_take_away (server, server->conversations->pdata[i]);
  return G_SOURCE_REMOVE;
}

static GtkWidget *
find_first_run (GtkWidget *root)
{
  GtkWidget *found = PORCH_IS_FIRST_RUN (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_first_run (child);
  return found;
}

/* What an action has opened over @window, as large as it is to be; or @window itself. */
static GtkWidget *
get_on_top (GtkWidget *window)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  int width, height;

  for (GList *at = windows; at != NULL; at = at->next)
    if (gtk_window_get_transient_for (at->data) == GTK_WINDOW (window)) {
      if (sscanf (size, "%dx%d", &width, &height) == 2)
        gtk_window_set_default_size (at->data, width, height);
      return at->data;
    }
  return window;
}

static gboolean
on_settled (gpointer data)
{
  PorchWindow *window = data;

  if (is_state ("left"))
    g_timeout_add (300, on_left, NULL);
  if (is_state ("full") || is_state ("note") || is_state ("other") || is_state ("left"))
    porch_window_present_conversation (window, open_id != NULL ? open_id : SHOP_LONG_TALK, FALSE);
  if (is_state ("trouble")) {
    porch_window_present_conversation (window, "c-owen", FALSE);
    g_timeout_add (300, on_trouble, NULL);
  }
  if (is_state ("full"))
    fake_server_send (server,
                      "{\"type\":\"typing\",\"conversation\":\"" SHOP_LONG_TALK
                      "\",\"data\":{\"is_typing\":true,\"kind\":\"visitor\",\"name\":\"Jonas\"}}");
  if (is_state ("first-run"))
    g_object_set (find_first_run (data), "step", step, NULL);
  if (filter != NULL)
    gtk_widget_activate_action (gtk_widget_get_first_child (GTK_WIDGET (window)), "inbox.filter",
                                "s", filter);
  if (action != NULL)
    gtk_widget_activate_action (data, action, NULL);
  if (with_details)
    g_object_set (window, "show-details", TRUE, NULL);
  if (keeping != NULL) {
    GtkWidget *kept = porch_keeping_window_new (GTK_WINDOW (window), client, keeping);
    int width = 640, height = 800;

    if (sscanf (size, "%dx%d", &width, &height) == 2)
      gtk_window_set_default_size (GTK_WINDOW (kept), width, height);
    gtk_window_present (GTK_WINDOW (kept));
    if (shot != NULL)
      g_timeout_add (1200, on_quiet, kept);
    return G_SOURCE_REMOVE;
  }
  if (shot != NULL)
    g_timeout_add (1200, on_quiet, get_on_top (data));
  return G_SOURCE_REMOVE;
}

static void
on_activate (AdwApplication *app)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkWidget *window = porch_window_new (app, mirror);
  int width = 1280, height = 800;

  adw_style_manager_set_color_scheme (style, is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                     : ADW_COLOR_SCHEME_FORCE_LIGHT);
  if (sscanf (size, "%dx%d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_decorated (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
  g_timeout_add (700, on_settled, window);
}

static void
keep (void)
{
  const char **canned = server->canned;

  canned[PORCH_OP_BACKUPS_LIST] = is_state ("running")  ? KEPT_BACKUPS (KEPT_RUNNING)
                                  : is_state ("failed") ? KEPT_BACKUPS (KEPT_FAILED)
                                  : is_state ("empty")  ? KEPT_NO_BACKUPS
                                                        : KEPT_BACKUPS (KEPT_IDLE);
  canned[PORCH_OP_SECRETS_LIST] = is_state ("locked") ? KEPT_SECRETS ("keyring", "keyring_locked")
                                  : is_state ("refused")
                                    ? KEPT_SECRETS ("keyring", "keyring_refused")
                                  : is_state ("missing") ? KEPT_SECRETS ("file", "keyring_missing")
                                  : is_state ("empty")   ? KEPT_NO_SECRETS
                                                         : KEPT_SECRETS ("keyring", "");
  canned[PORCH_OP_SITES_LIST] = KEPT_SITES;
  canned[PORCH_OP_IDENTITY_GET] = is_state ("empty") ? KEPT_NO_KEYS : KEPT_KEYS;
  if (is_state ("locked")) {
    server->fail_code[PORCH_OP_IDENTITY_GET] = PORCH_ERROR_KEYRING_LOCKED;
    server->n_fail[PORCH_OP_IDENTITY_GET] = 100;
  }
}

static void
set_up (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "socket", NULL);

  server = fake_server_new (path);
  server->is_set_up = !is_state ("first-run");
  keep ();
  if (!is_state ("empty") && !is_state ("off"))
    shop_fill (server);
  for (int i = 0; is_state ("many") && i < 1000; i++) {
    g_autofree char *id = g_strdup_printf ("m-%d", i);
    g_autofree char *name = g_strdup_printf ("Visitor with a name %d", i);
    PorchConversation *conversation = fake_server_add_conversation (server, id, PORCH_STATE_ACTIVE);

    porch_member_set (&conversation->contact, id);
    porch_member_set (&conversation->contact_name, name);
    porch_member_set (&conversation->last_text, "A question about my order");
  }
  server->holds[PORCH_OP_CONVERSATIONS_LIST] = is_state ("loading");
  server->holds[PORCH_OP_MESSAGES_LIST] = is_state ("loading");
  if (is_state ("error")) {
    server->fail_code[PORCH_OP_CONVERSATIONS_LIST] = PORCH_ERROR_STORAGE;
    server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 100;
  }
  if (is_state ("silent-proxy"))
    server->warning = "proxy_silent";
  if (is_state ("off"))
    server->agent->status = PORCH_STATUS_OFFLINE;
  client = porch_client_new (server->path, NULL, NULL);
  mirror = porch_mirror_new (client, NULL);
  porch_client_start (client);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("demo-window-XXXXXX", NULL);
  g_autoptr (AdwApplication) app = NULL;
  int status;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  if (locale_folder != NULL) {
    setlocale (LC_ALL, "");
    bindtextdomain (GETTEXT_PACKAGE, locale_folder);
    bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
    textdomain (GETTEXT_PACKAGE);
  }
  app = adw_application_new (PORCH_APPLICATION_ID ".Demo", G_APPLICATION_NON_UNIQUE);
  g_application_set_resource_base_path (G_APPLICATION (app), PORCH_RESOURCE_PATH);
  if (is_contrast)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  gtk_init ();
  if (is_rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  set_up (folder);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate), NULL);
  status = g_application_run (G_APPLICATION (app), 0, NULL);
  porch_mirror_close (mirror);
  g_object_unref (mirror);
  porch_client_close (client);
  g_object_unref (client);
  fake_server_free (server);
  g_rmdir (folder);
  return status;
}
