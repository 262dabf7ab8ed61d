/* porch-message.c - one line of a conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-message.h"

G_DEFINE_FINAL_TYPE (PorchMessage, porch_message, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_INT64 (PorchMessage, seq, "seq", PORCH_FIELD_READONLY),
  PORCH_INT64 (PorchMessage, conversation_pk, "conversation-pk", PORCH_FIELD_SECRET),
  PORCH_STRING (PorchMessage, conversation, "conversation", PORCH_FIELD_READONLY | PORCH_FIELD_NOROW),
  PORCH_ENUM (PorchMessage, kind, "kind", porch_message_kind_get_type, PORCH_FIELD_READONLY),
  PORCH_ENUM (PorchMessage, code, "code", porch_line_code_get_type, PORCH_FIELD_READONLY),
  PORCH_ENUM (PorchMessage, sender_kind, "sender-kind", porch_actor_kind_get_type, PORCH_FIELD_READONLY),
  PORCH_STRING (PorchMessage, sender, "sender", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchMessage, sender_name, "sender-name", PORCH_FIELD_READONLY),
  PORCH_ENUM (PorchMessage, visibility, "visibility", porch_visibility_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchMessage, state, "state", porch_message_state_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchMessage, text, "text", PORCH_FIELD_REQUIRED),
  PORCH_STRING (PorchMessage, device, "device", PORCH_FIELD_SECRET),
  PORCH_INT64 (PorchMessage, n, "n", PORCH_FIELD_SECRET),
  PORCH_STRING (PorchMessage, client_id, "client-id", PORCH_FIELD_NOROW),
  PORCH_STRING (PorchMessage, external_id, "external-id", PORCH_FIELD_SECRET),
  PORCH_ENUM (PorchMessage, channel, "channel", porch_channel_get_type, PORCH_FIELD_SECRET),
  PORCH_STRING (PorchMessage, meta, "meta", PORCH_FIELD_SECRET),
  PORCH_TIME (PorchMessage, created_at, "created-at", PORCH_FIELD_READONLY),
  PORCH_TIME (PorchMessage, edited_at, "edited-at", PORCH_FIELD_READONLY),
  PORCH_TIME (PorchMessage, deleted_at, "deleted-at", PORCH_FIELD_READONLY),
};
/* clang-format on */

static void
porch_message_class_init (PorchMessageClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_message_init (PorchMessage *self)
{
}
