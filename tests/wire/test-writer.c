/* test-writer.c - JSON text as it is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-scanner.h"
#include "porch-writer.h"

#include <string.h>

#define FFFD "\xef\xbf\xbd"

/* clang-format off */
static const struct { const char *name; const char *value; const char *written; } strings[] = {
  { "empty", "", "\"\"" },
  { "plain", "Hello, world", "\"Hello, world\"" },
  { "quote", "say \"x\"", "\"say \\\"x\\\"\"" },
  { "backslash", "C:\\x", "\"C:\\\\x\"" },
  { "line", "a\nb\r\tc", "\"a\\nb\\r\\tc\"" },
  { "controls", "\x01\x08\x0c\x1f", "\"\\u0001\\u0008\\u000c\\u001f\"" },
  { "delete", "\x7f", "\"\x7f\"" },
  { "script", "</script><!--", "\"\\u003c/script>\\u003c!--\"" },
  { "U+2028", "a\xe2\x80\xa8" "b\xe2\x80\xa9", "\"a\\u2028b\\u2029\"" },
  { "U+2027", "\xe2\x80\xa7\xe2\x80\xaa", "\"\xe2\x80\xa7\xe2\x80\xaa\"" },
  { "accents", "caf\xc3\xa9", "\"caf\xc3\xa9\"" },
  { "emoji", "\xf0\x9f\x91\x8d", "\"\xf0\x9f\x91\x8d\"" },
  { "last", "\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"" },
  { "latin-1", "caf\xe9!", "\"caf" FFFD "!\"" },
  { "ff", "\xff\xfe", "\"" FFFD FFFD "\"" },
  { "cut short", "a\xe2\x82", "\"a" FFFD FFFD "\"" },
  { "cut, then more", "\xf0\x9f\x91" "a", "\"" FFFD FFFD FFFD "a\"" },
  { "overlong", "\xc0\x80", "\"" FFFD FFFD "\"" },
  { "surrogate", "\xed\xa0\xbd", "\"" FFFD FFFD FFFD "\"" },
  { "too far", "\xf4\x90\x80\x80", "\"" FFFD FFFD FFFD FFFD "\"" },
  { "quote after bad", "\xe2\"", "\"" FFFD "\\\"\"" },
};

static const struct { gint64 value; const char *written; } ints[] = {
  { 0, "0" }, { 7, "7" }, { 10, "10" }, { -1, "-1" }, { -10, "-10" },
  { 9007199254740991, "9007199254740991" },
  { G_MAXINT64, "9223372036854775807" },
  { G_MININT64, "-9223372036854775808" },
};
/* clang-format on */

static void
test_string (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GString) text = g_string_new (NULL);

  porch_json_append_string (text, strings[i].value);
  g_assert_cmpstr (text->str, ==, strings[i].written);
}

/* What is written can be read, and means the same when it was UTF-8. */
static void
test_read_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (text);
    g_auto (PorchFrame) frame = { 0 };
    g_autofree char *valid = g_utf8_make_valid (strings[i].value, -1);

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "a", strings[i].value);
    porch_writer_end (&writer);
    g_assert_true (porch_frame_scan (&frame, text->str, text->len, NULL));
    if (g_utf8_validate (strings[i].value, -1, NULL))
      g_assert_cmpstr (frame.members[0].string, ==, valid);
  }
}

/* Whatever bytes there are: the text is one that the scanner takes. */
static void
test_any_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint round = 0; round < 5000; round++) {
    char value[24] = "";
    g_autoptr (GString) text = g_string_new ("{\"a\":");
    g_auto (PorchFrame) frame = { 0 };

    for (guint i = 0; i < sizeof value - 1; i++)
      value[i] = g_rand_int_range (rand, 1, 256);
    porch_json_append_string (text, value);
    g_string_append_c (text, '}');
    g_assert_true (porch_frame_scan (&frame, text->str, text->len, NULL));
    g_assert_null (strchr (text->str, '<'));
  }
}

static void
test_ints (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ints); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (text);

    porch_writer_int (&writer, NULL, ints[i].value);
    g_assert_cmpstr (text->str, ==, ints[i].written);
  }
}

static void
test_times (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin_array (&writer, NULL);
  porch_writer_time (&writer, NULL, 0);
  porch_writer_time (&writer, NULL, 1);
  porch_writer_time (&writer, NULL, G_GINT64_CONSTANT (1795167667123456));
  porch_writer_end_array (&writer);
  g_assert_cmpstr (text->str, ==,
                   "[null,\"1970-01-01T00:00:00.000Z\",\"2026-11-20T09:41:07.123Z\"]");
}

/* Commas come between and nowhere else. */
static void
test_structure (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_begin (&writer, "empty");
  porch_writer_end (&writer);
  porch_writer_begin_array (&writer, "none");
  porch_writer_end_array (&writer);
  porch_writer_string (&writer, "s", "x");
  porch_writer_string (&writer, "null", NULL);
  porch_writer_boolean (&writer, "t", TRUE);
  porch_writer_boolean (&writer, "f", FALSE);
  porch_writer_begin_array (&writer, "all");
  porch_writer_int (&writer, NULL, 1);
  porch_writer_begin (&writer, NULL);
  porch_writer_int (&writer, "n", 2);
  porch_writer_end (&writer);
  porch_writer_begin_array (&writer, NULL);
  porch_writer_string (&writer, NULL, NULL);
  porch_writer_end_array (&writer);
  porch_writer_raw (&writer, NULL, "{\"raw\":[]}");
  porch_writer_raw (&writer, NULL, NULL);
  porch_writer_end_array (&writer);
  porch_writer_int (&writer, "last", 3);
  porch_writer_end (&writer);

  g_assert_cmpstr (text->str, ==,
                   "{\"empty\":{},\"none\":[],\"s\":\"x\",\"null\":null,\"t\":true,\"f\":false,"
                   "\"all\":[1,{\"n\":2},[null],{\"raw\":[]},null],\"last\":3}");
}

/* A writer may begin in the middle of a text. */
static void
test_appends (void)
{
  g_autoptr (GString) text = g_string_new ("data: ");
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_end (&writer);
  g_assert_cmpstr (text->str, ==, "data: {}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    g_autofree char *path = g_strdup_printf ("/writer/string/%s", strings[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_string);
  }
  g_test_add_func ("/writer/read-back", test_read_back);
  g_test_add_func ("/writer/any-bytes", test_any_bytes);
  g_test_add_func ("/writer/ints", test_ints);
  g_test_add_func ("/writer/times", test_times);
  g_test_add_func ("/writer/structure", test_structure);
  g_test_add_func ("/writer/appends", test_appends);
  return g_test_run ();
}
