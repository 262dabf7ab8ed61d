/* porch-site-commands.h - the websites of the business, as their owner changes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"
#include "porch-site.h"

G_BEGIN_DECLS

/* "https://www.Example.com/shop" becomes "example.com": what people paste. What is no https address
 * keeps its scheme, as it must be written to be allowed. NULL when it is no address of a website.
 */
char *porch_site_dup_domain (const char *text) G_GNUC_WARN_UNUSED_RESULT;

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
