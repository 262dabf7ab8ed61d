/* porch-conversation.h - one conversation with one visitor, and what its list row shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONVERSATION (porch_conversation_get_type ())
G_DECLARE_FINAL_TYPE (PorchConversation, porch_conversation, PORCH, CONVERSATION, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchConversation {
  PorchEntity parent_instance;

  gint64 pk; /* row number; messages and events name it */
  char *id;
  char *handle; /* "new-…", chosen by the client that began it; unique per visitor */
  char *site;
  int channel;        /* PorchChannel */
  char *external_key; /* who it is with, in the words of the channel */
  char *department;   /* slug */
  char *visitor;      /* the browser it began in; NULL on other channels */
  char *contact;
  char *contact_name; /* as the contact has it now; NULL: never told */
  char *contact_email;
  gint64 number;       /* "Visitor 7": the count of the day, for those without a name */
  char *assignee;      /* id of the agent who has it */
  int state;           /* PorchState */
  int assistant_state; /* PorchAssistantState */
  int priority;        /* PorchPriority */
  gint64 created_at;
  gint64 waiting_since; /* 0 when nobody waits */
  gint64 first_response_at;
  gint64 resolved_at;
  gint64 closed_at;
  gint64 missed_at;
  gint64 reopened; /* how often */
  gint64 snoozed_until;
  char *merged_into;
  gint64 rating; /* 1 to 5, 0 for none */
  char *rating_comment;
  gint64 rated_at;
  gint64 last_seq;     /* of the last event of any kind: what lists are paged by */
  gint64 last_at;      /* of the last message people wrote */
  char *last_text;     /* its first line */
  int last_sender;     /* PorchActorKind */
  gint64 last_message; /* its seq */
  gint64 n_messages;
  gint64 unread; /* visitor messages no agent has read */
  gint64 visitor_unread;
  gint64 agent_received; /* seqs up to which each side has received and read */
  gint64 agent_read;
  gint64 visitor_received;
  gint64 visitor_read;
};

G_END_DECLS
