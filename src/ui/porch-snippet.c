/* porch-snippet.c - the line that hangs the light on a website, with a button that copies it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-snippet.h"

#include "porch-error.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum {
  PROP_CLIENT = 1,
  PROP_IS_COPIED,
} PorchSnippetProp;

#define N_PROPS (PROP_IS_COPIED + 1)

struct _PorchSnippet {
  AdwBin parent_instance;

  GtkLabel *code;
  AdwActionRow *reach;
  GtkStack *copy_stack;
  GtkButton *copy_button;

  PorchClient *client;
  GSignalGroup *client_signals;
  gboolean is_copied;
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchSnippet, porch_snippet, ADW_TYPE_BIN)

/* Who can open the address that the snippet names. */
static void
show_reach (PorchSnippet *self)
{
  const char *listening = porch_client_get_address (self->client);
  const char *named = porch_client_get_public_address (self->client);
  const char *address = named != NULL ? named : listening;
  g_autofree char *warning = NULL;
  g_autofree char *words = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *host;

  g_object_get (self->client, "warning", &warning, NULL);
  if (listening == NULL) {
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reach),
                                   _ ("Visitors cannot reach the chat yet"));
    adw_action_row_set_subtitle (self->reach,
                                 _ ("The address it should have is used by another program."));
    return;
  }
  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : "";
  if (g_strcmp0 (warning, "port_taken") == 0) {
    /* Translators: an address such as http://127.0.0.1:8643 */
    words = g_strdup_printf (_ ("It is %s now."), listening);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reach),
                                   _ ("The usual address was taken by another program"));
    adw_action_row_set_subtitle (self->reach, words);
  } else if (strcmp (host, "127.0.0.1") == 0 || strcmp (host, "::1") == 0 ||
             strcmp (host, "localhost") == 0) {
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reach),
                                   _ ("Right now only this computer can reach the chat"));
    adw_action_row_set_subtitle (
      self->reach,
      _ ("Fine for trying it out. Help in the menu says how to open it to the internet."));
  } else {
    /* Translators: an address such as https://chat.example.com */
    words = g_strdup_printf (_ ("Visitors reach the chat at %s"), address);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reach), words);
    adw_action_row_set_subtitle (self->reach, "");
  }
}

static void
show_snippet (PorchSnippet *self)
{
  g_autofree char *snippet = porch_client_dup_snippet (self->client);
  g_auto (GStrv) parts = NULL;
  g_autofree char *shown = NULL;

  if (snippet != NULL) {
    /* Broken where it reads well; what is copied is one line. */
    parts = g_strsplit (snippet, " data-", 2);
    shown = g_strjoinv ("\n  data-", parts);
  }
  gtk_label_set_label (self->code, shown != NULL ? shown : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snippet.copy", snippet != NULL);
  show_reach (self);
}

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchSnippet *self = PORCH_SNIPPET (widget);
  g_autofree char *snippet = porch_client_dup_snippet (self->client);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), snippet);
  gtk_stack_set_visible_child_name (self->copy_stack, "copied");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copied"), -1);
  gtk_widget_remove_css_class (GTK_WIDGET (self->copy_button), "suggested-action");
  if (self->is_copied)
    return;
  self->is_copied = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_COPIED]);
}

static gboolean
porch_snippet_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PORCH_SNIPPET (widget)->copy_button));
}

static void
porch_snippet_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchSnippet *self = PORCH_SNIPPET (object);

  switch ((PorchSnippetProp) id) {
  case PROP_CLIENT:
    g_value_set_object (value, self->client);
    break;
  case PROP_IS_COPIED:
    g_value_set_boolean (value, self->is_copied);
    break;
  }
}

static void
porch_snippet_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchSnippet *self = PORCH_SNIPPET (object);

  switch ((PorchSnippetProp) id) {
  case PROP_CLIENT:
    if (g_set_object (&self->client, g_value_get_object (value)) && self->client != NULL) {
      g_signal_group_set_target (self->client_signals, self->client);
      porch_client_look_again (self->client);
      show_snippet (self);
    }
    break;
  case PROP_IS_COPIED:
    break;
  }
}

static void
porch_snippet_dispose (GObject *object)
{
  PorchSnippet *self = PORCH_SNIPPET (object);

  g_clear_object (&self->client_signals);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_snippet_parent_class)->dispose (object);
}

static void
porch_snippet_class_init (PorchSnippetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_snippet_get_property;
  object_class->set_property = porch_snippet_set_property;
  object_class->dispose = porch_snippet_dispose;
  widget_class->grab_focus = porch_snippet_grab_focus;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, PORCH_TYPE_CLIENT,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_COPIED] = g_param_spec_boolean ("is-copied", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "snippet.copy", NULL, on_copy);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-snippet.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSnippet, code);
  gtk_widget_class_bind_template_child (widget_class, PorchSnippet, copy_button);
  gtk_widget_class_bind_template_child (widget_class, PorchSnippet, copy_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchSnippet, reach);
}

static void
porch_snippet_init (PorchSnippet *self)
{
  self->client_signals = g_signal_group_new (PORCH_TYPE_CLIENT);
  g_signal_group_connect_swapped (self->client_signals, "notify::address",
                                  G_CALLBACK (show_snippet), self);
  g_signal_group_connect_swapped (self->client_signals, "notify::public-address",
                                  G_CALLBACK (show_snippet), self);
  g_signal_group_connect_swapped (self->client_signals, "notify::site-key",
                                  G_CALLBACK (show_snippet), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_snippet_be_calm (PorchSnippet *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->copy_button), "suggested-action");
}

void
porch_snippet_present (GtkWindow *parent, PorchClient *client)
{
  GtkWidget *snippet = g_object_new (PORCH_TYPE_SNIPPET, "client", client, NULL);
  GtkWidget *dialog = adw_message_dialog_new (
    parent,
    _ ("How your website reaches you"),
       _ ("Paste this line before the end of every page, or give it to the person who looks after "
       "your site. It is small, and nothing else loads until a visitor asks for it."));

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), snippet);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}
