/* porch-client-private.h - what the rest of this room asks a client for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-client.h"

G_BEGIN_DECLS

/* How long the server asked to be left alone, of a call that failed; 0 when it did not say. Before
 * porch_client_call_finish (). */
guint porch_client_call_get_retry_ms (GAsyncResult *result);

/* What the server had when the stream came up: an event above it happened just now, one below was
 * missed. */
gint64 porch_client_get_ready_seq (PorchClient *self);

/* Whether going on with what just failed is up to us (wait for the link) and not to a person. */
gboolean porch_client_error_passes (const GError *error);

G_END_DECLS
