/* porch-inbox-row.c - one conversation in the inbox: a light widget that draws itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All places are counted from the start of the row, and mirrored as a whole where text runs from
 * right to left. Names and previews stay at the row's start whatever their own direction.
 */
#include "config.h"

#include "porch-inbox-row.h"

#include "porch-clock.h"
#include "porch-compat.h"
#include "porch-glance.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* clang-format off */
enum {
  AVATAR = 40, BADGE = 18, BADGE_ICON = 10, GAP = 12, SPACE = 6,
  LINE = 20, LEADING = 2, HEIGHT = 3 * LINE + LEADING,
  ICON = 14, CHIP_PADDING = 7, CHIP_GAP = 4, COUNT_PADDING = 6,
  LEAST_WIDTH = 240,
};
/* clang-format on */

/* The lines of text of a row. */
typedef enum {
  TEXT_INITIALS,
  TEXT_NAME,
  TEXT_TIME,
  TEXT_SIGN,
  TEXT_PREVIEW,
  TEXT_COUNT,
  TEXT_CHIP,
  TEXT_CAPTION,
  N_TEXTS,
} Text;

struct _PorchInboxRow {
  GtkWidget parent_instance;

  PorchMirror *mirror;
  PorchConversation *conversation;
  PorchGlance glance;
  PangoLayout *layouts[N_TEXTS]; /* made when first drawn */
};

G_DEFINE_FINAL_TYPE (PorchInboxRow, porch_inbox_row, GTK_TYPE_WIDGET)

/* Sizes relative to the 11 points of the body. */
static const struct {
  double scale;
  gboolean is_bold;
  gboolean is_tabular;
} looks[N_TEXTS] = {
  [TEXT_INITIALS] = { 15.2 / 14.67, TRUE, FALSE }, [TEXT_NAME] = { 1, FALSE, FALSE },
  [TEXT_TIME] = { 9.0 / 11, FALSE, TRUE },         [TEXT_SIGN] = { 10.0 / 11, TRUE, FALSE },
  [TEXT_PREVIEW] = { 10.0 / 11, FALSE, FALSE },    [TEXT_COUNT] = { 9.0 / 11, TRUE, TRUE },
  [TEXT_CHIP] = { 9.0 / 11, TRUE, TRUE },          [TEXT_CAPTION] = { 9.0 / 11, FALSE, FALSE },
};

/* One layout for each line of text, kept between drawings: making them is what takes the time. */
static PangoLayout *
get_layout (PorchInboxRow *self, Text which, const char *text)
{
  const gboolean is_bold =
    looks[which].is_bold || (which == TEXT_NAME && self->glance.count != NULL);
  PangoLayout *layout = self->layouts[which];
  const PangoFontDescription *font;
  g_autoptr (PangoFontDescription) scaled = NULL;

  if (layout == NULL) {
    layout = self->layouts[which] = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
    pango_layout_set_single_paragraph_mode (layout, TRUE);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    if (looks[which].is_tabular) {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
    }
  }
  font = pango_context_get_font_description (pango_layout_get_context (layout));
  scaled = pango_font_description_copy (font);
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (scaled, pango_font_description_get_size (font) *
                                                        looks[which].scale);
  else
    pango_font_description_set_size (
      scaled, (int) (pango_font_description_get_size (font) * looks[which].scale));
  pango_font_description_set_weight (scaled, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, scaled);
  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static GdkRGBA
get_color (PorchInboxRow *self, const char *name)
{
  GdkRGBA color;

  if (name == NULL || !porch_compat_lookup_color (GTK_WIDGET (self), name, &color))
    porch_compat_get_color (GTK_WIDGET (self), &color);
  return color;
}

/* Where something of @width begins that is @x from the start. */
static double
mirror_x (PorchInboxRow *self, double x, double width)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  return x;
}

static int
get_width (PangoLayout *layout)
{
  PangoRectangle extents;

  pango_layout_get_pixel_extents (layout, NULL, &extents);
  return extents.width;
}

/* Draws @layout in a line that begins at @y, at most @room wide, and returns its width. */
static int
draw_text (PorchInboxRow *self,
           GtkSnapshot *snapshot,
           PangoLayout *layout,
           double x,
           double y,
           int room,
           const GdkRGBA *color)
{
  PangoRectangle extents;

  if (get_width (layout) > room)
    pango_layout_set_width (layout, MAX (room, 0) * PANGO_SCALE);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (mirror_x (self, x, extents.width) - extents.x,
                                                y + (LINE - extents.height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
  return extents.width;
}

static void
draw_icon (PorchInboxRow *self,
           GtkSnapshot *snapshot,
           const char *name,
           double x,
           double y,
           int size,
           const GdkRGBA *color)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (theme, name, NULL, size, gtk_widget_get_scale_factor (widget),
                                gtk_widget_get_direction (widget), 0);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (mirror_x (self, x, size), y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size,
                                            color, 1);
  gtk_snapshot_restore (snapshot);
}

/* A full-round shape, with an edge in the colour of its ink where high contrast is asked for. */
static void
draw_pill (PorchInboxRow *self,
           GtkSnapshot *snapshot,
           double x,
           double y,
           double width,
           double height,
           const GdkRGBA *fill,
           const GdkRGBA *edge)
{
  const float widths[4] = { 1, 1, 1, 1 };
  const GdkRGBA edges[4] = { *edge, *edge, *edge, *edge };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (
    &outline, &GRAPHENE_RECT_INIT (mirror_x (self, x, width), y, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, fill, &outline.bounds);
  gtk_snapshot_pop (snapshot);
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    gtk_snapshot_append_border (snapshot, &outline, widths, edges);
}

/* The badge is drawn over the avatar with a rim of its own, so that it holds on any tint. */
static void
draw_avatar (PorchInboxRow *self, GtkSnapshot *snapshot)
{
  g_autofree char *tint = g_strdup_printf ("porch_avatar_%u", self->glance.tint);
  const GdkRGBA fill = get_color (self, tint);
  const GdkRGBA white = { 1, 1, 1, 1 };
  const GdkRGBA badge = get_color (self, "porch_badge_bg");
  const GdkRGBA line = get_color (self, "porch_edge");
  const GdkRGBA dim = get_color (self, "porch_dim");
  PangoLayout *initials;
  const int corner = AVATAR + 3 - BADGE;

  draw_pill (self, snapshot, 0, 0, AVATAR, AVATAR, &fill, &white);
  if (*self->glance.initials != '\0') {
    initials = get_layout (self, TEXT_INITIALS, self->glance.initials);
    draw_text (self, snapshot, initials, (AVATAR - get_width (initials)) / 2, (AVATAR - LINE) / 2,
               AVATAR, &white);
  } else {
    draw_icon (self, snapshot, "porch-person-symbolic", 10, 10, 20, &white);
  }
  draw_pill (self, snapshot, corner - 1, corner - 1, BADGE + 2, BADGE + 2, &line, &line);
  draw_pill (self, snapshot, corner, corner, BADGE, BADGE, &badge, &dim);
  draw_icon (self, snapshot, "porch-globe-symbolic", corner + (BADGE - BADGE_ICON) / 2,
             corner + (BADGE - BADGE_ICON) / 2, BADGE_ICON, &dim);
}

/* The time takes what it needs; the name gives way. */
static void
draw_name_line (PorchInboxRow *self, GtkSnapshot *snapshot, int width)
{
  const GdkRGBA color = get_color (self, NULL);
  const GdkRGBA dim = get_color (self, "porch_dim");
  const int x = AVATAR + GAP;
  PangoLayout *time = get_layout (self, TEXT_TIME, self->glance.time ? self->glance.time : "");
  const int time_width = get_width (time);

  draw_text (self, snapshot, time, width - time_width, 0, time_width, &dim);
  draw_text (self, snapshot, get_layout (self, TEXT_NAME, self->glance.name), x, 0,
             width - x - time_width - SPACE, &color);
}

static int
draw_sign (PorchInboxRow *self, GtkSnapshot *snapshot, int x)
{
  const GdkRGBA dim = get_color (self, "porch_dim");
  const GdkRGBA accent = get_color (self, "accent_color");
  const GdkRGBA red = get_color (self, "porch_missed_ink");
  const double y = LINE + (LINE - ICON) / 2;

  switch (self->glance.sign) {
  case PORCH_SIGN_NONE:
    return 0;
  case PORCH_SIGN_DRAFT:
    return draw_text (self, snapshot,
                      get_layout (self, TEXT_SIGN, C_ ("before what I began to write", "Draft:")),
                                  x, LINE, gtk_widget_get_width (GTK_WIDGET (self)), &accent) +
                      SPACE;
  case PORCH_SIGN_SENT:
    draw_icon (self, snapshot, "porch-tick-symbolic", x, y, ICON, &dim);
    break;
  case PORCH_SIGN_RECEIVED:
    draw_icon (self, snapshot, "porch-ticks-symbolic", x, y, ICON, &dim);
    break;
  case PORCH_SIGN_READ:
    draw_icon (self, snapshot, "porch-ticks-symbolic", x, y, ICON, &accent);
    break;
  case PORCH_SIGN_UNSENT:
    draw_icon (self, snapshot, "porch-clock-symbolic", x, y, ICON, &dim);
    break;
  case PORCH_SIGN_FAILED:
    draw_icon (self, snapshot, "porch-alert-symbolic", x, y, ICON, &red);
    break;
  }
  return ICON + CHIP_GAP;
}

static void
draw_preview_line (PorchInboxRow *self, GtkSnapshot *snapshot, int width)
{
  const GdkRGBA ink = get_color (self, self->glance.count != NULL ? NULL : "porch_dim");
  int x = AVATAR + GAP, end = width;

  if (self->glance.count != NULL) {
    const GdkRGBA fill = get_color (self, "accent_bg_color");
    const GdkRGBA on = get_color (self, "accent_fg_color");
    PangoLayout *count = get_layout (self, TEXT_COUNT, self->glance.count);
    const int text_width = get_width (count);
    const int pill_width = MAX (LINE, text_width + 2 * COUNT_PADDING);

    draw_pill (self, snapshot, width - pill_width, LINE, pill_width, LINE, &fill, &on);
    draw_text (self, snapshot, count, width - pill_width + (pill_width - text_width) / 2.0, LINE,
               text_width, &on);
    end -= pill_width + SPACE;
  }
  x += draw_sign (self, snapshot, x);
  if (self->glance.preview != NULL)
    draw_text (self, snapshot, get_layout (self, TEXT_PREVIEW, self->glance.preview), x, LINE,
               end - x, &ink);
}

static int
draw_chip (PorchInboxRow *self, GtkSnapshot *snapshot, int x, int y, int room)
{
  static const struct {
    const char *icon, *ink, *fill;
  } chips[] = {
    [PORCH_CHIP_WAITING] = { "porch-clock-symbolic", "porch_waiting_ink", "porch_waiting_bg" },
    [PORCH_CHIP_MISSED] = { "porch-alert-symbolic", "porch_missed_ink", "porch_missed_bg" },
    [PORCH_CHIP_ASSISTANT] = { "porch-spark-symbolic", "porch_assistant", "porch_quiet_bg" },
    [PORCH_CHIP_SNOOZED] = { "porch-moon-symbolic", "porch_dim", "porch_quiet_bg" },
  };
  const GdkRGBA ink = get_color (self, chips[self->glance.chip_kind].ink);
  const GdkRGBA fill = get_color (self, chips[self->glance.chip_kind].fill);
  PangoLayout *layout = get_layout (self, TEXT_CHIP, self->glance.chip);
  const int frame = 2 * CHIP_PADDING + ICON + CHIP_GAP;
  const int width = MIN (room, get_width (layout) + frame);

  draw_pill (self, snapshot, x, y, width, LINE, &fill, &ink);
  draw_icon (self, snapshot, chips[self->glance.chip_kind].icon, x + CHIP_PADDING,
             y + (LINE - ICON) / 2, ICON, &ink);
  draw_text (self, snapshot, layout, x + CHIP_PADDING + ICON + CHIP_GAP, y, width - frame, &ink);
  return width + SPACE;
}

static void
draw_caption_line (PorchInboxRow *self, GtkSnapshot *snapshot, int width)
{
  const GdkRGBA dim = get_color (self, "porch_dim");
  const int y = 2 * LINE + LEADING;
  int x = AVATAR + GAP;

  if (self->glance.chip != NULL)
    x += draw_chip (self, snapshot, x, y, width - x);
  if (self->glance.caption != NULL && x < width)
    draw_text (self, snapshot, get_layout (self, TEXT_CAPTION, self->glance.caption), x, y,
               width - x, &dim);
}

static void
porch_inbox_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchInboxRow *self = PORCH_INBOX_ROW (widget);
  const int width = gtk_widget_get_width (widget);

  if (self->conversation == NULL)
    return;
  draw_avatar (self, snapshot);
  draw_name_line (self, snapshot, width);
  draw_preview_line (self, snapshot, width);
  draw_caption_line (self, snapshot, width);
}

static void
porch_inbox_row_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : LEAST_WIDTH;
}

static void
drop_layouts (PorchInboxRow *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    g_clear_object (&self->layouts[i]);
}

/* The font may have changed. */
static void
porch_inbox_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (porch_inbox_row_parent_class)->css_changed (widget, change);

  drop_layouts (PORCH_INBOX_ROW (widget));
}

/* The list item is what has the focus, so it must have the words. */
static void
say_label (PorchInboxRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (item != NULL && self->glance.label != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    self->glance.label, -1);
}

static void
porch_inbox_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_inbox_row_parent_class)->root (widget);

  say_label (PORCH_INBOX_ROW (widget));
}

static void
porch_inbox_row_dispose (GObject *object)
{
  PorchInboxRow *self = PORCH_INBOX_ROW (object);

  porch_inbox_row_set_conversation (self, NULL);
  g_clear_object (&self->mirror);
  drop_layouts (self);

  G_OBJECT_CLASS (porch_inbox_row_parent_class)->dispose (object);
}

static void
porch_inbox_row_class_init (PorchInboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_inbox_row_dispose;
  widget_class->measure = porch_inbox_row_measure;
  widget_class->snapshot = porch_inbox_row_snapshot;
  widget_class->css_changed = porch_inbox_row_css_changed;
  widget_class->root = porch_inbox_row_root;

  gtk_widget_class_set_css_name (widget_class, "inboxrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_inbox_row_init (PorchInboxRow *self)
{
}

GtkWidget *
porch_inbox_row_new (PorchMirror *mirror)
{
  PorchInboxRow *self = g_object_new (PORCH_TYPE_INBOX_ROW, NULL);

  g_set_object (&self->mirror, mirror);
  return GTK_WIDGET (self);
}

PorchConversation *
porch_inbox_row_get_conversation (PorchInboxRow *self)
{
  return self->conversation;
}

void
porch_inbox_row_set_conversation (PorchInboxRow *self, PorchConversation *conversation)
{
  g_return_if_fail (PORCH_IS_INBOX_ROW (self));

  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_set_object (&self->conversation, conversation);
  if (conversation != NULL) {
    g_signal_connect_object (conversation, "notify", G_CALLBACK (porch_inbox_row_refresh), self,
                             G_CONNECT_SWAPPED);
    porch_inbox_row_refresh (self);
  } else {
    porch_glance_clear (&self->glance);
  }
}

void
porch_inbox_row_refresh (PorchInboxRow *self)
{
  PorchGlanceFacts facts = { NULL };
  PorchSending sending = PORCH_SENDING_NO;

  g_return_if_fail (PORCH_IS_INBOX_ROW (self));

  if (self->conversation == NULL)
    return;
  facts.me = porch_client_get_agent (porch_mirror_get_client (self->mirror));
  if (self->conversation->assignee != NULL)
    facts.assignee = porch_mirror_find_agent (self->mirror, self->conversation->assignee);
  facts.draft = porch_mirror_get_draft (self->mirror, self->conversation->id, NULL);
  facts.unsent = porch_mirror_get_unsent (self->mirror, self->conversation->id, &sending);
  facts.has_failed = sending == PORCH_SENDING_FAILED;
  facts.now_us = porch_clock_now_us ();
  porch_glance_clear (&self->glance);
  porch_glance_init (&self->glance, self->conversation, &facts);
  say_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
porch_inbox_row_get_label (PorchInboxRow *self)
{
  return self->glance.label;
}
