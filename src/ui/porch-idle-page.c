/* porch-idle-page.c - what stands where a conversation would be while none is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-idle-page.h"

#include "porch-light.h"
#include "porch-mirror.h"

#include <glib/gi18n.h>

struct _PorchIdlePage {
  AdwBin parent_instance;

  PorchMirror *mirror;
  PorchClient *client;
};

typedef enum {
  PROP_MIRROR = 1,
  PROP_CLIENT,
} PorchIdlePageProp;

#define N_PROPS (PROP_CLIENT + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchIdlePage, porch_idle_page, ADW_TYPE_BIN)

/* Before the first answer of the server there is nothing that would be true. */
static char *
choose_page (PorchIdlePage *self, gint64 n_open, int link)
{
  if (link == PORCH_LINK_CONNECTING || link == PORCH_LINK_SET_UP)
    return g_strdup ("blank");
  if (n_open > 0 || link != PORCH_LINK_LIVE)
    return g_strdup ("choose");
  return g_strdup ("light");
}

static char *
format_title (PorchIdlePage *self, gboolean is_on)
{
  return g_strdup (is_on ? _ ("The light is on") : _ ("The light is off"));
}

static char *
format_words (PorchIdlePage *self, gboolean is_on)
{
  return g_strdup (is_on ? _ ("Nobody is waiting. When somebody writes, Porchlight rings and the "
                              "conversation appears here.")
                         : _ ("Visitors can leave a message. Go online to answer."));
}

static void
porch_idle_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchIdlePage *self = PORCH_IDLE_PAGE (object);

  switch ((PorchIdlePageProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CLIENT:
    g_value_set_object (value, self->client);
    break;
  }
}

static void
porch_idle_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchIdlePage *self = PORCH_IDLE_PAGE (object);

  switch ((PorchIdlePageProp) id) {
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
porch_idle_page_dispose (GObject *object)
{
  PorchIdlePage *self = PORCH_IDLE_PAGE (object);

  g_clear_object (&self->mirror);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_idle_page_parent_class)->dispose (object);
}

static void
porch_idle_page_class_init (PorchIdlePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_idle_page_get_property;
  object_class->set_property = porch_idle_page_set_property;
  object_class->dispose = porch_idle_page_dispose;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, PORCH_TYPE_CLIENT,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_LIGHT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-idle-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_page);
  gtk_widget_class_bind_template_callback (widget_class, format_title);
  gtk_widget_class_bind_template_callback (widget_class, format_words);
}

static void
porch_idle_page_init (PorchIdlePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
