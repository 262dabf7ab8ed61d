/* fuzz-scanner.c - the strict reading of JSON, of any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Both doors of the scanner are of one mind, and what they let in means the same to json-glib as to
 * us: otherwise two parts of the program would act on different documents.
 */
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-scanner.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t length);

/* What is written of a string that was read is read as the same string. */
static void
check_written (const PorchMember *member)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");
  g_auto (PorchFrame) frame = { 0 };

  porch_json_append_string (text, member->string);
  g_string_append_c (text, '}');
  if (text->len > PORCH_FRAME_BYTES)
    return;
  g_assert_true (porch_frame_scan (&frame, text->str, text->len, NULL));
  g_assert_cmpmem (frame.members[0].string, frame.members[0].length, member->string,
                   member->length);
}

/* The text that was kept of an array or an object is one. */
static void
check_kept (const PorchMember *member)
{
  g_autofree char *text = g_strdup_printf ("{\"a\":%s}", member->string);

  g_assert_true (porch_scanner_check (text, strlen (text), G_MAXSIZE, G_MAXUINT, NULL));
}

static void
check_member (const PorchMember *member, JsonNode *node)
{
  const GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  switch (member->kind) {
  case PORCH_JSON_NULL:
    g_assert_true (JSON_NODE_HOLDS_NULL (node));
    break;
  case PORCH_JSON_BOOLEAN:
    g_assert_true (type == G_TYPE_BOOLEAN);
    g_assert_cmpint (member->integer, ==, json_node_get_boolean (node));
    break;
  case PORCH_JSON_INTEGER:
    g_assert_true (type == G_TYPE_INT64);
    g_assert_cmpint (member->integer, ==, json_node_get_int (node));
    break;
  case PORCH_JSON_NUMBER:
    g_assert_true (type == G_TYPE_DOUBLE && isfinite (member->number));
    g_assert_cmpfloat (member->number, ==, json_node_get_double (node));
    break;
  case PORCH_JSON_STRING:
    g_assert_true (type == G_TYPE_STRING);
    g_assert_cmpstr (member->string, ==, json_node_get_string (node));
    g_assert_cmpuint (member->length, ==, strlen (member->string));
    g_assert_true (g_utf8_validate (member->string, -1, NULL));
    check_written (member);
    break;
  case PORCH_JSON_ARRAY:
    g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
    check_kept (member);
    break;
  case PORCH_JSON_OBJECT:
    g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
    check_kept (member);
    break;
  }
}

static void
check_good (const PorchFrame *frame, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = porch_json_parse (bytes, length, length, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  g_assert_cmpuint (frame->n_members, <=, PORCH_FRAME_PATHS);
  for (guint i = 0; i < frame->n_members; i++) {
    const PorchMember *member = &frame->members[i];
    const char *dot = strchr (member->path, '.');
    const gsize n_first = dot != NULL ? (gsize) (dot - member->path) : strlen (member->path);
    g_autofree char *first = g_strndup (member->path, n_first);
    JsonNode *node = json_object_get_member (json_node_get_object (root), first);

    g_assert_true (porch_frame_find (frame, member->path) == member);
    if (dot != NULL)
      node = json_object_get_member (json_node_get_object (node), dot + 1);
    g_assert_nonnull (node);
    check_member (member, node);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t length)
{
  /* Of the exact size, so that a sanitizer sees one byte too far. */
  g_autofree char *bytes = g_memdup2 (data, length);
  g_auto (PorchFrame) frame = { 0 };
  g_autoptr (GError) frame_error = NULL;
  g_autoptr (GError) check_error = NULL;
  const gboolean is_frame = porch_frame_scan (&frame, bytes, length, &frame_error);
  const gboolean is_good =
    porch_scanner_check (bytes, length, PORCH_FRAME_BYTES, PORCH_FRAME_MEMBERS, &check_error);

  if (is_frame && is_good) {
    check_good (&frame, bytes, length);
    return 0;
  }

  g_assert_false (is_frame);
  g_assert_true (frame_error->domain == PORCH_ERROR);
  g_assert_null (frame.arena);
  /* Only the number of paths is counted by one of them alone. */
  if (strstr (frame_error->message, "more than 64 members") == NULL)
    g_assert_cmpstr (frame_error->message, ==, check_error->message);
  return 0;
}
