/* porch-refusal.h - the answers that the door gives by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request that is refused here was never seen by libsoup, so its answer is written by hand. They
 * are the problems of wire/porch-problem.h with statuses that only a door needs.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The problem's JSON. @status is one of 400 404 405 413 421 426 429 431 501 503. */
char *porch_refusal_to_json (guint status, guint retry_after_ms) G_GNUC_WARN_UNUSED_RESULT;

/* The whole answer as it goes over the line. @allow (may be NULL) is what 405 must name (RFC 9110
 * section 15.5.6). @retry_after_ms 0 leaves Retry-After out. */
char *porch_refusal_to_answer (guint status,
                               const char *allow,
                               guint retry_after_ms) G_GNUC_WARN_UNUSED_RESULT;

/* The reason phrase, NULL for a status that is not one of these. libsoup knows not all of them. */
const char *porch_refusal_get_title (guint status);

/* What Retry-After says, in whole seconds: never less than what it stands for. */
guint porch_refusal_round_up (guint retry_after_ms);

G_END_DECLS
