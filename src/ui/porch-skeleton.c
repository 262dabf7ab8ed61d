/* porch-skeleton.c - where the rows of the inbox will be, while they are loaded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It shows nothing for the first moment: what loads quickly should not flash. The bars stand where
 * the words of porch-inbox-row.c will stand.
 */
#include "config.h"

#include "porch-skeleton.h"

#include "porch-compat.h"

#define PATIENCE_MS 150
#define ROW         82

struct _PorchSkeleton {
  GtkWidget parent_instance;

  guint patience;
  gboolean is_shown;
};

G_DEFINE_FINAL_TYPE (PorchSkeleton, porch_skeleton, GTK_TYPE_WIDGET)

static void
draw_bar (GtkWidget *widget,
          GtkSnapshot *snapshot,
          float x,
          float y,
          float width,
          float height,
          const GdkRGBA *color)
{
  GskRoundedRect bar;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - x - width;
  gsk_rounded_rect_init_from_rect (&bar, &GRAPHENE_RECT_INIT (x, y, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &bar);
  gtk_snapshot_append_color (snapshot, color, &bar.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
porch_skeleton_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  /* In shares of the row's width, so that they look like words of some length. */
  static const float names[] = { .50, .36, .58, .42, .48, .34, .54, .46 };
  static const float previews[] = { .86, .68, .90, .62, .78, .84, .70, .88 };
  static const float captions[] = { .33, .27, .39, .29, .35, .25, .31, .37 };
  const float room = MIN (gtk_widget_get_width (widget), 400) - 78;
  const int n_rows = gtk_widget_get_height (widget) / ROW;
  GdkRGBA color;

  if (!PORCH_SKELETON (widget)->is_shown)
    return;
  porch_compat_get_color (widget, &color);
  for (int i = 0; i < n_rows && i < (int) G_N_ELEMENTS (names); i++) {
    const float y = i * ROW + 9;

    draw_bar (widget, snapshot, 14, y, 40, 40, &color);
    draw_bar (widget, snapshot, 66, y + 4, room * names[i], 12, &color);
    draw_bar (widget, snapshot, 66, y + 24, room * previews[i], 12, &color);
    draw_bar (widget, snapshot, 66, y + 48, room * captions[i], 9, &color);
  }
}

static gboolean
on_patience_ended (gpointer user_data)
{
  PorchSkeleton *self = user_data;

  self->patience = 0;
  self->is_shown = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
porch_skeleton_map (GtkWidget *widget)
{
  PorchSkeleton *self = PORCH_SKELETON (widget);

  GTK_WIDGET_CLASS (porch_skeleton_parent_class)->map (widget);

  self->is_shown = FALSE;
  self->patience = g_timeout_add (PATIENCE_MS, on_patience_ended, self);
}

static void
porch_skeleton_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&PORCH_SKELETON (widget)->patience, g_source_remove);

  GTK_WIDGET_CLASS (porch_skeleton_parent_class)->unmap (widget);
}

static void
porch_skeleton_dispose (GObject *object)
{
  g_clear_handle_id (&PORCH_SKELETON (object)->patience, g_source_remove);

  G_OBJECT_CLASS (porch_skeleton_parent_class)->dispose (object);
}

static void
porch_skeleton_class_init (PorchSkeletonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_skeleton_dispose;
  widget_class->snapshot = porch_skeleton_snapshot;
  widget_class->map = porch_skeleton_map;
  widget_class->unmap = porch_skeleton_unmap;

  gtk_widget_class_set_css_name (widget_class, "skeleton");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_skeleton_init (PorchSkeleton *self)
{
}
