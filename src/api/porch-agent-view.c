/* porch-agent-view.c - an agent as another one sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent-view.h"

#include "porch-codec.h"

gboolean
porch_agent_view_is_whole (PorchAgent *agent, PorchAgent *reader)
{
  return reader->role >= PORCH_ROLE_SUPERVISOR || g_strcmp0 (reader->id, agent->id) == 0;
}

void
porch_agent_view_write (PorchWriter *writer, const char *name, PorchAgent *agent, gboolean is_whole)
{
  g_autoptr (PorchAgent) shown = is_whole ? g_object_ref (agent) : porch_entity_copy (agent);

  if (!is_whole)
    g_clear_pointer (&shown->email, g_free);
  porch_codec_write (writer, name, shown, PORCH_AUDIENCE_STAFF);
}
