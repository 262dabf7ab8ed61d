/* porch-refusal.c - the answers that the door gives by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-refusal.h"

#include "porch-error.h"

#include <string.h>

typedef struct {
  guint status;
  int code;
  const char *title;
  const char *detail;
} Refusal;

/* clang-format off */
static const Refusal refusals[] = {
  { 400, PORCH_ERROR_BAD_MESSAGE, "Bad Request", "the request cannot be read as HTTP/1.1" },
  { 404, PORCH_ERROR_NOT_FOUND, "Not Found", "there is nothing at this path" },
  { 405, PORCH_ERROR_UNSUPPORTED, "Method Not Allowed", "this path has no such method" },
  { 413, PORCH_ERROR_TOO_LARGE, "Content Too Large", "the body is larger than this path takes" },
  { 421, PORCH_ERROR_MISDIRECTED, "Misdirected Request", "the Host is none of this server's" },
  { 426, PORCH_ERROR_UNSUPPORTED, "Upgrade Required", "only version 13 of WebSocket is spoken" },
  { 429, PORCH_ERROR_RATE_LIMITED, "Too Many Requests", "too many requests from this address" },
  { 431, PORCH_ERROR_TOO_LARGE, "Request Header Fields Too Large", "the request's head is too large" },
  { 501, PORCH_ERROR_UNSUPPORTED, "Not Implemented", "this method or transfer encoding is not known" },
  { 503, PORCH_ERROR_BUSY, "Service Unavailable", "too many connections at the moment" },
};
/* clang-format on */

static const Refusal *
find_refusal (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].status == status)
      return &refusals[i];
  return NULL;
}

const char *
porch_refusal_get_title (guint status)
{
  const Refusal *refusal = find_refusal (status);

  return refusal != NULL ? refusal->title : NULL;
}

guint
porch_refusal_round_up (guint retry_after_ms)
{
  return retry_after_ms / 1000 + (retry_after_ms % 1000 > 0 ? 1 : 0);
}

char *
porch_refusal_to_json (guint status, guint retry_after_ms)
{
  const Refusal *refusal = find_refusal (status);
  const GError error = { PORCH_ERROR, refusal != NULL ? refusal->code : 0, NULL };
  g_autoptr (GString) json = g_string_new (NULL);

  g_return_val_if_fail (refusal != NULL, NULL);
  /* Only constants without anything to escape. */
  g_string_printf (json,
                   "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"code\":\"%s\","
                   "\"detail\":\"%s\"",
                   refusal->title, refusal->status, porch_error_nick (&error), refusal->detail);
  if (retry_after_ms > 0)
    g_string_append_printf (json, ",\"retry_after_ms\":%u", retry_after_ms);
  g_string_append_c (json, '}');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

char *
porch_refusal_to_answer (guint status, const char *allow, guint retry_after_ms)
{
  g_autofree char *json = porch_refusal_to_json (status, retry_after_ms);
  g_autoptr (GString) answer = g_string_new (NULL);

  g_string_printf (answer,
                   "HTTP/1.1 %u %s\r\n"
                   "Connection: close\r\n"
                   "Content-Type: application/problem+json\r\n"
                   "Cache-Control: no-store\r\n"
                   "Referrer-Policy: no-referrer\r\n"
                   "X-Content-Type-Options: nosniff\r\n",
                   status, porch_refusal_get_title (status));
  if (allow != NULL)
    g_string_append_printf (answer, "Allow: %s\r\n", allow);
  if (retry_after_ms > 0)
    g_string_append_printf (answer, "Retry-After: %u\r\n", porch_refusal_round_up (retry_after_ms));
  g_string_append_printf (answer, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", strlen (json),
                          json);
  return g_string_free (g_steal_pointer (&answer), FALSE);
}
