/* porch-stall.h - nothing of ours may hold the main loop for more than 4 ms of CPU
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The thread's CPU clock is used, not the wall: a busy machine is not our fault. What the guard
 * does is decided when building (the option `stall_guard`): end the program, count, or nothing.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_STALL_US 4000

/* Around each dispatch of a source of ours:
 *   gint64 begin = porch_stall_begin ();  …  porch_stall_end (begin, "the writer's results"); */
gint64 porch_stall_begin (void);
void porch_stall_end (gint64 begin, const char *what);

/* Since the start, over all threads: the longest dispatch, and how many were over the limit. Both
 * from any thread; 0 when the guard is built out. */
gint64 porch_stall_get_worst_us (void);
guint porch_stall_get_count (void);

G_END_DECLS
