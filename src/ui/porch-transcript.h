/* porch-transcript.h - a scrollable list of messages in which the text being read never moves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_TRANSCRIPT (porch_transcript_get_type ())
G_DECLARE_FINAL_TYPE (PorchTranscript, porch_transcript, PORCH, TRANSCRIPT, GtkWidget)

/* Properties: model; read only: follows-end, n-unseen. Signals: older-wanted, link-activated (url),
 * retry (line), remove (line). They mean what porch-transcript-view.h says. */
GtkWidget *porch_transcript_new (void);

/* A list of PorchLine, or NULL. It is shown at its end. */
void porch_transcript_set_model (PorchTranscript *self, GListModel *model);
GListModel *porch_transcript_get_model (PorchTranscript *self);

/* Shows line @position in the next frame, and lets it flash. */
void porch_transcript_scroll_to (PorchTranscript *self, guint position);
void porch_transcript_scroll_to_end (PorchTranscript *self);
gboolean porch_transcript_get_follows_end (PorchTranscript *self);
/* Messages that came at the end while it was out of view. */
guint porch_transcript_get_n_unseen (PorchTranscript *self);

/* NULL when the line is not in view. */
GtkWidget *porch_transcript_get_row (PorchTranscript *self, guint position);
void porch_transcript_get_shown (PorchTranscript *self, guint *first, guint *last);
/* The selected text, or NULL. */
char *porch_transcript_dup_selection (PorchTranscript *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
