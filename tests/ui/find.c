/* find.c - widgets of a window, by what they are and what their template calls them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "find.h"

GtkWidget *
find_widget_if (GtkWidget *root, FindFunc is_wanted, gconstpointer data)
{
  if (is_wanted (root, data))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_widget_if (child, is_wanted, data);

    if (found != NULL)
      return found;
  }
  return NULL;
}

typedef struct {
  GType type;
  const char *id;
} Wanted;

static gboolean
is_so_called (GtkWidget *widget, gconstpointer data)
{
  const Wanted *wanted = data;
  const char *own = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  return g_type_is_a (G_OBJECT_TYPE (widget), wanted->type) &&
         (wanted->id == NULL || g_strcmp0 (own, wanted->id) == 0);
}

GtkWidget *
find_widget (GtkWidget *root, GType type, const char *id)
{
  const Wanted wanted = { type, id };

  return find_widget_if (root, is_so_called, &wanted);
}
