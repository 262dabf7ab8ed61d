/* porch-nav-pane.h - the pages, and me: who I am, whether I am there, whether the light is on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_NAV_PANE (porch_nav_pane_get_type ())
G_DECLARE_FINAL_TYPE (PorchNavPane, porch_nav_pane, PORCH, NAV_PANE, AdwBin)

/* Properties: "mirror" (PorchMirror). */

G_END_DECLS
