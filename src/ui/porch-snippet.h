/* porch-snippet.h - the line that hangs the light on a website, with a button that copies it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-client.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SNIPPET (porch_snippet_get_type ())
G_DECLARE_FINAL_TYPE (PorchSnippet, porch_snippet, PORCH, SNIPPET, AdwBin)

/* Properties: "client" (PorchClient), "is-copied" (read only). */

/* Copying is not the one thing to do here. */
void porch_snippet_be_calm (PorchSnippet *self);
/* The same in a window of its own. */
void porch_snippet_present (GtkWindow *parent, PorchClient *client);

G_END_DECLS
