/* porch-commands.c - setting up, agents, copies and checks, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-paths.h"
#include "porch-secret.h"
#include "porch-store.h"
#include "porch-writer.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

int
porch_command_fail (const GError *error)
{
  fprintf (stderr, "porchlight: %s\n", error->message);
  return 1;
}

static gboolean
parse (const char *about, const GOptionEntry *entries, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (about);

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
read_password (const char *path, char **password, GError **error)
{
  if (path != NULL)
    *password = porch_secret_read_line (path, error);
  return path == NULL || *password != NULL;
}

static gboolean
require (const char *value, const char *option, GError **error)
{
  if (value != NULL)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "--%s is needed", option);
  return FALSE;
}

static void
write_known (PorchWriter *writer, const char *name, const char *value)
{
  if (value != NULL)
    porch_writer_string (writer, name, value);
}

/* Prints what the server answered. */
static int
call (const char *data, PorchOpId op, PorchWriter *writer)
{
  g_autofree char *folder = porch_paths_dup_folder (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = porch_local_call (folder, op, writer->text, &error);

  if (answer == NULL)
    return porch_command_fail (error);
  printf ("%s\n", answer);
  return 0;
}

int
porch_command_setup (int argc, char **argv)
{
  g_autofree char *data = NULL, *business = NULL, *domain = NULL, *name = NULL, *email = NULL;
  g_autoptr (PorchSecretText) password = NULL;
  g_autofree char *file = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "business", 0, 0, G_OPTION_ARG_STRING, &business, "Name of the business", "NAME" },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, "Host of the website", "HOST" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of the first agent", "NAME" },
    { "email", 0, 0, G_OPTION_ARG_STRING, &email, "E-mail address to sign in with", "MAIL" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "File with the password", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GError) error = NULL;

  if (!parse ("- make the business, its site and its first agent", entries, &argc, &argv, &error) ||
      !require (business, "business", &error) || !require (domain, "domain", &error) ||
      !require (name, "name", &error) || !read_password (file, &password, &error))
    return porch_command_fail (error);
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "business", business);
  porch_writer_string (&writer, "domain", domain);
  porch_writer_string (&writer, "name", name);
  write_known (&writer, "email", email);
  write_known (&writer, "password", password);
  porch_writer_end (&writer);
  return call (data, PORCH_OP_SETUP_CREATE, &writer);
}

int
porch_command_agent (int argc, char **argv)
{
  g_autoptr (PorchSecretText) password = NULL;
  g_autofree char *data = NULL, *name = NULL, *email = NULL, *file = NULL;
  g_autofree char *role = NULL, *department = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name that visitors see", "NAME" },
    { "email", 0, 0, G_OPTION_ARG_STRING, &email, "E-mail address to sign in with", "MAIL" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "File with the password", "FILE" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &role, "agent, supervisor or admin", "ROLE" },
    { "department", 0, 0, G_OPTION_ARG_STRING, &department, "The only one they see", "SLUG" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GError) error = NULL;

  if (!parse ("add - add somebody who answers", entries, &argc, &argv, &error))
    return porch_command_fail (error);
  if (argc != 2 || strcmp (argv[1], "add") != 0) {
    fprintf (stderr, "porchlight: agent add --name NAME --email MAIL --password-file FILE\n");
    return 2;
  }
  if (!require (name, "name", &error) || !require (email, "email", &error) ||
      !require (file, "password-file", &error) || !read_password (file, &password, &error))
    return porch_command_fail (error);
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "name", name);
  porch_writer_string (&writer, "email", email);
  porch_writer_string (&writer, "password", password);
  write_known (&writer, "role", role);
  write_known (&writer, "department", department);
  porch_writer_end (&writer);
  return call (data, PORCH_OP_AGENT_CREATE, &writer);
}

/* ---- checks ---- */

/* ---- settings ---- */

int
porch_command_setting (int argc, char **argv)
{
  g_autofree char *data = NULL;
  const GOptionEntry entries[] = { { "data", 0, 0, G_OPTION_ARG_FILENAME, &data,
                                     "Folder to keep everything in", "DIR" },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;

  if (!parse ("KEY VALUE - change a limit or an address; an empty VALUE for the usual", entries,
              &argc, &argv, &error))
    return porch_command_fail (error);
  if (argc != 3) {
    fprintf (stderr, "porchlight: setting KEY VALUE\n");
    return 2;
  }
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "key", argv[1]);
  porch_writer_string (&writer, "value", argv[2]);
  porch_writer_end (&writer);
  return call (data, PORCH_OP_SETTING_SET, &writer);
}
