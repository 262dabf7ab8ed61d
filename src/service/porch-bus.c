/* porch-bus.c - who wants to hear what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-bus.h"

typedef struct {
  PorchSubscriber func; /* NULL: has left while an event was told */
  gpointer data;
} Subscription;

struct _PorchBus {
  GArray *subscriptions;
  GQueue waiting; /* events that subscribers published while they were told another */
  gboolean is_publishing, has_left;
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
  g_queue_clear_full (&self->waiting, (GDestroyNotify) porch_event_unref);
  g_free (self);
}

void
porch_bus_subscribe (PorchBus *self, PorchSubscriber subscriber, gpointer data)
{
  Subscription subscription = { subscriber, data };

  g_array_append_val (self->subscriptions, subscription);
}

/* Nobody moves up while an event is being told, or whoever did would miss it. */
void
porch_bus_unsubscribe (PorchBus *self, gpointer data)
{
  for (guint i = self->subscriptions->len; i-- > 0;) {
    Subscription *subscription = &g_array_index (self->subscriptions, Subscription, i);

    if (subscription->data != data)
      continue;
    if (self->is_publishing)
      subscription->func = NULL;
    else
      g_array_remove_index (self->subscriptions, i);
    self->has_left |= self->is_publishing;
  }
}

static void
remove_left (PorchBus *self)
{
  for (guint i = self->subscriptions->len; i-- > 0;)
    if (g_array_index (self->subscriptions, Subscription, i).func == NULL)
      g_array_remove_index (self->subscriptions, i);
  self->has_left = FALSE;
}

static void
tell_all (PorchBus *self, PorchEvent *event)
{
  for (guint i = 0; i < self->subscriptions->len; i++) {
    Subscription subscription = g_array_index (self->subscriptions, Subscription, i);

    if (subscription.func != NULL)
      subscription.func (event, subscription.data);
  }
}

void
porch_bus_publish (PorchBus *self, PorchEvent *event)
{
  if (self->is_publishing) {
    g_queue_push_tail (&self->waiting, porch_event_ref (event));
    return;
  }
  self->is_publishing = TRUE;
  tell_all (self, event);
  while (!g_queue_is_empty (&self->waiting)) {
    g_autoptr (PorchEvent) next = g_queue_pop_head (&self->waiting);

    tell_all (self, next);
  }
  self->is_publishing = FALSE;
  if (self->has_left)
    remove_left (self);
}
