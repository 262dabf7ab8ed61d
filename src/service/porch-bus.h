/* porch-bus.h - who wants to hear what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Durable events arrive in the order of their seq, and only when they are on disk. Ephemeral ones
 * (seq 0) go straight through. Subscribers run on the main thread, in the order in which they came.
 * What one of them publishes while it is told an event comes after it for all of them.
 */
#pragma once

#include "porch-event.h"

G_BEGIN_DECLS

typedef struct _PorchBus PorchBus;
typedef void (*PorchSubscriber) (PorchEvent *event, gpointer data);

PorchBus *porch_bus_new (void) G_GNUC_WARN_UNUSED_RESULT;
void porch_bus_free (PorchBus *self);
void porch_bus_subscribe (PorchBus *self, PorchSubscriber subscriber, gpointer data);
/* Every subscription with this @data. Also while an event is being told: who has left does not hear
 * it any more. */
void porch_bus_unsubscribe (PorchBus *self, gpointer data);
/* Returns when all have heard of it, or at once inside a subscriber. @event is borrowed. */
void porch_bus_publish (PorchBus *self, PorchEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchBus, porch_bus_free)

G_END_DECLS
