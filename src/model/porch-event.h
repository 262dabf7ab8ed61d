/* porch-event.h - something that happened: what subscribers hear and clients resume by
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carries ids and the entities as they are after it, which are shared and must not be changed. A
 * durable event has a seq and is in the log; an ephemeral one (typing, presence) has none.
 */
#pragma once

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-message.h"
#include "porch-site.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

typedef struct {
  PorchActorKind kind;
  const char *id;   /* of the agent or visitor, NULL for the system */
  const char *name; /* as people see it, may be NULL */
} PorchActor;

typedef struct {
  gatomicrefcount ref_count;
  gint64 seq; /* 0: ephemeral */
  PorchEventType type;
  gint64 at_us;
  PorchActorKind actor_kind;
  char *actor;
  gint64 cause; /* seq of the event that led to it, 0 for none */
  PorchConversation *conversation;
  PorchMessage *message;
  PorchContact *contact;
  PorchVisitor *visitor;
  PorchAgent *agent; /* whose status changed, or who had a conversation before its transfer */
  PorchSite *site;
  gboolean is_typing;
  char *text; /* who types */
} PorchEvent;

/* Of now. Copies kind and id of @actor; its name is not kept. The other members are for the caller
 * to fill in before anybody hears of it. */
PorchEvent *
porch_event_new (PorchEventType type, const PorchActor *actor) G_GNUC_WARN_UNUSED_RESULT;
PorchEvent *porch_event_ref (PorchEvent *self);
void porch_event_unref (PorchEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchEvent, porch_event_unref)

G_END_DECLS
