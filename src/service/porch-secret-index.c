/* porch-secret-index.c - which secrets the keyring holds for a data folder; names, no values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-secret-index.h"

#include "porch-error.h"
#include "porch-id.h"
#include "porch-vault.h"

#include <gio/gio.h>

#define GROUP "keyring"

struct _PorchSecretIndex {
  char *path, *scope;
  GHashTable *names;
};

PorchSecretIndex *
porch_secret_index_new (const char *path)
{
  PorchSecretIndex *self = g_new0 (PorchSecretIndex, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) names = NULL;

  self->path = g_strdup (path);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return self;
  self->scope = g_key_file_get_string (file, GROUP, "scope", NULL);
  names = g_key_file_get_string_list (file, GROUP, "names", NULL, NULL);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (porch_secret_name_is_good (names[i]))
      g_hash_table_add (self->names, g_strdup (names[i]));
  return self;
}

void
porch_secret_index_free (PorchSecretIndex *self)
{
  g_hash_table_unref (self->names);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->scope, g_free);
  g_free (self);
}

static gboolean
save (PorchSecretIndex *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree const char **names =
    (const char **) g_hash_table_get_keys_as_array (self->names, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) failure = NULL;

  g_key_file_set_string (file, GROUP, "scope", self->scope);
  g_key_file_set_string_list (file, GROUP, "names", names, g_hash_table_size (self->names));
  text = g_key_file_to_data (file, NULL, NULL);
  g_mkdir_with_parents (folder, 0700);
  if (g_file_set_contents_full (self->path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &failure))
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "%s", failure->message);
  return FALSE;
}

const char *
porch_secret_index_get_scope (PorchSecretIndex *self, GError **error)
{
  if (self->scope != NULL)
    return self->scope;
  self->scope = porch_id_new ();
  if (!save (self, error))
    g_clear_pointer (&self->scope, g_free);
  return self->scope;
}

gboolean
porch_secret_index_has (PorchSecretIndex *self, const char *name)
{
  return g_hash_table_contains (self->names, name);
}

gboolean
porch_secret_index_is_empty (PorchSecretIndex *self)
{
  return g_hash_table_size (self->names) == 0;
}

void
porch_secret_index_list (PorchSecretIndex *self, GPtrArray *names)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

gboolean
porch_secret_index_set (PorchSecretIndex *self, const char *name, gboolean is_in, GError **error)
{
  if (is_in == porch_secret_index_has (self, name))
    return TRUE;
  if (porch_secret_index_get_scope (self, error) == NULL)
    return FALSE;
  if (is_in)
    g_hash_table_add (self->names, g_strdup (name));
  else
    g_hash_table_remove (self->names, name);
  return save (self, error);
}
