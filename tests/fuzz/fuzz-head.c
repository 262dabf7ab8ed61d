/* fuzz-head.c - the strict reading of a request's head, of any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte says in pieces of what size the rest comes: reading piece by piece must find what
 * reading at once finds.
 */
#include "porch-head.h"
#include "porch-router.h"

#include <stdint.h>
#include <string.h>

#define HEAD_MAX    1024
#define HEADERS_MAX 16

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t length);

static const PorchRoute routes[] = {
  { "GET", "/a", 0, NULL },
  { "POST", "/a/{b}/c", 0, NULL },
  { "GET", "/{a}/{b}/", 0, NULL },
};

static void
assert_inside (PorchSpan span, const guint8 *bytes, gsize length)
{
  g_assert_true (span.length == 0 || ((const guint8 *) span.at >= bytes &&
                                      (const guint8 *) span.at + span.length <= bytes + length));
}

static void
route (const PorchHead *head)
{
  static PorchRouter *router;
  g_auto (PorchMatch) match = { 0 };
  g_autofree char *query = porch_head_decode (head->query.at, head->query.length, TRUE);
  guint status = 0;

  if (router == NULL) {
    router = porch_router_new ();
    porch_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  }
  status = porch_router_find (router, head->verb, head->path.at, head->path.length, &match);
  g_assert_true (status == 0 || status == 400 || status == 404 || status == 405);
  for (char **at = match.params; at != NULL && *at != NULL; at++)
    g_assert_true (g_utf8_validate (*at, -1, NULL) && **at != '\0');
  g_assert_true (query == NULL || g_utf8_validate (query, -1, NULL));
}

static void
check_good (const PorchHead *head, const guint8 *bytes, gsize length)
{
  g_assert_cmpuint (head->length, ==, length);
  g_assert_cmpuint (head->host.length, >, 0);
  g_assert_true (head->path.length > 0 && head->path.at[0] == '/');
  assert_inside (head->host, bytes, length);
  assert_inside (head->path, bytes, length);
  assert_inside (head->query, bytes, length);
  g_assert_false (head->is_upgrade && head->content_length > 0);
  g_assert_cmpuint (head->content_length, <=, G_GUINT64_CONSTANT (999999999999999));
  /* Nothing that another reader could take for the end of a line or of the head. */
  g_assert_null (memchr (bytes, '\0', length));
  g_assert_cmpint (memcmp (bytes + length - 4, "\r\n\r\n", 4), ==, 0);
  for (gsize i = 0; i < length; i++)
    g_assert_true (bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'));
  route (head);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t length)
{
  /* Of the exact size, so that a sanitizer sees one byte too far. */
  g_autofree guint8 *bytes = length > 1 ? g_memdup2 (data + 1, length - 1) : NULL;
  gsize n = length > 1 ? length - 1 : 0;
  gssize whole = porch_head_find_end (bytes, n, 0, HEAD_MAX);
  gssize piecewise = 0;
  PorchHead head;
  guint status = 0;

  for (gsize seen = 0; seen < n && piecewise == 0;) {
    gsize now = MIN (n, seen + data[0] + 1);

    piecewise = porch_head_find_end (bytes, now, seen, HEAD_MAX);
    seen = now;
  }
  g_assert_cmpint (whole, ==, piecewise);
  if (whole <= 0)
    return 0;
  status = porch_head_parse (bytes, whole, HEADERS_MAX, &head);
  if (status == 0)
    check_good (&head, bytes, whole);
  else
    g_assert_true (status == 400 || status == 413 || status == 431 || status == 501);
  return 0;
}
