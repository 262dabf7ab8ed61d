/* porch-words.h - the enumerations of the product; nicks on the wire, numbers on disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A value that was released keeps its number (it is in files) and its nick (it is on the wire).
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_STATE_PENDING,  /* new, or only the assistant is on it */
  PORCH_STATE_WAITING,  /* in the queue for a person */
  PORCH_STATE_MISSED,   /* waited longer than the limit; still in the queue, marked */
  PORCH_STATE_ACTIVE,   /* a person has it */
  PORCH_STATE_RESOLVED, /* done; a message within a day reopens it */
  PORCH_STATE_CLOSED,   /* over; a new message starts a new conversation */
} PorchState;
GType porch_state_get_type (void);

typedef enum {
  PORCH_CHANNEL_WIDGET,
  PORCH_CHANNEL_WHATSAPP,
  PORCH_CHANNEL_EMAIL,
  PORCH_CHANNEL_API,
  PORCH_CHANNEL_DEMO,
} PorchChannel;
GType porch_channel_get_type (void);

typedef enum {
  PORCH_PRIORITY_LOW,
  PORCH_PRIORITY_NORMAL,
  PORCH_PRIORITY_HIGH,
  PORCH_PRIORITY_URGENT,
} PorchPriority;
GType porch_priority_get_type (void);

typedef enum {
  PORCH_ASSISTANT_NONE,   /* no assistant on this conversation */
  PORCH_ASSISTANT_ACTIVE, /* it answers */
  PORCH_ASSISTANT_SILENT, /* a person has taken over */
} PorchAssistantState;
GType porch_assistant_state_get_type (void);

typedef enum {
  PORCH_ACTOR_VISITOR,
  PORCH_ACTOR_AGENT,
  PORCH_ACTOR_ASSISTANT,
  PORCH_ACTOR_AUTOMATION,
  PORCH_ACTOR_API,
  PORCH_ACTOR_SYSTEM,
} PorchActorKind;
GType porch_actor_kind_get_type (void);

typedef enum {
  PORCH_MESSAGE_TEXT,
  PORCH_MESSAGE_NOTE,   /* for the team only */
  PORCH_MESSAGE_SYSTEM, /* a line about the conversation: `code` says which */
} PorchMessageKind;
GType porch_message_kind_get_type (void);

typedef enum {
  PORCH_VISIBILITY_PUBLIC,
  PORCH_VISIBILITY_STAFF,
} PorchVisibility;
GType porch_visibility_get_type (void);

typedef enum {
  PORCH_MESSAGE_SENT,
  PORCH_MESSAGE_RECEIVED,
  PORCH_MESSAGE_READ,
  PORCH_MESSAGE_FAILED,
  PORCH_MESSAGE_PENDING_APPROVAL,
} PorchMessageState;
GType porch_message_state_get_type (void);

/* What a system line says. `sender_name` did it; `text` names whom it was done to, where there is
 * one. */
typedef enum {
  PORCH_LINE_CODE_NONE,
  PORCH_LINE_CODE_JOINED,   /* an agent took it: visitors see this one */
  PORCH_LINE_CODE_ASSIGNED, /* an agent gave it to another */
  PORCH_LINE_CODE_RESOLVED,
  PORCH_LINE_CODE_CLOSED,
  PORCH_LINE_CODE_REOPENED,
  PORCH_LINE_CODE_IDLE,   /* resolved because nothing was said for so long */
  PORCH_LINE_CODE_MISSED, /* waited longer than the limit */
  PORCH_LINE_CODE_ENDED,  /* the visitor ended it */
  PORCH_LINE_CODE_RATED,  /* `text` is the score */
} PorchLineCode;
GType porch_line_code_get_type (void);

typedef enum {
  PORCH_ROLE_AGENT,
  PORCH_ROLE_SUPERVISOR,
  PORCH_ROLE_ADMIN,
} PorchRole;
GType porch_role_get_type (void);

typedef enum {
  PORCH_STATUS_OFFLINE,
  PORCH_STATUS_ONLINE,
  PORCH_STATUS_AWAY,
  PORCH_STATUS_BUSY,
} PorchStatus;
GType porch_status_get_type (void);

/* Events: durable before AGENT_STATUS_CHANGED, ephemeral from there on. */
typedef enum {
  PORCH_EVENT_NONE,
  PORCH_EVENT_CONVERSATION_CREATED,
  PORCH_EVENT_CONVERSATION_ASSIGNED,
  PORCH_EVENT_CONVERSATION_TRANSFERRED,
  PORCH_EVENT_CONVERSATION_RESOLVED,
  PORCH_EVENT_CONVERSATION_CLOSED,
  PORCH_EVENT_CONVERSATION_REOPENED,
  PORCH_EVENT_CONVERSATION_MISSED,
  PORCH_EVENT_CONVERSATION_RATED,
  PORCH_EVENT_CONVERSATION_UPDATED,
  PORCH_EVENT_MESSAGE_CREATED,
  PORCH_EVENT_MESSAGE_UPDATED,
  PORCH_EVENT_CONTACT_UPDATED,
  PORCH_EVENT_SITE_UPDATED,
  PORCH_EVENT_AGENT_STATUS_CHANGED,
  PORCH_EVENT_TYPING,
  PORCH_EVENT_PRESENCE,
  PORCH_EVENT_PAGE,
  PORCH_EVENT_RECEIPT, /* a visitor's message reached an agent's window */
} PorchEventType;
GType porch_event_type_get_type (void);

/* The value with this nick, or -1. For words that come from outside. */
int porch_word_find (GType type, const char *nick);
/* Static; NULL for a number that is none of @type. */
const char *porch_word_nick (GType type, int value);

G_END_DECLS
