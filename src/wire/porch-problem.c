/* porch-problem.c - an error as an HTTP answer (RFC 9457) and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-problem.h"

#include "porch-error.h"
#include "porch-scanner.h"
#include "porch-writer.h"

#include <string.h>

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
  [PORCH_ERROR_KEYRING_LOCKED] = { 503, "Service Unavailable" },
  [PORCH_ERROR_KEYRING_MISSING] = { 503, "Service Unavailable" },
  [PORCH_ERROR_KEYRING_REFUSED] = { 503, "Service Unavailable" },
  [PORCH_ERROR_PASSPHRASE] = { 422, "Unprocessable Content" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (problems) == PORCH_ERROR_PASSPHRASE + 1);

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
  /* What went wrong inside is for the log: it may name files and statements. */
  const gboolean is_inner = known == PORCH_ERROR_INTERNAL || known == PORCH_ERROR_STORAGE;
  GString *text = g_string_sized_new (192);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "type", "about:blank");
  porch_writer_string (&writer, "title", problems[known].title);
  porch_writer_int (&writer, "status", problems[known].status);
  porch_writer_string (&writer, "code", porch_error_word (known));
  if (detail != NULL && !is_inner)
    porch_writer_string (&writer, "detail", detail);
  if (retry_after_ms != 0)
    porch_writer_int (&writer, "retry_after_ms", retry_after_ms);
  porch_writer_end (&writer);
  return g_string_free (text, FALSE);
}

/* For answers of something in between: a proxy, a gate, another program on the port. */
static PorchErrorCode
code_from_status (guint status)
{
  switch (status) {
  case 401:
    return PORCH_ERROR_UNAUTHORIZED;
  case 403:
    return PORCH_ERROR_FORBIDDEN;
  case 404:
    return PORCH_ERROR_NOT_FOUND;
  case 405:
  case 415:
  case 501:
    return PORCH_ERROR_UNSUPPORTED;
  case 409:
    return PORCH_ERROR_CONFLICT;
  case 413:
  case 414:
  case 431:
    return PORCH_ERROR_TOO_LARGE;
  case 421:
    return PORCH_ERROR_MISDIRECTED;
  case 429:
    return PORCH_ERROR_RATE_LIMITED;
  case 408:
  case 503:
    return PORCH_ERROR_BUSY;
  case 507:
    return PORCH_ERROR_STORAGE;
  case 502:
  case 504:
    return PORCH_ERROR_OFFLINE;
  default:
    return status >= 400 && status < 500 ? PORCH_ERROR_BAD_MESSAGE : PORCH_ERROR_INTERNAL;
  }
}

GError *
porch_problem_to_error (guint status, const char *body, gsize length, guint *retry_after_ms)
{
  g_auto (PorchFrame) frame = { 0 };
  const char *nick = NULL, *detail = NULL, *title = NULL;
  int code = code_from_status (status);
  gint64 after_ms = 0;

  /* A body that is no problem is no error of its own: the status says enough. */
  if (porch_frame_scan (&frame, body, length, NULL) &&
      porch_frame_read_string (&frame, "code", TRUE, &nick, NULL)) {
    /* A word of a newer server that we do not know: the status says more than "internal". */
    if (strcmp (nick, "internal") == 0 || porch_error_code_from_nick (nick) != PORCH_ERROR_INTERNAL)
      code = porch_error_code_from_nick (nick);
    (void) porch_frame_read_string (&frame, "detail", FALSE, &detail, NULL);
    (void) porch_frame_read_string (&frame, "title", FALSE, &title, NULL);
    (void) porch_frame_read_int (&frame, "retry_after_ms", FALSE, &after_ms, NULL);
  }
  if (retry_after_ms != NULL)
    *retry_after_ms = CLAMP (after_ms, 0, G_MAXUINT);
  if (detail == NULL)
    detail = title;
  if (detail != NULL)
    return g_error_new (PORCH_ERROR, code, "the server answered %u: %s", status, detail);
  return g_error_new (PORCH_ERROR, code, "the server answered %u", status);
}
