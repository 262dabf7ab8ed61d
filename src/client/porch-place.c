/* porch-place.c - whether a conversation belongs in a list, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-place.h"

#include "porch-rules.h"

#include <string.h>

/* The last rank in which waiting longer means standing higher: missed and waiting. */
#define RANK_WAITING 1

static const char *const filters[] = {
  [PORCH_LIST_MINE] = "mine",         [PORCH_LIST_WAITING] = "waiting", [PORCH_LIST_OPEN] = "open",
  [PORCH_LIST_RESOLVED] = "resolved", [PORCH_LIST_ALL] = "all",
};

PorchList
porch_list_find (const char *filter)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_strcmp0 (filters[i], filter) == 0)
      return (PorchList) i;
  return PORCH_LIST_ALL;
}

gboolean
porch_list_has (PorchList list, PorchConversation *conversation, const char *agent)
{
  const gboolean is_open = conversation->state < PORCH_STATE_RESOLVED;

  switch (list) {
  case PORCH_LIST_MINE:
    return is_open && agent != NULL && g_strcmp0 (conversation->assignee, agent) == 0;
  case PORCH_LIST_WAITING:
    return conversation->state == PORCH_STATE_WAITING || conversation->state == PORCH_STATE_MISSED;
  case PORCH_LIST_OPEN:
    return is_open;
  case PORCH_LIST_RESOLVED:
    return !is_open;
  case PORCH_LIST_ALL:
    return TRUE;
  }
  g_return_val_if_reached (FALSE);
}

void
porch_place_init (PorchPlace *place, PorchList list, PorchConversation *conversation, gint64 now_us)
{
  /* What is done is in order of time alone, also when a part of it is shown beside the rest. */
  place->rank = list == PORCH_LIST_RESOLVED ? 0 : porch_rules_rank (conversation, now_us);
  place->time = -conversation->last_at;
  if (list != PORCH_LIST_RESOLVED && place->rank <= RANK_WAITING)
    place->time = conversation->waiting_since;
  place->seq = -conversation->last_seq;
  g_strlcpy (place->id, conversation->id, sizeof place->id);
}

static int
compare (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

int
porch_place_compare (const PorchPlace *a, const PorchPlace *b)
{
  int order = compare (a->rank, b->rank);

  if (order == 0)
    order = compare (a->time, b->time);
  if (order == 0)
    order = compare (a->seq, b->seq);
  return order != 0 ? order : strcmp (a->id, b->id);
}
