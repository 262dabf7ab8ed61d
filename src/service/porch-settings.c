/* porch-settings.c - what an owner may set, and how each is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-settings.h"

#include "porch-address.h"
#include "porch-error.h"

#include <gio/gio.h>
#include <string.h>

#define PROXIES_MAX 16

typedef enum {
  KIND_NUMBER,
  KIND_ADDRESS, /* of the server itself */
  KIND_PROXIES, /* addresses, between blanks or commas */
} Kind;

static const struct {
  const char *key;
  Kind kind;
  guint64 least; /* of a number */
} settings[] = {
  { "public_address", KIND_ADDRESS, 0 },
  { "trusted_proxy", KIND_PROXIES, 0 },
  { "message_rate_ms", KIND_NUMBER, 0 },
  { "message_burst", KIND_NUMBER, 1 },
  { "new_conversations_per_10_min", KIND_NUMBER, 1 },
  { "missed_after_s", KIND_NUMBER, 1 },
  { "idle_after_s", KIND_NUMBER, 1 },
  { "closed_after_s", KIND_NUMBER, 1 },
  { "sockets_per_peer", KIND_NUMBER, 1 },
  { "requests_per_peer_min", KIND_NUMBER, 1 },
  { "requests_in_flight", KIND_NUMBER, 4 },
};

const char *
porch_settings_get_key (guint i)
{
  return i < G_N_ELEMENTS (settings) ? settings[i].key : NULL;
}

static char *
dup_number (const char *value, guint64 least)
{
  guint64 number = 0;

  return g_ascii_string_to_unsigned (value, 10, least, G_MAXINT32, &number, NULL)
           ? g_strdup_printf ("%" G_GUINT64_FORMAT, number)
           : NULL;
}

/* Of the whole server: what stands behind the host is somebody else's, so a path is no part of it.
 */
static char *
dup_address (const char *value)
{
  g_auto (PorchAddress) address = { 0 };

  if (!porch_address_parse (value, &address))
    return NULL;
  return g_str_equal (address.rest, "") || g_str_equal (address.rest, "/")
           ? porch_address_to_origin (&address)
           : NULL;
}

static char *
dup_proxies (const char *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, ", \t", -1);
  g_autoptr (GString) list = g_string_new (NULL);
  guint n_proxies = 0;

  for (char **word = words; *word != NULL; word++) {
    g_autoptr (GInetAddress) address = NULL;
    g_autofree char *text = NULL;

    if (**word == '\0')
      continue;
    address = g_inet_address_new_from_string (*word);
    if (address == NULL || ++n_proxies > PROXIES_MAX)
      return NULL;
    text = g_inet_address_to_string (address);
    g_string_append_printf (list, "%s%s", list->len > 0 ? " " : "", text);
  }
  return list->len > 0 ? g_strdup (list->str) : NULL;
}

char *
porch_settings_dup_value (const char *key, const char *value, GError **error)
{
  static const char *const wants[] = {
    [KIND_ADDRESS] = "an address like https://chat.example.com",
    [KIND_PROXIES] = "the addresses of proxies, like 127.0.0.1",
  };
  char *good = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (settings) && strcmp (settings[i].key, key) != 0)
    i++;
  if (i == G_N_ELEMENTS (settings)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no setting %s", key);
    return NULL;
  }
  if (*value == '\0')
    return g_strdup ("");
  switch (settings[i].kind) {
  case KIND_NUMBER:
    good = dup_number (value, settings[i].least);
    break;
  case KIND_ADDRESS:
    good = dup_address (value);
    break;
  case KIND_PROXIES:
    good = dup_proxies (value);
    break;
  }
  if (good == NULL && settings[i].kind == KIND_NUMBER)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE,
                 "%s is not a whole number from %" G_GUINT64_FORMAT " to %d", key,
                 settings[i].least, G_MAXINT32);
  else if (good == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not %s", key,
                 wants[settings[i].kind]);
  return good;
}
