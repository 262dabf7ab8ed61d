/* porch-utf8.h - one step through UTF-8, for the scanner and the writer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * g_utf8_get_char_validated() does the same through a call and a loop; this stands in the middle of
 * the two hottest loops of the wire.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes of the well-formed sequence at @at, of which @left may be read: 1 to 4, or 0 when it is
 * ill-formed (RFC 3629: overlong, a surrogate, above U+10FFFF, cut short). */
static inline guint
porch_utf8_step (const guint8 *at, gsize left)
{
  guint8 lead = at[0];
  guint8 least = 0x80, most = 0xbf;
  guint length;

  if (lead < 0x80)
    return 1;
  if (lead < 0xc2 || lead > 0xf4)
    return 0;

  length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (left < length)
    return 0;
  /* Only these four lead bytes narrow what may follow (RFC 3629 section 4). */
  if (lead == 0xe0)
    least = 0xa0;
  else if (lead == 0xed)
    most = 0x9f;
  else if (lead == 0xf0)
    least = 0x90;
  else if (lead == 0xf4)
    most = 0x8f;
  if (at[1] < least || at[1] > most)
    return 0;
  for (guint i = 2; i < length; i++)
    if ((at[i] & 0xc0) != 0x80)
      return 0;
  return length;
}

G_END_DECLS
