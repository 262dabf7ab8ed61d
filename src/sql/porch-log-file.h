/* porch-log-file.h - gathers what goes to a write-ahead log into few large writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SQLite writes a log frame by frame, each in two calls that meet no page's border: what a commit
 * appends is a third of what keeping a message costs. Through this VFS a connection's appends to
 * its log wait in memory until it syncs, reads or measures the log, or writes elsewhere in it.
 * Every other file is the system's own, untouched.
 *
 * Only for connections with synchronous=FULL: they sync the log before they tell anybody, through
 * the log's index, that there is more of it. With less, readers would look for what is not there
 * yet.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of the VFS, for sqlite3_open_v2 (). Any thread. */
const char *porch_log_file_get_vfs (void);
/* The errno of the last write to a log that failed on this thread, once; 0 when none did. */
int porch_log_file_take_errno (void);

G_END_DECLS
