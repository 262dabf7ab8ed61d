/* porch-passphrase-dialog.h - choosing a passphrase, twice the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_PASSPHRASE_CHARACTERS_MIN 12

/* What is typed is not shown unless that is asked for. */
GtkWidget *porch_passphrase_entry_new (const char *name);

typedef void (*PorchPassphraseChosen) (const char *passphrase, gpointer data);
/* @free_data when it is closed, in whatever way. */
void porch_passphrase_dialog_present (GtkWindow *parent,
                                      PorchPassphraseChosen chosen,
                                      gpointer data,
                                      GDestroyNotify free_data);

G_END_DECLS
