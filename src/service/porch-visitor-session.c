/* porch-visitor-session.c - a visitor's token: how long it is good, and how it is replaced
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-visitor-session.h"

#include "porch-clock.h"

#define DAY_US      (24 * 60 * 60 * G_TIME_SPAN_SECOND)
#define IDLE_US     (30 * DAY_US)
#define RENEWAL_US  DAY_US
#define ABSOLUTE_US (180 * DAY_US)
#define OVERLAP_US  (60 * G_TIME_SPAN_SECOND)

PorchSession *
porch_visitor_session_find (PorchTx *tx, const char *token_hash, const char *site, GError **error)
{
  const gint64 now_us = porch_clock_now_us ();
  g_autoptr (PorchSession) session = NULL;

  if (token_hash == NULL)
    return NULL;
  session = porch_tx_find_session (tx, token_hash, error);
  if (session == NULL || session->kind != PORCH_ACTOR_VISITOR ||
      (site != NULL && g_strcmp0 (session->site, site) != 0) || session->expires_at <= now_us ||
      session->created_at + ABSOLUTE_US <= now_us ||
      (session->dies_at != 0 && session->dies_at <= now_us))
    return NULL;
  return g_steal_pointer (&session);
}

gboolean
porch_visitor_session_begin (PorchTx *tx,
                             const char *token_hash,
                             const char *visitor,
                             const char *site,
                             GError **error)
{
  const gint64 now_us = porch_clock_now_us ();
  PorchSession session = {
    .token_hash = (char *) token_hash,
    .kind = PORCH_ACTOR_VISITOR,
    .subject = (char *) visitor,
    .site = (char *) site,
    .created_at = now_us,
    .used_at = now_us,
    .expires_at = now_us + IDLE_US + RENEWAL_US,
  };

  return porch_tx_put_session (tx, &session, error);
}

static gboolean
replace (PorchTx *tx,
         const PorchSession *session,
         const char *new_token_hash,
         gint64 now_us,
         GError **error)
{
  /* created_at is that of the first token of all; a session that was not used yet has no used_at.
   */
  const PorchSession fresh = {
    .token_hash = (char *) new_token_hash,
    .kind = session->kind,
    .subject = session->subject,
    .site = session->site,
    .created_at = session->created_at,
    .expires_at = now_us + IDLE_US + RENEWAL_US,
    .replaces = session->token_hash,
  };

  return porch_tx_put_session (tx, &fresh, error);
}

/* The new token has arrived: the old one has a minute left, for a second tab that still has it. */
static gboolean
end_replaced (PorchTx *tx, PorchSession *session, gint64 now_us, GError **error)
{
  g_autofree char *replaced = g_steal_pointer (&session->replaces);
  GError *failure = NULL;
  g_autoptr (PorchSession) old =
    replaced != NULL ? porch_tx_find_session (tx, replaced, &failure) : NULL;

  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (old == NULL || old->dies_at != 0)
    return TRUE;
  old->dies_at = now_us + OVERLAP_US;
  old->expires_at = MIN (old->expires_at, old->dies_at);
  return porch_tx_put_session (tx, old, error);
}

gboolean
porch_visitor_session_use (PorchTx *tx,
                           PorchSession *session,
                           const char *new_token_hash,
                           gboolean *is_replaced,
                           GError **error)
{
  const gint64 now_us = porch_clock_now_us ();

  if (session->used_at == 0 && !end_replaced (tx, session, now_us, error))
    return FALSE;
  /* Replaced as soon as it would not last 30 days more: so each use makes it last so long. */
  *is_replaced = session->dies_at == 0 && session->expires_at - IDLE_US <= now_us;
  session->used_at = now_us;
  return (!*is_replaced || replace (tx, session, new_token_hash, now_us, error)) &&
         porch_tx_put_session (tx, session, error);
}
