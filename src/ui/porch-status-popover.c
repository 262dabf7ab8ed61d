/* porch-status-popover.c - whether I am there: four states, and what each does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-status-popover.h"

#include "porch-presence.h"

struct _PorchStatusPopover {
  GtkPopover parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchStatusPopover, porch_status_popover, GTK_TYPE_POPOVER)

static void
porch_status_popover_class_init (PorchStatusPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (PORCH_TYPE_PRESENCE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-status-popover.ui");
  /* Choosing is all that it is for. */
  gtk_widget_class_bind_template_callback (widget_class, gtk_popover_popdown);
}

static void
porch_status_popover_init (PorchStatusPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_status_popover_new (void)
{
  return g_object_new (PORCH_TYPE_STATUS_POPOVER, NULL);
}
