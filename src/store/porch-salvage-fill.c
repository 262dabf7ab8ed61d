/* porch-salvage-fill.c - what can be read of a damaged file goes into a new one, table by table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables and columns are those of today's schema that the damaged file has as well.
 */
#include "config.h"

#include "porch-salvage-private.h"

#include "porch-error.h"
#include "porch-event.h"
#include "porch-schema.h"

#include <string.h>

/* So that the log stays short. Syncing comes at the end: before that nobody opens it. */
#define COMMIT_EVERY 500
#define TELL_EVERY   500

/* Who says, beside the row itself, what it is called or which conversation it is of. */
typedef struct {
  const char *table;
  const char *source;  /* what is read: pairs of rowid and claim */
  const char *columns; /* claim; or both */
  const char *key;
} Witness;

#define STRINGIFY(number) #number
#define BY_ID(table) \
  { \
#table, #table " INDEXED BY sqlite_autoindex_" #table "_1", "rowid, id", "id" \
  }

static const Witness witnesses[] = {
  BY_ID (agent),
  BY_ID (site),
  BY_ID (contact),
  BY_ID (visitor),
  BY_ID (conversation),
  { "message", "message INDEXED BY message_conversation", "seq, conversation_pk",
    "conversation_pk, seq" },
  { "message", "event", "conversation_pk, type, subject", NULL },
};

/* What is copied first: it may be waited for. */
static const char *const first_tables[] = { "setting",      "department", "site",
                                            "agent",        "contact",    "visitor",
                                            "conversation", "message",    NULL };

typedef struct {
  sqlite3 *from;
  PorchConnection *to;
  PorchSalvageProgress progress;
  gpointer data;
  GError *error;

  /* of the table that is copied just now */
  PorchSalvagedTable *table;
  sqlite3_stmt *insert, *ask, *miss;
  guint n_columns;
  int claim_column;      /* what is asked about */
  gboolean is_strict;    /* only what is confirmed */
  gboolean is_witnessed; /* one of the witnesses knows all rows */
  gint64 n_seen;
} Filling;

static sqlite3_stmt *prepare (sqlite3 *db, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* NULL when it does not go. */
static sqlite3_stmt *
prepare (sqlite3 *db, const char *format, ...)
{
  sqlite3_stmt *statement = NULL;
  g_autofree char *sql = NULL;
  va_list words;

  va_start (words, format);
  sql = g_strdup_vprintf (format, words);
  va_end (words);
  sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  return statement;
}

static gint64
get_number (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = prepare (db, "%s", sql);
  gint64 number = 0;

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

static gboolean
tell (PorchSalvageWalk *walk)
{
  Filling *self = walk->data;

  if (++self->n_seen % TELL_EVERY == 0 && self->progress != NULL &&
      !self->progress (self->table->name, self->n_seen, self->data)) {
    walk->is_ended = TRUE;
    g_set_error (&self->error, PORCH_ERROR, PORCH_ERROR_STORAGE, "it was ended before it was done");
  }
  return !walk->is_ended;
}

/* ---- witnesses ---- */

static gboolean
take_claim (PorchSalvageWalk *walk, sqlite3_stmt *row)
{
  Filling *self = walk->data;

  if (walk->key == NULL) {
    /* An event: that a message is new has its seq. */
    if (sqlite3_column_int64 (row, 2) != PORCH_EVENT_MESSAGE_CREATED ||
        sqlite3_column_type (row, 3) != SQLITE_NULL)
      return TRUE;
  }
  if (sqlite3_column_type (row, 0) != SQLITE_INTEGER)
    return FALSE;
  sqlite3_reset (self->insert);
  sqlite3_bind_value (self->insert, 1, sqlite3_column_value (row, 0));
  sqlite3_bind_value (self->insert, 2, sqlite3_column_value (row, 1));
  sqlite3_step (self->insert);
  return tell (walk);
}

/* The highest that is not far off: what is beyond is damage. */
static gint64
get_last_key (Filling *self)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT key FROM witness_%s ORDER BY key DESC LIMIT 1 OFFSET "
                     "(SELECT min (3, count (*) / 1000) FROM witness_%s)",
                     self->table->name, self->table->name);

  return get_number (self->to->db, sql);
}

static void
hear_witnesses (Filling *self)
{
  gboolean is_first = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (witnesses) && self->error == NULL; i++) {
    PorchSalvageWalk walk = { .db = self->from,
                              .table = witnesses[i].source,
                              .columns = witnesses[i].columns,
                              .key = witnesses[i].key,
                              .take = take_claim,
                              .data = self };

    if (strcmp (witnesses[i].table, self->table->name) != 0)
      continue;
    if (is_first) {
      g_autofree char *sql = g_strdup_printf ("CREATE TEMP TABLE witness_%s (key INTEGER, claim, "
                                              "PRIMARY KEY (key, claim)) WITHOUT ROWID",
                                              self->table->name);

      porch_connection_execute (self->to, sql, &self->error);
    }
    self->insert =
      prepare (self->to->db, "INSERT OR IGNORE INTO witness_%s VALUES (?1, ?2)", self->table->name);
    if (self->insert != NULL)
      porch_salvage_walk (&walk);
    /* Of the events the old ones are gone, and not every message has a device. */
    if (self->insert != NULL && !walk.is_torn && is_first)
      self->is_witnessed = TRUE;
    is_first = FALSE;
    sqlite3_finalize (g_steal_pointer (&self->insert));
  }
}

/* A row is believed when somebody else says the same, or nobody could know of it. */
static gboolean
is_believed (Filling *self, sqlite3_stmt *row)
{
  gboolean is_known = FALSE, is_confirmed = FALSE;

  if (self->ask == NULL)
    return !self->is_strict;
  sqlite3_reset (self->ask);
  sqlite3_bind_int64 (self->ask, 1, sqlite3_column_int64 (row, 0));
  sqlite3_bind_value (self->ask, 2, sqlite3_column_value (row, self->claim_column));
  if (sqlite3_step (self->ask) == SQLITE_ROW) {
    is_known = sqlite3_column_int64 (self->ask, 0) > 0;
    is_confirmed = sqlite3_column_int64 (self->ask, 1) > 0;
  }
  /* What is still being read would keep the log from being copied. */
  sqlite3_reset (self->ask);
  return is_confirmed || (!is_known && !self->is_witnessed && !self->is_strict);
}

/* ---- rows ---- */

static void
bind (sqlite3_stmt *insert, int parameter, sqlite3_stmt *row, int column)
{
  const char *text;
  int n_bytes;

  if (sqlite3_column_type (row, column) != SQLITE_TEXT) {
    sqlite3_bind_value (insert, parameter, sqlite3_column_value (row, column));
    return;
  }
  text = (const char *) sqlite3_column_text (row, column);
  n_bytes = sqlite3_column_bytes (row, column);
  if (text != NULL && !g_utf8_validate (text, n_bytes, NULL))
    sqlite3_bind_text (insert, parameter, g_utf8_make_valid (text, n_bytes), -1, g_free);
  else
    sqlite3_bind_text (insert, parameter, text, n_bytes, SQLITE_TRANSIENT);
}

static gboolean
commit (Filling *self)
{
  int n_left;

  return porch_connection_execute (self->to, "COMMIT", &self->error) &&
         porch_connection_checkpoint (self->to, SQLITE_CHECKPOINT_PASSIVE, &n_left, &self->error) &&
         porch_connection_execute (self->to, "BEGIN", &self->error);
}

/* A row that the new file does not take, as it has that key or cannot be, is as good as unread. */
static gboolean
is_refusal (int code)
{
  return (code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_MISMATCH ||
         (code & 0xff) == SQLITE_TOOBIG;
}

static gboolean
take_row (PorchSalvageWalk *walk, sqlite3_stmt *row)
{
  Filling *self = walk->data;
  const int first = walk->key == NULL ? 1 : 0;
  int code;

  if (!is_believed (self, row))
    return FALSE;
  sqlite3_reset (self->insert);
  for (guint i = 0; i < self->n_columns; i++)
    bind (self->insert, i + 1, row, first + i);
  code = sqlite3_step (self->insert);
  sqlite3_reset (self->insert);
  if (code != SQLITE_DONE && !is_refusal (code)) {
    porch_connection_fail (self->to, code, "writing what was read", &self->error);
    walk->is_ended = TRUE;
    return FALSE;
  }
  self->table->n_kept += code == SQLITE_DONE ? sqlite3_changes64 (self->to->db) : 0;
  if (self->n_seen % COMMIT_EVERY == COMMIT_EVERY - 1 && !commit (self))
    walk->is_ended = TRUE;
  return tell (walk) && code == SQLITE_DONE;
}

/* ---- tables ---- */

typedef struct {
  GString *columns, *marks, *keys;
  guint n;
  int claim_column;
  gboolean has_rowids;
} Columns;

static void
clear_columns (Columns *self)
{
  g_string_free (self->columns, TRUE);
  g_string_free (self->marks, TRUE);
  g_string_free (self->keys, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, clear_columns)

static GHashTable *
list_columns (sqlite3 *db, const char *table)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement = prepare (db, "PRAGMA table_info (%s)", table);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_add (names, g_strdup ((const char *) sqlite3_column_text (statement, 1)));
  sqlite3_finalize (statement);
  return names;
}

/* What both files have of @table; nothing when the damaged one has no such table. */
static void
match_columns (Filling *self, const char *table, Columns *columns)
{
  const char *claim = strcmp (table, "message") == 0 ? "conversation_pk" : "id";
  g_autoptr (GHashTable) known = list_columns (self->from, table);
  sqlite3_stmt *statement = prepare (self->to->db, "PRAGMA table_info (%s)", table);
  sqlite3_stmt *rowids = prepare (self->to->db, "SELECT rowid FROM %s", table);

  columns->has_rowids = rowids != NULL;
  columns->claim_column = 0;
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW) {
    const char *name = (const char *) sqlite3_column_text (statement, 1);

    if (sqlite3_column_int (statement, 5) > 0)
      g_string_append_printf (columns->keys, "%s%s", columns->keys->len > 0 ? ", " : "", name);
    if (!g_hash_table_contains (known, name))
      continue;
    columns->n++;
    if (strcmp (name, claim) == 0)
      columns->claim_column = columns->n;
    g_string_append_printf (columns->columns, "%s%s", columns->n > 1 ? ", " : "", name);
    g_string_append_printf (columns->marks, "%s?%u", columns->n > 1 ? ", " : "", columns->n);
  }
  sqlite3_finalize (statement);
  sqlite3_finalize (rowids);
}

static gboolean
is_lost (gint64 rowid, gpointer data)
{
  Filling *self = data;
  gboolean is_missing;

  sqlite3_bind_int64 (self->miss, 1, rowid);
  is_missing = sqlite3_step (self->miss) == SQLITE_ROW && sqlite3_column_int64 (self->miss, 0) > 0;
  sqlite3_reset (self->miss);
  return is_missing;
}

static void
walk_orphans (Filling *self, PorchSalvageWalk *walk)
{
  const char *table = self->table->name;
  g_autofree char *sql =
    g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
  const PorchSalvageOrphans orphans = { .walk = walk,
                                        .file = sqlite3_db_filename (self->from, "main"),
                                        .root = get_number (self->from, sql),
                                        .is_missing = is_lost };

  self->miss = strcmp (table, "message") == 0
                 ? prepare (self->to->db, "SELECT count (*) FROM witness_message WHERE key = ?1 "
                                          "AND key NOT IN (SELECT seq FROM message)")
                 : prepare (self->to->db,
                            "SELECT count (*) FROM witness_%s WHERE key = ?1 "
                            "AND claim NOT IN (SELECT id FROM %s)",
                            table, table);
  self->is_strict = TRUE;
  if (self->miss != NULL)
    porch_salvage_walk_orphans (&orphans);
  self->is_strict = FALSE;
  sqlite3_finalize (g_steal_pointer (&self->miss));
}

static void
walk_table (Filling *self, const Columns *columns)
{
  PorchSalvageWalk walk = { .db = self->from,
                            .table = self->table->name,
                            .columns = columns->columns->str,
                            .key = columns->has_rowids ? NULL : columns->keys->str,
                            .take = take_row,
                            .data = self };

  if (columns->has_rowids)
    walk.last = get_last_key (self);
  self->n_seen = 0;
  porch_salvage_walk (&walk);
  /* Who knows all rows knows how many are lost. */
  self->table->is_torn = walk.is_torn && !self->is_witnessed;
  if (walk.is_torn && !walk.is_ended && self->ask != NULL && columns->claim_column > 0)
    walk_orphans (self, &walk);
}

static void
copy_table (Filling *self)
{
  const char *table = self->table->name;
  g_auto (Columns) columns = { .columns = g_string_new (NULL),
                               .marks = g_string_new (NULL),
                               .keys = g_string_new (NULL) };

  match_columns (self, table, &columns);
  if (columns.n == 0)
    return;
  self->is_witnessed = FALSE;
  hear_witnesses (self);
  if (self->error != NULL)
    return;
  self->n_columns = columns.n;
  self->claim_column = columns.claim_column;
  self->ask = prepare (self->to->db,
                       "SELECT count (*), count (*) FILTER (WHERE claim IS ?2) "
                       "FROM witness_%s WHERE key = ?1",
                       table);
  self->insert = prepare (self->to->db, "INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table,
                          columns.columns->str, columns.marks->str);
  if (self->insert != NULL)
    walk_table (self, &columns);
  else
    porch_connection_fail (self->to, sqlite3_errcode (self->to->db), "preparing", &self->error);
  sqlite3_finalize (g_steal_pointer (&self->insert));
  sqlite3_finalize (g_steal_pointer (&self->ask));
}

static void
free_table (gpointer data)
{
  PorchSalvagedTable *table = data;

  g_clear_pointer (&table->name, g_free);
  g_free (table);
}

static void
add_table (GPtrArray *tables, const char *name)
{
  PorchSalvagedTable *table;

  for (guint i = 0; i < tables->len; i++)
    if (strcmp (((PorchSalvagedTable *) tables->pdata[i])->name, name) == 0)
      return;
  table = g_new0 (PorchSalvagedTable, 1);
  table->name = g_strdup (name);
  g_ptr_array_add (tables, table);
}

static GPtrArray *
list_tables (PorchConnection *to)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (free_table);
  sqlite3_stmt *statement =
    prepare (to->db, "SELECT name FROM sqlite_schema WHERE type = 'table' "
                     "AND name NOT LIKE 'sqlite%%' AND sql NOT LIKE 'CREATE VIRTUAL%%'");

  for (guint i = 0; first_tables[i] != NULL; i++)
    add_table (tables, first_tables[i]);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    add_table (tables, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return tables;
}

/* At the end, when also what could not stay has gone. */
static void
count_lost (Filling *self, PorchSalvagedTable *table)
{
  const gboolean has_keys =
    strcmp (table->name, "message") == 0 || strcmp (table->name, "conversation") == 0;
  const char *key = strcmp (table->name, "message") == 0 ? "seq" : "pk";
  g_autofree char *sql = g_strdup_printf (
    "SELECT count (DISTINCT %s) FROM witness_%s WHERE %s NOT IN (SELECT %s FROM %s)",
    has_keys ? "key" : "claim", table->name, has_keys ? "key" : "claim", has_keys ? key : "id",
    table->name);

  if (has_keys && strcmp (key, "pk") == 0) {
    /* One that was rebuilt has the number of the lost one, but not its id. */
    g_free (sql);
    sql = g_strdup ("SELECT count (DISTINCT key) FROM witness_conversation "
                    "WHERE key NOT IN (SELECT pk FROM conversation "
                    "WHERE id IN (SELECT claim FROM witness_conversation))");
  }
  table->n_lost = get_number (self->to->db, sql);
}

gboolean
porch_salvage_fill (sqlite3 *from,
                    PorchConnection *to,
                    PorchSalvageProgress progress,
                    gpointer data,
                    PorchSalvage *salvage,
                    GError **error)
{
  Filling self = { .from = from, .to = to, .progress = progress, .data = data };

  salvage->tables = list_tables (to);
  if (!porch_connection_execute (to, "PRAGMA foreign_keys = OFF", error) ||
      !porch_connection_execute (to, "PRAGMA synchronous = OFF", error) ||
      !porch_connection_execute (to, "BEGIN", error))
    return FALSE;
  for (guint i = 0; i < salvage->tables->len && self.error == NULL; i++) {
    self.table = salvage->tables->pdata[i];
    copy_table (&self);
  }
  if (self.error == NULL)
    porch_salvage_mend (to, &salvage->n_rebuilt, &self.error);
  for (guint i = 0; i < salvage->tables->len && self.error == NULL; i++)
    count_lost (&self, salvage->tables->pdata[i]);
  if (self.error == NULL && porch_connection_execute (to, "COMMIT", &self.error))
    porch_schema_renew_epoch (to, &self.error);
  if (self.error == NULL)
    return TRUE;
  g_propagate_error (error, self.error);
  return FALSE;
}
