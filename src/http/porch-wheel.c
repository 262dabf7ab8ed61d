/* porch-wheel.c - every deadline of one server on one timer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-wheel.h"

#include "porch-source.h"

#define N_SLOTS 64
/* A mass of clients that came in the same second is pinged in the same second, too: some 3 us each.
 */
#define FIRE_MAX 256

struct _PorchWheel {
  guint tick_ms;
  guint now;
  PorchTimer *slots[N_SLOTS];
  PorchTimer *due; /* of past ticks, not yet fired */
  GSource *tick;
  GSource *rest;
};

PorchWheel *
porch_wheel_new (guint tick_ms)
{
  PorchWheel *self = g_new0 (PorchWheel, 1);

  self->tick_ms = tick_ms;
  return self;
}

void
porch_wheel_free (PorchWheel *self)
{
  /* Whoever outlives the wheel must find its timer clear. */
  for (guint i = 0; i < N_SLOTS; i++)
    while (self->slots[i] != NULL)
      porch_timer_clear (self->slots[i]);
  while (self->due != NULL)
    porch_timer_clear (self->due);
  porch_source_clear (&self->tick);
  porch_source_clear (&self->rest);
  g_free (self);
}

guint
porch_wheel_get_now (PorchWheel *self)
{
  return self->now;
}

static void
link_timer (PorchTimer *timer, PorchTimer **head)
{
  timer->next = *head;
  if (timer->next != NULL)
    timer->next->link = &timer->next;
  timer->link = head;
  *head = timer;
}

void
porch_timer_clear (PorchTimer *timer)
{
  if (timer->link == NULL)
    return;
  *timer->link = timer->next;
  if (timer->next != NULL)
    timer->next->link = timer->link;
  timer->link = NULL;
}

static gboolean
is_empty (PorchWheel *self)
{
  for (guint i = 0; i < N_SLOTS; i++)
    if (self->slots[i] != NULL)
      return FALSE;
  return self->due == NULL;
}

/* Fires what is due, a limited number. A timer that fires may set or clear any other one. */
static gboolean
fire_due (PorchWheel *self)
{
  for (guint n = 0; self->due != NULL && n < FIRE_MAX; n++) {
    PorchTimer *timer = self->due;

    porch_timer_clear (timer);
    timer->fire (timer);
  }
  return self->due != NULL;
}

gboolean
porch_wheel_turn (PorchWheel *self)
{
  PorchTimer *timer = self->slots[++self->now % N_SLOTS];

  while (timer != NULL) {
    PorchTimer *next = timer->next;

    if (timer->due == self->now) {
      porch_timer_clear (timer);
      link_timer (timer, &self->due);
    }
    timer = next;
  }
  return fire_due (self);
}

static gboolean
on_rest (gpointer data)
{
  PorchWheel *self = data;

  if (fire_due (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->rest, g_source_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
on_tick (gpointer data)
{
  PorchWheel *self = data;

  if (porch_wheel_turn (self) && self->rest == NULL)
    self->rest = porch_source_idle (on_rest, self);
  if (!is_empty (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->tick, g_source_unref);
  return G_SOURCE_REMOVE;
}

void
porch_timer_set (PorchTimer *timer, PorchWheel *wheel, guint ticks)
{
  porch_timer_clear (timer);
  timer->due = wheel->now + MAX (ticks, 1);
  link_timer (timer, &wheel->slots[timer->due % N_SLOTS]);
  if (wheel->tick == NULL)
    wheel->tick = porch_source_timeout (wheel->tick_ms, on_tick, wheel);
}
