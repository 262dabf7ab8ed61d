/* test-scanner.c - what the scanner takes and what it refuses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-scanner.h"

#include <string.h>

#define KIB           1024
#define BYTES(text_)  .text = (text_), .length = sizeof (text_) - 1
#define DOCUMENT(v)   "{\"a\":" v "}"
#define IN_STRING(v)  "{\"a\":\"" v "\"}"
#define DIGITS_10(d_) d_ d_ d_ d_ d_ d_ d_ d_ d_ d_

typedef struct {
  const char *name;
  const char *text;
  gsize length;
  const char *problem; /* a part of the message */
} Refused;

/* clang-format off */
static const Refused refused[] = {
  /* No JSON at all. */
  { "empty", BYTES (""), "byte 0: expected an object" },
  { "space", BYTES ("  \n\t "), "expected an object" },
  { "words", BYTES ("hello"), "expected an object" },
  { "html", BYTES ("<html></html>"), "expected an object" },
  { "binary", BYTES ("\x00\x01\x02\xff\xfe"), "byte 0: expected an object" },
  { "nul", BYTES ("\0"), "expected an object" },
  { "bom", BYTES ("\xef\xbb\xbf{\"a\":1}"), "byte 0: expected an object" },
  { "utf-16", BYTES ("{\0\"\0a\0\"\0:\0001\0}\0"), "byte 1" },
  { "var", BYTES ("var x = {\"a\":1};"), "expected an object" },
  { "call", BYTES ("f({\"a\":1})"), "expected an object" },
  { "comment", BYTES ("/*x*/{\"a\":1}"), "expected an object" },
  { "comment inside", BYTES ("{/*x*/\"a\":1}"), "expected a name" },
  { "comment behind", BYTES ("{\"a\":1}//x"), "byte 7: something follows" },
  /* No object. */
  { "array", BYTES ("[]"), "expected an object" },
  { "string", BYTES ("\"a\""), "expected an object" },
  { "number", BYTES ("1"), "expected an object" },
  { "null", BYTES ("null"), "expected an object" },
  /* More than one. */
  { "two documents", BYTES ("{\"a\":1}{\"b\":2}"), "byte 7: something follows" },
  { "two lines", BYTES ("{\"a\":1}\n{\"b\":2}"), "byte 8: something follows" },
  { "garbage", BYTES ("{\"a\":1}x"), "something follows" },
  { "brackets", BYTES ("{\"a\":1}}}}"), "something follows" },
  { "nul behind", BYTES ("{\"a\":1}\0"), "something follows" },
  { "comma behind", BYTES ("{\"a\":1},"), "something follows" },
  /* Structure. */
  { "open", BYTES ("{"), "expected a name" },
  { "no value", BYTES ("{\"a\""), "expected a colon" },
  { "colon only", BYTES ("{\"a\":"), "cut short" },
  { "no end", BYTES ("{\"a\":1"), "cut short" },
  { "array end", BYTES ("{\"a\":[1"), "cut short" },
  { "wrong end", BYTES ("{\"a\":[1}"), "byte 7: expected a comma or ]" },
  { "wrong end of object", BYTES ("{\"a\":1]"), "byte 6: expected a comma or }" },
  { "trailing comma", BYTES ("{\"a\":1,}"), "byte 7: expected a name" },
  { "trailing comma in array", BYTES ("{\"a\":[1,]}"), "byte 8: not a JSON value" },
  { "leading comma", BYTES ("{,\"a\":1}"), "expected a name" },
  { "two commas", BYTES ("{\"a\":[1,,2]}"), "not a JSON value" },
  { "no comma", BYTES ("{\"a\":1 \"b\":2}"), "expected a comma or }" },
  { "colon for comma", BYTES ("{\"a\":[1:2]}"), "expected a comma or ]" },
  { "equals", BYTES ("{\"a\"=1}"), "expected a colon" },
  { "bare name", BYTES ("{a:1}"), "expected a name in quotes" },
  { "single quotes", BYTES ("{'a':1}"), "expected a name in quotes" },
  { "single quoted value", BYTES ("{\"a\":'a'}"), "not a JSON value" },
  { "number as name", BYTES ("{1:1}"), "expected a name in quotes" },
  { "form feed", BYTES ("{\f\"a\":1}"), "expected a name" },
  { "no-break space", BYTES ("{\xc2\xa0\"a\":1}"), "expected a name" },
  /* Words. */
  { "True", BYTES (DOCUMENT ("True")), "not a JSON value" },
  { "tru", BYTES (DOCUMENT ("tru")), "not a JSON value" },
  { "truex", BYTES (DOCUMENT ("truex")), "expected a comma or }" },
  { "nul word", BYTES (DOCUMENT ("nul")), "not a JSON value" },
  { "n at the end", BYTES ("{\"a\":n"), "not a JSON value" },
  { "undefined", BYTES (DOCUMENT ("undefined")), "not a JSON value" },
  { "NaN", BYTES (DOCUMENT ("NaN")), "not a JSON value" },
  { "Infinity", BYTES (DOCUMENT ("Infinity")), "not a JSON value" },
  { "-Infinity", BYTES (DOCUMENT ("-Infinity")), "a digit is missing" },
  /* Numbers. */
  { "+1", BYTES (DOCUMENT ("+1")), "byte 5: not a JSON value" },
  { "01", BYTES (DOCUMENT ("01")), "expected a comma or }" },
  { "-01", BYTES (DOCUMENT ("-01")), "expected a comma or }" },
  { "00", BYTES (DOCUMENT ("00")), "expected a comma or }" },
  { "-", BYTES (DOCUMENT ("-")), "a digit is missing" },
  { "--1", BYTES (DOCUMENT ("--1")), "a digit is missing" },
  { "1.", BYTES (DOCUMENT ("1.")), "a digit is missing after the point" },
  { ".5", BYTES (DOCUMENT (".5")), "not a JSON value" },
  { "-.5", BYTES (DOCUMENT ("-.5")), "a digit is missing" },
  { "1e", BYTES (DOCUMENT ("1e")), "a digit is missing in the exponent" },
  { "1e+", BYTES (DOCUMENT ("1e+")), "a digit is missing in the exponent" },
  { "1.e5", BYTES (DOCUMENT ("1.e5")), "a digit is missing after the point" },
  { "1e5.5", BYTES (DOCUMENT ("1e5.5")), "expected a comma or }" },
  { "1.2.3", BYTES (DOCUMENT ("1.2.3")), "expected a comma or }" },
  { "0x1F", BYTES (DOCUMENT ("0x1F")), "expected a comma or }" },
  { "1,5", BYTES (DOCUMENT ("1,5")), "expected a name" },
  { "1_000", BYTES (DOCUMENT ("1_000")), "expected a comma or }" },
  { "1 at the end", BYTES ("{\"a\":1."), "a digit is missing" },
  { "2^53", BYTES (DOCUMENT ("9007199254740992")), "beyond 2^53" },
  { "-2^53", BYTES (DOCUMENT ("-9007199254740992")), "beyond 2^53" },
  { "int64", BYTES (DOCUMENT ("9223372036854775807")), "beyond 2^53" },
  { "2^64 and 1", BYTES (DOCUMENT ("18446744073709551617")), "beyond 2^53" },
  { "23 digits", BYTES (DOCUMENT ("99999999999999999999999")), "beyond 2^53" },
  { "1e999", BYTES (DOCUMENT ("1e999")), "too large" },
  { "-1e999", BYTES (DOCUMENT ("-1e999")), "too large" },
  { "64 characters", BYTES (DOCUMENT ("1." DIGITS_10 ("123456") "78")), "too many digits" },
  /* Strings. */
  { "no quote", BYTES ("{\"a\":\"x"), "a string does not end" },
  { "name without end", BYTES ("{\"a"), "a string does not end" },
  { "only a backslash", BYTES ("{\"a\":\"\\"), "a bad escape" },
  { "escaped quote", BYTES ("{\"a\":\"x\\\"}"), "a string does not end" },
  { "line break", BYTES (IN_STRING ("x\ny")), "byte 7: a control character" },
  { "tab", BYTES (IN_STRING ("x\ty")), "a control character" },
  { "tab far in", BYTES (IN_STRING ("abcdefghijklmnop\tq")), "byte 22: a control character" },
  { "escape character", BYTES (IN_STRING ("\x1b")), "a control character" },
  { "raw nul", BYTES (IN_STRING ("x\0y")), "a control character" },
  { "nul in a name", BYTES ("{\"a\0b\":1}"), "a control character" },
  { "\\u0000", BYTES (IN_STRING ("x\\u0000y")), "U+0000" },
  { "\\u0000 in a name", BYTES ("{\"a\\u0000b\":1}"), "U+0000" },
  { "\\q", BYTES (IN_STRING ("\\q")), "a bad escape" },
  { "\\'", BYTES (IN_STRING ("\\'")), "a bad escape" },
  { "\\x41", BYTES (IN_STRING ("\\x41")), "a bad escape" },
  { "\\ and nul", BYTES (IN_STRING ("\\\0")), "a bad escape" },
  { "\\U", BYTES (IN_STRING ("\\U0041")), "a bad escape" },
  { "\\u12", BYTES (IN_STRING ("\\u12")), "a bad \\u escape" },
  { "\\u12g4", BYTES (IN_STRING ("\\u12g4")), "a bad \\u escape" },
  { "\\u at the end", BYTES ("{\"a\":\"\\u00"), "a bad \\u escape" },
  { "high alone", BYTES (IN_STRING ("x\\ud83dy")), "a surrogate alone" },
  { "high at the end", BYTES (IN_STRING ("\\ud83d")), "a surrogate alone" },
  { "low alone", BYTES (IN_STRING ("\\udc00")), "a surrogate alone" },
  { "reversed", BYTES (IN_STRING ("\\udc4d\\ud83d")), "a surrogate alone" },
  { "two high", BYTES (IN_STRING ("\\ud83d\\ud83d")), "a surrogate alone" },
  { "high and letter", BYTES (IN_STRING ("\\ud83d\\u0041")), "a surrogate alone" },
  { "high and escape", BYTES (IN_STRING ("\\ud83d\\n12345")), "a surrogate alone" },
  { "high and bad hex", BYTES (IN_STRING ("\\ud83d\\uzzzz")), "a surrogate alone" },
  { "lone in a name", BYTES ("{\"\\ud83d\":1}"), "a surrogate alone" },
  /* UTF-8. */
  { "ff fe", BYTES (IN_STRING ("\xff\xfe")), "byte 6: not UTF-8" },
  { "after letters", BYTES (IN_STRING ("\xce\xb1\xce\xb2\xff")), "byte 10: not UTF-8" },
  { "latin-1", BYTES (IN_STRING ("caf\xe9")), "byte 9: not UTF-8" },
  { "overlong nul", BYTES (IN_STRING ("\xc0\x80")), "not UTF-8" },
  { "overlong slash", BYTES (IN_STRING ("\xe0\x80\xaf")), "not UTF-8" },
  { "overlong four", BYTES (IN_STRING ("\xf0\x80\x80\xaf")), "not UTF-8" },
  { "surrogate", BYTES (IN_STRING ("\xed\xa0\xbd")), "not UTF-8" },
  { "pair of surrogates", BYTES (IN_STRING ("\xed\xa0\xbd\xed\xb0\x80")), "not UTF-8" },
  { "U+110000", BYTES (IN_STRING ("\xf4\x90\x80\x80")), "not UTF-8" },
  { "f5", BYTES (IN_STRING ("\xf5\x80\x80\x80")), "not UTF-8" },
  { "continuation", BYTES (IN_STRING ("\x80")), "not UTF-8" },
  { "cut short", BYTES (IN_STRING ("\xe2\x82")), "not UTF-8" },
  { "cut by the end", BYTES ("{\"a\":\"\xe2\x82"), "not UTF-8" },
  { "in a name", BYTES ("{\"\xff\":1}"), "not UTF-8" },
  /* Names given twice. */
  { "twice", BYTES ("{\"a\":1,\"a\":2}"), "a name is given twice" },
  { "twice, not next", BYTES ("{\"a\":1,\"b\":{\"a\":1},\"a\":2}"), "a name is given twice" },
  { "twice inside", BYTES ("{\"x\":{\"a\":1,\"a\":2}}"), "a name is given twice" },
  { "twice in an array", BYTES ("{\"x\":[{\"a\":1,\"a\":2}]}"), "a name is given twice" },
  { "twice deep", BYTES ("{\"x\":[[[{\"y\":{\"a\":1,\"a\":2}}]]]}"), "a name is given twice" },
  { "twice, one escaped", BYTES ("{\"a\":1,\"\\u0061\":2}"), "a name is given twice" },
  { "twice, first escaped", BYTES ("{\"\\u0061b\":1,\"ab\":2}"), "a name is given twice" },
  { "twice, both escaped", BYTES ("{\"\\u0061\":1,\"\\u0061\":2}"), "a name is given twice" },
  { "twice, empty", BYTES ("{\"\":1,\"\":2}"), "a name is given twice" },
  { "twice, with dots", BYTES ("{\"a.b\":1,\"a.b\":2}"), "a name is given twice" },
};

static const struct { const char *name; const char *text; gsize length; } taken[] = {
  { "nothing", BYTES ("{}") },
  { "space around", BYTES (" \t\r\n{ \"a\" : [ 1 , { } ] , \"b\" : { } } \n") },
  { "flat", BYTES ("{\"type\":\"message\",\"n\":1,\"ok\":true,\"no\":false,\"none\":null}") },
  { "empty array", BYTES ("{\"a\":[]}") },
  { "all kinds in an array", BYTES ("{\"a\":[1,-2.5,\"x\",true,false,null,[],{}]}") },
  { "0", BYTES (DOCUMENT ("0")) },
  { "-0", BYTES (DOCUMENT ("-0")) },
  { "-0.0", BYTES (DOCUMENT ("-0.0")) },
  { "0e0", BYTES (DOCUMENT ("0e0")) },
  { "1E+2", BYTES (DOCUMENT ("1E+2")) },
  { "1e-2", BYTES (DOCUMENT ("1e-2")) },
  { "1.50", BYTES (DOCUMENT ("1.50")) },
  { "1e308", BYTES (DOCUMENT ("1e308")) },
  { "1e-999", BYTES (DOCUMENT ("1e-999")) },
  { "2^53-1", BYTES (DOCUMENT ("9007199254740991")) },
  { "-2^53+1", BYTES (DOCUMENT ("-9007199254740991")) },
  { "63 characters", BYTES (DOCUMENT ("1." DIGITS_10 ("123456") "7")) },
  { "escapes", BYTES (IN_STRING ("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac")) },
  { "pair", BYTES (IN_STRING ("\\ud83d\\udc4d")) },
  { "pair, capitals", BYTES (IN_STRING ("\\uD83D\\uDC4D")) },
  { "last code point", BYTES (IN_STRING ("\\udbff\\udfff\xf4\x8f\xbf\xbf")) },
  { "noncharacters", BYTES (IN_STRING ("\xef\xbf\xbe\xef\xbf\xbf\\uffff")) },
  { "bom inside", BYTES (IN_STRING ("\xef\xbb\xbf")) },
  { "delete", BYTES (IN_STRING ("\x7f")) },
  { "U+2028", BYTES (IN_STRING ("\xe2\x80\xa8")) },
  { "greek", BYTES (IN_STRING ("\xce\x9a\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1")) },
  { "same name elsewhere", BYTES ("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}") },
  { "names by case", BYTES ("{\"a\":1,\"A\":2}") },
  { "names by length", BYTES ("{\"\":0,\"a\":1,\"aa\":2,\"ab\":3}") },
};
/* clang-format on */

/* Both doors of the scanner, which must be of one mind, on a block of exactly this size so that a
 * sanitizer sees one byte too far. Returns the message, or NULL when it was taken. */
static char *
scan (const char *text, gsize length)
{
  g_autofree char *exact = g_memdup2 (text, length);
  g_auto (PorchFrame) frame = { 0 };
  g_autoptr (GError) frame_error = NULL;
  g_autoptr (GError) check_error = NULL;
  const gboolean is_frame = porch_frame_scan (&frame, exact, length, &frame_error);
  const gboolean is_good =
    porch_scanner_check (exact, length, PORCH_FRAME_BYTES, PORCH_FRAME_MEMBERS, &check_error);

  g_assert_cmpint (is_frame, ==, is_good);
  if (is_good) {
    g_assert_no_error (frame_error);
    g_assert_no_error (check_error);
    return NULL;
  }
  g_assert_cmpuint (frame.n_members, ==, 0);
  g_assert_null (frame.arena);
  g_assert_error (frame_error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_assert_error (check_error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpstr (frame_error->message, ==, check_error->message);
  return g_strdup (frame_error->message);
}

static void
test_refused (gconstpointer data)
{
  const Refused *one = data;
  g_autofree char *message = scan (one->text, one->length);

  g_assert_nonnull (message);
  if (strstr (message, one->problem) == NULL)
    g_error ("%s: \"%s\" does not say \"%s\"", one->name, message, one->problem);
}

static void
test_taken (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autofree char *message = scan (taken[i].text, taken[i].length);

  g_assert_cmpstr (message, ==, NULL);
}

/* A document that ends early is never one. */
static void
test_cut_short (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    const char *last = strrchr (taken[i].text, '}');

    for (gsize length = 0; taken[i].text + length <= last; length++) {
      g_autofree char *message = scan (taken[i].text, length);

      g_assert_nonnull (message);
    }
  }
}

/* A byte that stands nowhere in JSON spoils every document, wherever it is put. */
static void
test_spoilt (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    for (gsize at = 0; at < taken[i].length; at++) {
      g_autofree char *text = g_memdup2 (taken[i].text, taken[i].length);
      g_autofree char *message = NULL;

      text[at] = at % 2 == 0 ? '\xff' : '\x01';
      message = scan (text, taken[i].length);
      g_assert_nonnull (message);
    }
}

/* g_utf8_validate () as the judge, over all pairs of bytes and all edges of longer sequences. */
static void
test_utf8_sequences (void)
{
  static const guint8 edges[] = { 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0 };
  const guint n = G_N_ELEMENTS (edges);

  for (guint lead = 0x80; lead < 0x100; lead++)
    for (guint i = 0; i < n * n * n; i++) {
      const char bytes[] = { lead, edges[i % n], edges[i / n % n], edges[i / n / n], '\0' };
      g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", bytes);
      g_autofree char *message = scan (text, strlen (text));

      g_assert_cmpint (message == NULL, ==, g_utf8_validate (bytes, -1, NULL));
    }
}

/* Every character there is, as it is and escaped, comes out as it went in. */
static void
test_every_character (void)
{
  const gunichar batch = 512;

  for (gunichar first = 1; first <= 0x10ffff; first += batch) {
    g_autoptr (GString) plain = g_string_new (NULL);
    g_autoptr (GString) text = g_string_new ("{\"a\":\"");
    g_auto (PorchFrame) frame = { 0 };
    g_autoptr (GError) error = NULL;

    for (gunichar c = first; c < first + batch && c <= 0x10ffff; c++) {
      if (c >= 0xd800 && c <= 0xdfff)
        continue;
      g_string_append_unichar (plain, c);
      if (c >= 0x10000)
        g_string_append_printf (text, "\\u%04x\\u%04X", 0xd800 + ((c - 0x10000) >> 10),
                                0xdc00 + (c & 0x3ff));
      else
        g_string_append_printf (text, "\\u%04x", c);
      if (c >= 0x20 && c != '"' && c != '\\') {
        g_string_append_unichar (plain, c);
        g_string_append_unichar (text, c);
      }
    }
    g_string_append (text, "\"}");
    g_assert_true (porch_frame_scan (&frame, text->str, text->len, &error));
    g_assert_no_error (error);
    g_assert_cmpmem (frame.members[0].string, frame.members[0].length, plain->str, plain->len);
  }
}

static char *
dup_levels (guint n_levels, const char *open, const char *inside, const char *close)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");

  for (guint i = 1; i < n_levels; i++)
    g_string_append (text, open);
  g_string_append (text, inside);
  for (guint i = 1; i < n_levels; i++)
    g_string_append (text, close);
  g_string_append (text, "}");
  return g_strdup (text->str);
}

static void
test_depth (void)
{
  static const struct {
    const char *open, *inside, *close;
  } shapes[] = { { "[", "", "]" }, { "[", "1", "]" }, { "{\"a\":", "1", "}" } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (guint n = 2; n <= 40; n++) {
      g_autofree char *text = dup_levels (n, shapes[i].open, shapes[i].inside, shapes[i].close);
      g_autofree char *message = scan (text, strlen (text));

      if (n <= PORCH_FRAME_DEPTH)
        g_assert_null (message);
      else
        g_assert_nonnull (strstr (message, "more than 32 levels"));
    }
}

/* Neither memory nor stack is spent on it, so the document of any length says the same. */
static void
test_abyss (void)
{
  g_autofree char *arrays = dup_levels (100000, "[", "", "]");
  g_autofree char *objects = dup_levels (100000, "{\"a\":", "1", "}");
  g_autofree char *open = g_strnfill (60000, '[');
  g_autofree char *in_frame = g_strconcat ("{\"a\":", open, NULL);
  g_autofree char *message = scan (in_frame, strlen (in_frame));
  const char *const texts[] = { arrays, objects };

  g_assert_nonnull (strstr (message, "more than 32 levels"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (PorchFrame) frame = { 0 };

    g_assert_false (porch_scanner_check (texts[i], strlen (texts[i]), KIB * KIB, 256, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
    g_assert_nonnull (strstr (error->message, "more than 32 levels"));
    g_clear_error (&error);
    g_assert_false (porch_frame_scan (&frame, texts[i], strlen (texts[i]), &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE);
  }
}

static void
test_size (void)
{
  const char *const brackets[] = { "{\"a\":\"", "\"}" };
  const gsize n_brackets = strlen (brackets[0]) + strlen (brackets[1]);

  for (int over = -1; over <= 1024; over = over < 1 ? over + 1 : over * 1024) {
    g_autofree char *fill = g_strnfill (PORCH_FRAME_BYTES - n_brackets + over, 'x');
    g_autofree char *text = g_strconcat (brackets[0], fill, brackets[1], NULL);
    g_auto (PorchFrame) frame = { 0 };
    g_autoptr (GError) error = NULL;
    const gboolean is_frame = porch_frame_scan (&frame, text, strlen (text), &error);

    g_assert_cmpint (is_frame, ==, over <= 0);
    if (is_frame)
      g_assert_cmpuint (frame.members[0].length, ==, strlen (fill));
    else
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE);
    g_clear_error (&error);

    g_assert_true (porch_scanner_check (text, strlen (text), strlen (text), 1, &error));
    g_assert_false (porch_scanner_check (text, strlen (text), strlen (text) - 1, 1, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE);
  }
}

/* {"name0":0,"name1":1,…} with @n members. */
static char *
dup_members (guint n)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"name%u\":%u", i > 0 ? "," : "", i, i);
  g_string_append (text, "}");
  return g_strdup (text->str);
}

static void
test_members (void)
{
  for (guint n = PORCH_FRAME_MEMBERS - 1; n <= PORCH_FRAME_MEMBERS + 1; n++) {
    g_autofree char *members = dup_members (n);
    g_autofree char *text = g_strdup_printf ("{\"a\":[%s,%s]}", members, members);
    g_autofree char *message = scan (text, strlen (text));

    if (n <= PORCH_FRAME_MEMBERS)
      g_assert_null (message);
    else
      g_assert_nonnull (strstr (message, "too many members in an object"));
  }
}

/* Objects with few and with many names are looked at in two ways, so both sides of the edge are
 * tried, with the second name of the pair first, last and in the middle. */
static void
test_many_names_twice (void)
{
  static const guint counts[] = { 2, 31, 32, 33, 34, 47, 48, 49, 100, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    for (guint of = 0; of < counts[i]; of += MAX (1, counts[i] / 4)) {
      g_autofree char *members = dup_members (counts[i]);
      g_autofree char *tail = g_strdup_printf (",\"name%u\":0}", of);
      g_autofree char *good = g_strdup_printf ("{\"a\":[%s]}", members);
      g_autofree char *good_message = scan (good, strlen (good));
      g_autofree char *bad = NULL, *bad_message = NULL;

      g_assert_null (good_message);
      members[strlen (members) - 1] = '\0';
      bad = g_strdup_printf ("{\"a\":[%s%s]}", members, tail);
      bad_message = scan (bad, strlen (bad));
      g_assert_nonnull (bad_message);
      g_assert_nonnull (strstr (bad_message, "a name is given twice"));
    }
}

/* Many objects with many names each, open at the same time: the names of the outer ones stay. */
static void
test_names_of_outer_objects (void)
{
  g_autoptr (GString) text = g_string_new ("{\"x\":[");
  g_autofree char *message = NULL;

  for (guint level = 0; level < 30; level++) {
    g_string_append_c (text, '{');
    for (guint i = 0; i < 40; i++)
      g_string_append_printf (text, "\"n%u\":%u,", i, i);
    g_string_append (text, "\"in\":");
  }
  g_string_append (text, "0");
  for (guint level = 0; level < 30; level++)
    g_string_append (text, level == 29 ? ",\"n7\":0}" : "}");
  g_string_append (text, "]}");

  message = scan (text->str, text->len);
  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, "a name is given twice"));
}

/* A body of the settings' size must not take long, whatever is in it. */
static void
test_no_slow_document (void)
{
  const guint n = 60000;
  g_autofree char *members = dup_members (n);
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_true (porch_scanner_check (members, strlen (members), 2 * KIB * KIB, n, &error));
  g_assert_no_error (error);
  g_assert_false (porch_scanner_check (members, strlen (members), 2 * KIB * KIB, n - 1, &error));
  /* Comparing each name with each other one would take a minute. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *path = g_strdup_printf ("/scanner/refused/%s", refused[i].name);

    g_test_add_data_func (path, &refused[i], test_refused);
  }
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    g_autofree char *path = g_strdup_printf ("/scanner/taken/%s", taken[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_taken);
  }
  g_test_add_func ("/scanner/cut-short", test_cut_short);
  g_test_add_func ("/scanner/spoilt", test_spoilt);
  g_test_add_func ("/scanner/utf8-sequences", test_utf8_sequences);
  g_test_add_func ("/scanner/every-character", test_every_character);
  g_test_add_func ("/scanner/depth", test_depth);
  g_test_add_func ("/scanner/abyss", test_abyss);
  g_test_add_func ("/scanner/size", test_size);
  g_test_add_func ("/scanner/members", test_members);
  g_test_add_func ("/scanner/many-names-twice", test_many_names_twice);
  g_test_add_func ("/scanner/names-of-outer-objects", test_names_of_outer_objects);
  g_test_add_func ("/scanner/no-slow-document", test_no_slow_document);
  return g_test_run ();
}
