/* porch-service-private.h - what the parts of PorchService share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-failures.h"
#include "porch-password.h"
#include "porch-service.h"
#include "porch-store.h"

G_BEGIN_DECLS

struct _PorchService {
  GObject parent_instance;

  char *folder;
  PorchStore *store;
  PorchBus *bus;
  PorchPasswords *passwords;

  char *business;
  GPtrArray *sites, *departments, *agents;
  GHashTable *settings;
  PorchTimes times;

  guint agents_version;
  GHashTable *sessions;                            /* by token hash, of porch-service-sessions.c */
  PorchFailures *account_failures, *peer_failures; /* of signing in */
  GHashTable *present;                             /* visitor's id -> PorchVisitor */
  GHashTable *windows;                             /* agent's id -> how many sockets */
  PorchSignedOut signed_out;
  gpointer signed_out_data;
  PorchSettingsChanged settings_changed;
  gpointer settings_changed_data;

  GSource *timer;
  gint64 timer_due_us; /* wall clock, 0: no timer */
  gboolean is_passing_time, is_pruning, is_closing;
  gint64 pruned_at_us;
  gint64 wall_us, boot_us; /* when the clocks were looked at last */
};

/* Who is answered when a command has come to its end; g_free () lets go of it. */
typedef struct {
  PorchService *service;
  PorchAnswerDone done;
  gpointer data;
} PorchAsker;
PorchAsker *porch_asker_new (PorchService *service,
                             PorchAnswerDone done,
                             gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* porch_service_answer () that first tells @done. What was answered before under the key did not
 * run again: then the result is empty. */
void porch_service_run_once (PorchService *self,
                             const PorchCommand *command,
                             gpointer in,
                             const PorchOnce *once,
                             PorchCommandDone done,
                             PorchAnswerDone answered,
                             gpointer data);
/* The times of `setting`, as they are now. */
void porch_service_read_times (PorchService *self);
/* Looks what time alone has changed, as soon as the loop comes to it. */
void porch_service_pass_time (PorchService *self);
/* The same at once. */
void porch_service_pass_time_now (PorchService *self);
/* What @event tells of may become due, by time alone. */
void porch_service_expect (PorchService *self, PorchEvent *event);
/* Replaces the agent of this id by a copy, or adds it, and tells everybody. The old object stays as
 * it is: events hold it. */
void porch_service_put_agent (PorchService *self, PorchAgent *agent);
/* Without a seq: who is there is not in the log. */
void porch_service_tell_agent (PorchService *self, PorchAgent *agent);
/* Token's hash -> a session with when its use was last written down. */
GHashTable *porch_service_sessions_new (void);
/* The wall clock was set: agents' sessions, as they are held, move along. */
void
porch_service_shift_sessions (PorchService *self, gint64 from_us, gint64 until_us, gint64 by_us);
/* Before anything is judged by the wall clock: was it set? What was written by it moves along. */
void porch_service_notice_clock (PorchService *self);
/* Forgets those that are over. */
void porch_service_sweep_sessions (PorchService *self);

G_END_DECLS
