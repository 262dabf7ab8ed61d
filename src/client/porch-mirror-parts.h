/* porch-mirror-parts.h - what the files of the mirror share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-cache.h"
#include "porch-drafts.h"
#include "porch-mirror.h"
#include "porch-outbox.h"
#include "porch-shelf.h"

G_BEGIN_DECLS

struct _PorchMirror {
  GObject parent_instance;

  PorchClient *client;
  PorchCache *cache;
  PorchShelf *shelf;
  PorchOutbox *outbox;
  PorchDrafts *drafts;
  GCancellable *cancellable;

  GHashTable *inboxes; /* filter -> PorchInbox */
  GHashTable *threads; /* conversation -> PorchThread, all that somebody holds */
  GQueue recent;       /* of PorchThread, newest first */
  GListStore *agents;

  GSource *count;
  gint64 n_mine, n_waiting, n_open;
  gboolean is_somebody_in;
};

typedef enum {
  PORCH_MIRROR_PROP_COUNTS_MINE = 1,
  PORCH_MIRROR_PROP_COUNTS_WAITING,
  PORCH_MIRROR_PROP_COUNTS_OPEN,
  PORCH_MIRROR_PROP_IS_SOMEBODY_IN,
  PORCH_MIRROR_PROP_PROBLEM,
} PorchMirrorProp;

typedef enum {
  PORCH_MIRROR_ARRIVED,
  PORCH_MIRROR_TAKEN,
  PORCH_MIRROR_SCOPE_CHANGED,
  PORCH_MIRROR_UNSENT_CHANGED,
  PORCH_MIRROR_VISITOR_CHANGED,
  PORCH_MIRROR_DRAFTS_LOADED,
  PORCH_MIRROR_N_SIGNALS
} PorchMirrorSignal;

/* Emits the signal with what belongs to it. */
void porch_mirror_tell (PorchMirror *self, PorchMirrorSignal what, ...);
void porch_mirror_notify (PorchMirror *self, PorchMirrorProp prop);
/* A list was told how many there are. */
void porch_mirror_hear_counts (PorchInbox *inbox, JsonObject *object, PorchMirror *self);
/* The server counts, a moment from now: what we have seen is only a part. */
void porch_mirror_count_soon (PorchMirror *self);
void porch_mirror_hear_agent (PorchMirror *self, JsonNode *data);
/* Who is there is not in the log. */
void porch_mirror_load_agents (PorchMirror *self);
/* NULL when nobody holds it. Borrowed. */
PorchThread *porch_mirror_find_thread (PorchMirror *self, const char *conversation);
/* The conversation of @node as it is now; NULL when it cannot be read. The reference is the
 * caller's. */
PorchConversation *porch_mirror_put_conversation (PorchMirror *self, JsonNode *node);
void porch_mirror_hear_event (PorchClient *client, JsonObject *object, PorchMirror *self);

G_END_DECLS
