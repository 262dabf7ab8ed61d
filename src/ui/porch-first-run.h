/* porch-first-run.h - the assistant of the first start: four steps until the light is on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FIRST_RUN (porch_first_run_get_type ())
G_DECLARE_FINAL_TYPE (PorchFirstRun, porch_first_run, PORCH, FIRST_RUN, AdwBin)

/* Properties: "mirror" (PorchMirror), "step" (0 to 3).
 *
 * Signal: done ()  the inbox is next */
GtkWidget *porch_first_run_new (PorchMirror *mirror);

G_END_DECLS
