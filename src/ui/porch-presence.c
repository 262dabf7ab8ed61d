/* porch-presence.c - a dot that says by its shape whether a person is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-presence.h"

#include "porch-compat.h"
#include "porch-words.h"

#define SIDE 15

struct _PorchPresence {
  GtkWidget parent_instance;

  PorchStatus status;
};

typedef enum {
  PROP_STATUS = 1,
} PorchPresenceProp;

#define N_PROPS (PROP_STATUS + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchPresence, porch_presence, GTK_TYPE_WIDGET)

static void
fill_disc (cairo_t *cr, double x, double y, double radius)
{
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* White on the disc, which is dark in both schemes. */
static void
draw_sign (PorchPresence *self, cairo_t *cr, double middle)
{
  cairo_set_source_rgb (cr, 1, 1, 1);
  switch (self->status) {
  case PORCH_STATUS_AWAY:
    /* A moon: a disc, and the disc's own colour over its upper end. */
    cairo_push_group (cr);
    cairo_set_source_rgb (cr, 1, 1, 1);
    fill_disc (cr, middle, middle, 3.4);
    cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
    fill_disc (cr, middle + 1.9, middle - 1.7, 2.7);
    cairo_pop_group_to_source (cr);
    cairo_paint (cr);
    break;
  case PORCH_STATUS_BUSY:
    cairo_rectangle (cr, middle - 3.5, middle - 1, 7, 2);
    cairo_fill (cr);
    break;
  case PORCH_STATUS_ONLINE:
  case PORCH_STATUS_OFFLINE:
    break;
  }
}

static void
porch_presence_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const char *const names[] = {
    [PORCH_STATUS_OFFLINE] = "porch_offline",
    [PORCH_STATUS_ONLINE] = "porch_online",
    [PORCH_STATUS_AWAY] = "porch_away",
    [PORCH_STATUS_BUSY] = "porch_busy",
  };
  PorchPresence *self = PORCH_PRESENCE (widget);
  const double middle = SIDE / 2.0;
  /* The one without a sign in it needs less room. */
  const double radius = self->status == PORCH_STATUS_ONLINE ? 4.5 : 5.5;
  GdkRGBA edge, fill;
  cairo_t *cr;

  porch_compat_get_color (widget, &edge);
  fill = edge;
  porch_compat_lookup_color (widget, names[self->status], &fill);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, SIDE, SIDE));
  /* The edge is in the colour of what is behind, so that the dot stands off the picture. */
  gdk_cairo_set_source_rgba (cr, &edge);
  fill_disc (cr, middle, middle, radius + 2);
  gdk_cairo_set_source_rgba (cr, &fill);
  if (self->status == PORCH_STATUS_OFFLINE) {
    cairo_set_line_width (cr, 2);
    cairo_arc (cr, middle, middle, radius - 1.5, 0, 2 * G_PI);
    cairo_stroke (cr);
  } else {
    fill_disc (cr, middle, middle, radius);
    draw_sign (self, cr, middle);
  }
  cairo_destroy (cr);
}

static void
porch_presence_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = *natural = SIDE;
}

static void
porch_presence_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((PorchPresenceProp) id) {
  case PROP_STATUS:
    g_value_set_enum (value, PORCH_PRESENCE (object)->status);
    break;
  }
}

static void
porch_presence_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchPresence *self = PORCH_PRESENCE (object);

  switch ((PorchPresenceProp) id) {
  case PROP_STATUS:
    if ((int) self->status == g_value_get_enum (value))
      return;
    self->status = g_value_get_enum (value);
    gtk_widget_queue_draw (GTK_WIDGET (self));
    g_object_notify_by_pspec (object, pspec);
    break;
  }
}

static void
porch_presence_class_init (PorchPresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_presence_get_property;
  object_class->set_property = porch_presence_set_property;
  widget_class->measure = porch_presence_measure;
  widget_class->snapshot = porch_presence_snapshot;

  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, porch_status_get_type (), PORCH_STATUS_OFFLINE,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "presence");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_presence_init (PorchPresence *self)
{
}
