/* porch-paths.h - where the program keeps what it keeps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder that was asked for, absolute, or the user's own. */
char *porch_paths_dup_folder (const char *wanted) G_GNUC_WARN_UNUSED_RESULT;
/* The Unix socket of whoever serves @folder. Its name comes from the text of @folder, which must be
 * as porch_paths_dup_folder () writes it: a path of a data folder may be too long for a socket's
 * address. Makes its folder, mode 0700. */
char *porch_paths_dup_socket (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* Drafts and outbox of the window. */
char *porch_paths_dup_cache (const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* "127.0.0.1:8642", "[::1]:0" in its parts: an address, no name, without brackets.
 * PORCH_ERROR_BAD_MESSAGE, and then neither is set. */
gboolean porch_paths_parse_listen (const char *text, char **address, guint16 *port, GError **error);
#define PORCH_DEFAULT_LISTEN "127.0.0.1:8642"
/* @inside of the build folder, where the program was not installed; else NULL. */
char *porch_paths_dup_built (const char *inside) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
