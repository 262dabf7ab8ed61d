/* porch-salvage-mend.c - after damage: what names something that is lost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words are kept even where it is lost who said them: then in a conversation that no visitor can
 * see. Whatever stands for something else never opens anything: it has a new id.
 */
#include "config.h"

#include "porch-salvage-private.h"

#include "porch-id.h"
#include "porch-statement.h"
#include "porch-tx-private.h"

#include <string.h>

/* A person who is lost, by what their conversations say of them. */
static const char *const people[] = {
  "INSERT INTO contact (id, name, email, created_at, last_seen_at) "
  "SELECT contact, max (contact_name), max (contact_email), min (created_at), max (last_at) "
  "FROM conversation WHERE contact NOT IN (SELECT id FROM contact) GROUP BY contact",
  "INSERT INTO contact (id, created_at) SELECT contact, min (created_at) FROM visitor "
  "WHERE contact NOT IN (SELECT id FROM contact) GROUP BY contact",
  NULL,
};

/* Where nobody could go on: a site, a department, somebody who answers. */
static const char *const places[] = {
  "INSERT INTO department (slug, name) SELECT 'general', 'General' "
  "WHERE NOT EXISTS (SELECT 1 FROM department) AND EXISTS (SELECT 1 FROM message)",
  "INSERT INTO site (id, key, name) "
  "SELECT site, lower (hex (randomblob (11))), 'Website' FROM conversation "
  "WHERE NOT EXISTS (SELECT 1 FROM site) GROUP BY site ORDER BY count (*) DESC LIMIT 1",
  "INSERT INTO agent (id, name, role, is_local) "
  "SELECT lower (hex (randomblob (11))), "
  "coalesce ((SELECT sender_name FROM message WHERE sender_kind = 1 AND sender_name IS NOT NULL "
  "ORDER BY seq DESC LIMIT 1), 'Owner'), 2, 1 WHERE NOT EXISTS (SELECT 1 FROM agent) AND EXISTS "
  "(SELECT 1 FROM message)",
  "INSERT OR IGNORE INTO setting (key, value) SELECT 'business', name FROM site LIMIT 1",
  NULL,
};

/* What is left out or let go of, so that nothing names what is not there. */
static const char *const references[] = {
  "DELETE FROM visitor WHERE site NOT IN (SELECT id FROM site)",
  "UPDATE conversation SET department = (SELECT slug FROM department ORDER BY position, slug) "
  "WHERE department NOT IN (SELECT slug FROM department)",
  "UPDATE conversation SET visitor = NULL, handle = NULL "
  "WHERE visitor IS NOT NULL AND visitor NOT IN (SELECT id FROM visitor)",
  "UPDATE conversation SET assignee = NULL "
  "WHERE assignee IS NOT NULL AND assignee NOT IN (SELECT id FROM agent)",
  /* Active is what somebody has. */
  "UPDATE conversation SET state = 1, waiting_since = last_at "
  "WHERE state = 3 AND assignee IS NULL",
  "DELETE FROM identity WHERE contact NOT IN (SELECT id FROM contact)",
  "DELETE FROM session WHERE subject NOT IN (SELECT id FROM visitor UNION SELECT id FROM agent)",
  "DELETE FROM event WHERE conversation_pk IS NOT NULL "
  "AND conversation_pk NOT IN (SELECT pk FROM conversation)",
  "DELETE FROM event WHERE EXISTS (SELECT 1 FROM message "
  "WHERE message.seq = event.seq AND message.conversation_pk IS NOT event.conversation_pk)",
  NULL,
};

/* What is said twice, and must say the same. */
static const char *const sums[] = {
  /* A note is for the team, whichever of its two marks is left. */
  "UPDATE message SET visibility = 1 WHERE kind = 1 AND visibility <> 1",
  "UPDATE conversation SET n_messages = (SELECT count (*) FROM message "
  "WHERE conversation_pk = pk) WHERE n_messages <> (SELECT count (*) FROM message "
  "WHERE conversation_pk = pk)",
  "UPDATE conversation SET last_message = coalesce ((SELECT max (seq) FROM message "
  "WHERE conversation_pk = pk), 0) WHERE last_message > 0 "
  "AND last_message NOT IN (SELECT seq FROM message)",
  "UPDATE conversation SET last_seq = last_message WHERE last_seq > max (last_message, "
  "coalesce ((SELECT max (seq) FROM event), 0), coalesce ((SELECT max (seq) FROM message), 0))",
  /* Of two with one number the words are kept, and the earlier one has it. */
  "UPDATE message SET device = NULL, n = 0 WHERE seq IN (SELECT seq FROM (SELECT seq, row_number "
  "() "
  "OVER (PARTITION BY conversation_pk, device, n ORDER BY seq) AS place FROM message "
  "WHERE device IS NOT NULL) WHERE place > 1)",
  "DELETE FROM device_count WHERE conversation_pk NOT IN (SELECT pk FROM conversation)",
  "INSERT INTO device_count (conversation_pk, device, n) "
  "SELECT conversation_pk, device, max (n) FROM message WHERE device IS NOT NULL "
  "GROUP BY conversation_pk, device ON CONFLICT DO UPDATE SET n = max (n, excluded.n)",
  /* The epoch is another one: nobody comes back to this log. */
  "INSERT OR REPLACE INTO setting (key, value) SELECT 'log_start', max (seq) FROM "
  "(SELECT seq FROM event UNION ALL SELECT seq FROM message) HAVING max (seq) IS NOT NULL",
  NULL,
};

static gboolean
run_all (PorchConnection *to, const char *const *statements, gint64 *n_changed, GError **error)
{
  for (guint i = 0; statements[i] != NULL; i++) {
    if (!porch_connection_execute (to, statements[i], error))
      return FALSE;
    if (n_changed != NULL)
      *n_changed += sqlite3_changes64 (to->db);
  }
  return TRUE;
}

/* A number that no word stands for would make the whole row unreadable. */
static gboolean
mend_words (PorchConnection *to, GError **error)
{
  for (PorchRowKind kind = 0; kind < PORCH_ROW_N_KINDS; kind++) {
    const PorchRow *row = porch_row_get (kind);

    for (guint i = 0; i < row->n_columns; i++) {
      g_autofree char *sql = NULL;

      if (row->fields[i]->kind != PORCH_KIND_ENUM)
        continue;
      /* Not seen by visitors is the safe one of two. */
      sql = g_strdup_printf (
        "UPDATE %s SET %s = %d WHERE %s NOT BETWEEN %d AND %d", row->table, row->names[i],
        strcmp (row->names[i], "visibility") == 0 ? row->words[i]->maximum : row->words[i]->minimum,
        row->names[i], row->words[i]->minimum, row->words[i]->maximum);
      if (!porch_connection_execute (to, sql, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* ---- conversations of which only the words are left ---- */

static GArray *
list_orphans (PorchConnection *to, GError **error)
{
  static const char sql[] = "SELECT DISTINCT conversation_pk FROM message "
                            "WHERE conversation_pk NOT IN (SELECT pk FROM conversation)";
  g_autoptr (GArray) pks = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (PorchStatement) statement = porch_statement_take (to, sql, error);
  int step;

  if (statement == NULL)
    return NULL;
  while ((step = porch_statement_step (statement, error)) > 0) {
    const gint64 pk = porch_statement_get_int64 (statement, 0);

    g_array_append_val (pks, pk);
  }
  return step == 0 ? g_steal_pointer (&pks) : NULL;
}

static gboolean
insert_orphan (PorchConnection *to, gint64 pk, GError **error)
{
  static const char contact_sql[] =
    "INSERT INTO contact (id, name, created_at, last_seen_at, n_conversations) "
    "SELECT ?1, max (sender_name) FILTER (WHERE sender_kind = 0), min (created_at), "
    "max (created_at), 1 FROM message WHERE conversation_pk = ?2";
  static const char sql[] =
    "INSERT INTO conversation (pk, id, site, department, contact, contact_name, state, created_at, "
    "closed_at, last_seq, last_at, last_message, last_text, last_sender, n_messages) "
    "SELECT ?2, ?3, coalesce ((SELECT id FROM site LIMIT 1), ''), "
    "(SELECT slug FROM department ORDER BY position, slug), ?1, "
    "(SELECT name FROM contact WHERE id = ?1), 5, min (created_at), max (created_at), max (seq), "
    "max (created_at), max (seq), (SELECT text FROM message WHERE conversation_pk = ?2 "
    "AND visibility = 0 ORDER BY seq DESC LIMIT 1), 5, count (*) "
    "FROM message WHERE conversation_pk = ?2";
  g_autofree char *contact = porch_id_new ();
  g_autofree char *id = porch_id_new ();
  g_autoptr (PorchStatement) person = porch_statement_take (to, contact_sql, error);
  g_autoptr (PorchStatement) conversation = porch_statement_take (to, sql, error);

  if (person == NULL || conversation == NULL)
    return FALSE;
  porch_statement_bind_text (person, 1, contact);
  porch_statement_bind_int64 (person, 2, pk);
  porch_statement_bind_text (conversation, 1, contact);
  porch_statement_bind_int64 (conversation, 2, pk);
  porch_statement_bind_text (conversation, 3, id);
  return porch_statement_run (person, error) && porch_statement_run (conversation, error);
}

static gboolean
mend_orphans (PorchConnection *to, gint64 *n_rebuilt, GError **error)
{
  g_autoptr (GArray) pks = list_orphans (to, error);

  if (pks == NULL)
    return FALSE;
  for (guint i = 0; i < pks->len; i++)
    if (!insert_orphan (to, g_array_index (pks, gint64, i), error))
      return FALSE;
  *n_rebuilt += pks->len;
  return TRUE;
}

gboolean
porch_salvage_mend (PorchConnection *to, gint64 *n_rebuilt, GError **error)
{
  return mend_words (to, error) && run_all (to, places, n_rebuilt, error) &&
         run_all (to, people, n_rebuilt, error) && run_all (to, references, NULL, error) &&
         mend_orphans (to, n_rebuilt, error) && run_all (to, sums, NULL, error);
}
