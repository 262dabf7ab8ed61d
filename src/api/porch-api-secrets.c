/* porch-api-secrets.c - secrets, which are written and never read, and the keys of the sites
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-handlers.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-identity-keys.h"

#include <string.h>

/* Whether somebody set it up to be used. */
static gboolean
has_secrets (PorchRequest *request)
{
  if (request->api->secrets != NULL)
    return TRUE;
  porch_request_fail (request, PORCH_ERROR_UNSUPPORTED, "this server keeps no secrets");
  return FALSE;
}

/* A PorchSecretsDone. */
static void
on_changed (const GError *error, gpointer data)
{
  porch_request_finish (data, NULL, error);
}

/* The server may be another one when the answer comes: only what is here is used. */
typedef struct {
  PorchRequest *request;
  PorchSecrets *secrets;
  char *site;
} Errand;

static Errand *
new_errand (PorchRequest *request)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->request = request;
  errand->secrets = g_object_ref (request->api->secrets);
  return errand;
}

static void
finish_errand (Errand *errand, GString *answer, const GError *error)
{
  porch_request_finish (errand->request, answer, error);
  g_clear_object (&errand->secrets);
  g_clear_pointer (&errand->site, g_free);
  g_free (errand);
}

static void
write_place (PorchWriter *writer, PorchSecrets *secrets)
{
  porch_writer_string (writer, "place", porch_secrets_get_place (secrets));
  porch_writer_string (writer, "trouble", porch_error_word (porch_secrets_get_trouble (secrets)));
  porch_writer_boolean (writer, "is_asking", porch_secrets_is_asking (secrets));
}

static void
on_listed (GPtrArray *notes, const GError *error, gpointer data)
{
  Errand *errand = data;
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    porch_writer_begin (&writer, NULL);
    write_place (&writer, errand->secrets);
    porch_writer_begin_array (&writer, "items");
    for (guint i = 0; notes != NULL && i < notes->len; i++) {
      const PorchSecretNote *note = notes->pdata[i];

      porch_writer_begin (&writer, NULL);
      porch_writer_string (&writer, "name", note->name);
      porch_writer_string (&writer, "kind", note->kind);
      porch_writer_string (&writer, "hint", note->hint);
      porch_writer_string (&writer, "trouble", porch_error_word (note->trouble));
      porch_writer_end (&writer);
    }
    porch_writer_end_array (&writer);
    porch_writer_end (&writer);
  }
  finish_errand (errand, answer, error);
}

void
porch_api_secrets_list (PorchRequest *request)
{
  if (!has_secrets (request))
    return;
  /* Whoever waits for a person must not keep others waiting. */
  if (porch_secrets_is_asking (request->api->secrets))
    on_listed (NULL, NULL, new_errand (request));
  else
    porch_secrets_list (request->api->secrets, on_listed, new_errand (request));
}

void
porch_api_secret_set (PorchRequest *request)
{
  if (has_secrets (request))
    porch_secrets_put (request->api->secrets, porch_request_string (request, "name"),
                       porch_request_string (request, "value"), on_changed, request);
}

void
porch_api_secret_remove (PorchRequest *request)
{
  if (has_secrets (request))
    porch_secrets_remove (request->api->secrets, porch_request_string (request, "name"), on_changed,
                          request);
}

/* Answered at once: a person takes as long as they take. Only somebody at this computer can answer
 * the question, so only they may have it asked. */
void
porch_api_secrets_unlock (PorchRequest *request)
{
  if (!has_secrets (request))
    return;
  if (!porch_secrets_is_asking (request->api->secrets))
    porch_secrets_open (request->api->secrets, porch_call_is_local (request->call), NULL, NULL);
  porch_request_finish (request, NULL, NULL);
}

/* ---- the keys of a site ---- */

static gboolean
is_site (PorchRequest *request, const char *id)
{
  GPtrArray *sites = porch_service_get_sites (request->api->service);

  for (guint i = 0; id != NULL && i < sites->len; i++)
    if (strcmp (((PorchSite *) sites->pdata[i])->id, id) == 0)
      return TRUE;
  porch_request_fail (request, PORCH_ERROR_NOT_FOUND, "there is no such site");
  return FALSE;
}

static void
on_keys_found (const char *value, const GError *error, gpointer data)
{
  Errand *errand = data;
  g_autoptr (GPtrArray) keys = porch_identity_keys_parse (value);
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "site", errand->site);
    porch_writer_begin_array (&writer, "keys");
    for (guint i = 0; i < keys->len; i++) {
      const PorchIdentityKey *key = keys->pdata[i];

      porch_writer_begin (&writer, NULL);
      porch_writer_string (&writer, "kid", key->kid);
      porch_writer_string (&writer, "hint", key->secret + strlen (key->secret) - 4);
      porch_writer_time (&writer, "at", key->at_us);
      porch_writer_end (&writer);
    }
    porch_writer_end_array (&writer);
    porch_writer_end (&writer);
  }
  finish_errand (errand, answer, error);
}

void
porch_api_identity_get (PorchRequest *request)
{
  const char *site = porch_call_get_query (request->call, "site");
  g_autofree char *name = site != NULL ? porch_identity_dup_name (site) : NULL;
  Errand *errand = NULL;

  if (!has_secrets (request) || !is_site (request, site))
    return;
  errand = new_errand (request);
  errand->site = g_strdup (site);
  porch_secrets_find (request->api->secrets, name, on_keys_found, errand);
}

typedef struct {
  char *kid, *secret;
} Change;

static void
free_change (gpointer data)
{
  Change *change = data;

  porch_secret_free (change->secret);
  g_clear_pointer (&change->kid, g_free);
  g_free (change);
}

/* On the worker, both of them. */
static char *
add_key (const char *old, gpointer data, GError **error)
{
  const Change *change = data;

  return porch_identity_keys_add (old, change->kid, change->secret, porch_clock_now_us (), error);
}

static char *
retire_key (const char *old, gpointer data, GError **error)
{
  return porch_identity_keys_retire (old, ((Change *) data)->kid, error);
}

static void
change_keys (PorchRequest *request, PorchSecretChange func)
{
  const char *site = porch_request_string (request, "site");
  g_autofree char *name = porch_identity_dup_name (site);
  Change *change = NULL;

  if (!has_secrets (request) || !is_site (request, site))
    return;
  change = g_new (Change, 1);
  *change = (Change){ porch_request_dup (request, "kid"), porch_request_dup (request, "secret") };
  porch_secrets_change (request->api->secrets, name, func, change, free_change, on_changed,
                        request);
}

void
porch_api_identity_add (PorchRequest *request)
{
  change_keys (request, add_key);
}

void
porch_api_identity_retire (PorchRequest *request)
{
  change_keys (request, retire_key);
}
