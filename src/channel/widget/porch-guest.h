/* porch-guest.h - a visitor who is here now: their sockets and conversations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

typedef struct {
  PorchVisitor *visitor;
  PorchContact *contact;
  GPtrArray *talks;          /* of PorchTalk, borrowed */
  GHashTable *conversations; /* id -> PorchConversation, as last heard */
  GHashTable *places;        /* id -> place in the queue that was told */
} PorchGuest;

PorchGuest *
porch_guest_new (PorchVisitor *visitor, PorchContact *contact) G_GNUC_WARN_UNUSED_RESULT;
void porch_guest_free (PorchGuest *self);
/* Takes a reference. One with a lower last_seq than is known changes nothing: answers and events
 * cross. */
void porch_guest_put (PorchGuest *self, PorchConversation *conversation);
/* By id or handle; NULL when it is not theirs. Borrowed. */
PorchConversation *porch_guest_find (PorchGuest *self, const char *conversation);

G_END_DECLS
