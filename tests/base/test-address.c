/* test-address.c - addresses as people type them, and as those write them who mean harm
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-address.h"

#include <string.h>

#define LABEL "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 63 */

/* clang-format off */
static const struct { const char *text, *origin, *rest; } good[] = {
  { "example.com", "https://example.com", "" },
  { "Example.COM", "https://example.com", "" },
  { "https://example.com/shop?x=1#y", "https://example.com", "/shop?x=1#y" },
  { "HTTPS://example.com", "https://example.com", "" },
  { "http://example.com", "http://example.com", "" },
  { "example.com?x", "https://example.com", "?x" },
  { "example.com#x", "https://example.com", "#x" },
  { "localhost", "https://localhost", "" },
  { "http://localhost:3000", "http://localhost:3000", "" },
  { "a-b.example", "https://a-b.example", "" },
  { "7.example", "https://7.example", "" },
  { LABEL ".example", "https://" LABEL ".example", "" },
  /* The usual ports are not written. */
  { "https://example.com:443", "https://example.com", "" },
  { "http://example.com:80", "http://example.com", "" },
  { "http://example.com:443", "http://example.com:443", "" },
  { "example.com:80", "https://example.com:80", "" },
  { "example.com:1", "https://example.com:1", "" },
  { "example.com:65535", "https://example.com:65535", "" },
  /* Letters beyond ASCII. */
  { "b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example", "" },
  { "B\xc3\x9c" "CHER.example:8443/x", "https://xn--bcher-kva.example:8443", "/x" },
  { "http://b\xc3\xbc" "cher.example", "http://xn--bcher-kva.example", "" },
  { "xn--bcher-kva.example", "https://xn--bcher-kva.example", "" },
  { "\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", "https://xn--r8jz45g.xn--zckzah", "" },
  /* Addresses. */
  { "http://192.0.2.7:3000", "http://192.0.2.7:3000", "" },
  { "http://[2001:DB8::1]:3000/", "http://[2001:db8::1]:3000", "/" },
  { "http://[2001:db8:0:0:0:0:0:1]", "http://[2001:db8::1]", "" },
  { "[::1]", "https://[::1]", "" },
};

static const char *const bad[] = {
  "", "https://", "http://", "http:///", "/", "//example.com", ".", "..",
  "example..com", ".example.com", "example.com.", "-a.example", "a-.example", "a_b.example",
  LABEL "a.example", LABEL "." LABEL "." LABEL "." LABEL,
  "ftp://example.com", "javascript:alert(1)", "ws://example.com", "https:example.com", "https:/example.com",
  "http://https://example.com",
  /* Somebody else's host behind ours. */
  "user@example.com", "https://user:word@example.com", "example.com@evil.example", "example.com:80@evil.example",
  /* What would go on in a policy, a header or a page. */
  "example.com;script-src", "example.com https://evil.example", "http://example.com *", "http://*", "*.example.com",
  "http://example.com;x", "http://exa'mple.com", "http://exa\"mple.com", "http://exa<mple.com", "example.com,evil.example",
  "http://example.com\r\nx: y", "http://exa\tmple.com", "example.com\\evil", "exa%6dple.com", "http://exam ple.com",
  "http://a$b", "http://a|b", "http://a{b}", "http://a`b",
  /* What becomes such a character only when the name is encoded. */
  "example.com\xef\xbc\x8f" "evil", "example.com\xef\xbc\xa0" "evil.example", "a\xef\xbc\x9b" "b.example",
  "b\xfc" "cher.example", "\xe2\x80\xae" ".example",
  /* Ports. */
  "example.com:", "example.com:0", "example.com:080", "example.com:65536", "example.com:-1", "example.com:+1",
  "example.com: 1", "example.com:1x", "example.com:1:2", "example.com:99999999999999999999",
  /* Addresses in notations that readers differ about. */
  "127.1", "1", "2130706433", "0x7f000001", "0x7f.1", "1.2.3.4.5", "256.1.1.1", "1.2.3", "a.1", "01.2.3.4",
  "[", "[]", "[::1", "::1", "[::1]x", "[::1%lo]", "[1.2.3.4]", "[::g]", "[::1]]", "[:::]", "[/]",
};
/* clang-format on */

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_auto (PorchAddress) address = { 0 };
    g_autofree char *origin = NULL;
    g_autofree char *authority = NULL;

    g_test_message ("%s", good[i].text);
    g_assert_true (porch_address_parse (good[i].text, &address));
    origin = porch_address_to_origin (&address);
    authority = porch_address_to_authority (&address);
    g_assert_cmpstr (origin, ==, good[i].origin);
    g_assert_cmpstr (authority, ==, strstr (origin, "://") + strlen ("://"));
    g_assert_cmpstr (address.rest, ==, good[i].rest);
    g_assert_cmpint (address.has_scheme, ==,
                     g_ascii_strncasecmp (good[i].text, "http", strlen ("http")) == 0);
  }
}

/* What was read is read again as the same. */
static void
test_again (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_auto (PorchAddress) address = { 0 };
    g_autofree char *origin = NULL;

    g_assert_true (porch_address_parse (good[i].origin, &address));
    origin = porch_address_to_origin (&address);
    g_assert_cmpstr (origin, ==, good[i].origin);
  }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (PorchAddress) address = { 0 };

    if (porch_address_parse (bad[i], &address))
      g_error ("\"%s\" was read as %s", bad[i], address.host);
    g_assert_null (address.host);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/good", test_good);
  g_test_add_func ("/address/again", test_again);
  g_test_add_func ("/address/bad", test_bad);
  return g_test_run ();
}
