/* porch-event.c - something that happened: what subscribers hear and clients resume by
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-event.h"

#include "porch-clock.h"

PorchEvent *
porch_event_new (PorchEventType type, const PorchActor *actor)
{
  PorchEvent *self = g_new0 (PorchEvent, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->at_us = porch_clock_now_us ();
  self->actor_kind = actor->kind;
  self->actor = g_strdup (actor->id);
  return self;
}

PorchEvent *
porch_event_ref (PorchEvent *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
porch_event_unref (PorchEvent *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->conversation);
  g_clear_object (&self->message);
  g_clear_object (&self->contact);
  g_clear_object (&self->visitor);
  g_clear_object (&self->agent);
  g_clear_object (&self->site);
  g_clear_pointer (&self->actor, g_free);
  g_clear_pointer (&self->text, g_free);
  g_free (self);
}
