/* porch-vault.h - one place where secrets are: a keyring, a folder, the environment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What PorchSecrets chooses among. All functions run on its worker and may block. Errors are
 * PORCH_ERROR_KEYRING_LOCKED, _MISSING or _REFUSED for a keyring, STORAGE for a folder.
 */
#pragma once

#include "porch-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PorchVault PorchVault;

typedef struct {
  const char *kind; /* "keyring", "file", "credentials", "environment": a word of the API */
  /* TRUE with *@value NULL when there is none of that name. Else
   * porch_secret_free () is for it. */
  gboolean (*find) (PorchVault *self, const char *name, char **value, GError **error);
  /* Adds the names of all that are there; NULL where that cannot be asked. */
  gboolean (*list) (PorchVault *self, GPtrArray *names, GError **error);
  /* NULL where nothing can be changed. Removing what is not there succeeds. */
  gboolean (*put) (PorchVault *self, const char *name, const char *value, GError **error);
  gboolean (*remove) (PorchVault *self, const char *name, GError **error);
  /* Looks whether it can be used; with @may_ask the person at this computer is asked to unlock it.
   * NULL where there is nothing to open. */
  gboolean (*open) (PorchVault *self, gboolean may_ask, GError **error);
  void (*free) (PorchVault *self);
} PorchVaultClass;

struct _PorchVault {
  const PorchVaultClass *klass;
  /* Set by PorchSecrets before the first call. */
  char *scope; /* random: tells the secrets of one data folder from those of another */
  GCancellable *cancellable;
};

/* One file for each secret, the name its name: where systemd puts credentials, and where we keep
 * secrets when there is no keyring. With @is_own it is made when needed, mode 0700, and its files
 * 0600; without, it is only read. */
PorchVault *porch_vault_folder_new (const char *path, gboolean is_own) G_GNUC_WARN_UNUSED_RESULT;
/* "backup-passphrase" is PORCHLIGHT_SECRET_BACKUP_PASSPHRASE; keys of others also have the names
 * that they are known by (GEMINI_API_KEY). */
PorchVault *porch_vault_environment_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when @name has none, or an empty one. Borrowed from the environment. */
const char *porch_vault_environment_find (const char *name);

void porch_vault_free (PorchVault *self);

/* Letters, digits, "-", "_" and ".", at most 100 of them, the first a letter or digit; not ending
 * in ".part": that is a file being written. */
gboolean porch_secret_name_is_good (const char *name);
#define PORCH_SECRET_BYTES_MAX 8192

G_END_DECLS
