/* porch-wheel.c - every deadline of one server on one timer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-wheel.h"

#include "porch-clock.h"
#include "porch-source.h"

#define N_SLOTS 64
/* A mass of clients that came in the same second is pinged in the same second, too: some 3 us each.
 */
#define FIRE_MAX 256

struct _PorchWheel {
  guint tick_ms;
  guint now;       /* the last tick that was turned to */
  guint stride;    /* how many ticks the source sleeps: to the first slot that is not empty */
  gint64 since_us; /* monotonic: when it began to */
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

static gint64
count_slept_us (PorchWheel *self)
{
  return porch_clock_monotonic_us () - self->since_us;
}

/* It wakes up so late that the program has stood still, or the computer slept. That time is
 * nobody's: what came meanwhile has not been read yet. */
static gboolean
is_late (PorchWheel *self)
{
  return count_slept_us (self) > (self->stride + 1) * self->tick_ms * (gint64) 1000;
}

/* Ticks that went by while the source slept. The one that it wakes up for is not among them before
 * it does: what it fires is decided then. */
static guint
count_passed (PorchWheel *self)
{
  if (self->stride <= 1 || is_late (self))
    return 0;
  return MIN (count_slept_us (self) / (self->tick_ms * (gint64) 1000), self->stride - 1);
}

guint
porch_wheel_get_now (PorchWheel *self)
{
  return self->now + count_passed (self);
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

static void
skip (PorchWheel *self, guint ticks)
{
  self->now += ticks;
  self->stride -= ticks;
  self->since_us += ticks * self->tick_ms * (gint64) 1000;
}

gboolean
porch_wheel_turn (PorchWheel *self)
{
  PorchTimer *timer;

  if (self->stride > 1)
    skip (self, 1);
  else
    self->now++;
  timer = self->slots[self->now % N_SLOTS];
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

static gboolean on_tick (gpointer data);

static void
sleep_for (PorchWheel *self, guint ticks)
{
  const gint64 left_us = ticks * self->tick_ms * (gint64) 1000 - count_slept_us (self);

  porch_source_clear (&self->tick);
  self->stride = ticks;
  self->tick = porch_source_timeout ((guint) (MAX (left_us, 0) / 1000), on_tick, self);
}

static void
sleep_on (PorchWheel *self)
{
  guint i = 1;

  while (i <= N_SLOTS && self->slots[(self->now + i) % N_SLOTS] == NULL)
    i++;
  /* What fired may have set a timer, and that one the source. */
  if (i <= N_SLOTS && (self->tick == NULL || i < self->stride))
    sleep_for (self, i);
}

static gboolean
on_tick (gpointer data)
{
  PorchWheel *self = data;
  const guint n_ticks = is_late (self) ? 1 : self->stride;
  gboolean has_rest = FALSE;

  porch_source_clear (&self->tick);
  self->since_us = porch_clock_monotonic_us ();
  self->stride = 0;
  self->now += n_ticks - 1;
  has_rest = porch_wheel_turn (self);
  if (has_rest && self->rest == NULL)
    self->rest = porch_source_idle (on_rest, self);
  sleep_on (self);
  return G_SOURCE_REMOVE;
}

void
porch_timer_set (PorchTimer *timer, PorchWheel *wheel, guint ticks)
{
  guint visit;

  skip (wheel, count_passed (wheel));
  porch_timer_clear (timer);
  timer->due = wheel->now + MAX (ticks, 1);
  link_timer (timer, &wheel->slots[timer->due % N_SLOTS]);
  /* A deadline of more than one round is looked at once a round. */
  visit = (timer->due - wheel->now - 1) % N_SLOTS + 1;
  if (wheel->tick == NULL)
    wheel->since_us = porch_clock_monotonic_us ();
  if (wheel->tick == NULL || visit < wheel->stride)
    sleep_for (wheel, visit);
}
