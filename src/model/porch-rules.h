/* porch-rules.h - what may happen to a conversation, and who may see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pure functions on plain values: no clock, no store. Their tables are tests/model/test-rules.c.
 */
#pragma once

#include "porch-agent.h"
#include "porch-conversation.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_ACTION_VISITOR_WRITES,
  PORCH_ACTION_AGENT_WRITES,
  PORCH_ACTION_TAKE,
  PORCH_ACTION_ASSIGN,
  PORCH_ACTION_RESOLVE,
  PORCH_ACTION_CLOSE,
  PORCH_ACTION_REOPEN,
  PORCH_ACTION_MISS,
  PORCH_ACTION_RATE,
} PorchAction;

/* FALSE when @action is not possible in @state. @next may be @state itself. A visitor who writes
 * into a resolved conversation reopens it: to active when an agent has it, to waiting otherwise. */
gboolean porch_rules_next_state (PorchState state,
                                 PorchAction action,
                                 gboolean has_assignee,
                                 PorchState *next);

/* Settings that are times. All in microseconds. */
typedef struct {
  gint64 missed_after_us; /* 5 min */
  gint64 idle_after_us;   /* 30 min */
  gint64 closed_after_us; /* 24 h */
} PorchTimes;

void porch_times_init (PorchTimes *times);

/* What time alone does to @conversation at @now_us: MISS, RESOLVE or CLOSE; FALSE for nothing.
 * @due_us (may be NULL) gets the moment at which it is due, also when that is still to come; 0 for
 * never. */
gboolean porch_rules_due (PorchConversation *conversation,
                          const PorchTimes *times,
                          gint64 now_us,
                          PorchAction *action,
                          gint64 *due_us);

/* Agents see their own conversations and their departments'; supervisors and admins see all. Hangs
 * on nothing but the conversation's department and assignee: answers are remembered by them. */
gboolean porch_rules_agent_sees (PorchAgent *agent, PorchConversation *conversation);

/* How far up a conversation belongs in the inbox: 0 missed, 1 waiting, 2 the visitor's word is the
 * last, 3 the rest, 4 snoozed, 5 done. */
int porch_rules_rank (PorchConversation *conversation, gint64 now_us);

/* The address of a website as it is kept, of what a person writes or pastes:
 * "https://www.Example.com/shop" becomes "example.com". What is no https address keeps its scheme,
 * as it must be written to be allowed. A name without a dot may be one of the house's own network.
 * NULL when it is no address of a website. */
char *porch_rules_dup_domain (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* A host that the owner wrote ("example.com", "http://localhost:3000") against an Origin header.
 * A bare host means https://HOST and https://www.HOST; "localhost" any scheme and port. How the
 * owner wrote it (capitals, letters beyond ASCII, a path behind it) does not matter. */
gboolean porch_rules_origin_matches (const char *domain, const char *origin);

/* How long who comes now will wait for a first answer, by the waits of those who came before: their
 * median. Sorts them. -1 when they are too few to say. */
gint64 porch_rules_usual_wait (GArray *waits_us);
/* What is left of that for @conversation at @now_us, in seconds; 0 when nobody can say: it does not
 * wait, or it has waited longer than usual already. */
gint64 porch_rules_wait_left (PorchConversation *conversation, gint64 usual_us, gint64 now_us);

G_END_DECLS
