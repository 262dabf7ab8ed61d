/* porch-website-group.c - the website among the preferences: its name, its addresses, its snippet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is kept is what the server says, so a row shows that again as soon as it was taken.
 */
#include "config.h"

#include "porch-website-group.h"

#include "porch-error.h"
#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-snippet.h"

#include <glib/gi18n.h>

struct _PorchWebsiteGroup {
  AdwPreferencesGroup parent_instance;

  AdwEntryRow *name_row;
  AdwActionRow *name_problem;
  AdwEntryRow *address_row;
  AdwActionRow *address_problem;
  PorchSnippet *snippet;

  PorchClient *client;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PorchWebsiteGroup, porch_website_group, ADW_TYPE_PREFERENCES_GROUP)

static void
set_text (AdwEntryRow *row, const char *text)
{
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
}

static void
show_name (PorchWebsiteGroup *self)
{
  set_text (self->name_row, porch_client_get_business (self->client));
}

static void
show_address (PorchWebsiteGroup *self)
{
  g_autofree char *domains = NULL;
  g_autofree char *words = NULL;

  g_object_get (self->client, "site-domains", &domains, NULL);
  words = domains != NULL ? porch_format_domains (domains) : NULL;
  set_text (self->address_row, words);
}

/* The sentence stands under its row, and the row says that it is wrong. */
static void
show_problem (AdwEntryRow *row, AdwActionRow *problem, const char *words)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (problem), words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (problem), words != NULL);
  gtk_accessible_update_state (
    GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
    words != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (words != NULL) {
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
    gtk_widget_grab_focus (GTK_WIDGET (row));
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  }
}

/* What the server made of it comes with the client's news, unless it was so already. */
static void
on_taken (PorchWebsiteGroup *self, gboolean is_name, const GError *error)
{
  AdwEntryRow *row = is_name ? self->name_row : self->address_row;
  AdwActionRow *problem = is_name ? self->name_problem : self->address_problem;
  const char *words = NULL;

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE))
    words = is_name ? _ ("Visitors should know whom they write to.")
                    : _ ("This does not look like the address of a website.");
  else if (error != NULL)
    words = porch_phrase_error (error);
  show_problem (row, problem, words);
}

/* When it was cancelled the group is gone, and must not be touched. */
static void
on_name_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!porch_client_update_site_finish (PORCH_CLIENT (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  on_taken (user_data, TRUE, error);
}

static void
on_address_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!porch_client_update_site_finish (PORCH_CLIENT (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  on_taken (user_data, FALSE, error);
}

static void
on_name_applied (PorchWebsiteGroup *self)
{
  porch_client_update_site_async (self->client,
                                  gtk_editable_get_text (GTK_EDITABLE (self->name_row)), NULL,
                                  self->cancellable, on_name_ready, self);
}

static void
on_address_applied (PorchWebsiteGroup *self)
{
  porch_client_update_site_async (self->client, NULL,
                                  gtk_editable_get_text (GTK_EDITABLE (self->address_row)),
                                  self->cancellable, on_address_ready, self);
}

static void
porch_website_group_dispose (GObject *object)
{
  PorchWebsiteGroup *self = PORCH_WEBSITE_GROUP (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_website_group_parent_class)->dispose (object);
}

static void
porch_website_group_class_init (PorchWebsiteGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_website_group_dispose;

  g_type_ensure (PORCH_TYPE_SNIPPET);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-website-group.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchWebsiteGroup, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchWebsiteGroup, name_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchWebsiteGroup, address_row);
  gtk_widget_class_bind_template_child (widget_class, PorchWebsiteGroup, address_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchWebsiteGroup, snippet);
  gtk_widget_class_bind_template_callback (widget_class, on_name_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_address_applied);
}

static void
describe (AdwEntryRow *row, AdwActionRow *problem)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  problem, NULL, -1);
}

static void
porch_website_group_init (PorchWebsiteGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  describe (self->name_row, self->name_problem);
  describe (self->address_row, self->address_problem);
  porch_snippet_be_calm (self->snippet);
}

void
porch_website_group_set_client (PorchWebsiteGroup *self, PorchClient *client)
{
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  g_signal_connect_object (client, "notify::business", G_CALLBACK (show_name), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::site-domains", G_CALLBACK (show_address), self,
                           G_CONNECT_SWAPPED);
  g_object_set (self->snippet, "client", client, NULL);
  show_name (self);
  show_address (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}
