/* porch-agent-frame.h - an event as one agent may see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who sees what is decided here and nowhere else in this room; what a view leaves out is not in the
 * frame.
 */
#pragma once

#include "porch-agent.h"
#include "porch-event.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_AGENT_VIEW_NONE, /* it is not for them */
  PORCH_AGENT_VIEW_LEFT, /* a conversation has left their scope: they learn that, and nothing of it
                          */
  PORCH_AGENT_VIEW_NARROW, /* without what only those see who manage people */
  PORCH_AGENT_VIEW_WHOLE,
  PORCH_AGENT_N_VIEWS,
} PorchAgentView;

/* By its type alone: for some agent, not for each. */
gboolean porch_agent_frame_is_for_agents (PorchEvent *event);
/* NONE too for an event whose subject is gone since. */
PorchAgentView porch_agent_frame_get_view (PorchAgent *agent, PorchEvent *event);
/* A text frame, the same for all who have this @view, which is not NONE. The caller's. */
GBytes *porch_agent_frame_new (PorchEvent *event, PorchAgentView view) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
