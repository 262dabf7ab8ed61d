/* porch-agent-view.h - an agent as another one sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-agent.h"
#include "porch-writer.h"

G_BEGIN_DECLS

/* Addresses to sign in with are for those who manage people; a colleague's is null. */
gboolean porch_agent_view_is_whole (PorchAgent *agent, PorchAgent *reader);
void porch_agent_view_write (PorchWriter *writer,
                             const char *name,
                             PorchAgent *agent,
                             gboolean is_whole);

G_END_DECLS
