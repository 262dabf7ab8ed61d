/* porch-skeleton.h - where the rows of the inbox will be, while they are loaded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_SKELETON (porch_skeleton_get_type ())
G_DECLARE_FINAL_TYPE (PorchSkeleton, porch_skeleton, PORCH, SKELETON, GtkWidget)

G_END_DECLS
