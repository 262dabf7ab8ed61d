/* porch-passphrase.h - the passphrase of a copy: the one that is kept, or one that is typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-vault.h"

G_BEGIN_DECLS

/* The one that is kept for @folder, or given to this run; NULL when there is none or it cannot be
 * had. Nobody is asked to unlock anything. Blocking: for a worker, or before the loop runs. */
PorchSecretText *porch_passphrase_find_kept (const char *folder,
                                             GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* Asks at the terminal for that of @path, without showing it. NULL when there is no terminal, or
 * nothing was typed. */
PorchSecretText *porch_passphrase_type (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
