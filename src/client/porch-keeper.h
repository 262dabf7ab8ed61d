/* porch-keeper.h - backups and secrets of the server, as a window shows them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks when it is looked at, and again and again while a backup is made or taken back or somebody
 * is asked to unlock the keyring. What it knows stays while the server cannot be reached, as it
 * cannot for a moment while it goes back to a backup.
 */
#pragma once

#include "porch-client.h"

G_BEGIN_DECLS

#define PORCH_TYPE_KEEPER (porch_keeper_get_type ())
G_DECLARE_FINAL_TYPE (PorchKeeper, porch_keeper, PORCH, KEEPER, GObject)

/* Signals:
 *   "changed" ()                                  what the getters say
 *   "failed" (GError *error)                      something that a person wanted did not happen
 *   "key-added" (char *site, char *kid, char *secret)
 */
PorchKeeper *porch_keeper_new (PorchClient *client) G_GNUC_WARN_UNUSED_RESULT;
/* Asks no more. Answers that are on their way change nothing. */
void porch_keeper_close (PorchKeeper *self);
/* Asks for all of it. */
void porch_keeper_load (PorchKeeper *self);

typedef struct {
  char *name, *kind; /* "daily", "manual", "update" */
  gint64 at_us, n_bytes;
  gboolean is_sealed;
} PorchKeptBackup;
typedef struct {
  char *name, *kind, *hint; /* kind: "keyring", "file", "credentials", "environment" */
  int trouble;              /* -1, or a PORCH_ERROR_… */
} PorchKeptSecret;
typedef struct {
  char *kid, *hint;
  gint64 at_us;
} PorchKeptKey;
typedef struct {
  char *id, *domain;
  GPtrArray *keys; /* of PorchKeptKey, newest first; NULL while they cannot be read */
} PorchKeptSite;

gboolean porch_keeper_is_loaded (PorchKeeper *self);
/* Why the last question had no answer, also when there were answers before; NULL when it had one.
 * Borrowed. */
const GError *porch_keeper_get_error (PorchKeeper *self);

/* Of PorchKeptBackup, newest first. */
GPtrArray *porch_keeper_get_backups (PorchKeeper *self);
typedef enum {
  PORCH_KEEPER_IDLE,
  PORCH_KEEPER_BACKING_UP,
  PORCH_KEEPER_RESTORING,
} PorchKeeperJob;
PorchKeeperJob porch_keeper_get_job (PorchKeeper *self);
int porch_keeper_get_percent (PorchKeeper *self);
/* Of the last job, which was @job: -1 when it went well, or there was none. */
int porch_keeper_get_failure (PorchKeeper *self, PorchKeeperJob *job);
/* What kept the copy from before an update from being sealed; -1 for nothing. */
int porch_keeper_get_unsealed (PorchKeeper *self);

/* "keyring" or "file". */
const char *porch_keeper_get_place (PorchKeeper *self);
int porch_keeper_get_trouble (PorchKeeper *self);
gboolean porch_keeper_is_asking (PorchKeeper *self);
/* Of PorchKeptSecret. */
GPtrArray *porch_keeper_get_secrets (PorchKeeper *self);
const PorchKeptSecret *porch_keeper_find_secret (PorchKeeper *self, const char *name);
/* Of PorchKeptSite. */
GPtrArray *porch_keeper_get_sites (PorchKeeper *self);

/* What a person wants. Each ends with "changed", and with "failed" before it when the server
 * refuses. */
void porch_keeper_back_up (PorchKeeper *self);
/* @passphrase may be NULL. */
void porch_keeper_restore (PorchKeeper *self, const char *name, const char *passphrase);
void porch_keeper_unlock (PorchKeeper *self);
void porch_keeper_set_secret (PorchKeeper *self, const char *name, const char *value);
void porch_keeper_remove_secret (PorchKeeper *self, const char *name);
/* Makes a key here and sends it to be kept. Told by "key-added" (site, kid, secret), with which it
 * is gone from here too. */
void porch_keeper_add_key (PorchKeeper *self, const char *site);
void porch_keeper_retire_key (PorchKeeper *self, const char *site, const char *kid);

G_END_DECLS
