/* porch-seal.h - a file that only opens with a passphrase
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A line for people, then salt and costs of the key (Argon2id), a code over all of that by which a
 * wrong passphrase is known at once, then libsodium's secretstream (XChaCha20-Poly1305) in pieces
 * of 64 KiB. The last piece says that it is the last: a file that was cut is refused, as is one in
 * which anything was changed. Only one piece is in memory at a time.
 */
#pragma once

#include "porch-meter.h"

G_BEGIN_DECLS

gboolean porch_seal_is_sealed (const char *path);
/* Both make @to, mode 0600, which must not be there, and sync it; on FALSE it is not there. */
gboolean porch_seal_close (const char *from,
                           const char *to,
                           const char *passphrase,
                           PorchMeter *meter,
                           GError **error);
/* PASSPHRASE when it is another one, DAMAGED when the file is not what was sealed. @to NULL: only
 * looks. */
gboolean porch_seal_open (const char *from,
                          const char *to,
                          const char *passphrase,
                          PorchMeter *meter,
                          GError **error);

/* Tests only: keys that are made at once. */
void porch_seal_cost_little (void);

G_END_DECLS
