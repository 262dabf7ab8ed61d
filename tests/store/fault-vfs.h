/* fault-vfs.h - a disk that fails when it is told to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between SQLite and the real files. Only what goes to files fails; reads and locks work.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum {
  FAULT_WRITE,
  FAULT_SYNC,
} FaultKind;

/* For every connection that is opened from now on. */
void fault_vfs_install (void);
/* The @nth operation (from 1) of @kind from now on gives @code; with @stays also every later one.
 */
void fault_vfs_arm (FaultKind kind, guint nth, int code, gboolean stays);
void fault_vfs_disarm (void);
/* How many operations failed since it was armed. */
guint fault_vfs_get_failures (void);

G_END_DECLS
