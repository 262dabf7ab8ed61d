/* porch-receipts.h - tells visitors which of their messages an agent's window has got
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A receipt is a position, so the last one says it all: what arrives within a tenth of a second is
 * told once, and nobody's tick is late for an eye.
 */
#pragma once

#include "porch-bus.h"

G_BEGIN_DECLS

typedef struct _PorchReceipts PorchReceipts;

/* @bus is borrowed. */
PorchReceipts *porch_receipts_new (PorchBus *bus) G_GNUC_WARN_UNUSED_RESULT;
/* What was not told yet is forgotten. */
void porch_receipts_free (PorchReceipts *self);
/* Every event that agents hear; @is_received when a window has got it. */
void porch_receipts_note (PorchReceipts *self, PorchEvent *event, gboolean is_received);

G_END_DECLS
