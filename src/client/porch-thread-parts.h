/* porch-thread-parts.h - what the files of a thread share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-batch.h"
#include "porch-thread-private.h"

G_BEGIN_DECLS

struct _PorchThread {
  GObject parent_instance;

  PorchClient *client;
  PorchShelf *shelf;
  PorchOutbox *outbox;
  PorchConversation *conversation;
  PorchContact *contact;
  PorchVisitor *visitor;

  GPtrArray *items; /* of PorchMessage */
  guint n_stored;   /* of them, from the start */
  GPtrArray *arrived;
  PorchBatch batch;

  PorchLoad load;
  char *problem;
  gboolean may_reload; /* by itself, when the link comes back */
  gboolean has_older;
  gboolean has_left;
  gboolean is_loaded;  /* the newest page has been shown */
  gboolean is_foreign; /* what is shown has the seqs of another file */
  GCancellable *cancellable;
  GCancellable *loading;
  GCancellable *loading_older;

  char *typing;
  GSource *typing_end;
  gboolean is_typing; /* us, as it was told */
  gint64 typing_told_us;
  gint64 read_seq;  /* up to which a person has read */
  gint64 read_told; /* up to which the server knows or is being told */
};

typedef enum {
  PORCH_THREAD_PROP_LOAD = 1,
  PORCH_THREAD_PROP_PROBLEM,
  PORCH_THREAD_PROP_CONVERSATION,
  PORCH_THREAD_PROP_CONTACT,
  PORCH_THREAD_PROP_VISITOR,
  PORCH_THREAD_PROP_TYPING,
  PORCH_THREAD_PROP_HAS_OLDER,
  PORCH_THREAD_PROP_HAS_LEFT,
} PorchThreadProp;

void porch_thread_notify (PorchThread *self, PorchThreadProp prop);
void porch_thread_tell_sending (PorchThread *self, PorchMessage *message);
void porch_thread_set_load (PorchThread *self, PorchLoad load, const GError *error);
void porch_thread_set_has_older (PorchThread *self, gboolean has_older);
/* The array. Whoever changes it tells of it. */
void porch_thread_append (GPtrArray *items, GPtrArray *more, guint first);
void porch_thread_tell (PorchThread *self, guint position, guint n_removed, guint n_added);
void porch_thread_insert (PorchThread *self, guint index, PorchMessage *message);
/* Of the stored ones. */
gint64 porch_thread_get_seq (PorchThread *self, guint index);
/* Where @seq is, or would be, among the stored ones: 0 to n_stored. */
guint porch_thread_find_seq (PorchThread *self, gint64 seq);
gboolean porch_thread_has_seq (PorchThread *self, guint index, gint64 seq);
int porch_thread_compare (gconstpointer a, gconstpointer b);
/* What has arrived goes into the array, once there is a page that it belongs behind. */
void porch_thread_flush (gpointer data, gpointer unused);
void porch_thread_load_newest (PorchThread *self);
/* No page is on its way any more. */
void porch_thread_stop_loading (PorchThread *self);
void porch_thread_load_who (PorchThread *self);
/* What a person has read, unless it is known. */
void porch_thread_tell_read (PorchThread *self);
/* Takes in what the outbox shows, sends and drops. */
void porch_thread_follow_outbox (PorchThread *self);

G_END_DECLS
