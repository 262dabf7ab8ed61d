/* porch-command-site.c - the website, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-codec.h"
#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-terminal.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>

#define ANSWER_BYTES (1024 * 1024)

/* Of the first site. */
static char *
dup_site_id (const char *answer, GError **error)
{
  g_autoptr (JsonNode) sites = porch_json_parse (answer, strlen (answer), ANSWER_BYTES, error);
  const char *id = sites != NULL ? porch_shape_string (sites, "items.0.id") : NULL;

  if (sites != NULL && id == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_SET_UP, "there is no website yet");
  return g_strdup (id);
}

static GString *
new_body (const char *site, const char *name, char **domains)
{
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "site", site);
  if (name != NULL)
    porch_writer_string (&writer, "name", name);
  if (domains != NULL) {
    g_autofree char *list = g_strjoinv (" ", domains);

    porch_writer_string (&writer, "domains", list);
  }
  porch_writer_end (&writer);
  return writer.text;
}

/* Prints the websites as they are, or the first as it is now. */
static int
run (const char *folder, const char *name, char **domains, GError **error)
{
  g_autoptr (PorchLocal) local = porch_local_open (folder, error);
  g_autofree char *sites =
    local != NULL ? porch_local_ask (local, PORCH_OP_SITES_LIST, NULL, error) : NULL;
  g_autofree char *id = NULL;
  g_autofree char *answer = NULL;

  if (sites == NULL)
    return 1;
  if (name == NULL && domains == NULL) {
    printf ("%s\n", sites);
    return 0;
  }
  id = dup_site_id (sites, error);
  if (id != NULL)
    answer = porch_local_ask (local, PORCH_OP_SITE_UPDATE, new_body (id, name, domains), error);
  if (answer == NULL)
    return 1;
  printf ("%s\n", answer);
  porch_terminal_tell ("%s", _ ("This holds from now on."));
  return 0;
}

int
porch_command_site (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *name = NULL, *folder = NULL;
  g_auto (GStrv) domains = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "domain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &domains,
      N_("Host of the website; once for each that it has"), N_("HOST") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("Name of the business"), N_("NAME") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  g_autoptr (GError) error = NULL;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv))
    return 1;
  if (argc != 1) {
    porch_terminal_say ("%s", _ ("Usage: porchlight site [--domain HOST]… [--name NAME]"));
    return 2;
  }
  for (guint i = 0; domains != NULL && domains[i] != NULL; i++)
    if (!porch_command_check_domain (domains[i]))
      return 1;
  return run (folder, name, domains, &error) == 0 ? 0 : porch_terminal_fail (error);
}
