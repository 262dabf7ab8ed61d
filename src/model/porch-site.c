/* porch-site.c - a website of the business
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-site.h"

G_DEFINE_FINAL_TYPE (PorchSite, porch_site, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_STRING (PorchSite, id, "id", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchSite, key, "key", PORCH_FIELD_READONLY),
  PORCH_STRING (PorchSite, name, "name", PORCH_FIELD_REQUIRED),
  PORCH_STRV (PorchSite, domains, "domains", PORCH_FIELD_STAFF),
  PORCH_BOOLEAN (PorchSite, is_off, "is-off", PORCH_FIELD_STAFF),
  PORCH_STRING (PorchSite, colour, "colour", PORCH_FIELD_DEFAULT),
  PORCH_STRING (PorchSite, greeting, "greeting", PORCH_FIELD_DEFAULT),
  PORCH_TIME (PorchSite, created_at, "created-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
};
/* clang-format on */

static void
porch_site_class_init (PorchSiteClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_site_init (PorchSite *self)
{
}
