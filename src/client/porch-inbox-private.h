/* porch-inbox-private.h - how the mirror makes lists and tells them what happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-client.h"
#include "porch-inbox.h"
#include "porch-shelf.h"

G_BEGIN_DECLS

/* @filter is one of mine, waiting, open, resolved, all. Signal "counted" (JsonObject *counts). */
PorchInbox *porch_inbox_new (PorchClient *client,
                             PorchShelf *shelf,
                             const char *filter) G_GNUC_WARN_UNUSED_RESULT;
/* Loads nothing any more; what it shows stays. */
void porch_inbox_close (PorchInbox *self);
/* Another file lies behind the server: everything is loaded again. */
void porch_inbox_start_over (PorchInbox *self);

G_END_DECLS
