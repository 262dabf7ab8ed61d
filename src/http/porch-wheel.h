/* porch-wheel.h - every deadline of one server on one timer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ten thousand deadlines cost one wake-up a tick, and setting one anew costs nothing worth
 * measuring. Ticks are counted, not read from a clock: a program that was stopped for a minute
 * gives everybody their time again instead of ending all connections at once.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchWheel PorchWheel;
typedef struct _PorchTimer PorchTimer;

/* Lies inside what it is the deadline of; all zero but @fire when new. */
struct _PorchTimer {
  PorchTimer *next;
  PorchTimer **link; /* NULL when not set */
  void (*fire) (PorchTimer *timer);
  guint due;
};

/* On the thread-default context. It wakes up only for ticks in which something may be due. */
PorchWheel *porch_wheel_new (guint tick_ms) G_GNUC_WARN_UNUSED_RESULT;
/* Timers that are still set are cleared and never fire. */
void porch_wheel_free (PorchWheel *self);

/* In ticks since the wheel was made, those not among them for which the program stood still. */
guint porch_wheel_get_now (PorchWheel *self);
/* Fires in @ticks ticks, at least one; the first may be short. A timer that was set is set anew. */
void porch_timer_set (PorchTimer *timer, PorchWheel *wheel, guint ticks);
/* Also when it is not set. */
void porch_timer_clear (PorchTimer *timer);

/* One tick, as the wheel's own source does it. Returns TRUE when timers are due that this call left
 * for the next, so that no tick holds the loop. */
gboolean porch_wheel_turn (PorchWheel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchWheel, porch_wheel_free)

G_END_DECLS
