/* porch-pane.c - a pane that says its own least and natural width
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-pane.h"

#include <string.h>

struct _PorchPane {
  GtkWidget parent_instance;

  GtkWidget *child;
  int least_width;
  int natural_width;
};

typedef enum {
  PROP_CHILD = 1,
  PROP_LEAST_WIDTH,
  PROP_NATURAL_WIDTH,
} PorchPaneProp;

#define N_PROPS (PROP_NATURAL_WIDTH + 1)

static GParamSpec *properties[N_PROPS];

static GtkBuildableIface *parent_buildable_iface;

static void
porch_pane_add_child (GtkBuildable *buildable,
                      GtkBuilder *builder,
                      GObject *child,
                      const char *type)
{
  if (type == NULL && GTK_IS_WIDGET (child))
    porch_pane_set_child (PORCH_PANE (buildable), GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
porch_pane_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = porch_pane_add_child;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchPane,
                               porch_pane,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      porch_pane_buildable_init))

static GtkSizeRequestMode
porch_pane_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
porch_pane_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  PorchPane *self = PORCH_PANE (widget);

  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = self->least_width;
    *natural = self->natural_width;
  } else if (self->child != NULL) {
    gtk_widget_measure (self->child, orientation, -1, minimum, natural, NULL, NULL);
  }
}

static void
porch_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchPane *self = PORCH_PANE (widget);
  int least = 0;

  if (self->child == NULL)
    return;
  /* A child that needs more than the pane has is cut at its end instead of being squeezed with
   * warnings. */
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_allocate (self->child, MAX (width, least), height, -1, NULL);
}

static void
porch_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchPane *self = PORCH_PANE (object);

  switch ((PorchPaneProp) id) {
  case PROP_CHILD:
    g_value_set_object (value, self->child);
    break;
  case PROP_LEAST_WIDTH:
    g_value_set_int (value, self->least_width);
    break;
  case PROP_NATURAL_WIDTH:
    g_value_set_int (value, self->natural_width);
    break;
  }
}

static void
set_width (PorchPane *self, int *member, const GValue *value, GParamSpec *pspec)
{
  if (*member == g_value_get_int (value))
    return;
  *member = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
porch_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchPane *self = PORCH_PANE (object);

  switch ((PorchPaneProp) id) {
  case PROP_CHILD:
    porch_pane_set_child (self, g_value_get_object (value));
    break;
  case PROP_LEAST_WIDTH:
    set_width (self, &self->least_width, value, pspec);
    break;
  case PROP_NATURAL_WIDTH:
    set_width (self, &self->natural_width, value, pspec);
    break;
  }
}

static void
porch_pane_dispose (GObject *object)
{
  PorchPane *self = PORCH_PANE (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (porch_pane_parent_class)->dispose (object);
}

static void
porch_pane_class_init (PorchPaneClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_pane_get_property;
  object_class->set_property = porch_pane_set_property;
  object_class->dispose = porch_pane_dispose;
  widget_class->get_request_mode = porch_pane_get_request_mode;
  widget_class->measure = porch_pane_measure;
  widget_class->size_allocate = porch_pane_size_allocate;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_LEAST_WIDTH] =
    g_param_spec_int ("least-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_NATURAL_WIDTH] =
    g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
porch_pane_init (PorchPane *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
porch_pane_set_child (PorchPane *self, GtkWidget *child)
{
  g_return_if_fail (PORCH_IS_PANE (self));
  g_return_if_fail (child == NULL || gtk_widget_get_parent (child) == NULL);

  if (self->child == child)
    return;
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

char *
porch_pane_choose_layout (GtkWidget *widget, gboolean is_alone)
{
  g_autofree char *layout = NULL;
  const char *close = NULL, *middle = NULL;

  if (!is_alone)
    return NULL;
  g_object_get (gtk_widget_get_settings (widget), "gtk-decoration-layout", &layout, NULL);
  close = layout != NULL ? strstr (layout, "close") : NULL;
  middle = layout != NULL ? strchr (layout, ':') : NULL;
  return g_strdup (close != NULL && middle != NULL && close < middle ? "close:" : ":close");
}
