/* porch-store-reader.h - two threads that read, each in a transaction of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-outlet.h"

G_BEGIN_DECLS

typedef struct _PorchStoreReader PorchStoreReader;

/* @health is atomic, and outlives it as @outlet does. */
PorchStoreReader *porch_store_reader_new (const char *path,
                                          PorchOutlet *outlet,
                                          gint *health,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Answers what waits, refuses what comes now, ends the threads and closes their connections. */
void porch_store_reader_stop (PorchStoreReader *self);
void porch_store_reader_free (PorchStoreReader *self);

void porch_store_reader_submit (PorchStoreReader *self, PorchQuery *query);

G_END_DECLS
