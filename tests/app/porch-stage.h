/* porch-stage.h - a whole server in the test's own loop, and raw lines to it: what the wire says,
 * as it says it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-host.h"

#include <libsoup/soup.h>
#include <string.h>

#define PORCH_STAGE_PATIENCE_US (20 * G_TIME_SPAN_SECOND)

/* Runs the loop until @condition is true; what does not come within 20 s is a failure. */
#define porch_stage_wait(condition) \
  G_STMT_START \
  { \
    gint64 deadline = g_get_monotonic_time () + PORCH_STAGE_PATIENCE_US; \
    while (!(condition)) { \
      g_assert_cmpint (g_get_monotonic_time (), <, deadline); \
      if (!g_main_context_iteration (NULL, FALSE)) \
        g_usleep (100); \
    } \
  } \
  G_STMT_END

typedef struct {
  char *folder;
  PorchHost *host;
  SoupSession *session;
  GPtrArray *lines;                   /* every PorchLine that was opened */
  SoupMessageHeaders *answer_headers; /* of the last answer */
} PorchStage;

/* One WebSocket. */
typedef struct {
  SoupWebsocketConnection *socket;
  GPtrArray *frames; /* texts, as they came */
  guint n_read;      /* how many of them porch_line_next () gave out */
  gushort close_code;
  guint status; /* of a handshake that was refused */
} PorchLine;

/* Must be called before GLib looks for the folder of sockets. */
void porch_stage_init (void);
int porch_stage_run (void);

PorchStage *porch_stage_new (void);
/* The same before anything is set up. */
PorchStage *porch_stage_new_empty (void);
void porch_stage_free (PorchStage *self);
void porch_stage_open (PorchStage *self);
void porch_stage_close (PorchStage *self);
PorchService *porch_stage_service (PorchStage *self);
const char *porch_stage_site_key (PorchStage *self);

/* A new agent of @department (NULL: of all) with a session; the token. @id may be NULL. */
char *porch_stage_add_agent (PorchStage *self, const char *name, const char *department, char **id);
/* A session of the agent who was set up. */
char *porch_stage_sign_in (PorchStage *self);

/* Opens a socket and waits for its handshake. @token may be NULL. */
PorchLine *porch_stage_connect (PorchStage *self, const char *path, const char *token);
/* A visitor's socket to @department ("any"), before a word is said, from a page of @origin (may be
 * NULL). */
PorchLine *porch_stage_arrive (PorchStage *self, const char *department, const char *origin);
/* A visitor's socket, with the members of its hello ("\"token\":\"…\""), and its welcome read. */
PorchLine *porch_stage_visit (PorchStage *self, const char *hello);
/* An agent's event socket with its ready read; @query may be NULL. */
PorchLine *porch_stage_listen (PorchStage *self, const char *token, const char *query);
/* One request. Only verb and path are needed. */
typedef struct {
  const char *verb, *path, *token, *body;
  gboolean is_local; /* over the Unix socket */
  struct {
    const char *name, *value;
  } headers[3];
} PorchAsk;
/* The body of the answer. @status may be NULL. */
char *porch_stage_ask (PorchStage *self, const PorchAsk *ask, guint *status);
/* Of the last answer; NULL when there is none of that name. Borrowed. */
const char *porch_stage_get_header (PorchStage *self, const char *name);
char *porch_stage_call (PorchStage *self,
                        const char *verb,
                        const char *path,
                        const char *token,
                        const char *body,
                        guint *status);
/* Without a body, from a page of @origin (may be NULL). */
char *porch_stage_call_from (PorchStage *self,
                             const char *verb,
                             const char *path,
                             const char *token,
                             const char *origin,
                             guint *status);

void porch_line_say (PorchLine *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The next frame of @type that comes; what comes before it is skipped. Borrowed. */
const char *porch_line_next (PorchLine *self, const char *type);
/* The index of the first frame that contains @needle, or -1. Does not wait. */
int porch_line_find (PorchLine *self, const char *needle);
/* Waits until @n frames have come that contain @needle. */
void porch_line_wait (PorchLine *self, const char *needle, guint n);
void porch_line_close (PorchLine *self);
/* Lets what has been sent arrive, and most of what comes of it: before asking what did not come.
 * For what must come there is porch_line_wait (). */
void porch_stage_settle (PorchStage *self);

/* The value of a string or number in flat JSON, for what a test has just seen. */
char *porch_stage_dup_member (const char *json, const char *name);
