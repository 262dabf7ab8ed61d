/* main.c - porchlight: the window, or one of the commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-application.h"
#include "porch-commands.h"
#include "porch-paths.h"
#include "porch-terminal.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Arguments stand in the help behind the options. */
/* clang-format off */
static const struct {
  const char *word;
  int (*run) (GOptionContext *context, int argc, char **argv);
  const char *arguments, *about;
} commands[] = {
  { "serve", porch_command_serve, NULL, N_("Serve without a window") },
  { "setup", porch_command_setup, NULL, N_("Make the business, its site and its first agent") },
  { "agent", porch_command_agent, "add", N_("Add somebody who answers (agent add)") },
  { "backup", porch_command_backup, N_("[FILE]"),
    N_("Copy everything, to a file or among the backups") },
  { "restore", porch_command_restore, N_("FILE"), N_("Go back to a copy") },
  { "check", porch_command_check, NULL, N_("Look for damage") },
  { "secret", porch_command_secret, N_("set NAME | list | remove NAME"),
    N_("Keep keys and passphrases in the keyring") },
  { "site", porch_command_site, NULL,
    N_("Change the address of the website, or the name of the business") },
  { "setting", porch_command_setting, N_("KEY VALUE"),
    N_("Change a limit or an address; an empty VALUE means the usual one") },
};
/* clang-format on */

static int
print_help (void)
{
  g_print ("%s\n    %s\n",
           _ ("porchlight [--data DIR] [--listen ADDR:PORT] [--background] [--next-waiting]"),
              _ ("Open the window, and serve unless somebody else serves the folder"));
  g_print ("%s\n", _ ("porchlight COMMAND --help"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("    %-8s %s\n", commands[i].word, _ (commands[i].about));
  g_print ("porchlight --version\n");
  return 0;
}

static int
run (guint command, int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (commands[command].arguments);

  g_option_context_set_summary (context, commands[command].about);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  return commands[command].run (context, argc, argv);
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

/* A core would put messages and secrets on the disk. With a limit of 1 Linux does not write one,
 * and does not hand one to a program either, which it would with 0. prctl (PR_SET_DUMPABLE) would
 * do the same, but also hide /proc/PID/root, by which portals tell that we are in a sandbox. Only
 * the soft limit, as a browser that we start inherits it. */
static void
forbid_cores (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) != 0)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, 1);
  setrlimit (RLIMIT_CORE, &limit);
}

int
main (int argc, char **argv)
{
  g_autofree char *built = porch_paths_dup_built ("po");
  const char *locale_dir;

  /* A file that may grow no further is a write that fails, which the store answers for, and no end.
   */
  signal (SIGXFSZ, SIG_IGN);
  forbid_cores ();
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
      return run (i, argc - 1, argv + 1);
  if (argc > 1 && argv[1][0] != '-') {
    /* Translators: what was typed instead of a command */
    porch_terminal_refuse (_ ("There is no command %s; porchlight --help lists them."), argv[1]);
    return 2;
  }
  return porch_application_main (argc, argv);
}
