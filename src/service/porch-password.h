/* porch-password.h - Argon2id on a thread of its own, one at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A hash takes 0.4 s and 256 MiB (limits MODERATE of libsodium), so one runs at a time and at most
 * four wait: more are told to come back (PORCH_ERROR_BUSY).
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_PASSWORD_CHARACTERS_MIN 10

typedef struct _PorchPasswords PorchPasswords;

PorchPasswords *porch_passwords_new (void) G_GNUC_WARN_UNUSED_RESULT;
void porch_passwords_free (PorchPasswords *self);
/* Waits for the hash that runs, and answers all with PORCH_ERROR_SHUTTING_DOWN. */
void porch_passwords_stop (PorchPasswords *self);

/* @hash is NULL with an error. Runs on the context that is the caller's default now; a refusal
 * (BUSY, SHUTTING_DOWN) at once, inside the call. @hash is the text of crypto_pwhash_str (), with
 * its own salt and costs. */
typedef void (*PorchPasswordHashed) (const char *hash, const GError *error, gpointer data);
void porch_passwords_hash (PorchPasswords *self,
                           const char *password,
                           PorchPasswordHashed done,
                           gpointer data);
/* Against no hash (NULL) it takes as long, and does not match. */
typedef void (*PorchPasswordChecked) (gboolean matches, const GError *error, gpointer data);
void porch_passwords_check (PorchPasswords *self,
                            const char *password,
                            const char *hash,
                            PorchPasswordChecked done,
                            gpointer data);

G_END_DECLS
