/* porch-call-private.h - a call as the server makes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "porch-call.h"
#include "porch-stream.h"

G_BEGIN_DECLS

struct _PorchCall {
  GObject parent_instance;
  SoupServerMessage *message; /* also keeps the request's texts */
  PorchStream *stream;
  PorchDoor *door;   /* NULL when the message is over: then the server may be gone, too */
  GHashTable *query; /* name -> value, NULL for one that came twice; NULL when there is none */
  GBytes *body;
  PorchSocket *socket; /* between our 101 and its having been written */
  gulong handover;
  gboolean is_answered;
  gboolean is_expired;
  gboolean is_paused;
};

/* Tells @stream whom to call when the handler takes too long. A query that is no text is answered
 * 400 here: then the handler is not to run. */
PorchCall *
porch_call_new (SoupServerMessage *message, PorchStream *stream) G_GNUC_WARN_UNUSED_RESULT;
/* The handler has returned: when it did not answer, libsoup waits. */
void porch_call_settle (PorchCall *self);
/* Answers with what the door says by itself. @status is one of porch-refusal.h. */
void porch_call_refuse (PorchCall *self, guint status);

/* What every answer of libsoup has, ours or its own. */
void porch_call_guard (SoupServerMessage *message);

/* For the other files of the call: FALSE when nobody waits for an answer any more. */
gboolean porch_call_begin_answer (PorchCall *self);
void porch_call_end_answer (PorchCall *self, guint status, const char *content_type, GBytes *body);

G_END_DECLS
