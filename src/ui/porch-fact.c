/* porch-fact.c - a row that says one thing about somebody: a caption over its value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fact.h"

#include <glib/gi18n.h>

typedef enum {
  PROP_ICON_NAME = 1,
  PROP_CAPTION,
  PROP_VALUE,
  PROP_DETAIL,
  PROP_CAN_COPY,
} PorchFactProp;

#define N_PROPS (PROP_CAN_COPY + 1)

struct _PorchFact {
  GtkListBoxRow parent_instance;

  char *texts[N_PROPS]; /* by property */
  gboolean can_copy;
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchFact, porch_fact, GTK_TYPE_LIST_BOX_ROW)

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchFact *self = PORCH_FACT (widget);
  const char *text = self->texts[PROP_DETAIL];

  if (text == NULL)
    text = self->texts[PROP_VALUE];
  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
say_label (PorchFact *self)
{
  g_autofree char *label = NULL;

  if (self->texts[PROP_CAPTION] == NULL || self->texts[PROP_VALUE] == NULL)
    return;
  /* Translators: what is said about somebody, and what it is, as in "Device: Firefox" */
  label = g_strdup_printf (_ ("%s: %s"), self->texts[PROP_CAPTION], self->texts[PROP_VALUE]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
set_text (PorchFact *self, guint id, const GValue *value, GParamSpec *pspec)
{
  if (g_strcmp0 (self->texts[id], g_value_get_string (value)) == 0)
    return;
  g_free (self->texts[id]);
  self->texts[id] = g_value_dup_string (value);
  if (id == PROP_VALUE)
    gtk_widget_set_visible (GTK_WIDGET (self), self->texts[id] != NULL && *self->texts[id] != '\0');
  say_label (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
porch_fact_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchFact *self = PORCH_FACT (object);

  switch ((PorchFactProp) id) {
  case PROP_ICON_NAME:
  case PROP_CAPTION:
  case PROP_VALUE:
  case PROP_DETAIL:
    g_value_set_string (value, self->texts[id]);
    break;
  case PROP_CAN_COPY:
    g_value_set_boolean (value, self->can_copy);
    break;
  }
}

static void
porch_fact_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchFact *self = PORCH_FACT (object);

  switch ((PorchFactProp) id) {
  case PROP_ICON_NAME:
  case PROP_CAPTION:
  case PROP_VALUE:
  case PROP_DETAIL:
    set_text (self, id, value, pspec);
    break;
  case PROP_CAN_COPY:
    self->can_copy = g_value_get_boolean (value);
    break;
  }
}

static void
porch_fact_finalize (GObject *object)
{
  PorchFact *self = PORCH_FACT (object);

  for (guint i = 0; i < N_PROPS; i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (porch_fact_parent_class)->finalize (object);
}

static void
porch_fact_class_init (PorchFactClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_fact_get_property;
  object_class->set_property = porch_fact_set_property;
  object_class->finalize = porch_fact_finalize;

  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL, flags);
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_CAN_COPY] =
    g_param_spec_boolean ("can-copy", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "fact.copy", NULL, on_copy);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-fact.ui");
}

static void
porch_fact_init (PorchFact *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
