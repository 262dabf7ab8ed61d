/* find.h - widgets of a window, by what they are and what their template calls them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

/* The first one of @type below @root, or @root, that its template calls @id (NULL: any); or NULL.
 */
GtkWidget *find_widget (GtkWidget *root, GType type, const char *id);

/* The first one below @root, or @root, of which @is_wanted says so; or NULL. */
typedef gboolean (*FindFunc) (GtkWidget *widget, gconstpointer data);
GtkWidget *find_widget_if (GtkWidget *root, FindFunc is_wanted, gconstpointer data);
