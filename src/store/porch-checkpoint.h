/* porch-checkpoint.h - when the writer copies its log into the file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An automatic checkpoint inside a commit is what makes the slowest percent of them slow. So the
 * writer does it in moments when nothing waits, or in small bites between two commits.
 */
#pragma once

#include "porch-connection.h"

G_BEGIN_DECLS

typedef struct {
  int n_copied; /* pages of the log that are in the file */
  int n_tried;  /* length of the log at the last attempt */
} PorchCheckpoint;

typedef enum {
  PORCH_LOAD_BUSY,  /* jobs wait */
  PORCH_LOAD_IDLE,  /* nothing waits just now */
  PORCH_LOAD_QUIET, /* nothing has come for seconds */
} PorchLoad;

gboolean
porch_checkpoint_is_due (PorchCheckpoint *self, PorchConnection *connection, PorchLoad load);
/* FALSE with an error when the disk fails. */
gboolean porch_checkpoint_run (PorchCheckpoint *self, PorchConnection *connection, GError **error);

G_END_DECLS
