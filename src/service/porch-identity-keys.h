/* porch-identity-keys.h - the keys by which a website vouches for its visitors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A website signs who its visitor is; the key's name (kid) goes with it. At most two are in use, so
 * that a key can be changed without a moment in which signatures are refused. All keys of a site
 * are one secret, newest first.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_IDENTITY_KEYS_MAX 2

typedef struct {
  char *kid, *secret;
  gint64 at_us; /* made */
} PorchIdentityKey;

/* "identity.SITE" */
char *porch_identity_dup_name (const char *site) G_GNUC_WARN_UNUSED_RESULT;

/* Of PorchIdentityKey; @text NULL has none. What is not well-formed is left out. The text is
 * "KID:SECRET:AT_US", with a blank between two; kid (1 to 32) and secret (32 to 128 characters) are
 * base64url. The keys are wiped when freed. */
GPtrArray *porch_identity_keys_parse (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* What is kept after @kid was added: it comes first, and the oldest of three goes. BAD_MESSAGE,
 * CONFLICT when there is one of that name. */
char *porch_identity_keys_add (const char *text,
                               const char *kid,
                               const char *secret,
                               gint64 now_us,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without an error when that was the last one. NOT_FOUND. */
char *porch_identity_keys_retire (const char *text,
                                  const char *kid,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
