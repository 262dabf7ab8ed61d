/* porch-inbox-parts.h - what the files of a list share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-batch.h"
#include "porch-inbox-private.h"
#include "porch-place.h"

G_BEGIN_DECLS

typedef struct {
  PorchConversation *conversation;
  PorchPlace place;
} PorchInboxItem;

struct _PorchInbox {
  GObject parent_instance;

  PorchClient *client;
  PorchShelf *shelf;
  PorchList list;
  char *filter;

  GPtrArray *rows;     /* of PorchInboxItem, in order */
  GHashTable *by_id;   /* -> PorchInboxItem */
  GHashTable *changed; /* set of PorchConversation, to be looked at */
  PorchBatch batch;
  gboolean is_frozen;
  guint n_held;

  PorchLoad load;
  char *problem;
  gboolean is_loaded;
  gboolean may_reload; /* by itself, when the link comes back */
  char *next;          /* cursor */
  GCancellable *cancellable;
  GCancellable *loading; /* of the first page */
  gboolean is_loading_more;
};

typedef enum {
  PORCH_INBOX_PROP_LOAD = 1,
  PORCH_INBOX_PROP_PROBLEM,
  PORCH_INBOX_PROP_HAS_MORE,
  PORCH_INBOX_PROP_IS_FROZEN,
  PORCH_INBOX_PROP_N_HELD,
} PorchInboxProp;

void porch_inbox_tell_counted (PorchInbox *self, JsonObject *counts);
void porch_inbox_notify (PorchInbox *self, PorchInboxProp prop);
void porch_inbox_set_load (PorchInbox *self, PorchLoad load, const GError *error);
void porch_inbox_item_free (gpointer data);
/* Whether it is one of this list. */
gboolean porch_inbox_has (PorchInbox *self, PorchConversation *conversation);
/* To be looked at when things may move. */
void porch_inbox_note (PorchInbox *self, PorchConversation *conversation);
/* Where it belongs now, or out. Whoever calls it tells the difference. */
void porch_inbox_place (PorchInbox *self, PorchConversation *conversation, gint64 now_us);
/* All that was noted. */
void porch_inbox_place_changed (PorchInbox *self);
/* Places what was noted and tells it, unless nothing may move. */
void porch_inbox_flush (gpointer data, gpointer unused);
void porch_inbox_set_held (PorchInbox *self, guint n_held);
GPtrArray *porch_inbox_list_objects (PorchInbox *self);
void porch_inbox_tell_difference (PorchInbox *self, GPtrArray *before);
void porch_inbox_load_first (PorchInbox *self);
void porch_inbox_hear_conversation (PorchShelf *shelf,
                                    PorchConversation *conversation,
                                    PorchInbox *self);
void porch_inbox_hear_link (PorchClient *client, GParamSpec *pspec, PorchInbox *self);

G_END_DECLS
