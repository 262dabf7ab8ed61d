/* porch-stage-talk.h - what visitors write and agents do, as most tests of the wire need it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-stage.h"

/* The @n-th message of @device, to a conversation or under a handle. Does not wait. */
void porch_line_write (PorchLine *self,
                       const char *device,
                       guint n,
                       const char *conversation,
                       const char *text);
/* The same, and it is stored: the id of its conversation. */
char *porch_line_send (PorchLine *self,
                       const char *device,
                       guint n,
                       const char *conversation,
                       const char *text);
/* Begins a conversation of @n_messages, whose texts are their numbers; its id. */
char *porch_line_fill (PorchLine *self, const char *device, const char *handle, guint n_messages);
/* Does @what to a conversation for the agent with @token; the answer. */
char *porch_stage_act (PorchStage *self,
                       const char *token,
                       const char *id,
                       const char *what,
                       const char *body);
/* The @n-th message of an agent. */
void
porch_stage_answer (PorchStage *self, const char *token, const char *id, guint n, const char *text);
/* As porch_stage_dup_member (); -1 where there is none. */
gint64 porch_stage_get_number (const char *json, const char *name);
