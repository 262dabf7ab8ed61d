/* porch-bus.c - who wants to hear what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-bus.h"

typedef struct {
  PorchSubscriber func;
  gpointer data;
} Subscription;

struct _PorchBus {
  GArray *subscriptions;
};

PorchBus *
porch_bus_new (void)
{
  PorchBus *self = g_new0 (PorchBus, 1);

  self->subscriptions = g_array_new (FALSE, FALSE, sizeof (Subscription));
  return self;
}

void
porch_bus_free (PorchBus *self)
{
  g_array_unref (self->subscriptions);
  g_free (self);
}

void
porch_bus_subscribe (PorchBus *self, PorchSubscriber subscriber, gpointer data)
{
  Subscription subscription = { subscriber, data };

  g_array_append_val (self->subscriptions, subscription);
}

void
porch_bus_unsubscribe (PorchBus *self, gpointer data)
{
  for (guint i = self->subscriptions->len; i-- > 0;)
    if (g_array_index (self->subscriptions, Subscription, i).data == data)
      g_array_remove_index (self->subscriptions, i);
}

void
porch_bus_publish (PorchBus *self, PorchEvent *event)
{
  for (guint i = 0; i < self->subscriptions->len; i++) {
    Subscription subscription = g_array_index (self->subscriptions, Subscription, i);

    subscription.func (event, subscription.data);
  }
}
