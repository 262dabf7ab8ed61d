/* porch-walk.c - from socket to socket, in portions: what thousands are told must not hold the loop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-walk.h"

#include "porch-source.h"

#define TURN_MS 5

/* Backwards: what takes the place of one that has gone had its turn. TRUE when there are more. */
static gboolean
visit_some (PorchWalk *self)
{
  self->n_left = MIN (self->n_left, self->stops->len);
  for (guint i = 0; i < PORCH_WALK_PORTION && self->n_left > 0; i++)
    self->visit (self->stops->pdata[--self->n_left], self->data);
  return self->n_left > 0;
}

static gboolean
on_turn (gpointer data)
{
  PorchWalk *self = data;

  if (visit_some (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->source, g_source_unref);
  return G_SOURCE_REMOVE;
}

void
porch_walk_begin (PorchWalk *self)
{
  self->n_left = self->stops->len;
  if (visit_some (self) && self->source == NULL)
    self->source = porch_source_timeout (TURN_MS, on_turn, self);
}

void
porch_walk_stop (PorchWalk *self)
{
  porch_source_clear (&self->source);
}
