/* porch-site.h - a website of the business
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SITE (porch_site_get_type ())
G_DECLARE_FINAL_TYPE (PorchSite, porch_site, PORCH, SITE, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchSite {
  PorchEntity parent_instance;

  char *id;
  char *key; /* in the snippet; public */
  char *name;
  char **domains; /* as written by the owner: "example.com", "http://localhost:3000" */
  gboolean is_off;
  char *colour;
  char *greeting;
  gint64 created_at;
};

G_END_DECLS
