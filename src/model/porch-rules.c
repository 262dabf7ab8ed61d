/* porch-rules.c - what may happen to a conversation, and who may see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-rules.h"

#include "porch-address.h"
#include "porch-text.h"

#include <string.h>

/* Of fewer no median says anything. */
#define WAITS_MIN 3

#define IN(state) (1 << PORCH_STATE_##state)
#define QUEUED    (IN (PENDING) | IN (WAITING) | IN (MISSED))
#define OPEN      (QUEUED | IN (ACTIVE))

/* The states in which an action is possible. */
static const int possible[] = {
  [PORCH_ACTION_VISITOR_WRITES] = OPEN | IN (RESOLVED),
  [PORCH_ACTION_AGENT_WRITES] = OPEN | IN (RESOLVED),
  [PORCH_ACTION_TAKE] = OPEN | IN (RESOLVED),
  [PORCH_ACTION_ASSIGN] = OPEN | IN (RESOLVED),
  [PORCH_ACTION_RESOLVE] = OPEN,
  [PORCH_ACTION_CLOSE] = OPEN | IN (RESOLVED),
  [PORCH_ACTION_REOPEN] = IN (RESOLVED) | IN (CLOSED),
  [PORCH_ACTION_MISS] = IN (WAITING),
  [PORCH_ACTION_RATE] = IN (RESOLVED) | IN (CLOSED),
};

gboolean
porch_rules_next_state (PorchState state,
                        PorchAction action,
                        gboolean has_assignee,
                        PorchState *next)
{
  if ((possible[action] & (1 << state)) == 0)
    return FALSE;

  *next = state;
  switch (action) {
  case PORCH_ACTION_VISITOR_WRITES:
    if (state == PORCH_STATE_RESOLVED)
      *next = has_assignee ? PORCH_STATE_ACTIVE : PORCH_STATE_WAITING;
    else if (state == PORCH_STATE_PENDING)
      *next = PORCH_STATE_WAITING;
    break;
  case PORCH_ACTION_REOPEN:
    *next = has_assignee ? PORCH_STATE_ACTIVE : PORCH_STATE_WAITING;
    break;
  case PORCH_ACTION_AGENT_WRITES:
    /* Whoever answers has it; service/ assigns before it asks. */
    *next = PORCH_STATE_ACTIVE;
    break;
  case PORCH_ACTION_TAKE:
  case PORCH_ACTION_ASSIGN:
    *next = PORCH_STATE_ACTIVE;
    break;
  case PORCH_ACTION_RESOLVE:
    *next = PORCH_STATE_RESOLVED;
    break;
  case PORCH_ACTION_CLOSE:
    *next = PORCH_STATE_CLOSED;
    break;
  case PORCH_ACTION_MISS:
    *next = PORCH_STATE_MISSED;
    break;
  case PORCH_ACTION_RATE:
    break;
  }
  return TRUE;
}

void
porch_times_init (PorchTimes *times)
{
  times->missed_after_us = 5 * 60 * G_TIME_SPAN_SECOND;
  times->idle_after_us = 30 * 60 * G_TIME_SPAN_SECOND;
  times->closed_after_us = 24 * 60 * 60 * G_TIME_SPAN_SECOND;
}

gboolean
porch_rules_due (PorchConversation *conversation,
                 const PorchTimes *times,
                 gint64 now_us,
                 PorchAction *action,
                 gint64 *due_us)
{
  gint64 due = 0;

  switch ((PorchState) conversation->state) {
  case PORCH_STATE_WAITING:
    if (conversation->waiting_since != 0)
      due = conversation->waiting_since + times->missed_after_us;
    *action = PORCH_ACTION_MISS;
    break;
  case PORCH_STATE_ACTIVE:
    /* Never while the visitor waits for an answer. */
    if (conversation->last_sender != PORCH_ACTOR_VISITOR && conversation->last_at != 0)
      due = conversation->last_at + times->idle_after_us;
    *action = PORCH_ACTION_RESOLVE;
    break;
  case PORCH_STATE_RESOLVED:
    if (conversation->resolved_at != 0)
      due = conversation->resolved_at + times->closed_after_us;
    *action = PORCH_ACTION_CLOSE;
    break;
  case PORCH_STATE_PENDING:
  case PORCH_STATE_MISSED:
  case PORCH_STATE_CLOSED:
    break;
  }
  if (due_us != NULL)
    *due_us = due;
  return due != 0 && due <= now_us;
}

gboolean
porch_rules_agent_sees (PorchAgent *agent, PorchConversation *conversation)
{
  if (agent->role >= PORCH_ROLE_SUPERVISOR)
    return TRUE;
  if (conversation->assignee != NULL && g_strcmp0 (agent->id, conversation->assignee) == 0)
    return TRUE;
  return agent->departments != NULL && conversation->department != NULL &&
         g_strv_contains ((const char *const *) agent->departments, conversation->department);
}

int
porch_rules_rank (PorchConversation *conversation, gint64 now_us)
{
  if (conversation->state >= PORCH_STATE_RESOLVED)
    return 5;
  if (conversation->snoozed_until > now_us)
    return 4;
  if (conversation->state == PORCH_STATE_MISSED)
    return 0;
  if (conversation->state == PORCH_STATE_WAITING)
    return 1;
  return conversation->last_sender == PORCH_ACTOR_VISITOR ? 2 : 3;
}

char *
porch_rules_dup_domain (const char *text)
{
  /* A path behind the host is left out, but must not cut it off. */
  g_autofree char *line = porch_text_dup_line (text, PORCH_URL_CHARACTERS);
  g_auto (PorchAddress) address = { 0 };
  g_autofree char *authority = NULL;

  if (line == NULL || !porch_address_parse (line, &address))
    return NULL;
  if (address.is_plain)
    return porch_address_to_origin (&address);
  authority = porch_address_to_authority (&address);
  /* Both stand for each other. */
  return g_strdup (g_str_has_prefix (authority, "www.") ? authority + strlen ("www.") : authority);
}

static gboolean
is_port_or_end (const char *text)
{
  return *text == '\0' ||
         (*text == ':' && text[1] != '\0' && strspn (text + 1, "0123456789") == strlen (text + 1));
}

gboolean
porch_rules_origin_matches (const char *domain, const char *origin)
{
  g_auto (PorchAddress) address = { 0 };
  g_autofree char *wanted = NULL;
  const char *host = strstr (origin, "://");

  /* "null" is what a sandboxed page and a local file say. */
  if (host == NULL || !porch_address_parse (domain, &address))
    return FALSE;
  if (address.has_scheme) {
    wanted = porch_address_to_origin (&address);
    return strcmp (wanted, origin) == 0;
  }

  host += strlen ("://");
  wanted = porch_address_to_authority (&address);
  if (strcmp (wanted, "localhost") == 0)
    return g_str_has_prefix (host, wanted) && is_port_or_end (host + strlen (wanted));
  if (!g_str_has_prefix (origin, "https://"))
    return FALSE;
  return strcmp (host, wanted) == 0 ||
         (g_str_has_prefix (host, "www.") && strcmp (host + strlen ("www."), wanted) == 0);
}

static int
compare_waits (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

gint64
porch_rules_usual_wait (GArray *waits_us)
{
  if (waits_us->len < WAITS_MIN)
    return -1;
  g_array_sort (waits_us, compare_waits);
  return g_array_index (waits_us, gint64, waits_us->len / 2);
}

gint64
porch_rules_wait_left (PorchConversation *conversation, gint64 usual_us, gint64 now_us)
{
  gint64 left_us;

  if (usual_us < 0 || conversation->state != PORCH_STATE_WAITING ||
      conversation->waiting_since == 0)
    return 0;
  left_us = usual_us - MAX (now_us - conversation->waiting_since, 0);
  return left_us > 0 ? (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC : 0;
}
