/* porch-checkpoint.c - when the writer copies its log into the file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-checkpoint.h"

/* In pages of 4 KiB. */
#define IDLE_PAGES 2000
#define BUSY_PAGES 8000
/* 64 MiB: from here on it is worth waiting a little for readers that stand on the log. */
#define LOG_PAGES_MAX 16384

static void
notice_restart (PorchCheckpoint *self, PorchConnection *connection)
{
  /* A log that is all in the file begins anew with the next commit. */
  if (connection->n_wal_pages < self->n_tried)
    *self = (PorchCheckpoint){ 0 };
}

gboolean
porch_checkpoint_is_due (PorchCheckpoint *self, PorchConnection *connection, PorchLoad load)
{
  int n_new;

  notice_restart (self, connection);
  n_new = connection->n_wal_pages - self->n_tried;
  switch (load) {
  case PORCH_LOAD_BUSY:
    return n_new >= BUSY_PAGES;
  case PORCH_LOAD_IDLE:
    return n_new >= IDLE_PAGES;
  case PORCH_LOAD_QUIET:
    return connection->n_wal_pages > self->n_copied;
  }
  g_return_val_if_reached (FALSE);
}

gboolean
porch_checkpoint_run (PorchCheckpoint *self, PorchConnection *connection, GError **error)
{
  const int mode =
    connection->n_wal_pages < LOG_PAGES_MAX ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
  int n_left = 0;

  /* Also when it fails: the next attempt comes after as many pages again. */
  self->n_tried = connection->n_wal_pages;
  if (!porch_connection_checkpoint (connection, mode, &n_left, error))
    return FALSE;
  self->n_copied = connection->n_wal_pages - n_left;
  return TRUE;
}
