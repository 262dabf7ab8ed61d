/* porch-command-secret.c - secrets, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-secret.h"
#include "porch-terminal.h"
#include "porch-writer.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static GString *
new_body (const char *name, const char *value)
{
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "name", name);
  if (value != NULL)
    porch_writer_string (&writer, "value", value);
  porch_writer_end (&writer);
  return writer.text;
}

static int
run (const char *folder, PorchOpId op, GString *body, const char *done)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = porch_local_call (folder, op, body, &error);

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CONFLICT))
    return porch_terminal_explain (
      error, "%s", _ ("The server was given this secret when it was started, and keeps to that."));
  if (answer == NULL)
    return porch_terminal_fail (error);
  printf ("%s\n", *answer != '\0' ? answer : "{}");
  if (done != NULL)
    porch_terminal_tell ("%s", done);
  return 0;
}

int
porch_command_secret (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *file = NULL, *folder = NULL;
  g_autoptr (PorchSecretText) value = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      N_("File whose first line is the secret"), N_("FILE") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  const char *verb;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv))
    return 1;
  verb = argc > 1 ? argv[1] : "";
  if (strcmp (verb, "list") == 0 && argc == 2)
    return run (folder, PORCH_OP_SECRETS_LIST, g_string_new (NULL), NULL);
  if (strcmp (verb, "remove") == 0 && argc == 3)
    return run (folder, PORCH_OP_SECRET_REMOVE, new_body (argv[2], NULL),
                _ ("The secret is removed."));
  if (strcmp (verb, "set") == 0 && argc == 3) {
    if (file == NULL)
      return porch_terminal_refuse (_ ("%s is needed."), "--file");
    value = porch_terminal_read_secret (file);
    return value != NULL
      ? run (folder, PORCH_OP_SECRET_SET, new_body (argv[2], value), _ ("The secret is kept.")) : 1;
  }
  porch_terminal_say (
    "%s", _ ("Usage: porchlight secret set NAME --file FILE | secret list | secret remove NAME"));
  return 2;
}
