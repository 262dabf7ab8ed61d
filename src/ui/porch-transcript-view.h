/* porch-transcript-view.h - the conversation pane: messages, who is typing, the way back to the
 * newest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_TRANSCRIPT_READY,   /* the messages */
  PORCH_TRANSCRIPT_LOADING, /* nothing for 150 ms, then a skeleton */
  PORCH_TRANSCRIPT_EMPTY,   /* a conversation in which nobody wrote yet */
  PORCH_TRANSCRIPT_ERROR,   /* "Could not load messages", the reason, "Try again" */
} PorchTranscriptState;

#define PORCH_TYPE_TRANSCRIPT_STATE (porch_transcript_state_get_type ())
GType porch_transcript_state_get_type (void);

#define PORCH_TYPE_TRANSCRIPT_VIEW (porch_transcript_view_get_type ())
G_DECLARE_FINAL_TYPE (PorchTranscriptView, porch_transcript_view, PORCH, TRANSCRIPT_VIEW, GtkWidget)

/* Properties: model, visitor-name, state, reason, typing-who; read only: follows-end, n-unseen.
 *
 * Signals:
 *   older-wanted ()                  put older lines at the front of the model, if there are any
 *   link-activated (const char *)    the scheme is http, https, mailto or tel: checked
 *   retry (PorchLine *)              a person asks to send a failed line again
 *   remove (PorchLine *)             a person asks to be rid of a failed line
 *   reload ()                        "Try again" of the error page
 */
GtkWidget *porch_transcript_view_new (void);

/* A list of PorchLine, oldest first, or NULL. A new model is shown at its end. Newer lines are
 * appended to it; lines that change tell so themselves. Borrowed. */
GListModel *porch_transcript_view_get_model (PorchTranscriptView *self);
void porch_transcript_view_set_model (PorchTranscriptView *self, GListModel *model);
/* Whom the conversation is with, for screen readers. */
void porch_transcript_view_set_visitor_name (PorchTranscriptView *self, const char *name);
PorchTranscriptState porch_transcript_view_get_state (PorchTranscriptView *self);
void porch_transcript_view_set_state (PorchTranscriptView *self, PorchTranscriptState state);
/* A sentence for a person, shown in state ERROR. */
void porch_transcript_view_set_reason (PorchTranscriptView *self, const char *reason);
/* Who is typing, or NULL. The place for the words is always kept. */
void porch_transcript_view_set_typing_who (PorchTranscriptView *self, const char *who);

/* Lines that came at the end while it was out of view. */
guint porch_transcript_view_get_n_unseen (PorchTranscriptView *self);
gboolean porch_transcript_view_get_follows_end (PorchTranscriptView *self);
void porch_transcript_view_scroll_to_end (PorchTranscriptView *self);
/* A page up (-1) or down (1), for the keys of the composer. */
void porch_transcript_view_scroll_pages (PorchTranscriptView *self, int n_pages);

G_END_DECLS
