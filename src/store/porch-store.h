/* porch-store.h - the server's file: one writer with group commit, two readers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The writer takes all jobs that wait, runs each so that it can be undone alone, commits all at
 * once (synchronous=FULL) and only then answers them, in order. It is the only connection that
 * writes and checkpoints. The store belongs to the thread that opened it; `done` functions run on
 * the context that was that thread's default then.
 */
#pragma once

#include <gio/gio.h>

#include "porch-event.h"
#include "porch-tx.h"

G_BEGIN_DECLS

#define PORCH_TYPE_STORE (porch_store_get_type ())
G_DECLARE_FINAL_TYPE (PorchStore, porch_store, PORCH, STORE, GObject)

/* A write. The caller embeds it at the start of a struct of its own, fills in the two functions and
 * submits it; it belongs to the store until @done, which frees it. */
typedef struct _PorchJob PorchJob;
struct _PorchJob {
  /* Writer thread. FALSE with an error undoes this job alone. May be called a second time, after
   * all that the first time wrote was undone: it begins anew then. */
  gboolean (*run) (PorchJob *job, PorchTx *tx, GError **error);
  /* Store's thread. @error is NULL exactly when everything the job wrote is durable. Called once.
   */
  void (*done) (PorchJob *job, const GError *error);

  /* the store's own */
  PorchJob *next;
  GError *error;
  GPtrArray *events;
};

/* A read: the same on a reader thread, where @tx only reads. */
typedef struct _PorchQuery PorchQuery;
struct _PorchQuery {
  gboolean (*run) (PorchQuery *query, PorchTx *tx, GError **error);
  void (*done) (PorchQuery *query, const GError *error);

  PorchQuery *next;
  GError *error;
};

typedef enum {
  PORCH_HEALTH_OK,
  /* Refuses, and works again by itself when it can: */
  PORCH_HEALTH_FULL,      /* no room */
  PORCH_HEALTH_READ_ONLY, /* the disk or the folder takes nothing more */
  PORCH_HEALTH_GONE,      /* the file is not the one that has its name any more */
  PORCH_HEALTH_FAILED,    /* an fsync failed: nothing is acknowledged any more until a restart */
  PORCH_HEALTH_DAMAGED,
} PorchHealth;
#define PORCH_HEALTH_HEALS(health) ((health) < PORCH_HEALTH_FAILED)

/* Opens (makes) @folder/porchlight.db, takes the folder's lock, migrates. Blocking: before the loop
 * runs, or from a worker. PORCH_ERROR_IN_USE, NEWER, DAMAGED, STORAGE. */
PorchStore *porch_store_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes what was submitted, checkpoints, lets the lock go. Blocking, at the end. */
void porch_store_close (PorchStore *self);

/* One read before the loop runs: blocking, on the caller's thread. */
gboolean
porch_store_read_now (PorchStore *self,
                      gboolean (*run) (PorchTx *tx, gconstpointer in, gpointer out, GError **error),
                      gconstpointer in,
                      gpointer out,
                      GError **error);

/* Never fail here: BUSY and SHUTTING_DOWN come to `done`, too, at a later turn of the loop. Jobs
 * run and are answered in the order in which they were handed in; queries in any. A query that is
 * handed in after a job's `done` sees what that wrote. */
void porch_store_submit (PorchStore *self, PorchJob *job);
void porch_store_query (PorchStore *self, PorchQuery *query);

/* Called for each event of a job, in order, after the job's own `done`. One publisher. */
typedef void (*PorchStorePublisher) (PorchEvent *event, gpointer data);
void porch_store_set_publisher (PorchStore *self, PorchStorePublisher publisher, gpointer data);

/* Random, made with the file and anew when a backup is restored. */
const char *porch_store_get_epoch (PorchStore *self);
/* Of the newest published event; at first the highest in the file. */
gint64 porch_store_get_seq (PorchStore *self);
/* From any thread. */
PorchHealth porch_store_get_health (PorchStore *self);
/* Has the writer look how things are, between two batches. From any thread. */
void porch_store_look (PorchStore *self);
/* Called on the store's thread when the health is another one. */
typedef void (*PorchHealthChanged) (gpointer data);
void porch_store_on_health (PorchStore *self, PorchHealthChanged func, gpointer data);
/* Jobs that wait. Over PORCH_STORE_QUEUE_MAX a submitted job fails with PORCH_ERROR_BUSY. */
#define PORCH_STORE_QUEUE_MAX 20000

/* How a copy is made; NULL for all of them: open to read, as fast as it goes, told to nobody. */
typedef struct {
  const char *passphrase;                        /* seals it, or opens it */
  gboolean is_gentle;                            /* a server works beside it and goes first */
  void (*progress) (double done, gpointer data); /* 0 to 1, on the thread that copies */
  gpointer data;
  GCancellable *cancellable;
} PorchCopyOptions;

/* Blocking, for the command line and for a worker: a verified copy in one file, VACUUM INTO.
 * Runs on a connection of its own that only reads, so it may run beside a serving store. What is
 * at @path is replaced when the copy is complete, and left alone when there is an error:
 * NOT_FOUND, NEWER or DAMAGED of the file, STORAGE also when there is no room, SHUTTING_DOWN
 * when cancelled. */
gboolean porch_store_backup (const char *folder,
                             const char *path,
                             const PorchCopyOptions *options,
                             GError **error);
/* The same of a copy that was made without a passphrase: @sealed, made and read again with that of
 * @options, takes the place of @plain. Whoever is killed meanwhile leaves one or both of them
 * whole, and it can be begun anew. */
gboolean porch_store_seal (const char *plain,
                           const char *sealed,
                           const PorchCopyOptions *options,
                           GError **error);
/* Removes a copy that is no longer kept; STORAGE. */
gboolean
porch_store_remove_backup (const char *path, const PorchCopyOptions *options, GError **error);
/* Stages @path and takes it. Takes the lock: IN_USE while somebody serves the folder. */
gboolean porch_store_restore (const char *folder,
                              const char *path,
                              const PorchCopyOptions *options,
                              GError **error);
/* The long half of restoring, beside a serving store: opens and verifies a copy of @path under
 * another name, brought to today's schema and with a new epoch. PASSPHRASE when it is sealed and
 * the passphrase is another one or none, DAMAGED, NEWER, NOT_FOUND. */
gboolean porch_store_stage (const char *folder,
                            const char *path,
                            const PorchCopyOptions *options,
                            GError **error);
/* The short half: what was staged takes the place of today's file, which is kept beside it. Takes
 * the lock. NOT_FOUND when nothing was staged. */
gboolean porch_store_take_staged (const char *folder, GError **error);
/* Removes those of the files that restores put aside which porch_aside_choose () does not keep;
 * never one that is damaged, newer or not whole. Blocking: reads what it is about to remove. */
void porch_store_thin_aside (const char *folder, const PorchCopyOptions *options);
/* Removes what copies that were killed have left. For whoever holds the lock, when none is made. */
void porch_store_tidy (const char *folder);

/* Where backups are kept: "backups" in @folder. Made, mode 0700. */
char *porch_store_make_backup_folder (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with @name in it; made by nobody. */
char *porch_store_dup_backup_path (const char *folder, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* A file that needs a passphrase. */
gboolean porch_store_is_sealed (const char *path);

/* Lines that say what is wrong; an empty array when nothing is. That the file is damaged is a line
 * and no error; NULL with an error when it cannot be looked at. Blocking, and may run beside a
 * serving store. */
GPtrArray *porch_store_check (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why porch_store_open () said @error of @folder, for a person. Looks at the folder: blocking. */
typedef enum {
  PORCH_OBSTACLE_OTHER,
  PORCH_OBSTACLE_DAMAGED,
  PORCH_OBSTACLE_NEWER,
  PORCH_OBSTACLE_DENIED,
  PORCH_OBSTACLE_READ_ONLY,
  PORCH_OBSTACLE_FULL,
  PORCH_OBSTACLE_NETWORK,
  PORCH_OBSTACLE_NO_FOLDER, /* something else has its name */
} PorchObstacle;
PorchObstacle porch_store_find_obstacle (const char *folder, const GError *error);

G_END_DECLS
