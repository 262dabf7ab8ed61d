/* porch-trouble.h - when the folder cannot be opened: in words, and with the ways on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-trouble-window.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What @error means for @folder. Looks at the folder: blocking, before the loop runs. Strings are
 * constants, or @folder's and @error's. */
void porch_trouble_describe (const char *folder, const GError *error, PorchTroubleWords *words);

/* Shows it until there is a choice: TRUE to try again, FALSE to quit. Runs a loop of its own. */
gboolean porch_trouble_run (const char *folder, const GError *error, GApplicationFlags flags);

G_END_DECLS
