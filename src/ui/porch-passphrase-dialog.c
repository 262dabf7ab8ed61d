/* porch-passphrase-dialog.c - choosing a passphrase, twice the same, and asking for one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-passphrase-dialog.h"

#include <glib/gi18n.h>

typedef struct {
  AdwMessageDialog *dialog;
  GtkEditable *first, *again;
  GtkLabel *hint;
  PorchPassphraseChosen chosen;
  gpointer data;
  GDestroyNotify free_data;
} Choice;

static void
free_choice (gpointer data)
{
  Choice *choice = data;

  if (choice->free_data != NULL)
    choice->free_data (choice->data);
  g_free (choice);
}

static void
on_peek (GtkEntry *entry, GtkEntryIconPosition position, gpointer data)
{
  const gboolean is_shown = !gtk_entry_get_visibility (entry);

  gtk_entry_set_visibility (entry, is_shown);
  gtk_entry_set_icon_from_icon_name (entry, position,
                                     is_shown ? "view-conceal-symbolic" : "view-reveal-symbolic");
}

/* Not a GtkPasswordEntry: at the floor that one listens to its field after it was freed, when its
 * window goes while it has the focus. The buffer is the same: it is wiped. */
GtkWidget *
porch_passphrase_entry_new (const char *name)
{
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
  GtkWidget *widget = gtk_entry_new_with_buffer (buffer);
  GtkEntry *entry = GTK_ENTRY (widget);

  gtk_entry_set_visibility (entry, FALSE);
  gtk_entry_set_placeholder_text (entry, name);
  gtk_entry_set_activates_default (entry, TRUE);
  gtk_entry_set_input_purpose (entry, GTK_INPUT_PURPOSE_PASSWORD);
  gtk_entry_set_icon_from_icon_name (entry, GTK_ENTRY_ICON_SECONDARY, "view-reveal-symbolic");
  gtk_entry_set_icon_tooltip_text (entry, GTK_ENTRY_ICON_SECONDARY, _ ("Show what is typed"));
  g_signal_connect (entry, "icon-press", G_CALLBACK (on_peek), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return widget;
}

static void
check (Choice *choice)
{
  const char *first = gtk_editable_get_text (choice->first);
  const char *again = gtk_editable_get_text (choice->again);
  const gboolean is_long = g_utf8_strlen (first, -1) >= PORCH_PASSPHRASE_CHARACTERS_MIN;
  const gboolean is_same = g_str_equal (first, again);
  g_autofree char *words = NULL;

  if (!is_long)
    words =
      g_strdup_printf (ngettext ("At least %d character: a few words that come to you alone.",
                                 "At least %d characters: a few words that come to you alone.",
                                 PORCH_PASSPHRASE_CHARACTERS_MIN),
                       PORCH_PASSPHRASE_CHARACTERS_MIN);
  else
    words = g_strdup (is_same ? _ ("Both are the same.") : _ ("Type the same again below."));
  gtk_label_set_label (choice->hint, words);
  adw_message_dialog_set_response_enabled (choice->dialog, "set", is_long && is_same);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Choice *choice = data;

  if (g_str_equal (response, "set"))
    choice->chosen (gtk_editable_get_text (choice->first), choice->data);
}

static GtkWidget *
new_fields (Choice *choice)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *first = porch_passphrase_entry_new (_ ("Passphrase"));
  GtkWidget *again = porch_passphrase_entry_new (_ ("The same again"));
  GtkWidget *hint = gtk_label_new (NULL);

  choice->first = GTK_EDITABLE (first);
  choice->again = GTK_EDITABLE (again);
  choice->hint = GTK_LABEL (hint);
  gtk_label_set_wrap (choice->hint, TRUE);
  gtk_label_set_xalign (choice->hint, 0);
  gtk_widget_add_css_class (hint, "caption");
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), again);
  gtk_box_append (GTK_BOX (box), hint);
  g_signal_connect_swapped (first, "changed", G_CALLBACK (check), choice);
  g_signal_connect_swapped (again, "changed", G_CALLBACK (check), choice);
  return box;
}

void
porch_passphrase_dialog_present (GtkWindow *parent,
                                 PorchPassphraseChosen chosen,
                                 gpointer data,
                                 GDestroyNotify free_data)
{
  Choice *choice = g_new0 (Choice, 1);
  GtkWidget *dialog = adw_message_dialog_new (
    parent,
    _ ("A passphrase for backups"),
       _ ("New backups open with it only. Keep it somewhere else too: it cannot be found out from "
       "them."));

  choice->dialog = ADW_MESSAGE_DIALOG (dialog);
  choice->chosen = chosen;
  choice->data = data;
  choice->free_data = free_data;
  adw_message_dialog_set_extra_child (choice->dialog, new_fields (choice));
  adw_message_dialog_add_responses (choice->dialog, "cancel", _ ("Cancel"), "set", _ ("Set"), NULL);
  adw_message_dialog_set_response_appearance (choice->dialog, "set", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (choice->dialog, "set");
  g_object_set_data_full (G_OBJECT (dialog), "choice", choice, free_choice);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), choice);
  check (choice);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- asking for one ---- */

static void
on_asked (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Choice *choice = data;

  if (g_str_equal (response, "open"))
    choice->chosen (gtk_editable_get_text (choice->first), choice->data);
  gtk_editable_set_text (choice->first, "");
}

static void
on_typed (Choice *choice)
{
  adw_message_dialog_set_response_enabled (choice->dialog, "open",
                                           *gtk_editable_get_text (choice->first) != '\0');
}

GtkWidget *
porch_passphrase_dialog_new_asking (GtkWindow *parent, PorchPassphraseChosen chosen, gpointer data)
{
  Choice *choice = g_new0 (Choice, 1);
  GtkWidget *entry = porch_passphrase_entry_new (_ ("Passphrase"));
  GtkWidget *dialog = adw_message_dialog_new (parent, NULL, NULL);

  choice->dialog = ADW_MESSAGE_DIALOG (dialog);
  choice->first = GTK_EDITABLE (entry);
  choice->chosen = chosen;
  choice->data = data;
  adw_message_dialog_set_body (choice->dialog,
                               _ ("It is the one that was set when the copy was made. Until it is "
                                  "right nothing is changed."));
  adw_message_dialog_set_extra_child (choice->dialog, entry);
  adw_message_dialog_add_responses (choice->dialog, "cancel",
                                    _ ("Cancel"), "open", _ ("Go back"), NULL);
  adw_message_dialog_set_response_appearance (choice->dialog, "open", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (choice->dialog, "open");
  gtk_window_set_hide_on_close (GTK_WINDOW (dialog), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_object_set_data_full (G_OBJECT (dialog), "choice", choice, free_choice);
  g_signal_connect (dialog, "response", G_CALLBACK (on_asked), choice);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_typed), choice);
  on_typed (choice);
  return dialog;
}

void
porch_passphrase_dialog_ask (GtkWidget *dialog, gboolean is_wrong)
{
  const Choice *choice = g_object_get_data (G_OBJECT (dialog), "choice");

  adw_message_dialog_set_heading (choice->dialog,
                                  is_wrong ? _ ("Another passphrase opens this copy")
                                           : _ ("This copy opens with a passphrase only"));
  gtk_widget_grab_focus (GTK_WIDGET (choice->first));
  gtk_window_present (GTK_WINDOW (dialog));
}
