/* porch-address.c - the address of a website, or of the server itself, as people type it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-address.h"

#include <gio/gio.h>
#include <string.h>

#define HOST_MAX  253
#define LABEL_MAX 63

#define DIGITS "0123456789"
/* Of a host's name in the form in which it travels. An underscore is no part of it: policies could
 * not name such a host. */
#define NAME "abcdefghijklmnopqrstuvwxyz-" DIGITS

static gboolean
is_label (const char *label)
{
  const gsize length = strlen (label);

  return length > 0 && length <= LABEL_MAX && strspn (label, NAME) == length && label[0] != '-' &&
         label[length - 1] != '-';
}

/* A browser takes whatever ends in a number for an IPv4 address, in any of its old notations. */
static gboolean
ends_in_number (const char *last)
{
  return strspn (last, DIGITS) == strlen (last) || g_str_has_prefix (last, "0x");
}

static gboolean
is_name (const char *host)
{
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);
  const guint n_labels = g_strv_length (labels);

  if (n_labels == 0 || strlen (host) > HOST_MAX)
    return FALSE;
  for (guint i = 0; i < n_labels; i++)
    if (!is_label (labels[i]))
      return FALSE;
  return !ends_in_number (labels[n_labels - 1]) || g_hostname_is_ip_address (host);
}

/* "[2001:DB8::1]" as a browser writes it. */
static char *
dup_ipv6 (const char *text, gsize length)
{
  g_autofree char *inner = length > 2 ? g_strndup (text + 1, length - 2) : NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *normal = NULL;

  if (inner == NULL || text[length - 1] != ']' ||
      strspn (inner, "abcdefABCDEF:." DIGITS) != length - 2)
    return NULL;
  address = g_inet_address_new_from_string (inner);
  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return NULL;
  normal = g_inet_address_to_string (address);
  return g_strconcat ("[", normal, "]", NULL);
}

static char *
dup_host (const char *text, gsize length)
{
  g_autofree char *written = g_strndup (text, length);
  g_autofree char *ascii = NULL;
  g_autofree char *host = NULL;

  if (text[0] == '[')
    return dup_ipv6 (text, length);
  if (!g_utf8_validate (written, -1, NULL))
    return NULL;
  /* What looks like a letter may become a slash here, so what comes out is what is judged. */
  ascii = g_hostname_to_ascii (written);
  host = ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
  return host != NULL && is_name (host) ? g_steal_pointer (&host) : NULL;
}

static gboolean
read_port (const char *text, gsize length, guint16 *port)
{
  g_autofree char *digits = g_strndup (text, length);
  guint64 value = 0;

  if (length == 0 || digits[0] == '0' || strspn (digits, DIGITS) != length ||
      !g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT16, &value, NULL))
    return FALSE;
  *port = value;
  return TRUE;
}

gboolean
porch_address_parse (const char *text, PorchAddress *self)
{
  const gboolean is_plain = g_ascii_strncasecmp (text, "http://", strlen ("http://")) == 0;
  const gboolean is_secure = g_ascii_strncasecmp (text, "https://", strlen ("https://")) == 0;
  const char *host = text + (is_plain ? strlen ("http://") : is_secure ? strlen ("https://") : 0);
  const gsize length = strcspn (host, "/?#");
  gsize n_host = host[0] == '[' ? strcspn (host, "]") + 1 : strcspn (host, ":");

  *self = (PorchAddress){ .has_scheme = is_plain || is_secure, .is_plain = is_plain };
  n_host = MIN (n_host, length);
  if (n_host < length &&
      (host[n_host] != ':' || !read_port (host + n_host + 1, length - n_host - 1, &self->port)))
    return FALSE;
  self->host = dup_host (host, n_host);
  self->rest = host + length;
  if (self->port == (is_plain ? 80 : 443))
    self->port = 0;
  return self->host != NULL;
}

void
porch_address_clear (PorchAddress *self)
{
  g_clear_pointer (&self->host, g_free);
}

char *
porch_address_to_authority (const PorchAddress *self)
{
  return self->port != 0 ? g_strdup_printf ("%s:%u", self->host, self->port)
                         : g_strdup (self->host);
}

char *
porch_address_to_origin (const PorchAddress *self)
{
  g_autofree char *authority = porch_address_to_authority (self);

  return g_strconcat (self->is_plain ? "http://" : "https://", authority, NULL);
}
