/* porch-first-run.c - the assistant of the first start: four steps until the light is on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lamp is off while it asks, gets warm when there is something to hang it on, and is on at the
 * last step. The business is made between the second and the third.
 */
#include "config.h"

#include "porch-first-run.h"

#include "porch-compat.h"
#include "porch-light.h"
#include "porch-phrase.h"
#include "porch-rules.h"
#include "porch-snippet.h"
#include "porch-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_STEPS 4

typedef enum {
  PROP_MIRROR = 1,
  PROP_STEP,
} PorchFirstRunProp;

#define N_PROPS (PROP_STEP + 1)

enum {
  DONE,
  N_SIGNALS
};

struct _PorchFirstRun {
  AdwBin parent_instance;

  AdwWindowTitle *title;
  AdwCarousel *carousel;
  PorchLight *light;
  GtkEntry *business_entry;
  GtkLabel *business_hint;
  GtkLabel *business_problem;
  GtkEntry *domain_entry;
  GtkLabel *domain_hint;
  GtkLabel *domain_problem;
  GtkEntry *name_entry;
  GtkLabel *name_hint;
  GtkLabel *name_problem;
  GtkLabel *problem;
  PorchSnippet *snippet;
  GtkButton *snippet_continue;
  GtkButton *practice_button;
  GtkButton *finish_button;

  PorchMirror *mirror;
  PorchClient *client;
  GCancellable *cancellable;
  int step;
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchFirstRun, porch_first_run, ADW_TYPE_BIN)

/* The sentence stands under its field, and the field says that it is wrong. */
static void
show_problem (GtkEntry *entry, GtkLabel *label, const char *words)
{
  gtk_label_set_label (label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (label), words != NULL);
  gtk_accessible_update_state (
    GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
    words != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (words != NULL) {
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
    gtk_widget_grab_focus (GTK_WIDGET (entry));
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  }
}

/* Where the person goes on: Enter alone leads through all four steps. */
static void
focus_step (PorchFirstRun *self)
{
  GtkWidget *const first[N_STEPS] = { GTK_WIDGET (self->business_entry),
                                      GTK_WIDGET (self->name_entry), GTK_WIDGET (self->snippet),
                                      GTK_WIDGET (self->practice_button) };

  gtk_widget_grab_focus (first[self->step]);
}

static void
go_to (PorchFirstRun *self, int step)
{
  static const double levels[N_STEPS] = { 0, 0, 0.6, 1 };
  g_autofree char *words = NULL;

  self->step = step;
  /* Translators: which step of the assistant this is, and of how many */
  words = g_strdup_printf (_ ("Step %d of %d"), step + 1, N_STEPS);
  adw_window_title_set_subtitle (self->title, words);
  porch_light_set_level (self->light, levels[step]);
  adw_carousel_scroll_to (self->carousel, adw_carousel_get_nth_page (self->carousel, step), TRUE);
  /* What cannot be undone here is not offered: the business is made. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "first-run.back", step == 1 || step == 3);
  /* Pages of a carousel stay in the order of the Tab key when they are out of sight. The focus goes
   * first: a field that loses it by becoming insensitive goes on blinking its cursor, and warns. */
  gtk_widget_set_sensitive (adw_carousel_get_nth_page (self->carousel, step), TRUE);
  focus_step (self);
  for (int i = 0; i < N_STEPS; i++)
    gtk_widget_set_sensitive (adw_carousel_get_nth_page (self->carousel, i), i == step);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

static gboolean
check_shop (PorchFirstRun *self)
{
  g_autofree char *domain =
    porch_rules_dup_domain (gtk_editable_get_text (GTK_EDITABLE (self->domain_entry)));
  const char *business = gtk_editable_get_text (GTK_EDITABLE (self->business_entry));
  const gboolean has_business = !porch_text_is_blank (business);

  /* The first wrong field gets the focus, so it is told last. */
  show_problem (self->domain_entry, self->domain_problem,
                domain == NULL ? _ ("This does not look like the address of a website.") : NULL);
  show_problem (self->business_entry, self->business_problem,
                has_business ? NULL : _ ("Visitors should know whom they write to."));
  return has_business && domain != NULL;
}

/* When it was cancelled the assistant is gone, and must not be touched. */
static void
on_set_up_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PorchFirstRun *self;

  if (!porch_client_set_up_finish (PORCH_CLIENT (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "first-run.continue", TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  if (error != NULL)
    gtk_label_set_label (self->problem, porch_phrase_error (error));
  else
    go_to (self, 2);
}

static void
set_up (PorchFirstRun *self)
{
  const char *business = gtk_editable_get_text (GTK_EDITABLE (self->business_entry));
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_entry));
  g_autofree char *domain =
    porch_rules_dup_domain (gtk_editable_get_text (GTK_EDITABLE (self->domain_entry)));

  show_problem (self->name_entry, self->name_problem,
                porch_text_is_blank (name) ? _ ("Visitors like to know who answers.") : NULL);
  if (porch_text_is_blank (name))
    return;
  if (porch_client_get_link (self->client) != PORCH_LINK_SET_UP) {
    /* Somebody went back after it was made. */
    go_to (self, 2);
    return;
  }
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "first-run.continue", FALSE);
  porch_client_set_up_async (self->client, business, name, domain, self->cancellable,
                             on_set_up_ready, self);
}

static void
on_continue (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (widget);

  switch (self->step) {
  case 0:
    if (check_shop (self))
      go_to (self, 1);
    break;
  case 1:
    set_up (self);
    break;
  case 2:
    go_to (self, 3);
    break;
  default:
    g_signal_emit (self, signals[DONE], 0);
    break;
  }
}

static void
on_entry_activated (PorchFirstRun *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "first-run.continue", NULL);
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (widget);

  go_to (self, self->step - 1);
}

/* One suggested button at a time: Copy first, then Continue. */
static void
on_copied (PorchFirstRun *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self->snippet_continue), "suggested-action");
  gtk_widget_grab_focus (GTK_WIDGET (self->snippet_continue));
}

static void
on_practice (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (widget);

  gtk_widget_activate_action (widget, "win.practice", NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->practice_button), "suggested-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->finish_button), "suggested-action");
}

static void
set_mirror (PorchFirstRun *self, PorchMirror *mirror)
{
  self->mirror = g_object_ref (mirror);
  self->client = g_object_ref (porch_mirror_get_client (mirror));
  g_object_set (self->snippet, "client", self->client, NULL);
}

static void
porch_first_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (object);

  switch ((PorchFirstRunProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_STEP:
    g_value_set_int (value, self->step);
    break;
  }
}

static void
porch_first_run_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (object);

  switch ((PorchFirstRunProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  case PROP_STEP:
    go_to (self, g_value_get_int (value));
    break;
  }
}

static gboolean
porch_first_run_grab_focus (GtkWidget *widget)
{
  focus_step (PORCH_FIRST_RUN (widget));
  return TRUE;
}

static void
porch_first_run_dispose (GObject *object)
{
  PorchFirstRun *self = PORCH_FIRST_RUN (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_first_run_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-first-run.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, title);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, carousel);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, light);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, business_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, business_hint);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, business_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, domain_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, domain_hint);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, domain_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, name_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, name_hint);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, name_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, problem);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, snippet);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, snippet_continue);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, practice_button);
  gtk_widget_class_bind_template_child (widget_class, PorchFirstRun, finish_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copied);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
}

static void
porch_first_run_class_init (PorchFirstRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_first_run_get_property;
  object_class->set_property = porch_first_run_set_property;
  object_class->dispose = porch_first_run_dispose;
  widget_class->grab_focus = porch_first_run_grab_focus;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] =
    g_param_spec_int ("step", NULL, NULL, 0, N_STEPS - 1, 0,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DONE] = g_signal_new ("done", PORCH_TYPE_FIRST_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "first-run.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "first-run.continue", NULL, on_continue);
  gtk_widget_class_install_action (widget_class, "first-run.practice", NULL, on_practice);

  g_type_ensure (PORCH_TYPE_LIGHT);
  g_type_ensure (PORCH_TYPE_SNIPPET);
  bind_template (widget_class);
}

/* A template can name only one. */
static void
describe (GtkEntry *entry, GtkLabel *problem, GtkLabel *hint)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  problem, hint, NULL, -1);
}

static void
porch_first_run_init (PorchFirstRun *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  describe (self->business_entry, self->business_problem, self->business_hint);
  describe (self->domain_entry, self->domain_problem, self->domain_hint);
  describe (self->name_entry, self->name_problem, self->name_hint);
  porch_compat_let_shrink (GTK_WIDGET (self->carousel));
  go_to (self, 0);
}

GtkWidget *
porch_first_run_new (PorchMirror *mirror)
{
  return g_object_new (PORCH_TYPE_FIRST_RUN, "mirror", mirror, NULL);
}
