/* porch-bubble.c - the bubble of one line: picture, text with links and a selection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One widget and one Pango layout. Its size is asked for with porch_bubble_fit () and given by the
 * transcript, so new content never queues a resize up to the window. What strangers wrote only ever
 * goes through pango_layout_set_text ().
 */
#include "config.h"

#include "porch-bubble.h"

#include "porch-compat.h"
#include "porch-format.h"
#include "porch-tag.h"

#include <glib/gi18n.h>
#include <string.h>

#define PICTURE_MAX       240 /* px, the longer edge */
#define PICTURE_RADIUS    14
#define GAP               6                         /* between picture and text */
#define LINE_PER_FONT     (20.0 / (11.0 * 96 / 72)) /* 20 px to a line of 11 pt */
#define SELECTION_ALPHA   0.28f
#define ACTIVE_LINK_ALPHA 0.16f

struct _PorchBubble {
  GtkWidget parent_instance;

  PorchLine *line;
  PangoLayout *body;
  GtkWidget *head; /* of a note */
  GArray *links;   /* of PorchSpan */
  int active_link;
  PorchSpan selection;
  GdkRGBA link_color;

  /* what porch_bubble_fit () found out; relative to the content box */
  int fitted_for;
  guint fitted_serial;
  int width;
  int height;
  int head_width;
  int head_height;
  graphene_rect_t picture;
  graphene_point_t body_at;
  gboolean is_stale; /* other contents since the last allocation */
};

G_DEFINE_FINAL_TYPE (PorchBubble, porch_bubble, GTK_TYPE_WIDGET)

static void
insert_attribute (PangoAttrList *attributes, PangoAttribute *attribute, PorchSpan span)
{
  attribute->start_index = span.start;
  attribute->end_index = span.end;
  pango_attr_list_insert (attributes, attribute);
}

/* In a note "@Ines" calls a colleague. */
static void
insert_mentions (PangoAttrList *attributes, const char *text)
{
  gunichar previous = ' ';

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    const char *end = at + 1;

    if (*at == '@' && !g_unichar_isalnum (previous)) {
      while (g_unichar_isalnum (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      if (end > at + 1)
        insert_attribute (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD),
                          (PorchSpan){ at - text, end - text });
    }
    previous = g_utf8_get_char (at);
  }
}

static void
update_attributes (PorchBubble *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  const GdkRGBA *color = &self->link_color;

  insert_attribute (attributes, porch_tag_line_height_new (GTK_WIDGET (self), LINE_PER_FONT),
                    (PorchSpan){ 0, G_MAXINT });
  /* A hyphen at the break of an address would look like a part of it. */
  insert_attribute (attributes, pango_attr_insert_hyphens_new (FALSE), (PorchSpan){ 0, G_MAXINT });
  if (porch_line_get_kind (self->line) == PORCH_LINE_NOTE)
    insert_mentions (attributes, porch_line_get_text (self->line));
  for (guint i = 0; i < self->links->len; i++) {
    PorchSpan span = g_array_index (self->links, PorchSpan, i);

    insert_attribute (attributes, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), span);
    if (color->alpha <= 0)
      continue;
    insert_attribute (attributes,
                      pango_attr_foreground_new ((guint16) (color->red * G_MAXUINT16),
                                                 (guint16) (color->green * G_MAXUINT16),
                                                 (guint16) (color->blue * G_MAXUINT16)),
                      span);
    insert_attribute (attributes, pango_attr_foreground_alpha_new (G_MAXUINT16), span);
  }
  pango_layout_set_attributes (self->body, attributes);
}

static gboolean
has_rtl_line (PangoLayout *layout)
{
  for (GSList *l = pango_layout_get_lines_readonly (layout); l != NULL; l = l->next) {
    if (pango_layout_line_get_resolved_direction (l->data) == PANGO_DIRECTION_RTL)
      return TRUE;
  }
  return FALSE;
}

static void
fit_picture (PorchBubble *self, int available)
{
  int width, height;
  double scale;

  graphene_rect_init (&self->picture, 0, self->head_height, 0, 0);
  if (!porch_line_get_picture_size (self->line, &width, &height))
    return;
  scale = MIN (1.0, MIN ((double) available / width, (double) PICTURE_MAX / MAX (width, height)));
  self->picture.size.width = MAX (1, (int) (width * scale));
  self->picture.size.height = MAX (1, (int) (height * scale));
}

static void
fit_head (PorchBubble *self, int available)
{
  self->head_width = self->head_height = 0;
  if (self->head != NULL)
    porch_tag_fit (PORCH_TAG (self->head), available, &self->head_width, &self->head_height);
}

/* The text, below the picture; returns its width. */
static int
fit_body (PorchBubble *self, int available, int *bottom)
{
  int width, height;

  *bottom = self->head_height + (int) self->picture.size.height;
  graphene_point_init (&self->body_at, 0, *bottom + (self->picture.size.height > 0 ? GAP : 0));
  if (*pango_layout_get_text (self->body) == '\0')
    return 0;
  pango_layout_set_width (self->body, available * PANGO_SCALE);
  pango_layout_get_size (self->body, &width, &height);
  *bottom = (int) self->body_at.y + PANGO_PIXELS_CEIL (height);
  return PANGO_PIXELS_CEIL (width);
}

/* Each line begins where its own writing does. Pango swaps left and right of a text that runs the
 * other way than the window does. Right-aligned lines go to the right edge of the layout, so that
 * must be the bubble's. */
static void
align_body (PorchBubble *self, int content_width)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  pango_layout_set_alignment (self->body, is_rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  if (is_rtl || has_rtl_line (self->body))
    pango_layout_set_width (self->body, content_width * PANGO_SCALE);
}

void
porch_bubble_fit (PorchBubble *self, int max_width, int *width, int *height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint serial = pango_context_get_serial (gtk_widget_get_pango_context (widget));
  int css_width, css_height, content_width, bottom, available;

  if (self->fitted_for != max_width || self->fitted_serial != serial) {
    if (self->fitted_serial != serial)
      update_attributes (self);
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &css_width, NULL, NULL, NULL);
    gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, &css_height, NULL, NULL, NULL);
    available = MAX (1, max_width - css_width);
    fit_head (self, available);
    fit_picture (self, available);
    content_width = fit_body (self, available, &bottom);
    content_width = MAX (content_width, MAX (self->head_width, (int) self->picture.size.width));
    align_body (self, content_width);
    self->width = content_width + css_width;
    self->height = bottom + css_height;
    self->fitted_for = max_width;
    self->fitted_serial = serial;
  }
  *width = self->width;
  *height = self->height;
}

/* Says 0, so that gtk_widget_measure () answers with what CSS adds. */
static void
porch_bubble_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = 0;
}

static void
porch_bubble_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchBubble *self = PORCH_BUBBLE (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation at = { is_rtl ? width - self->head_width : 0, 0, self->head_width,
                       self->head_height };

  self->is_stale = FALSE;
  if (self->head != NULL)
    gtk_widget_size_allocate (self->head, &at, -1);
}

void
porch_bubble_place (PorchBubble *self, const GtkAllocation *at)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_size_allocate (widget, at, -1);
  if (self->is_stale)
    porch_bubble_size_allocate (widget, gtk_widget_get_width (widget),
                                gtk_widget_get_height (widget), -1);
}

static void
snapshot_picture (PorchBubble *self, GtkSnapshot *snapshot, GdkRGBA color)
{
  GdkPaintable *picture = porch_line_get_picture (self->line);
  GdkRGBA edge = color;
  GskRoundedRect clip;

  edge.alpha *= 0.12f;
  if (self->picture.size.height <= 0)
    return;
  gsk_rounded_rect_init_from_rect (&clip, &self->picture, PICTURE_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  if (picture != NULL) {
    gtk_snapshot_save (snapshot);
    gtk_snapshot_translate (snapshot, &self->picture.origin);
    gdk_paintable_snapshot (picture, snapshot, self->picture.size.width, self->picture.size.height);
    gtk_snapshot_restore (snapshot);
  } else {
    /* Its place is kept until the pixels are here. */
    color.alpha *= 0.08f;
    gtk_snapshot_append_color (snapshot, &color, &self->picture);
  }
  gtk_snapshot_pop (snapshot);
  /* A pale photo still has an edge. */
  gtk_snapshot_append_border (snapshot, &clip, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ edge, edge, edge, edge });
}

static void
snapshot_span (PorchBubble *self, GtkSnapshot *snapshot, PorchSpan span, GdkRGBA color, float alpha)
{
  int range[2] = { MIN (span.start, span.end), MAX (span.start, span.end) };
  cairo_region_t *region;

  if (range[0] == range[1])
    return;
  color.alpha *= alpha;
  region = gdk_pango_layout_get_clip_region (self->body, 0, 0, range, 1);
  for (int i = 0; i < cairo_region_num_rectangles (region); i++) {
    cairo_rectangle_int_t r;

    cairo_region_get_rectangle (region, i, &r);
    gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (r.x, r.y, r.width, r.height));
  }
  cairo_region_destroy (region);
}

/* The colour is the style sheet's, which is another one when the desktop turns dark. */
static void
update_link_color (PorchBubble *self)
{
  GdkRGBA color = { 0, 0, 0, 0 };

  if (self->links->len == 0)
    return;
  porch_compat_lookup_color (GTK_WIDGET (self), "porch_accent", &color);
  if (gdk_rgba_equal (&color, &self->link_color))
    return;
  self->link_color = color;
  update_attributes (self);
}

static void
porch_bubble_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PorchBubble *self = PORCH_BUBBLE (widget);
  GdkRGBA color;

  if (self->line == NULL)
    return;
  update_link_color (self);
  porch_compat_get_color (widget, &color);
  snapshot_picture (self, snapshot, color);
  if (self->head != NULL)
    gtk_widget_snapshot_child (widget, self->head, snapshot);

  /* An unbalanced translation would move the focus outline, which GTK draws afterwards. */
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &self->body_at);
  snapshot_span (self, snapshot, self->selection, color, SELECTION_ALPHA);
  if (self->active_link >= 0)
    snapshot_span (self, snapshot, g_array_index (self->links, PorchSpan, self->active_link), color,
                   ACTIVE_LINK_ALPHA);
  gtk_snapshot_append_layout (snapshot, self->body, &color);
  gtk_snapshot_restore (snapshot);
}

static void
porch_bubble_dispose (GObject *object)
{
  g_clear_pointer (&PORCH_BUBBLE (object)->head, gtk_widget_unparent);

  G_OBJECT_CLASS (porch_bubble_parent_class)->dispose (object);
}

static void
porch_bubble_finalize (GObject *object)
{
  PorchBubble *self = PORCH_BUBBLE (object);

  g_clear_object (&self->line);
  g_clear_object (&self->body);
  g_array_unref (self->links);

  G_OBJECT_CLASS (porch_bubble_parent_class)->finalize (object);
}

static void
porch_bubble_class_init (PorchBubbleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_bubble_dispose;
  G_OBJECT_CLASS (klass)->finalize = porch_bubble_finalize;
  widget_class->measure = porch_bubble_measure;
  widget_class->size_allocate = porch_bubble_size_allocate;
  widget_class->snapshot = porch_bubble_snapshot;
  gtk_widget_class_set_css_name (widget_class, "bubble");
  /* The row speaks for its parts. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_bubble_init (PorchBubble *self)
{
  self->links = g_array_new (FALSE, FALSE, sizeof (PorchSpan));
  self->active_link = -1;
}

GtkWidget *
porch_bubble_new (gboolean has_head)
{
  PorchBubble *self = g_object_new (PORCH_TYPE_BUBBLE, NULL);

  if (has_head) {
    self->head = porch_tag_new ("head");
    gtk_widget_set_parent (self->head, GTK_WIDGET (self));
  }
  return GTK_WIDGET (self);
}

/* "Mona · note for the team · 09:36", with the name bold. */
static void
update_head (PorchBubble *self)
{
  g_autofree char *author = porch_format_isolate (porch_line_get_author (self->line));
  g_autofree char *time = porch_format_time (porch_line_get_sent_at_us (self->line));
  g_autofree char *text = NULL;
  const char *name;

  /* Translators: the head of a note: who wrote it, what it is, the time */
  text = g_strdup_printf (C_ ("note", "%1$s · note for the team · %2$s"), author, time);
  name = strstr (text, author);
  porch_tag_set_text (PORCH_TAG (self->head), text);
  porch_tag_set_icon (PORCH_TAG (self->head), "porch-lock-symbolic", FALSE);
  porch_tag_set_strong (PORCH_TAG (self->head), name - text, name - text + strlen (author));
}

/* The layout is not made in init, for the reason that porch-tag.c gives. */
void
porch_bubble_set_line (PorchBubble *self, PorchLine *line)
{
  if (self->body == NULL) {
    self->body = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
    pango_layout_set_wrap (self->body, PANGO_WRAP_WORD_CHAR);
  }
  if (g_set_object (&self->line, line)) {
    self->active_link = -1;
    self->selection = (PorchSpan){ 0, 0 };
  }
  self->fitted_for = -1;
  pango_layout_set_text (self->body, porch_line_get_text (line), -1);
  g_array_unref (self->links);
  self->links = porch_line_links_find (porch_line_get_text (line));
  if (self->active_link >= (int) self->links->len)
    self->active_link = -1;
  update_attributes (self);
  if (self->head != NULL)
    update_head (self);
  self->is_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
porch_bubble_get_index_at (PorchBubble *self, double x, double y, int *index)
{
  const char *text = pango_layout_get_text (self->body);
  int trailing;
  gboolean is_inside =
    pango_layout_xy_to_index (self->body, (int) ((x - self->body_at.x) * PANGO_SCALE),
                              (int) ((y - self->body_at.y) * PANGO_SCALE), index, &trailing);

  *index = g_utf8_offset_to_pointer (text + *index, trailing) - text;
  return is_inside;
}

PorchSpan
porch_bubble_get_word_at (PorchBubble *self, int index)
{
  const char *text = pango_layout_get_text (self->body);
  int n_attrs;
  const PangoLogAttr *attrs = pango_layout_get_log_attrs_readonly (self->body, &n_attrs);
  int start = g_utf8_pointer_to_offset (text, text + index);
  int end = start;

  while (start > 0 && !attrs[start].is_word_start)
    start--;
  while (end < n_attrs - 1 && (end == start || !attrs[end].is_word_end))
    end++;
  return (PorchSpan){ g_utf8_offset_to_pointer (text, start) - text,
                      g_utf8_offset_to_pointer (text, end) - text };
}

void
porch_bubble_set_selection (PorchBubble *self, PorchSpan selection)
{
  if (self->selection.start == selection.start && self->selection.end == selection.end)
    return;
  self->selection = selection;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
porch_bubble_get_n_links (PorchBubble *self)
{
  return self->links->len;
}

int
porch_bubble_get_link_at (PorchBubble *self, double x, double y)
{
  int index;

  if (!porch_bubble_get_index_at (self, x, y, &index))
    return -1;
  for (guint i = 0; i < self->links->len; i++) {
    PorchSpan *span = &g_array_index (self->links, PorchSpan, i);

    if (index >= span->start && index < span->end)
      return i;
  }
  return -1;
}

int
porch_bubble_get_active_link (PorchBubble *self)
{
  return self->active_link;
}

void
porch_bubble_set_active_link (PorchBubble *self, int link)
{
  g_return_if_fail (link < (int) self->links->len);

  if (self->active_link == link)
    return;
  self->active_link = link;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
porch_bubble_dup_link (PorchBubble *self, guint link)
{
  PorchSpan *span = &g_array_index (self->links, PorchSpan, link);

  return g_strndup (porch_line_get_text (self->line) + span->start, span->end - span->start);
}
