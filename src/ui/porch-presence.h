/* porch-presence.h - a dot that says by its shape whether a person is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Online is a full disc, away a disc with a moon, busy a disc with a bar, offline a ring. The word
 * stands beside it; the dot says nothing to a screen reader.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_PRESENCE (porch_presence_get_type ())
G_DECLARE_FINAL_TYPE (PorchPresence, porch_presence, PORCH, PRESENCE, GtkWidget)

/* Properties: "status" (PorchStatus). */

G_END_DECLS
