/* porch-inbox-pane.c - the list of conversations, by what they need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows are porch-inbox-pane-list.c's; porch-inbox-pane-state.c says why there are none.
 */
#include "config.h"

#include "porch-inbox-pane.h"

#include "porch-banner.h"
#include "porch-inbox-pane-private.h"
#include "porch-inbox-row.h"
#include "porch-pane.h"
#include "porch-skeleton.h"

/* The chips show minutes; looking more often than that keeps them nearly right. */
#define TICK_S 15

enum {
  OPEN,
  N_SIGNALS
};

static GParamSpec *properties[PORCH_INBOX_PANE_N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchInboxPane, porch_inbox_pane, ADW_TYPE_BIN)

guint
porch_inbox_pane_count (PorchInboxPane *self)
{
  return self->inbox != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->inbox)) : 0;
}

void
porch_inbox_pane_open (PorchInboxPane *self, PorchConversation *conversation, gboolean is_activated)
{
  g_signal_emit (self, signals[OPEN], 0, conversation, is_activated);
}

static void
on_load_changed (PorchInboxPane *self)
{
  porch_inbox_pane_show_state (self);
}

static void
on_held_changed (PorchInboxPane *self)
{
  porch_inbox_pane_show_held (self);
}

static void
on_unsent_changed (PorchInboxPane *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++) {
    PorchConversation *shown = porch_inbox_row_get_conversation (self->rows->pdata[i]);

    if (shown != NULL && g_str_equal (shown->id, id))
      porch_inbox_row_refresh (self->rows->pdata[i]);
  }
}

static gboolean
on_tick (gpointer user_data)
{
  porch_inbox_pane_refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
set_inbox (PorchInboxPane *self)
{
  self->inbox = porch_mirror_get_inbox (self->mirror, self->filter);
  g_signal_group_set_target (self->inbox_signals, self->inbox);
  self->is_syncing = TRUE;
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->inbox));
  self->is_syncing = FALSE;
  porch_inbox_pane_sync_selection (self);
  porch_inbox_pane_freeze_or_thaw (self);
  porch_inbox_pane_show_held (self);
  porch_inbox_pane_show_state (self);
}

static void
set_mirror (PorchInboxPane *self, PorchMirror *mirror)
{
  if (!g_set_object (&self->mirror, mirror) || mirror == NULL)
    return;
  g_object_bind_property (porch_mirror_get_client (mirror), "business", self->title, "subtitle",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (mirror, "drafts-loaded", G_CALLBACK (porch_inbox_pane_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "unsent-changed", G_CALLBACK (on_unsent_changed), self,
                           G_CONNECT_SWAPPED);
  set_inbox (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PORCH_INBOX_PANE_MIRROR]);
}

static void
set_filter (PorchInboxPane *self, const char *filter)
{
  static const char *const filters[] = { "mine", "waiting", "open", "resolved", NULL };

  if (filter == NULL || g_strcmp0 (self->filter, filter) == 0 || !g_strv_contains (filters, filter))
    return;
  g_clear_pointer (&self->filter, g_free);
  self->filter = g_strdup (filter);
  if (self->mirror != NULL) {
    set_inbox (self);
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PORCH_INBOX_PANE_FILTER]);
}

/* A single click must open where there is nothing beside the list; elsewhere it would make rows
 * look selected under the pointer. */
static void
set_folded (PorchInboxPane *self, gboolean is_folded)
{
  gtk_list_view_set_single_click_activate (self->list, is_folded);
  if (is_folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "porch-alone");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "porch-alone");
  porch_inbox_pane_sync_selection (self);
}

/* For the segments: nothing instead of a nought. */
static char *
format_count (PorchInboxPane *self, gint64 count)
{
  if (count <= 0)
    return g_strdup ("");
  if (count > 99)
    return g_strdup ("99+");
  return g_strdup_printf ("%d", (int) count);
}

static gboolean
is_counted (PorchInboxPane *self, gint64 count)
{
  return count > 0;
}

static void
on_reload (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (widget);

  if (self->inbox != NULL)
    porch_inbox_reload (self->inbox);
}

static void
porch_inbox_pane_map (GtkWidget *widget)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (widget);

  GTK_WIDGET_CLASS (porch_inbox_pane_parent_class)->map (widget);

  porch_inbox_pane_refresh (self);
  self->tick = g_timeout_add_seconds (TICK_S, on_tick, self);
}

static void
porch_inbox_pane_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&PORCH_INBOX_PANE (widget)->tick, g_source_remove);

  GTK_WIDGET_CLASS (porch_inbox_pane_parent_class)->unmap (widget);
}

static void
porch_inbox_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (object);

  switch ((PorchInboxPaneProp) id) {
  case PORCH_INBOX_PANE_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PORCH_INBOX_PANE_FILTER:
    g_value_set_string (value, self->filter);
    break;
  case PORCH_INBOX_PANE_IS_FOLDED:
  case PORCH_INBOX_PANE_HAS_NAV_BUTTON:
  case PORCH_INBOX_PANE_HAS_START_BUTTONS:
  case PORCH_INBOX_PANE_HAS_END_BUTTONS:
  case PORCH_INBOX_PANE_HAS_BANNER:
    g_value_set_boolean (value, self->flags[id]);
    break;
  }
}

static void
porch_inbox_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (object);

  switch ((PorchInboxPaneProp) id) {
  case PORCH_INBOX_PANE_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  case PORCH_INBOX_PANE_FILTER:
    set_filter (self, g_value_get_string (value));
    break;
  case PORCH_INBOX_PANE_IS_FOLDED:
  case PORCH_INBOX_PANE_HAS_NAV_BUTTON:
  case PORCH_INBOX_PANE_HAS_START_BUTTONS:
  case PORCH_INBOX_PANE_HAS_END_BUTTONS:
  case PORCH_INBOX_PANE_HAS_BANNER:
    if (self->flags[id] == g_value_get_boolean (value))
      return;
    self->flags[id] = g_value_get_boolean (value);
    if (id == PORCH_INBOX_PANE_IS_FOLDED)
      set_folded (self, self->flags[id]);
    porch_inbox_pane_show_state (self);
    g_object_notify_by_pspec (object, pspec);
    break;
  }
}

static void
porch_inbox_pane_dispose (GObject *object)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->inbox_signals != NULL)
    g_signal_group_set_target (self->inbox_signals, NULL);
  g_clear_object (&self->inbox_signals);
  /* The rows unbind while the list goes, and need the mirror and the array until then. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_handle_id (&self->thaw, g_source_remove);
  self->inbox = NULL;
  g_clear_object (&self->selected);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_inbox_pane_parent_class)->dispose (object);
}

static void
porch_inbox_pane_finalize (GObject *object)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (object);

  g_clear_pointer (&self->filter, g_free);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (porch_inbox_pane_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const names[PORCH_INBOX_PANE_N_PROPS] = {
    [PORCH_INBOX_PANE_IS_FOLDED] = "is-folded",
    [PORCH_INBOX_PANE_HAS_NAV_BUTTON] = "has-nav-button",
    [PORCH_INBOX_PANE_HAS_START_BUTTONS] = "has-start-buttons",
    [PORCH_INBOX_PANE_HAS_END_BUTTONS] = "has-end-buttons",
    [PORCH_INBOX_PANE_HAS_BANNER] = "has-banner",
  };
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PORCH_INBOX_PANE_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR, flags);
  properties[PORCH_INBOX_PANE_FILTER] = g_param_spec_string ("filter", NULL, NULL, "open", flags);
  for (guint i = PORCH_INBOX_PANE_IS_FOLDED; i < PORCH_INBOX_PANE_N_PROPS; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, PORCH_INBOX_PANE_N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-inbox-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, title);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, list);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, empty_title);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, empty_words);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, practice_button);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, held_revealer);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, held_button);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, selection);
  gtk_widget_class_bind_template_callback (widget_class, format_count);
  gtk_widget_class_bind_template_callback (widget_class, is_counted);
  gtk_widget_class_bind_template_callback (widget_class, porch_pane_choose_layout);
  porch_inbox_pane_bind_list (widget_class);
}

static void
porch_inbox_pane_class_init (PorchInboxPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_inbox_pane_get_property;
  object_class->set_property = porch_inbox_pane_set_property;
  object_class->dispose = porch_inbox_pane_dispose;
  object_class->finalize = porch_inbox_pane_finalize;
  widget_class->map = porch_inbox_pane_map;
  widget_class->unmap = porch_inbox_pane_unmap;

  install_properties (object_class);
  signals[OPEN] = g_signal_new ("open", PORCH_TYPE_INBOX_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, PORCH_TYPE_CONVERSATION, G_TYPE_BOOLEAN);

  gtk_widget_class_install_property_action (widget_class, "inbox.filter", "filter");
  gtk_widget_class_install_action (widget_class, "inbox.reload", NULL, on_reload);
  gtk_widget_class_install_action (widget_class, "inbox.show-held", NULL, porch_inbox_pane_let_in);

  g_type_ensure (PORCH_TYPE_BANNER);
  g_type_ensure (PORCH_TYPE_SKELETON);
  bind_template (widget_class);
}

static void
porch_inbox_pane_init (PorchInboxPane *self)
{
  self->filter = g_strdup ("open");
  self->rows = g_ptr_array_new ();
  self->inbox_signals = g_signal_group_new (PORCH_TYPE_INBOX);
  /* After the selection and the list have heard of it themselves. */
  g_signal_group_connect_data (self->inbox_signals, "items-changed",
                               G_CALLBACK (porch_inbox_pane_hear_items), self, NULL,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_group_connect_swapped (self->inbox_signals, "notify::load", G_CALLBACK (on_load_changed),
                                  self);
  g_signal_group_connect_swapped (self->inbox_signals, "notify::n-held",
                                  G_CALLBACK (on_held_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_inbox_pane_set_selected (PorchInboxPane *self, PorchConversation *conversation)
{
  g_return_if_fail (PORCH_IS_INBOX_PANE (self));

  g_set_object (&self->selected, conversation);
  porch_inbox_pane_sync_selection (self);
  porch_inbox_pane_refresh (self);
}

void
porch_inbox_pane_refresh (PorchInboxPane *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    porch_inbox_row_refresh (self->rows->pdata[i]);
}
