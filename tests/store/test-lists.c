/* test-lists.c - lists of conversations, messages and events: their pages, scope and plans
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-tx-private.h"
#include "store-fixture.h"

#include <string.h>

#define N_CONVERSATIONS 300
#define SECOND          G_USEC_PER_SEC

static const char *const departments[] = { "general", "sales", "support", "sale" };
static const char *const agents[] = { "agent", "bob", NULL };

static gboolean
add_random (PorchTx *tx, gpointer data, GError **error)
{
  GPtrArray *all = data;

  if (!store_fixture_add_people (tx, NULL, error))
    return FALSE;
  for (guint i = 1; i < G_N_ELEMENTS (departments); i++) {
    g_autoptr (PorchDepartment) department =
      g_object_new (PORCH_TYPE_DEPARTMENT, "slug", departments[i], "name", departments[i], NULL);

    g_assert_true (porch_tx_insert_department (tx, department, error));
  }
  {
    g_autoptr (PorchAgent) bob = g_object_new (PORCH_TYPE_AGENT, "id", "bob", "name", "Bob", NULL);

    g_assert_true (porch_tx_insert_agent (tx, bob, error));
  }
  for (guint i = 0; i < N_CONVERSATIONS; i++) {
    g_autofree char *id = g_strdup_printf ("c%u", i);
    PorchConversation *conversation = store_fixture_new_conversation (id);

    g_ptr_array_add (all, conversation);
    porch_member_set (&conversation->department,
                      departments[g_test_rand_int_range (0, G_N_ELEMENTS (departments))]);
    porch_member_set (&conversation->assignee,
                      agents[g_test_rand_int_range (0, G_N_ELEMENTS (agents))]);
    conversation->state = g_test_rand_int_range (PORCH_STATE_PENDING, PORCH_STATE_CLOSED + 1);
    /* Few different keys: many are equal. */
    conversation->last_seq = g_test_rand_int_range (1, 40);
    conversation->waiting_since =
      conversation->state == PORCH_STATE_WAITING || conversation->state == PORCH_STATE_MISSED
        ? g_test_rand_int_range (1, 20)
        : g_test_rand_int_range (0, 2);
    conversation->last_at = g_test_rand_int_range (0, 100) * SECOND;
    conversation->last_sender = g_test_rand_int_range (0, 3);
    conversation->resolved_at =
      conversation->state == PORCH_STATE_RESOLVED ? g_test_rand_int_range (1, 100) * SECOND : 0;
    conversation->created_at = i;
    conversation->number = i % 290 + 1;
    g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  }
  return TRUE;
}

static GPtrArray *
add_data (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  store_fixture_write (fixture, add_random, all, &error);
  g_assert_no_error (error);
  return all;
}

static gboolean
is_in_filter (PorchConversation *conversation, PorchFilter filter, PorchAgent *agent)
{
  const int state = conversation->state;

  switch (filter) {
  case PORCH_FILTER_MINE:
    return state < PORCH_STATE_RESOLVED && g_strcmp0 (conversation->assignee, agent->id) == 0;
  case PORCH_FILTER_WAITING:
    return state == PORCH_STATE_WAITING || state == PORCH_STATE_MISSED;
  case PORCH_FILTER_OPEN:
    return state < PORCH_STATE_RESOLVED;
  case PORCH_FILTER_RESOLVED:
    return state >= PORCH_STATE_RESOLVED;
  case PORCH_FILTER_ALL:
    return TRUE;
  }
  g_assert_not_reached ();
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  PorchConversation *x = *(PorchConversation **) a, *y = *(PorchConversation **) b;

  if (x->last_seq != y->last_seq)
    return x->last_seq < y->last_seq ? 1 : -1;
  return (x->pk < y->pk) - (x->pk > y->pk);
}

static int
compare_waiting (gconstpointer a, gconstpointer b)
{
  PorchConversation *x = *(PorchConversation **) a, *y = *(PorchConversation **) b;

  if (x->waiting_since != y->waiting_since)
    return x->waiting_since > y->waiting_since ? 1 : -1;
  return (x->pk > y->pk) - (x->pk < y->pk);
}

/* The rule itself, applied to everything. */
static GPtrArray *
select_by_rule (GPtrArray *all, PorchFilter filter, PorchAgent *agent)
{
  GPtrArray *some = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (is_in_filter (all->pdata[i], filter, agent) &&
        porch_rules_agent_sees (agent, all->pdata[i]))
      g_ptr_array_add (some, all->pdata[i]);
  g_ptr_array_sort (some, filter == PORCH_FILTER_WAITING ? compare_waiting : compare_newest);
  return some;
}

typedef struct {
  GPtrArray *all;
  PorchAgent *agent;
} Scope;

static void
check_pages (PorchTx *tx, const Scope *scope, PorchFilter filter, guint limit)
{
  g_autoptr (GPtrArray) expected = select_by_rule (scope->all, filter, scope->agent);
  PorchConversationPage page = { .filter = filter, .agent = scope->agent, .limit = limit };
  gint64 next = 0, next_pk = 0;
  guint n = 0;

  do {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list = porch_tx_list_conversations (tx, &page, &next, &next_pk, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (list->len, ==, MIN (MIN (limit, 200), expected->len - n));
    for (guint i = 0; i < list->len; i++, n++)
      g_assert_cmpstr (((PorchConversation *) list->pdata[i])->id, ==,
                       ((PorchConversation *) expected->pdata[n])->id);
    g_assert_true ((next != 0) == (n < expected->len));
    page.after = next;
    page.after_pk = next_pk;
  } while (next != 0);
  g_assert_cmpuint (n, ==, expected->len);
}

static void
check_counts (PorchTx *tx, const Scope *scope)
{
  g_autoptr (GPtrArray) mine = select_by_rule (scope->all, PORCH_FILTER_MINE, scope->agent);
  g_autoptr (GPtrArray) waiting = select_by_rule (scope->all, PORCH_FILTER_WAITING, scope->agent);
  g_autoptr (GPtrArray) open = select_by_rule (scope->all, PORCH_FILTER_OPEN, scope->agent);
  g_autoptr (GError) error = NULL;
  PorchCounts counts;

  g_assert_true (porch_tx_count_conversations (tx, scope->agent, &counts, &error));
  g_assert_cmpint (counts.mine, ==, mine->len);
  g_assert_cmpint (counts.waiting, ==, waiting->len);
  g_assert_cmpint (counts.open, ==, open->len);
}

static gboolean
check_scope (PorchTx *tx, gpointer data, GError **error)
{
  const Scope *scope = data;
  const guint limits[] = { 1, 7, 50, 100000 };

  for (PorchFilter filter = PORCH_FILTER_MINE; filter <= PORCH_FILTER_ALL; filter++)
    for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
      check_pages (tx, scope, filter, limits[i]);
  check_counts (tx, scope);
  return TRUE;
}

/* Every role and choice of departments against the rule. "sale" must not be found in "sales". */
static void
test_scope (StoreFixture *fixture, gconstpointer data)
{
  static const char *const choices[] = {
    NULL, "", "sales", "sale", "general,support", "general,sales,support,sale", "nowhere"
  };
  g_autoptr (GPtrArray) all = add_data (fixture);

  for (PorchRole role = PORCH_ROLE_AGENT; role <= PORCH_ROLE_ADMIN; role++)
    for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
      g_auto (GStrv) slugs = choices[i] != NULL ? g_strsplit (choices[i], ",", -1) : NULL;
      g_autoptr (PorchAgent) agent =
        g_object_new (PORCH_TYPE_AGENT, "id", "agent", "role", role, "departments", slugs, NULL);
      Scope scope = { .all = all, .agent = agent };
      g_autoptr (GError) error = NULL;

      store_fixture_read (fixture, check_scope, &scope, &error);
      g_assert_no_error (error);
    }
}

static gboolean
check_numbers (PorchTx *tx, gpointer data, GError **error)
{
  g_assert_cmpint (porch_tx_get_last_number (tx, 0, error), ==, 10);
  g_assert_cmpint (porch_tx_get_last_number (tx, 290, error), ==, 10);
  g_assert_cmpint (porch_tx_get_last_number (tx, 300, error), ==, 0);
  return TRUE;
}

static void
test_numbers (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = add_data (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_read (fixture, check_numbers, NULL, &error);
  g_assert_no_error (error);
}

static void
check_due_at (PorchTx *tx, GPtrArray *all, const PorchTimes *times, gint64 now_us)
{
  g_autoptr (GHashTable) expected = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) due = NULL;
  g_autoptr (GArray) few = NULL;
  gint64 next_us = 0, expected_next_us = 0;

  for (guint i = 0; i < all->len; i++) {
    PorchConversation *conversation = all->pdata[i];
    PorchAction action;
    gint64 due_us = 0;

    if (porch_rules_due (conversation, times, now_us, &action, &due_us))
      g_hash_table_add (expected, &conversation->pk);
    else if (due_us > now_us && (expected_next_us == 0 || due_us < expected_next_us))
      expected_next_us = due_us;
  }
  due = porch_tx_list_due (tx, times, now_us, 1000, &next_us, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (due->len, ==, g_hash_table_size (expected));
  for (guint i = 0; i < due->len; i++)
    g_assert_true (g_hash_table_contains (expected, &g_array_index (due, gint64, i)));
  g_assert_cmpint (next_us, ==, expected_next_us);

  few = porch_tx_list_due (tx, times, now_us, 3, &next_us, &error);
  g_assert_cmpuint (few->len, ==, MIN (3, due->len));
}

static gboolean
check_due (PorchTx *tx, gpointer data, GError **error)
{
  const PorchTimes times = { 10 * SECOND, 30 * SECOND, 50 * SECOND };

  for (gint64 now_s = 0; now_s < 160; now_s += 5)
    check_due_at (tx, data, &times, now_s * SECOND);
  return TRUE;
}

static void
test_due (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = add_data (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_read (fixture, check_due, all, &error);
  g_assert_no_error (error);
}

/* ---- messages ---- */

/* Thirty messages, every third for the team only; of two conversations in turn. */
static gboolean
add_messages (PorchTx *tx, gpointer data, GError **error)
{
  PorchConversation **conversations = data;

  g_assert_true (store_fixture_add_people (tx, NULL, error));
  for (guint i = 0; i < 2; i++)
    g_assert_true (porch_tx_insert_conversation (tx, conversations[i], error));
  for (guint i = 0; i < 60; i++) {
    g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);

    message->seq = porch_tx_take_seq (tx);
    message->conversation_pk = conversations[i % 2]->pk;
    message->text = g_strdup_printf ("%u", i);
    message->visibility = i / 2 % 3 == 2 ? PORCH_VISIBILITY_STAFF : PORCH_VISIBILITY_PUBLIC;
    message->sender_kind = i / 2 % 2 == 0 ? PORCH_ACTOR_VISITOR : PORCH_ACTOR_AGENT;
    message->kind = i / 2 == 3 ? PORCH_MESSAGE_SYSTEM : PORCH_MESSAGE_TEXT;
    g_assert_true (porch_tx_insert_message (tx, message, error));
  }
  return TRUE;
}

/* Of the first conversation: seqs 1, 3, 5 … 59. Its staff messages have seqs 5, 11, 17 … */
static const struct {
  gint64 before, after;
  guint limit;
  gboolean is_staff;
  const char *seqs;
  gboolean has_more;
} message_pages[] = {
  { 0, 0, 3, TRUE, "55 57 59", TRUE },   { 0, 0, 3, FALSE, "51 55 57", TRUE },
  { 55, 0, 2, TRUE, "51 53", TRUE },     { 6, 0, 5, TRUE, "1 3 5", FALSE },
  { 6, 0, 3, TRUE, "1 3 5", FALSE },     { 6, 0, 5, FALSE, "1 3", FALSE },
  { 1, 0, 5, TRUE, "", FALSE },          { 0, 53, 2, TRUE, "55 57", TRUE },
  { 0, 53, 5, TRUE, "55 57 59", FALSE }, { 0, 59, 5, TRUE, "", FALSE },
  { 20, 9, 3, TRUE, "15 17 19", TRUE },  { 20, 9, 5, FALSE, "13 15 19", FALSE },
};

static gboolean
check_message_pages (PorchTx *tx, gpointer data, GError **error)
{
  PorchConversation **conversations = data;

  for (guint i = 0; i < G_N_ELEMENTS (message_pages); i++) {
    const PorchMessagePage page = { .conversation_pk = conversations[0]->pk,
                                    .before = message_pages[i].before,
                                    .after = message_pages[i].after,
                                    .limit = message_pages[i].limit,
                                    .is_staff = message_pages[i].is_staff };
    gboolean has_more = FALSE;
    g_autoptr (GPtrArray) messages = porch_tx_list_messages (tx, &page, &has_more, error);
    g_autoptr (GString) seqs = g_string_new (NULL);

    g_assert_nonnull (messages);
    for (guint k = 0; k < messages->len; k++) {
      PorchMessage *message = messages->pdata[k];

      g_string_append_printf (seqs, "%s%d", k > 0 ? " " : "", (int) message->seq);
      g_assert_cmpstr (message->conversation, ==, "first");
    }
    g_assert_cmpstr (seqs->str, ==, message_pages[i].seqs);
    g_assert_cmpint (has_more, ==, message_pages[i].has_more);
  }
  return TRUE;
}

static gboolean
check_message_counts (PorchTx *tx, gpointer data, GError **error)
{
  const gint64 pk = (*(PorchConversation **) data)->pk;

  /* Of 30, the odd 15 are the agent's: minus 5 for the team, minus 1 line about it. */
  g_assert_cmpint (porch_tx_count_messages_after (tx, pk, FALSE, 0, error), ==, 9);
  g_assert_cmpint (porch_tx_count_messages_after (tx, pk, TRUE, 0, error), ==, 10);
  g_assert_cmpint (porch_tx_count_messages_after (tx, pk, TRUE, 49, error), ==, 1);
  g_assert_cmpint (porch_tx_count_messages_after (tx, pk, TRUE, 59, error), ==, 0);
  g_assert_cmpint (porch_tx_get_last_n (tx, pk, "nobody's", error), ==, 0);
  return TRUE;
}

static void
test_messages (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (PorchConversation) first = store_fixture_new_conversation ("first");
  g_autoptr (PorchConversation) second = store_fixture_new_conversation ("second");
  PorchConversation *conversations[] = { first, second };
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, add_messages, conversations, &error);
  g_assert_no_error (error);
  store_fixture_read (fixture, check_message_pages, conversations, &error);
  g_assert_no_error (error);
  store_fixture_read (fixture, check_message_counts, conversations, &error);
  g_assert_no_error (error);
}

static gboolean
check_counter (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) conversation = store_fixture_new_conversation ("counted");

  g_assert_true (store_fixture_add_people (tx, NULL, error));
  g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  for (guint i = 1; i <= 5; i++) {
    g_autoptr (PorchMessage) one = store_fixture_say (tx, conversation, "phone", "a", error);
    g_autoptr (PorchMessage) other = store_fixture_say (tx, conversation, "laptop", "b", error);
    g_autofree char *client_id = g_strdup_printf ("laptop:%u", i);

    g_assert_cmpint (porch_tx_get_last_n (tx, conversation->pk, "phone", error), ==, i);
    g_assert_cmpstr (other->client_id, ==, client_id);
    g_assert_cmpint (one->seq, <, other->seq);
  }
  return TRUE;
}

/* The file itself holds a number once, whatever the commands think. */
static gboolean
check_next (PorchTx *tx, gpointer data, GError **error)
{
  static const struct {
    gint64 n;
    gboolean is_taken;
  } tries[] = { { 5, FALSE }, { 4, FALSE }, { 1, FALSE }, { 7, FALSE }, { 6, TRUE }, { 6, FALSE } };
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "counted", error);

  g_assert_nonnull (conversation);
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
    GError *problem = NULL;

    message->seq = porch_tx_take_seq (tx);
    message->conversation_pk = conversation->pk;
    message->text = g_strdup ("c");
    message->device = g_strdup ("phone");
    message->n = tries[i].n;
    g_assert_true (porch_tx_insert_message (tx, message, &problem) == tries[i].is_taken);
    if (!tries[i].is_taken)
      g_assert_error (problem, PORCH_ERROR, PORCH_ERROR_CONFLICT);
    g_clear_error (&problem);
    g_assert_cmpint (porch_tx_get_last_n (tx, conversation->pk, "phone", error), ==, i < 4 ? 5 : 6);
  }
  return TRUE;
}

static void
test_counter (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, check_counter, NULL, &error);
  g_assert_no_error (error);
  store_fixture_write (fixture, check_next, NULL, &error);
  g_assert_no_error (error);
}

/* ---- contacts in conversations ---- */

static gboolean
check_contact (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchContact) contact = NULL;
  g_autoptr (PorchConversation) changed = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) elsewhere = NULL;

  g_assert_true (store_fixture_add_people (tx, NULL, error));
  for (guint i = 0; i < 3; i++) {
    g_autofree char *id = g_strdup_printf ("c%u", i);
    g_autoptr (PorchConversation) conversation = store_fixture_new_conversation (id);

    g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  }
  contact = porch_tx_get_contact (tx, "contact", error);
  porch_member_set (&contact->name, "Grace");
  porch_member_set (&contact->email, "grace@example.com");
  g_assert_true (porch_tx_update_contact (tx, contact, error));
  changed = porch_tx_get_conversation (tx, "c1", error);
  g_assert_cmpstr (changed->contact_name, ==, "Grace");
  g_assert_cmpstr (changed->contact_email, ==, "grace@example.com");

  list = porch_tx_list_contact_conversations (tx, "contact", "site", 2, error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((PorchConversation *) list->pdata[0])->id, ==, "c2");
  g_assert_cmpstr (((PorchConversation *) list->pdata[1])->id, ==, "c1");
  elsewhere = porch_tx_list_contact_conversations (tx, "contact", "another", 2, error);
  g_assert_cmpuint (elsewhere->len, ==, 0);
  return TRUE;
}

static void
test_contact (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, check_contact, NULL, &error);
  g_assert_no_error (error);
}

/* ---- plans: every list must come out of an index in its order ---- */

static gboolean
use_every_list (PorchTx *tx, gpointer data, GError **error)
{
  const PorchTimes times = { 10 * SECOND, 30 * SECOND, 50 * SECOND };
  const PorchMessagePage back = { .conversation_pk = 1, .limit = 10 };
  const PorchMessagePage forth = { .conversation_pk = 1, .after = 1, .limit = 10 };
  g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, "id", "agent", NULL);
  g_autoptr (PorchAgent) admin =
    g_object_new (PORCH_TYPE_AGENT, "id", "agent", "role", PORCH_ROLE_ADMIN, NULL);
  g_autoptr (GArray) pks = g_array_new (FALSE, TRUE, sizeof (gint64));
  PorchCounts counts;
  gint64 next, next_pk;

  for (PorchFilter filter = PORCH_FILTER_MINE; filter <= PORCH_FILTER_ALL; filter++) {
    const PorchConversationPage page = { .filter = filter, .agent = agent, .limit = 10 };

    g_ptr_array_unref (porch_tx_list_conversations (tx, &page, &next, &next_pk, error));
  }
  g_assert_true (porch_tx_count_conversations (tx, agent, &counts, error));
  g_assert_true (porch_tx_count_conversations (tx, admin, &counts, error));
  g_array_unref (porch_tx_list_due (tx, &times, SECOND, 10, &next, error));
  g_ptr_array_unref (porch_tx_list_messages (tx, &back, NULL, error));
  g_ptr_array_unref (porch_tx_list_messages (tx, &forth, NULL, error));
  g_ptr_array_unref (porch_tx_list_contact_conversations (tx, "contact", "site", 5, error));
  g_hash_table_unref (porch_tx_list_first_waits (tx, 1, 10, error));
  porch_tx_get_last_number (tx, 1, error);
  porch_tx_count_messages_after (tx, 1, TRUE, 0, error);
  porch_tx_get_last_n (tx, 1, "phone", error);
  g_assert_null (porch_tx_find_client_message (tx, 1, "phone", 1, error));
  g_assert_null (porch_tx_find_handle (tx, "visitor", "handle", error));
  g_assert_null (porch_tx_find_session (tx, "hash", error));
  g_assert_null (porch_tx_find_answer (tx, "agent", "key", error));
  g_assert_null (porch_tx_find_agent_by_email (tx, "x@example.com", error));
  g_ptr_array_unref (porch_tx_list_events (tx, 0, NULL, 10, error));
  g_ptr_array_unref (porch_tx_list_events (tx, 0, pks, 10, error));
  g_assert_cmpint (porch_tx_prune_events (tx, 0, 1, 10, error), ==, 0);
  return TRUE;
}

/* What may be walked: a table of a few subscribers, and as far as a count goes that ends somewhere.
 */
static gboolean
is_allowed (const char *sql, const char *line)
{
  const gboolean is_bounded = g_str_has_prefix (sql, "SELECT count (*) FROM (SELECT ") &&
                              strstr (sql, " LIMIT 1000)") != NULL;

  if (strstr (line, "TEMP B-TREE") != NULL)
    return FALSE;
  return g_str_has_prefix (line, "SEARCH ") || g_str_has_prefix (line, "MERGE ") ||
         g_str_equal (line, "LEFT") || g_str_equal (line, "RIGHT") ||
         (is_bounded &&
          (strstr (line, " INDEX conversation_") != NULL || g_str_has_prefix (line, "CO-ROUTINE") ||
           strstr (line, "SCAN (subquery") != NULL)) ||
         g_str_has_prefix (line, "SCAN cursor") || g_str_has_prefix (line, "SCAN CONSTANT ROW") ||
         g_str_has_prefix (line, "SCALAR SUBQUERY") ||
         /* from its end, as far as what is always kept */
         strcmp (line, "SCAN event") == 0;
}

static void
check_plan (sqlite3 *db, const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, explain, -1, &stmt, NULL), ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW) {
    const char *line = (const char *) sqlite3_column_text (stmt, 3);

    if (!is_allowed (sql, line))
      g_error ("%s\n  does: %s", sql, line);
  }
  sqlite3_finalize (stmt);
}

static gboolean
check_plans (PorchTx *tx, gpointer data, GError **error)
{
  GHashTableIter iter;
  gpointer statement;
  guint n = 0;

  use_every_list (tx, data, error);
  g_hash_table_iter_init (&iter, tx->connection->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement)) {
    const char *sql = sqlite3_sql (((PorchStatement *) statement)->stmt);

    if (!g_str_has_prefix (sql, "SELECT "))
      continue;
    check_plan (tx->connection->db, sql);
    n++;
  }
  g_assert_cmpuint (n, >, 25);
  return TRUE;
}

static void
test_plans (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = add_data (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, check_plans, all, &error);
  g_assert_no_error (error);
}

/* However many there are, counting them takes no longer. */
static gboolean
add_crowd (PorchTx *tx, gpointer data, GError **error)
{
  if (!store_fixture_add_people (tx, NULL, error))
    return FALSE;
  for (guint i = 0; i < PORCH_TX_COUNT_MAX + 10; i++) {
    g_autofree char *id = g_strdup_printf ("c%u", i);
    g_autoptr (PorchConversation) conversation = store_fixture_new_conversation (id);

    conversation->state = PORCH_STATE_WAITING;
    conversation->waiting_since = i + 1;
    porch_member_set (&conversation->assignee, "agent");
    g_assert_true (porch_tx_insert_conversation (tx, conversation, error));
  }
  return TRUE;
}

static gboolean
check_crowd (PorchTx *tx, gpointer data, GError **error)
{
  static const char *const choices[] = { "general", "nowhere" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (choices); i++) {
    const char *const slugs[] = { choices[i / 2], NULL };
    g_autoptr (PorchAgent) agent =
      g_object_new (PORCH_TYPE_AGENT, "id", "agent", "role",
                    i % 2 == 0 ? PORCH_ROLE_AGENT : PORCH_ROLE_ADMIN, "departments", slugs, NULL);
    PorchCounts counts;

    g_assert_true (porch_tx_count_conversations (tx, agent, &counts, error));
    g_assert_cmpint (counts.mine, ==, PORCH_TX_COUNT_MAX);
    g_assert_cmpint (counts.waiting, ==, PORCH_TX_COUNT_MAX);
    g_assert_cmpint (counts.open, ==, PORCH_TX_COUNT_MAX);
  }
  return TRUE;
}

static void
test_crowd (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, add_crowd, NULL, &error);
  g_assert_no_error (error);
  store_fixture_read (fixture, check_crowd, NULL, &error);
  g_assert_no_error (error);
}

#define ADD(name, func) \
  g_test_add ("/store/lists/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("scope", test_scope);
  ADD ("numbers", test_numbers);
  ADD ("due", test_due);
  ADD ("messages", test_messages);
  ADD ("counter", test_counter);
  ADD ("contact", test_contact);
  ADD ("crowd", test_crowd);
  ADD ("plans", test_plans);
  return g_test_run ();
}
