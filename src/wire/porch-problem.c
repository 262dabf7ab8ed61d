/* porch-problem.c - an error as an HTTP answer (RFC 9457) and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-problem.h"

#include "porch-error.h"
#include "porch-writer.h"

/* What a code is over HTTP. The title is the status's own phrase, as RFC 9457 section 4.2.1 asks
 * where the type is about:blank. */
static const struct {
  guint status;
  const char *title;
} problems[] = {
  [PORCH_ERROR_INTERNAL] = { 500, "Internal Server Error" },
  [PORCH_ERROR_BAD_MESSAGE] = { 400, "Bad Request" },
  [PORCH_ERROR_TOO_LONG] = { 422, "Unprocessable Content" },
  [PORCH_ERROR_TOO_LARGE] = { 413, "Content Too Large" },
  [PORCH_ERROR_EMPTY] = { 422, "Unprocessable Content" },
  [PORCH_ERROR_ID_CONFLICT] = { 409, "Conflict" },
  [PORCH_ERROR_GAP] = { 409, "Conflict" },
  [PORCH_ERROR_BLOCKED] = { 403, "Forbidden" },
  [PORCH_ERROR_CLOSED] = { 409, "Conflict" },
  [PORCH_ERROR_RATE_LIMITED] = { 429, "Too Many Requests" },
  [PORCH_ERROR_STORAGE] = { 503, "Service Unavailable" },
  [PORCH_ERROR_BUSY] = { 503, "Service Unavailable" },
  [PORCH_ERROR_SHUTTING_DOWN] = { 503, "Service Unavailable" },
  [PORCH_ERROR_UNAUTHORIZED] = { 401, "Unauthorized" },
  [PORCH_ERROR_FORBIDDEN] = { 403, "Forbidden" },
  [PORCH_ERROR_NOT_FOUND] = { 404, "Not Found" },
  [PORCH_ERROR_CONFLICT] = { 409, "Conflict" },
  [PORCH_ERROR_UNSUPPORTED] = { 405, "Method Not Allowed" },
  [PORCH_ERROR_MISDIRECTED] = { 421, "Misdirected Request" },
  [PORCH_ERROR_NOT_SET_UP] = { 409, "Conflict" },
  [PORCH_ERROR_NEWER] = { 503, "Service Unavailable" },
  [PORCH_ERROR_DAMAGED] = { 503, "Service Unavailable" },
  [PORCH_ERROR_IN_USE] = { 409, "Conflict" },
  [PORCH_ERROR_OFFLINE] = { 503, "Service Unavailable" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (problems) == PORCH_ERROR_OFFLINE + 1);

static int
known_code (int code)
{
  return code >= 0 && code < (int) G_N_ELEMENTS (problems) ? code : PORCH_ERROR_INTERNAL;
}

guint
porch_problem_status (int code)
{
  return problems[known_code (code)].status;
}

char *
porch_problem_to_json (int code, const char *detail, guint retry_after_ms)
{
  const int known = known_code (code);
  const GError nameless = { .domain = PORCH_ERROR, .code = known };
  /* What went wrong inside is for the log: it may name files and statements. */
  const gboolean is_inner = known == PORCH_ERROR_INTERNAL || known == PORCH_ERROR_STORAGE;
  GString *text = g_string_sized_new (192);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "about:blank");
  porch_writer_string (&writer, "title", problems[known].title);
  porch_writer_int (&writer, "status", problems[known].status);
  porch_writer_string (&writer, "code", porch_error_nick (&nameless));
  if (detail != NULL && !is_inner)
    porch_writer_string (&writer, "detail", detail);
  if (retry_after_ms != 0)
    porch_writer_int (&writer, "retry_after_ms", retry_after_ms);
  porch_writer_end (&writer);
  return g_string_free (text, FALSE);
}
