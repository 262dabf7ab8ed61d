/* porch-passphrase-dialog.h - choosing a passphrase, twice the same, and asking for one
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
/* Asks for the one that opens a copy, as often as porch_passphrase_dialog_ask () says; between that
 * it is hidden, and knows nothing of what was typed. @chosen is only called when there is an
 * answer. Goes with @parent. */
GtkWidget *
porch_passphrase_dialog_new_asking (GtkWindow *parent, PorchPassphraseChosen chosen, gpointer data);
/* With @is_wrong what was typed the last time did not open it. */
void porch_passphrase_dialog_ask (GtkWidget *dialog, gboolean is_wrong);

G_END_DECLS
