/* test-shape.c - foreign trees, and the ways into them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-codec.h"
#include "porch-error.h"

#include <string.h>

static const char answer[] =
  "{\"data\":{\"conversation\":\"c1\",\"seq\":7,\"ratio\":1.5,\"is_new\":true,\"is_old\":false,"
  "\"none\":null,\"empty\":\"\"},\"items\":[{\"id\":\"a\",\"tags\":[\"x\",\"y\"]},{\"id\":\"b\"},"
  "\"plain\",3],\"0\":{\"1\":\"numbers as names\"},\"\":{\"\":1}}";

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = porch_json_parse (text, strlen (text), 65536, &error);

  g_assert_no_error (error);
  return node;
}

/* clang-format off */
static const struct { const char *path; const char *value; } strings[] = {
  { "data.conversation", "c1" },
  { "data.empty", "" },
  { "items.0.id", "a" },
  { "items.0.tags.1", "y" },
  { "items.1.id", "b" },
  { "items.2", "plain" },
  { "0.1", "numbers as names" },
  { "data", NULL },
  { "data.seq", NULL },
  { "data.none", NULL },
  { "data.is_new", NULL },
  { "data.nowhere", NULL },
  { "nowhere.conversation", NULL },
  { "data.conversation.x", NULL },
  { "data.conversation.0", NULL },
  { "items", NULL },
  { "items.id", NULL },
  { "items.4", NULL },
  { "items.-1", NULL },
  { "items.+1.id", NULL },
  { "items.01x", NULL },
  { "items.99999999999999999999.id", NULL },
  { "items.0.tags.x", NULL },
  { "items.3", NULL },
  { "Data.conversation", NULL },
  { ".", NULL },
};

static const struct { const char *path; gboolean is_there; gint64 value; } ints[] = {
  { "data.seq", TRUE, 7 },
  { "items.3", TRUE, 3 },
  { "data.ratio", FALSE, 0 },
  { "data.conversation", FALSE, 0 },
  { "data.is_new", FALSE, 0 },
  { "data.none", FALSE, 0 },
  { "data", FALSE, 0 },
  { "nowhere", FALSE, 0 },
};

static const struct { const char *path; gboolean value; } booleans[] = {
  { "data.is_new", TRUE },
  { "data.is_old", FALSE },
  { "data.seq", FALSE },
  { "data.conversation", FALSE },
  { "data.none", FALSE },
  { "nowhere", FALSE },
};
/* clang-format on */

static void
test_strings (void)
{
  g_autoptr (JsonNode) node = parse (answer);

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_assert_cmpstr (porch_shape_string (node, strings[i].path), ==, strings[i].value);
}

static void
test_ints (void)
{
  g_autoptr (JsonNode) node = parse (answer);

  for (guint i = 0; i < G_N_ELEMENTS (ints); i++) {
    gint64 value = -5;

    g_assert_cmpint (porch_shape_int (node, ints[i].path, &value), ==, ints[i].is_there);
    g_assert_cmpint (value, ==, ints[i].is_there ? ints[i].value : -5);
  }
}

static void
test_booleans (void)
{
  g_autoptr (JsonNode) node = parse (answer);

  for (guint i = 0; i < G_N_ELEMENTS (booleans); i++)
    g_assert_cmpint (porch_shape_boolean (node, booleans[i].path), ==, booleans[i].value);
}

static void
test_nodes (void)
{
  g_autoptr (JsonNode) node = parse (answer);

  g_assert_true (porch_shape_node (node, "") == node);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (porch_shape_node (node, "data")));
  g_assert_true (JSON_NODE_HOLDS_NULL (porch_shape_node (node, "data.none")));
  g_assert_null (porch_shape_node (node, "data.nowhere"));
  g_assert_null (porch_shape_node (NULL, "data"));
  g_assert_cmpuint (json_array_get_length (porch_shape_array (node, "items")), ==, 4);
  g_assert_cmpuint (json_array_get_length (porch_shape_array (node, "items.0.tags")), ==, 2);
  g_assert_null (porch_shape_array (node, "data"));
  g_assert_null (porch_shape_array (node, "nowhere"));
}

/* What json-glib alone would take, or die of. */
static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "[]",
    "null",
    "7",
    "var x = {\"a\":1};",
    "{'a':1}",
    "{\"a\":007}",
    "{\"a\":0x1F}",
    "{\"a\":1}{\"a\":2}",
    "\xef\xbb\xbf{\"a\":1}",
    "{\"a\":\"\\ud83d\"}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":99999999999999999999999}",
    "{\"a\":1e999}",
    "{\"a\":\"x\ny\"}",
    "/*x*/{\"a\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (porch_json_parse (texts[i], strlen (texts[i]), 65536, &error));
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  }
}

static void
test_limits (void)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *abyss = g_strconcat ("{\"a\":", open, NULL);
  g_autoptr (GString) wide = g_string_new ("{\"list\":[0");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_null (porch_json_parse (abyss, strlen (abyss), G_MAXSIZE, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_clear_error (&error);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (wide, ",{\"n\":%u}", i);
  g_string_append (wide, "]}");
  g_assert_null (porch_json_parse (wide->str, wide->len, wide->len - 1, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE);
  g_clear_error (&error);
  node = porch_json_parse (wide->str, wide->len, wide->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (porch_shape_array (node, "list")), ==, 20001);
}

/* The document need not end with a zero byte. */
static void
test_not_terminated (void)
{
  g_autofree char *exact = g_memdup2 (answer, strlen (answer));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = porch_json_parse (exact, strlen (answer), 65536, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (porch_shape_string (node, "items.1.id"), ==, "b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shape/strings", test_strings);
  g_test_add_func ("/shape/ints", test_ints);
  g_test_add_func ("/shape/booleans", test_booleans);
  g_test_add_func ("/shape/nodes", test_nodes);
  g_test_add_func ("/shape/refused", test_refused);
  g_test_add_func ("/shape/limits", test_limits);
  g_test_add_func ("/shape/not-terminated", test_not_terminated);
  return g_test_run ();
}
