/* porch-details-pane.h - who the visitor is and where they came from, beside the conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DETAILS_PANE (porch_details_pane_get_type ())
G_DECLARE_FINAL_TYPE (PorchDetailsPane, porch_details_pane, PORCH, DETAILS_PANE, AdwBin)

/* Properties: "mirror" (PorchMirror), "conversation" (PorchConversation, or NULL). */
GtkWidget *porch_details_pane_new (PorchMirror *mirror);

G_END_DECLS
