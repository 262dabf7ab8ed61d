/* porch-seal-key.h - the key of a sealed file, which nobody has to wait for to the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Argon2id cannot be stopped, and takes as long as the machine is busy with other things. So it has
 * a thread of its own, which is left alone when @cancellable is triggered: it forgets everything
 * when it is done, or ends with the program.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_SEAL_SALT_BYTES 16

typedef struct {
  guint8 salt[PORCH_SEAL_SALT_BYTES];
  guint32 ops;
  gsize memory; /* bytes */
} PorchSealRecipe;

/* SHUTTING_DOWN when @cancellable, which may be NULL, was triggered; BUSY without memory. The
 * caller wipes @key, of @length bytes. */
gboolean porch_seal_key_make (const PorchSealRecipe *recipe,
                              const char *passphrase,
                              GCancellable *cancellable,
                              guint8 *key,
                              gsize length,
                              GError **error);

G_END_DECLS
