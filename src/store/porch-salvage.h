/* porch-salvage.h - what can be read of a damaged file, in a new one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Works on a copy; the damaged file and its log are moved aside unchanged when the new one is
 * complete, and nothing has changed when it is not. A message comes over only into the conversation
 * that it was written in: who says so besides its own row are the indexes and the log of events,
 * and a row that all of them contradict stays behind.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *name;
  gint64 n_kept;
  gint64 n_lost;    /* that something names, and that could not be read or be believed */
  gboolean is_torn; /* more may be lost: nobody knows what was in parts that could not be read */
} PorchSalvagedTable;

typedef struct {
  GPtrArray *tables;     /* of PorchSalvagedTable */
  gint64 n_rebuilt;      /* rows that stand for lost ones which others name */
  gboolean is_log_apart; /* what the log beside the file said did not fit it, and was left out */
  char *aside;           /* where the damaged file is now */
} PorchSalvage;

void porch_salvage_clear (PorchSalvage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchSalvage, porch_salvage_clear)

/* NULL when there is no such table. */
const PorchSalvagedTable *porch_salvage_find (const PorchSalvage *self, const char *name);
/* All rows of all tables that are known to be lost. */
gint64 porch_salvage_count_lost (const PorchSalvage *self);

/* Called now and then on the thread that works; FALSE ends it. */
typedef gboolean (*PorchSalvageProgress) (const char *table, gint64 n_rows, gpointer data);

/* Blocking, for the command line and for a worker. Takes the lock. IN_USE, NEWER; DAMAGED when
 * nothing at all can be read; STORAGE, also when @progress says no. @progress may be NULL. */
gboolean porch_store_salvage (const char *folder,
                              PorchSalvageProgress progress,
                              gpointer data,
                              PorchSalvage *salvage,
                              GError **error);

G_END_DECLS
