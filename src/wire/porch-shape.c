/* porch-shape.c - trees of JSON that others made, and safe ways into them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-codec.h"
#include "porch-error.h"
#include "porch-scanner.h"

#include <string.h>

/* Per object. Nobody we talk to has a tenth of it. */
#define MEMBERS_MAX 4096
/* Names and indices in a path are constants of ours. */
#define STEP_BYTES 64

JsonNode *
porch_json_parse (const char *data, gsize length, gsize max_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) parse_error = NULL;

  if (!porch_scanner_check (data, length, max_bytes, MEMBERS_MAX, error))
    return NULL;
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, data, length, &parse_error)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "reading JSON: %s",
                 parse_error->message);
    return NULL;
  }
  return json_parser_steal_root (parser);
}

/* The element that @step, a number, means. */
static JsonNode *
get_element (JsonArray *array, const char *step)
{
  guint64 index = 0;

  if (!g_ascii_string_to_unsigned (step, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= json_array_get_length (array))
    return NULL;
  return json_array_get_element (array, index);
}

JsonNode *
porch_shape_node (JsonNode *node, const char *path)
{
  const char *at = path;

  while (node != NULL && *at != '\0') {
    char step[STEP_BYTES];
    const gsize length = strcspn (at, ".");

    g_return_val_if_fail (length < sizeof step, NULL);
    memcpy (step, at, length);
    step[length] = '\0';
    at += length + (at[length] == '.');

    if (JSON_NODE_HOLDS_OBJECT (node))
      node = json_object_get_member (json_node_get_object (node), step);
    else if (JSON_NODE_HOLDS_ARRAY (node))
      node = get_element (json_node_get_array (node), step);
    else
      node = NULL;
  }
  return node;
}

/* The value at @path when it has this type, or NULL. */
static JsonNode *
find_value (JsonNode *node, const char *path, GType type)
{
  JsonNode *found = porch_shape_node (node, path);

  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found) || json_node_get_value_type (found) != type)
    return NULL;
  return found;
}

const char *
porch_shape_string (JsonNode *node, const char *path)
{
  JsonNode *found = find_value (node, path, G_TYPE_STRING);

  return found != NULL ? json_node_get_string (found) : NULL;
}

gboolean
porch_shape_int (JsonNode *node, const char *path, gint64 *value)
{
  JsonNode *found = find_value (node, path, G_TYPE_INT64);

  if (found != NULL)
    *value = json_node_get_int (found);
  return found != NULL;
}

gboolean
porch_shape_boolean (JsonNode *node, const char *path)
{
  JsonNode *found = find_value (node, path, G_TYPE_BOOLEAN);

  return found != NULL && json_node_get_boolean (found);
}

JsonArray *
porch_shape_array (JsonNode *node, const char *path)
{
  JsonNode *found = porch_shape_node (node, path);

  return found != NULL && JSON_NODE_HOLDS_ARRAY (found) ? json_node_get_array (found) : NULL;
}
