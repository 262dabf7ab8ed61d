/* porch-api-private.h - a request on its way through a controller
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-agent-socket.h"
#include "porch-api.h"
#include "porch-ops.h"

G_BEGIN_DECLS

struct _PorchApi {
  PorchService *service;
  PorchServer *server;
  PorchAgentHub *hub;
  PorchSecrets *secrets;
  PorchBackups *backups;
  GPtrArray *bindings;
  char *address, *warning;
};

/* The code of what the owner should know, "" for nothing. */
const char *porch_api_get_warning (PorchApi *self);

typedef struct {
  PorchApi *api;
  const PorchOp *op;
  PorchCall *call;
  PorchAgent *agent; /* NULL where the operation needs none */
  PorchFrame frame;
  char *fingerprint;
} PorchRequest;

typedef void (*PorchHandler) (PorchRequest *request);

/* The end of every controller: answers the call and frees the request. */
void porch_request_finish (PorchRequest *request, GString *answer, const GError *error);
/* The call was answered otherwise. */
void porch_request_leave (PorchRequest *request);
void porch_request_fail (PorchRequest *request, int code, const char *message);
/* As a PorchAnswerDone. */
void porch_request_answered (GString *answer, const GError *error, gpointer data);
/* The request's Idempotency-Key, which lives as long as the request; FALSE answered it already. */
gboolean porch_request_take_once (PorchRequest *request, PorchOnce *once);
/* Runs @command for the agent, with the request's Idempotency-Key. Takes @in. */
void porch_request_run (PorchRequest *request, const PorchCommand *command, gpointer in);

/* A string of the body, NULL when it is absent. */
const char *porch_request_string (PorchRequest *request, const char *path);
char *porch_request_dup (PorchRequest *request, const char *path);
/* A whole number of the query within bounds; FALSE answered the request already. */
gboolean porch_request_number (PorchRequest *request,
                               const char *name,
                               gint64 least,
                               gint64 most,
                               gint64 *value);

extern const PorchHandler porch_api_handlers[PORCH_N_OPS];

G_END_DECLS
