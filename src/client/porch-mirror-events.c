/* porch-mirror-events.c - what the stream tells, carried into the models
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-mirror-parts.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-thread-private.h"

/* The conversation of @node as it is now. */
PorchConversation *
porch_mirror_put_conversation (PorchMirror *self, JsonNode *node)
{
  const char *id = node != NULL ? porch_shape_string (node, "id") : NULL;
  PorchConversation *known = id != NULL ? porch_shelf_find_conversation (self->shelf, id) : NULL;
  const int state = known != NULL ? known->state : -1;
  g_autofree char *assignee = known != NULL ? g_strdup (known->assignee) : NULL;
  g_autoptr (GError) error = NULL;
  PorchConversation *conversation = porch_shelf_put_conversation (self->shelf, node, &error);

  if (conversation == NULL) {
    g_debug ("reading a conversation: %s", error->message);
    return NULL;
  }
  if (conversation->state != state || g_strcmp0 (conversation->assignee, assignee) != 0)
    porch_mirror_count_soon (self);
  return conversation;
}

/* The same as the stream tells it, which speaks only of what is ours to see. */
static PorchConversation *
hear_conversation (PorchMirror *self, JsonNode *node)
{
  const char *id = node != NULL ? porch_shape_string (node, "id") : NULL;
  const gboolean is_back = id != NULL && porch_shelf_return (self->shelf, id);
  PorchConversation *conversation = porch_mirror_put_conversation (self, node);

  if (is_back && conversation != NULL)
    porch_mirror_tell (self, PORCH_MIRROR_SCOPE_CHANGED, conversation);
  return conversation;
}

/* The conversation comes along with each message, so that the list needs no second event. Ours is
 * claimed from the outbox first: the stream is often faster than the answer to the call. */
static void
hear_message (PorchMirror *self, JsonNode *frame, PorchEventType type)
{
  JsonNode *data = porch_shape_node (frame, "data");
  const char *id = porch_shape_string (frame, "conversation");
  JsonNode *state = porch_shape_node (frame, "data.conversation_state");
  g_autoptr (PorchConversation) conversation = hear_conversation (self, state);
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchMessage) message =
    porch_codec_read (PORCH_TYPE_MESSAGE, data, PORCH_FROM_SERVER, &error);
  PorchThread *thread = NULL;

  if (message == NULL) {
    g_debug ("reading a message: %s", error->message);
    return;
  }
  if (message->conversation == NULL)
    porch_member_set (&message->conversation, id);
  porch_outbox_claim (self->outbox, message);
  thread = porch_mirror_find_thread (self, message->conversation);
  if (thread != NULL)
    porch_thread_put (thread, message);
  if (type == PORCH_EVENT_MESSAGE_CREATED && message->sender_kind == PORCH_ACTOR_VISITOR &&
      message->seq > porch_client_get_ready_seq (self->client) && conversation != NULL)
    porch_mirror_tell (self, PORCH_MIRROR_ARRIVED, conversation, message);
}

/* The last that we hear of a conversation: that it is none of our business any more. */
static void
hear_leaving (PorchMirror *self, const char *id)
{
  PorchConversation *known = porch_shelf_find_conversation (self->shelf, id);
  g_autoptr (PorchConversation) conversation = known != NULL ? g_object_ref (known) : NULL;

  porch_shelf_leave (self->shelf, id);
  porch_mirror_count_soon (self);
  if (conversation == NULL)
    return;
  porch_mirror_tell (self, PORCH_MIRROR_TAKEN, conversation);
  porch_mirror_tell (self, PORCH_MIRROR_SCOPE_CHANGED, conversation);
}

static void
hear_change (PorchMirror *self, JsonNode *frame, PorchEventType type)
{
  JsonNode *data = porch_shape_node (frame, "data");
  const char *id = porch_shape_string (frame, "conversation");
  g_autoptr (PorchConversation) conversation = NULL;
  PorchAgent *ours = porch_client_get_agent (self->client);
  const gboolean is_taking =
    type == PORCH_EVENT_CONVERSATION_ASSIGNED || type == PORCH_EVENT_CONVERSATION_TRANSFERRED;

  if (id != NULL && data != NULL && JSON_NODE_HOLDS_NULL (data)) {
    hear_leaving (self, id);
    return;
  }
  conversation = hear_conversation (self, data);
  if (conversation == NULL)
    return;
  if (type == PORCH_EVENT_CONVERSATION_RESOLVED || type == PORCH_EVENT_CONVERSATION_CLOSED ||
      (is_taking && ours != NULL && g_strcmp0 (conversation->assignee, ours->id) != 0))
    porch_mirror_tell (self, PORCH_MIRROR_TAKEN, conversation);
}

/* Only for what is open somewhere: nobody else would see it, and it is over in seconds. */
static void
hear_typing (PorchMirror *self, JsonNode *frame)
{
  PorchThread *thread = porch_mirror_find_thread (self, porch_shape_string (frame, "conversation"));
  const char *name = porch_shape_string (frame, "data.name");

  if (thread == NULL || g_strcmp0 (porch_shape_string (frame, "data.kind"), "visitor") != 0)
    return;
  if (porch_shape_boolean (frame, "data.is_typing"))
    porch_thread_hear_typing (thread, name != NULL ? name : "");
  else
    porch_thread_hear_typing (thread, NULL);
}

/* A visitor may have several conversations, and a page is told without naming one. */
static void
hear_visitor (PorchMirror *self, JsonNode *frame)
{
  const char *id = porch_shape_string (frame, "conversation");
  g_autoptr (PorchVisitor) visitor =
    porch_shelf_put_visitor (self->shelf, porch_shape_node (frame, "data"), NULL);
  g_autoptr (GList) threads = g_hash_table_get_values (self->threads);

  if (visitor == NULL)
    return;
  for (GList *link = threads; link != NULL; link = link->next) {
    PorchThread *thread = link->data;
    PorchConversation *conversation = porch_thread_get_conversation (thread);

    if (g_strcmp0 (conversation->visitor, visitor->id) != 0)
      continue;
    porch_thread_set_visitor (thread, visitor);
    if (id == NULL)
      porch_mirror_tell (self, PORCH_MIRROR_VISITOR_CHANGED, conversation->id);
  }
  if (id != NULL)
    porch_mirror_tell (self, PORCH_MIRROR_VISITOR_CHANGED, id);
}

void
porch_mirror_hear_event (PorchClient *client, JsonObject *object, PorchMirror *self)
{
  g_autoptr (JsonNode) frame = json_node_init_object (json_node_alloc (), object);
  const char *word = porch_shape_string (frame, "type");
  const int type = word != NULL ? porch_word_find (porch_event_type_get_type (), word) : -1;
  g_autoptr (PorchContact) contact = NULL;

  /* A newer server may say more than we know. */
  if (type < 0)
    return;
  switch ((PorchEventType) type) {
  case PORCH_EVENT_MESSAGE_CREATED:
  case PORCH_EVENT_MESSAGE_UPDATED:
    hear_message (self, frame, (PorchEventType) type);
    break;
  case PORCH_EVENT_CONVERSATION_CREATED:
  case PORCH_EVENT_CONVERSATION_ASSIGNED:
  case PORCH_EVENT_CONVERSATION_TRANSFERRED:
  case PORCH_EVENT_CONVERSATION_RESOLVED:
  case PORCH_EVENT_CONVERSATION_CLOSED:
  case PORCH_EVENT_CONVERSATION_REOPENED:
  case PORCH_EVENT_CONVERSATION_MISSED:
  case PORCH_EVENT_CONVERSATION_RATED:
  case PORCH_EVENT_CONVERSATION_UPDATED:
    hear_change (self, frame, (PorchEventType) type);
    break;
  case PORCH_EVENT_CONTACT_UPDATED:
    contact = porch_shelf_put_contact (self->shelf, porch_shape_node (frame, "data"), NULL);
    break;
  case PORCH_EVENT_AGENT_STATUS_CHANGED:
    porch_mirror_hear_agent (self, porch_shape_node (frame, "data"));
    break;
  case PORCH_EVENT_TYPING:
    hear_typing (self, frame);
    break;
  case PORCH_EVENT_PRESENCE:
  case PORCH_EVENT_PAGE:
    hear_visitor (self, frame);
    break;
  case PORCH_EVENT_SITE_UPDATED: /* the client's own */
  case PORCH_EVENT_NONE:
  case PORCH_EVENT_RECEIPT:
    break;
  }
}
