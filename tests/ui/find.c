/* find.c - widgets of a window, by what they are and what their template calls them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "find.h"

GtkWidget *
find_widget (GtkWidget *root, GType type, const char *id)
{
  const char *own = gtk_buildable_get_buildable_id (GTK_BUILDABLE (root));

  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (id == NULL || g_strcmp0 (own, id) == 0))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_widget (child, type, id);

    if (found != NULL)
      return found;
  }
  return NULL;
}
