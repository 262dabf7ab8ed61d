/* talk.h - made-up conversations and a window to see them in, for the transcript's tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-line.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Friday 20 November 2026, 09:41:00 UTC. */
#define TALK_NOW_US G_GINT64_CONSTANT (1795167660000000)

/* Loads the style sheets of the bundle: light, or dark, or with high contrast. */
void talk_load_css (gboolean is_dark, gboolean is_high_contrast);
/* Runs the main loop until @n_wanted frames of @widget were drawn. */
void talk_wait_frames (GtkWidget *widget, int n_wanted);

/* The conversation of the drawings. */
GListStore *talk_inbox_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* One in which the line was cut. */
GListStore *talk_trouble_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Everything that could break the look: names, directions, lengths. */
GListStore *talk_strange_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* A lazy list of as many lines as one likes; line @first + n is always the same. */
#define TALK_TYPE_LIST (talk_list_get_type ())
G_DECLARE_FINAL_TYPE (TalkList, talk_list, TALK, LIST, GObject)

TalkList *talk_list_new (gint64 first, guint n_lines) G_GNUC_WARN_UNUSED_RESULT;
void talk_list_append (TalkList *self, guint n_lines);
void talk_list_prepend (TalkList *self, guint n_lines);
/* How many lines were asked for so far: the measure of laziness. */
guint talk_list_get_n_made (TalkList *self);

G_END_DECLS
