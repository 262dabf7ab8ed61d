/* porch-background.c - asks the desktop to let the program run without a window, and to start it at
 * login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-background.h"

#include <glib/gi18n.h>
#include <string.h>

#define START_AT_LOGIN "start-at-login"
#define PORTAL         "org.freedesktop.portal.Desktop"
#define PORTAL_PATH    "/org/freedesktop/portal/desktop"

typedef struct _Request Request;

struct _PorchBackground {
  GApplication *app;
  GSettings *settings;
  GSimpleAction *action;
  GCancellable *cancellable;
  Request *request; /* the one whose answer is awaited, or NULL */
};

static gboolean
has_portal (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ||
         g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0;
}

static void
put_state (PorchBackground *self, gboolean is_on)
{
  g_simple_action_set_state (self->action, g_variant_new_boolean (is_on));
  if (self->settings != NULL && has_portal ())
    g_settings_set_boolean (self->settings, START_AT_LOGIN, is_on);
}

/* Of an answer that may come after the end of @self, which then is not looked at. */
static gboolean
is_over (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  if (error != NULL)
    g_message ("starting with the desktop: %s", error->message);
  return FALSE;
}

/* ---- the autostart folder ---- */

static GFile *
get_entry (void)
{
  return g_file_new_build_filename (g_get_user_config_dir (), "autostart",
                                    PORCH_APPLICATION_ID ".desktop", NULL);
}

/* As the Desktop Entry specification, "The Exec key", wants an argument quoted. */
static void
append_quoted (GString *line, const char *argument)
{
  g_string_append_c (line, '"');
  for (const char *at = argument; *at != '\0'; at++) {
    if (strchr ("\"`$\\", *at) != NULL)
      g_string_append (line, *at == '\\' ? "\\\\\\" : "\\\\");
    if (*at == '%')
      g_string_append_c (line, '%');
    g_string_append_c (line, *at);
  }
  g_string_append_c (line, '"');
}

static GBytes *
make_entry (GError **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", error);
  GString *text = NULL;
  gsize length;

  if (program == NULL)
    return NULL;
  text = g_string_new (
    "[Desktop Entry]\nType=Application\nName=Porchlight\nIcon=" PORCH_APPLICATION_ID "\nExec=");
  append_quoted (text, program);
  g_string_append (text, " --background\nX-GNOME-UsesNotifications=true\n");
  length = text->len;
  return g_bytes_new_take (g_string_free (text, FALSE), length);
}

static void
on_entry_written (GObject *file, GAsyncResult *result, gpointer data)
{
  PorchBackground *self = data;
  g_autoptr (GError) error = NULL;
  const gboolean is_written = g_file_replace_contents_finish (G_FILE (file), result, NULL, &error);

  if (!is_over (error) && is_written)
    put_state (self, TRUE);
}

static void
on_entry_deleted (GObject *file, GAsyncResult *result, gpointer data)
{
  PorchBackground *self = data;
  g_autoptr (GError) error = NULL;

  if (g_file_delete_finish (G_FILE (file), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    put_state (self, FALSE);
  else
    is_over (error);
}

/* With all that is above it: a new home has no folder for configuration either. */
static void
make_folder (GTask *task, gpointer folder, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (g_file_make_directory_with_parents (folder, cancellable, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
    g_clear_error (&error);
    g_task_return_boolean (task, TRUE);
  } else {
    g_task_return_error (task, error);
  }
}

static void
on_folder_made (GObject *folder, GAsyncResult *result, gpointer data)
{
  PorchBackground *self = data;
  g_autoptr (GFile) entry = get_entry ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    is_over (error);
    return;
  }
  text = make_entry (&error);
  if (text == NULL) {
    is_over (error);
    return;
  }
  g_file_replace_contents_bytes_async (entry, text, NULL, FALSE, G_FILE_CREATE_NONE,
                                       self->cancellable, on_entry_written, self);
}

static void
change_entry (PorchBackground *self, gboolean is_on)
{
  g_autoptr (GFile) entry = get_entry ();
  g_autoptr (GFile) folder = g_file_get_parent (entry);

  if (is_on) {
    g_autoptr (GTask) task = g_task_new (folder, self->cancellable, on_folder_made, self);

    g_task_set_source_tag (task, change_entry);
    g_task_run_in_thread (task, make_folder);
  } else {
    g_file_delete_async (entry, G_PRIORITY_DEFAULT, self->cancellable, on_entry_deleted, self);
  }
}

static gboolean
has_entry (void)
{
  g_autoptr (GFile) entry = get_entry ();

  return g_file_query_exists (entry, NULL);
}

/* ---- the portal ---- */

/* One request: its answer comes as a signal of an object whose path both sides know beforehand. */
struct _Request {
  GDBusConnection *bus;
  guint subscription;
};

static void
free_request (Request *request)
{
  g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  g_clear_object (&request->bus);
  g_free (request);
}

static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer data)
{
  PorchBackground *self = data;
  g_autoptr (GVariant) results = NULL;
  gboolean is_on = FALSE;
  guint32 response = 0;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "autostart", "b", &is_on);
  if (response == 0)
    put_state (self, is_on);
  else
    g_message ("running in the background was not granted");
  g_clear_pointer (&self->request, free_request);
}

static void
on_requested (GObject *bus, GAsyncResult *result, gpointer data)
{
  PorchBackground *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);

  /* Desktops without a backend for it say that there is no such interface. */
  if (answer == NULL && !is_over (error))
    g_clear_pointer (&self->request, free_request);
}

static GVariant *
make_options (const char *token, gboolean is_on)
{
  static const char *const command[] = { "porchlight", "--background", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  /* Translators: why Porchlight asks to run in the background */
  g_variant_builder_add (
    &options, "{sv}", "reason",
    g_variant_new_string (_ ("Visitors can write while the window is closed")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (is_on));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  return g_variant_new ("(s@a{sv})", "", g_variant_builder_end (&options));
}

static void
ask_portal (PorchBackground *self, gboolean is_on)
{
  static guint n_requests = 0;
  GDBusConnection *bus = g_application_get_dbus_connection (self->app);
  g_autofree char *token = g_strdup_printf ("porchlight%u", ++n_requests);
  g_autofree char *sender = NULL;
  g_autofree char *path = NULL;

  if (bus == NULL)
    return;
  sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);
  path = g_strdup_printf (PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
  g_clear_pointer (&self->request, free_request);
  self->request = g_new (Request, 1);
  self->request->bus = g_object_ref (bus);
  self->request->subscription = g_dbus_connection_signal_subscribe (
    bus, PORTAL, "org.freedesktop.portal.Request", "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
    on_response, self, NULL);
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, "org.freedesktop.portal.Background",
                          "RequestBackground", make_options (token, is_on), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_requested, self);
}

/* ---- the face ---- */

static gboolean
is_started_at_login (PorchBackground *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->action));

  return g_variant_get_boolean (state);
}

void
porch_background_request (PorchBackground *self)
{
  if (has_portal ())
    ask_portal (self, is_started_at_login (self));
}

static void
on_change_state (PorchBackground *self, GVariant *state)
{
  if (has_portal ())
    ask_portal (self, g_variant_get_boolean (state));
  else
    change_entry (self, g_variant_get_boolean (state));
}

PorchBackground *
porch_background_new (GApplication *app, GSettings *settings)
{
  PorchBackground *self = g_new0 (PorchBackground, 1);
  const gboolean is_on = has_portal ()
                           ? settings != NULL && g_settings_get_boolean (settings, START_AT_LOGIN)
                           : has_entry ();

  self->app = app;
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  self->cancellable = g_cancellable_new ();
  self->action = g_simple_action_new_stateful (START_AT_LOGIN, NULL, g_variant_new_boolean (is_on));
  g_signal_connect_swapped (self->action, "change-state", G_CALLBACK (on_change_state), self);
  g_action_map_add_action (G_ACTION_MAP (app), G_ACTION (self->action));
  return self;
}

void
porch_background_free (PorchBackground *self)
{
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->action, self);
  g_clear_pointer (&self->request, free_request);
  g_action_map_remove_action (G_ACTION_MAP (self->app), START_AT_LOGIN);
  g_clear_object (&self->action);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);
  g_free (self);
}
