/* durable.c - the least that keeping a message can cost: one thread, one connection, one commit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   durable FILE RATE SECONDS
 *
 * What arrives is written and committed with synchronous=FULL, together with what arrived
 * meanwhile: a row for the message, its conversation, an event. No rules, no network, no other
 * thread. Prints
 *   {"messages":…,"p50_us":…,"p99_us":…}
 * measured from the moment a message was due to the end of its commit; the first second is left
 * out.
 */
#include <glib.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_CONVERSATIONS 100
#define TEXT \
  "is the belt drive in stock and could you hold it until saturday please is the belt drive in " \
  "stock and could you hold it until saturday please is the belt drive in stock and."

static sqlite3 *db;
static sqlite3_stmt *add_message, *put_conversation, *add_event;

static void
execute (const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

static sqlite3_stmt *
prepare (const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  return statement;
}

static void
run (sqlite3_stmt *statement)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("%s", sqlite3_errmsg (db));
  sqlite3_reset (statement);
}

static void
open_file (const char *path)
{
  if (sqlite3_open (path, &db) != SQLITE_OK)
    g_error ("%s cannot be opened", path);
  execute ("PRAGMA journal_mode = WAL");
  execute ("PRAGMA synchronous = FULL");
  execute ("PRAGMA mmap_size = 0");
  execute ("CREATE TABLE conversation (id INTEGER PRIMARY KEY, last INTEGER, at INTEGER, "
           "unread INTEGER, state INTEGER NOT NULL DEFAULT 0)");
  execute ("CREATE INDEX conversation_at ON conversation (state, at, id)");
  execute ("CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, "
           "sender INTEGER, client_id TEXT, at INTEGER, text TEXT)");
  execute ("CREATE INDEX message_conversation ON message (conversation, id)");
  execute ("CREATE TABLE event (id INTEGER PRIMARY KEY, kind INTEGER, conversation INTEGER, "
           "message INTEGER, at INTEGER)");
  add_message = prepare ("INSERT INTO message (conversation, sender, client_id, at, text) "
                         "VALUES (?1, 0, ?2, ?3, ?4)");
  put_conversation =
    prepare ("INSERT INTO conversation (id, last, at, unread) VALUES (?1, ?2, ?3, 1) "
             "ON CONFLICT (id) DO UPDATE SET last = ?2, at = ?3, unread = unread + 1");
  add_event =
    prepare ("INSERT INTO event (kind, conversation, message, at) VALUES (1, ?1, ?2, ?3)");
}

static void
write_message (gint64 n)
{
  const int conversation = n % N_CONVERSATIONS;
  const gint64 at = g_get_real_time ();
  char client_id[32];
  gint64 id;

  g_snprintf (client_id, sizeof client_id, "%022" G_GINT64_FORMAT, n);
  sqlite3_bind_int (add_message, 1, conversation);
  sqlite3_bind_text (add_message, 2, client_id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (add_message, 3, at);
  sqlite3_bind_text (add_message, 4, TEXT, -1, SQLITE_STATIC);
  run (add_message);
  id = sqlite3_last_insert_rowid (db);
  sqlite3_bind_int (put_conversation, 1, conversation);
  sqlite3_bind_int64 (put_conversation, 2, id);
  sqlite3_bind_int64 (put_conversation, 3, at);
  run (put_conversation);
  sqlite3_bind_int (add_event, 1, conversation);
  sqlite3_bind_int64 (add_event, 2, id);
  sqlite3_bind_int64 (add_event, 3, at);
  run (add_event);
}

static void
sleep_until (gint64 then_us)
{
  const struct timespec time = { then_us / G_USEC_PER_SEC, then_us % G_USEC_PER_SEC * 1000 };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  const double rate = argc == 4 ? g_ascii_strtod (argv[2], NULL) : 0;
  const guint seconds = argc == 4 ? atoi (argv[3]) : 0;
  const gint64 n_warm = rate, n_all = rate * (seconds + 1);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 begin, n_done = 0;

  if (seconds == 0 || rate <= 0)
    return 2;
  open_file (argv[1]);
  begin = g_get_monotonic_time () + 10000;
  while (n_done < n_all) {
    const gint64 first = n_done;
    gint64 ended;

    sleep_until (begin + n_done * G_USEC_PER_SEC / rate);
    execute ("BEGIN IMMEDIATE");
    do
      write_message (n_done++);
    while (n_done < n_all && begin + n_done * G_USEC_PER_SEC / rate <= g_get_monotonic_time ());
    execute ("COMMIT");
    ended = g_get_monotonic_time ();
    for (gint64 n = MAX (first, n_warm); n < n_done; n++) {
      const gint64 took = ended - (gint64) (begin + n * G_USEC_PER_SEC / rate);

      g_array_append_val (times, took);
    }
  }
  g_array_sort (times, compare);
  printf ("{\"messages\":%u,\"p50_us\":%" G_GINT64_FORMAT ",\"p99_us\":%" G_GINT64_FORMAT "}\n",
          times->len, g_array_index (times, gint64, times->len / 2),
          g_array_index (times, gint64, times->len * 99 / 100));
  return 0;
}
