/* porch-visitor.c - one browser of one contact on one site
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-visitor.h"

G_DEFINE_FINAL_TYPE (PorchVisitor, porch_visitor, PORCH_TYPE_ENTITY)

/* clang-format off */
static const PorchField fields[] = {
  PORCH_STRING (PorchVisitor, id, "id", PORCH_FIELD_REQUIRED | PORCH_FIELD_READONLY),
  PORCH_STRING (PorchVisitor, site, "site", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchVisitor, contact, "contact", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchVisitor, page_url, "page-url", PORCH_FIELD_STAFF),
  PORCH_STRING (PorchVisitor, page_title, "page-title", PORCH_FIELD_STAFF),
  PORCH_STRING (PorchVisitor, referrer, "referrer", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_STRING (PorchVisitor, lang, "lang", PORCH_FIELD_DEFAULT),
  PORCH_STRING (PorchVisitor, browser, "browser", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_INT64 (PorchVisitor, n_visits, "n-visits", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_BOOLEAN (PorchVisitor, is_blocked, "is-blocked", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchVisitor, created_at, "created-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_TIME (PorchVisitor, last_seen_at, "last-seen-at", PORCH_FIELD_READONLY | PORCH_FIELD_STAFF),
  PORCH_BOOLEAN (PorchVisitor, is_online, "is-online", PORCH_FIELD_READONLY | PORCH_FIELD_NOROW | PORCH_FIELD_STAFF),
};
/* clang-format on */

static void
porch_visitor_class_init (PorchVisitorClass *klass)
{
  porch_entity_class_set_fields (PORCH_ENTITY_CLASS (klass), fields, G_N_ELEMENTS (fields));
}

static void
porch_visitor_init (PorchVisitor *self)
{
}
