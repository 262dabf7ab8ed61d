/* porch-commands.c - setting up, agents and settings, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-password.h"
#include "porch-rules.h"
#include "porch-secret.h"
#include "porch-terminal.h"
#include "porch-text.h"
#include "porch-writer.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* ---- what is given: FALSE when it was said why it will not do ---- */

static gboolean
require (const char *value, const char *option)
{
  if (value != NULL)
    return TRUE;
  /* Translators: an option of a command, as in --name */
  porch_terminal_refuse (_ ("%s is needed."), option);
  return FALSE;
}

static gboolean
read_password (const char *path, char **password)
{
  if (path == NULL)
    return TRUE;
  *password = porch_terminal_read_secret (path);
  if (*password == NULL)
    return FALSE;
  if (g_utf8_strlen (*password, -1) >= PORCH_PASSWORD_CHARACTERS_MIN)
    return TRUE;
  porch_terminal_refuse (ngettext ("A password has at least %d character.",
                                   "A password has at least %d characters.",
                                   PORCH_PASSWORD_CHARACTERS_MIN),
                         PORCH_PASSWORD_CHARACTERS_MIN);
  return FALSE;
}

static gboolean
check_email (const char *email)
{
  g_autofree char *usable = porch_text_dup_email (email);

  if (email == NULL || *email == '\0' || usable != NULL)
    return TRUE;
  /* Translators: what was given instead */
  porch_terminal_refuse (_ ("%s is no e-mail address."), email);
  return FALSE;
}

gboolean
porch_command_check_domain (const char *domain)
{
  g_autofree char *usable = porch_rules_dup_domain (domain);

  if (usable != NULL)
    return TRUE;
  /* Translators: what was given instead */
  porch_terminal_refuse (_ ("%s is no host of a website, as shop.example.com is one."), domain);
  return FALSE;
}

static void
write_known (PorchWriter *writer, const char *name, const char *value)
{
  if (value != NULL)
    porch_writer_string (writer, name, value);
}

/* ---- asking the server ---- */

/* Prints what it answered. @conflict says what it means that it does not go with what is there. */
static int
call (const char *folder, PorchOpId op, PorchWriter *writer, const char *conflict)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = porch_local_call (folder, op, writer->text, &error);

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CONFLICT) && conflict != NULL)
    return porch_terminal_explain (error, "%s", conflict);
  if (answer == NULL)
    return porch_terminal_fail (error);
  printf ("%s\n", answer);
  return 0;
}

int
porch_command_setup (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *folder = NULL, *business = NULL, *domain = NULL, *name = NULL, *email = NULL;
  g_autofree char *file = NULL;
  g_autoptr (PorchSecretText) password = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "business", 0, 0, G_OPTION_ARG_STRING, &business, N_("Name of the business"), N_("NAME") },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, N_("Host of the website"), N_("HOST") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("Name of the first agent"), N_("NAME") },
    { "email", 0, 0, G_OPTION_ARG_STRING, &email,
      N_("E-mail address to sign in with"), N_("MAIL") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      N_("File with the password"), N_("FILE") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  int status;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv) ||
      !require (business, "--business") || !require (domain, "--domain") ||
      !require (name, "--name") || !porch_command_check_domain (domain) || !check_email (email) ||
      !read_password (file, &password))
    return 1;
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "business", business);
  porch_writer_string (&writer, "domain", domain);
  porch_writer_string (&writer, "name", name);
  write_known (&writer, "email", email);
  write_known (&writer, "password", password);
  porch_writer_end (&writer);
  status = call (folder, PORCH_OP_SETUP_CREATE, &writer, _ ("This folder is set up already."));
  if (status == 0)
    /* Translators: the name of the first agent */
    porch_terminal_tell (_ ("Porchlight is set up, and %s can answer."), name);
  return status;
}

int
porch_command_agent (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *folder = NULL, *name = NULL, *email = NULL, *file = NULL;
  g_autoptr (PorchSecretText) password = NULL;
  g_autofree char *role = NULL, *department = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("Name that visitors see"), N_("NAME") },
    { "email", 0, 0, G_OPTION_ARG_STRING, &email,
      N_("E-mail address to sign in with"), N_("MAIL") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      N_("File with the password"), N_("FILE") },
    /* Translators: the three words stay as they are */
    { "role", 0, 0, G_OPTION_ARG_STRING, &role, N_("agent, supervisor or admin"), N_("ROLE") },
    { "department", 0, 0, G_OPTION_ARG_STRING, &department, N_("The only department they see"),
      /* Translators: of a department, as it stands in addresses */
      N_("SLUG") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  int status;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv))
    return 1;
  if (argc != 2 || strcmp (argv[1], "add") != 0) {
    porch_terminal_say (
      "%s", _ ("Usage: porchlight agent add --name NAME --email MAIL --password-file FILE"));
    return 2;
  }
  if (!require (name, "--name") || !require (email, "--email") ||
      !require (file, "--password-file") || !check_email (email) ||
      !read_password (file, &password))
    return 1;
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "name", name);
  porch_writer_string (&writer, "email", email);
  porch_writer_string (&writer, "password", password);
  write_known (&writer, "role", role);
  write_known (&writer, "department", department);
  porch_writer_end (&writer);
  status = call (folder, PORCH_OP_AGENT_CREATE, &writer,
                 _ ("Somebody with this e-mail address answers already."));
  if (status == 0)
    /* Translators: the name of an agent */
    porch_terminal_tell (_ ("%s can sign in now."), name);
  return status;
}

int
porch_command_setting (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *folder = NULL, *answer = NULL;
  g_autoptr (GError) error = NULL;

  if (!porch_terminal_parse (context, NULL, &folder, &argc, &argv))
    return 1;
  if (argc != 3) {
    porch_terminal_say ("%s", _ ("Usage: porchlight setting KEY VALUE"));
    return 2;
  }
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "key", argv[1]);
  porch_writer_string (&writer, "value", argv[2]);
  porch_writer_end (&writer);
  answer = porch_local_call (folder, PORCH_OP_SETTING_SET, writer.text, &error);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE))
    /* Translators: the key of a setting, which is the same in every language */
    return porch_terminal_explain (error, _ ("This is no value for %s."), argv[1]);
  if (answer == NULL)
    return porch_terminal_fail (error);
  printf ("%s\n", answer);
  porch_terminal_tell ("%s", _ ("This holds from now on."));
  return 0;
}
