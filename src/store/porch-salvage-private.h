/* porch-salvage-private.h - the parts of salvaging: the source, the rows, what belongs together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-connection.h"
#include "porch-salvage.h"

G_BEGIN_DECLS

/* ---- porch-salvage-source.c: the damaged file, in a copy that may be written to ---- */

typedef enum {
  PORCH_GRAFT_NONE,
  PORCH_GRAFT_NEW,     /* its first page is lost: that of a file as it was made … */
  PORCH_GRAFT_VACUUMED /* … or as it is after VACUUM, where tables begin elsewhere */
} PorchGraft;

typedef struct {
  gboolean has_log;
  PorchGraft graft;
} PorchSalvageReading;

typedef struct {
  char *file, *copy;
  sqlite3 *db; /* the copy, open */
} PorchSalvageSource;

/* How much can be read of it in this way: -1 nothing, G_MAXINT64 all. It stays open. */
gint64 porch_salvage_source_try (PorchSalvageSource *self,
                                 const PorchSalvageReading *reading,
                                 GError **error);
void porch_salvage_source_close (PorchSalvageSource *self);

/* ---- porch-salvage-rows.c: every row that can be read ---- */

typedef struct _PorchSalvageWalk PorchSalvageWalk;
struct _PorchSalvageWalk {
  sqlite3 *db;
  const char *table, *columns;
  const char *key; /* the columns that it is sorted by, or NULL: by rowid, which comes first then,
                    * and holes are read from both sides */
  gint64 last;     /* the highest rowid that anybody knows of; 0: not known */
  /* FALSE: not to be believed. */
  gboolean (*take) (PorchSalvageWalk *self, sqlite3_stmt *row);
  gpointer data;

  gboolean is_torn, is_ended;
  guint n_probes;
};

/* From the beginning, and from the end where it does not get on; then what is between. */
void porch_salvage_walk (PorchSalvageWalk *self);

/* ---- porch-salvage-orphans.c: rows that no way leads to any more ---- */

typedef struct {
  PorchSalvageWalk *walk;
  const char *file; /* the copy, without a log */
  gint64 root;      /* the page at which the table begins */
  gboolean (*is_missing) (gint64 rowid, gpointer data);
} PorchSalvageOrphans;

/* The walk's rows come from all over the file: take only what is known for certain. */
void porch_salvage_walk_orphans (const PorchSalvageOrphans *self);

/* ---- porch-salvage-fill.c: the new file ---- */

/* @to is empty, of today's schema. */
gboolean porch_salvage_fill (sqlite3 *from,
                             PorchConnection *to,
                             PorchSalvageProgress progress,
                             gpointer data,
                             PorchSalvage *salvage,
                             GError **error);

/* ---- porch-salvage-mend.c: what names something that is lost ---- */

gboolean porch_salvage_mend (PorchConnection *to, gint64 *n_rebuilt, GError **error);

G_END_DECLS
