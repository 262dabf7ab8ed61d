/* porch-salvage-rows.c - every row of a damaged table that can be read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-salvage-private.h"

/* A place that cannot be read is asked for row by row, which fails in a few microseconds each. */
#define PROBES_MAX 400000
/* Where nobody knows the last rowid, so far beyond the last one that was read. */
#define BEYOND 10000
/* Our rowids have holes, but none like this: one that is further on is damage. */
#define HOLE_MAX 1000000

static char *
make_text (PorchSalvageWalk *self, gboolean is_down)
{
  const char *order = is_down ? "DESC" : "ASC";
  g_autofree char *keys = NULL;
  g_auto (GStrv) columns = NULL;

  if (self->key == NULL)
    return g_strdup_printf ("SELECT rowid, %s FROM %s NOT INDEXED "
                            "WHERE rowid > ?1 AND rowid < ?2 ORDER BY rowid %s",
                            self->columns, self->table, order);
  columns = g_strsplit (self->key, ", ", -1);
  keys = g_strjoinv (is_down ? " DESC, " : ", ", columns);
  return g_strdup_printf ("SELECT %s FROM %s ORDER BY %s %s", self->columns, self->table, keys,
                          order);
}

static sqlite3_stmt *
prepare (PorchSalvageWalk *self, gboolean is_down)
{
  g_autofree char *sql = make_text (self, is_down);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    self->is_torn = TRUE;
  return statement;
}

typedef struct {
  sqlite3_stmt *up, *down;
} Ways;

/* A rowid that says of itself where it is, unless it is damage. */
static gboolean
is_further (gint64 rowid, gint64 reached, gboolean is_down)
{
  if (is_down)
    return rowid < reached;
  return rowid > reached && (reached == 0 || rowid - reached < HOLE_MAX);
}

/* What lies between @low and @high, both excluded, in one direction. TRUE when it came to the end;
 * else *@reached is the last row that it came to. */
static gboolean
go (PorchSalvageWalk *self,
    sqlite3_stmt *way,
    gint64 low,
    gint64 high,
    gboolean is_down,
    gint64 *reached)
{
  int code = SQLITE_DONE;

  *reached = is_down ? high : low;
  sqlite3_reset (way);
  sqlite3_bind_int64 (way, 1, low);
  sqlite3_bind_int64 (way, 2, high);
  self->n_probes++;
  while (!self->is_ended && (code = sqlite3_step (way)) == SQLITE_ROW) {
    const gint64 rowid = sqlite3_column_int64 (way, 0);

    if (rowid > low && rowid < high && self->take (self, way) &&
        is_further (rowid, *reached, is_down))
      *reached = rowid;
  }
  return self->is_ended || code == SQLITE_DONE;
}

static void
walk_between (PorchSalvageWalk *self, const Ways *ways, gint64 low, gint64 high)
{
  gint64 from, to, middle;

  if (high - low <= 1 || self->n_probes > PROBES_MAX ||
      go (self, ways->up, low, high, FALSE, &from))
    return;
  self->is_torn = TRUE;
  if (go (self, ways->down, from, high, TRUE, &to))
    return;
  /* The end itself cannot be read. */
  if (to == G_MAXINT64)
    to = self->last >= from ? self->last + 1 : from + BEYOND;
  if (to - from <= 1 || (to - from == 2 && from == low && to == high))
    return;
  middle = from + (to - from) / 2;
  walk_between (self, ways, from, middle + 1);
  walk_between (self, ways, middle, to);
}

static gboolean
walk_keys (PorchSalvageWalk *self, sqlite3_stmt *way)
{
  int code;

  while (!self->is_ended && (code = sqlite3_step (way)) == SQLITE_ROW)
    self->take (self, way);
  return self->is_ended || code == SQLITE_DONE;
}

void
porch_salvage_walk (PorchSalvageWalk *self)
{
  const Ways ways = { prepare (self, FALSE), prepare (self, TRUE) };

  if (ways.up != NULL && ways.down != NULL) {
    if (self->key == NULL)
      walk_between (self, &ways, 0, G_MAXINT64);
    else if (!walk_keys (self, ways.up)) {
      self->is_torn = TRUE;
      walk_keys (self, ways.down);
    }
  }
  sqlite3_finalize (ways.up);
  sqlite3_finalize (ways.down);
}
