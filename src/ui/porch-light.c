/* porch-light.c - the lantern over the door: on when somebody is in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawn here and not from a picture, since it fades between off and on and its ink comes from the
 * style sheet. Small, it is a glyph on a grid of 24; from 64 pixels on it is the lantern of the
 * application's icon, on a grid of 128.
 */
#include "config.h"

#include "porch-light.h"

#include "porch-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define FADE_MS     400
#define PICTURE_MIN 64

struct _PorchLight {
  GtkWidget parent_instance;

  int pixel_size;
  double level; /* where it is going */
  double shown;
  AdwAnimation *animation;
};

typedef enum {
  PROP_PIXEL_SIZE = 1,
  PROP_LEVEL,
  PROP_IS_ON,
} PorchLightProp;

#define N_PROPS (PROP_IS_ON + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchLight, porch_light, GTK_TYPE_WIDGET)

/* A step of a path: M, L, C and Z as in SVG, absolute; op 0 ends it. */
typedef struct {
  char op;
  double at[6];
} PathStep;

/* clang-format off */
static const PathStep glyph_roof[] = {
  { 'M', { 8.7, 4.3 } },
  { 'L', { 15.3, 4.3 } },
  { 'C', { 15.8, 4.3, 16.3, 4.5, 16.6, 4.9 } },
  { 'L', { 21.1, 9.4 } },
  { 'C', { 21.7, 10, 21.3, 11, 20.4, 11 } },
  { 'L', { 3.6, 11 } },
  { 'C', { 2.7, 11, 2.3, 10, 2.9, 9.4 } },
  { 'L', { 7.4, 4.9 } },
  { 'C', { 7.7, 4.5, 8.2, 4.3, 8.7, 4.3 } },
  { 'Z', { 0 } },
  { 0, { 0 } },
};
static const PathStep glyph_glass[] = {
  { 'M', { 4.3, 12.3 } },
  { 'L', { 19.7, 12.3 } },
  { 'L', { 19.7, 17.6 } },
  { 'C', { 19.7, 18.98, 18.58, 20.1, 17.2, 20.1 } },
  { 'L', { 10.9, 20.1 } },
  { 'L', { 7.1, 23 } },
  { 'C', { 6.7, 23.3, 6.2, 23, 6.2, 22.5 } },
  { 'L', { 6.2, 20 } },
  { 'C', { 5.09, 19.73, 4.31, 18.74, 4.3, 17.6 } },
  { 'Z', { 0 } },
  { 0, { 0 } },
};
static const PathStep glyph_outline[] = {
  { 'M', { 5.1, 13.1 } },
  { 'L', { 18.9, 13.1 } },
  { 'L', { 18.9, 17.6 } },
  { 'C', { 18.9, 18.54, 18.14, 19.3, 17.2, 19.3 } },
  { 'L', { 10.6, 19.3 } },
  { 'L', { 7.2, 21.8 } },
  { 'L', { 7.2, 19.3 } },
  { 'L', { 6.8, 19.3 } },
  { 'C', { 5.86, 19.3, 5.1, 18.54, 5.1, 17.6 } },
  { 'Z', { 0 } },
  { 0, { 0 } },
};
static const PathStep glass[] = {
  { 'M', { 30, 48 } },
  { 'L', { 98, 48 } },
  { 'C', { 102.42, 48, 106, 51.58, 106, 56 } },
  { 'L', { 106, 92 } },
  { 'C', { 106, 99.73, 99.73, 106, 92, 106 } },
  { 'L', { 58, 106 } },
  { 'L', { 39.2, 119 } },
  { 'C', { 36.8, 120.6, 34, 118.8, 34, 116 } },
  { 'L', { 34, 105.8 } },
  { 'C', { 27.13, 104.81, 22.03, 98.94, 22, 92 } },
  { 'L', { 22, 56 } },
  { 'C', { 22, 51.58, 25.58, 48, 30, 48 } },
  { 'Z', { 0 } },
  { 0, { 0 } },
};
static const PathStep roof[] = {
  { 'M', { 50, 20 } },
  { 'L', { 78, 20 } },
  { 'C', { 80.82, 20.01, 83.51, 21.21, 85.4, 23.3 } },
  { 'L', { 111, 46.5 } },
  { 'C', { 115.2, 50.9, 112.4, 56, 107, 56 } },
  { 'L', { 21, 56 } },
  { 'C', { 15.6, 56, 12.8, 50.9, 17, 46.5 } },
  { 'L', { 42.6, 23.3 } },
  { 'C', { 44.49, 21.21, 47.18, 20.01, 50, 20 } },
  { 'Z', { 0 } },
  { 0, { 0 } },
};
/* clang-format on */

/* GTK 4.8 has no paths of its own (GskPath is 4.14), so cairo draws them. */
static void
add_path (cairo_t *cr, const PathStep *step)
{
  for (; step->op != 0; step++) {
    const double *at = step->at;

    if (step->op == 'M')
      cairo_move_to (cr, at[0], at[1]);
    else if (step->op == 'L')
      cairo_line_to (cr, at[0], at[1]);
    else if (step->op == 'C')
      cairo_curve_to (cr, at[0], at[1], at[2], at[3], at[4], at[5]);
    else
      cairo_close_path (cr);
  }
}

static void
fill_path (cairo_t *cr, const PathStep *path, const GdkRGBA *color)
{
  add_path (cr, path);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_fill (cr);
}

static void
fill_disc (cairo_t *cr, double x, double y, double radius, const GdkRGBA *color)
{
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_fill (cr);
}

/* A radial light: @color at the middle, nothing at @radius. */
static void
fill_glow (cairo_t *cr, double x, double y, double radius, const GdkRGBA *color, double alpha)
{
  cairo_pattern_t *glow = cairo_pattern_create_radial (x, y, 0, x, y, radius);

  cairo_pattern_add_color_stop_rgba (glow, 0, color->red, color->green, color->blue, alpha);
  cairo_pattern_add_color_stop_rgba (glow, 1, color->red, color->green, color->blue, 0);
  cairo_set_source (cr, glow);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_pattern_destroy (glow);
}

static GdkRGBA
blend (const char *off_spec, const char *on_spec, double level)
{
  GdkRGBA off, on;

  gdk_rgba_parse (&off, off_spec);
  gdk_rgba_parse (&on, on_spec);
  return (GdkRGBA){ off.red + (on.red - off.red) * level,
                    off.green + (on.green - off.green) * level,
                    off.blue + (on.blue - off.blue) * level, 1 };
}

static void
fill_gradient (cairo_t *cr,
               const PathStep *path,
               cairo_pattern_t *gradient,
               const GdkRGBA *colors,
               int n_colors)
{
  for (int i = 0; i < n_colors; i++)
    cairo_pattern_add_color_stop_rgb (gradient, (double) i / (n_colors - 1), colors[i].red,
                                      colors[i].green, colors[i].blue);
  add_path (cr, path);
  cairo_set_source (cr, gradient);
  cairo_fill (cr);
  cairo_pattern_destroy (gradient);
}

static void
draw_picture (PorchLight *self, cairo_t *cr)
{
  const double level = self->shown;
  const GdkRGBA edge = blend ("#9aa0ab", "#c97a08", level);
  const GdkRGBA core = blend ("#e9ebef", "#fffdf6", level);
  const GdkRGBA dark = blend ("#173fa3", "#173fa3", 1);
  const GdkRGBA warm = blend ("#fff0c2", "#fff0c2", 1);
  const GdkRGBA glass_colors[] = { blend ("#d7dae0", "#ffdf96", level),
                                   blend ("#c3c7cf", "#ffb237", level) };
  const GdkRGBA roof_colors[] = { blend ("#2563eb", "#2563eb", 1), blend ("#4a84ff", "#4a84ff", 1),
                                  blend ("#1b50cb", "#1b50cb", 1) };

  cairo_arc (cr, 64, 15, 8, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &dark);
  cairo_set_line_width (cr, 6);
  cairo_stroke (cr);

  /* Four pixels lower, darker: the lower edge that gives the glass its thickness. */
  cairo_save (cr);
  cairo_translate (cr, 0, 4);
  fill_path (cr, glass, &edge);
  cairo_restore (cr);
  fill_gradient (cr, glass, cairo_pattern_create_linear (0, 48, 0, 118), glass_colors, 2);
  fill_glow (cr, 64, 80, 26, &warm, level);
  fill_disc (cr, 64, 80, 10.5, &core);

  cairo_save (cr);
  cairo_translate (cr, 0, 4);
  fill_path (cr, roof, &dark);
  cairo_restore (cr);
  fill_gradient (cr, roof, cairo_pattern_create_linear (15, 0, 113, 0), roof_colors, 3);
}

static void
draw_glyph (PorchLight *self, cairo_t *cr)
{
  const double level = self->shown;
  GdkRGBA off, ink, glass_color, core;

  porch_compat_get_color (GTK_WIDGET (self), &off);
  ink = off;
  if (level > 0 && porch_compat_lookup_color (GTK_WIDGET (self), "porch_lamp_ink", &ink))
    ink =
      (GdkRGBA){ off.red + (ink.red - off.red) * level, off.green + (ink.green - off.green) * level,
                 off.blue + (ink.blue - off.blue) * level,
                 off.alpha + (ink.alpha - off.alpha) * level };

  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_set_line_width (cr, 1.5);
  cairo_arc (cr, 12, 2.7, 1.7, 0, 2 * G_PI);
  cairo_stroke (cr);
  fill_path (cr, glyph_roof, &ink);
  if (level < 1) {
    off.alpha *= 1 - level;
    add_path (cr, glyph_outline);
    gdk_cairo_set_source_rgba (cr, &off);
    cairo_set_line_width (cr, 1.6);
    cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke (cr);
  }
  gdk_rgba_parse (&glass_color, "#ffc24b");
  gdk_rgba_parse (&core, "#fffdf4");
  glass_color.alpha = core.alpha = level;
  fill_path (cr, glyph_glass, &glass_color);
  fill_disc (cr, 12, 16, 2.2, &core);
}

static gboolean
is_picture (PorchLight *self)
{
  return self->pixel_size >= PICTURE_MIN;
}

/* How far the glow reaches beyond the lantern, on each side. */
static int
get_margin (PorchLight *self)
{
  return is_picture (self) ? self->pixel_size * 9 / 32 : 5;
}

static void
porch_light_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchLight *self = PORCH_LIGHT (widget);
  const int side = self->pixel_size + 2 * get_margin (self);
  const double grid = is_picture (self) ? 128 : 24;
  const double glow_alpha = is_picture (self) ? 0.42 : 0.5;
  GdkRGBA glow;
  cairo_t *cr;

  cr =
    gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                                              gtk_widget_get_height (widget)));
  cairo_translate (cr, (gtk_widget_get_width (widget) - side) / 2,
                   (gtk_widget_get_height (widget) - side) / 2);
  gdk_rgba_parse (&glow, "#ffc24b");
  if (self->shown > 0)
    fill_glow (cr, side / 2.0, side / 2.0, side / 2.0, &glow, glow_alpha * self->shown);
  cairo_translate (cr, get_margin (self), get_margin (self));
  cairo_scale (cr, self->pixel_size / grid, self->pixel_size / grid);
  if (is_picture (self))
    draw_picture (self, cr);
  else
    draw_glyph (self, cr);
  cairo_destroy (cr);
}

static void
porch_light_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  PorchLight *self = PORCH_LIGHT (widget);

  *minimum = *natural = self->pixel_size + 2 * get_margin (self);
}

static void
show_level (double level, gpointer user_data)
{
  PorchLight *self = user_data;

  self->shown = level;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
say_level (PorchLight *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->level > 0 ? _ ("The light is on")
                                                  : _ ("The light is off"), -1);
}

static void
porch_light_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchLight *self = PORCH_LIGHT (object);

  switch ((PorchLightProp) id) {
  case PROP_PIXEL_SIZE:
    g_value_set_int (value, self->pixel_size);
    break;
  case PROP_LEVEL:
    g_value_set_double (value, self->level);
    break;
  case PROP_IS_ON:
    g_value_set_boolean (value, self->level >= 1);
    break;
  }
}

static void
porch_light_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchLight *self = PORCH_LIGHT (object);

  switch ((PorchLightProp) id) {
  case PROP_PIXEL_SIZE:
    self->pixel_size = g_value_get_int (value);
    gtk_widget_queue_resize (GTK_WIDGET (self));
    break;
  case PROP_LEVEL:
    porch_light_set_level (self, g_value_get_double (value));
    break;
  case PROP_IS_ON:
    porch_light_set_level (self, g_value_get_boolean (value) ? 1 : 0);
    break;
  }
}

static void
porch_light_dispose (GObject *object)
{
  PorchLight *self = PORCH_LIGHT (object);

  g_clear_object (&self->animation);

  G_OBJECT_CLASS (porch_light_parent_class)->dispose (object);
}

static void
porch_light_class_init (PorchLightClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_light_get_property;
  object_class->set_property = porch_light_set_property;
  object_class->dispose = porch_light_dispose;
  widget_class->measure = porch_light_measure;
  widget_class->snapshot = porch_light_snapshot;

  properties[PROP_PIXEL_SIZE] =
    g_param_spec_int ("pixel-size", NULL, NULL, 16, 256, 22,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_IS_ON] = g_param_spec_boolean ("is-on", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "porchlight");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
porch_light_init (PorchLight *self)
{
  say_level (self);
}

void
porch_light_set_level (PorchLight *self, double level)
{
  g_return_if_fail (PORCH_IS_LIGHT (self));

  if (self->level == level)
    return;
  self->level = level;
  say_level (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEVEL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_ON]);

  if (self->animation != NULL)
    adw_animation_pause (self->animation);
  g_clear_object (&self->animation);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self))) {
    show_level (level, self);
    return;
  }
  self->animation =
    adw_timed_animation_new (GTK_WIDGET (self), self->shown, level, FADE_MS,
                             adw_callback_animation_target_new (show_level, self, NULL));
  adw_animation_play (self->animation);
}
