/* porch-passphrase.c - the passphrase of a copy: the one that is kept, or one that is typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-passphrase.h"

#include "porch-secrets.h"
#include "porch-strongbox.h"
#include "porch-vault-keyring.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

PorchSecretText *
porch_passphrase_find_kept (const char *folder, GCancellable *cancellable)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  PorchStrongbox *box = porch_strongbox_new (folder, porch_vault_keyring_new (),
                                             cancellable != NULL ? cancellable : own);
  PorchSecretText *value = NULL;
  g_autoptr (GError) error = NULL;

  if (!porch_strongbox_find (box, PORCH_SECRET_BACKUP_PASSPHRASE, &value, NULL, &error))
    g_info ("the passphrase that is kept cannot be had: %s", error->message);
  porch_strongbox_free (box);
  return value;
}

static PorchSecretText *
read_line (void)
{
  char line[PORCH_SECRET_BYTES_MAX + 2] = "";
  PorchSecretText *value = NULL;

  if (fgets (line, sizeof line, stdin) != NULL) {
    line[strcspn (line, "\r\n")] = '\0';
    if (*line != '\0' && g_utf8_validate (line, -1, NULL))
      value = g_strdup (line);
  }
  explicit_bzero (line, sizeof line);
  return value;
}

PorchSecretText *
porch_passphrase_type (const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  PorchSecretText *value = NULL;
  struct termios shown, hidden;

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO) || tcgetattr (STDIN_FILENO, &shown) != 0)
    return NULL;
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  /* First, as it throws away what was typed before. */
  if (tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden) != 0)
    return NULL;
  /* Translators: the name of a file; what is typed follows and is not shown */
  g_printerr (_ ("Passphrase of %s: "), name);
  value = read_line ();
  g_printerr ("\n");
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  return value;
}
