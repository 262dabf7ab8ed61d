/* porch-source.h - timers and idles on the context of the thread that asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * g_timeout_add() and its like run on the default context, which is the window's even when the
 * server lives on another one. These attach to the thread-default context of the caller. Each
 * dispatch is timed by the stall guard.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The source belongs to the caller, who ends it with porch_source_clear (). It is also ended by the
 * function returning G_SOURCE_REMOVE; the reference is to be given up then, too. */
GSource *
porch_source_timeout (guint delay_ms, GSourceFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
GSource *porch_source_idle (GSourceFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
/* Destroys and forgets *@source, which may be NULL. */
void porch_source_clear (GSource **source);

G_END_DECLS
