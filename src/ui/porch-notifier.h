/* porch-notifier.h - decides what rings on the desktop, and when it stops
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One notification per conversation: a further message updates it, and it is withdrawn when the
 * conversation is taken or read. Nothing for the one a person is looking at. Works without a
 * notification daemon and without sound.
 */
#pragma once

#include <gio/gio.h>

#include "porch-mirror.h"

G_BEGIN_DECLS

#define PORCH_TYPE_NOTIFIER (porch_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PorchNotifier, porch_notifier, PORCH, NOTIFIER, GObject)

/* @app is a GtkApplication: its PorchWindow is what the actions Open and Take open; it is activated
 * when it has none. Neither is kept alive by the notifier's signals. */
PorchNotifier *
porch_notifier_new (GApplication *app, PorchMirror *mirror) G_GNUC_WARN_UNUSED_RESULT;

/* A word from the program itself; a new one takes the place of the last. Choosing it brings the
 * window back. */
void porch_notifier_tell (PorchNotifier *self, const char *summary, const char *body);

G_END_DECLS
