/* porch-service.h - the fronts of the use cases: what api/ and channel/ call, on the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holds what every request needs at once and what is small: the business, its sites and
 * departments, the agents and their sessions, who is connected. All of it is read from the store at
 * the start and kept true by the commands that change it.
 */
#pragma once

#include <gio/gio.h>

#include "porch-bus.h"
#include "porch-business-commands.h"
#include "porch-command.h"
#include "porch-department.h"
#include "porch-rules.h"
#include "porch-site-commands.h"
#include "porch-site.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SERVICE (porch_service_get_type ())
G_DECLARE_FINAL_TYPE (PorchService, porch_service, PORCH, SERVICE, GObject)

/* Opens the folder's file, reads what is held, and begins to look at what time changes.
 * Blocking: before the loop runs. Fails as porch_store_open () does, or when what was opened
 * cannot be read. */
PorchService *porch_service_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes what was begun and closes the file. Passwords that wait are answered with
 * PORCH_ERROR_SHUTTING_DOWN. Blocking, at the end; the object goes on until its last reference. */
void porch_service_close (PorchService *self);
/* It was closed: what is asked now is refused, and answered when its askers may be gone. */
gboolean porch_service_is_closed (PorchService *self);

/* Takes @in. @done may be NULL; it runs on the main thread, after the commit or the failure. The
 * order in which commands were handed in is that in which they run and are answered. */
void porch_service_run (PorchService *self,
                        const PorchCommand *command,
                        gpointer in,
                        PorchCommandDone done,
                        gpointer data);
/* What an Idempotency-Key says: under it the answer is kept a day in the same transaction, and the
 * same request again gets it without running; another request under the key is
 * PORCH_ERROR_ID_CONFLICT. */
typedef struct {
  const char *subject; /* whose key it is */
  const char *key;     /* NULL: there is none */
  const char *request; /* what makes it the same one; its hash is kept, so nothing secret */
} PorchOnce;
/* The same for the agents' API: @done gets the rendered answer, which is its own to free: JSON, or
 * "" of a command that renders nothing. NULL with an error, and from porch_service_sign_out ().
 * @once may be NULL; for a question it says nothing. */
typedef void (*PorchAnswerDone) (GString *answer, const GError *error, gpointer data);
void porch_service_answer (PorchService *self,
                           const PorchCommand *command,
                           gpointer in,
                           const PorchOnce *once,
                           PorchAnswerDone done,
                           gpointer data);

PorchBus *porch_service_get_bus (PorchService *self);
const char *porch_service_get_epoch (PorchService *self);
/* Of the newest event that subscribers were told, or that the file had at the start. */
gint64 porch_service_get_seq (PorchService *self);
/* NULL when messages can be kept; else the word for why not ("full", "read_only", "gone", "failed",
 * "damaged"). */
const char *porch_service_get_trouble (PorchService *self);
/* Has somebody look whether that is still so. */
void porch_service_look (PorchService *self);
/* Told when it is another word. */
typedef void (*PorchTroubleChanged) (gpointer data);
void porch_service_on_trouble (PorchService *self, PorchTroubleChanged func, gpointer data);

/* ---- the business ---- */
gboolean porch_service_is_set_up (PorchService *self);
/* Its name; NULL before the set-up. */
const char *porch_service_get_business (PorchService *self);
/* Of PorchSite and PorchDepartment. Borrowed, and replaced by changes, as are the objects: not to
 * be held over a turn of the loop. */
GPtrArray *porch_service_get_sites (PorchService *self);
GPtrArray *porch_service_get_departments (PorchService *self);
/* By the key of the snippet; NULL when there is none or it is switched off. */
PorchSite *porch_service_find_site (PorchService *self, const char *key);
/* The same by its id. */
PorchSite *porch_service_get_site (PorchService *self, const char *id);
/* A site on whose list @origin is; NULL when there is none. */
PorchSite *porch_service_find_site_by_origin (PorchService *self, const char *origin);
/* @origin as a browser sends it: "https://example.com", with a port that is not the scheme's
 * own. */
gboolean porch_service_site_allows (PorchSite *site, const char *origin);
/* Takes @in. From the answer on everybody is judged by the new list. NOT_FOUND, BAD_MESSAGE for a
 * name or a list that cannot be used. */
void porch_service_update_site (PorchService *self,
                                PorchSiteInput *in,
                                const PorchOnce *once,
                                PorchAnswerDone done,
                                gpointer data);

/* ---- settings ---- */
/* A number of the `setting` table, or @fallback. */
gint64 porch_service_get_number (PorchService *self, const char *key, gint64 fallback);
/* A text of it, or NULL. */
const char *porch_service_get_text (PorchService *self, const char *key);
/* Sets one, for good and from now on. @value "": as it was at first. The errors are those of
 * porch_settings_dup_value (). */
void porch_service_set_setting (PorchService *self,
                                const char *key,
                                const char *value,
                                PorchAnswerDone done,
                                gpointer data);
/* Told when one was set, before whoever set it is answered. One listener. */
typedef void (*PorchSettingsChanged) (gpointer data);
void porch_service_on_settings (PorchService *self, PorchSettingsChanged func, gpointer data);

/* ---- agents ---- */
/* Of PorchAgent, disabled ones too. Borrowed. An agent's object is replaced when it
 * changes; only the status that others see changes in place. */
GPtrArray *porch_service_get_agents (PorchService *self);
/* Borrowed; NULL when @id is NULL or nobody's. */
PorchAgent *porch_service_find_agent (PorchService *self, const char *id);
/* Rises whenever a PorchAgent object was replaced: what was found before is to be found again.
 * Never 0. */
guint porch_service_get_agents_version (PorchService *self);
/* Who answers at this computer, made by the set-up: who comes by the Unix socket. NULL before it,
 * or when disabled. Borrowed. */
PorchAgent *porch_service_get_local_agent (PorchService *self);
/* Who holds @token ("at_…"; NULL is nobody's): @done gets the agent (borrowed), or
 * PORCH_ERROR_UNAUTHORIZED, which also says that the agent is disabled. At once when the token is
 * known here already; each time counts as a use of the session. */
typedef void (*PorchAuthenticated) (PorchAgent *agent, const GError *error, gpointer data);
void porch_service_authenticate (PorchService *self,
                                 const char *token,
                                 PorchAuthenticated done,
                                 gpointer data);
/* What the agent wants to be; others see offline all the same as long as no window is connected. */
void porch_service_set_status (PorchService *self,
                               const char *agent,
                               PorchStatus status,
                               const PorchOnce *once,
                               PorchAnswerDone done,
                               gpointer data);
/* Counts an open socket of the agent; its status follows. */
void porch_service_agent_connected (PorchService *self, const char *id);
void porch_service_agent_disconnected (PorchService *self, const char *id);
/* Somebody is in: what the light shows. */
gboolean porch_service_is_light_on (PorchService *self);

/* Signs in: the hash runs on a worker, at most four wait, unknown addresses take as long as known
 * ones, and five failures of an account from one @peer (NULL: this computer) keep it out there for
 * a while. @done gets the token and the agent, both borrowed; or UNAUTHORIZED, RATE_LIMITED while
 * kept out, BUSY when too many wait. */
typedef void (*PorchSignInDone) (const char *token,
                                 PorchAgent *agent,
                                 const GError *error,
                                 gpointer data);
void porch_service_sign_in (PorchService *self,
                            const char *email,
                            const char *password,
                            const char *peer,
                            PorchSignInDone done,
                            gpointer data);
/* In how many milliseconds that account may try again from there; 0: now. */
guint porch_service_get_sign_in_wait (PorchService *self, const char *email, const char *peer);
/* A session for an agent whom we know already (the local window). */
void porch_service_open_session (PorchService *self,
                                 PorchAgent *agent,
                                 PorchSignInDone done,
                                 gpointer data);
/* The token opens nothing from now on, also when the file cannot be written; @done when that is on
 * disk. */
void
porch_service_sign_out (PorchService *self, const char *token, PorchAnswerDone done, gpointer data);
/* Says that a session is in use, as an open socket does now and then; FALSE when it is over. */
gboolean porch_service_use_session (PorchService *self, const char *token_hash);
/* Told when somebody signs out, so that the session's sockets close. */
typedef void (*PorchSignedOut) (const char *token_hash, gpointer data);
void porch_service_on_signed_out (PorchService *self, PorchSignedOut func, gpointer data);

/* First run. Takes @in, without the hash of @password, which may be NULL; so may @once. CONFLICT
 * when there is a business already, BAD_MESSAGE for what cannot be used and for a password of less
 * than PORCH_PASSWORD_CHARACTERS_MIN. */
void porch_service_set_up (PorchService *self,
                           PorchSetupInput *in,
                           const char *password,
                           const PorchOnce *once,
                           PorchAnswerDone done,
                           gpointer data);
/* The same for one agent more, who needs an e-mail address. CONFLICT when another has it. */
void porch_service_add_agent (PorchService *self,
                              PorchAgentInput *in,
                              const char *password,
                              const PorchOnce *once,
                              PorchAnswerDone done,
                              gpointer data);

/* Checks the file, on a worker, while it is used. The answer is {"ok":…,"problems":[…]}. */
void porch_service_check (PorchService *self, PorchAnswerDone done, gpointer data);

/* Visitors who have a page open, as the channels say. What is held is the channel's own object, so
 * the page it tells is the present one, which is not in the file yet. */
void porch_service_set_present (PorchService *self, PorchVisitor *visitor, gboolean is_present);
/* NULL when nobody of this id is there. Borrowed. */
PorchVisitor *porch_service_find_present (PorchService *self, const char *id);

/* Ephemeral: somebody types. @actor's name goes with it. */
void porch_service_tell_typing (PorchService *self,
                                PorchConversation *conversation,
                                const PorchActor *actor,
                                gboolean is_typing);

G_END_DECLS
