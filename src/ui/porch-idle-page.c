/* porch-idle-page.c - what stands where a conversation would be while none is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-idle-page.h"

#include "porch-compat.h"
#include "porch-light.h"
#include "porch-mirror.h"

#include <glib/gi18n.h>

struct _PorchIdlePage {
  AdwBin parent_instance;

  GtkStack *stack;

  PorchMirror *mirror;
};

typedef enum {
  PROP_MIRROR = 1,
} PorchIdlePageProp;

#define N_PROPS (PROP_MIRROR + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchIdlePage, porch_idle_page, ADW_TYPE_BIN)

/* Before the server has answered there is nothing that would be true. */
static void
show_page (PorchIdlePage *self)
{
  PorchInbox *open = porch_mirror_get_inbox (self->mirror, "open");
  const char *page = "blank";

  if (g_list_model_get_n_items (G_LIST_MODEL (open)) > 0)
    page = "choose";
  else if (porch_inbox_get_load (open) == PORCH_LOAD_READY)
    page = "light";
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
set_mirror (PorchIdlePage *self, PorchMirror *mirror)
{
  PorchInbox *open;

  if (!g_set_object (&self->mirror, mirror) || mirror == NULL)
    return;
  open = porch_mirror_get_inbox (mirror, "open");
  g_signal_connect_object (open, "items-changed", G_CALLBACK (show_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (open, "notify::load", G_CALLBACK (show_page), self, G_CONNECT_SWAPPED);
  show_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MIRROR]);
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
  }
}

static void
porch_idle_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchIdlePage *self = PORCH_IDLE_PAGE (object);

  switch ((PorchIdlePageProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  }
}

static void
porch_idle_page_dispose (GObject *object)
{
  PorchIdlePage *self = PORCH_IDLE_PAGE (object);

  g_clear_object (&self->mirror);

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
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_LIGHT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-idle-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchIdlePage, stack);
  gtk_widget_class_bind_template_callback (widget_class, format_title);
  gtk_widget_class_bind_template_callback (widget_class, format_words);
}

static void
porch_idle_page_init (PorchIdlePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_compat_let_shrink (GTK_WIDGET (self));
}
