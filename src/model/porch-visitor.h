/* porch-visitor.h - one browser of one contact on one site
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_VISITOR (porch_visitor_get_type ())
G_DECLARE_FINAL_TYPE (PorchVisitor, porch_visitor, PORCH, VISITOR, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchVisitor {
  PorchEntity parent_instance;

  char *id;
  char *site;
  char *contact;
  char *page_url;
  char *page_title;
  char *referrer;
  char *lang;
  char *browser; /* "Firefox on Android", from the User-Agent */
  gint64 n_visits;
  gboolean is_blocked;
  gint64 created_at;
  gint64 last_seen_at;
  gboolean is_online;
};

G_END_DECLS
