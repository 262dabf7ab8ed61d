/* porch-text.h - limits and cleaning of texts that people wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_MESSAGE_CHARACTERS 4000
#define PORCH_NOTE_CHARACTERS    8192
#define PORCH_NAME_CHARACTERS    60
#define PORCH_EMAIL_CHARACTERS   254 /* RFC 5321 section 4.5.3.1.3 */
#define PORCH_URL_CHARACTERS     2000
#define PORCH_PREVIEW_CHARACTERS 120

/* TRUE when there is nothing to read in @text: blanks and invisible characters only. */
gboolean porch_text_is_blank (const char *text);
/* EMPTY or TOO_LONG. @what names the text in the message. @text is UTF-8; characters are code
 * points, as g_utf8_strlen () counts them. */
gboolean
porch_text_check (const char *text, glong max_characters, const char *what, GError **error);
/* One line, control and bidirectional override characters removed, blanks at the ends stripped,
 * at most @max_characters. What is not UTF-8 becomes U+FFFD: names also come from headers and
 * command lines. NULL when nothing is left or @text is NULL. */
char *porch_text_dup_line (const char *text, glong max_characters) G_GNUC_WARN_UNUSED_RESULT;
/* The address as it is kept, or NULL when it cannot be one. Not all of RFC 5322: one @, no blanks
 * or controls, a dot in the domain. */
char *porch_text_dup_email (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* "Sales & Support" as part of an address: "sales-support". Letters lose what ASCII does not have.
 * NULL when nothing of it is left. @text is UTF-8. */
char *porch_text_dup_slug (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
