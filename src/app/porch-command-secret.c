/* porch-command-secret.c - secrets, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-paths.h"
#include "porch-secret.h"
#include "porch-writer.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

static PorchSecretText *
read_value (const char *path, GError **error)
{
  if (path != NULL)
    return porch_secret_read_line (path, error);
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "--file is needed");
  return NULL;
}

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
run (const char *folder, const char *verb, const char *name, const char *file, GError **error)
{
  g_autoptr (PorchSecretText) value = NULL;
  g_autofree char *answer = NULL;
  PorchOpId op = PORCH_OP_SECRETS_LIST;
  GString *body = NULL;

  if (strcmp (verb, "set") == 0) {
    value = read_value (file, error);
    if (value == NULL)
      return 1;
    op = PORCH_OP_SECRET_SET;
    body = new_body (name, value);
  } else if (strcmp (verb, "remove") == 0) {
    op = PORCH_OP_SECRET_REMOVE;
    body = new_body (name, NULL);
  } else {
    body = g_string_new (NULL);
  }
  answer = porch_local_call (folder, op, body, error);
  if (answer == NULL)
    return 1;
  printf ("%s\n", *answer != '\0' ? answer : "{}");
  return 0;
}

int
porch_command_secret (int argc, char **argv)
{
  g_autofree char *data = NULL, *file = NULL, *folder = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, "File whose first line is the secret", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context =
    g_option_context_new ("set NAME | list | remove NAME - keys and passphrases");
  g_autoptr (GError) error = NULL;
  const char *verb, *name;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return porch_command_fail (error);
  verb = argc > 1 ? argv[1] : "";
  name = argc > 2 ? argv[2] : NULL;
  if (strcmp (verb, "list") == 0
        ? argc != 2
        : argc != 3 || (strcmp (verb, "set") != 0 && strcmp (verb, "remove") != 0)) {
    fprintf (stderr,
             "porchlight: secret set NAME --file FILE | secret list | secret remove NAME\n");
    return 2;
  }
  folder = porch_paths_dup_folder (data);
  return run (folder, verb, name, file, &error) == 0 ? 0 : porch_command_fail (error);
}
