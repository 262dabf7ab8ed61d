/* porch-store-writer.h - the one thread that writes: group commit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-connection.h"
#include "porch-outlet.h"

G_BEGIN_DECLS

typedef struct _PorchStoreWriter PorchStoreWriter;

/* Takes @connection, of the file @path, and begins its thread. @seq is the last one that is taken.
 * @health is atomic, and outlives it as @outlet does. */
PorchStoreWriter *porch_store_writer_new (PorchConnection *connection,
                                          const char *path,
                                          PorchOutlet *outlet,
                                          gint64 seq,
                                          gint *health) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what waits, refuses what comes now, ends the thread. */
void porch_store_writer_stop (PorchStoreWriter *self);
/* After the readers: the last connection that closes tidies up. */
void porch_store_writer_close (PorchStoreWriter *self);
void porch_store_writer_free (PorchStoreWriter *self);

/* As porch_store_submit (); from any thread. */
void porch_store_writer_submit (PorchStoreWriter *self, PorchJob *job);
/* Looks how things are as soon as nothing waits. */
void porch_store_writer_look (PorchStoreWriter *self);

G_END_DECLS
