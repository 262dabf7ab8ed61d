/* porch-site-commands.c - the websites of the business, as their owner changes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-site-commands.h"

#include "porch-codec.h"
#include "porch-error.h"
#include "porch-rules.h"
#include "porch-text.h"
#include "porch-tx.h"

#include <string.h>

/* Each stands in the policy that goes with every page of the chat. */
#define DOMAINS_MAX 20

static gboolean
fail_bad (const char *what, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not usable", what);
  return FALSE;
}

/* Each once, in the order in which they were written. NULL when one is none, or there is none. */
static char **
list_domains (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", \t\n", -1);
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);

  for (char **word = words; *word != NULL; word++) {
    g_autofree char *domain = **word != '\0' ? porch_rules_dup_domain (*word) : NULL;

    if (**word == '\0')
      continue;
    if (domain == NULL || domains->len == DOMAINS_MAX) {
      fail_bad ("domains", error);
      return NULL;
    }
    if (!g_ptr_array_find_with_equal_func (domains, domain, g_str_equal, NULL))
      g_ptr_array_add (domains, g_steal_pointer (&domain));
  }
  if (domains->len == 0) {
    fail_bad ("domains", error);
    return NULL;
  }
  g_ptr_array_add (domains, NULL);
  return g_strdupv ((char **) domains->pdata);
}

static void
clear_input (gpointer data)
{
  PorchSiteInput *in = data;

  g_clear_pointer (&in->agent, g_free);
  g_clear_pointer (&in->site, g_free);
  g_clear_pointer (&in->name, g_free);
  g_clear_pointer (&in->domains, g_free);
}

static void
clear_result (gpointer data)
{
  g_clear_object (&((PorchSiteResult *) data)->site);
}

/* The oldest one. */
static gboolean
is_first (PorchTx *tx, PorchSite *site, gboolean *is_it, GError **error)
{
  g_autoptr (GPtrArray) sites = porch_tx_list_sites (tx, error);

  if (sites == NULL)
    return FALSE;
  *is_it = sites->len > 0 && strcmp (((PorchSite *) sites->pdata[0])->id, site->id) == 0;
  return TRUE;
}

static gboolean
tell (PorchTx *tx, PorchSite *site, const char *agent, GError **error)
{
  const PorchActor actor = { PORCH_ACTOR_AGENT, agent, NULL };
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_SITE_UPDATED, &actor);

  event->seq = porch_tx_take_seq (tx);
  event->site = g_object_ref (site);
  return porch_tx_append_event (tx, event, error);
}

static gboolean
read_wishes (const PorchSiteInput *in, PorchSite *site, GError **error)
{
  if (in->name != NULL) {
    g_autofree char *name = porch_text_dup_line (in->name, PORCH_NAME_CHARACTERS);

    if (name == NULL)
      return fail_bad ("name", error);
    porch_member_set (&site->name, name);
  }
  if (in->domains != NULL) {
    g_auto (GStrv) domains = list_domains (in->domains, error);

    if (domains == NULL)
      return FALSE;
    g_strfreev (site->domains);
    site->domains = g_steal_pointer (&domains);
  }
  return TRUE;
}

static gboolean
run_update (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchSiteInput *in = input;
  PorchSiteResult *out = output;

  out->site = porch_tx_get_site (tx, in->site, error);
  return out->site != NULL && is_first (tx, out->site, &out->is_first, error) &&
         read_wishes (in, out->site, error) && porch_tx_update_site (tx, out->site, error) &&
         (!out->is_first || porch_tx_set_setting (tx, "business", out->site->name, error)) &&
         tell (tx, out->site, in->agent, error);
}

static void
render (gconstpointer output, PorchWriter *writer)
{
  porch_codec_write (writer, NULL, ((const PorchSiteResult *) output)->site, PORCH_AUDIENCE_STAFF);
}

const PorchCommand porch_site_update = {
  .name = "site_update",
  .in_size = sizeof (PorchSiteInput),
  .out_size = sizeof (PorchSiteResult),
  .run = run_update,
  .clear_in = clear_input,
  .clear_out = clear_result,
  .render = render,
};
