/* porch-secret-page.c - where secrets are, what is the matter with that, and the keys of the sites
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-secret-page.h"

#include "porch-clock.h"
#include "porch-compat.h"
#include "porch-error.h"
#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-secret.h"

#include <glib/gi18n.h>
#include <string.h>

struct _PorchSecretPage {
  AdwPreferencesPage parent_instance;

  AdwActionRow *place_row;
  GtkButton *again_button;
  AdwPreferencesGroup *key_group, *secret_group;

  PorchKeeper *keeper;
  GPtrArray *key_rows, *secret_rows;
  char *shown_keys, *shown_secrets;
};

G_DEFINE_FINAL_TYPE (PorchSecretPage, porch_secret_page, ADW_TYPE_PREFERENCES_PAGE)

/* ---- the keyring ---- */

static void
say_place (PorchSecretPage *self, const char *title, const char *subtitle, const char *icon)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->place_row), title);
  adw_action_row_set_subtitle (self->place_row, subtitle);
  adw_action_row_set_icon_name (self->place_row, icon);
}

static void
say_trouble (PorchSecretPage *self, int trouble)
{
  if (trouble == PORCH_ERROR_KEYRING_LOCKED)
    say_place (
      self,
      _ ("The keyring is locked"),
         _ ("What needs a secret waits until it is open; the chat goes on. Try again, and you "
                  "are asked for its password."),
            "porch-lock-symbolic");
  else if (trouble == PORCH_ERROR_KEYRING_REFUSED)
    say_place (
      self, _ ("The keyring was not opened"),
               _ ("Nobody typed its password, or it said no. What needs a secret waits; the chat "
                  "goes on."),
                  "porch-alert-symbolic");
  else
    say_place (
      self, _ ("The keyring cannot be reached"),
               _ ("Secrets of yours are in it. What needs them waits; new ones go into a file that "
                  "only your user can read."),
                  "porch-alert-symbolic");
}

static void
show_place (PorchSecretPage *self)
{
  const int trouble = porch_keeper_get_trouble (self->keeper);
  const gboolean is_asking = porch_keeper_is_asking (self->keeper);
  const GError *error = porch_keeper_get_error (self->keeper);

  gtk_widget_set_visible (GTK_WIDGET (self->again_button),
                          porch_keeper_is_loaded (self->keeper) && trouble >= 0 && !is_asking);
  if (!porch_keeper_is_loaded (self->keeper)) {
    if (error != NULL)
      say_place (self, _ ("Secrets could not be looked up"), porch_phrase_error (error),
                          "porch-alert-symbolic");
  } else if (is_asking) {
    say_place (self, _ ("Waiting for the keyring"), _ ("Its window asks for the password."),
                                                       "porch-clock-symbolic");
  } else if (trouble >= 0) {
    say_trouble (self, trouble);
  } else if (g_strcmp0 (porch_keeper_get_place (self->keeper), "keyring") == 0) {
    say_place (self, _ ("Secrets are in the keyring"),
                        _ ("Where the passwords of this computer are."), "porch-lock-symbolic");
  } else {
    say_place (
      self, _ ("Secrets are in a file"),
               _ ("There is no keyring here. Only your user can read the file; whoever copies the "
                  "folder has them."),
                  "porch-info-symbolic");
  }
}

/* ---- rows ---- */

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

/* TRUE when @now is not what is shown; it is then. */
static gboolean
replace (char **shown, const char *now)
{
  if (g_strcmp0 (*shown, now) == 0)
    return FALSE;
  g_free (*shown);
  *shown = g_strdup (now);
  return TRUE;
}

static GtkWidget *
new_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  /* Some of these are what people chose. */
  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, "title-lines", 0,
                "subtitle-lines", 0, NULL);
  return row;
}

static void
add_button (GtkWidget *row,
            const char *label,
            const char *name,
            const char *action,
            GVariant *target)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  porch_compat_set_button_name (button, name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (AdwPreferencesGroup *group, GPtrArray *rows, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

/* ---- the keys of the sites ---- */

static void
add_site_row (PorchSecretPage *self, const PorchKeptSite *site)
{
  const guint n = site->keys != NULL ? site->keys->len : 0;
  const char *words;
  GtkWidget *row;
  g_autofree char *name = NULL;

  if (site->keys == NULL)
    words = _ ("Its keys cannot be read now.");
  else if (n == 0)
    words = _ ("It has no key: nobody is vouched for.");
  else
    words = n == 1 ? _ ("One key is good.")
                   : _ ("Two keys are good. Retire the older one when your "
                                                 "website uses the new one.");
  row = new_row (site->domain, words);
  if (site->keys != NULL) {
    /* Translators: for people who hear it; the name of a website */
    name = g_strdup_printf (_ ("New key for %s"), site->domain);
    add_button (row,
                n == 0 ? _ ("Make a key")
                       : _ ("New key"), name, "secret.add-key", g_variant_new_string (site->id));
  }
  add_row (self->key_group, self->key_rows, row);
}

static void
add_key_row (PorchSecretPage *self,
             const PorchKeptSite *site,
             const PorchKeptKey *key,
             gboolean is_new)
{
  g_autofree char *day = porch_format_day (key->at_us, porch_clock_now_us ());
  /* Translators: the name of a key, and the last characters of its secret */
  g_autofree char *title = g_strdup_printf (_ ("%s, ends in %s"), key->kid, key->hint);
  g_autofree char *subtitle = g_strdup_printf (
    is_new ? C_ ("key", "The newest, made: %s") : C_ ("key", "The older, made: %s"), day);
  /* Translators: for people who hear it; the name of a key */
  g_autofree char *name = g_strdup_printf (_ ("Retire the key %s"), key->kid);
  GtkWidget *row = new_row (title, subtitle);

  add_button (row, _ ("Retire…"), name, "secret.retire-key",
                      g_variant_new ("(ss)", site->id, key->kid));
  add_row (self->key_group, self->key_rows, row);
}

static void
show_keys (PorchSecretPage *self)
{
  GPtrArray *sites = porch_keeper_get_sites (self->keeper);
  g_autoptr (GString) now = g_string_new (NULL);

  for (guint i = 0; i < sites->len; i++) {
    const PorchKeptSite *site = sites->pdata[i];

    g_string_append_printf (now, "%s %d\n", site->id, site->keys != NULL);
    for (guint j = 0; site->keys != NULL && j < site->keys->len; j++)
      g_string_append_printf (now, " %s\n", ((PorchKeptKey *) site->keys->pdata[j])->kid);
  }
  if (!replace (&self->shown_keys, now->str))
    return;
  clear_rows (self->key_group, self->key_rows);
  for (guint i = 0; i < sites->len; i++) {
    const PorchKeptSite *site = sites->pdata[i];

    add_site_row (self, site);
    for (guint j = 0; site->keys != NULL && j < site->keys->len; j++)
      add_key_row (self, site, site->keys->pdata[j], j == 0);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->key_group), sites->len > 0);
}

/* ---- the others ---- */

static const char *
phrase_kind (const char *kind)
{
  if (g_str_equal (kind, "keyring"))
    return C_ ("secret", "In the keyring");
  if (g_str_equal (kind, "file"))
    return C_ ("secret", "In a file");
  return C_ ("secret", "Given to the server when it was started");
}

static gboolean
is_shown (const PorchKeptSecret *secret)
{
  return !g_str_has_prefix (secret->name, "identity.");
}

static void
add_secret_row (PorchSecretPage *self, const PorchKeptSecret *secret)
{
  g_autofree char *words = NULL;
  const char *title =
    g_str_equal (secret->name, "backup-passphrase") ? _ ("Passphrase of backups") : secret->name;

  if (secret->trouble >= 0)
    words = g_strdup (porch_phrase_problem (secret->trouble));
  else if (*secret->hint != '\0')
    /* Translators: where a secret is, and its last characters */
    words = g_strdup_printf (_ ("%s, ends in %s"), phrase_kind (secret->kind), secret->hint);
  else
    words = g_strdup (phrase_kind (secret->kind));
  add_row (self->secret_group, self->secret_rows, new_row (title, words));
}

static void
show_secrets (PorchSecretPage *self)
{
  GPtrArray *secrets = porch_keeper_get_secrets (self->keeper);
  g_autoptr (GString) now = g_string_new (NULL);

  for (guint i = 0; i < secrets->len; i++) {
    const PorchKeptSecret *secret = secrets->pdata[i];

    if (is_shown (secret))
      g_string_append_printf (now, "%s %s %s %d\n", secret->name, secret->kind, secret->hint,
                              secret->trouble);
  }
  if (!replace (&self->shown_secrets, now->str))
    return;
  clear_rows (self->secret_group, self->secret_rows);
  for (guint i = 0; i < secrets->len; i++)
    if (is_shown (secrets->pdata[i]))
      add_secret_row (self, secrets->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->secret_group), self->secret_rows->len > 0);
}

static void
show (PorchSecretPage *self)
{
  show_place (self);
  show_keys (self);
  show_secrets (self);
}

/* ---- what is done ---- */

static void
on_unlock (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_keeper_unlock (PORCH_SECRET_PAGE (widget)->keeper);
}

static void
on_add_key (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_keeper_add_key (PORCH_SECRET_PAGE (widget)->keeper, g_variant_get_string (parameter, NULL));
}

static void
on_copy (GtkButton *button, const char *secret)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), secret);
  gtk_button_set_label (button, _ ("Copied"));
}

static GtkWidget *
new_secret_box (const char *secret)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (secret);
  GtkWidget *button = gtk_button_new_with_label (_ ("Copy"));

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_widget_add_css_class (label, "monospace");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("The key's secret"), -1);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_copy), g_strdup (secret),
                         (GClosureNotify) (void (*) (void)) porch_secret_free, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

/* The only time that it is on a screen. */
static void
on_key_added (PorchSecretPage *self, const char *site, const char *kid, const char *secret)
{
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  /* Translators: the name of a key */
  heading = g_strdup_printf (_ ("Key %s"), kid);
  dialog = adw_message_dialog_new (
    GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading,
    _ ("Copy it now: it is not shown again. Your website keeps it where visitors cannot see it."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), new_secret_box (secret));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_retire_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  PorchSecretPage *self = data;

  if (g_str_equal (response, "retire"))
    porch_keeper_retire_key (self->keeper, g_object_get_data (G_OBJECT (dialog), "site"),
                             g_object_get_data (G_OBJECT (dialog), "kid"));
}

static void
on_retire_key (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *site = NULL, *kid = NULL;
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  g_variant_get (parameter, "(&s&s)", &site, &kid);
  /* Translators: the name of a key */
  heading = g_strdup_printf (_ ("Retire the key %s?"), kid);
  dialog = adw_message_dialog_new (
    GTK_WINDOW (gtk_widget_get_root (widget)), heading,
    _ ("What your website signs with it is believed no more, from this moment on."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _ ("Cancel"), "retire", _ ("Retire"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "retire",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "site", g_strdup (site), g_free);
  g_object_set_data_full (G_OBJECT (dialog), "kid", g_strdup (kid), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_retire_answered), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- life ---- */

static void
porch_secret_page_dispose (GObject *object)
{
  PorchSecretPage *self = PORCH_SECRET_PAGE (object);

  g_clear_object (&self->keeper);
  g_clear_pointer (&self->key_rows, g_ptr_array_unref);
  g_clear_pointer (&self->secret_rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown_keys, g_free);
  g_clear_pointer (&self->shown_secrets, g_free);

  G_OBJECT_CLASS (porch_secret_page_parent_class)->dispose (object);
}

static void
porch_secret_page_class_init (PorchSecretPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_secret_page_dispose;

  gtk_widget_class_install_action (widget_class, "secret.unlock", NULL, on_unlock);
  gtk_widget_class_install_action (widget_class, "secret.add-key", "s", on_add_key);
  gtk_widget_class_install_action (widget_class, "secret.retire-key", "(ss)", on_retire_key);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-secret-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSecretPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, PorchSecretPage, key_group);
  gtk_widget_class_bind_template_child (widget_class, PorchSecretPage, place_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSecretPage, secret_group);
}

static void
porch_secret_page_init (PorchSecretPage *self)
{
  self->key_rows = g_ptr_array_new ();
  self->secret_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_secret_page_set_keeper (PorchSecretPage *self, PorchKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keeper, "key-added", G_CALLBACK (on_key_added), self, G_CONNECT_SWAPPED);
}
