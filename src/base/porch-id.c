/* porch-id.c - random ids, tokens, and how they are compared
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-id.h"

#include "porch-error.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static void
fill_random (guint8 *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = getrandom (bytes, length, 0);

    if (n < 0 && errno != EINTR)
      g_error ("no random numbers from the kernel: %s", g_strerror (errno));
    if (n > 0) {
      bytes += n;
      length -= n;
    }
  }
}

static char *
encode (const char *prefix, gsize n_bytes)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint8 bytes[32];
  gsize n_digits = (n_bytes * 8 + 5) / 6, n_prefix = strlen (prefix);
  char *text = g_malloc (n_prefix + n_digits + 1);
  guint32 bits = 0;
  int n_bits = 0;
  gsize at = 0;

  fill_random (bytes, n_bytes);
  memcpy (text, prefix, n_prefix);
  for (gsize i = 0; i < n_digits; i++) {
    while (n_bits < 6) {
      bits = bits << 8 | (at < n_bytes ? bytes[at] : 0);
      at++;
      n_bits += 8;
    }
    n_bits -= 6;
    text[n_prefix + i] = digits[bits >> n_bits & 63];
  }
  text[n_prefix + n_digits] = '\0';
  return text;
}

char *
porch_id_new (void)
{
  return encode ("", 16);
}

char *
porch_token_new (const char *prefix)
{
  return encode (prefix, 32);
}

char *
porch_token_hash (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

gboolean
porch_id_is_well_formed (const char *text, gsize length)
{
  gsize n = 0;

  for (; text[n] != '\0'; n++)
    if (n == length || (!g_ascii_isalnum (text[n]) && text[n] != '-' && text[n] != '_'))
      return FALSE;
  return n == length;
}

gboolean
porch_id_parse_message (const char *text, char **device, gint64 *n, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *name = colon != NULL ? g_strndup (text, colon - text) : NULL;
  guint64 number = 0;

  /* 2^53: what a browser counts exactly. */
  if (name == NULL || !porch_id_is_well_formed (name, PORCH_ID_LENGTH) ||
      !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_GUINT64_CONSTANT (1) << 53, &number, NULL)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "id is not \"device:n\"");
    return FALSE;
  }
  *device = g_steal_pointer (&name);
  *n = number;
  return TRUE;
}

gboolean
porch_id_is_handle (const char *text)
{
  return g_str_has_prefix (text, PORCH_HANDLE_PREFIX) &&
         porch_id_is_well_formed (text + strlen (PORCH_HANDLE_PREFIX), PORCH_ID_LENGTH);
}

gboolean
porch_id_is_conversation (const char *text)
{
  return porch_id_is_well_formed (text, PORCH_ID_LENGTH) || porch_id_is_handle (text);
}
