/* porch-intake.h - the reading of one connection's request head, and the judgement
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-head.h"
#include "porch-stream.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_INTAKE_WAIT,     /* more must come */
  PORCH_INTAKE_ADMITTED, /* the stream is ready for libsoup */
  PORCH_INTAKE_OVER,     /* nothing more comes: it can be closed */
} PorchIntake;

/* Reads what is there: towards the end of the head, or, after a refusal, to throw it away. A
 * refusal is no end: the stream waits then for its client to go. */
PorchIntake porch_intake_read (PorchStream *stream) G_GNUC_WARN_UNUSED_RESULT;

/* Answers with a problem and lets the stream linger until the client has read it, at most for
 * PORCH_LINGER_TICKS. @status is one of porch-refusal.h; @retry_after_ms 0 says nothing of when. */
void porch_intake_refuse (PorchStream *stream, guint status, guint retry_after_ms);

/* Whether a Host names us: @port is that of the listener, 0 for the Unix socket. */
gboolean porch_intake_is_our_host (PorchDoor *door, PorchSpan host, guint16 port);

G_END_DECLS
