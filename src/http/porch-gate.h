/* porch-gate.h - who may come in, and with what request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-door-private.h"
#include "porch-stream.h"

G_BEGIN_DECLS

typedef struct _PorchGate PorchGate;

/* @pass gets a stream whose request is admitted, and keeps its own reference. */
PorchGate *porch_gate_new (PorchDoor *door,
                           void (*pass) (PorchStream *stream, gpointer data),
                           gpointer data) G_GNUC_WARN_UNUSED_RESULT;
/* Ends all that has not been passed on. */
void porch_gate_free (PorchGate *self);

/* @socket listens and does not block; it is closed when the gate shuts. @port is what a Host may
 * name, 0 for the Unix socket. */
void porch_gate_watch (PorchGate *self, GSocket *socket, guint16 port);
/* Takes in nobody any more, and sends those away whose request is not read yet. */
void porch_gate_shut (PorchGate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchGate, porch_gate_free)

G_END_DECLS
