/* porch-service-sites.c - the websites of the business: which there are, and who may speak for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include <string.h>

GPtrArray *
porch_service_get_sites (PorchService *self)
{
  return self->sites;
}

PorchSite *
porch_service_find_site (PorchService *self, const char *key)
{
  for (guint i = 0; key != NULL && i < self->sites->len; i++) {
    PorchSite *site = self->sites->pdata[i];

    if (strcmp (site->key, key) == 0)
      return site->is_off ? NULL : site;
  }
  return NULL;
}

PorchSite *
porch_service_get_site (PorchService *self, const char *id)
{
  for (guint i = 0; i < self->sites->len; i++) {
    PorchSite *site = self->sites->pdata[i];

    if (strcmp (site->id, id) == 0)
      return site->is_off ? NULL : site;
  }
  return NULL;
}

gboolean
porch_service_site_allows (PorchSite *site, const char *origin)
{
  for (guint i = 0; site->domains != NULL && site->domains[i] != NULL; i++)
    if (porch_rules_origin_matches (site->domains[i], origin))
      return TRUE;
  return FALSE;
}

PorchSite *
porch_service_find_site_by_origin (PorchService *self, const char *origin)
{
  for (guint i = 0; origin != NULL && i < self->sites->len; i++) {
    PorchSite *site = self->sites->pdata[i];

    if (!site->is_off && porch_service_site_allows (site, origin))
      return site;
  }
  return NULL;
}

/* Visits hold the old object, so it is not changed. */
static void
on_updated (gpointer in, gpointer out, const GError *error, gpointer data)
{
  PorchService *self = ((PorchAsker *) data)->service;
  const PorchSiteResult *result = out;

  /* What was answered before has no result. */
  if (error != NULL || result->site == NULL)
    return;
  for (guint i = 0; i < self->sites->len; i++) {
    PorchSite *known = self->sites->pdata[i];

    if (strcmp (known->id, result->site->id) != 0)
      continue;
    self->sites->pdata[i] = porch_entity_copy (result->site);
    g_object_unref (known);
  }
  if (result->is_first) {
    g_clear_pointer (&self->business, g_free);
    self->business = g_strdup (result->site->name);
  }
}

static void
on_answered (GString *answer, const GError *error, gpointer data)
{
  g_autofree PorchAsker *asker = data;

  asker->done (answer, error, asker->data);
}

void
porch_service_update_site (PorchService *self,
                           PorchSiteInput *in,
                           const PorchOnce *once,
                           PorchAnswerDone done,
                           gpointer data)
{
  PorchAsker *asker = porch_asker_new (self, done, data);

  porch_service_run_once (self, &porch_site_update, in, once, on_updated, on_answered, asker);
}
