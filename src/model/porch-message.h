/* porch-message.h - one line of a conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MESSAGE (porch_message_get_type ())
G_DECLARE_FINAL_TYPE (PorchMessage, porch_message, PORCH, MESSAGE, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchMessage {
  PorchEntity parent_instance;

  gint64 seq; /* of the event log; the key */
  gint64 conversation_pk;
  char *conversation; /* id */
  int kind;           /* PorchMessageKind */
  int code;           /* PorchLineCode, of system lines */
  int sender_kind;    /* PorchActorKind */
  char *sender;       /* id of the agent, NULL for the visitor */
  char *sender_name;  /* as it was then */
  int visibility;     /* PorchVisibility */
  int state;          /* PorchMessageState */
  char *text;
  char *device; /* of the client id "device:n" */
  gint64 n;
  char *client_id;   /* "device:n"; how a sender knows its own */
  char *external_id; /* unique per channel */
  int channel;       /* PorchChannel */
  char *meta;        /* JSON */
  gint64 created_at;
  gint64 edited_at;
  gint64 deleted_at;
};

G_END_DECLS
