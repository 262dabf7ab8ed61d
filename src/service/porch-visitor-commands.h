/* porch-visitor-commands.h - what a visitor does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"

G_BEGIN_DECLS

/* Comes in with a token, or as somebody new. A token that is not valid makes a new visitor; it
 * opens nothing. */
typedef struct {
  char *site;
  char *token_hash;     /* of the token that came, NULL for none */
  char *new_token_hash; /* of the one to give out if one is needed */
  char *name;           /* of the profile; NULL keeps what is there */
  char *email;
  char *page_url, *page_title, *referrer, *lang, *browser;
  gboolean has_page; /* the facts about the page are known, and replace those that were */
  gboolean is_visit; /* a new page load */
} PorchEnterInput;
typedef struct {
  PorchVisitor *visitor;
  PorchContact *contact;
  GPtrArray *conversations; /* newest first, at most 50 */
  gboolean is_new_token;    /* the new one holds from now on */
} PorchEnterResult;
/* BLOCKED when the visitor is. Name and e-mail address are taken as far as they can be used; what
 * cannot is left out without a word. */
extern const PorchCommand porch_visitor_enter;

/* Went, from the page that was seen last. Who has come again since is there, so it changes nothing
 * then. */
typedef struct {
  char *visitor;
  char *page_url, *page_title;
  gint64 last_seen_at;
} PorchLeaveInput;
extern const PorchCommand porch_visitor_leave;

/* Writes. The conversation is an id, or a handle of which the first message makes the conversation.
 */
typedef struct {
  char *visitor;
  char *conversation;
  char *department; /* slug; NULL or an unknown one: the first */
  char *device;
  gint64 n;
  char *text;
} PorchWriteInput;
typedef struct {
  PorchConversation *conversation;
  PorchMessage *message;
  gboolean is_new; /* this message began the conversation */
  gint64 expected; /* with PORCH_ERROR_GAP */
} PorchWriteResult;
/* EMPTY, TOO_LONG, NOT_FOUND, BLOCKED, CLOSED, GAP, ID_CONFLICT. The same @n with the same text
 * gets the stored message again, also when blocked since. Words into a resolved one reopen it. */
extern const PorchCommand porch_visitor_write;

/* Has received and read up to a seq. Only ever rises. */
typedef struct {
  char *visitor;
  char *conversation;
  gint64 received, read;
} PorchReceiptInput;
extern const PorchCommand porch_visitor_receipt;

typedef struct {
  char *visitor;
  char *conversation;
} PorchEndInput;
/* Resolves it, so that words within the usual time reopen it. Nothing to do for one that is
 * over. */
extern const PorchCommand porch_visitor_end;

typedef struct {
  char *visitor;
  char *conversation;
  gint64 score;
  char *comment;
} PorchRateInput;
/* Once for a conversation: CONFLICT for a second time, or where the state does not allow it;
 * BAD_MESSAGE for a score that is not 1 to 5; BLOCKED. The comment may be NULL or blank. */
extern const PorchCommand porch_visitor_rate;

/* A session alone: who holds the token. UNAUTHORIZED, BLOCKED. */
typedef struct {
  char *token_hash;
  char *conversation; /* one that is asked about, or NULL */
} PorchWhoInput;
typedef struct {
  char *visitor, *site;
  gboolean has_conversation; /* it is theirs */
} PorchWhoResult;
extern const PorchCommand porch_visitor_who;

/* What a visitor missed: events after a seq that are for them. Too far back: PORCH_ERROR_GAP. */
typedef struct {
  char *visitor;
  gint64 since;
  guint limit;
} PorchMissedInput;
typedef struct {
  GPtrArray *events;
  gboolean has_more;
} PorchMissedResult;
extern const PorchCommand porch_visitor_missed;

/* A page of one of the visitor's own conversations, or the list of them. */
typedef struct {
  char *visitor;
  char *conversation;
  gint64 before, after;
  guint limit;
} PorchHistoryInput;
typedef struct {
  PorchConversation *conversation;
  GPtrArray *messages;
  gboolean has_more;
} PorchHistoryResult;
extern const PorchCommand porch_visitor_history;

typedef struct {
  char *visitor;
} PorchOwnInput;
typedef struct {
  GPtrArray *conversations;
} PorchOwnResult;
extern const PorchCommand porch_visitor_conversations;

/* Who waits, longest first: for the places in the queue; and how long who waits now is likely to.
 */
typedef struct {
  GPtrArray *conversations;
  GHashTable *usual_us; /* department's slug -> gint64, where it can be said */
} PorchQueueResult;
extern const PorchCommand porch_queue;

G_END_DECLS
