/* porch-contact.c - a person the business talks to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-contact.h"

G_DEFINE_FINAL_TYPE (PorchContact, porch_contact, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_STRING (PorchContact, id, "id", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchContact, name, "name", PORCH_FIELD_DEFAULT),
  PORCH_STRING (PorchContact, email, "email", PORCH_FIELD_DEFAULT),
  PORCH_STRING (PorchContact, phone, "phone", PORCH_FIELD_DEFAULT),
  PORCH_BOOLEAN (PorchContact, is_verified, "is-verified", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchContact, created_at, "created-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchContact, last_seen_at, "last-seen-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchContact, n_conversations, "n-conversations", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
};
/* clang-format on */

static void
porch_contact_class_init (PorchContactClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_contact_init (PorchContact *self)
{
}
