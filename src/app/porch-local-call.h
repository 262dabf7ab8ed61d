/* porch-local-call.h - one operation on a folder, whoever serves it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-ops.h"

G_BEGIN_DECLS

/* Somebody serves @folder now. */
gboolean porch_local_is_served (const char *folder);

/* Calls @op over the folder's Unix socket; where nobody serves it, it is served for as long as that
 * takes. Runs a loop of its own: for commands, never where another loop runs. Takes @body. */
char *porch_local_call (const char *folder, PorchOpId op, GString *body, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
