/* porch-batch.h - what arrives together is told together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only. Unlike a porch_source_idle () its dispatch is not timed as a whole: what runs
 * in it is mostly the window's answer to a changed list, which is GTK's time. The functions time
 * what is theirs.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GSource *source;
} PorchBatch;

/* @func (@data) runs once, when the loop comes round, however often this was called before. Whoever
 * owns @data cancels before it goes. */
void porch_batch_schedule (PorchBatch *self, GFunc func, gpointer data);
void porch_batch_cancel (PorchBatch *self);

G_END_DECLS
