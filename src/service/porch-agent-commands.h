/* porch-agent-commands.h - what an agent does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"

G_BEGIN_DECLS

/* take, assign, resolve, close, reopen, and plain looking share their shape. */
typedef struct {
  char *agent; /* who does it */
  char *conversation;
  char *target; /* of assign: who gets it */
} PorchActInput;
typedef struct {
  PorchConversation *conversation;
  PorchContact *contact;
  PorchVisitor *visitor;
} PorchActResult;
/* NOT_FOUND, to the letter, for what is not there and for what the agent does not see. CONFLICT
 * when a colleague has it (then assign takes it over), when the target is disabled, and when the
 * state does not allow it. Taking what one has already changes nothing and succeeds. */
extern const PorchCommand porch_agent_take;
extern const PorchCommand porch_agent_assign;
extern const PorchCommand porch_agent_resolve;
extern const PorchCommand porch_agent_close;
extern const PorchCommand porch_agent_reopen;
extern const PorchCommand porch_agent_look; /* a question */

/* Answers the visitor, or writes a note. Answering what nobody has takes it. */
typedef struct {
  char *agent;
  char *conversation;
  char *device;
  gint64 n;
  char *text;
  gboolean is_note;
} PorchAnswerInput;
typedef struct {
  PorchMessage *message;
} PorchAnswerResult;
/* Besides: EMPTY, TOO_LONG, GAP or ID_CONFLICT for @n, CONFLICT for an answer where a colleague has
 * it. The same @n with the same text gets the stored message again. A note moves nothing. */
extern const PorchCommand porch_agent_answer;

typedef struct {
  char *agent;
  char *conversation;
  gint64 read;
} PorchAgentReadInput;
/* Read up to a seq. Counts for the agent who has the conversation, or for anybody while nobody has;
 * only ever rises. */
extern const PorchCommand porch_agent_read;

/* ---- questions ---- */

typedef struct {
  char *agent;
  char *filter; /* nick of a PorchFilter */
  char *after;  /* cursor of the last page, NULL for the first */
  guint limit;
} PorchListInput;
typedef struct {
  GPtrArray *conversations;
  char *next;
  gint64 mine, waiting, open;
} PorchListResult;
/* BAD_MESSAGE for a filter or a cursor that is not this list's. The cursor is "FILTER.KEY.PK",
 * decimal: the last row's sort key, and its row for those with the same. @next is NULL on the last
 * page. */
extern const PorchCommand porch_agent_list;

typedef struct {
  char *agent;
  char *conversation;
  gint64 before, after;
  guint limit;
} PorchPageInput;
typedef struct {
  GPtrArray *messages;
  gboolean has_more;
} PorchPageResult;
/* Messages before or after a seq, 0 for neither. */
extern const PorchCommand porch_agent_page;

/* What an agent's window missed. Too far back: PORCH_ERROR_GAP. The scope is checked by who sends.
 */
typedef struct {
  gint64 since;
  guint limit;
} PorchLogInput;
typedef struct {
  GPtrArray *events;
  gboolean has_more;
} PorchLogResult;
extern const PorchCommand porch_agent_log;

G_END_DECLS
