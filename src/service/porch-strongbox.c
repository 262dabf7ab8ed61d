/* porch-strongbox.c - which vault a secret is read from, and which it goes into
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-strongbox.h"

#include "porch-error.h"
#include "porch-secret-index.h"

#include <string.h>

#define FOLDER     "secrets"
#define INDEX_FILE ".keyring"

struct _PorchStrongbox {
  PorchVault *given[2]; /* what this run was given: NULL where there is none */
  PorchVault *file;
  PorchVault *keyring;
  PorchSecretIndex *index;
  gboolean was_opened;
  int code; /* of the keyring: -1 when it can be used */
};

PorchStrongbox *
porch_strongbox_new (const char *folder, PorchVault *keyring, GCancellable *cancellable)
{
  PorchStrongbox *self = g_new0 (PorchStrongbox, 1);
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *own = g_build_filename (folder, FOLDER, NULL);
  g_autofree char *index = g_build_filename (own, INDEX_FILE, NULL);

  if (credentials != NULL && *credentials != '\0')
    self->given[0] = porch_vault_folder_new (credentials, FALSE);
  self->given[1] = porch_vault_environment_new ();
  self->file = porch_vault_folder_new (own, TRUE);
  self->keyring = keyring;
  if (keyring != NULL)
    keyring->cancellable = g_object_ref (cancellable);
  self->code = keyring != NULL ? -1 : PORCH_ERROR_KEYRING_MISSING;
  self->index = porch_secret_index_new (index);
  return self;
}

void
porch_strongbox_free (PorchStrongbox *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->given); i++)
    porch_vault_free (self->given[i]);
  porch_vault_free (self->file);
  porch_vault_free (self->keyring);
  porch_secret_index_free (self->index);
  g_free (self);
}

/* ---- the keyring ---- */

static void
note (PorchStrongbox *self, const GError *error)
{
  /* Who said no is not said to be merely locked by the next one that looks. */
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING_LOCKED) &&
      self->code == PORCH_ERROR_KEYRING_REFUSED)
    return;
  if (error == NULL)
    self->code = -1;
  else if (error->domain == PORCH_ERROR && porch_error_is_keyring (error->code))
    self->code = error->code;
}

gboolean
porch_strongbox_open (PorchStrongbox *self, gboolean may_ask, GError **error)
{
  g_autoptr (GError) failure = NULL;

  self->was_opened = TRUE;
  if (self->keyring == NULL)
    return TRUE;
  if (self->keyring->scope == NULL) {
    const char *scope = porch_secret_index_get_scope (self->index, error);

    if (scope == NULL)
      return FALSE;
    self->keyring->scope = g_strdup (scope);
  }
  if (self->keyring->klass->open != NULL)
    self->keyring->klass->open (self->keyring, may_ask, &failure);
  note (self, failure);
  if (failure == NULL || g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_KEYRING_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Whether there is one to be asked. It may be locked: it says so when it is asked. */
static gboolean
has_keyring (PorchStrongbox *self)
{
  if (!self->was_opened)
    (void) porch_strongbox_open (self, FALSE, NULL);
  return self->keyring != NULL && self->keyring->scope != NULL &&
         self->code != PORCH_ERROR_KEYRING_MISSING;
}

static gboolean
fail_missing (const char *name, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_KEYRING_MISSING,
               "%s is in a keyring that is not there, or has it no longer", name);
  return FALSE;
}

static gboolean
find_in_keyring (PorchStrongbox *self, const char *name, char **value, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (has_keyring (self)) {
    const gboolean is_asked = self->keyring->klass->find (self->keyring, name, value, &failure);

    /* A locked one also says that it does not have what it does not have. */
    if (!is_asked || *value != NULL)
      note (self, failure);
    if (is_asked && *value != NULL)
      return TRUE;
    if (!is_asked && self->code != PORCH_ERROR_KEYRING_MISSING) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return !porch_secret_index_has (self->index, name) || fail_missing (name, error);
}

/* ---- the rules ---- */

static gboolean
find_given (PorchStrongbox *self, const char *name, char **value, const char **kind, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->given); i++) {
    PorchVault *vault = self->given[i];

    if (vault == NULL)
      continue;
    *kind = vault->klass->kind;
    if (!vault->klass->find (vault, name, value, error))
      return FALSE;
    if (*value != NULL)
      return TRUE;
  }
  return TRUE;
}

gboolean
porch_strongbox_find (PorchStrongbox *self,
                      const char *name,
                      char **value,
                      const char **kind,
                      GError **error)
{
  const char *nowhere = NULL;

  if (kind == NULL)
    kind = &nowhere;
  *kind = NULL;
  *value = NULL;
  if (!find_given (self, name, value, kind, error))
    return FALSE;
  if (*value != NULL)
    return TRUE;
  /* Whatever goes into the keyring is taken out of the file: what is there came later. */
  *kind = self->file->klass->kind;
  if (!self->file->klass->find (self->file, name, value, error))
    return FALSE;
  if (*value != NULL)
    return TRUE;
  *kind = "keyring";
  return find_in_keyring (self, name, value, error);
}

static gboolean
check_not_given (PorchStrongbox *self, const char *name, GError **error)
{
  g_autoptr (PorchSecretText) value = NULL;
  const char *kind = NULL;

  if (!find_given (self, name, &value, &kind, error))
    return FALSE;
  if (value == NULL)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "%s is given by the %s of this run", name,
               kind);
  return FALSE;
}

gboolean
porch_strongbox_put (PorchStrongbox *self, const char *name, const char *value, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!check_not_given (self, name, error))
    return FALSE;
  if (has_keyring (self)) {
    const gboolean is_put = self->keyring->klass->put (self->keyring, name, value, &failure);

    note (self, failure);
    if (is_put)
      return porch_secret_index_set (self->index, name, TRUE, error) &&
             self->file->klass->remove (self->file, name, error);
    if (self->code != PORCH_ERROR_KEYRING_MISSING) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return self->file->klass->put (self->file, name, value, error) &&
         porch_secret_index_set (self->index, name, FALSE, error);
}

gboolean
porch_strongbox_remove (PorchStrongbox *self, const char *name, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!check_not_given (self, name, error))
    return FALSE;
  if (has_keyring (self)) {
    const gboolean is_gone = self->keyring->klass->remove (self->keyring, name, &failure);

    note (self, failure);
    if (!is_gone && self->code != PORCH_ERROR_KEYRING_MISSING) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  return self->file->klass->remove (self->file, name, error) &&
         porch_secret_index_set (self->index, name, FALSE, error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
porch_strongbox_list (PorchStrongbox *self, GError **error)
{
  PorchVault *const vaults[] = { self->given[0], self->given[1], self->file };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (vaults); i++)
    if (vaults[i] != NULL && !vaults[i]->klass->list (vaults[i], names, error))
      return NULL;
  porch_secret_index_list (self->index, names);
  (void) has_keyring (self);
  g_ptr_array_sort (names, compare);
  for (guint i = 1; i < names->len;)
    if (strcmp (names->pdata[i - 1], names->pdata[i]) == 0)
      g_ptr_array_remove_index (names, i);
    else
      i++;
  return g_steal_pointer (&names);
}

const char *
porch_strongbox_get_place (PorchStrongbox *self)
{
  return self->keyring != NULL && self->code != PORCH_ERROR_KEYRING_MISSING ? "keyring" : "file";
}

int
porch_strongbox_get_trouble (PorchStrongbox *self)
{
  /* A keyring that nobody misses is no trouble. */
  if (self->code == PORCH_ERROR_KEYRING_MISSING && porch_secret_index_is_empty (self->index))
    return -1;
  return self->code;
}

gboolean
porch_strongbox_needs_keyring (PorchStrongbox *self)
{
  return !porch_secret_index_is_empty (self->index);
}
