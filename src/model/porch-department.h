/* porch-department.h - a group of agents that a visitor can ask for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_DEPARTMENT (porch_department_get_type ())
G_DECLARE_FINAL_TYPE (PorchDepartment, porch_department, PORCH, DEPARTMENT, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchDepartment {
  PorchEntity parent_instance;

  char *slug; /* the key */
  char *name;
  gint64 position;
};

G_END_DECLS
