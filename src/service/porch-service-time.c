/* porch-service-time.c - what time alone changes: waiting, idleness, what is too old
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-clock.h"
#include "porch-prune.h"
#include "porch-source.h"

/* In one command, so that what people write meanwhile comes between. */
#define CHANGED_AT_ONCE 50
#define PRUNE_EVERY_US  (10 * 60 * G_TIME_SPAN_SECOND)
#define TIMER_MAX_US    (60 * G_TIME_SPAN_SECOND)

static gboolean
on_timer (gpointer data)
{
  PorchService *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  self->timer_due_us = 0;
  porch_service_pass_time_now (self);
  return G_SOURCE_REMOVE;
}

/* Wakes at @due_us, and at least once a minute: the wall clock may jump while the timer cannot. */
static void
set_timer (PorchService *self, gint64 due_us)
{
  const gint64 now_us = porch_clock_now_us ();
  gint64 wait_us = due_us != 0 ? MIN (due_us - now_us, TIMER_MAX_US) : TIMER_MAX_US;

  if (self->is_closing)
    return;
  wait_us = MAX (wait_us, 0);
  if (self->timer != NULL && self->timer_due_us <= now_us + wait_us)
    return;
  porch_source_clear (&self->timer);
  self->timer_due_us = now_us + wait_us;
  self->timer = porch_source_timeout (wait_us / 1000 + 1, on_timer, self);
}

static void
on_time_passed (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  const PorchTimeResult *result = out;

  self->is_passing_time = FALSE;
  if (error != NULL)
    set_timer (self, porch_clock_now_us () + 5 * G_TIME_SPAN_SECOND);
  else
    set_timer (self, result->n_changed == CHANGED_AT_ONCE ? 1 : result->next_due_us);
}

/* Bite after bite until nothing is too old any more: each is a commit of its own, so what people
 * write meanwhile comes between, and however much comes in, as much goes. */
static void
on_bitten (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  PorchPruneInput *next;

  if (error != NULL || !((PorchPruneResult *) out)->has_more || self->is_closing) {
    self->is_pruning = FALSE;
    return;
  }
  next = porch_command_new_input (&porch_prune_bite);
  *next = *(PorchPruneInput *) in;
  porch_service_run (self, &porch_prune_bite, next, on_bitten, self);
}

static void
on_looked (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = data;
  PorchPruneInput *bite;

  if (error != NULL || self->is_closing) {
    self->is_pruning = FALSE;
    return;
  }
  bite = porch_command_new_input (&porch_prune_bite);
  *bite = *(PorchPruneInput *) out;
  porch_service_run (self, &porch_prune_bite, bite, on_bitten, self);
}

static void
prune (PorchService *self, gint64 now_us)
{
  if (self->is_pruning)
    return;
  self->is_pruning = TRUE;
  self->pruned_at_us = now_us;
  porch_service_run (self, &porch_prune_look, porch_command_new_input (&porch_prune_look),
                     on_looked, self);
}

void
porch_service_pass_time_now (PorchService *self)
{
  const gint64 now_us = porch_clock_now_us ();
  PorchTimeInput *in;

  if (self->is_passing_time || self->is_closing)
    return;
  porch_service_notice_clock (self);
  porch_service_sweep_sessions (self);
  /* What was refused may go by now, also when nobody writes. */
  if (porch_service_get_trouble (self) != NULL)
    porch_service_look (self);
  self->is_passing_time = TRUE;
  in = porch_command_new_input (&porch_business_pass_time);
  in->times = self->times;
  in->limit = CHANGED_AT_ONCE;
  in->now_us = now_us;
  if (ABS (now_us - self->pruned_at_us) >= PRUNE_EVERY_US)
    prune (self, now_us);
  porch_service_run (self, &porch_business_pass_time, in, on_time_passed, self);
}

void
porch_service_pass_time (PorchService *self)
{
  set_timer (self, 1);
}

void
porch_service_expect (PorchService *self, PorchEvent *event)
{
  gint64 due_us = 0;
  PorchAction action;

  if (event->conversation == NULL)
    return;
  porch_rules_due (event->conversation, &self->times, event->at_us, &action, &due_us);
  if (due_us != 0)
    set_timer (self, due_us);
}
