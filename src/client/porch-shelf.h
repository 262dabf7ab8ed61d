/* porch-shelf.h - one object per id, of all that the server told us about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only. Lists and threads share a shelf, so an entity is the same object wherever it
 * is shown. It keeps what somebody holds, and the conversations that were heard of last.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "porch-contact.h"
#include "porch-conversation.h"
#include "porch-visitor.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SHELF (porch_shelf_get_type ())
G_DECLARE_FINAL_TYPE (PorchShelf, porch_shelf, PORCH, SHELF, GObject)

/* Signal "conversation-changed" (PorchConversation *)  also for one that is new here, and for one
 * that left or came back */

PorchShelf *porch_shelf_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* The object of the entity that @node holds, brought up to date; the reference is the caller's.
 * NULL with BAD_MESSAGE. What is older than what we have already (an answer that an event overtook)
 * changes nothing. */
PorchConversation *porch_shelf_put_conversation (PorchShelf *self,
                                                 JsonNode *node,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its name is carried into its conversations. */
PorchContact *porch_shelf_put_contact (PorchShelf *self,
                                       JsonNode *node,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
PorchVisitor *porch_shelf_put_visitor (PorchShelf *self,
                                       JsonNode *node,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A conversation leaves what we may see, and perhaps comes back: told with the next put. Only the
 * stream says so: an answer may have been on its way since before, or be that to the very call
 * which gave it away. */
void porch_shelf_leave (PorchShelf *self, const char *conversation);
/* Whether it had left. */
gboolean porch_shelf_return (PorchShelf *self, const char *conversation);
gboolean porch_shelf_has_left (PorchShelf *self, const char *conversation);

/* NULL when nobody has it. Borrowed. */
PorchConversation *porch_shelf_find_conversation (PorchShelf *self, const char *id);

/* Another file lies behind the server: older is no longer what has the lower seq. */
void porch_shelf_start_over (PorchShelf *self);

G_END_DECLS
