/* porch-queue.h - what waits to be sent to one conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the outbox alone, which has one for each conversation that was written to.
 */
#pragma once

#include "porch-outbox.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_OUTBOX_SHOWN,
  PORCH_OUTBOX_CHANGED,
  PORCH_OUTBOX_STORED,
  PORCH_OUTBOX_GONE,
  PORCH_OUTBOX_N_SIGNALS
} PorchOutboxSignal;

struct _PorchOutbox {
  GObject parent_instance;

  PorchClient *client;
  PorchCache *cache;
  char *device;       /* of this run */
  GHashTable *queues; /* conversation -> PorchQueue */
  GQueue given;       /* of PorchPending that were acknowledged, the oldest first */
  char *problem;
};

/* It was acknowledged: another history may lack it. */
void porch_outbox_remember (PorchOutbox *self, const PorchPending *pending);
void porch_outbox_tell (PorchOutbox *self, PorchOutboxSignal what, PorchMessage *message);
/* Whether the disk keeps what is sent; NULL when it does. */
void porch_outbox_set_problem (PorchOutbox *self, const GError *error);

typedef struct {
  PorchPending *pending;
  PorchMessage *message;
  PorchSending told; /* what was last said of it */
  gboolean is_kept;  /* on the disk, and shown */
  gboolean is_offer; /* was acknowledged before: nobody is told of it */
} PorchQueueEntry;

typedef struct {
  PorchOutbox *outbox; /* borrowed */
  char *conversation;
  char *device; /* of the next message */
  gint64 n;     /* of the last message */
  GPtrArray *entries;
  PorchQueueEntry *head; /* on its way, or NULL */
  GCancellable *sending;
  GSource *retry;
  guint n_failures;
  guint n_writes; /* of numbers, that must be on the disk before anything is sent */
} PorchQueue;

PorchQueue *
porch_queue_new (PorchOutbox *outbox, const char *conversation) G_GNUC_WARN_UNUSED_RESULT;
void porch_queue_free (gpointer queue);
/* Takes @pending. @index is -1 for the end. Borrowed. */
PorchQueueEntry *porch_queue_add (PorchQueue *queue, int index, PorchPending *pending);
/* Those from the start that are on the disk. */
int porch_queue_count_kept (PorchQueue *queue);
/* NULL when it is sent or discarded. Borrowed. */
PorchQueueEntry *porch_queue_find_row (PorchQueue *queue, const char *id);
PorchSending porch_queue_get_sending (PorchQueue *queue, const PorchQueueEntry *entry);
/* Tells of all of which that is another answer than before. */
void porch_queue_tell_changes (PorchQueue *queue);
/* Who we are is the sender of all that waits. */
void porch_queue_sign (PorchQueue *queue);

/* Numbers; 0 is none. */
char *porch_queue_make_client_id (const PorchPending *pending) G_GNUC_WARN_UNUSED_RESULT;
void porch_queue_set_number (PorchQueueEntry *entry, const char *device, gint64 n);
void porch_queue_close_ranks (PorchQueue *queue, const char *device, gint64 n);
void porch_queue_start_device (PorchQueue *queue, const char *device);

/* What a call that ends needs to find its place again; the queue is found by name, since the outbox
 * may have been closed meanwhile. */
typedef struct {
  PorchOutbox *outbox;
  char *conversation;
  char *id; /* of the row that was kept */
} PorchQueueWrite;
PorchQueueWrite *
porch_queue_write_new (PorchQueue *queue, const char *id) G_GNUC_WARN_UNUSED_RESULT;
void porch_queue_write_free (PorchQueueWrite *write);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchQueueWrite, porch_queue_write_free)

/* On the disk, and then shown and sent. */
void porch_queue_keep (PorchQueue *queue, PorchQueueEntry *entry);
/* The same for one that is shown already: nothing is sent before it is written. */
void porch_queue_keep_again (PorchQueue *queue, PorchQueueEntry *entry);
/* Writes the numbers and problems that the queue has now. */
void porch_queue_keep_numbers (PorchQueue *queue);
void porch_queue_show (PorchQueue *queue, PorchQueueEntry *entry);
void porch_queue_drop (PorchQueue *queue, PorchQueueEntry *entry);

/* Sends the first that can be sent, unless one is on its way or must be waited for. */
void porch_queue_pump (PorchQueue *queue);
/* The server has it: it goes, and its message becomes @stored. */
void porch_queue_complete (PorchQueue *queue, PorchQueueEntry *entry, PorchMessage *stored);
/* Nothing is on its way any more. */
void porch_queue_stop (PorchQueue *queue);

G_END_DECLS
