/* porch-forwarded.h - whose request it is that a proxy of ours passes on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "porch-head.h"

G_BEGIN_DECLS

/* Each proxy appends the address that it was called from to @chain (X-Forwarded-For), and what
 * stands left of that is the caller's own word. So: from the right the first that is none of
 * @proxies, or the last of those when all are. Anything that is not a bare address ends the search.
 * NULL when nobody is named; else a new reference. */
GInetAddress *porch_forwarded_find (PorchSpan chain, const char *const *proxies);

/* ::ffff:203.0.113.7 is 203.0.113.7 that came through a socket of both families (RFC 4291 section
 * 2.5.5.2). Any other address comes back as it is; a new reference in both cases. */
GInetAddress *porch_forwarded_unmap (GInetAddress *address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
