/* porch-pace.h - how long the client waits, all in one place, so that a test can hurry it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room and its tests only.
 */
#pragma once

#include "porch-client.h"

G_BEGIN_DECLS

typedef struct {
  guint retry_first_ms; /* doubled at each failure … */
  guint retry_max_ms;   /* … up to this */
  guint silence_ms;     /* a socket that said nothing for so long is dead */
  guint answer_s;       /* a request that got nothing for so long has failed */
  guint typing_ms;      /* a visitor's typing goes out by itself */
  guint typing_again_ms;
  guint draft_ms;  /* a draft is written when it has been left alone for so long */
  guint counts_ms; /* changes that arrive within this time share one look at the counts */
} PorchPace;

extern const PorchPace porch_pace_default;

/* Before porch_client_start (). */
void porch_client_set_pace (PorchClient *self, const PorchPace *pace);
const PorchPace *porch_client_get_pace (PorchClient *self);

/* Full jitter: anything from nothing to the whole step, in ms, so that the clients of a server that
 * comes back do not all knock at once. @attempt counts from 0. */
guint porch_pace_draw (const PorchPace *pace, guint attempt);

G_END_DECLS
