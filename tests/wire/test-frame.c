/* test-frame.c - what a frame keeps of a document, and how it is read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-scanner.h"

#include <string.h>

static const char hello[] =
  "{\"type\":\"hello\",\"since\":12,\"ratio\":-2.5e1,\"is_new\":true,\"is_old\":false,"
  "\"token\":null,\"page\":{\"url\":\"https://example.com/\\u00e9\",\"title\":\"\",\"n\":3,"
  "\"is_open\":true,\"none\":null,\"tags\":[1, \"x\"],\"deep\":{\"er\":{\"est\":1}}},"
  "\"files\":[{\"a\":[]},2],\"empty\":{},\"list\":[]}";

/* clang-format off */
static const struct {
  const char *path;
  PorchJsonKind kind;
  gint64 integer;
  double number;
  const char *string;
} members[] = {
  { "type", PORCH_JSON_STRING, 0, 0, "hello" },
  { "since", PORCH_JSON_INTEGER, 12, 12, NULL },
  { "ratio", PORCH_JSON_NUMBER, 0, -25, NULL },
  { "is_new", PORCH_JSON_BOOLEAN, 1, 0, NULL },
  { "is_old", PORCH_JSON_BOOLEAN, 0, 0, NULL },
  { "token", PORCH_JSON_NULL, 0, 0, NULL },
  { "page", PORCH_JSON_OBJECT, 0, 0,
    "{\"url\":\"https://example.com/\\u00e9\",\"title\":\"\",\"n\":3,\"is_open\":true,\"none\":null,"
    "\"tags\":[1, \"x\"],\"deep\":{\"er\":{\"est\":1}}}" },
  { "page.url", PORCH_JSON_STRING, 0, 0, "https://example.com/\xc3\xa9" },
  { "page.title", PORCH_JSON_STRING, 0, 0, "" },
  { "page.n", PORCH_JSON_INTEGER, 3, 3, NULL },
  { "page.is_open", PORCH_JSON_BOOLEAN, 1, 0, NULL },
  { "page.none", PORCH_JSON_NULL, 0, 0, NULL },
  { "page.tags", PORCH_JSON_ARRAY, 0, 0, "[1, \"x\"]" },
  { "page.deep", PORCH_JSON_OBJECT, 0, 0, "{\"er\":{\"est\":1}}" },
  { "files", PORCH_JSON_ARRAY, 0, 0, "[{\"a\":[]},2]" },
  { "empty", PORCH_JSON_OBJECT, 0, 0, "{}" },
  { "list", PORCH_JSON_ARRAY, 0, 0, "[]" },
};
/* clang-format on */

static gboolean
scan (PorchFrame *frame, const char *text)
{
  g_autofree char *exact = g_memdup2 (text, strlen (text));
  g_autoptr (GError) error = NULL;
  const gboolean is_good = porch_frame_scan (frame, exact, strlen (text), &error);

  g_assert_cmpint (is_good, ==, error == NULL);
  return is_good;
}

static void
test_members (void)
{
  g_auto (PorchFrame) frame = { 0 };

  g_assert_true (scan (&frame, hello));
  g_assert_cmpuint (frame.n_members, ==, G_N_ELEMENTS (members));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    const PorchMember *member = porch_frame_find (&frame, members[i].path);

    g_assert_true (member == &frame.members[i]);
    g_assert_cmpstr (member->path, ==, members[i].path);
    g_assert_cmpint (member->kind, ==, members[i].kind);
    g_assert_cmpint (member->integer, ==, members[i].integer);
    g_assert_cmpfloat (member->number, ==, members[i].number);
    g_assert_cmpstr (member->string, ==, members[i].string);
    g_assert_cmpuint (member->length, ==,
                      members[i].string != NULL ? strlen (members[i].string) : 0);
  }
}

static void
test_not_found (void)
{
  static const char *const paths[] = { "",     "typ", "type.",        "type.x",      "page.",
                                       ".url", "url", "page.deep.er", "page.tags.0", "files.0",
                                       "Type" };
  g_auto (PorchFrame) frame = { 0 };

  g_assert_true (scan (&frame, hello));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_null (porch_frame_find (&frame, paths[i]));
}

/* A name with a dot in it must not pass for a path. */
static void
test_names_that_look_like_paths (void)
{
  static const char *const texts[] = {
    "{\"page.url\":\"evil\"}",
    "{\"page\\u002eurl\":\"evil\"}",
    "{\"page\":{},\"page.url\":\"evil\"}",
    "{\"x\":{\"page.url\":\"evil\",\"url\":\"good\"}}",
    "{\"page.\":{\"url\":\"evil\"}}",
    "{\"page\":[{\"url\":\"evil\"}]}",
    "{\"x\":{\"page\":{\"url\":\"evil\"}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (PorchFrame) frame = { 0 };

    g_assert_true (scan (&frame, texts[i]));
    g_assert_null (porch_frame_find (&frame, "page.url"));
  }
}

static void
test_names (void)
{
  g_autofree char *at_limit = g_strnfill (PORCH_FRAME_NAME, 'n');
  g_autofree char *over = g_strnfill (PORCH_FRAME_NAME + 1, 'n');
  g_autofree char *text = g_strdup_printf (
    "{\"%s\":{\"%s\":\"a\",\"%s\":{}},\"%s\":{\"x\":\"long \\u0041\"},\"\":1,\"e\\u0078\":\"\\n\"}",
    at_limit, at_limit, over, over);
  g_autofree char *inner = g_strdup_printf ("%s.%s", at_limit, at_limit);
  g_auto (PorchFrame) frame = { 0 };

  g_assert_true (scan (&frame, text));
  g_assert_cmpuint (frame.n_members, ==, 4);
  g_assert_cmpint (porch_frame_find (&frame, at_limit)->kind, ==, PORCH_JSON_OBJECT);
  g_assert_cmpstr (porch_frame_find (&frame, inner)->string, ==, "a");
  g_assert_cmpint (porch_frame_find (&frame, "")->integer, ==, 1);
  g_assert_cmpstr (porch_frame_find (&frame, "ex")->string, ==, "\n");
  g_assert_null (porch_frame_find (&frame, over));
}

/* {"m0":{"k0":0,…},…}: @n_roots objects of @n_inside members each. */
static char *
dup_paths (guint n_roots, guint n_inside)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < n_roots; i++) {
    g_string_append_printf (text, "%s\"m%u\":{", i > 0 ? "," : "", i);
    for (guint k = 0; k < n_inside; k++)
      g_string_append_printf (text, "%s\"k%u\":%u", k > 0 ? "," : "", k, k);
    g_string_append (text, "}");
  }
  g_string_append (text, "}");
  return g_strdup (text->str);
}

static void
test_paths_limit (void)
{
  for (guint n_roots = 1; n_roots <= 66; n_roots++)
    for (guint n_inside = 0; n_inside <= 64; n_inside += n_inside < 3 ? 1 : 15) {
      g_autofree char *text = dup_paths (n_roots, n_inside);
      g_auto (PorchFrame) frame = { 0 };
      g_autoptr (GError) error = NULL;
      const guint n_paths = n_roots * (1 + n_inside);
      const gboolean is_good = porch_frame_scan (&frame, text, strlen (text), &error);

      g_assert_cmpint (is_good, ==, n_paths <= PORCH_FRAME_PATHS);
      g_assert_cmpuint (frame.n_members, ==, is_good ? n_paths : 0);
      if (!is_good) {
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
        g_assert_nonnull (strstr (error->message, "more than 64 members"));
      }
      /* The document of any length has no paths. */
      g_assert_true (porch_scanner_check (text, strlen (text), strlen (text), 66, NULL));
    }
}

/* As many and as long names as there may be, in both levels: the room for them must suffice. */
static void
test_largest_frame (void)
{
  g_autofree char *name = g_strnfill (PORCH_FRAME_NAME - 2, 'n');
  g_autofree char *word = g_strnfill (980, 'w');
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (PorchFrame) frame = { 0 };

  g_string_append_printf (text, "{\"%s00\":{", name);
  for (guint i = 1; i < PORCH_FRAME_PATHS - 1; i++)
    g_string_append_printf (text, "\"%s%02u\":[\"%s\"],", name, i, i % 2 == 0 ? "" : word);
  g_string_append_printf (text, "\"%s99\":\"", name);
  while (text->len < PORCH_FRAME_BYTES - 3)
    g_string_append_c (text, 'x');
  g_string_append (text, "\"}}");

  g_assert_cmpuint (text->len, ==, PORCH_FRAME_BYTES);
  g_assert_true (porch_frame_scan (&frame, text->str, text->len, NULL));
  g_assert_cmpuint (frame.n_members, ==, PORCH_FRAME_PATHS);
  for (guint i = 0; i < frame.n_members; i++)
    g_assert_cmpuint (strlen (frame.members[i].string), ==, frame.members[i].length);
  g_assert_true (g_str_has_suffix (frame.members[63].string, "xxx"));
}

typedef struct {
  const char *path;
  gboolean is_string, is_int, is_boolean; /* how it may be read */
} Reading;

/* clang-format off */
static const Reading readings[] = {
  { "type", TRUE, FALSE, FALSE },
  { "since", FALSE, TRUE, FALSE },
  { "ratio", FALSE, FALSE, FALSE },
  { "is_new", FALSE, FALSE, TRUE },
  { "page", FALSE, FALSE, FALSE },
  { "page.url", TRUE, FALSE, FALSE },
  { "page.n", FALSE, TRUE, FALSE },
  { "page.is_open", FALSE, FALSE, TRUE },
  { "page.tags", FALSE, FALSE, FALSE },
  { "files", FALSE, FALSE, FALSE },
};
/* clang-format on */

static void
check_reading (gboolean was_read, gboolean may_be_read, const char *path, GError **error)
{
  g_assert_cmpint (was_read, ==, may_be_read);
  if (may_be_read) {
    g_assert_no_error (*error);
    return;
  }
  g_assert_error (*error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  g_assert_true (g_str_has_prefix ((*error)->message, path));
  g_clear_error (error);
}

static void
test_readers (void)
{
  g_auto (PorchFrame) frame = { 0 };

  g_assert_true (scan (&frame, hello));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (readings); i++) {
    const Reading *reading = &readings[i / 2];
    const gboolean is_required = i % 2;
    const char *string = NULL;
    gint64 integer = -7;
    gboolean boolean = -7;
    g_autoptr (GError) error = NULL;

    check_reading (porch_frame_read_string (&frame, reading->path, is_required, &string, &error),
                   reading->is_string, reading->path, &error);
    g_assert_cmpint (string != NULL, ==, reading->is_string);
    check_reading (porch_frame_read_int (&frame, reading->path, is_required, &integer, &error),
                   reading->is_int, reading->path, &error);
    g_assert_cmpint (integer != -7, ==, reading->is_int);
    check_reading (porch_frame_read_boolean (&frame, reading->path, is_required, &boolean, &error),
                   reading->is_boolean, reading->path, &error);
    g_assert_cmpint (boolean, ==, reading->is_boolean ? TRUE : -7);
  }
}

static void
test_readers_of_absent (void)
{
  static const char *const paths[] = { "token", "page.none", "nowhere", "page.nowhere", "" };
  g_auto (PorchFrame) frame = { 0 };

  g_assert_true (scan (&frame, hello));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (paths); i++) {
    const char *path = paths[i / 2];
    const gboolean is_required = i % 2;
    const char *string = "before";
    gint64 integer = -7;
    gboolean boolean = -7;
    g_autoptr (GError) error = NULL;

    check_reading (porch_frame_read_string (&frame, path, is_required, &string, &error),
                   !is_required, path, &error);
    check_reading (porch_frame_read_int (&frame, path, is_required, &integer, &error), !is_required,
                   path, &error);
    check_reading (porch_frame_read_boolean (&frame, path, is_required, &boolean, &error),
                   !is_required, path, &error);
    if (is_required) {
      (void) porch_frame_read_string (&frame, path, TRUE, &string, &error);
      g_assert_nonnull (strstr (error->message, "is missing"));
    }
    g_assert_cmpstr (string, ==, "before");
    g_assert_cmpint (integer, ==, -7);
    g_assert_cmpint (boolean, ==, -7);
  }
}

static void
test_clear (void)
{
  PorchFrame frame = { 0 };

  g_assert_true (scan (&frame, hello));
  porch_frame_clear (&frame);
  g_assert_cmpuint (frame.n_members, ==, 0);
  g_assert_null (frame.arena);
  g_assert_null (porch_frame_find (&frame, "type"));
  porch_frame_clear (&frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame/members", test_members);
  g_test_add_func ("/frame/not-found", test_not_found);
  g_test_add_func ("/frame/names-that-look-like-paths", test_names_that_look_like_paths);
  g_test_add_func ("/frame/names", test_names);
  g_test_add_func ("/frame/paths-limit", test_paths_limit);
  g_test_add_func ("/frame/largest-frame", test_largest_frame);
  g_test_add_func ("/frame/readers", test_readers);
  g_test_add_func ("/frame/readers-of-absent", test_readers_of_absent);
  g_test_add_func ("/frame/clear", test_clear);
  return g_test_run ();
}
