/* fake-server.h - the far side of the wire, small enough to be told what to do wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Speaks the agents' API over a Unix socket on the loop of the test: true answers from a few rows
 * in memory, the true rule for message ids, an event log with resume; and on request errors, cuts
 * and silence.
 */
#pragma once

#include <libsoup/soup.h>

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-error.h"
#include "porch-message.h"
#include "porch-ops.h"
#include "porch-visitor.h"

typedef struct {
  SoupServer *soup; /* NULL while it is down */
  char *path;
  GPtrArray *sockets; /* of SoupWebsocketConnection */

  gboolean is_set_up;
  gboolean knows_nobody; /* session.get has no agent */
  gboolean is_mute;      /* takes the stream and says nothing */
  const char *public_address;
  const char *warning;
  const char *business;
  const char *domains; /* "\"a.example\"" */
  char *epoch;
  gint64 seq;
  GPtrArray *log; /* of frame text; its seq is the place + 1 */
  gint64 log_start;

  PorchAgent *agent;
  GPtrArray *agents;        /* of PorchAgent, with the one above */
  GPtrArray *conversations; /* of PorchConversation */
  GPtrArray *messages;      /* of PorchMessage, of all conversations */
  PorchContact *contact;
  PorchVisitor *visitor;
  gint64 n_waiting; /* what it counts */

  /* The next answers to an operation. */
  int fail_code[PORCH_N_OPS];
  guint n_fail[PORCH_N_OPS];
  guint retry_ms;
  guint n_cut[PORCH_N_OPS];  /* does it and breaks the line instead of answering */
  guint n_junk[PORCH_N_OPS]; /* does it and answers with something else */
  gboolean holds[PORCH_N_OPS];
  GPtrArray *held; /* of SoupServerMessage, answered but not sent yet */

  /* What is said of operations that have no rows here. */
  const char *canned[PORCH_N_OPS];

  guint n_calls[PORCH_N_OPS];
  char *last_body;
  char *last_query[PORCH_N_OPS];
  char *last_authorization;
  guint n_pongs;
} FakeServer;

FakeServer *fake_server_new (const char *path);
void fake_server_free (FakeServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

/* Down: nothing listens and every socket breaks. */
void fake_server_stop (FakeServer *self);
void fake_server_start (FakeServer *self);
/* Breaks the sockets; it goes on listening. */
void fake_server_cut (FakeServer *self);
void fake_server_close (FakeServer *self, gushort code);
void fake_server_release (FakeServer *self);

PorchConversation *
fake_server_add_conversation (FakeServer *self, const char *id, PorchState state);
/* One that must be there. Borrowed. */
PorchConversation *fake_server_get_conversation (FakeServer *self, const char *id);
/* A line that is there already, without an event. Borrowed. */
PorchMessage *fake_server_add_message (FakeServer *self,
                                       PorchConversation *conversation,
                                       PorchActorKind sender,
                                       const char *text);
/* The same as it happens. */
PorchMessage *fake_server_say (FakeServer *self, PorchConversation *conversation, const char *text);
/* @conversation changed: an event of @type with what it is now. */
void fake_server_change (FakeServer *self, PorchConversation *conversation, PorchEventType type);
/* It went to somebody else: an event that says only that. */
void fake_server_take_away (FakeServer *self, PorchConversation *conversation);
void fake_server_update_message (FakeServer *self, PorchMessage *message);
/* An event about @entity, durable or not. @conversation may be NULL. */
void fake_server_tell (FakeServer *self,
                       PorchEventType type,
                       const char *conversation,
                       gpointer entity,
                       gboolean is_durable);
/* A frame as it is. */
void fake_server_send (FakeServer *self, const char *frame);
/* Another file: seqs begin anew. */
void fake_server_restore_backup (FakeServer *self);
