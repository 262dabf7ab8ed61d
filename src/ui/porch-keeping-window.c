/* porch-keeping-window.c - what is kept: backups, and secrets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-keeping-window.h"

#include "porch-backup-page.h"
#include "porch-keeper.h"
#include "porch-phrase.h"
#include "porch-secret-page.h"

struct _PorchKeepingWindow {
  AdwPreferencesWindow parent_instance;

  PorchBackupPage *backups;
  PorchSecretPage *secrets;

  PorchKeeper *keeper;
};

G_DEFINE_FINAL_TYPE (PorchKeepingWindow, porch_keeping_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
on_failed (PorchKeepingWindow *self, const GError *error)
{
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                    adw_toast_new (porch_phrase_error (error)));
}

static void
porch_keeping_window_dispose (GObject *object)
{
  PorchKeepingWindow *self = PORCH_KEEPING_WINDOW (object);

  if (self->keeper != NULL)
    porch_keeper_close (self->keeper);
  g_clear_object (&self->keeper);

  G_OBJECT_CLASS (porch_keeping_window_parent_class)->dispose (object);
}

static void
porch_keeping_window_class_init (PorchKeepingWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_keeping_window_dispose;

  g_type_ensure (PORCH_TYPE_BACKUP_PAGE);
  g_type_ensure (PORCH_TYPE_SECRET_PAGE);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-keeping-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchKeepingWindow, backups);
  gtk_widget_class_bind_template_child (widget_class, PorchKeepingWindow, secrets);
}

static void
porch_keeping_window_init (PorchKeepingWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_keeping_window_new (GtkWindow *parent, PorchClient *client, const char *page)
{
  PorchKeepingWindow *self =
    g_object_new (PORCH_TYPE_KEEPING_WINDOW, "transient-for", parent, "modal", TRUE, NULL);

  self->keeper = porch_keeper_new (client);
  g_signal_connect_object (self->keeper, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  porch_backup_page_set_keeper (self->backups, self->keeper);
  porch_secret_page_set_keeper (self->secrets, self->keeper);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self), page);
  porch_keeper_load (self->keeper);
  return GTK_WIDGET (self);
}
