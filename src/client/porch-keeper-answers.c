/* porch-keeper-answers.c - backups and secrets of the server: what its answers say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-keeper-parts.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"

static void
free_backup (gpointer data)
{
  PorchKeptBackup *backup = data;

  g_clear_pointer (&backup->name, g_free);
  g_clear_pointer (&backup->kind, g_free);
  g_free (backup);
}

static void
free_secret (gpointer data)
{
  PorchKeptSecret *kept = data;

  g_clear_pointer (&kept->name, g_free);
  g_clear_pointer (&kept->kind, g_free);
  g_clear_pointer (&kept->hint, g_free);
  g_free (kept);
}

static void
free_key (gpointer data)
{
  PorchKeptKey *key = data;

  g_clear_pointer (&key->kid, g_free);
  g_clear_pointer (&key->hint, g_free);
  g_free (key);
}

static void
free_site (gpointer data)
{
  PorchKeptSite *site = data;

  g_clear_pointer (&site->id, g_free);
  g_clear_pointer (&site->domain, g_free);
  g_clear_pointer (&site->keys, g_ptr_array_unref);
  g_free (site);
}

static char *
dup_text (JsonNode *node, const char *path)
{
  const char *text = porch_shape_string (node, path);

  return g_strdup (text != NULL ? text : "");
}

static gint64
get_time (JsonNode *node, const char *path)
{
  const char *text = porch_shape_string (node, path);
  gint64 at_us = 0;

  return text != NULL && porch_clock_parse (text, &at_us) ? at_us : 0;
}

/* The code of a word; -1 for none. */
static int
get_code (JsonNode *node, const char *path)
{
  const char *word = porch_shape_string (node, path);

  return word != NULL && *word != '\0' ? (int) porch_error_code_from_nick (word) : -1;
}

static guint
count (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static void
read_job (PorchKeeper *self, JsonNode *answer)
{
  const char *kind = porch_shape_string (answer, "job.kind");
  const PorchKeeperJob job = g_strcmp0 (kind, "backup") == 0    ? PORCH_KEEPER_BACKING_UP
                             : g_strcmp0 (kind, "restore") == 0 ? PORCH_KEEPER_RESTORING
                                                                : PORCH_KEEPER_IDLE;
  gint64 percent = 0;

  porch_shape_int (answer, "job.percent", &percent);
  self->job = porch_shape_boolean (answer, "job.is_running") ? job : PORCH_KEEPER_IDLE;
  self->last_job = job;
  self->percent = CLAMP (percent, 0, 100);
  self->failure = get_code (answer, "job.code");
}

void
porch_keeper_read_backups (PorchKeeper *self, JsonNode *answer)
{
  JsonArray *items = porch_shape_array (answer, "items");

  g_ptr_array_set_size (self->backups, 0);
  for (guint i = 0; i < count (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    PorchKeptBackup *backup = g_new0 (PorchKeptBackup, 1);

    backup->name = dup_text (item, "name");
    backup->kind = dup_text (item, "kind");
    backup->at_us = get_time (item, "at");
    porch_shape_int (item, "bytes", &backup->n_bytes);
    backup->is_sealed = porch_shape_boolean (item, "is_sealed");
    g_ptr_array_add (self->backups, backup);
  }
  self->unsealed = get_code (answer, "unsealed");
  read_job (self, answer);
  self->has_backups = TRUE;
}

void
porch_keeper_read_secrets (PorchKeeper *self, JsonNode *answer)
{
  JsonArray *items = porch_shape_array (answer, "items");

  g_clear_pointer (&self->place, g_free);
  self->place = dup_text (answer, "place");
  self->trouble = get_code (answer, "trouble");
  self->is_asking = porch_shape_boolean (answer, "is_asking");
  self->has_secrets = TRUE;
  /* While a person is asked there is no list; the one that is known stays. */
  if (self->is_asking)
    return;
  g_ptr_array_set_size (self->secrets, 0);
  for (guint i = 0; i < count (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    PorchKeptSecret *secret = g_new0 (PorchKeptSecret, 1);

    secret->name = dup_text (item, "name");
    secret->kind = dup_text (item, "kind");
    secret->hint = dup_text (item, "hint");
    secret->trouble = get_code (item, "trouble");
    g_ptr_array_add (self->secrets, secret);
  }
}

PorchKeptSite *
porch_keeper_find_site (PorchKeeper *self, const char *id)
{
  for (guint i = 0; i < self->sites->len; i++) {
    PorchKeptSite *site = self->sites->pdata[i];

    if (g_strcmp0 (site->id, id) == 0)
      return site;
  }
  return NULL;
}

void
porch_kept_site_read_keys (PorchKeptSite *site, JsonNode *answer)
{
  JsonArray *items = porch_shape_array (answer, "keys");

  g_clear_pointer (&site->keys, g_ptr_array_unref);
  site->keys = g_ptr_array_new_with_free_func (free_key);
  for (guint i = 0; i < count (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    PorchKeptKey *key = g_new0 (PorchKeptKey, 1);

    key->kid = dup_text (item, "kid");
    key->hint = dup_text (item, "hint");
    key->at_us = get_time (item, "at");
    g_ptr_array_add (site->keys, key);
  }
}

/* One that moved keeps its keys. */
void
porch_keeper_read_sites (PorchKeeper *self, JsonNode *answer)
{
  JsonArray *items = porch_shape_array (answer, "items");

  for (guint i = 0; i < count (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    g_autofree char *id = dup_text (item, "id");
    PorchKeptSite *site = porch_keeper_find_site (self, id);

    if (site == NULL) {
      site = g_new0 (PorchKeptSite, 1);
      site->id = g_steal_pointer (&id);
      g_ptr_array_add (self->sites, site);
    }
    g_clear_pointer (&site->domain, g_free);
    site->domain = dup_text (item, "domains.0");
  }
}

void
porch_keeper_init_lists (PorchKeeper *self)
{
  self->backups = g_ptr_array_new_with_free_func (free_backup);
  self->secrets = g_ptr_array_new_with_free_func (free_secret);
  self->sites = g_ptr_array_new_with_free_func (free_site);
}
