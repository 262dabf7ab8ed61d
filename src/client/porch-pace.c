/* porch-pace.c - how long the client waits, all in one place, so that a test can hurry it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-pace.h"

#define STEPS_MAX 16

const PorchPace porch_pace_default = {
  .retry_first_ms = 500,
  .retry_max_ms = 30000,
  .silence_ms = 35000,
  .answer_s = 30,
  .typing_ms = 6000,
  .typing_again_ms = 3000,
  .draft_ms = 500,
  .counts_ms = 150,
};

guint
porch_pace_draw (const PorchPace *pace, guint attempt)
{
  const guint64 step = (guint64) pace->retry_first_ms << MIN (attempt, STEPS_MAX);

  return g_random_int_range (0, (gint32) MIN (step, pace->retry_max_ms) + 1);
}
