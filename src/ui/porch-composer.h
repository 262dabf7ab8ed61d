/* porch-composer.h - where one writes: an answer to the visitor or a note for the team
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_COMPOSER (porch_composer_get_type ())
G_DECLARE_FINAL_TYPE (PorchComposer, porch_composer, PORCH, COMPOSER, AdwBin)

/* Properties: "mirror" (PorchMirror), "thread" (PorchThread, or NULL), "is-note", "is-short": there
 * is little height.
 *
 * Signal: scroll (int)  pages the transcript should move, or G_MAXINT for its end */
void porch_composer_focus (PorchComposer *self);
/* @text is there again to be written on, as a note or an answer, whichever it was. FALSE, and
 * nothing done, when something is being written or nothing can be. */
gboolean porch_composer_give_back (PorchComposer *self, const char *text, gboolean is_note);

G_END_DECLS
