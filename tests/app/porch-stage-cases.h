/* porch-stage-cases.h - requests whose answers are known, one by one or by a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-stage.h"

/* A row of a table: what is asked, and what comes of it. */
typedef struct {
  const char *body;
  guint status;
  const char *says; /* is in the answer; may be NULL */
} PorchCase;

/* Asks; the answer, which has @status and @says (may be NULL) in it. */
char *porch_stage_expect (PorchStage *self, const PorchAsk *ask, guint status, const char *says);
/* Asks for all of @cases at @door, one after the other. */
void
porch_stage_try (PorchStage *self, const PorchAsk *door, const PorchCase *cases, guint n_cases);
/* A setting of the server, from this computer. */
void porch_stage_set (PorchStage *self, const char *key, const char *value);
