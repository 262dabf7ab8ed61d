/* porch-batch.c - what arrives together is told together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-batch.h"

#include "porch-source.h"

typedef struct {
  PorchBatch *batch;
  GFunc func;
  gpointer data;
} Turn;

static gboolean
on_turn (gpointer data)
{
  const Turn turn = *(Turn *) data;

  /* First, so that what the function changes may schedule the next turn. */
  porch_source_clear (&turn.batch->source);
  turn.func (turn.data, NULL);
  return G_SOURCE_REMOVE;
}

void
porch_batch_schedule (PorchBatch *self, GFunc func, gpointer data)
{
  g_autoptr (GMainContext) context = NULL;
  Turn *turn = NULL;

  if (self->source != NULL)
    return;
  context = g_main_context_ref_thread_default ();
  turn = g_new (Turn, 1);
  *turn = (Turn){ self, func, data };
  self->source = g_idle_source_new ();
  /* Not an idle's: a busy loop would put it off for ever. */
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, on_turn, turn, g_free);
  g_source_attach (self->source, context);
}

void
porch_batch_cancel (PorchBatch *self)
{
  porch_source_clear (&self->source);
}
