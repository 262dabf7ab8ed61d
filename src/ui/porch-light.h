/* porch-light.h - the lantern over the door: on when somebody is in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_LIGHT (porch_light_get_type ())
G_DECLARE_FINAL_TYPE (PorchLight, porch_light, PORCH, LIGHT, GtkWidget)

/* Properties: "pixel-size" of the lantern itself (its glow is around it), "level" (0 off, 1 on, or
 * between: getting warm), "is-on" (level 1 or 0). A change fades over 400 ms, once. */
void porch_light_set_level (PorchLight *self, double level);

G_END_DECLS
