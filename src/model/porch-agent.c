/* porch-agent.c - a person who answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-agent.h"

G_DEFINE_FINAL_TYPE (PorchAgent, porch_agent, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_STRING (PorchAgent, id, "id", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY),
  PORCH_STRING (PorchAgent, name, "name", PORCH_FIELD_REQUIRED),
  PORCH_STRING (PorchAgent, email, "email", PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchAgent, role, "role", porch_role_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_ENUM (PorchAgent, status, "status", porch_status_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF | PORCH_FIELD_NOROW),
  PORCH_ENUM (PorchAgent, wanted_status, "wanted-status", porch_status_get_type, PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRV (PorchAgent, departments, "departments", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_BOOLEAN (PorchAgent, is_local, "is-local", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_BOOLEAN (PorchAgent, is_disabled, "is-disabled", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchAgent, password_hash, "password-hash", PORCH_FIELD_SECRET),
  PORCH_TIME (PorchAgent, created_at, "created-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
};
/* clang-format on */

static void
porch_agent_class_init (PorchAgentClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_agent_init (PorchAgent *self)
{
}
