/* porch-terminal.h - what a command is given at a terminal, and what it says there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences are for a person, in their language, and go to stderr. What a program may read goes to
 * stdout and is the same in every language, as are logs and the messages of errors, which stand
 * beneath the sentence that is made of their code.
 */
#pragma once

#include "porch-secret.h"

#include <glib.h>

G_BEGIN_DECLS

/* Reads the options of the command whose word is argv[0], besides --data: *@folder is the folder
 * it is about, the caller's. @entries may be NULL. Help that is asked for is printed and ends the
 * program. FALSE when it was said why not. */
gboolean porch_terminal_parse (GOptionContext *context,
                               const GOptionEntry *entries,
                               char **folder,
                               int *argc,
                               char ***argv) G_GNUC_WARN_UNUSED_RESULT;

/* The first line of the file at @path, which is not empty: what is secret is never an argument,
 * which everybody on the computer sees. NULL when it was said why there is none. */
PorchSecretText *porch_terminal_read_secret (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* One line each. What comes from a file or a server must not steer the terminal: letters that do
 * are replaced. */
void porch_terminal_say (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same where somebody watches, and nothing in a log or a script's output. */
void porch_terminal_tell (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* How far it is, over what was shown before; to whoever watches. It ends by itself before the next
 * line, but not before what goes to stdout. */
void porch_terminal_show_progress (const char *format, ...) G_GNUC_PRINTF (1, 2);
void porch_terminal_end_progress (void);

/* "porchlight: " and why it does not go. All return 1, the exit status. */
int porch_terminal_refuse (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same, and beneath it what @error says of it. */
int porch_terminal_explain (const GError *error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same with a sentence for @error's code. */
int porch_terminal_fail (const GError *error);

G_END_DECLS
