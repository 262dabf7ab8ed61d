/* porch-transcript-words.h - what is written around a message, and what is said of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-line-links.h"
#include "porch-line.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_LINE_ACTION_RETRY,
  PORCH_LINE_ACTION_REMOVE,
} PorchLineAction;

#define PORCH_N_LINE_ACTIONS 2

/* Of a line without a bubble: "You took the conversation · 09:24". */
char *porch_transcript_words_caption (PorchLine *line) G_GNUC_WARN_UNUSED_RESULT;
/* Under a group: time and state. @actions are where the words are that do something with a failed
 * line; empty for any other. */
char *
porch_transcript_words_meta (PorchLine *line,
                             PorchSpan actions[PORCH_N_LINE_ACTIONS]) G_GNUC_WARN_UNUSED_RESULT;
/* The tooltip of those: day, time, and always the state in words. */
char *porch_transcript_words_meta_tooltip (PorchLine *line) G_GNUC_WARN_UNUSED_RESULT;
/* All that is seen of a row, for a screen reader. @day is the text of its pill, or NULL. */
char *porch_transcript_words_spoken (PorchLine *line, const char *day) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
