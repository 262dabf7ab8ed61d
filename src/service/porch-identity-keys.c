/* porch-identity-keys.c - the keys by which a website vouches for its visitors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-identity-keys.h"

#include "porch-error.h"
#include "porch-vault.h"

#include <gio/gio.h>
#include <string.h>

#define KID_MAX    32
#define SECRET_MIN 32
#define SECRET_MAX 128

char *
porch_identity_dup_name (const char *site)
{
  return g_strconcat ("identity.", site, NULL);
}

static void
free_key (gpointer data)
{
  PorchIdentityKey *key = data;

  porch_secret_free (key->secret);
  g_clear_pointer (&key->kid, g_free);
  g_free (key);
}

/* base64url: nothing that a line, a header or a JSON text would have to escape. */
static gboolean
is_plain (const char *text, gsize least, gsize most)
{
  const gsize length = strlen (text);

  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
      return FALSE;
  return length >= least && length <= most;
}

static GPtrArray *
new_keys (void)
{
  return g_ptr_array_new_with_free_func (free_key);
}

static void
add_key (GPtrArray *keys, const char *kid, const char *secret, gint64 at_us)
{
  PorchIdentityKey *key = g_new (PorchIdentityKey, 1);

  *key = (PorchIdentityKey){ g_strdup (kid), g_strdup (secret), at_us };
  g_ptr_array_add (keys, key);
}

GPtrArray *
porch_identity_keys_parse (const char *text)
{
  GPtrArray *keys = new_keys ();
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", PORCH_IDENTITY_KEYS_MAX + 1);

  for (guint i = 0; words[i] != NULL && keys->len < PORCH_IDENTITY_KEYS_MAX; i++) {
    g_auto (GStrv) parts = g_strsplit (words[i], ":", 3);
    gint64 at_us = 0;

    if (g_strv_length (parts) == 3 && is_plain (parts[0], 1, KID_MAX) &&
        is_plain (parts[1], SECRET_MIN, SECRET_MAX) &&
        g_ascii_string_to_signed (parts[2], 10, 0, G_MAXINT64, &at_us, NULL))
      add_key (keys, parts[0], parts[1], at_us);
    for (guint j = 0; parts[j] != NULL; j++)
      memset (parts[j], 0, strlen (parts[j]));
    memset (words[i], 0, strlen (words[i]));
  }
  return keys;
}

static char *
join (GPtrArray *keys)
{
  GString *text = g_string_sized_new (512);

  for (guint i = 0; i < keys->len; i++) {
    PorchIdentityKey *key = keys->pdata[i];

    g_string_append_printf (text, "%s%s:%s:%" G_GINT64_FORMAT, i > 0 ? " " : "", key->kid,
                            key->secret, key->at_us);
  }
  return g_string_free (text, FALSE);
}

static int
find_key (GPtrArray *keys, const char *kid)
{
  for (guint i = 0; i < keys->len; i++)
    if (strcmp (((PorchIdentityKey *) keys->pdata[i])->kid, kid) == 0)
      return i;
  return -1;
}

char *
porch_identity_keys_add (const char *text,
                         const char *kid,
                         const char *secret,
                         gint64 now_us,
                         GError **error)
{
  g_autoptr (GPtrArray) known = porch_identity_keys_parse (text);
  g_autoptr (GPtrArray) keys = new_keys ();

  if (!is_plain (kid, 1, KID_MAX) || !is_plain (secret, SECRET_MIN, SECRET_MAX)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE,
                 "a key has a name of at most %d and a secret of %d to %d characters of base64url",
                 KID_MAX, SECRET_MIN, SECRET_MAX);
    return NULL;
  }
  if (find_key (known, kid) >= 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "there is a key %s", kid);
    return NULL;
  }
  add_key (keys, kid, secret, now_us);
  for (guint i = 0; i < known->len && keys->len < PORCH_IDENTITY_KEYS_MAX; i++) {
    PorchIdentityKey *key = known->pdata[i];

    add_key (keys, key->kid, key->secret, key->at_us);
  }
  return join (keys);
}

char *
porch_identity_keys_retire (const char *text, const char *kid, GError **error)
{
  g_autoptr (GPtrArray) keys = porch_identity_keys_parse (text);
  const int index = find_key (keys, kid);

  if (index < 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no such key");
    return NULL;
  }
  g_ptr_array_remove_index (keys, index);
  return keys->len > 0 ? join (keys) : NULL;
}
