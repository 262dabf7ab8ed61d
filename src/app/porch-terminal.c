/* porch-terminal.c - what a command is given at a terminal, and what it says there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-terminal.h"

#include "porch-error.h"
#include "porch-paths.h"
#include "porch-phrase.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* ---- what is given ---- */

gboolean
porch_terminal_parse (GOptionContext *context,
                      const GOptionEntry *entries,
                      char **folder,
                      int *argc,
                      char ***argv)
{
  g_autofree char *data = NULL;
  /* clang-format off */
  const GOptionEntry own[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("Folder to keep everything in"), N_("DIR") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  g_autofree char *name = g_strconcat ("porchlight ", (*argv)[0], NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_read;

  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  /* Help begins with the program's name. */
  g_set_prgname (name);
  is_read = g_option_context_parse (context, argc, argv, &error);
  g_set_prgname ("porchlight");
  if (!is_read) {
    /* GLib's sentences are for people, and translated. */
    porch_terminal_refuse ("%s", error->message);
    return FALSE;
  }
  *folder = porch_paths_dup_folder (data);
  return TRUE;
}

PorchSecretText *
porch_terminal_read_secret (const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GError) error = NULL;
  PorchSecretText *text = porch_secret_read_line (path, &error);

  if (text != NULL)
    return text;
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE))
    /* Translators: the name of a file */
    porch_terminal_refuse (_ ("%s does not begin with a line of text in UTF-8."), shown);
  else
    /* Translators: the name of a file */
    porch_terminal_explain (error, _ ("%s cannot be read."), shown);
  return NULL;
}

/* ---- what is said ---- */

static gboolean is_in_progress; /* the terminal's last line says how far it is */

static void
print (const char *before, const char *after, const char *format, va_list words)
{
  g_autofree char *raw = g_strdup_vprintf (format, words);
  g_autofree char *text = g_utf8_make_valid (raw, -1);
  g_autoptr (GString) printable = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    const gunichar c = g_utf8_get_char (at);

    g_string_append_unichar (printable, g_unichar_iscntrl (c) ? 0xfffd : c);
  }
  g_printerr ("%s%s%s", before, printable->str, after);
}

void
porch_terminal_say (const char *format, ...)
{
  va_list words;

  porch_terminal_end_progress ();
  va_start (words, format);
  print ("", "\n", format, words);
  va_end (words);
}

void
porch_terminal_tell (const char *format, ...)
{
  va_list words;

  if (!isatty (STDERR_FILENO))
    return;
  porch_terminal_end_progress ();
  va_start (words, format);
  print ("", "\n", format, words);
  va_end (words);
}

void
porch_terminal_show_progress (const char *format, ...)
{
  va_list words;

  if (!isatty (STDERR_FILENO))
    return;
  is_in_progress = TRUE;
  va_start (words, format);
  print ("\r", " ", format, words);
  va_end (words);
}

void
porch_terminal_end_progress (void)
{
  if (is_in_progress)
    g_printerr ("\n");
  is_in_progress = FALSE;
}

/* ---- why it does not go ---- */

int
porch_terminal_refuse (const char *format, ...)
{
  va_list words;

  porch_terminal_end_progress ();
  va_start (words, format);
  print ("porchlight: ", "\n", format, words);
  va_end (words);
  return 1;
}

int
porch_terminal_explain (const GError *error, const char *format, ...)
{
  va_list words;

  porch_terminal_end_progress ();
  va_start (words, format);
  print ("porchlight: ", "\n", format, words);
  va_end (words);
  porch_terminal_say ("  %s", error->message);
  return 1;
}

/* As the window says it, but where that speaks of the window, of drafts or of people. */
static const char *
find_sentence (PorchErrorCode code)
{
  switch (code) {
  case PORCH_ERROR_BAD_MESSAGE:
    return _ ("What was given is not as it should be.");
  case PORCH_ERROR_EMPTY:
    return _ ("A text that is needed is empty.");
  case PORCH_ERROR_GAP:
  case PORCH_ERROR_ID_CONFLICT:
  case PORCH_ERROR_UNSUPPORTED:
  case PORCH_ERROR_MISDIRECTED:
    return _ ("The server did not understand this command. They may be of different versions.");
  case PORCH_ERROR_STORAGE:
    return _ ("Something could not be read from the disk or written to it.");
  case PORCH_ERROR_NOT_FOUND:
    return _ ("There is nothing of this name.");
  case PORCH_ERROR_CONFLICT:
    return _ ("This does not go with what is there already.");
  case PORCH_ERROR_IN_USE:
    return _ ("Another program is using this folder.");
  case PORCH_ERROR_PASSPHRASE:
    return _ ("This opens with its own passphrase only.");
  case PORCH_ERROR_INTERNAL:
  case PORCH_ERROR_TOO_LONG:
  case PORCH_ERROR_TOO_LARGE:
  case PORCH_ERROR_BLOCKED:
  case PORCH_ERROR_CLOSED:
  case PORCH_ERROR_RATE_LIMITED:
  case PORCH_ERROR_BUSY:
  case PORCH_ERROR_SHUTTING_DOWN:
  case PORCH_ERROR_UNAUTHORIZED:
  case PORCH_ERROR_FORBIDDEN:
  case PORCH_ERROR_NOT_SET_UP:
  case PORCH_ERROR_NEWER:
  case PORCH_ERROR_DAMAGED:
  case PORCH_ERROR_OFFLINE:
  case PORCH_ERROR_KEYRING_LOCKED:
  case PORCH_ERROR_KEYRING_MISSING:
  case PORCH_ERROR_KEYRING_REFUSED:
    break;
  }
  return porch_phrase_problem (code);
}

int
porch_terminal_fail (const GError *error)
{
  const PorchErrorCode code = porch_error_code_from_nick (porch_error_nick (error));

  return porch_terminal_explain (error, "%s", find_sentence (code));
}
