/* porch-tag.c - a caption with an icon in a CSS box: day pill, sender, time and state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tag.h"

#include "porch-compat.h"

#define LINE_PER_FONT (16.0 / 12) /* 16 px to a line of 9 pt */

typedef struct {
  int start; /* bytes of the text */
  int end;
} Action;

struct _PorchTag {
  GtkWidget parent_instance;

  PangoLayout *layout;
  const char *icon_name; /* interned */
  gboolean is_icon_after;
  const char *text_tone;
  const char *icon_tone;
  int strong_start;
  int strong_end;
  Action actions[PORCH_TAG_ACTIONS];
  PangoAlignment alignment;

  /* what porch_tag_fit () found out, without what CSS adds */
  int text_width;
  int text_height;
};

G_DEFINE_FINAL_TYPE (PorchTag, porch_tag, GTK_TYPE_WIDGET)

static int
get_line_height (PorchTag *self)
{
  PangoRectangle first;

  pango_layout_line_get_pixel_extents (pango_layout_get_line_readonly (self->layout, 0), NULL,
                                       &first);
  return first.height;
}

/* A little smaller than a line, as the pen of the icons is about as thick as that of the letters.
 */
static int
get_icon_size (PorchTag *self)
{
  return self->icon_name != NULL ? get_line_height (self) - 2 : 0;
}

static int
get_icon_room (PorchTag *self)
{
  int size = get_icon_size (self);

  return size > 0 && *pango_layout_get_text (self->layout) != '\0' ? size + 5 : size;
}

/* Says 0, so that gtk_widget_measure () answers with what CSS adds; porch_tag_fit () adds the text.
 */
static void
porch_tag_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = *natural = 0;
}

static gboolean
is_icon_left (PorchTag *self)
{
  return self->is_icon_after == (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL);
}

static graphene_point_t
get_text_at (PorchTag *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int room = get_icon_room (self);
  /* The tag may be wider than its text: min-width of an avatar. */
  int x = (gtk_widget_get_width (widget) - self->text_width - room) / 2;
  int y = (gtk_widget_get_height (widget) - self->text_height) / 2;

  return GRAPHENE_POINT_INIT (x + (is_icon_left (self) ? room : 0), y);
}

static void
snapshot_icon (PorchTag *self, GtkSnapshot *snapshot, const GdkRGBA *color)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  graphene_point_t at = get_text_at (self);
  int size = get_icon_size (self);
  g_autoptr (GtkIconPaintable) icon = NULL;

  if (size == 0)
    return;
  at.x +=
    is_icon_left (self) ? -get_icon_room (self) : self->text_width + get_icon_room (self) - size;
  at.y += (get_line_height (self) - size) / 2;
  at.y += self->is_icon_after ? self->text_height - get_line_height (self) : 0;
  /* A tick is a tick in both directions. */
  icon = gtk_icon_theme_lookup_icon (theme, self->icon_name, NULL, size,
                                     gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_NONE, 0);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &at);
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size,
                                            color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
porch_tag_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchTag *self = PORCH_TAG (widget);
  GdkRGBA text_color, icon_color;
  graphene_point_t at;

  if (self->layout == NULL)
    return;
  porch_compat_get_color (widget, &text_color);
  if (self->text_tone != NULL)
    porch_compat_lookup_color (widget, self->text_tone, &text_color);
  icon_color = text_color;
  if (self->icon_tone != NULL)
    porch_compat_lookup_color (widget, self->icon_tone, &icon_color);

  at = get_text_at (self);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &at);
  gtk_snapshot_append_layout (snapshot, self->layout, &text_color);
  gtk_snapshot_restore (snapshot);
  snapshot_icon (self, snapshot, &icon_color);
}

static void
porch_tag_finalize (GObject *object)
{
  g_clear_object (&PORCH_TAG (object)->layout);

  G_OBJECT_CLASS (porch_tag_parent_class)->finalize (object);
}

static void
porch_tag_class_init (PorchTagClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = porch_tag_finalize;
  widget_class->measure = porch_tag_measure;
  widget_class->snapshot = porch_tag_snapshot;
  /* The row speaks for its parts. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_tag_init (PorchTag *self)
{
}

GtkWidget *
porch_tag_new (const char *css_name)
{
  return g_object_new (PORCH_TYPE_TAG, "css-name", css_name, NULL);
}

static void
insert_attribute (PangoAttrList *attributes, PangoAttribute *attribute, int start, int end)
{
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attributes, attribute);
}

PangoAttribute *
porch_tag_line_height_new (GtkWidget *widget, double line_per_font)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = pango_font_description_get_size (font);

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72.0;
  return pango_attr_line_height_new_absolute ((int) (size * line_per_font));
}

static void
update_attributes (PorchTag *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  const int to_end = G_MAXINT;

  insert_attribute (attributes, porch_tag_line_height_new (GTK_WIDGET (self), LINE_PER_FONT), 0,
                    to_end);
  /* Times stand under each other: figures of one width. */
  insert_attribute (attributes, pango_attr_font_features_new ("tnum=1"), 0, to_end);
  if (self->strong_end > self->strong_start)
    insert_attribute (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD), self->strong_start,
                      self->strong_end);
  for (guint i = 0; i < PORCH_TAG_ACTIONS; i++)
    if (self->actions[i].end > self->actions[i].start)
      insert_attribute (attributes, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE),
                        self->actions[i].start, self->actions[i].end);
  pango_layout_set_attributes (self->layout, attributes);
}

/* Not in init: a widget gets the font of its style in its first Pango context only when it already
 * is in the tree. Else the first frame shows the default font, as styles are not looked at again
 * between size_allocate () and snapshot (). */
static void
ensure_layout (PorchTag *self)
{
  if (self->layout != NULL)
    return;
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  update_attributes (self);
}

void
porch_tag_set_text (PorchTag *self, const char *text)
{
  ensure_layout (self);
  pango_layout_set_text (self->layout, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
porch_tag_get_text (PorchTag *self)
{
  return self->layout != NULL ? pango_layout_get_text (self->layout) : "";
}

void
porch_tag_set_icon (PorchTag *self, const char *icon_name, gboolean is_after)
{
  self->icon_name = g_intern_string (icon_name);
  self->is_icon_after = is_after;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
porch_tag_set_tones (PorchTag *self, const char *text_tone, const char *icon_tone)
{
  self->text_tone = text_tone;
  self->icon_tone = icon_tone;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
porch_tag_set_strong (PorchTag *self, int start, int end)
{
  self->strong_start = start;
  self->strong_end = end;
  if (self->layout != NULL)
    update_attributes (self);
}

void
porch_tag_set_action (PorchTag *self, guint action, int start, int end)
{
  g_return_if_fail (action < PORCH_TAG_ACTIONS);

  if (self->actions[action].start == start && self->actions[action].end == end)
    return;
  self->actions[action] = (Action){ start, end };
  if (self->layout != NULL)
    update_attributes (self);
}

int
porch_tag_get_action_at (PorchTag *self, double x, double y)
{
  graphene_point_t at;
  int index, trailing;

  if (self->layout == NULL)
    return -1;
  at = get_text_at (self);
  if (!pango_layout_xy_to_index (self->layout, (x - at.x) * PANGO_SCALE, (y - at.y) * PANGO_SCALE,
                                 &index, &trailing))
    return -1;
  for (int i = 0; i < PORCH_TAG_ACTIONS; i++)
    if (index >= self->actions[i].start && index < self->actions[i].end)
      return i;
  return -1;
}

void
porch_tag_set_alignment (PorchTag *self, PangoAlignment alignment)
{
  self->alignment = alignment;
}

/* Left means where lines of the window's language start. Pango swaps left and right of a text that
 * runs the other way than the window does, so once more for those. */
static PangoAlignment
get_physical_alignment (PorchTag *self)
{
  PangoLayoutLine *line = pango_layout_get_line_readonly (self->layout, 0);
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean is_text_rtl = pango_layout_line_get_resolved_direction (line) == PANGO_DIRECTION_RTL;

  if (self->alignment == PANGO_ALIGN_CENTER)
    return PANGO_ALIGN_CENTER;
  /* Mirrored for the window, and swapped for the text: twice is not at all. */
  if (is_rtl == (is_rtl != is_text_rtl))
    return self->alignment;
  return self->alignment == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

void
porch_tag_fit (PorchTag *self, int max_width, int *width, int *height)
{
  int css_width, css_height, room;

  ensure_layout (self);
  gtk_widget_measure (GTK_WIDGET (self), GTK_ORIENTATION_HORIZONTAL, -1, &css_width, NULL, NULL,
                      NULL);
  gtk_widget_measure (GTK_WIDGET (self), GTK_ORIENTATION_VERTICAL, -1, &css_height, NULL, NULL,
                      NULL);
  room = get_icon_room (self);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_LEFT);
  pango_layout_set_width (self->layout, MAX (1, max_width - css_width - room) * PANGO_SCALE);
  pango_layout_get_size (self->layout, &self->text_width, &self->text_height);
  self->text_width = PANGO_PIXELS_CEIL (self->text_width);
  self->text_height = PANGO_PIXELS_CEIL (self->text_height);
  /* Lines align with the edges of the layout: those must be the edges of the tag. */
  pango_layout_set_alignment (self->layout, get_physical_alignment (self));
  pango_layout_set_width (self->layout, self->text_width * PANGO_SCALE);
  *width = css_width + self->text_width + room;
  *height = css_height + self->text_height;
}
