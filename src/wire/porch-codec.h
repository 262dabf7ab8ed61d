/* porch-codec.h - an entity as JSON, both ways, by its field table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "porch-entity.h"
#include "porch-writer.h"

G_BEGIN_DECLS

typedef enum {
  PORCH_AUDIENCE_VISITOR, /* neither SECRET nor STAFF fields */
  PORCH_AUDIENCE_STAFF,   /* no SECRET fields */
} PorchAudience;

typedef enum {
  PORCH_FROM_CLIENT, /* SECRET and READONLY members are ignored */
  PORCH_FROM_SERVER, /* SECRET members are ignored */
} PorchFrom;

/* All members of the table that @audience may see, unset ones as null, no words as []. */
void
porch_codec_write (PorchWriter *writer, const char *name, gpointer entity, PorchAudience audience);

/* An array of entities. */
void porch_codec_write_list (PorchWriter *writer,
                             const char *name,
                             GPtrArray *entities,
                             PorchAudience audience);

/* The members alone, into an object that is begun, so that others can stand beside them. */
void porch_codec_write_members (PorchWriter *writer, gpointer entity, PorchAudience audience);

/* Unknown members are ignored, wrong ones refused (PORCH_ERROR_BAD_MESSAGE naming the member), and
 * it is all or nothing. Absent members leave the field as it is. Only what has changed is notified.
 * Reading wants every REQUIRED field that @from may set; updating only forbids null for them. */
gboolean porch_codec_update (PorchEntity *self, JsonObject *object, PorchFrom from, GError **error);
gpointer porch_codec_read (GType type, JsonNode *node, PorchFrom from, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Scanner first, then json-glib: the only way to a tree, which is an object, immutable, and the
 * caller's. NULL with PORCH_ERROR_BAD_MESSAGE, or TOO_LARGE. */
JsonNode *porch_json_parse (const char *data, gsize length, gsize max_bytes, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Safe getters by path ("data.conversation", "items.0.id"); FALSE or NULL when it is not there or
 * of another kind. For answers of other programs and of our own server. Borrowed from @node. */
const char *porch_shape_string (JsonNode *node, const char *path);
gboolean porch_shape_int (JsonNode *node, const char *path, gint64 *value);
/* Also FALSE when it is there and false. */
gboolean porch_shape_boolean (JsonNode *node, const char *path);
JsonNode *porch_shape_node (JsonNode *node, const char *path);
JsonArray *porch_shape_array (JsonNode *node, const char *path);

G_END_DECLS
