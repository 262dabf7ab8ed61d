/* porch-commands.h - what the program does without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each takes what follows the command's word, and returns the program's exit status.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int porch_command_serve (int argc, char **argv);
int porch_command_setup (int argc, char **argv);
int porch_command_agent (int argc, char **argv);
int porch_command_backup (int argc, char **argv);
int porch_command_restore (int argc, char **argv);
int porch_command_check (int argc, char **argv);
int porch_command_secret (int argc, char **argv);
int porch_command_site (int argc, char **argv);
int porch_command_setting (int argc, char **argv);

/* "porchlight: @error" to stderr. Returns 1. */
int porch_command_fail (const GError *error);

G_END_DECLS
