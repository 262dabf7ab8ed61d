/* porch-conversation.c - one conversation with one visitor, and what its list row shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-conversation.h"

G_DEFINE_FINAL_TYPE (PorchConversation, porch_conversation, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_INT64 (PorchConversation, pk, "pk", PORCH_FIELD_SECRET),
  PORCH_STRING (PorchConversation, id, "id", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY),
  PORCH_STRING (PorchConversation, handle, "handle", PORCH_FIELD_READONLY),
  PORCH_STRING (PorchConversation, site, "site", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchConversation, channel, "channel", porch_channel_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, external_key, "external-key", PORCH_FIELD_SECRET),
  PORCH_STRING (PorchConversation, department, "department", PORCH_FIELD_READONLY),
  PORCH_STRING (PorchConversation, visitor, "visitor", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, contact, "contact", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, contact_name, "contact-name", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, contact_email, "contact-email", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, number, "number", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, assignee, "assignee", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchConversation, state, "state", porch_state_get_type, PORCH_FIELD_READONLY),
  PORCH_ENUM (PorchConversation, assistant_state, "assistant-state", porch_assistant_state_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchConversation, priority, "priority", porch_priority_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, created_at, "created-at", PORCH_FIELD_READONLY),
  PORCH_TIME (PorchConversation, waiting_since, "waiting-since", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, first_response_at, "first-response-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, resolved_at, "resolved-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, closed_at, "closed-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, missed_at, "missed-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, reopened, "reopened", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, snoozed_until, "snoozed-until", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchConversation, merged_into, "merged-into", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, rating, "rating", PORCH_FIELD_READONLY),
  PORCH_STRING (PorchConversation, rating_comment, "rating-comment", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchConversation, rated_at, "rated-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, last_seq, "last-seq", PORCH_FIELD_READONLY),
  PORCH_TIME (PorchConversation, last_at, "last-at", PORCH_FIELD_READONLY),
  PORCH_STRING (PorchConversation, last_text, "last-text", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchConversation, last_sender, "last-sender", porch_actor_kind_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, last_message, "last-message", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, n_messages, "n-messages", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, unread, "unread", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, visitor_unread, "visitor-unread", PORCH_FIELD_READONLY),
  PORCH_INT64 (PorchConversation, agent_received, "agent-received", PORCH_FIELD_READONLY),
  PORCH_INT64 (PorchConversation, agent_read, "agent-read", PORCH_FIELD_READONLY),
  PORCH_INT64 (PorchConversation, visitor_received, "visitor-received", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchConversation, visitor_read, "visitor-read", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
};
/* clang-format on */

static void
porch_conversation_class_init (PorchConversationClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_conversation_init (PorchConversation *self)
{
}
