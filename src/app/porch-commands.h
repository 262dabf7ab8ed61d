/* porch-commands.h - what the program does without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each takes its word and what follows it, and a context for its options that knows the rest of
 * its help. It returns the program's exit status.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int porch_command_serve (GOptionContext *context, int argc, char **argv);
int porch_command_setup (GOptionContext *context, int argc, char **argv);
int porch_command_agent (GOptionContext *context, int argc, char **argv);
int porch_command_backup (GOptionContext *context, int argc, char **argv);
int porch_command_restore (GOptionContext *context, int argc, char **argv);
int porch_command_check (GOptionContext *context, int argc, char **argv);
int porch_command_secret (GOptionContext *context, int argc, char **argv);
int porch_command_site (GOptionContext *context, int argc, char **argv);
int porch_command_setting (GOptionContext *context, int argc, char **argv);

/* FALSE, and it was said, when @domain is no host of a website. */
gboolean porch_command_check_domain (const char *domain);
/* What --listen says, or NULL for the usual address. FALSE, and it was said, when it is none. */
gboolean porch_command_read_listen (const char *listen, char **address, guint16 *port);
/* Why @folder cannot be opened, in the words of the window that says it. Returns 1. */
int porch_command_fail_to_open (const char *folder, const GError *error);

G_END_DECLS
