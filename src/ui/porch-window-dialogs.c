/* porch-window-dialogs.c - the windows that the window opens: preferences, keeping, snippet, about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-keeping-window.h"
#include "porch-snippet.h"
#include "porch-website-group.h"
#include "porch-window-private.h"

#include <glib/gi18n.h>

static void
on_show_snippet (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  porch_snippet_present (GTK_WINDOW (self), self->client);
}

static void
present_from (GtkWidget *widget, GtkBuilder *builder, const char *name)
{
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, name));
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (widget));

  /* It is not one of the application's windows, which keep the program running. */
  if (app != NULL)
    gtk_widget_insert_action_group (GTK_WIDGET (window), "app", G_ACTION_GROUP (app));
  gtk_window_set_transient_for (window, GTK_WINDOW (widget));
  gtk_window_present (window);
}

static void
on_show_preferences (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  g_autoptr (GtkBuilder) builder = NULL;
  GObject *website;

  g_type_ensure (PORCH_TYPE_WEBSITE_GROUP);
  builder = gtk_builder_new_from_resource (PORCH_RESOURCE_PATH "/ui/porch-preferences.ui");
  website = gtk_builder_get_object (builder, "website");
  if (porch_window_can_keep (self))
    porch_website_group_set_client (PORCH_WEBSITE_GROUP (website), self->client);
  present_from (widget, builder, "preferences");
}

static void
on_show_shortcuts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource (PORCH_RESOURCE_PATH "/ui/porch-shortcuts.ui");

  present_from (widget, builder, "shortcuts");
}

static void
on_show_keeping (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  g_autofree char *code = NULL;
  const char *page = "backups";

  g_object_get (self->client, "keeping", &code, NULL);
  if (g_str_has_prefix (code, "keyring_"))
    page = "secrets";
  gtk_window_present (
    GTK_WINDOW (porch_keeping_window_new (GTK_WINDOW (self), self->client, page)));
}

static void
on_about (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_show_about_window (GTK_WINDOW (widget), "application-name", "Porchlight", "application-icon",
                         PORCH_APPLICATION_ID, "version", PORCH_VERSION, "license-type",
                         GTK_LICENSE_GPL_3_0, "website", PORCH_HOMEPAGE, "comments",
                         _ ("Live chat for a small business, answered from the desktop."), NULL);
}

void
porch_window_install_dialogs (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.about", on_about },
    { "win.show-keeping", on_show_keeping },
    { "win.show-preferences", on_show_preferences },
    { "win.show-shortcuts", on_show_shortcuts },
    { "win.show-snippet", on_show_snippet },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].func);
}
