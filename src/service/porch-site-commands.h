/* porch-site-commands.h - the websites of the business, as their owner changes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"
#include "porch-site.h"

G_BEGIN_DECLS

/* What is NULL stays. @domains are written between blanks or commas and take the place of all that
 * were there. The name of the first site is the name of the business. */
typedef struct {
  char *agent; /* who does it */
  char *site;
  char *name, *domains;
} PorchSiteInput;
typedef struct {
  PorchSite *site;
  gboolean is_first;
} PorchSiteResult;
extern const PorchCommand porch_site_update;

G_END_DECLS
