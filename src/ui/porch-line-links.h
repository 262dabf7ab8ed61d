/* porch-line-links.h - the links in what somebody wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Only http, https, mailto and tel, and only when they are written out. Nothing else is ever a
 * link.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  int start; /* bytes into the text */
  int end;
} PorchSpan;

/* Of PorchSpan, in order, the end not included. @text is valid UTF-8. Full stops and closing marks
 * behind an address do not belong to it. */
GArray *porch_line_links_find (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when @url may be given to the desktop. To be asked again by whoever opens it. */
gboolean porch_line_links_is_safe (const char *url);
/* Where it really leads, for a tooltip: the host, or the whole of a mail address or number; @url
 * itself when it cannot be taken apart. */
char *porch_line_links_dup_target (const char *url) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
