/* porch-opener.h - opens an address or a file with the desktop's program for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns at once. When nothing opens @uri, a dialog above @window says so and gives the address to
 * copy; a window that was closed meanwhile gets none. */
void porch_opener_open (GtkWindow *window, const char *uri);

/* What starts a program as from @widget's display: to be freed with g_object_unref (). */
GAppLaunchContext *porch_opener_dup_context (GtkWidget *widget) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
