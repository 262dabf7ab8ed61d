/* porch-tx.h - the rows, typed: what a command sees of the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Valid only inside a job's or query's `run`, on its thread. No SQL leaves this room. `get` fails
 * with PORCH_ERROR_NOT_FOUND when there is none, `find` returns NULL without an error. All fail
 * with PORCH_ERROR_STORAGE when the file does. What is returned belongs to the caller.
 */
#pragma once

#include "porch-agent.h"
#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-department.h"
#include "porch-event.h"
#include "porch-message.h"
#include "porch-rules.h"
#include "porch-site.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

typedef struct _PorchTx PorchTx;

/* ---- settings ---- */
char *porch_tx_find_setting (PorchTx *tx, const char *key, GError **error);
/* @value NULL: it is none any more. */
gboolean porch_tx_set_setting (PorchTx *tx, const char *key, const char *value, GError **error);

/* ---- the log ---- */
/* Takes the next seq. A message is inserted under the seq of its event, so: take, fill in, insert
 * the message, update the conversation, append the event with it. */
gint64 porch_tx_take_seq (PorchTx *tx);
/* Writes the row (with @event->seq set) and keeps a reference to publish after the commit. Not to
 * be changed any more. */
gboolean porch_tx_append_event (PorchTx *tx, PorchEvent *event, GError **error);
/* Up to @limit events after @since (at most PORCH_TX_PAGE_MAX), oldest first, each with its
 * conversation and message (or agent, contact, site) as they are now, and without what is gone by
 * now. @conversations (may be NULL): only of these pks. */
GPtrArray *porch_tx_list_events (PorchTx *tx,
                                 gint64 since,
                                 const GArray *conversations,
                                 guint limit,
                                 GError **error);
/* The oldest seq that can be resumed from: everything after it is in the log. -1 with an error. */
gint64 porch_tx_get_log_start (PorchTx *tx, GError **error);
/* The last event that may be removed: 100,000 stay, and what the slowest cursor needs. It only
 * rises, so what was found once holds for all that is removed because of it. 0 when even the oldest
 * is of @before_us or younger, without the walk along 100,000 rows; -1 with an error. */
gint64 porch_tx_find_prunable (PorchTx *tx, gint64 before_us, GError **error);
/* Removes events up to @until that are older than @before_us. At most @limit; returns how many, -1
 * with an error. */
int
porch_tx_prune_events (PorchTx *tx, gint64 until, gint64 before_us, guint limit, GError **error);

/* ---- conversations ---- */
/* A copy of the caller's own, also when the writer remembers it. */
PorchConversation *porch_tx_get_conversation (PorchTx *tx, const char *id, GError **error);
PorchConversation *porch_tx_get_conversation_pk (PorchTx *tx, gint64 pk, GError **error);
PorchConversation *
porch_tx_find_handle (PorchTx *tx, const char *visitor, const char *handle, GError **error);
/* Sets the pk. */
gboolean
porch_tx_insert_conversation (PorchTx *tx, PorchConversation *conversation, GError **error);
gboolean
/* Writes the columns that differ from the row, and no others. NOT_FOUND when there is no such
 * row. */
porch_tx_update_conversation (PorchTx *tx, PorchConversation *conversation, GError **error);
/* Newest first, of all visitors (browsers) of @contact on @site. */
GPtrArray *porch_tx_list_contact_conversations (PorchTx *tx,
                                                const char *contact,
                                                const char *site,
                                                guint limit,
                                                GError **error);
/* The number of the newest that was made since @since_us, 0 for none, -1 with an error: for
 * "Visitor 7". */
gint64 porch_tx_get_last_number (PorchTx *tx, gint64 since_us, GError **error);
/* Microseconds that those waited who were answered for the first time, a GArray of gint64 for each
 * department: among the newest @limit conversations, as far as they were made since @since_us. */
GHashTable *porch_tx_list_first_waits (PorchTx *tx, gint64 since_us, guint limit, GError **error);

typedef enum {
  PORCH_FILTER_MINE,     /* open ones that the agent has, newest first */
  PORCH_FILTER_WAITING,  /* waiting and missed, longest wait first */
  PORCH_FILTER_OPEN,     /* newest first */
  PORCH_FILTER_RESOLVED, /* resolved and closed, newest first */
  PORCH_FILTER_ALL,      /* newest first */
} PorchFilter;
GType porch_filter_get_type (void);

typedef struct {
  PorchFilter filter;
  PorchAgent *agent; /* whose scope (porch_rules_agent_sees ()) it is */
  gint64 after;      /* key that the last page ended with, 0 for the first page */
  gint64 after_pk;   /* second key, of PORCH_FILTER_WAITING */
  guint limit;
} PorchConversationPage;
/* The next page begins after @next, @next_pk; @next is 0 when there is no more. A page has at least
 * one row and at most PORCH_TX_PAGE_MAX, whatever the limit says. */
GPtrArray *porch_tx_list_conversations (PorchTx *tx,
                                        const PorchConversationPage *page,
                                        gint64 *next,
                                        gint64 *next_pk,
                                        GError **error);
/* Each up to PORCH_TX_COUNT_MAX, which means that or more. */
#define PORCH_TX_COUNT_MAX 1000
typedef struct {
  gint64 mine, waiting, open;
} PorchCounts;
gboolean
porch_tx_count_conversations (PorchTx *tx, PorchAgent *agent, PorchCounts *counts, GError **error);
/* Pks of those that porch_rules_due () may say something about at @now_us; at most @limit.
 * @next_due_us gets the earliest moment after @now_us at which one will be, 0 for none. */
GArray *porch_tx_list_due (PorchTx *tx,
                           const PorchTimes *times,
                           gint64 now_us,
                           guint limit,
                           gint64 *next_due_us,
                           GError **error);

/* ---- messages ---- */
/* Under its seq, which is not 0. CONFLICT when its device has not counted up to n - 1 in this
 * conversation. Fills in client_id and the conversation's id. */
gboolean porch_tx_insert_message (PorchTx *tx, PorchMessage *message, GError **error);
/* The newest message of @device in the conversation: its n, 0 when there is none; -1 with an error.
 */
gint64
porch_tx_get_last_n (PorchTx *tx, gint64 conversation_pk, const char *device, GError **error);
PorchMessage *porch_tx_find_client_message (PorchTx *tx,
                                            gint64 conversation_pk,
                                            const char *device,
                                            gint64 n,
                                            GError **error);
typedef struct {
  gint64 conversation_pk;
  gint64 before; /* seqs, exclusive; 0 for none */
  gint64 after;
  guint limit;
  gboolean is_staff; /* FALSE: PORCH_VISIBILITY_PUBLIC only */
} PorchMessagePage;
/* Oldest first: the newest @limit of what the page asks for, or with only @after the oldest @limit.
 */
GPtrArray *porch_tx_list_messages (PorchTx *tx,
                                   const PorchMessagePage *page,
                                   gboolean *has_more,
                                   GError **error);
/* Public messages of @sender_kind after @after: for unread counts. -1 with an error. */
gint64 porch_tx_count_messages_after (PorchTx *tx,
                                      gint64 conversation_pk,
                                      gboolean from_visitor,
                                      gint64 after,
                                      GError **error);

/* ---- people ---- */
PorchContact *porch_tx_get_contact (PorchTx *tx, const char *id, GError **error);
gboolean porch_tx_insert_contact (PorchTx *tx, PorchContact *contact, GError **error);
/* Also carries name and e-mail into its conversations. */
gboolean porch_tx_update_contact (PorchTx *tx, PorchContact *contact, GError **error);
PorchVisitor *porch_tx_get_visitor (PorchTx *tx, const char *id, GError **error);
/* The one member that every message asks for. */
gboolean
porch_tx_read_blocked (PorchTx *tx, const char *visitor, gboolean *is_blocked, GError **error);
gboolean porch_tx_insert_visitor (PorchTx *tx, PorchVisitor *visitor, GError **error);
gboolean porch_tx_update_visitor (PorchTx *tx, PorchVisitor *visitor, GError **error);

PorchAgent *porch_tx_get_agent (PorchTx *tx, const char *id, GError **error);
PorchAgent *porch_tx_find_agent_by_email (PorchTx *tx, const char *email, GError **error);
GPtrArray *porch_tx_list_agents (PorchTx *tx, GError **error);
gboolean porch_tx_insert_agent (PorchTx *tx, PorchAgent *agent, GError **error);
gboolean porch_tx_update_agent (PorchTx *tx, PorchAgent *agent, GError **error);

PorchSite *porch_tx_get_site (PorchTx *tx, const char *id, GError **error);
GPtrArray *porch_tx_list_sites (PorchTx *tx, GError **error);
gboolean porch_tx_insert_site (PorchTx *tx, PorchSite *site, GError **error);
gboolean porch_tx_update_site (PorchTx *tx, PorchSite *site, GError **error);
GPtrArray *porch_tx_list_departments (PorchTx *tx, GError **error);
gboolean porch_tx_insert_department (PorchTx *tx, PorchDepartment *department, GError **error);

/* ---- sessions ---- */
typedef struct {
  char *token_hash;
  PorchActorKind kind; /* VISITOR or AGENT */
  char *subject;       /* id */
  char *site;          /* of a visitor's */
  gint64 created_at, used_at, expires_at;
  gint64 dies_at; /* replaced: 0, or when it ends, which is then its expires_at, too */
  char *replaces; /* hash of the one that dies with the first use of this one, or NULL */
} PorchSession;
void porch_session_free (PorchSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchSession, porch_session_free)

PorchSession *porch_tx_find_session (PorchTx *tx, const char *token_hash, GError **error);
/* Replaces the one with the same token_hash. */
gboolean porch_tx_put_session (PorchTx *tx, const PorchSession *session, GError **error);
/* No error when there is none. */
gboolean porch_tx_delete_session (PorchTx *tx, const char *token_hash, GError **error);
/* The wall clock was set by @by_us: all times of sessions that were made between @from_us (not
 * itself) and @until_us move along. */
gboolean porch_tx_shift_sessions (PorchTx *tx,
                                  gint64 from_us,
                                  gint64 until_us,
                                  gint64 by_us,
                                  GError **error);
/* Removes what expired before @now_us. At most @limit; returns how many, -1 with an error. */
int porch_tx_prune_sessions (PorchTx *tx, gint64 now_us, guint limit, GError **error);

/* ---- once and only once ---- */
typedef struct {
  char *request_hash;
  int status;
  char *body;
} PorchAnswer;
void porch_answer_free (PorchAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchAnswer, porch_answer_free)
PorchAnswer *
porch_tx_find_answer (PorchTx *tx, const char *subject, const char *key, GError **error);
/* CONFLICT when there is one under this key already. */
gboolean porch_tx_put_answer (PorchTx *tx,
                              const char *subject,
                              const char *key,
                              const PorchAnswer *answer,
                              GError **error);
/* The same with what was answered before @before_us. */
int porch_tx_prune_answers (PorchTx *tx, gint64 before_us, guint limit, GError **error);

G_END_DECLS
