/* porch-application.c - the program with a window: hosts the server unless somebody else does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-application.h"

#include "porch-background.h"
#include "porch-commands.h"
#include "porch-desktop-settings.h"
#include "porch-error.h"
#include "porch-graphics.h"
#include "porch-help.h"
#include "porch-host.h"
#include "porch-mirror.h"
#include "porch-notifier.h"
#include "porch-paths.h"
#include "porch-source.h"
#include "porch-stay.h"
#include "porch-terminal.h"
#include "porch-trouble.h"
#include "porch-window.h"

#include <adwaita.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>

/* The same name in the window, in the application and in the desktop entry. */
#define NEXT_WAITING "next-waiting"
/* A window that nobody can see is never painted. */
#define UNSEEN_MS 300

typedef struct {
  AdwApplication *app;
  PorchHost *host; /* NULL: the folder is served by another program */
  PorchClient *client;
  GSource *start; /* of the client, until it has started */
  PorchMirror *mirror;
  PorchNotifier *notifier;
  PorchBackground *background;
  PorchStay *stay;
  char *folder;
  gboolean is_own_folder; /* --data: nothing can bring such a window back, so it ends with it */
  gboolean is_stopping;
} Program;

static void
start_client (Program *program)
{
  if (program->start == NULL)
    return;
  porch_source_clear (&program->start);
  porch_client_start (program->client);
}

static gboolean
on_unseen (gpointer data)
{
  start_client (data);
  return G_SOURCE_REMOVE;
}

/* Were the client to start before, the first frame would wait for its answers; this way the window
 * is there 14 ms earlier and its rows are as early as they were. The line is for whoever measures
 * the start, with G_MESSAGES_DEBUG=porch-start. */
static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  g_log ("porch-start", G_LOG_LEVEL_DEBUG, "first frame");
  g_signal_handlers_disconnect_by_func (clock, on_painted, data);
  start_client (data);
}

static void
on_activate (GApplication *app, gpointer data)
{
  Program *program = data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));
  const gboolean is_first = window == NULL;

  /* Its server is saying good-bye: a window would have nothing to look at. */
  if (program->is_stopping)
    return;
  if (is_first) {
    window = GTK_WINDOW (porch_window_new (program->app, program->mirror));
    porch_stay_watch (program->stay, window);
    porch_desktop_settings_keep_window (window);
  }
  gtk_window_present (window);
  if (is_first)
    g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                      G_CALLBACK (on_painted), program);
}

static gpointer
read_icon_theme (gpointer theme)
{
  gtk_icon_theme_has_icon (theme, "porch-inbox-symbolic");
  return NULL;
}

/* The first icon that is asked for has the whole theme read: hundreds of folders, 10 ms. Adding our
 * own icons has made GTK forget what it had read, so it is read again beside the making of the
 * window. GtkIconTheme locks itself, and lives as long as its display. */
static void
warm_icons (void)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_thread_unref (g_thread_new ("porch-icons", read_icon_theme, theme));
}

/* From a launcher's menu: the program may have been started for it. */
static void
on_next_waiting (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Program *program = data;
  GtkWindow *window;

  g_application_activate (G_APPLICATION (program->app));
  window = gtk_application_get_active_window (GTK_APPLICATION (program->app));
  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win." NEXT_WAITING, NULL);
}

static void
add_actions (Program *program, GSettings *settings)
{
  static const GActionEntry entries[] = { { .name = NEXT_WAITING, .activate = on_next_waiting } };
  g_autoptr (GAction) sound = NULL;

  g_action_map_add_action_entries (G_ACTION_MAP (program->app), entries, G_N_ELEMENTS (entries),
                                   program);
  /* Without settings there is no such action, and its switch stays insensitive. */
  if (settings == NULL)
    return;
  sound = g_settings_create_action (settings, PORCH_SETTING_NOTIFICATION_SOUND);
  g_action_map_add_action (G_ACTION_MAP (program->app), sound);
}

/* ---- the end ---- */

static void
on_stopped (gpointer data)
{
  Program *program = data;

  g_application_release (G_APPLICATION (program->app));
}

/* The last window has gone: visitors are told before the program ends. */
static void
stop (gpointer data)
{
  Program *program = data;

  if (program->is_stopping)
    return;
  program->is_stopping = TRUE;
  if (program->host == NULL)
    return;
  g_application_hold (G_APPLICATION (program->app));
  porch_host_stop (program->host, on_stopped, program);
}

static gboolean
on_signal (gpointer data)
{
  Program *program = data;

  if (program->stay != NULL)
    porch_stay_end (program->stay);
  return G_SOURCE_CONTINUE;
}

static void
on_window_removed (GtkApplication *app, GtkWindow *window, gpointer data)
{
  Program *program = data;

  if (gtk_application_get_windows (app) != NULL || program->is_stopping)
    return;
  porch_background_request (program->background);
#ifdef __GLIBC__
  /* What the window was made of goes back to the system: it may be closed for days. */
  malloc_trim (0);
#endif
}

/* ---- the beginning ---- */

static void
on_startup (GApplication *app, gpointer data)
{
  Program *program = data;
  const gboolean is_kept = program->host != NULL && !program->is_own_folder;
  g_autofree char *socket = porch_paths_dup_socket (program->folder);
  g_autofree char *cache = porch_paths_dup_cache (program->folder);
  g_autoptr (GSettings) settings = porch_desktop_settings_new ();

  warm_icons ();
  program->client = porch_client_new (socket, NULL, NULL);
  program->mirror = porch_mirror_new (program->client, cache);
  program->notifier = porch_notifier_new (app, program->mirror);
  program->background = porch_background_new (app, settings);
  program->stay = porch_stay_new (GTK_APPLICATION (app), program->mirror, program->notifier,
                                  settings, is_kept, stop, program);
  if (is_kept)
    g_signal_connect (app, "window-removed", G_CALLBACK (on_window_removed), program);
  porch_help_add_action (GTK_APPLICATION (app));
  add_actions (program, settings);
  program->start = porch_source_timeout (UNSEEN_MS, on_unseen, program);
}

static gboolean
open_host (Program *program, const char *address, guint16 port, GError **error)
{
  g_autoptr (GError) failure = NULL;

  program->host = porch_host_new (program->folder, &failure);
  if (program->host == NULL) {
    /* Somebody serves the folder: this window is a client of theirs. */
    if (g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_IN_USE))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (porch_host_listen (program->host, address, port, TRUE, error))
    return TRUE;
  g_clear_pointer (&program->host, porch_host_free);
  return FALSE;
}

/* As often as somebody at the window wants to try. Whoever started it from a terminal reads there
 * as well why it did not go. */
static gboolean
open_host_patiently (Program *program, const char *address, guint16 port)
{
  const GApplicationFlags flags =
    program->is_own_folder ? G_APPLICATION_NON_UNIQUE : G_APPLICATION_DEFAULT_FLAGS;
  gboolean is_open = FALSE, is_again = TRUE;

  while (!is_open && is_again) {
    g_autoptr (GError) error = NULL;

    is_open = open_host (program, address, port, &error);
    if (!is_open) {
      porch_command_fail_to_open (program->folder, error);
      is_again = porch_trouble_run (program->folder, error, flags);
    }
  }
  return is_open;
}

static void
clear_program (Program *program)
{
  porch_source_clear (&program->start);
  g_clear_pointer (&program->stay, porch_stay_free);
  g_clear_pointer (&program->background, porch_background_free);
  if (program->mirror != NULL)
    porch_mirror_close (program->mirror);
  if (program->client != NULL)
    porch_client_close (program->client);
  g_clear_object (&program->notifier);
  g_clear_object (&program->mirror);
  g_clear_object (&program->client);
  g_clear_pointer (&program->host, porch_host_free);
  g_clear_object (&program->app);
  g_clear_pointer (&program->folder, g_free);
}

typedef struct {
  gboolean is_hidden;  /* as at login */
  gboolean is_service; /* started by the bus, which says what to do next */
  gboolean is_next_waiting;
} Wishes;

/* Nothing is done when another program has the name: then it is that one's action. */
static int
start_with_action (Program *program, const char *action)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (G_APPLICATION (program->app), NULL, &error))
    return porch_terminal_fail (error);
  g_action_group_activate_action (G_ACTION_GROUP (program->app), action, NULL);
  return 0;
}

static int
run (Program *program, const Wishes *wishes)
{
  const char *const no_arguments[] = { "porchlight", NULL };
  GApplicationFlags flags = G_APPLICATION_DEFAULT_FLAGS;
  int status = 0;

  /* A service shows no window until somebody activates it. */
  if (program->is_own_folder)
    flags = G_APPLICATION_NON_UNIQUE;
  else if (wishes->is_service || wishes->is_hidden)
    flags = G_APPLICATION_IS_SERVICE;
  program->app = ADW_APPLICATION (g_object_new (ADW_TYPE_APPLICATION, "application-id",
                                                PORCH_APPLICATION_ID, "flags", flags,
                                                "resource-base-path", PORCH_RESOURCE_PATH, NULL));
  g_signal_connect (program->app, "startup", G_CALLBACK (on_startup), program);
  g_signal_connect (program->app, "activate", G_CALLBACK (on_activate), program);
  g_unix_signal_add (SIGTERM, on_signal, program);
  g_unix_signal_add (SIGINT, on_signal, program);
  /* Somebody serves already: this program, or another one of the same folder. */
  if (wishes->is_hidden &&
      (program->host == NULL || !g_application_register (G_APPLICATION (program->app), NULL, NULL)))
    return 0;
  if (wishes->is_next_waiting)
    status = start_with_action (program, NEXT_WAITING);
  if (status != 0)
    return status;
  return g_application_run (G_APPLICATION (program->app), 1, (char **) no_arguments);
}

int
porch_application_main (int argc, char **argv)
{
  g_autofree char *data = NULL, *listen = NULL, *address = NULL;
  guint16 port = 0;
  Wishes wishes = { 0 };
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("Folder to keep everything in"), N_("DIR") },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
      N_("Where visitors reach it"), N_("ADDR:PORT") },
    { "background", 0, 0, G_OPTION_ARG_NONE, &wishes.is_hidden,
      N_("Start without a window"), NULL },
    { "next-waiting", 0, 0, G_OPTION_ARG_NONE, &wishes.is_next_waiting,
      N_("Open and take what has waited longest"), NULL },
    { "gapplication-service", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE,
      &wishes.is_service, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Program program = { 0 };
  int status;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    /* GLib's sentences are for people, and translated. */
    return porch_terminal_refuse ("%s", error->message);
  if (!porch_command_read_listen (listen, &address, &port))
    return 1;
  if (wishes.is_hidden && data != NULL) {
    /* Nothing could bring its window back. */
    porch_terminal_refuse (
      /* Translators: options and command stay as they are */
      "%s", _ ("--background goes with the usual folder only; with --data use porchlight serve."));
    return 2;
  }
  porch_graphics_prepare ();
  program.folder = porch_paths_dup_folder (data);
  program.is_own_folder = data != NULL;
  status = open_host_patiently (&program, address, port) ? run (&program, &wishes) : 1;
  clear_program (&program);
  return status;
}
