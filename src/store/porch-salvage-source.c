/* porch-salvage-source.c - the damaged file, in a copy that may be written to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-salvage-private.h"

#include "porch-error.h"
#include "porch-folder.h"
#include "porch-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Every file of ours has pages of this size. */
#define PAGE 4096
/* sqlite.org/fileformat.html section 1.3 */
#define HEADER_SIZE      100
#define INTERIOR         0x05 /* a page that names others */
#define HEADER_CHANGES   24
#define HEADER_N_PAGES   28
#define HEADER_FREE      32
#define HEADER_N_FREE    36
#define HEADER_VALID_FOR 92
#define HEADER_MAGIC     "SQLite format 3"
#define PIECE            (1024 * 1024)

static gboolean
copy_bytes (int from, int to, gint64 *n_copied)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  gssize n;

  *n_copied = 0;
  while ((n = read (from, piece, PIECE)) > 0) {
    if (write (to, piece, n) != n)
      return FALSE;
    *n_copied += n;
  }
  return n == 0;
}

/* What is not there is copied as nothing. */
static gboolean
copy_file (const char *from, const char *to, gint64 *n_copied, GError **error)
{
  const int source = g_open (from, O_RDONLY | O_CLOEXEC, 0);
  const int target = g_open (to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean is_copied;

  *n_copied = 0;
  is_copied =
    target >= 0 && (source >= 0 ? copy_bytes (source, target, n_copied) : errno == ENOENT);
  if (!is_copied)
    porch_error_fail_file ("copying", from, error);
  if (source >= 0)
    close (source);
  if (target >= 0)
    close (target);
  return is_copied;
}

static guint32
get_be32 (const guint8 *at)
{
  guint32 number;

  memcpy (&number, at, sizeof number);
  return GUINT32_FROM_BE (number);
}

static void
put_be32 (guint8 *at, guint32 number)
{
  const guint32 bytes = GUINT32_TO_BE (number);

  memcpy (at, &bytes, sizeof bytes);
}

/* A file in which there is nothing yet, open: its first pages say where each table begins. -1 when
 * it cannot be made. */
static int
open_made (const char *copy, PorchGraft graft, GError **error)
{
  g_autofree char *made = g_strconcat (copy, ".made", NULL);
  g_autofree char *vacuumed = g_strconcat (copy, ".vacuumed", NULL);
  g_autofree char *sql = g_strdup_printf ("VACUUM INTO '%s'", vacuumed);
  const char *path = graft == PORCH_GRAFT_VACUUMED ? vacuumed : made;
  g_autoptr (PorchConnection) connection = NULL;
  int fd = -1;

  if (!porch_file_remove (vacuumed, error) || !porch_schema_fill_new (made, error))
    return -1;
  connection = porch_connection_open (made, PORCH_CONNECTION_READONLY, error);
  if (connection != NULL &&
      (graft != PORCH_GRAFT_VACUUMED || porch_connection_execute (connection, sql, error))) {
    fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
      porch_error_fail_file ("opening", path, error);
  }
  g_clear_pointer (&connection, porch_connection_close);
  porch_file_remove (made, NULL);
  porch_file_remove (vacuumed, NULL);
  return fd;
}

static gboolean
copy_page (int from, int to, guint32 number)
{
  guint8 page[PAGE];
  const gint64 at = (gint64) (number - 1) * PAGE;

  return number > 1 && pread (from, page, PAGE, at) == PAGE && pwrite (to, page, PAGE, at) == PAGE;
}

/* Puts another list of tables in the place of the damaged one: the first page, and those that it
 * names when the list is longer than a page. */
static gboolean
put_list (int from, int to, guint32 n_pages)
{
  guint8 page[PAGE];
  guint n_cells;

  if (pread (from, page, PAGE, 0) != PAGE)
    return FALSE;
  put_be32 (page + HEADER_N_PAGES, n_pages);
  put_be32 (page + HEADER_FREE, 0);
  put_be32 (page + HEADER_N_FREE, 0);
  put_be32 (page + HEADER_VALID_FOR, get_be32 (page + HEADER_CHANGES));
  if (pwrite (to, page, PAGE, 0) != PAGE)
    return FALSE;
  if (page[HEADER_SIZE] != INTERIOR)
    return TRUE;
  n_cells = page[HEADER_SIZE + 3] << 8 | page[HEADER_SIZE + 4];
  for (guint i = 0; i < n_cells; i++) {
    const guint8 *cell = page + HEADER_SIZE + 12 + 2 * i;
    const guint at = cell[0] << 8 | cell[1];

    if (at + 4 > PAGE || !copy_page (from, to, get_be32 (page + at)))
      return FALSE;
  }
  return copy_page (from, to, get_be32 (page + HEADER_SIZE + 8));
}

/* SQLite opens no file whose end is missing, but steps over pages that make no sense: so it is made
 * as long as its header says. A number that is far off is damage itself. */
static gint64
count_pages (int fd, gint64 size)
{
  const gint64 n_pages = (size + PAGE - 1) / PAGE;
  guint8 header[HEADER_SIZE] = { 0 };

  if (pread (fd, header, HEADER_SIZE, 0) != HEADER_SIZE || memcmp (header, HEADER_MAGIC, 16) != 0)
    return n_pages;
  return CLAMP ((gint64) get_be32 (header + HEADER_N_PAGES), n_pages, 2 * n_pages + 1024);
}

static gboolean
complete (const char *copy, PorchGraft graft, gint64 size, GError **error)
{
  const int fd = g_open (copy, O_RDWR | O_CLOEXEC, 0);
  const gint64 n_pages = fd >= 0 ? count_pages (fd, size) : 0;
  int made = -1;
  gboolean is_complete = fd >= 0 && ftruncate (fd, n_pages * PAGE) == 0;

  if (!is_complete)
    porch_error_fail_file ("writing", copy, error);
  if (is_complete && graft != PORCH_GRAFT_NONE) {
    made = open_made (copy, graft, error);
    is_complete =
      made >= 0 && (put_list (made, fd, n_pages) || porch_error_fail_file ("writing", copy, error));
  }
  if (fd >= 0)
    close (fd);
  if (made >= 0)
    close (made);
  return is_complete;
}

static gboolean
prepare (PorchSalvageSource *self, const PorchSalvageReading *reading, GError **error)
{
  g_autofree char *log = g_strconcat (self->file, "-wal", NULL);
  g_autofree char *log_copy = g_strconcat (self->copy, "-wal", NULL);
  gint64 size = 0, log_size = 0;

  return porch_file_remove (self->copy, error) &&
         copy_file (self->file, self->copy, &size, error) &&
         complete (self->copy, reading->graft, size, error) &&
         (!reading->has_log || copy_file (log, log_copy, &log_size, error));
}

/* ---- how good it is ---- */

static gboolean
says_ok (sqlite3 *db, const char *sql, const char *word)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  gboolean is_ok = FALSE;

  if (code == SQLITE_OK) {
    code = sqlite3_step (statement);
    is_ok = word != NULL
              ? code == SQLITE_ROW &&
                  g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), word) == 0
              : code == SQLITE_DONE;
  }
  sqlite3_finalize (statement);
  return is_ok;
}

static gboolean
count_row (PorchSalvageWalk *self, sqlite3_stmt *row)
{
  /* What another table's rows would not look like. */
  if (sqlite3_column_type (row, 1) != SQLITE_TEXT || sqlite3_column_type (row, 2) == SQLITE_NULL)
    return FALSE;
  ++*(gint64 *) self->data;
  return TRUE;
}

static gint64
count_rows (sqlite3 *db)
{
  gint64 n = 0;
  PorchSalvageWalk messages = { .db = db,
                                .table = "message",
                                .columns = "text, conversation_pk",
                                .take = count_row,
                                .data = &n };
  PorchSalvageWalk conversations = messages, agents = messages;

  conversations.table = "conversation";
  conversations.columns = "id, contact";
  agents.table = "agent";
  agents.columns = "id, name";
  porch_salvage_walk (&messages);
  porch_salvage_walk (&conversations);
  porch_salvage_walk (&agents);
  return n;
}

static gboolean
is_of_ours (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  const gboolean is_ours =
    sqlite3_prepare_v2 (db, "SELECT seq, text FROM message", -1, &statement, NULL) == SQLITE_OK;

  sqlite3_finalize (statement);
  return is_ours;
}

static gint64
judge (sqlite3 *db)
{
  gint64 n;

  if (!is_of_ours (db))
    return -1;
  if (says_ok (db, "PRAGMA integrity_check (1)", "ok") &&
      says_ok (db, "PRAGMA foreign_key_check", NULL))
    return G_MAXINT64;
  n = count_rows (db);
  return n > 0 ? n : -1;
}

static gboolean
open_copy (PorchSalvageSource *self)
{
  static const char *const settings[] = {
    "PRAGMA mmap_size = 0",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    /* From now on all is in one file. */ "PRAGMA wal_checkpoint (TRUNCATE)",
    "PRAGMA query_only = ON"
  };

  if (sqlite3_open_v2 (self->copy, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK)
    return FALSE;
  /* Pages are looked at twice; nothing of the copy is run, and nothing more is written to it. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    says_ok (self->db, settings[i], NULL);
  return TRUE;
}

gint64
porch_salvage_source_try (PorchSalvageSource *self,
                          const PorchSalvageReading *reading,
                          GError **error)
{
  porch_salvage_source_close (self);
  if (!prepare (self, reading, error))
    return -1;
  return open_copy (self) ? judge (self->db) : -1;
}

void
porch_salvage_source_close (PorchSalvageSource *self)
{
  sqlite3_close (self->db);
  self->db = NULL;
  porch_file_remove (self->copy, NULL);
}
