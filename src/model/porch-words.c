/* porch-words.c - the enumerations of the product; nicks on the wire, numbers on disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-words.h"

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchState, porch_state,
  G_DEFINE_ENUM_VALUE (PORCH_STATE_PENDING, "pending"),
  G_DEFINE_ENUM_VALUE (PORCH_STATE_WAITING, "waiting"),
  G_DEFINE_ENUM_VALUE (PORCH_STATE_MISSED, "missed"),
  G_DEFINE_ENUM_VALUE (PORCH_STATE_ACTIVE, "active"),
  G_DEFINE_ENUM_VALUE (PORCH_STATE_RESOLVED, "resolved"),
  G_DEFINE_ENUM_VALUE (PORCH_STATE_CLOSED, "closed"))

G_DEFINE_ENUM_TYPE (PorchChannel, porch_channel,
  G_DEFINE_ENUM_VALUE (PORCH_CHANNEL_WIDGET, "widget"),
  G_DEFINE_ENUM_VALUE (PORCH_CHANNEL_WHATSAPP, "whatsapp"),
  G_DEFINE_ENUM_VALUE (PORCH_CHANNEL_EMAIL, "email"),
  G_DEFINE_ENUM_VALUE (PORCH_CHANNEL_API, "api"),
  G_DEFINE_ENUM_VALUE (PORCH_CHANNEL_DEMO, "demo"))

G_DEFINE_ENUM_TYPE (PorchPriority, porch_priority,
  G_DEFINE_ENUM_VALUE (PORCH_PRIORITY_LOW, "low"),
  G_DEFINE_ENUM_VALUE (PORCH_PRIORITY_NORMAL, "normal"),
  G_DEFINE_ENUM_VALUE (PORCH_PRIORITY_HIGH, "high"),
  G_DEFINE_ENUM_VALUE (PORCH_PRIORITY_URGENT, "urgent"))

G_DEFINE_ENUM_TYPE (PorchAssistantState, porch_assistant_state,
  G_DEFINE_ENUM_VALUE (PORCH_ASSISTANT_NONE, "none"),
  G_DEFINE_ENUM_VALUE (PORCH_ASSISTANT_ACTIVE, "active"),
  G_DEFINE_ENUM_VALUE (PORCH_ASSISTANT_SILENT, "silent"))

G_DEFINE_ENUM_TYPE (PorchActorKind, porch_actor_kind,
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_VISITOR, "visitor"),
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_AGENT, "agent"),
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_ASSISTANT, "assistant"),
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_AUTOMATION, "automation"),
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_API, "api"),
  G_DEFINE_ENUM_VALUE (PORCH_ACTOR_SYSTEM, "system"))

G_DEFINE_ENUM_TYPE (PorchMessageKind, porch_message_kind,
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_TEXT, "text"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_NOTE, "note"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_SYSTEM, "system"))

G_DEFINE_ENUM_TYPE (PorchVisibility, porch_visibility,
  G_DEFINE_ENUM_VALUE (PORCH_VISIBILITY_PUBLIC, "public"),
  G_DEFINE_ENUM_VALUE (PORCH_VISIBILITY_STAFF, "staff"))

G_DEFINE_ENUM_TYPE (PorchMessageState, porch_message_state,
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_SENT, "sent"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_RECEIVED, "received"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_READ, "read"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_FAILED, "failed"),
  G_DEFINE_ENUM_VALUE (PORCH_MESSAGE_PENDING_APPROVAL, "pending_approval"))

G_DEFINE_ENUM_TYPE (PorchLineCode, porch_line_code,
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_NONE, "none"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_JOINED, "joined"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_ASSIGNED, "assigned"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_RESOLVED, "resolved"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_CLOSED, "closed"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_REOPENED, "reopened"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_IDLE, "idle"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_MISSED, "missed"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_ENDED, "ended"),
  G_DEFINE_ENUM_VALUE (PORCH_LINE_CODE_RATED, "rated"))

G_DEFINE_ENUM_TYPE (PorchRole, porch_role,
  G_DEFINE_ENUM_VALUE (PORCH_ROLE_AGENT, "agent"),
  G_DEFINE_ENUM_VALUE (PORCH_ROLE_SUPERVISOR, "supervisor"),
  G_DEFINE_ENUM_VALUE (PORCH_ROLE_ADMIN, "admin"))

G_DEFINE_ENUM_TYPE (PorchStatus, porch_status,
  G_DEFINE_ENUM_VALUE (PORCH_STATUS_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (PORCH_STATUS_ONLINE, "online"),
  G_DEFINE_ENUM_VALUE (PORCH_STATUS_AWAY, "away"),
  G_DEFINE_ENUM_VALUE (PORCH_STATUS_BUSY, "busy"))

G_DEFINE_ENUM_TYPE (PorchEventType, porch_event_type,
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_NONE, "none"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_CREATED, "conversation.created"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_ASSIGNED, "conversation.assigned"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_TRANSFERRED, "conversation.transferred"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_RESOLVED, "conversation.resolved"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_CLOSED, "conversation.closed"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_REOPENED, "conversation.reopened"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_MISSED, "conversation.missed"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_RATED, "conversation.rated"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONVERSATION_UPDATED, "conversation.updated"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_MESSAGE_CREATED, "message.created"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_MESSAGE_UPDATED, "message.updated"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_CONTACT_UPDATED, "contact.updated"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_SITE_UPDATED, "site.updated"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_AGENT_STATUS_CHANGED, "agent.status_changed"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_TYPING, "typing"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_PRESENCE, "presence"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_PAGE, "page"),
  G_DEFINE_ENUM_VALUE (PORCH_EVENT_RECEIPT, "receipt"))

/* clang-format on */

int
porch_word_find (GType type, const char *nick)
{
  g_autoptr (GEnumClass) words = g_type_class_ref (type);
  GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (words, nick) : NULL;

  return found != NULL ? found->value : -1;
}

const char *
porch_word_nick (GType type, int value)
{
  g_autoptr (GEnumClass) words = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (words, value);

  return found != NULL ? found->value_nick : NULL;
}
