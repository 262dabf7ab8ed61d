/* porch-tx-session.c - rows, typed: sessions, and answers given once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-clock.h"

void
porch_session_free (PorchSession *session)
{
  g_clear_pointer (&session->token_hash, g_free);
  g_clear_pointer (&session->subject, g_free);
  g_clear_pointer (&session->site, g_free);
  g_clear_pointer (&session->replaces, g_free);
  g_free (session);
}

PorchSession *
porch_tx_find_session (PorchTx *tx, const char *token_hash, GError **error)
{
  static const char sql[] =
    "SELECT token_hash, kind, subject, site, created_at, used_at, expires_at, dies_at, "
    "replaces FROM session WHERE token_hash = ?1";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  PorchSession *session;

  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, token_hash);
  if (porch_statement_step (statement, error) <= 0)
    return NULL;
  session = g_new0 (PorchSession, 1);
  session->token_hash = porch_statement_dup_text (statement, 0);
  session->kind = porch_statement_get_int64 (statement, 1);
  session->subject = porch_statement_dup_text (statement, 2);
  session->site = porch_statement_dup_text (statement, 3);
  session->created_at = porch_statement_get_int64 (statement, 4);
  session->used_at = porch_statement_get_int64 (statement, 5);
  session->expires_at = porch_statement_get_int64 (statement, 6);
  session->dies_at = porch_statement_get_int64 (statement, 7);
  session->replaces = porch_statement_dup_text (statement, 8);
  return session;
}

gboolean
porch_tx_put_session (PorchTx *tx, const PorchSession *session, GError **error)
{
  static const char sql[] =
    "INSERT OR REPLACE INTO session (token_hash, kind, subject, site, created_at, used_at, "
    "expires_at, dies_at, replaces) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, session->token_hash);
  porch_statement_bind_int64 (statement, 2, session->kind);
  porch_statement_bind_text (statement, 3, session->subject);
  porch_statement_bind_text (statement, 4, session->site);
  porch_statement_bind_int64 (statement, 5, session->created_at);
  porch_statement_bind_int64 (statement, 6, session->used_at);
  porch_statement_bind_int64 (statement, 7, session->expires_at);
  porch_statement_bind_int64 (statement, 8, session->dies_at);
  porch_statement_bind_text (statement, 9, session->replaces);
  return porch_statement_run (statement, error);
}

gboolean
porch_tx_delete_session (PorchTx *tx, const char *token_hash, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take (tx->connection, "DELETE FROM session WHERE token_hash = ?1", error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, token_hash);
  return porch_statement_run (statement, error);
}

/* Runs a statement that removes at most ?2 of what is older than ?1: how many, or -1. */
static int
remove_some (PorchTx *tx, const char *sql, gint64 time_us, guint limit, GError **error)
{
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return -1;
  porch_statement_bind_int64 (statement, 1, time_us);
  porch_statement_bind_int64 (statement, 2, limit);
  return porch_statement_run (statement, error) ? sqlite3_changes (tx->connection->db) : -1;
}

int
porch_tx_prune_sessions (PorchTx *tx, gint64 now_us, guint limit, GError **error)
{
  return remove_some (tx,
                      "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session "
                      "INDEXED BY session_end WHERE expires_at <= ?1 LIMIT ?2)",
                      now_us, limit, error);
}

gboolean
porch_tx_shift_sessions (PorchTx *tx, gint64 from_us, gint64 until_us, gint64 by_us, GError **error)
{
  /* 0 is never. */
  static const char sql[] =
    "UPDATE session SET created_at = created_at + ?3, "
    "used_at = CASE used_at WHEN 0 THEN 0 ELSE used_at + ?3 END, expires_at = expires_at + ?3, "
    "dies_at = CASE dies_at WHEN 0 THEN 0 ELSE dies_at + ?3 END "
    "WHERE created_at > ?1 AND created_at <= ?2";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_int64 (statement, 1, from_us);
  porch_statement_bind_int64 (statement, 2, until_us);
  porch_statement_bind_int64 (statement, 3, by_us);
  return porch_statement_run (statement, error);
}

void
porch_answer_free (PorchAnswer *answer)
{
  g_clear_pointer (&answer->request_hash, g_free);
  g_clear_pointer (&answer->body, g_free);
  g_free (answer);
}

PorchAnswer *
porch_tx_find_answer (PorchTx *tx, const char *subject, const char *key, GError **error)
{
  static const char sql[] =
    "SELECT request_hash, status, body FROM idempotency WHERE subject = ?1 AND key = ?2";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  PorchAnswer *answer;

  if (statement == NULL)
    return NULL;
  porch_statement_bind_text (statement, 1, subject);
  porch_statement_bind_text (statement, 2, key);
  if (porch_statement_step (statement, error) <= 0)
    return NULL;
  answer = g_new0 (PorchAnswer, 1);
  answer->request_hash = porch_statement_dup_text (statement, 0);
  answer->status = porch_statement_get_int64 (statement, 1);
  answer->body = porch_statement_dup_text (statement, 2);
  return answer;
}

gboolean
porch_tx_put_answer (PorchTx *tx,
                     const char *subject,
                     const char *key,
                     const PorchAnswer *answer,
                     GError **error)
{
  static const char sql[] =
    "INSERT INTO idempotency (subject, key, request_hash, status, body, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, subject);
  porch_statement_bind_text (statement, 2, key);
  porch_statement_bind_text (statement, 3, answer->request_hash);
  porch_statement_bind_int64 (statement, 4, answer->status);
  porch_statement_bind_text (statement, 5, answer->body);
  porch_statement_bind_int64 (statement, 6, porch_clock_now_us ());
  return porch_statement_run (statement, error);
}

int
porch_tx_prune_answers (PorchTx *tx, gint64 before_us, guint limit, GError **error)
{
  return remove_some (tx,
                      "DELETE FROM idempotency WHERE (subject, key) IN (SELECT subject, key "
                      "FROM idempotency INDEXED BY idempotency_at WHERE at < ?1 LIMIT ?2)",
                      before_us, limit, error);
}
