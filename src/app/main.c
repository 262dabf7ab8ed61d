/* main.c - porchlight: the window, or one of the commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-application.h"
#include "porch-commands.h"
#include "porch-paths.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *word;
  int (*run) (int argc, char **argv);
  const char *about;
} commands[] = {
  { "serve", porch_command_serve, "serve without a window" },
  { "setup", porch_command_setup, "make the business, its site and its first agent" },
  { "agent", porch_command_agent, "agent add: add somebody who answers" },
  { "backup", porch_command_backup, "copy everything, to a file or among the backups" },
  { "restore", porch_command_restore, "go back to a copy" },
  { "check", porch_command_check, "look for damage" },
  { "secret", porch_command_secret, "keep keys and passphrases in the keyring" },
  { "site", porch_command_site, "change the address of the website, or the name of the business" },
  { "setting", porch_command_setting, "change a limit or an address" },
};

static int
print_help (void)
{
  printf ("porchlight [--data DIR] [--listen ADDR:PORT] [--background] [--next-waiting]\n"
          "    opens the window, and serves unless somebody else serves the folder\n"
          "porchlight COMMAND --help\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    printf ("    %-8s %s\n", commands[i].word, commands[i].about);
  printf ("porchlight --version\n");
  return 0;
}

/* Names and texts are UTF-8 wherever they are kept. Where nobody chose a locale, as for a timed job
 * or in a container, its letters are ASCII alone, and a name with another one could be neither
 * given nor shown; so the letters become UTF-8, and the language stays. */
static void
set_locale (void)
{
  setlocale (LC_ALL, "");
  if (strcmp (nl_langinfo (CODESET), "ANSI_X3.4-1968") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
}

int
main (int argc, char **argv)
{
  g_autofree char *built = porch_paths_dup_built ("po");
  const char *locale_dir;

  /* A file that may grow no further is a write that fails, which the store answers for, and no end.
   */
  signal (SIGXFSZ, SIG_IGN);
  set_locale ();
  /* From the build folder translations are where they are made. */
  locale_dir = g_getenv ("PORCHLIGHT_LOCALE_DIR");
  if (locale_dir == NULL)
    locale_dir = built != NULL ? built : PORCH_LOCALE_DIR;
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc > 1 && strcmp (argv[1], "--version") == 0) {
    printf ("porchlight %s\n", PORCH_VERSION);
    return 0;
  }
  if (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    return print_help ();
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].word) == 0)
      return commands[i].run (argc - 1, argv + 1);
  if (argc > 1 && argv[1][0] != '-') {
    fprintf (stderr, "porchlight: there is no command %s; porchlight --help lists them\n", argv[1]);
    return 2;
  }
  return porch_application_main (argc, argv);
}
