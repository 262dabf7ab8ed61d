/* head-test.c - what is a request's head, and what only looks like one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-head.h"

#include <string.h>

#define HEAD_MAX    16384
#define HEADERS_MAX 64
#define LINE        "GET /a HTTP/1.1\r\n"
#define HOST        "Host: localhost\r\n"

typedef struct {
  const char *name;
  guint status; /* 0: it is good */
  const char *text;
  gsize length; /* when there is a NUL in it */
} Case;

/* clang-format off */
static const Case cases[] = {
  { "plain", 0, LINE HOST "\r\n" },
  { "all verbs are upper case", 501, "get /a HTTP/1.1\r\n" HOST "\r\n" },
  { "unknown verb", 501, "BREW /a HTTP/1.1\r\n" HOST "\r\n" },
  { "connect", 400, "CONNECT localhost:80 HTTP/1.1\r\n" HOST "\r\n" },
  { "trace", 501, "TRACE / HTTP/1.1\r\n" HOST "\r\n" },
  { "verb is no token", 400, "G@T / HTTP/1.1\r\n" HOST "\r\n" },
  { "HTTP/1.0", 400, "GET / HTTP/1.0\r\n" HOST "\r\n" },
  { "HTTP/2.0", 400, "GET / HTTP/2.0\r\n" HOST "\r\n" },
  { "HTTP/1.10", 400, "GET / HTTP/1.10\r\n" HOST "\r\n" },
  { "lower-case http", 400, "GET / http/1.1\r\n" HOST "\r\n" },
  { "no version", 400, "GET /\r\n" HOST "\r\n" },
  { "two blanks", 400, "GET  / HTTP/1.1\r\n" HOST "\r\n" },
  { "tab for a blank", 400, "GET\t/ HTTP/1.1\r\n" HOST "\r\n" },
  { "blank at the end", 400, "GET / HTTP/1.1 \r\n" HOST "\r\n" },
  { "blank in front", 400, " GET / HTTP/1.1\r\n" HOST "\r\n" },
  { "empty line in front", 400, "\r\nGET / HTTP/1.1\r\n" HOST "\r\n" },
  { "absolute form", 400, "GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n" },
  { "asterisk form", 400, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n" },
  { "fragment", 400, "GET /a#b HTTP/1.1\r\n" HOST "\r\n" },
  { "backslash", 400, "GET /a\\b HTTP/1.1\r\n" HOST "\r\n" },
  { "quote", 400, "GET /\"a HTTP/1.1\r\n" HOST "\r\n" },
  { "percent", 0, "GET /%41%e2%82%ac HTTP/1.1\r\n" HOST "\r\n" },
  { "percent cut short", 400, "GET /%4 HTTP/1.1\r\n" HOST "\r\n" },
  { "percent of nothing", 400, "GET /% HTTP/1.1\r\n" HOST "\r\n" },
  { "percent of no digits", 400, "GET /%zz HTTP/1.1\r\n" HOST "\r\n" },
  { "percent in the query", 400, "GET /?a=%0 HTTP/1.1\r\n" HOST "\r\n" },
  { "high byte in the path", 400, "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n" },
  { "high byte in a header", 400, LINE HOST "X: \xff\r\n\r\n" },
  { "bare LF", 400, "GET / HTTP/1.1\nHost: localhost\n\n" },
  { "one bare LF", 400, LINE "Host: localhost\n\r\n" },
  { "bare CR", 400, LINE "Host: local\rhost\r\n\r\n" },
  { "CR CR LF", 400, LINE "Host: localhost\r\r\n\r\n" },
  { "NUL", 400, LINE "Host: local\0host\r\n\r\n", sizeof LINE - 1 + 21 },
  { "escape", 400, LINE HOST "X: \x1b[0m\r\n\r\n" },
  { "delete", 400, LINE HOST "X: \x7f\r\n\r\n" },
  { "tab in a value", 0, LINE HOST "X: a\tb\r\n\r\n" },
  { "folded line", 400, LINE HOST "X: a\r\n b\r\n\r\n" },
  { "folded by a tab", 400, LINE HOST "X: a\r\n\tb\r\n\r\n" },
  { "folded first header", 400, LINE " " HOST "\r\n" },
  { "no colon", 400, LINE HOST "abc\r\n\r\n" },
  { "no name", 400, LINE HOST ": a\r\n\r\n" },
  { "blank before the colon", 400, LINE HOST "X : a\r\n\r\n" },
  { "tab before the colon", 400, LINE HOST "X\t: a\r\n\r\n" },
  { "name is no token", 400, LINE HOST "X(y): a\r\n\r\n" },
  { "empty value", 0, LINE HOST "X:\r\n\r\n" },

  { "no host", 400, LINE "\r\n" },
  { "two hosts", 400, LINE HOST HOST "\r\n" },
  { "two hosts, other case", 400, LINE HOST "hOST: localhost\r\n\r\n" },
  { "empty host", 400, LINE "Host:\r\n\r\n" },
  { "host list", 400, LINE "Host: a, b\r\n\r\n" },
  { "host with a user", 400, LINE "Host: me@localhost\r\n\r\n" },
  { "host with a path", 400, LINE "Host: localhost/a\r\n\r\n" },
  { "host with a port", 0, LINE "Host: localhost:8642\r\n\r\n" },
  { "host with no port after the colon", 400, LINE "Host: localhost:\r\n\r\n" },
  { "host with two ports", 400, LINE "Host: localhost:1:2\r\n\r\n" },
  { "host with a long port", 400, LINE "Host: localhost:123456\r\n\r\n" },
  { "host with a word for a port", 400, LINE "Host: localhost:http\r\n\r\n" },
  { "host is an address", 0, LINE "Host: [::1]:80\r\n\r\n" },
  { "host is an address without port", 0, LINE "Host: [::1]\r\n\r\n" },
  { "host is an open bracket", 400, LINE "Host: [::1\r\n\r\n" },
  { "host is empty brackets", 400, LINE "Host: []\r\n\r\n" },
  { "host goes on after the bracket", 400, LINE "Host: [::1]a\r\n\r\n" },
  { "host ends in a colon", 400, LINE "Host: [::1]:\r\n\r\n" },

  { "length", 0, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n" },
  { "length 0", 0, LINE HOST "Content-Length: 0\r\n\r\n" },
  { "two lengths", 400, LINE HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" },
  { "the same length twice", 400, LINE HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" },
  { "length list", 400, LINE HOST "Content-Length: 0, 0\r\n\r\n" },
  { "length +0", 400, LINE HOST "Content-Length: +0\r\n\r\n" },
  { "length -1", 400, LINE HOST "Content-Length: -1\r\n\r\n" },
  { "length 0x5", 400, LINE HOST "Content-Length: 0x5\r\n\r\n" },
  { "length 05", 400, LINE HOST "Content-Length: 05\r\n\r\n" },
  { "length 00", 400, LINE HOST "Content-Length: 00\r\n\r\n" },
  { "length 5.0", 400, LINE HOST "Content-Length: 5.0\r\n\r\n" },
  { "length 1 0", 400, LINE HOST "Content-Length: 1 0\r\n\r\n" },
  { "length empty", 400, LINE HOST "Content-Length:\r\n\r\n" },
  { "length of 15 digits", 0, LINE HOST "Content-Length: 999999999999999\r\n\r\n" },
  { "length of 16 digits", 413, LINE HOST "Content-Length: 1000000000000000\r\n\r\n" },
  { "length that wraps", 413, LINE HOST "Content-Length: 18446744073709551621\r\n\r\n" },
  { "length too long and no host", 400, LINE "Content-Length: 18446744073709551621\r\n\r\n" },

  { "chunked", 501, LINE HOST "Transfer-Encoding: chunked\r\n\r\n" },
  { "identity", 501, LINE HOST "Transfer-Encoding: identity\r\n\r\n" },
  { "empty encoding", 501, LINE HOST "Transfer-Encoding:\r\n\r\n" },
  { "xchunked", 501, LINE HOST "Transfer-Encoding: xchunked\r\n\r\n" },
  { "quoted encoding", 501, LINE HOST "Transfer-Encoding: \"chunked\"\r\n\r\n" },
  { "two encodings", 501, LINE HOST "Transfer-Encoding: a\r\nTransfer-Encoding: chunked\r\n\r\n" },
  { "encoding with a blank", 400, LINE HOST "Transfer-Encoding : chunked\r\n\r\n" },
  { "length, then encoding", 400, LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" },
  { "encoding, then length", 400, LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" },

  { "two authorizations", 400, LINE HOST "Authorization: a\r\nAuthorization: b\r\n\r\n" },
  { "two origins", 400, LINE HOST "Origin: a\r\nOrigin: b\r\n\r\n" },
  { "two types", 400, LINE HOST "Content-Type: a\r\nContent-Type: b\r\n\r\n" },
  { "two cookies", 0, LINE HOST "Cookie: a\r\nCookie: b\r\n\r\n" },
  { "expectation", 0, LINE HOST "Expect: 100-continue\r\n\r\n" },
  { "unknown expectation", 400, LINE HOST "Expect: a miracle\r\n\r\n" },

  { "upgrade", 0, LINE HOST "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n" },
  { "upgrade, any case", 0, LINE HOST "UPGRADE: WebSocket\r\nconnection: upgrade\r\n\r\n" },
  { "upgrade to something else", 400, LINE HOST "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n" },
  { "upgrade list", 400, LINE HOST "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n\r\n" },
  { "two upgrades", 400, LINE HOST "Upgrade: websocket\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" },
  { "upgrade without connection", 400, LINE HOST "Upgrade: websocket\r\n\r\n" },
  { "upgrade with another connection", 400, LINE HOST "Upgrade: websocket\r\nConnection: upgrades\r\n\r\n" },
  { "upgrade by POST", 400, "POST / HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n" },
  { "upgrade with a body", 400, LINE HOST "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n" },
  { "two socket keys", 400, LINE HOST "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n\r\n" },
  { "two socket versions", 400, LINE HOST "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8\r\n\r\n" },
};
/* clang-format on */

/* As the gate does it: first the end, then the meaning. */
static guint
read_head (const char *text, gsize length, PorchHead *head)
{
  gssize end = porch_head_find_end ((const guint8 *) text, length, 0, HEAD_MAX);

  if (end < 0)
    return (guint) -end;
  g_assert_cmpint (end, >, 0);
  return porch_head_parse ((const guint8 *) text, end, HEADERS_MAX, head);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = cases[i].length != 0 ? cases[i].length : strlen (cases[i].text);
    PorchHead head;
    guint status = read_head (cases[i].text, length, &head);

    if (status != cases[i].status)
      g_test_message ("%s: %u and not %u", cases[i].name, status, cases[i].status);
    g_assert_cmpuint (status, ==, cases[i].status);
  }
}

/* A byte too few never makes a head, and looking piece by piece finds the same as at once. */
static void
test_pieces (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = cases[i].length != 0 ? cases[i].length : strlen (cases[i].text);
    const guint8 *text = (const guint8 *) cases[i].text;
    gssize whole = porch_head_find_end (text, length, 0, HEAD_MAX);
    gssize piecewise = 0;

    for (gsize n = 1; n <= length && piecewise == 0; n++)
      piecewise = porch_head_find_end (text, n, n - 1, HEAD_MAX);
    g_assert_cmpint (piecewise, ==, whole);
  }
}

static void
assert_span (PorchSpan span, const char *text)
{
  g_autofree char *copy = g_strndup (span.at, span.length);

  g_assert_cmpstr (copy, ==, text);
}

static void
test_parts (void)
{
  PorchHead head;
  const char *text = "POST /a/b%20c?d=e&f HTTP/1.1\r\nhost:\t example.com:80 \r\n"
                     "content-LENGTH: 12\r\n\r\nrest";

  g_assert_cmpuint (read_head (text, strlen (text), &head), ==, 0);
  g_assert_cmpuint (head.length, ==, strlen (text) - 4);
  g_assert_cmpuint (head.content_length, ==, 12);
  g_assert_cmpstr (head.verb, ==, "POST");
  assert_span (head.path, "/a/b%20c");
  assert_span (head.query, "d=e&f");
  assert_span (head.host, "example.com:80");
  g_assert_false (head.is_upgrade);
}

static void
test_headers_max (void)
{
  for (guint n = HEADERS_MAX - 1; n <= HEADERS_MAX + 1; n++) {
    g_autoptr (GString) text = g_string_new (LINE HOST);
    PorchHead head;

    for (guint i = 1; i < n; i++)
      g_string_append (text, "X: y\r\n");
    g_string_append (text, "\r\n");
    g_assert_cmpuint (read_head (text->str, text->len, &head), ==, n > HEADERS_MAX ? 431 : 0);
  }
}

static void
test_head_max (void)
{
  for (gsize length = HEAD_MAX - 1; length <= HEAD_MAX + 1; length++) {
    g_autoptr (GString) text = g_string_new (LINE HOST "X: ");
    PorchHead head;

    while (text->len < length - 4)
      g_string_append_c (text, 'y');
    g_string_append (text, "\r\n\r\n");
    g_assert_cmpuint (text->len, ==, length);
    g_assert_cmpuint (read_head (text->str, text->len, &head), ==, length > HEAD_MAX ? 431 : 0);
  }
}

/* A proxy that adds a line of its own adds it behind what it got. */
static void
test_chain (void)
{
  static const struct {
    const char *headers, *chain;
  } texts[] = {
    { "", "" },
    { "X-Forwarded-For:\r\n", "" },
    { "X-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7" },
    { "x-forwarded-for: 203.0.113.7, 10.0.0.1 \r\n", "203.0.113.7, 10.0.0.1" },
    { "X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7" },
    { "X-Forwarded-Fo: 203.0.113.7\r\nForwarded: for=203.0.113.8\r\n", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = g_strconcat (LINE HOST, texts[i].headers, "\r\n", NULL);
    g_autofree char *chain = NULL;
    PorchHead head;

    g_assert_cmpuint (read_head (text, strlen (text), &head), ==, 0);
    chain = g_strndup (head.chain.at, head.chain.length);
    g_assert_cmpstr (chain != NULL ? chain : "", ==, texts[i].chain);
  }
}

static void
test_decode (void)
{
  static const struct {
    const char *text;
    gboolean is_form;
    const char *decoded;
  } texts[] = {
    { "", FALSE, "" },
    { "abc", FALSE, "abc" },
    { "a%20b", FALSE, "a b" },
    { "a+b", FALSE, "a+b" },
    { "a+b%2Bc", TRUE, "a b+c" },
    { "%E2%82%AC", FALSE, "€" },
    { "%2e%2E", FALSE, ".." },
    { "%2f", FALSE, "/" },
    { "%", FALSE, NULL },
    { "%4", FALSE, NULL },
    { "%4g", FALSE, NULL },
    { "%00", FALSE, NULL },
    { "%0a", FALSE, NULL },
    { "%7f", FALSE, NULL },
    { "%ff", FALSE, NULL },
    { "%c3", FALSE, NULL },
    { "%c0%af", FALSE, NULL },       /* an overlong slash */
    { "%ed%a0%80", FALSE, NULL },    /* a surrogate */
    { "%f4%90%80%80", FALSE, NULL }, /* above U+10FFFF */
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *decoded =
      porch_head_decode (texts[i].text, strlen (texts[i].text), texts[i].is_form);

    g_assert_cmpstr (decoded, ==, texts[i].decoded);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/head/cases", test_cases);
  g_test_add_func ("/head/pieces", test_pieces);
  g_test_add_func ("/head/parts", test_parts);
  g_test_add_func ("/head/headers-max", test_headers_max);
  g_test_add_func ("/head/head-max", test_head_max);
  g_test_add_func ("/head/chain", test_chain);
  g_test_add_func ("/head/decode", test_decode);
  return g_test_run ();
}
