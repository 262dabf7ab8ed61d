/* porch-prune.h - what has become too old to keep: events, sessions, answers given once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"

G_BEGIN_DECLS

typedef struct {
  gint64 now_us;
  gint64 last_event; /* that may go, if it is old enough */
} PorchPruneInput;
typedef struct {
  gboolean has_more;
} PorchPruneResult;

/* A question: finding the newest 100,000 events walks over them. Its result is the input of every
 * bite. */
extern const PorchCommand porch_prune_look; /* out: PorchPruneInput */
/* Removes a little of each: of events older than 7 days and up to last_event, of sessions that are
 * over, of answers older than a day. */
extern const PorchCommand porch_prune_bite;

G_END_DECLS
