/* porch-service-clock.c - the wall clock jumps: what has waited a minute has not waited a year
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A computer whose battery is flat starts in another year and is put right while we run. Waiting,
 * idleness and the ends of sessions are differences of wall times, since they outlive the program.
 * So what was written by the old clock is moved along with the jump, before anything is judged by
 * the new one. Times of messages stay as they were written.
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-clock.h"
#include "porch-steps.h"

/* Less is set right bit by bit all the time, and does no harm. */
#define JUMP_MIN_US G_TIME_SPAN_MINUTE
/* Conversations that wait for anything; far more than any team has open. */
#define MOVED_MAX 10000

typedef struct {
  PorchTimes times;
  gint64 by_us;
  /* What lies between was written by the old clock. */
  gint64 from_us, until_us;
} ShiftInput;

static void
shift (gint64 *time_us, const ShiftInput *in)
{
  if (*time_us > in->from_us && *time_us <= in->until_us)
    *time_us += in->by_us;
}

static gboolean
shift_conversation (PorchTx *tx, gint64 pk, const ShiftInput *in, GError **error)
{
  static const PorchDoer nobody = { PORCH_ACTOR_SYSTEM, NULL, NULL };
  g_autoptr (PorchConversation) self = porch_tx_get_conversation_pk (tx, pk, error);

  if (self == NULL)
    return FALSE;
  shift (&self->waiting_since, in);
  shift (&self->resolved_at, in);
  shift (&self->last_at, in);
  return porch_step_tell (tx, PORCH_EVENT_CONVERSATION_UPDATED, &nobody, self, error);
}

static gboolean
run_shift (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const ShiftInput *in = input;
  gint64 next_due_us = 0;
  /* Whatever is due at some time. */
  g_autoptr (GArray) pks =
    porch_tx_list_due (tx, &in->times, G_MAXINT64 / 2, MOVED_MAX, &next_due_us, error);

  if (pks == NULL)
    return FALSE;
  for (guint i = 0; i < pks->len; i++)
    if (!shift_conversation (tx, g_array_index (pks, gint64, i), in, error))
      return FALSE;
  return porch_tx_shift_sessions (tx, in->from_us, in->until_us, in->by_us, error);
}

static const PorchCommand shift_command = {
  .name = "clock_shift",
  .in_size = sizeof (ShiftInput),
  .run = run_shift,
};

void
porch_service_notice_clock (PorchService *self)
{
  const gint64 wall_us = porch_clock_now_us (), boot_us = porch_clock_boot_us ();
  const gint64 old_us = self->wall_us + (boot_us - self->boot_us);
  const gint64 by_us = self->boot_us != 0 ? wall_us - old_us : 0;
  ShiftInput *in;

  self->wall_us = wall_us;
  self->boot_us = boot_us;
  if (ABS (by_us) < JUMP_MIN_US)
    return;
  g_info ("the clock was set by %" G_GINT64_FORMAT " s", by_us / G_USEC_PER_SEC);
  in = porch_command_new_input (&shift_command);
  *in = (ShiftInput){ .times = self->times,
                      .by_us = by_us,
                      /* Backwards, only what lies ahead of the new clock says that it is old. */
                      .from_us = by_us > 0 ? 0 : wall_us,
                      .until_us = old_us };
  porch_service_shift_sessions (self, in->from_us, in->until_us, by_us);
  porch_service_run (self, &shift_command, in, NULL, NULL);
}
