/* porch-backup-page.c - the last backup, one now, a passphrase, and going back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-backup-page.h"

#include "porch-clock.h"
#include "porch-compat.h"
#include "porch-error.h"
#include "porch-format.h"
#include "porch-passphrase-dialog.h"
#include "porch-phrase.h"

#include <glib/gi18n.h>
#include <string.h>

#define PASSPHRASE "backup-passphrase"

struct _PorchBackupPage {
  AdwPreferencesPage parent_instance;

  AdwActionRow *last_row;
  GtkButton *now_button;
  GtkWidget *progress_row;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  AdwActionRow *failure_row, *unsealed_row;
  AdwActionRow *passphrase_row;
  GtkButton *passphrase_button, *remove_button;
  AdwPreferencesGroup *list_group;

  PorchKeeper *keeper;
  GPtrArray *rows; /* of the list */
  char *shown;     /* which backups they are */
};

G_DEFINE_FINAL_TYPE (PorchBackupPage, porch_backup_page, ADW_TYPE_PREFERENCES_PAGE)

/* ---- words ---- */

/* "Today, 09:41" */
static char *
phrase_when (gint64 at_us)
{
  g_autofree char *day = porch_format_day (at_us, porch_clock_now_us ());
  g_autofree char *time = porch_format_time (at_us);

  /* Translators: a day and a time of day */
  return g_strdup_printf (_ ("%s, %s"), day, time);
}

static char *
phrase_size (const PorchKeptBackup *backup)
{
  g_autofree char *size = g_format_size (backup->n_bytes);

  /* Translators: how large a backup is */
  return backup->is_sealed ? g_strdup_printf (_ ("%s · opens with the passphrase"), size)
                           : g_strdup (size);
}

static char *
phrase_details (const PorchKeptBackup *backup)
{
  g_autofree char *size = phrase_size (backup);

  if (strcmp (backup->kind, "manual") == 0)
    return g_strdup_printf (_ ("%s · asked for"), size);
  if (strcmp (backup->kind, "update") == 0)
    return g_strdup_printf (_ ("%s · before an update"), size);
  return g_strdup (size);
}

/* ---- what is shown ---- */

static void
show_last (PorchBackupPage *self)
{
  GPtrArray *backups = porch_keeper_get_backups (self->keeper);
  const PorchKeptBackup *last = backups->len > 0 ? backups->pdata[0] : NULL;
  AdwPreferencesRow *row = ADW_PREFERENCES_ROW (self->last_row);
  const GError *error = porch_keeper_get_error (self->keeper);
  g_autofree char *when = NULL, *title = NULL, *size = NULL, *subtitle = NULL;

  if (!porch_keeper_is_loaded (self->keeper)) {
    if (error == NULL)
      return;
    adw_preferences_row_set_title (row, _ ("Backups could not be looked up"));
    adw_action_row_set_subtitle (self->last_row, porch_phrase_error (error));
    return;
  }
  if (last == NULL) {
    adw_preferences_row_set_title (row, _ ("There is no backup yet"));
    adw_action_row_set_subtitle (self->last_row, _ ("The first one is made within a few minutes."));
    return;
  }
  when = phrase_when (last->at_us);
  size = phrase_size (last);
  /* Translators: when the last backup was made, such as "Today, 09:41" */
  title = g_strdup_printf (_ ("Last backup: %s"), when);
  /* Translators: a size; the backup was read again and is good */
  subtitle = g_strdup_printf (_ ("%s · verified"), size);
  adw_preferences_row_set_title (row, title);
  adw_action_row_set_subtitle (self->last_row, subtitle);
}

static void
show_job (PorchBackupPage *self)
{
  const PorchKeeperJob job = porch_keeper_get_job (self->keeper);
  const int percent = porch_keeper_get_percent (self->keeper);
  const gboolean is_idle = job == PORCH_KEEPER_IDLE;
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->progress_row, !is_idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "backup.now", is_idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "backup.restore", is_idle);
  if (is_idle)
    return;
  words = g_strdup_printf (job == PORCH_KEEPER_RESTORING
                           /* Translators: how far it is, in percent */
                           ? _ ("Making the backup ready, %d %%. Visitors can still write.")
                           : _ ("Backing up, %d %%. Work goes on."), percent);
  gtk_label_set_label (self->progress_label, words);
  gtk_progress_bar_set_fraction (self->progress_bar, percent / 100.0);
}

static void
show_failure (PorchBackupPage *self)
{
  PorchKeeperJob job = PORCH_KEEPER_IDLE;
  const int code = porch_keeper_get_failure (self->keeper, &job);
  const gboolean is_shown = code >= 0 && porch_keeper_get_job (self->keeper) == PORCH_KEEPER_IDLE;

  gtk_widget_set_visible (GTK_WIDGET (self->failure_row), is_shown);
  if (!is_shown)
    return;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->failure_row),
                                 job == PORCH_KEEPER_RESTORING
                                 ? _ ("Nothing was changed: the backup could not be used")
                                 : _ ("The last try did not make a backup"));
  adw_action_row_set_subtitle (self->failure_row, porch_phrase_problem (code));
}

static void
show_unsealed (PorchBackupPage *self)
{
  const int code = porch_keeper_get_unsealed (self->keeper);

  gtk_widget_set_visible (GTK_WIDGET (self->unsealed_row), code >= 0);
  if (code >= 0)
    adw_action_row_set_subtitle (self->unsealed_row, porch_phrase_problem (code));
}

static void
show_passphrase (PorchBackupPage *self)
{
  const PorchKeptSecret *secret = porch_keeper_find_secret (self->keeper, PASSPHRASE);
  const gboolean is_given = secret != NULL && (g_str_equal (secret->kind, "credentials") ||
                                               g_str_equal (secret->kind, "environment"));
  AdwPreferencesRow *row = ADW_PREFERENCES_ROW (self->passphrase_row);
  const char *subtitle;

  adw_preferences_row_set_title (row, secret != NULL ? _ ("Backups open with a passphrase only")
                                                     : _ ("Whoever has a backup can read it"));
  if (secret == NULL)
    subtitle = _ ("Fine on a disk of your own; set a passphrase before backups go elsewhere.");
  else if (secret->trouble >= 0)
    subtitle = porch_phrase_problem (secret->trouble);
  else if (is_given)
    subtitle = _ ("It was given to the server when it was started.");
  else
    subtitle = _ ("Write it down somewhere else: without it nobody can open them, not even you.");
  adw_action_row_set_subtitle (self->passphrase_row, subtitle);
  gtk_button_set_label (self->passphrase_button, secret != NULL ? _ ("Change…") : _ ("Set…"));
  porch_compat_set_button_name (GTK_WIDGET (self->passphrase_button),
                                secret != NULL ? _ ("Change the passphrase")
                                               : _ ("Set a passphrase"));
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_button), !is_given);
  gtk_widget_set_visible (GTK_WIDGET (self->remove_button), secret != NULL && !is_given);
}

static void
add_row (PorchBackupPage *self, const PorchKeptBackup *backup)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Restore…"));
  g_autofree char *when = phrase_when (backup->at_us);
  g_autofree char *details = phrase_details (backup);
  /* Translators: for people who hear it; when the backup was made */
  g_autofree char *name = g_strdup_printf (_ ("Restore the backup of %s"), when);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), when);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), details);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "backup.restore");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", backup->name);
  porch_compat_set_button_name (button, name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->list_group, row);
  g_ptr_array_add (self->rows, row);
}

/* Anew only when there are others: rows that stay keep the focus. */
static void
show_list (PorchBackupPage *self)
{
  GPtrArray *backups = porch_keeper_get_backups (self->keeper);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < backups->len; i++)
    g_string_append_printf (names, "%s\n", ((PorchKeptBackup *) backups->pdata[i])->name);
  if (g_strcmp0 (self->shown, names->str) == 0)
    return;
  g_clear_pointer (&self->shown, g_free);
  self->shown = g_strdup (names->str);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->list_group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < backups->len; i++)
    add_row (self, backups->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->list_group), backups->len > 0);
}

static void
show (PorchBackupPage *self)
{
  show_last (self);
  show_job (self);
  show_failure (self);
  show_unsealed (self);
  show_passphrase (self);
  show_list (self);
}

/* ---- what is done ---- */

static void
on_now (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_keeper_back_up (PORCH_BACKUP_PAGE (widget)->keeper);
}

static const PorchKeptBackup *
find_backup (PorchBackupPage *self, const char *name)
{
  GPtrArray *backups = porch_keeper_get_backups (self->keeper);

  for (guint i = 0; i < backups->len; i++)
    if (g_str_equal (((PorchKeptBackup *) backups->pdata[i])->name, name))
      return backups->pdata[i];
  return NULL;
}

static void
on_restore_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  PorchBackupPage *self = data;
  const char *name = g_object_get_data (G_OBJECT (dialog), "backup");
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  const char *passphrase = entry != NULL ? gtk_editable_get_text (GTK_EDITABLE (entry)) : "";

  if (g_str_equal (response, "restore"))
    porch_keeper_restore (self->keeper, name, *passphrase != '\0' ? passphrase : NULL);
}

/* A sealed one may have been sealed with another passphrase than today's. */
static void
on_restore (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchBackupPage *self = PORCH_BACKUP_PAGE (widget);
  const PorchKeptBackup *backup = find_backup (self, g_variant_get_string (parameter, NULL));
  g_autofree char *when = backup != NULL ? phrase_when (backup->at_us) : NULL;
  GtkWidget *dialog;

  if (backup == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                   _ ("Go back to this backup?"), NULL);
  /* Translators: when the backup was made, such as "Today, 09:41" */
  adw_message_dialog_format_body (
    ADW_MESSAGE_DIALOG (dialog),
    _ ("%s. What was said since then is not in it. The file of today is kept beside it, and whoever "
       "is connected sends again what they still hold."),
      when);
  if (backup->is_sealed) {
    GtkWidget *entry = porch_passphrase_entry_new (_ ("Passphrase, if it is another one"));

    adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  }
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _ ("Cancel"), "restore", _ ("Go back"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "restore",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "backup", g_strdup (backup->name), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_restore_answered), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_chosen (const char *passphrase, gpointer data)
{
  porch_keeper_set_secret (PORCH_BACKUP_PAGE (data)->keeper, PASSPHRASE, passphrase);
}

static void
on_set_passphrase (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_passphrase_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)), on_chosen,
                                   g_object_ref (widget), g_object_unref);
}

static void
on_remove_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  if (g_str_equal (response, "remove"))
    porch_keeper_remove_secret (PORCH_BACKUP_PAGE (data)->keeper, PASSPHRASE);
}

static void
on_remove_passphrase (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (gtk_widget_get_root (widget)),
    _ ("Forget the passphrase?"),
       _ ("New backups can then be read by whoever has them. Those that are there still need it."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _ ("Cancel"), "remove", _ ("Forget"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_answered), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- life ---- */

static void
porch_backup_page_dispose (GObject *object)
{
  PorchBackupPage *self = PORCH_BACKUP_PAGE (object);

  g_clear_object (&self->keeper);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (porch_backup_page_parent_class)->dispose (object);
}

static void
porch_backup_page_class_init (PorchBackupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_backup_page_dispose;

  gtk_widget_class_install_action (widget_class, "backup.now", NULL, on_now);
  gtk_widget_class_install_action (widget_class, "backup.restore", "s", on_restore);
  gtk_widget_class_install_action (widget_class, "backup.set-passphrase", NULL, on_set_passphrase);
  gtk_widget_class_install_action (widget_class, "backup.remove-passphrase", NULL,
                                   on_remove_passphrase);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-backup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, failure_row);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, unsealed_row);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, last_row);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, list_group);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, now_button);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, passphrase_button);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, passphrase_row);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, progress_row);
  gtk_widget_class_bind_template_child (widget_class, PorchBackupPage, remove_button);
}

static void
porch_backup_page_init (PorchBackupPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->list_group), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "backup.now", FALSE);
}

void
porch_backup_page_set_keeper (PorchBackupPage *self, PorchKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}
