/* porch-tag.h - a caption with an icon in a CSS box: day pill, sender, time and state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It never queues a resize: whoever holds it asks for its size with porch_tag_fit () and allocates
 * it.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TAG_ACTIONS 2

#define PORCH_TYPE_TAG (porch_tag_get_type ())
G_DECLARE_FINAL_TYPE (PorchTag, porch_tag, PORCH, TAG, GtkWidget)

GtkWidget *porch_tag_new (const char *css_name);
/* To be called when the tag is in the widget tree. */
void porch_tag_set_text (PorchTag *self, const char *text);
const char *porch_tag_get_text (PorchTag *self);
/* @icon_name may be NULL. It stands before the first line, or after the last. */
void porch_tag_set_icon (PorchTag *self, const char *icon_name, gboolean is_after);
/* Names of colours of the style sheet, or NULL for the widget's own. Static strings. */
void porch_tag_set_tones (PorchTag *self, const char *text_tone, const char *icon_tone);
/* The bytes from @start to @end of the text are bold. */
void porch_tag_set_strong (PorchTag *self, int start, int end);
/* The bytes from @start to @end are link number @action, which is below PORCH_TAG_ACTIONS; there is
 * no such link when they are the same. */
void porch_tag_set_action (PorchTag *self, guint action, int start, int end);
/* The number of the link at a point of the tag, or -1. */
int porch_tag_get_action_at (PorchTag *self, double x, double y);
/* Where lines go that are shorter than the longest one. */
void porch_tag_set_alignment (PorchTag *self, PangoAlignment alignment);
/* The size with all that CSS adds. The text wraps at @max_width. */
void porch_tag_fit (PorchTag *self, int max_width, int *width, int *height);

/* All lines as high as the font's size says, whatever font has their letters: nothing jumps when
 * one falls back. For @widget's own layouts, which a bubble has too. */
PangoAttribute *
porch_tag_line_height_new (GtkWidget *widget, double line_per_font) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
