/* porch-strongbox.h - which vault a secret is read from, and which it goes into
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of porch-secrets.h, one call at a time, on its worker: everything here may block.
 */
#pragma once

#include "porch-vault.h"

G_BEGIN_DECLS

typedef struct _PorchStrongbox PorchStrongbox;

/* Takes @keyring, which may be NULL. @cancellable ends what a keyring has under way. */
PorchStrongbox *porch_strongbox_new (const char *folder,
                                     PorchVault *keyring,
                                     GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void porch_strongbox_free (PorchStrongbox *self);

/* As those of a vault. @kind gets where it was found; it may be NULL. */
gboolean porch_strongbox_find (PorchStrongbox *self,
                               const char *name,
                               char **value,
                               const char **kind,
                               GError **error);
gboolean
porch_strongbox_put (PorchStrongbox *self, const char *name, const char *value, GError **error);
gboolean porch_strongbox_remove (PorchStrongbox *self, const char *name, GError **error);
/* Names, each once, in order. */
GPtrArray *porch_strongbox_list (PorchStrongbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As that of a vault; TRUE also where there is no keyring. */
gboolean porch_strongbox_open (PorchStrongbox *self, gboolean may_ask, GError **error);

/* "keyring" or "file". */
const char *porch_strongbox_get_place (PorchStrongbox *self);
/* -1, or a code. */
int porch_strongbox_get_trouble (PorchStrongbox *self);
/* Whether anything of ours is in the keyring, as far as is known here. */
gboolean porch_strongbox_needs_keyring (PorchStrongbox *self);

G_END_DECLS
