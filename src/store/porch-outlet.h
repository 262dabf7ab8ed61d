/* porch-outlet.h - hands the results of other threads out on the store's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * However many results there are, the loop is woken once, and is held only for a moment at a time.
 */
#pragma once

#include "porch-store.h"

G_BEGIN_DECLS

typedef struct _PorchOutlet PorchOutlet;

/* Delivers on the thread-default context of the caller. @health is atomic. */
PorchOutlet *porch_outlet_new (gint64 seq, gint *health) G_GNUC_WARN_UNUSED_RESULT;
/* Delivers what is left. */
void porch_outlet_free (PorchOutlet *self);

/* Any thread. @first to @last are a chain of finished jobs, delivered in this order. */
void porch_outlet_put_jobs (PorchOutlet *self, PorchJob *first, PorchJob *last);
void porch_outlet_put_query (PorchOutlet *self, PorchQuery *query);
/* Any thread: tells of the health, if it is another one. */
void porch_outlet_wake (PorchOutlet *self);
/* Told on the store's thread when the health is another one. One listener. */
void porch_outlet_on_health (PorchOutlet *self, PorchHealthChanged func, gpointer data);

/* The store's thread: delivers all that is there, at once. */
void porch_outlet_drain (PorchOutlet *self);
void porch_outlet_set_publisher (PorchOutlet *self, PorchStorePublisher publisher, gpointer data);
gint64 porch_outlet_get_seq (PorchOutlet *self);

G_END_DECLS
