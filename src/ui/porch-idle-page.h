/* porch-idle-page.h - what stands where a conversation would be while none is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With nobody to answer it shows the light, on or off; otherwise it asks to choose somebody.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_IDLE_PAGE (porch_idle_page_get_type ())
G_DECLARE_FINAL_TYPE (PorchIdlePage, porch_idle_page, PORCH, IDLE_PAGE, AdwBin)

/* Properties: "mirror" (PorchMirror). */

G_END_DECLS
