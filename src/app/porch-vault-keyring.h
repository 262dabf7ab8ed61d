/* porch-vault-keyring.h - secrets in the desktop's keyring, or in the sandbox's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-vault.h"

G_BEGIN_DECLS

/* Nothing is asked of the keyring before the first call. NULL when the environment says not to use
 * one (PORCHLIGHT_KEYRING=no). */
PorchVault *porch_vault_keyring_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
