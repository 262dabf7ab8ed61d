/* porch-department.c - a group of agents that a visitor can ask for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-department.h"

G_DEFINE_FINAL_TYPE (PorchDepartment, porch_department, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_STRING (PorchDepartment, slug, "slug", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY),
  PORCH_STRING (PorchDepartment, name, "name", PORCH_FIELD_REQUIRED),
  PORCH_INT64 (PorchDepartment, position, "position", PORCH_FIELD_READONLY),
};
/* clang-format on */

static void
porch_department_class_init (PorchDepartmentClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_department_init (PorchDepartment *self)
{
}
