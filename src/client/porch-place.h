/* porch-place.h - whether a conversation belongs in a list, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only. Pure functions on plain values.
 */
#pragma once

#include "porch-conversation.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_LIST_MINE,
  PORCH_LIST_WAITING,
  PORCH_LIST_OPEN,
  PORCH_LIST_RESOLVED,
  PORCH_LIST_ALL,
} PorchList;

/* PORCH_LIST_ALL for a word that is not known. */
PorchList porch_list_find (const char *filter);

/* @agent is the id of who looks, may be NULL. */
gboolean porch_list_has (PorchList list, PorchConversation *conversation, const char *agent);

/* What the place depends on, as it was when the conversation was put there. */
typedef struct {
  int rank;
  gint64 time; /* smaller is higher up */
  gint64 seq;
  char id[32];
} PorchPlace;

void porch_place_init (PorchPlace *place,
                       PorchList list,
                       PorchConversation *conversation,
                       gint64 now_us);
int porch_place_compare (const PorchPlace *a, const PorchPlace *b);

G_END_DECLS
