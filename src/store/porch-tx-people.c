/* porch-tx-people.c - rows, typed: contacts, visitors, agents, and where they meet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-tx-private.h"

#include "porch-error.h"

static const char contact_by_id[] = "SELECT @ FROM contact WHERE id = ?1";
static const char visitor_by_id[] = "SELECT @ FROM visitor WHERE id = ?1";
static const char agent_by_id[] = "SELECT @ FROM agent WHERE id = ?1";
static const char site_by_id[] = "SELECT @ FROM site WHERE id = ?1";

/* Tables of a few rows, read whole. */
static GPtrArray *
list_all (PorchTx *tx, PorchRowKind kind, const char *sql, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take_columns (tx->connection, sql, porch_row_get (kind)->columns, error);

  return statement != NULL ? porch_tx_collect (statement, kind, error) : NULL;
}

PorchContact *
porch_tx_get_contact (PorchTx *tx, const char *id, GError **error)
{
  gpointer contact = porch_tx_find_by_text (tx, PORCH_ROW_CONTACT, contact_by_id, id, error);

  return porch_tx_require (contact, "contact", id, error);
}

gboolean
porch_tx_insert_contact (PorchTx *tx, PorchContact *contact, GError **error)
{
  return porch_tx_insert_row (tx, PORCH_ROW_CONTACT, contact, error);
}

gboolean
porch_tx_update_contact (PorchTx *tx, PorchContact *contact, GError **error)
{
  static const char sql[] =
    "UPDATE conversation SET contact_name = ?2, contact_email = ?3 WHERE contact = ?1 "
    "AND (contact_name IS NOT ?2 OR contact_email IS NOT ?3)";
  g_autoptr (PorchStatement) statement = NULL;

  if (!porch_tx_update_row (tx, PORCH_ROW_CONTACT, contact_by_id, contact, error))
    return FALSE;
  statement = porch_statement_take (tx->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, contact->id);
  porch_statement_bind_text (statement, 2, contact->name);
  porch_statement_bind_text (statement, 3, contact->email);
  if (!porch_statement_run (statement, error))
    return FALSE;
  if (tx->kept != NULL && sqlite3_changes (tx->connection->db) > 0)
    porch_kept_forget (tx->kept);
  return TRUE;
}

PorchVisitor *
porch_tx_get_visitor (PorchTx *tx, const char *id, GError **error)
{
  gpointer visitor = porch_tx_find_by_text (tx, PORCH_ROW_VISITOR, visitor_by_id, id, error);

  return porch_tx_require (visitor, "visitor", id, error);
}

gboolean
porch_tx_read_blocked (PorchTx *tx, const char *visitor, gboolean *is_blocked, GError **error)
{
  static const char sql[] = "SELECT is_blocked FROM visitor WHERE id = ?1";
  g_autoptr (PorchStatement) statement = porch_statement_take (tx->connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, visitor);
  step = porch_statement_step (statement, error);
  if (step > 0)
    *is_blocked = porch_statement_get_int64 (statement, 0) != 0;
  else if (step == 0)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "no visitor %s", visitor);
  return step > 0;
}

gboolean
porch_tx_insert_visitor (PorchTx *tx, PorchVisitor *visitor, GError **error)
{
  return porch_tx_insert_row (tx, PORCH_ROW_VISITOR, visitor, error);
}

gboolean
porch_tx_update_visitor (PorchTx *tx, PorchVisitor *visitor, GError **error)
{
  return porch_tx_update_row (tx, PORCH_ROW_VISITOR, visitor_by_id, visitor, error);
}

PorchAgent *
porch_tx_get_agent (PorchTx *tx, const char *id, GError **error)
{
  gpointer agent = porch_tx_find_by_text (tx, PORCH_ROW_AGENT, agent_by_id, id, error);

  return porch_tx_require (agent, "agent", id, error);
}

PorchAgent *
porch_tx_find_agent_by_email (PorchTx *tx, const char *email, GError **error)
{
  return porch_tx_find_by_text (tx, PORCH_ROW_AGENT, "SELECT @ FROM agent WHERE email = ?1", email,
                                error);
}

GPtrArray *
porch_tx_list_agents (PorchTx *tx, GError **error)
{
  return list_all (tx, PORCH_ROW_AGENT, "SELECT @ FROM agent ORDER BY rowid", error);
}

gboolean
porch_tx_insert_agent (PorchTx *tx, PorchAgent *agent, GError **error)
{
  return porch_tx_insert_row (tx, PORCH_ROW_AGENT, agent, error);
}

gboolean
porch_tx_update_agent (PorchTx *tx, PorchAgent *agent, GError **error)
{
  return porch_tx_update_row (tx, PORCH_ROW_AGENT, agent_by_id, agent, error);
}

PorchSite *
porch_tx_get_site (PorchTx *tx, const char *id, GError **error)
{
  gpointer site = porch_tx_find_by_text (tx, PORCH_ROW_SITE, site_by_id, id, error);

  return porch_tx_require (site, "site", id, error);
}

GPtrArray *
porch_tx_list_sites (PorchTx *tx, GError **error)
{
  return list_all (tx, PORCH_ROW_SITE, "SELECT @ FROM site ORDER BY rowid", error);
}

gboolean
porch_tx_insert_site (PorchTx *tx, PorchSite *site, GError **error)
{
  return porch_tx_insert_row (tx, PORCH_ROW_SITE, site, error);
}

gboolean
porch_tx_update_site (PorchTx *tx, PorchSite *site, GError **error)
{
  return porch_tx_update_row (tx, PORCH_ROW_SITE, site_by_id, site, error);
}

GPtrArray *
porch_tx_list_departments (PorchTx *tx, GError **error)
{
  return list_all (tx, PORCH_ROW_DEPARTMENT, "SELECT @ FROM department ORDER BY position, slug",
                   error);
}

gboolean
porch_tx_insert_department (PorchTx *tx, PorchDepartment *department, GError **error)
{
  return porch_tx_insert_row (tx, PORCH_ROW_DEPARTMENT, department, error);
}
