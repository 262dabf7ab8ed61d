/* porch-lines.h - the messages of a conversation as the lines that its transcript shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GListModel of PorchLine over a PorchThread: one line for each message, in its order, and among
 * them the accent line "2 new messages".
 */
#pragma once

#include <gio/gio.h>

#include "porch-line.h"
#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_LINES (porch_lines_get_type ())
G_DECLARE_FINAL_TYPE (PorchLines, porch_lines, PORCH, LINES, GObject)

PorchLines *porch_lines_new (PorchThread *thread, PorchMirror *mirror) G_GNUC_WARN_UNUSED_RESULT;

/* The visitor's messages after @seq are new; -1: none is. */
void porch_lines_set_read_seq (PorchLines *self, gint64 seq);
gboolean porch_lines_has_mark (PorchLines *self);
/* Of the newest message that the server has; 0 without one. */
gint64 porch_lines_get_last_seq (PorchLines *self);
/* The message that @line shows, or NULL. */
PorchMessage *porch_lines_dup_message (PorchLines *self, PorchLine *line) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
