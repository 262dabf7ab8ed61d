/* porch-command.c - a use case: what goes in, what comes out, and what it does inside one
 * transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-command.h"

gpointer
porch_command_new_input (const PorchCommand *command)
{
  return g_malloc0 (MAX (command->in_size, 1));
}

void
porch_command_free_input (const PorchCommand *command, gpointer in)
{
  if (command->clear_in != NULL)
    command->clear_in (in);
  g_free (in);
}
