/* porch-agent-session.h - an agent's token: how long it is good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Good for 12 hours after its last use and 14 days in all. A window that is connected uses it.
 */
#pragma once

#include "porch-command.h"

G_BEGIN_DECLS

/* In and out of the commands below; each takes of it what it needs. */
typedef struct {
  char *token_hash;
  char *agent;
  gint64 created_at, used_at;
} PorchAgentSession;

gboolean porch_agent_session_is_good (const PorchAgentSession *self);

/* Keeps it, or when it was used last. The token itself is never kept: only its hash. */
extern const PorchCommand porch_agent_session_put;
extern const PorchCommand porch_agent_session_end;
/* By its hash; without an agent: there is none, or not any more. A question. */
extern const PorchCommand porch_agent_session_find;

G_END_DECLS
