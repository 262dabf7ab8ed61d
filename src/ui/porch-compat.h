/* porch-compat.h - newer GTK under one name, so that the floor and the newest compile alike
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

static inline void
porch_compat_get_color (GtkWidget *widget, GdkRGBA *color)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}

/* A named colour of the style sheet; FALSE when there is none of that name. Deprecated since 4.10
 * without another way to it from C. */
static inline gboolean
porch_compat_lookup_color (GtkWidget *widget, const char *name, GdkRGBA *color)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  return gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

/* What is heard of a @button whose visible words are too few for that. Since 4.10 those words go
 * before the property: they are no longer its name then. */
static inline void
porch_compat_set_button_name (GtkWidget *button, const char *name)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Buttons below @root whose words may take two lines instead of setting the least width of a page.
 * Not by "can-shrink" of 4.12, which cuts words off. */
static inline void
porch_compat_let_shrink (GtkWidget *root)
{
  GtkWidget *child = gtk_widget_get_first_child (root);

  if (GTK_IS_BUTTON (root) && GTK_IS_LABEL (child)) {
    gtk_label_set_wrap (GTK_LABEL (child), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (child), PANGO_WRAP_WORD);
    gtk_label_set_natural_wrap_mode (GTK_LABEL (child), GTK_NATURAL_WRAP_NONE);
    gtk_label_set_justify (GTK_LABEL (child), GTK_JUSTIFY_CENTER);
  }
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    porch_compat_let_shrink (child);
}

G_END_DECLS
