/* porch-tx-inbox.c - rows, typed: the lists of conversations, their counts, and what time does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include <string.h>

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchFilter, porch_filter,
  G_DEFINE_ENUM_VALUE (PORCH_FILTER_MINE, "mine"),
  G_DEFINE_ENUM_VALUE (PORCH_FILTER_WAITING, "waiting"),
  G_DEFINE_ENUM_VALUE (PORCH_FILTER_OPEN, "open"),
  G_DEFINE_ENUM_VALUE (PORCH_FILTER_RESOLVED, "resolved"),
  G_DEFINE_ENUM_VALUE (PORCH_FILTER_ALL, "all"))
/* clang-format on */

/* The numbers in the texts below, and in the partial indexes of migrations/0001.sql. */
G_STATIC_ASSERT (PORCH_STATE_WAITING == 1 && PORCH_STATE_MISSED == 2 && PORCH_STATE_ACTIVE == 3 &&
                 PORCH_STATE_RESOLVED == 4 && PORCH_STATE_CLOSED == 5);
G_STATIC_ASSERT (PORCH_ACTOR_VISITOR == 0);

/* porch_rules_agent_sees () in SQL. ?1: the agent's id, or NULL for one who sees all; ?2: the
 * slugs, between line breaks. The plus keeps the index that gives the order in use. */
#define SCOPE "(?1 IS NULL OR +assignee = ?1 OR instr (?2, char (10) || department || char (10)))"

/* Every list walks an index from a key; pk, which every index ends with, tells equal keys apart.
 * ?3, ?4: the key and pk that the last page ended with; ?5: how many. */
#define AFTER  " AND (last_seq, pk) < (?3, ?4) "
#define NEWEST "ORDER BY last_seq DESC, pk DESC LIMIT ?5"
#define FROM_OPEN \
  "SELECT @ FROM conversation INDEXED BY conversation_open WHERE state < 4 AND " SCOPE
#define FROM_DONE \
  "SELECT @ FROM conversation INDEXED BY conversation_done WHERE state >= 4 AND " SCOPE

static const char *const lists[] = {
  [PORCH_FILTER_MINE] = "SELECT @ FROM conversation INDEXED BY conversation_assignee "
                        "WHERE assignee = ?1 AND state < 4" AFTER NEWEST,
  [PORCH_FILTER_WAITING] =
    "SELECT @ FROM conversation INDEXED BY conversation_queue "
    "WHERE waiting_since > 0 AND state IN (1, 2) AND " SCOPE " AND (waiting_since, pk) > (?3, ?4) "
    "ORDER BY waiting_since, pk LIMIT ?5",
  [PORCH_FILTER_OPEN] = FROM_OPEN AFTER NEWEST,
  [PORCH_FILTER_RESOLVED] = FROM_DONE AFTER NEWEST,
  /* Two walks, merged: SQLite takes from each as it goes. */
  [PORCH_FILTER_ALL] = FROM_OPEN AFTER "UNION ALL " FROM_DONE AFTER NEWEST,
};

/* "\nsales\nsupport\n" */
static char *
make_departments (PorchAgent *agent)
{
  g_autofree char *slugs =
    agent->departments != NULL ? g_strjoinv ("\n", agent->departments) : g_strdup ("");

  return g_strdup_printf ("\n%s\n", slugs);
}

GPtrArray *
porch_tx_list_conversations (PorchTx *tx,
                             const PorchConversationPage *page,
                             gint64 *next,
                             gint64 *next_pk,
                             GError **error)
{
  const gboolean is_waiting = page->filter == PORCH_FILTER_WAITING;
  const guint limit = CLAMP (page->limit, 1, PORCH_TX_PAGE_MAX);
  g_autofree char *departments = make_departments (page->agent);
  g_autoptr (GPtrArray) conversations = NULL;
  PorchConversation *last;
  g_autoptr (PorchStatement) statement = porch_statement_take_columns (
    tx->connection, lists[page->filter], porch_row_get (PORCH_ROW_CONVERSATION)->columns, error);

  if (statement == NULL)
    return NULL;
  if (page->agent->role < PORCH_ROLE_SUPERVISOR || page->filter == PORCH_FILTER_MINE)
    porch_statement_bind_text (statement, 1, page->agent->id);
  if (page->agent->role < PORCH_ROLE_SUPERVISOR && page->filter != PORCH_FILTER_MINE)
    porch_statement_bind_text (statement, 2, departments);
  porch_statement_bind_int64 (statement, 3,
                              page->after == 0 && !is_waiting ? G_MAXINT64 : page->after);
  porch_statement_bind_int64 (statement, 4, page->after_pk);
  porch_statement_bind_int64 (statement, 5, limit + 1);
  conversations = porch_tx_collect (statement, PORCH_ROW_CONVERSATION, error);
  if (conversations == NULL)
    return NULL;

  *next = *next_pk = 0;
  if (conversations->len > limit) {
    g_ptr_array_set_size (conversations, limit);
    last = conversations->pdata[limit - 1];
    *next = is_waiting ? last->waiting_since : last->last_seq;
    *next_pk = last->pk;
  }
  return g_steal_pointer (&conversations);
}

/* Nobody reads such a number to its last digit, so counting ends somewhere. */
#define BOUND " LIMIT " G_STRINGIFY (PORCH_TX_COUNT_MAX)
/* Of what an agent has, what is in none of the departments ?2. */
#define ELSEWHERE " WHERE NOT instr (?2, char (10) || department || char (10))"

typedef struct {
  const char *all, *of_department, *elsewhere;
} CountSql;

static const CountSql count_open = {
  "SELECT count (*) FROM (SELECT 1 FROM conversation INDEXED BY conversation_department "
  "WHERE state < 4" BOUND ")",
  "SELECT count (*) FROM (SELECT 1 FROM conversation INDEXED BY conversation_department "
  "WHERE state < 4 AND department = ?1" BOUND ")",
  "SELECT count (*) FROM (SELECT department FROM conversation INDEXED BY conversation_assignee "
  "WHERE assignee = ?1 AND state < 4" BOUND ")" ELSEWHERE,
};
static const CountSql count_waiting = {
  "SELECT count (*) FROM (SELECT 1 FROM conversation INDEXED BY conversation_waiting "
  "WHERE waiting_since > 0 AND state IN (1, 2)" BOUND ")",
  "SELECT count (*) FROM (SELECT 1 FROM conversation INDEXED BY conversation_waiting "
  "WHERE waiting_since > 0 AND state IN (1, 2) AND department = ?1" BOUND ")",
  "SELECT count (*) FROM (SELECT department, waiting_since, state FROM conversation "
  "INDEXED BY conversation_assignee WHERE assignee = ?1 AND state < 4" BOUND ")" ELSEWHERE
  " AND waiting_since > 0 AND state IN (1, 2)",
};

/* Adds what @sql counts to @n. */
static gboolean
count (PorchTx *tx,
       const char *sql,
       const char *key,
       const char *departments,
       gint64 *n,
       GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  if (key != NULL)
    porch_statement_bind_text (statement, 1, key);
  if (departments != NULL)
    porch_statement_bind_text (statement, 2, departments);
  if (porch_statement_step (statement, error) < 0)
    return FALSE;
  *n = MIN (*n + porch_statement_get_int64 (statement, 0), PORCH_TX_COUNT_MAX);
  return TRUE;
}

/* porch_rules_agent_sees (), part by part: each is one stretch of an index. */
static gboolean
count_scope (PorchTx *tx, PorchAgent *agent, const CountSql *sql, gint64 *n, GError **error)
{
  g_autofree char *departments = make_departments (agent);

  if (agent->role >= PORCH_ROLE_SUPERVISOR)
    return count (tx, sql->all, NULL, NULL, n, error);
  for (char **slug = agent->departments; slug != NULL && *slug != NULL; slug++)
    if (!count (tx, sql->of_department, *slug, NULL, n, error))
      return FALSE;
  return count (tx, sql->elsewhere, agent->id, departments, n, error);
}

gboolean
porch_tx_count_conversations (PorchTx *tx, PorchAgent *agent, PorchCounts *counts, GError **error)
{
  static const char mine[] = "SELECT count (*) FROM (SELECT 1 FROM conversation "
                             "INDEXED BY conversation_assignee "
                             "WHERE assignee = ?1 AND state < 4" BOUND ")";

  *counts = (PorchCounts){ 0 };
  return count (tx, mine, agent->id, NULL, &counts->mine, error) &&
         count_scope (tx, agent, &count_waiting, &counts->waiting, error) &&
         count_scope (tx, agent, &count_open, &counts->open, error);
}

/* What porch_rules_due () asks for, one index each: ?1 is how many. */
static const char *const due_lists[] = {
  "SELECT pk, waiting_since FROM conversation INDEXED BY conversation_queue "
  "WHERE waiting_since > 0 AND state = 1 ORDER BY waiting_since LIMIT ?1",
  "SELECT pk, last_at FROM conversation INDEXED BY conversation_idle "
  "WHERE state = 3 AND last_at > 0 AND last_sender <> 0 ORDER BY last_at LIMIT ?1",
  "SELECT pk, resolved_at FROM conversation INDEXED BY conversation_resolved "
  "WHERE state = 4 AND resolved_at >= 0 ORDER BY resolved_at LIMIT ?1",
};

/* Adds the pks that are due to @pks. @next_due_us becomes smaller when the first that is not due
 * yet is earlier. */
static gboolean
list_one_due (PorchTx *tx,
              const char *sql,
              gint64 delay_us,
              gint64 now_us,
              guint limit,
              GArray *pks,
              gint64 *next_due_us,
              GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, limit - pks->len + 1);
  while ((step = porch_statement_step (statement, error)) > 0) {
    const gint64 pk = porch_statement_get_int64 (statement, 0);
    const gint64 due_us = porch_statement_get_int64 (statement, 1) + delay_us;

    if (due_us > now_us) {
      *next_due_us = *next_due_us == 0 ? due_us : MIN (*next_due_us, due_us);
      return TRUE;
    }
    if (pks->len >= limit)
      return TRUE;
    g_array_append_val (pks, pk);
  }
  return step == 0;
}

GArray *
porch_tx_list_due (PorchTx *tx,
                   const PorchTimes *times,
                   gint64 now_us,
                   guint limit,
                   gint64 *next_due_us,
                   GError **error)
{
  const gint64 delays[] = { times->missed_after_us, times->idle_after_us, times->closed_after_us };
  g_autoptr (GArray) pks = g_array_new (FALSE, FALSE, sizeof (gint64));

  G_STATIC_ASSERT (G_N_ELEMENTS (delays) == G_N_ELEMENTS (due_lists));
  *next_due_us = 0;
  for (guint i = 0; i < G_N_ELEMENTS (due_lists); i++)
    if (!list_one_due (tx, due_lists[i], delays[i], now_us, limit, pks, next_due_us, error))
      return NULL;
  return g_steal_pointer (&pks);
}
