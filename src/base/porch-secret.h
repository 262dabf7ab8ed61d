/* porch-secret.h - text that is overwritten before it is freed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Overwrites and frees. NULL is fine. */
void porch_secret_free (char *value);
typedef char PorchSecretText;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchSecretText, porch_secret_free)

/* Takes @text, which may hold a secret: overwritten when nobody holds the bytes any more. */
GBytes *porch_secret_bytes_take (GString *text) G_GNUC_WARN_UNUSED_RESULT;

/* The first line of a file, as the terminal's commands are given secrets: never as an argument,
 * which everybody on the computer sees. Not empty, UTF-8; BAD_MESSAGE else. Blocks. */
PorchSecretText *
porch_secret_read_line (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
