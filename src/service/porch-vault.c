/* porch-vault.c - secrets in the environment, and what all places of secrets share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-vault.h"

#include <string.h>

#define NAME_LENGTH_MAX 100
#define PREFIX          "PORCHLIGHT_SECRET_"

/* What others' programs and manuals call them. */
static const char *const known_beginnings[] = { "gemini-", "anthropic-", "openai-", "whatsapp-",
                                                "smtp-" };

gboolean
porch_secret_name_is_good (const char *name)
{
  const gsize length = strlen (name);

  if (length == 0 || length > NAME_LENGTH_MAX || !g_ascii_isalnum (name[0]) ||
      g_str_has_suffix (name, ".part"))
    return FALSE;
  for (const char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_.", *at) == NULL)
      return FALSE;
  return TRUE;
}

void
porch_vault_free (PorchVault *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->scope, g_free);
  g_clear_object (&self->cancellable);
  self->klass->free (self);
}

/* ---- the environment ---- */

static char *
make_variable (const char *prefix, const char *name)
{
  char *variable = g_strconcat (prefix, name, NULL);

  for (char *at = variable; *at != '\0'; at++)
    *at = g_ascii_isalnum (*at) ? g_ascii_toupper (*at) : '_';
  return variable;
}

const char *
porch_vault_environment_find (const char *name)
{
  g_autofree char *own = make_variable (PREFIX, name);
  const char *value = g_getenv (own);

  for (guint i = 0; value == NULL && i < G_N_ELEMENTS (known_beginnings); i++)
    if (g_str_has_prefix (name, known_beginnings[i])) {
      g_autofree char *known = make_variable ("", name);

      value = g_getenv (known);
    }
  return value != NULL && *value != '\0' ? value : NULL;
}

static gboolean
find (PorchVault *self, const char *name, char **value, GError **error)
{
  *value = g_strdup (porch_vault_environment_find (name));
  return TRUE;
}

/* Only our own prefix: what else is there is none of our business until it is asked for. */
static gboolean
list (PorchVault *self, GPtrArray *names, GError **error)
{
  g_auto (GStrv) variables = g_listenv ();

  for (guint i = 0; variables[i] != NULL; i++) {
    g_autofree char *name = NULL;

    if (!g_str_has_prefix (variables[i], PREFIX))
      continue;
    name = g_strdelimit (g_ascii_strdown (variables[i] + strlen (PREFIX), -1), "_", '-');
    if (porch_secret_name_is_good (name) && porch_vault_environment_find (name) != NULL)
      g_ptr_array_add (names, g_steal_pointer (&name));
  }
  return TRUE;
}

PorchVault *
porch_vault_environment_new (void)
{
  static const PorchVaultClass klass = { .kind = "environment",
                                         .find = find,
                                         .list = list,
                                         .free = (void (*) (PorchVault *)) g_free };
  PorchVault *self = g_new0 (PorchVault, 1);

  self->klass = &klass;
  return self;
}
