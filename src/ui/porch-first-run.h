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

/* The host of a website as the server wants it, from whatever a person writes or pastes:
 * "example.com", and with its scheme only where that is not https. NULL when it is none. */
char *porch_first_run_dup_domain (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
