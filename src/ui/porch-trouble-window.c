/* porch-trouble-window.c - why Porchlight cannot open its folder, what was not changed, and the
 * ways on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-trouble-window.h"

#include "porch-light.h"
#include "porch-opener.h"

#include <glib/gi18n.h>

struct _PorchTroubleWindow {
  AdwApplicationWindow parent_instance;

  GtkLabel *title, *text;
  GtkWidget *list, *facts, *progress, *buttons;
  AdwActionRow *kept, *folder, *detail;
  GtkWidget *salvage, *restore, *again, *start;
  GtkWindow *ask;

  char *path;
  gboolean is_working;
};

enum {
  AGAIN,
  SALVAGE,
  RESTORE,
  END,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchTroubleWindow, porch_trouble_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- the ways on ---- */

static void
on_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[AGAIN], 0);
}

static void
on_salvage (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (PORCH_TROUBLE_WINDOW (widget)->ask);
}

static void
on_asked (AdwMessageDialog *dialog, const char *response)
{
  GtkWindow *self = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (g_strcmp0 (response, "salvage") == 0)
    g_signal_emit (self, signals[SALVAGE], 0);
}

static void
on_open (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PorchTroubleWindow *self = PORCH_TROUBLE_WINDOW (widget);
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);

  if (uri != NULL)
    porch_opener_open (GTK_WINDOW (self), uri);
}

static void
on_copy_chosen (GtkNativeDialog *dialog, int response, PorchTroubleWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  gtk_native_dialog_destroy (dialog);
  if (file != NULL)
    g_signal_emit (self, signals[RESTORE], 0, file);
}

static void
on_restore (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PorchTroubleWindow *self = PORCH_TROUBLE_WINDOW (widget);
  /* Lives until it is answered. */
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_ ("Go Back to a Copy"), GTK_WINDOW (self),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Go Back"), _ ("_Cancel"));
  g_autofree char *path = g_build_filename (self->path, "backups", NULL);
  g_autoptr (GFile) backups = g_file_new_for_path (path);

  /* Where the daily copies are, if there are any; else this says nothing. */
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), backups, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_copy_chosen), self, 0);
  g_object_set_data_full (G_OBJECT (self), "porch-chooser", dialog, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
porch_trouble_window_close_request (GtkWindow *window)
{
  PorchTroubleWindow *self = PORCH_TROUBLE_WINDOW (window);

  /* What is being done is ended first; until then nothing has changed. */
  if (self->is_working)
    g_signal_emit (self, signals[END], 0);
  return self->is_working
           ? TRUE
           : GTK_WINDOW_CLASS (porch_trouble_window_parent_class)->close_request (window);
}

/* ---- what is shown ---- */

static void
show_row (AdwActionRow *row, const char *words)
{
  if (words != NULL)
    adw_action_row_set_subtitle (row, words);
  gtk_widget_set_visible (GTK_WIDGET (row), words != NULL);
}

static void
show_buttons (PorchTroubleWindow *self, gboolean is_damaged, gboolean is_done)
{
  GtkWidget *first = is_done ? self->start : is_damaged ? self->salvage : self->again;

  gtk_widget_set_visible (self->salvage, is_damaged && !is_done);
  gtk_widget_set_visible (self->restore, is_damaged && !is_done);
  gtk_widget_set_visible (self->again, !is_done);
  gtk_widget_set_visible (self->start, is_done);
  if (is_damaged || is_done)
    gtk_widget_remove_css_class (self->again, "suggested-action");
  else
    gtk_widget_add_css_class (self->again, "suggested-action");
  gtk_widget_set_visible (self->buttons, TRUE);
  gtk_widget_set_visible (self->progress, FALSE);
  self->is_working = FALSE;
  gtk_widget_grab_focus (first);
}

void
porch_trouble_window_show (PorchTroubleWindow *self, const PorchTroubleWords *words)
{
  g_clear_pointer (&self->path, g_free);
  self->path = g_strdup (words->folder);
  gtk_label_set_label (self->title, words->title);
  gtk_label_set_label (self->text, words->text);
  show_row (self->kept, words->kept);
  show_row (self->folder, words->folder);
  show_row (self->detail, words->detail);
  gtk_widget_set_visible (self->facts, FALSE);
  show_buttons (self, words->is_damaged, FALSE);
}

void
porch_trouble_window_show_work (PorchTroubleWindow *self, const char *text)
{
  self->is_working = TRUE;
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (self->buttons, FALSE);
  gtk_widget_set_visible (self->progress, TRUE);
  gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
}

static void
add_fact (PorchTroubleWindow *self, const char *what, const char *how_many)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), what);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), how_many);
  gtk_list_box_append (GTK_LIST_BOX (self->facts), row);
}

void
porch_trouble_window_show_done (PorchTroubleWindow *self,
                                const char *text,
                                const char *const *facts,
                                const char *aside)
{
  gtk_label_set_label (self->title, _ ("What could be read is saved"));
  gtk_label_set_label (self->text, text);
  for (guint i = 0; facts[i] != NULL; i += 2)
    add_fact (self, facts[i], facts[i + 1]);
  gtk_widget_set_visible (self->facts, TRUE);
  show_row (self->kept, NULL);
  show_row (self->detail, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->folder),
                                 _ ("Where the damaged file is now"));
  show_row (self->folder, aside);
  show_buttons (self, FALSE, TRUE);
}

/* ---- life ---- */

static void
porch_trouble_window_dispose (GObject *object)
{
  PorchTroubleWindow *self = PORCH_TROUBLE_WINDOW (object);

  g_clear_pointer (&self->ask, gtk_window_destroy);

  G_OBJECT_CLASS (porch_trouble_window_parent_class)->dispose (object);
}

static void
porch_trouble_window_finalize (GObject *object)
{
  g_free (PORCH_TROUBLE_WINDOW (object)->path);

  G_OBJECT_CLASS (porch_trouble_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-trouble-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, text);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, list);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, facts);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, buttons);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, kept);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, folder);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, detail);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, salvage);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, restore);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, again);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, start);
  gtk_widget_class_bind_template_child (widget_class, PorchTroubleWindow, ask);
  gtk_widget_class_bind_template_callback (widget_class, on_asked);
}

static guint
add_signal (GType type, const char *name, GType parameter)
{
  if (parameter == G_TYPE_NONE)
    return g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  return g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                       parameter);
}

static void
porch_trouble_window_class_init (PorchTroubleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = porch_trouble_window_dispose;
  object_class->finalize = porch_trouble_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = porch_trouble_window_close_request;

  signals[AGAIN] = add_signal (type, "again", G_TYPE_NONE);
  signals[SALVAGE] = add_signal (type, "salvage", G_TYPE_NONE);
  signals[RESTORE] = add_signal (type, "restore", G_TYPE_FILE);
  signals[END] = add_signal (type, "end", G_TYPE_NONE);

  gtk_widget_class_install_action (widget_class, "trouble.again", NULL, on_again);
  gtk_widget_class_install_action (widget_class, "trouble.salvage", NULL, on_salvage);
  gtk_widget_class_install_action (widget_class, "trouble.restore", NULL, on_restore);
  gtk_widget_class_install_action (widget_class, "trouble.open", NULL, on_open);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_q, GDK_CONTROL_MASK, "window.close",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
  g_type_ensure (PORCH_TYPE_LIGHT);
  bind_template (widget_class);
}

static void
porch_trouble_window_init (PorchTroubleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchTroubleWindow *
porch_trouble_window_new (GtkApplication *app)
{
  return g_object_new (PORCH_TYPE_TROUBLE_WINDOW, "application", app, NULL);
}
