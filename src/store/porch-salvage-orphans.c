/* porch-salvage-orphans.c - rows that no way leads to any more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When a page is lost that only says where others are, all below it cannot be found, though it is
 * there. Such pages are looked for in the whole file, and each in turn is put where its table
 * begins, in the copy: then it is all that there is of the table, and SQLite reads it. What is in
 * them may be old or of another table, so a row is only taken when a witness knows it.
 */
#include "config.h"

#include "porch-salvage-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define PAGE 4096
/* sqlite.org/fileformat.html section 1.6 */
#define LEAF        0x0d
#define LEAF_HEADER 8

/* A number of one to nine bytes at *@at, which then is behind it. */
static gboolean
read_varint (const guint8 *page, guint *at, gint64 *number)
{
  guint64 value = 0;

  for (guint i = 0; i < 9; i++) {
    if (*at >= PAGE)
      return FALSE;
    value = i < 8 ? value << 7 | (page[*at] & 0x7f) : value << 8 | page[*at];
    if ((page[(*at)++] & 0x80) == 0)
      break;
  }
  *number = (gint64) value;
  return TRUE;
}

static gboolean
has_missing (const PorchSalvageOrphans *self, const guint8 *page)
{
  const guint n_cells = page[3] << 8 | page[4];

  if (page[0] != LEAF || LEAF_HEADER + 2 * n_cells > PAGE)
    return FALSE;
  for (guint i = 0; i < n_cells; i++) {
    const guint8 *cell = page + LEAF_HEADER + 2 * i;
    guint at = cell[0] << 8 | cell[1];
    gint64 length, rowid;

    if (read_varint (page, &at, &length) && read_varint (page, &at, &rowid) &&
        self->is_missing (rowid, self->walk->data))
      return TRUE;
  }
  return FALSE;
}

/* All that there is of the table just now. */
static void
read_rows (const PorchSalvageOrphans *self)
{
  PorchSalvageWalk *walk = self->walk;
  g_autofree char *sql =
    g_strdup_printf ("SELECT rowid, %s FROM %s NOT INDEXED", walk->columns, walk->table);
  sqlite3_stmt *statement = NULL;
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (self->file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK &&
      sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK)
    while (!walk->is_ended && sqlite3_step (statement) == SQLITE_ROW)
      walk->take (walk, statement);
  sqlite3_finalize (statement);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close (db);
}

void
porch_salvage_walk_orphans (const PorchSalvageOrphans *self)
{
  const gint64 root = (self->root - 1) * PAGE;
  const int fd = g_open (self->file, O_RDWR | O_CLOEXEC, 0);
  guint8 page[PAGE], kept[PAGE];

  if (fd < 0)
    return;
  if (self->root > 1 && pread (fd, kept, PAGE, root) == PAGE) {
    for (gint64 at = PAGE; pread (fd, page, PAGE, at) == PAGE && !self->walk->is_ended; at += PAGE)
      if (at != root && has_missing (self, page) && pwrite (fd, page, PAGE, root) == PAGE)
        read_rows (self);
    /* A copy that cannot be put right again is not read any further. */
    if (pwrite (fd, kept, PAGE, root) != PAGE)
      self->walk->is_ended = TRUE;
  }
  close (fd);
}
