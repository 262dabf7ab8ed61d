/* porch-secrets.h - keys, passphrases and tokens, wherever they are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this run was given wins: a file of $CREDENTIALS_DIRECTORY, then the environment. Those are
 * only read. What is set here goes into the keyring; where there is none, into a file that only
 * this user can read. A keyring that is locked or refuses is never gone round: what needs a secret
 * of it fails with that error and is tried again by a person. Which secrets the keyring holds is
 * noted beside the data, so that a keyring that is not there does not make them look never set.
 *
 * Nothing here blocks; `done` functions run on the context that was the thread's default.
 */
#pragma once

#include "porch-vault.h"

G_BEGIN_DECLS

/* Signals: "need-changed" (): what porch_secrets_get_need () says. */
#define PORCH_TYPE_SECRETS (porch_secrets_get_type ())
G_DECLARE_FINAL_TYPE (PorchSecrets, porch_secrets, PORCH, SECRETS, GObject)

#define PORCH_SECRET_BACKUP_PASSPHRASE "backup-passphrase"

/* Of the server on @folder. Takes @keyring, which may be NULL: then there is none. */
PorchSecrets *porch_secrets_new (const char *folder, PorchVault *keyring) G_GNUC_WARN_UNUSED_RESULT;
/* Looks now and, as long as something is needed that cannot be had, every minute whether it can:
 * without asking anybody. */
void porch_secrets_start (PorchSecrets *self);
/* What the timer does. */
void porch_secrets_look (PorchSecrets *self);
/* Ends what is under way; everybody who waits is answered with PORCH_ERROR_SHUTTING_DOWN. */
void porch_secrets_close (PorchSecrets *self);

/* @value is NULL without an error when there is none. Borrowed, and overwritten afterwards. */
typedef void (*PorchSecretFound) (const char *value, const GError *error, gpointer data);
void
porch_secrets_find (PorchSecrets *self, const char *name, PorchSecretFound done, gpointer data);

/* CONFLICT when this run was given one of that name, BAD_MESSAGE for a bad name or value: it is one
 * line of UTF-8, not empty, at most PORCH_SECRET_BYTES_MAX. */
typedef void (*PorchSecretsDone) (const GError *error, gpointer data);
/* CONFLICT when this run was given one of that name, BAD_MESSAGE for a bad name or value. */
void porch_secrets_put (PorchSecrets *self,
                        const char *name,
                        const char *value,
                        PorchSecretsDone done,
                        gpointer data);
/* No error when there was none. */
void
porch_secrets_remove (PorchSecrets *self, const char *name, PorchSecretsDone done, gpointer data);

/* Makes the new value of the old one (NULL: there was none), with nobody in between. On the worker:
 * it sees only @data. NULL without an error removes it. */
typedef char *(*PorchSecretChange) (const char *old, gpointer data, GError **error);
void porch_secrets_change (PorchSecrets *self,
                           const char *name,
                           PorchSecretChange change,
                           gpointer change_data,
                           GDestroyNotify free_change_data,
                           PorchSecretsDone done,
                           gpointer data);

typedef struct {
  char *name;
  const char *kind; /* of the vault it is in */
  char *hint;       /* the last four characters of a long one, else "" */
  int trouble;      /* -1, or the PORCH_ERROR_… that keeps it from being read */
} PorchSecretNote;
/* By name. @notes is borrowed, and NULL with an error. */
typedef void (*PorchSecretsListed) (GPtrArray *notes, const GError *error, gpointer data);
void porch_secrets_list (PorchSecrets *self, PorchSecretsListed done, gpointer data);

/* Looks again whether the keyring can be used; with @may_ask the person at this computer is asked
 * to unlock it, which takes as long as it takes. @done may be NULL. */
void
porch_secrets_open (PorchSecrets *self, gboolean may_ask, PorchSecretsDone done, gpointer data);
/* Somebody is being asked: what is wanted meanwhile waits. */
gboolean porch_secrets_is_asking (PorchSecrets *self);

/* Where a new secret goes, "keyring" or "file"; as of the last answer. */
const char *porch_secrets_get_place (PorchSecrets *self);
/* -1, or KEYRING_LOCKED, _MISSING or _REFUSED: what is in the keyring cannot be had. */
int porch_secrets_get_trouble (PorchSecrets *self);
/* The same, but -1 too while nothing of ours is in the keyring: then nobody misses it. */
int porch_secrets_get_need (PorchSecrets *self);

G_END_DECLS
