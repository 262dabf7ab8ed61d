/* porch-disposal.h - giving back the room of a large file without holding up the disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All that a removed file had goes back in one piece: the file system tells the disk of it when it
 * next writes its journal, and every commit stands behind that (50 ms for 300 MB on a virtual
 * disk). So the name goes first, and then the file is cut off from its end while nobody can see it.
 * One that another program reads, or that has another name, is only let go of.
 */
#pragma once

#include "porch-store.h"

G_BEGIN_DECLS

/* A descriptor of @path, to be taken before its name goes; -1 for a copy that is not gentle, and
 * when there is nothing. */
int porch_disposal_hold (const char *path, const PorchCopyOptions *options);
/* Closes @fd, which may be -1. @is_gone: its name is, or has gone to another file, and no power cut
 * brings it back; only then the room goes in portions. Sleeps. */
void porch_disposal_end (int fd, gboolean is_gone, const PorchCopyOptions *options);

/* The removal of @path with what SQLite has beside it. */
gboolean porch_disposal_remove (const char *path, const PorchCopyOptions *options, GError **error);

G_END_DECLS
