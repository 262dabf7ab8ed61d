/* porch-problem.h - an error as an HTTP answer (RFC 9457) and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The HTTP status of a PorchErrorCode; 500 for any other number. */
guint porch_problem_status (int code);

/* {"type":"about:blank","title":…,"status":…,"code":…,"detail":…} and, when not 0,
 * "retry_after_ms". The detail of PORCH_ERROR_INTERNAL and STORAGE is not told. */
char *porch_problem_to_json (int code,
                             const char *detail,
                             guint retry_after_ms) G_GNUC_WARN_UNUSED_RESULT;

/* What a client makes of an answer that is no success: a PORCH_ERROR, by the `code` of the body or
 * else by the status. @retry_after_ms may be NULL. */
GError *porch_problem_to_error (guint status, const char *body, gsize length, guint *retry_after_ms)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
