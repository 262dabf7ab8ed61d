/* porch-pane.h - a pane that says its own least and natural width
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The panes fold by width. Were the widths those of the content, a long name would move the
 * thresholds.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_PANE (porch_pane_get_type ())
G_DECLARE_FINAL_TYPE (PorchPane, porch_pane, PORCH, PANE, GtkWidget)

/* Properties: "least-width", "natural-width", "child". */
void porch_pane_set_child (PorchPane *self, GtkWidget *child);

/* Which window buttons stand in the bar of a pane that is alone in the window: only the one that
 * closes, on the desktop's own side. NULL, for the desktop's layout, when it is not alone. */
char *porch_pane_choose_layout (GtkWidget *widget, gboolean is_alone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
