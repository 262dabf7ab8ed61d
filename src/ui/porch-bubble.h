/* porch-bubble.h - the bubble of one line: picture, text with links and a selection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-line-links.h"
#include "porch-line.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_BUBBLE (porch_bubble_get_type ())
G_DECLARE_FINAL_TYPE (PorchBubble, porch_bubble, PORCH, BUBBLE, GtkWidget)

/* With a caption inside, above the text, when @has_head. */
GtkWidget *porch_bubble_new (gboolean has_head);
/* To be called when the bubble is in the widget tree, and again when the line changed. */
void porch_bubble_set_line (PorchBubble *self, PorchLine *line);

/* The size, with all that CSS adds, in which the line fits into @max_width. */
void porch_bubble_fit (PorchBubble *self, int max_width, int *width, int *height);
/* Allocates it, and its parts even where GTK would not: the same place, but other contents. To
 * queue an allocation in the middle of another one leaves GTK's marks on the parents, and the next
 * is lost. */
void porch_bubble_place (PorchBubble *self, const GtkAllocation *at);

/* The byte of the text nearest to a point of the widget; FALSE when the point is not on the text.
 */
gboolean porch_bubble_get_index_at (PorchBubble *self, double x, double y, int *index);
PorchSpan porch_bubble_get_word_at (PorchBubble *self, int index);
void porch_bubble_set_selection (PorchBubble *self, PorchSpan selection);

guint porch_bubble_get_n_links (PorchBubble *self);
/* -1 when there is no link at the point. */
int porch_bubble_get_link_at (PorchBubble *self, double x, double y);
/* The link that Enter opens; -1 for none. */
int porch_bubble_get_active_link (PorchBubble *self);
void porch_bubble_set_active_link (PorchBubble *self, int link);
char *porch_bubble_dup_link (PorchBubble *self, guint link) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
