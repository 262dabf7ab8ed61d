/* porch-prune.c - what has become too old to keep: events, sessions, answers given once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-prune.h"

#include "porch-clock.h"
#include "porch-tx.h"

#define DAY_US         (24 * 60 * 60 * G_TIME_SPAN_SECOND)
#define EVENTS_KEPT_US (7 * DAY_US)
/* Of each: a commit with so many takes about a millisecond. */
#define BITE 500

static gboolean
run_look (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  PorchPruneInput *out = output;

  out->now_us = porch_clock_now_us ();
  out->last_event = porch_tx_find_prunable (tx, out->now_us - EVENTS_KEPT_US, error);
  return out->last_event >= 0;
}

const PorchCommand porch_prune_look = {
  .name = "prune_look",
  .is_question = TRUE,
  .out_size = sizeof (PorchPruneInput),
  .run = run_look,
};

static gboolean
run_bite (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchPruneInput *in = input;
  PorchPruneResult *out = output;
  const int n_sessions = porch_tx_prune_sessions (tx, in->now_us, BITE, error);
  const int n_answers =
    n_sessions >= 0 ? porch_tx_prune_answers (tx, in->now_us - DAY_US, BITE, error) : -1;
  const int n_events =
    n_answers >= 0
      ? porch_tx_prune_events (tx, in->last_event, in->now_us - EVENTS_KEPT_US, BITE, error)
      : -1;

  out->has_more = n_sessions == BITE || n_answers == BITE || n_events == BITE;
  return n_events >= 0;
}

const PorchCommand porch_prune_bite = {
  .name = "prune_bite",
  .in_size = sizeof (PorchPruneInput),
  .out_size = sizeof (PorchPruneResult),
  .run = run_bite,
};
