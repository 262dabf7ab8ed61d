/* porch-spot.h - whether the file that is written is still the one that has its name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is written into a file that was removed is lost with the program, and nothing fails.
 */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct {
  char *path, *log;
  dev_t device;
  ino_t inode, log_inode; /* 0: it was not there */
} PorchSpot;

/* Of @path and its log, as they are now, open. */
void porch_spot_init (PorchSpot *self, const char *path);
void porch_spot_clear (PorchSpot *self);
gboolean porch_spot_check (const PorchSpot *self);

/* Calls @func on the thread-default context whenever a name in @folder, or its own, is changed or
 * removed. NULL where that cannot be watched: then only whoever looks finds out. The source is
 * attached; the caller destroys and unrefs it. */
GSource *
porch_spot_watch (const char *folder, GSourceFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
