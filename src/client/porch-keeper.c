/* porch-keeper.c - backups and secrets of the server: asking for them, and what a person wants of
 * them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-keeper-parts.h"

#include "porch-codec.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-secret.h"
#include "porch-source.h"
#include "porch-writer.h"

#include <string.h>

#define LOOK_AGAIN_MS 250

enum {
  CHANGED,
  FAILED,
  KEY_ADDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchKeeper, porch_keeper, G_TYPE_OBJECT)

/* ---- asking ---- */

static void load_backups (PorchKeeper *self);
static void load_secrets (PorchKeeper *self);

static gboolean
on_timer (gpointer data)
{
  PorchKeeper *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  if (self->job != PORCH_KEEPER_IDLE)
    load_backups (self);
  if (self->is_asking)
    load_secrets (self);
  return G_SOURCE_REMOVE;
}

/* What is under way is asked for again, also when the server was not there for once. */
static void
follow (PorchKeeper *self)
{
  if (self->timer == NULL && (self->job != PORCH_KEEPER_IDLE || self->is_asking) &&
      !g_cancellable_is_cancelled (self->cancellable))
    self->timer = porch_source_timeout (LOOK_AGAIN_MS, on_timer, self);
}

static void
changed (PorchKeeper *self)
{
  follow (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* NULL when it did not come: what is known stays. */
static JsonNode *
take_answer (PorchKeeper *self, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  JsonNode *answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (answer == NULL)
    changed (self);
  return answer;
}

static void
on_backups (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchKeeper) self = data;
  g_autoptr (JsonNode) answer = take_answer (self, source, result);

  if (answer == NULL)
    return;
  porch_keeper_read_backups (self, answer);
  changed (self);
}

static void
load_backups (PorchKeeper *self)
{
  porch_client_call_async (self->client, PORCH_OP_BACKUPS_LIST, NULL, NULL, NULL, self->cancellable,
                           on_backups, g_object_ref (self));
}

typedef struct {
  PorchKeeper *keeper;
  char *site, *kid, *secret;
} Errand;

static void
free_errand (Errand *errand)
{
  g_clear_object (&errand->keeper);
  g_clear_pointer (&errand->site, g_free);
  g_clear_pointer (&errand->kid, g_free);
  porch_secret_free (errand->secret);
  g_free (errand);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, free_errand)

static Errand *
new_errand (PorchKeeper *self, const char *site)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->keeper = g_object_ref (self);
  errand->site = g_strdup (site);
  return errand;
}

/* A keyring that cannot be read is no failure of the whole: the row says so. */
static void
on_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Errand) errand = data;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, NULL);
  PorchKeptSite *site = porch_keeper_find_site (errand->keeper, errand->site);

  if (g_cancellable_is_cancelled (errand->keeper->cancellable) || site == NULL)
    return;
  if (answer != NULL)
    porch_kept_site_read_keys (site, answer);
  else
    g_clear_pointer (&site->keys, g_ptr_array_unref);
  changed (errand->keeper);
}

static void
load_keys (PorchKeeper *self, const char *site)
{
  g_autofree char *query = g_strconcat ("site=", site, NULL);

  porch_client_call_async (self->client, PORCH_OP_IDENTITY_GET, NULL, query, NULL,
                           self->cancellable, on_keys, new_errand (self, site));
}

static void
on_sites (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchKeeper) self = data;
  g_autoptr (JsonNode) answer = take_answer (self, source, result);

  if (answer == NULL)
    return;
  porch_keeper_read_sites (self, answer);
  for (guint i = 0; i < self->sites->len; i++)
    load_keys (self, ((PorchKeptSite *) self->sites->pdata[i])->id);
}

static void
on_secrets (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchKeeper) self = data;
  g_autoptr (JsonNode) answer = take_answer (self, source, result);

  if (answer == NULL)
    return;
  porch_keeper_read_secrets (self, answer);
  changed (self);
  /* Keys are read out of the keyring too: not while it asks. */
  if (!self->is_asking)
    porch_client_call_async (self->client, PORCH_OP_SITES_LIST, NULL, NULL, NULL, self->cancellable,
                             on_sites, g_object_ref (self));
}

static void
load_secrets (PorchKeeper *self)
{
  porch_client_call_async (self->client, PORCH_OP_SECRETS_LIST, NULL, NULL, NULL, self->cancellable,
                           on_secrets, g_object_ref (self));
}

void
porch_keeper_load (PorchKeeper *self)
{
  load_backups (self);
  load_secrets (self);
}

/* ---- what a person wants ---- */

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Errand) errand = data;
  PorchKeeper *self = errand->keeper;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL)
    g_signal_emit (self, signals[FAILED], 0, error);
  else if (errand->secret != NULL)
    g_signal_emit (self, signals[KEY_ADDED], 0, errand->site, errand->kid, errand->secret);
  porch_keeper_load (self);
}

static void
act (PorchKeeper *self, PorchOpId op, GString *body, Errand *errand)
{
  porch_client_call_async (self->client, op, NULL, NULL, body, self->cancellable, on_acted, errand);
}

/* An object of the members that are not NULL: pairs of name and value, and NULL. */
static GString *new_body (const char *name, ...) G_GNUC_NULL_TERMINATED;

static GString *
new_body (const char *name, ...)
{
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  va_list pairs;

  porch_writer_begin (&writer, NULL);
  va_start (pairs, name);
  while (name != NULL) {
    const char *value = va_arg (pairs, const char *);

    if (value != NULL)
      porch_writer_string (&writer, name, value);
    name = va_arg (pairs, const char *);
  }
  va_end (pairs);
  porch_writer_end (&writer);
  return writer.text;
}

void
porch_keeper_back_up (PorchKeeper *self)
{
  act (self, PORCH_OP_BACKUPS_CREATE, g_string_new ("{}"), new_errand (self, NULL));
}

void
porch_keeper_restore (PorchKeeper *self, const char *name, const char *passphrase)
{
  act (self, PORCH_OP_BACKUPS_RESTORE, new_body ("name", name, "passphrase", passphrase, NULL),
       new_errand (self, NULL));
}

void
porch_keeper_unlock (PorchKeeper *self)
{
  act (self, PORCH_OP_SECRETS_UNLOCK, g_string_new ("{}"), new_errand (self, NULL));
}

void
porch_keeper_set_secret (PorchKeeper *self, const char *name, const char *value)
{
  act (self, PORCH_OP_SECRET_SET, new_body ("name", name, "value", value, NULL),
       new_errand (self, NULL));
}

void
porch_keeper_remove_secret (PorchKeeper *self, const char *name)
{
  act (self, PORCH_OP_SECRET_REMOVE, new_body ("name", name, NULL), new_errand (self, NULL));
}

void
porch_keeper_add_key (PorchKeeper *self, const char *site)
{
  Errand *errand = new_errand (self, site);

  errand->kid = porch_id_new ();
  errand->kid[8] = '\0';
  errand->secret = porch_token_new ("");
  act (self, PORCH_OP_IDENTITY_ADD,
       new_body ("site", site, "kid", errand->kid, "secret", errand->secret, NULL), errand);
}

void
porch_keeper_retire_key (PorchKeeper *self, const char *site, const char *kid)
{
  act (self, PORCH_OP_IDENTITY_RETIRE, new_body ("site", site, "kid", kid, NULL),
       new_errand (self, NULL));
}

/* ---- what is known ---- */

gboolean
porch_keeper_is_loaded (PorchKeeper *self)
{
  return self->has_backups && self->has_secrets;
}

const GError *
porch_keeper_get_error (PorchKeeper *self)
{
  return self->error;
}

GPtrArray *
porch_keeper_get_backups (PorchKeeper *self)
{
  return self->backups;
}

PorchKeeperJob
porch_keeper_get_job (PorchKeeper *self)
{
  return self->job;
}

int
porch_keeper_get_percent (PorchKeeper *self)
{
  return self->percent;
}

int
porch_keeper_get_failure (PorchKeeper *self, PorchKeeperJob *job)
{
  *job = self->last_job;
  return self->failure;
}

int
porch_keeper_get_unsealed (PorchKeeper *self)
{
  return self->unsealed;
}

const char *
porch_keeper_get_place (PorchKeeper *self)
{
  return self->place;
}

int
porch_keeper_get_trouble (PorchKeeper *self)
{
  return self->trouble;
}

gboolean
porch_keeper_is_asking (PorchKeeper *self)
{
  return self->is_asking;
}

GPtrArray *
porch_keeper_get_secrets (PorchKeeper *self)
{
  return self->secrets;
}

const PorchKeptSecret *
porch_keeper_find_secret (PorchKeeper *self, const char *name)
{
  for (guint i = 0; i < self->secrets->len; i++) {
    const PorchKeptSecret *secret = self->secrets->pdata[i];

    if (strcmp (secret->name, name) == 0)
      return secret;
  }
  return NULL;
}

GPtrArray *
porch_keeper_get_sites (PorchKeeper *self)
{
  return self->sites;
}

/* ---- life ---- */

static void
porch_keeper_finalize (GObject *object)
{
  PorchKeeper *self = PORCH_KEEPER (object);

  porch_source_clear (&self->timer);
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->backups);
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->sites);
  g_clear_pointer (&self->place, g_free);

  G_OBJECT_CLASS (porch_keeper_parent_class)->finalize (object);
}

static void
porch_keeper_class_init (PorchKeeperClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = porch_keeper_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  /* Static: no copy is made of the secret, which nobody would overwrite. */
  signals[KEY_ADDED] =
    g_signal_new ("key-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                  G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
porch_keeper_init (PorchKeeper *self)
{
  self->cancellable = g_cancellable_new ();
  porch_keeper_init_lists (self);
  self->place = g_strdup ("");
  self->trouble = self->failure = self->unsealed = -1;
}

PorchKeeper *
porch_keeper_new (PorchClient *client)
{
  PorchKeeper *self = g_object_new (PORCH_TYPE_KEEPER, NULL);

  self->client = g_object_ref (client);
  return self;
}

void
porch_keeper_close (PorchKeeper *self)
{
  porch_source_clear (&self->timer);
  g_cancellable_cancel (self->cancellable);
}
