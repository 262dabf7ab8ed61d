/* porch-nav-pane.c - the pages, and me: who I am, whether I am there, whether the light is on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-nav-pane.h"

#include "porch-light.h"
#include "porch-mirror.h"
#include "porch-phrase.h"
#include "porch-presence.h"
#include "porch-status-popover.h"

#include <glib/gi18n.h>

struct _PorchNavPane {
  AdwBin parent_instance;

  GMenuModel *main_menu;
  GtkMenuButton *menu_button;
  GtkMenuButton *me_button;
  GtkListBox *pages;
  GtkListBoxRow *inbox_row;

  PorchMirror *mirror;
  PorchClient *client;
};

typedef enum {
  PROP_MIRROR = 1,
  PROP_CLIENT,
} PorchNavPaneProp;

#define N_PROPS (PROP_CLIENT + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchNavPane, porch_nav_pane, ADW_TYPE_BIN)

static char *
format_count (PorchNavPane *self, gint64 count)
{
  return count > 99 ? g_strdup ("99+") : g_strdup_printf ("%d", (int) count);
}

static gboolean
is_counted (PorchNavPane *self, gint64 count)
{
  return count > 0;
}

/* What the count means, for those who hear it. */
static char *
format_waiting (PorchNavPane *self, gint64 count)
{
  return g_strdup_printf (ngettext ("%d waits", "%d wait", (gulong) count), (int) count);
}

/* Cut off, nobody knows what I am: the ring claims nothing. */
static int
find_presence (PorchNavPane *self, int status, int link)
{
  return link == PORCH_LINK_LIVE ? status : PORCH_STATUS_OFFLINE;
}

static char *
format_status (PorchNavPane *self, int status, int link)
{
  if (link == PORCH_LINK_CONNECTING)
    return g_strdup (C_ ("status", "Connecting"));
  if (link != PORCH_LINK_LIVE)
    return g_strdup (C_ ("status", "Not connected"));
  return g_strdup (porch_phrase_status (status));
}

static char *
format_me (PorchNavPane *self, const char *name, int status, int link)
{
  g_autofree char *words = format_status (self, status, link);

  /* Translators: my name and my status */
  return g_strdup_printf (_ ("%s: %s"), name, words);
}

/* It is derived: also off when the line is cut, since then nobody can know. */
static gboolean
is_light_on (PorchNavPane *self, gboolean is_somebody_in, int link)
{
  return is_somebody_in && link == PORCH_LINK_LIVE;
}

static char *
format_light (PorchNavPane *self, gboolean is_on)
{
  return g_strdup (is_on ? _ ("The light is on: somebody is in")
                         : _ ("The light is off: nobody is in"));
}

/* A popover costs more than all the rest of the pane, and most runs of the program need none. */
static void
create_menu (GtkMenuButton *button, gpointer user_data)
{
  PorchNavPane *self = user_data;

  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (self->main_menu));
}

static void
create_popover (GtkMenuButton *button, gpointer user_data)
{
  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, porch_status_popover_new ());
}

static void
porch_nav_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchNavPane *self = PORCH_NAV_PANE (object);

  switch ((PorchNavPaneProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CLIENT:
    g_value_set_object (value, self->client);
    break;
  }
}

static void
porch_nav_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchNavPane *self = PORCH_NAV_PANE (object);

  switch ((PorchNavPaneProp) id) {
  case PROP_MIRROR:
    if (g_set_object (&self->mirror, g_value_get_object (value))) {
      g_set_object (&self->client,
                    (self->mirror != NULL ? porch_mirror_get_client (self->mirror) : NULL));
      g_object_notify_by_pspec (object, properties[PROP_MIRROR]);
      g_object_notify_by_pspec (object, properties[PROP_CLIENT]);
    }
    break;
  case PROP_CLIENT:
    break;
  }
}

static void
porch_nav_pane_dispose (GObject *object)
{
  PorchNavPane *self = PORCH_NAV_PANE (object);

  g_clear_object (&self->mirror);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_nav_pane_parent_class)->dispose (object);
}

static void
porch_nav_pane_class_init (PorchNavPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_nav_pane_get_property;
  object_class->set_property = porch_nav_pane_set_property;
  object_class->dispose = porch_nav_pane_dispose;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, PORCH_TYPE_CLIENT,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_LIGHT);
  g_type_ensure (PORCH_TYPE_PRESENCE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-nav-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchNavPane, main_menu);
  gtk_widget_class_bind_template_child (widget_class, PorchNavPane, menu_button);
  gtk_widget_class_bind_template_child (widget_class, PorchNavPane, me_button);
  gtk_widget_class_bind_template_child (widget_class, PorchNavPane, pages);
  gtk_widget_class_bind_template_child (widget_class, PorchNavPane, inbox_row);
  gtk_widget_class_bind_template_callback (widget_class, find_presence);
  gtk_widget_class_bind_template_callback (widget_class, format_count);
  gtk_widget_class_bind_template_callback (widget_class, format_light);
  gtk_widget_class_bind_template_callback (widget_class, format_me);
  gtk_widget_class_bind_template_callback (widget_class, format_status);
  gtk_widget_class_bind_template_callback (widget_class, format_waiting);
  gtk_widget_class_bind_template_callback (widget_class, is_counted);
  gtk_widget_class_bind_template_callback (widget_class, is_light_on);
}

static void
porch_nav_pane_init (PorchNavPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu, self, NULL);
  gtk_menu_button_set_create_popup_func (self->me_button, create_popover, NULL, NULL);
  gtk_list_box_select_row (self->pages, self->inbox_row);
}
