/* porch-status-popover.h - whether I am there: four states, and what each does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Its rows set the window's action win.status.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_STATUS_POPOVER (porch_status_popover_get_type ())
G_DECLARE_FINAL_TYPE (PorchStatusPopover, porch_status_popover, PORCH, STATUS_POPOVER, GtkPopover)

GtkWidget *porch_status_popover_new (void);

G_END_DECLS
