/* porch-agent-frame.c - an event as one agent may see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent-frame.h"

#include "porch-agent-view.h"
#include "porch-codec.h"
#include "porch-ops.h"
#include "porch-rules.h"
#include "porch-socket.h"

#include <string.h>

gboolean
porch_agent_frame_is_for_agents (PorchEvent *event)
{
  return (porch_event_row (event->type)->audience & PORCH_HEARS_AGENTS) != 0;
}

/* What it was about may be gone since. */
static gboolean
is_complete (PorchEvent *event)
{
  switch (event->type) {
  case PORCH_EVENT_MESSAGE_CREATED:
  case PORCH_EVENT_MESSAGE_UPDATED:
    return event->message != NULL && event->conversation != NULL;
  case PORCH_EVENT_CONTACT_UPDATED:
    return event->contact != NULL;
  case PORCH_EVENT_SITE_UPDATED:
    return event->site != NULL;
  case PORCH_EVENT_AGENT_STATUS_CHANGED:
    return event->agent != NULL;
  default:
    return event->conversation != NULL;
  }
}

PorchAgentView
porch_agent_frame_get_view (PorchAgent *agent, PorchEvent *event)
{
  if (!porch_agent_frame_is_for_agents (event) || !is_complete (event))
    return PORCH_AGENT_VIEW_NONE;
  if (event->type == PORCH_EVENT_AGENT_STATUS_CHANGED)
    return porch_agent_view_is_whole (event->agent, agent) ? PORCH_AGENT_VIEW_WHOLE
                                                           : PORCH_AGENT_VIEW_NARROW;
  /* Everybody answers for all of them. */
  if (event->type == PORCH_EVENT_SITE_UPDATED)
    return PORCH_AGENT_VIEW_WHOLE;
  /* A contact of no conversation is in nobody's department. */
  if (event->conversation == NULL)
    return agent->role >= PORCH_ROLE_SUPERVISOR ? PORCH_AGENT_VIEW_WHOLE : PORCH_AGENT_VIEW_NONE;
  if (porch_rules_agent_sees (agent, event->conversation))
    return PORCH_AGENT_VIEW_WHOLE;
  return event->type == PORCH_EVENT_CONVERSATION_TRANSFERRED && event->agent != NULL &&
             strcmp (event->agent->id, agent->id) == 0
           ? PORCH_AGENT_VIEW_LEFT
           : PORCH_AGENT_VIEW_NONE;
}

static void
write_data (PorchWriter *writer, PorchEvent *event, PorchAgentView view)
{
  if (view == PORCH_AGENT_VIEW_LEFT) {
    porch_writer_string (writer, "data", NULL);
    return;
  }
  switch (event->type) {
  case PORCH_EVENT_MESSAGE_CREATED:
  case PORCH_EVENT_MESSAGE_UPDATED:
    porch_writer_begin (writer, "data");
    porch_codec_write_members (writer, event->message, PORCH_AUDIENCE_STAFF);
    porch_codec_write (writer, "conversation_state", event->conversation, PORCH_AUDIENCE_STAFF);
    porch_writer_end (writer);
    break;
  case PORCH_EVENT_CONTACT_UPDATED:
    porch_codec_write (writer, "data", event->contact, PORCH_AUDIENCE_STAFF);
    break;
  case PORCH_EVENT_SITE_UPDATED:
    porch_codec_write (writer, "data", event->site, PORCH_AUDIENCE_STAFF);
    break;
  case PORCH_EVENT_AGENT_STATUS_CHANGED:
    porch_agent_view_write (writer, "data", event->agent, view == PORCH_AGENT_VIEW_WHOLE);
    break;
  case PORCH_EVENT_PRESENCE:
  case PORCH_EVENT_PAGE:
    porch_codec_write (writer, "data", event->visitor, PORCH_AUDIENCE_STAFF);
    break;
  case PORCH_EVENT_TYPING:
    porch_writer_begin (writer, "data");
    porch_writer_boolean (writer, "is_typing", event->is_typing);
    porch_writer_string (writer, "name", event->text);
    porch_writer_string (writer, "kind",
                         porch_word_nick (porch_actor_kind_get_type (), event->actor_kind));
    porch_writer_end (writer);
    break;
  default:
    porch_codec_write (writer, "data", event->conversation, PORCH_AUDIENCE_STAFF);
  }
}

GBytes *
porch_agent_frame_new (PorchEvent *event, PorchAgentView view)
{
  GString *text = g_string_sized_new (2048);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  if (event->seq != 0)
    porch_writer_int (&writer, "seq", event->seq);
  porch_writer_string (&writer, "type",
                       porch_word_nick (porch_event_type_get_type (), event->type));
  porch_writer_time (&writer, "at", event->at_us);
  porch_writer_begin (&writer, "actor");
  porch_writer_string (&writer, "kind",
                       porch_word_nick (porch_actor_kind_get_type (), event->actor_kind));
  porch_writer_string (&writer, "id", event->actor);
  porch_writer_end (&writer);
  if (event->cause != 0)
    porch_writer_int (&writer, "cause", event->cause);
  if (event->conversation != NULL)
    porch_writer_string (&writer, "conversation", event->conversation->id);
  write_data (&writer, event, view);
  porch_writer_end (&writer);
  return porch_socket_frame_take (text);
}
