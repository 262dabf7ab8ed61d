/* porch-secret-index.h - which secrets the keyring holds for a data folder; names, no values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * So that a keyring that is not there, or another one, is told apart from secrets that were never
 * set. Runs on the worker of PorchSecrets.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchSecretIndex PorchSecretIndex;

/* Reads @path. One that is not there or cannot be read has no names, and begins a new scope. */
PorchSecretIndex *porch_secret_index_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void porch_secret_index_free (PorchSecretIndex *self);

/* Random, made the first time and kept; NULL with an error when it cannot be. */
const char *porch_secret_index_get_scope (PorchSecretIndex *self, GError **error);
gboolean porch_secret_index_has (PorchSecretIndex *self, const char *name);
gboolean porch_secret_index_is_empty (PorchSecretIndex *self);
/* Adds copies of the names, in no order. */
void porch_secret_index_list (PorchSecretIndex *self, GPtrArray *names);
gboolean
porch_secret_index_set (PorchSecretIndex *self, const char *name, gboolean is_in, GError **error);

G_END_DECLS
