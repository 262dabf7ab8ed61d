/* porch-contact.h - a person the business talks to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_CONTACT (porch_contact_get_type ())
G_DECLARE_FINAL_TYPE (PorchContact, porch_contact, PORCH, CONTACT, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchContact {
  PorchEntity parent_instance;

  char *id;
  char *name;
  char *email;
  char *phone;
  gboolean is_verified; /* by the website, never by what was typed */
  gint64 created_at;
  gint64 last_seen_at;
  gint64 n_conversations;
};

G_END_DECLS
