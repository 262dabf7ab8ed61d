/* porch-transcript-words.h - what is written around a message, and what is said of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-line.h"

G_BEGIN_DECLS

/* Of a line without a bubble: "You took the conversation · 09:24". */
char *porch_transcript_words_caption (PorchLine *line) G_GNUC_WARN_UNUSED_RESULT;
/* Under a group: time and state. *@action_start is the byte at which the words begin that send a
 * failed line again, or -1. */
char *porch_transcript_words_meta (PorchLine *line, int *action_start) G_GNUC_WARN_UNUSED_RESULT;
/* The tooltip of those: day, time, and always the state in words. */
char *porch_transcript_words_meta_tooltip (PorchLine *line) G_GNUC_WARN_UNUSED_RESULT;
/* All that is seen of a row, for a screen reader. @day is the text of its pill, or NULL. */
char *porch_transcript_words_spoken (PorchLine *line, const char *day) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
