/* test-text.c - what people write, limited and cleaned
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-text.h"

#include <string.h>

/* clang-format off */
static const struct { const char *name; const char *text; gboolean is_blank; } blanks[] = {
  { "empty", "", TRUE },
  { "spaces", "   ", TRUE },
  { "tabs and lines", "\t\r\n\v\f ", TRUE },
  { "no-break space", "\xc2\xa0", TRUE },
  { "em space", "\xe2\x80\x83", TRUE },
  { "ideographic space", "\xe3\x80\x80", TRUE },
  { "line separator", "\xe2\x80\xa8", TRUE },
  { "paragraph separator", "\xe2\x80\xa9", TRUE },
  { "zero width space", "\xe2\x80\x8b", TRUE },
  { "zero width joiner", "\xe2\x80\x8d", TRUE },
  { "word joiner", "\xe2\x81\xa0", TRUE },
  { "byte order mark", "\xef\xbb\xbf", TRUE },
  { "soft hyphen", "\xc2\xad", TRUE },
  { "left-to-right mark", "\xe2\x80\x8e", TRUE },
  { "override", "\xe2\x80\xae", TRUE },
  { "variation selector", "\xef\xb8\x8f", TRUE },
  { "combining grapheme joiner", "\xcd\x8f", TRUE },
  { "accent on nothing", "\xcc\x81", TRUE },
  { "mongolian vowel separator", "\xe1\xa0\x8e", TRUE },
  { "hangul filler", "\xe3\x85\xa4", TRUE },
  { "hangul choseong filler", "\xe1\x85\x9f", TRUE },
  { "hangul jungseong filler", "\xe1\x85\xa0", TRUE },
  { "halfwidth hangul filler", "\xef\xbe\xa0", TRUE },
  { "empty braille cell", "\xe2\xa0\x80", TRUE },
  { "tag", "\xf3\xa0\x81\xa1", TRUE },
  { "controls", "\x01\x7f\xc2\x85", TRUE },
  { "many of them", " \xe2\x80\x8b\n\xe2\x80\x8b\xe3\x85\xa4 ", TRUE },
  { "letter", "a", FALSE },
  { "full stop", ".", FALSE },
  { "in the middle", " \n\xe2\x80\x8b" "a\xe2\x80\x8b ", FALSE },
  { "emoji", "\xf0\x9f\x91\x8d", FALSE },
  { "heart with selector", "\xe2\x9d\xa4\xef\xb8\x8f", FALSE },
  { "letter with accent", "e\xcc\x81", FALSE },
  { "greek", "\xce\xb1", FALSE },
  { "arabic", "\xd8\xa7", FALSE },
  { "korean", "\xed\x95\x9c", FALSE },
  { "braille", "\xe2\xa0\x81", FALSE },
  { "replacement character", "\xef\xbf\xbd", FALSE },
};

static const struct { const char *text; glong max; const char *line; } lines[] = {
  { NULL, 10, NULL },
  { "", 10, NULL },
  { "  \n ", 10, NULL },
  { "\xe2\x80\x8b", 10, NULL },
  { "Ann", 10, "Ann" },
  { "  Ann  ", 10, "Ann" },
  { "Ann\nLee", 10, "Ann Lee" },
  { "Ann\r\nLee", 10, "Ann  Lee" },
  { "\tAnn\tLee\t", 10, "Ann Lee" },
  { "Ann\xe2\x80\xa8Lee", 10, "Ann Lee" },
  { "Ann\xc2\xa0Lee", 10, "Ann Lee" },
  { "A\x01n\x1bn\x7f", 10, "Ann" },
  /* What makes the end of a name read before its beginning. */
  { "Ann\xe2\x80\xae" "fdp.exe", 20, "Annfdp.exe" },
  { "\xe2\x81\xa6" "Ann\xe2\x81\xa9", 10, "Ann" },
  { "Ann\xe2\x80\x8f", 10, "Ann\xe2\x80\x8f" },
  /* Characters are counted, not bytes; the limit itself is allowed. */
  { "abcdef", 6, "abcdef" },
  { "abcdef", 5, "abcde" },
  { "\xce\xb1\xce\xb2\xce\xb3\xce\xb4", 3, "\xce\xb1\xce\xb2\xce\xb3" },
  { "abc def", 4, "abc" },
  { "\x01\x02\x03" "abc", 3, "abc" },
  { "a", 0, NULL },
  /* From a header or a command line. */
  { "caf\xe9 x", 10, "caf\xef\xbf\xbd x" },
  { "a\xe2", 10, "a\xef\xbf\xbd" },
};

static const struct { const char *text; const char *email; } emails[] = {
  { "ann@example.com", "ann@example.com" },
  { "  ann@example.com\n", "ann@example.com" },
  { "Ann.Lee+shop@mail.example.co.uk", "Ann.Lee+shop@mail.example.co.uk" },
  { "\xce\xb1@\xce\xb2\xce\xb3.example", "\xce\xb1@\xce\xb2\xce\xb3.example" },
  { "o'neil@example.com", "o'neil@example.com" },
  { "a@b.c", "a@b.c" },
  { NULL, NULL },
  { "", NULL },
  { "   ", NULL },
  { "ann", NULL },
  { "ann@", NULL },
  { "@example.com", NULL },
  { "@", NULL },
  { "ann@example", NULL },
  { "ann@example.", NULL },
  { "ann@.com", NULL },
  { "ann@.example.com", NULL },
  { "ann@example..com", NULL },
  { "ann@@example.com", NULL },
  { "ann@example.com@evil.net", NULL },
  { "ann lee@example.com", NULL },
  { "ann@exam ple.com", NULL },
  { "Ann <ann@example.com>", NULL },
  { "<ann@example.com>", NULL },
  { "\"ann\"@example.com", NULL },
  { "ann@example.com,bob@example.com", NULL },
  { "ann@example.com;bob@example.com", NULL },
  { "ann@example.com\nBcc: bob@example.com", NULL },
  { "ann@example.com\r\nbob", NULL },
};
/* clang-format on */

static void
test_blank (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  g_assert_cmpint (porch_text_is_blank (blanks[i].text), ==, blanks[i].is_blank);
}

static void
test_lines (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *line = porch_text_dup_line (lines[i].text, lines[i].max);

    g_assert_cmpstr (line, ==, lines[i].line);
  }
}

/* Whatever goes in: one line of UTF-8 comes out, within the limit. */
static void
test_any_line (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint round = 0; round < 3000; round++) {
    char text[40] = "";
    g_autofree char *line = NULL;

    for (guint i = 0; i < sizeof text - 1; i++)
      text[i] = g_rand_int_range (rand, 1, 256);
    line = porch_text_dup_line (text, 20);
    if (line == NULL)
      continue;
    g_assert_true (g_utf8_validate (line, -1, NULL));
    g_assert_cmpint (g_utf8_strlen (line, -1), <=, 20);
    g_assert_cmpuint (strcspn (line, "\n\r\t\x1b"), ==, strlen (line));
    g_assert_false (porch_text_is_blank (line));
  }
}

static void
test_emails (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (emails); i++) {
    g_autofree char *email = porch_text_dup_email (emails[i].text);

    g_assert_cmpstr (email, ==, emails[i].email);
  }
}

static void
test_email_length (void)
{
  for (guint n = PORCH_EMAIL_CHARACTERS - 1; n <= PORCH_EMAIL_CHARACTERS + 2; n++) {
    g_autofree char *name = g_strnfill (n - strlen ("@example.com"), 'a');
    g_autofree char *text = g_strconcat (name, "@example.com", NULL);
    g_autofree char *email = porch_text_dup_email (text);

    g_assert_cmpstr (email, ==, n <= PORCH_EMAIL_CHARACTERS ? text : NULL);
  }
}

/* @n times a letter of two bytes: characters are what is counted. */
static char *
dup_greek (guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, "\xce\xb1");
  return g_strdup (text->str);
}

static void
test_check (void)
{
  g_autofree char *at_limit = dup_greek (PORCH_MESSAGE_CHARACTERS);
  g_autofree char *over = dup_greek (PORCH_MESSAGE_CHARACTERS + 1);
  const struct {
    const char *text;
    int code; /* -1: fine */
  } cases[] = {
    { "hello", -1 },
    { at_limit, -1 },
    { over, PORCH_ERROR_TOO_LONG },
    { "", PORCH_ERROR_EMPTY },
    { " \n", PORCH_ERROR_EMPTY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (
      porch_text_check (cases[i].text, PORCH_MESSAGE_CHARACTERS, "the message", &error), ==,
      cases[i].code == -1);
    if (cases[i].code == -1)
      continue;
    g_assert_error (error, PORCH_ERROR, cases[i].code);
    g_assert_true (g_str_has_prefix (error->message, "the message has "));
  }
}

static void
test_slugs (void)
{
  static const char *const rows[][2] = {
    { "Sales", "sales" },
    { "sales", "sales" },
    { " Sales & Support ", "sales-support" },
    { "B\303\274ro", "buro" },
    { "2nd line", "2nd-line" },
    { "../etc", "etc" },
    { "\331\205\330\261\330\255\330\250\330\247", NULL },
    { "--", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *slug = porch_text_dup_slug (rows[i][0]);

    g_assert_cmpstr (slug, ==, rows[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (blanks); i++) {
    g_autofree char *path = g_strdup_printf ("/text/blank/%s", blanks[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_blank);
  }
  g_test_add_func ("/text/lines", test_lines);
  g_test_add_func ("/text/any-line", test_any_line);
  g_test_add_func ("/text/emails", test_emails);
  g_test_add_func ("/text/email-length", test_email_length);
  g_test_add_func ("/text/slugs", test_slugs);
  g_test_add_func ("/text/check", test_check);
  return g_test_run ();
}
