/* porch-forwarded.c - whose request it is that a proxy of ours passes on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-forwarded.h"

#include <string.h>

#define ADDRESS_MAX 45 /* "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255" */

GInetAddress *
porch_forwarded_unmap (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_object_ref (address);
}

/* Takes the last of the list and leaves what is before it. */
static PorchSpan
cut_last (PorchSpan *list)
{
  gsize at = list->length;
  PorchSpan last;

  while (at > 0 && list->at[at - 1] != ',')
    at--;
  last = (PorchSpan){ list->at + at, list->length - at };
  list->length = at > 0 ? at - 1 : 0;
  while (last.length > 0 && strchr (" \t", last.at[0]) != NULL) {
    last.at++;
    last.length--;
  }
  while (last.length > 0 && strchr (" \t", last.at[last.length - 1]) != NULL)
    last.length--;
  return last;
}

/* An address and nothing else: no port, no name, no zone. */
static GInetAddress *
read_address (PorchSpan span)
{
  char text[ADDRESS_MAX + 1];
  g_autoptr (GInetAddress) address = NULL;

  if (span.length == 0 || span.length > ADDRESS_MAX)
    return NULL;
  memcpy (text, span.at, span.length);
  text[span.length] = '\0';
  if (strspn (text, "0123456789abcdefABCDEF:.") != span.length)
    return NULL;
  address = g_inet_address_new_from_string (text);
  return address != NULL ? porch_forwarded_unmap (address) : NULL;
}

GInetAddress *
porch_forwarded_find (PorchSpan chain, const char *const *proxies)
{
  g_autoptr (GInetAddress) nearest = NULL;

  while (chain.length > 0) {
    g_autoptr (GInetAddress) address = read_address (cut_last (&chain));
    g_autofree char *text = address != NULL ? g_inet_address_to_string (address) : NULL;

    if (address == NULL)
      break;
    g_set_object (&nearest, address);
    if (!g_strv_contains (proxies, text))
      break;
  }
  return g_steal_pointer (&nearest);
}
