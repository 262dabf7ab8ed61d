/* porch-command.h - a use case: what goes in, what comes out, and what it does inside one
 * transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The function of a command runs on the writer thread inside one write transaction, that of a
 * question on a reader. It sees the rows, the pure rules and plain values, and no main-loop object.
 * In and out are structs that own what they hold; the runner makes, clears and frees them.
 *
 *   PorchMessageInput *in = porch_command_new_input (&porch_visitor_message);
 *   in->text = …;
 *   porch_service_run (service, &porch_visitor_message, in, on_message_stored, data);
 */
#pragma once

#include <glib.h>

#include "porch-event.h"
#include "porch-writer.h"

G_BEGIN_DECLS

typedef struct _PorchTx PorchTx;

typedef struct {
  const char *name; /* "visitor_message", for logs */
  gboolean is_question;
  gsize in_size, out_size;
  gboolean (*run) (PorchTx *tx, gconstpointer in, gpointer out, GError **error);
  void (*clear_in) (gpointer in);
  void (*clear_out) (gpointer out);
  /* What the agents' API answers with; NULL for an empty answer. Runs where `run` ran. */
  void (*render) (gconstpointer out, PorchWriter *writer);
} PorchCommand;

gpointer porch_command_new_input (const PorchCommand *command) G_GNUC_WARN_UNUSED_RESULT;
/* Only for an input that was not handed over. */
void porch_command_free_input (const PorchCommand *command, gpointer in);

/* @error is NULL exactly when what the command wrote is durable. @in and @out are freed afterwards;
 * what is wanted longer is stolen from them. With an error @out is as far as the command came: all
 * members are to be looked at as if they might be NULL. */
typedef void (*PorchCommandDone) (gpointer in, gpointer out, const GError *error, gpointer data);

/* Who does it, as part of an input. */
typedef struct {
  PorchActorKind kind;
  char *id;
  char *name;
} PorchDoer;

G_END_DECLS
