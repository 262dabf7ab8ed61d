/* porch-agent-socket.h - agents' event sockets: what was missed, then what happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-call.h"
#include "porch-service.h"

G_BEGIN_DECLS

typedef struct _PorchAgentHub PorchAgentHub;

PorchAgentHub *porch_agent_hub_new (PorchService *service) G_GNUC_WARN_UNUSED_RESULT;
void porch_agent_hub_free (PorchAgentHub *self);

/* Answers @call with a socket for @agent that begins after @since, if @epoch is ours. */
void porch_agent_hub_open (PorchAgentHub *self,
                           PorchCall *call,
                           PorchAgent *agent,
                           gint64 since,
                           const char *epoch);
/* The code of what admins should know of backups and secrets, "" for nothing: told to those who are
 * there, and to whoever comes. */
void porch_agent_hub_set_keeping (PorchAgentHub *self, const char *code);
/* To every window: the code of what the owner should know, "" for nothing. */
void porch_agent_hub_warn (PorchAgentHub *self, const char *warning);
/* Closes the sockets of that session with 4401. */
void porch_agent_hub_sign_out (PorchAgentHub *self, const char *token_hash);

G_END_DECLS
