/* porch-typing-strip.h - three dots and "Jonas is typing", in a place that is always kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_TYPING_STRIP (porch_typing_strip_get_type ())
G_DECLARE_FINAL_TYPE (PorchTypingStrip, porch_typing_strip, PORCH, TYPING_STRIP, GtkWidget)

/* Property: who. */
/* NULL when nobody is typing: the words go, the place stays. */
const char *porch_typing_strip_get_who (PorchTypingStrip *self);
void porch_typing_strip_set_who (PorchTypingStrip *self, const char *who);

G_END_DECLS
