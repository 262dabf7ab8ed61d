/* porch-inbox-row.h - one conversation in the inbox: a light widget that draws itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It has one height and no children, and is bound again and again while the list scrolls, so that a
 * row costs a few layouts of text and nothing is measured anew. Its list item carries its label.
 */
#pragma once

#include <gtk/gtk.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_INBOX_ROW (porch_inbox_row_get_type ())
G_DECLARE_FINAL_TYPE (PorchInboxRow, porch_inbox_row, PORCH, INBOX_ROW, GtkWidget)

GtkWidget *porch_inbox_row_new (PorchMirror *mirror);

PorchConversation *porch_inbox_row_get_conversation (PorchInboxRow *self);
/* NULL lets go of it. */
void porch_inbox_row_set_conversation (PorchInboxRow *self, PorchConversation *conversation);
/* Time went by, or something changed that the conversation does not tell: its draft, a colleague's
 * name. */
void porch_inbox_row_refresh (PorchInboxRow *self);
/* What a screen reader says. */
const char *porch_inbox_row_get_label (PorchInboxRow *self);

G_END_DECLS
