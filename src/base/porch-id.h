/* porch-id.h - random ids, tokens, and how they are compared
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All randomness is getrandom(2). base64url is RFC 4648 section 5 without padding.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_ID_LENGTH    22 /* 128 bits */
#define PORCH_TOKEN_LENGTH 43 /* 256 bits */
#define PORCH_HASH_LENGTH  64 /* SHA-256 in lower-case hexadecimal digits */

char *porch_id_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @prefix ("vt_", "at_") tells a reader of a leaked token what it is. */
char *porch_token_new (const char *prefix) G_GNUC_WARN_UNUSED_RESULT;
/* What is stored of a token. Without salt, as nobody guesses 256 bits. */
char *porch_token_hash (const char *token) G_GNUC_WARN_UNUSED_RESULT;
/* Only base64url characters, exactly @length of them. */
gboolean porch_id_is_well_formed (const char *text, gsize length);
/* "device:n" in its parts: the device is an id, and the caller's; n is 1 to 2^53.
 * PORCH_ERROR_BAD_MESSAGE, and then neither is set. */
gboolean porch_id_parse_message (const char *text, char **device, gint64 *n, GError **error);

/* A conversation as a visitor names it: by its id, or by the handle that the visitor made up for it
 * before it had one. */
#define PORCH_HANDLE_PREFIX "new-"
gboolean porch_id_is_handle (const char *text);
gboolean porch_id_is_conversation (const char *text);

G_END_DECLS
