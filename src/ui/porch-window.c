/* porch-window.c - the window: the panes, what stands above them, and the keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nav | inbox | conversation | details. Below 1220 pixels the nav lies over the rest, below 1020
 * the details do, below 660 inbox and conversation become one: the widths are those of the panes.
 * What is not needed for the first frame is made when it is needed: the assistant of the first run,
 * the transcript, the details.
 */
#include "config.h"

#include "porch-details-pane.h"
#include "porch-first-run.h"
#include "porch-pane.h"
#include "porch-phrase.h"
#include "porch-window-private.h"

#include <glib/gi18n.h>

/* Lower than this, buttons move into menus and the composer stays small. */
#define SHORT_HEIGHT 560
/* From here on there is room enough for the panes to grow, far from where they fold. */
#define WIDE_WIDTH 1800

typedef enum {
  PROP_MIRROR = 1,
  PROP_CONVERSATION,
  PROP_IS_SHORT,
  PROP_IS_WIDE,
  PROP_STATUS,
  PROP_SHOW_DETAILS,
} PorchWindowProp;

#define N_PROPS (PROP_SHOW_DETAILS + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchWindow, porch_window, ADW_TYPE_APPLICATION_WINDOW)

/* Whether the nav is not beside the list: then the list has its button and its window buttons. */
static gboolean
is_overlaid (PorchWindow *self, gboolean is_folded, gboolean is_revealed)
{
  return is_folded || !is_revealed;
}

static int
choose_width (PorchWindow *self, int usual, int wide, gboolean is_wide)
{
  return is_wide ? wide : usual;
}

/* In the narrow window the details are in the menu. */
static gboolean
is_neither (PorchWindow *self, gboolean is_revealed, gboolean is_folded)
{
  return !is_revealed && !is_folded;
}

static gboolean
is_conversation_watched (PorchWindow *self, gboolean is_active, gboolean is_folded, char *leaf)
{
  return is_active && (!is_folded || g_strcmp0 (leaf, "conversation") == 0);
}

/* Before the server has said who we are nobody is in. */
static PorchStatus
get_status (PorchWindow *self)
{
  PorchAgent *me = self->client != NULL ? porch_client_get_agent (self->client) : NULL;

  return me != NULL ? (PorchStatus) me->status : PORCH_STATUS_OFFLINE;
}

static void
on_my_status_changed (PorchWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
on_agent_changed (PorchWindow *self)
{
  PorchAgent *me = porch_client_get_agent (self->client);

  if (me != NULL) {
    g_signal_handlers_disconnect_by_func (me, on_my_status_changed, self);
    g_signal_connect_object (me, "notify::status", G_CALLBACK (on_my_status_changed), self,
                             G_CONNECT_SWAPPED);
  }
  on_my_status_changed (self);
  porch_window_update_actions (self);
}

static void
make_details (PorchWindow *self)
{
  GtkWidget *details;

  if (adw_bin_get_child (self->details_bin) != NULL)
    return;
  details = porch_details_pane_new (self->mirror);
  g_object_bind_property (self, "conversation", details, "conversation", G_BINDING_SYNC_CREATE);
  adw_bin_set_child (self->details_bin, details);
}

/* Beside the conversation they stay as the person left them; lying over it they begin closed. */
static void
show_details (PorchWindow *self, gboolean is_shown)
{
  if (is_shown)
    make_details (self);
  adw_flap_set_reveal_flap (self->details_flap, is_shown);
}

/* What lies over the conversation takes the focus, and gives it back. */
static void
choose_details (PorchWindow *self, gboolean is_shown)
{
  show_details (self, is_shown);
  if (!adw_flap_get_folded (self->details_flap))
    return;
  if (is_shown)
    gtk_widget_child_focus (GTK_WIDGET (self->details_bin), GTK_DIR_TAB_FORWARD);
  else
    porch_conversation_pane_focus_composer (self->conversation_pane);
}

static void
on_details_changed (PorchWindow *self)
{
  if (adw_flap_get_reveal_flap (self->details_flap))
    make_details (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_DETAILS]);
}

static void
set_flag (PorchWindow *self, gboolean *flag, gboolean value, PorchWindowProp property)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* What follows from the window's size beyond what the panes do by themselves. The details go only
 * when they fold, not at each resize: a person may have closed or opened them since. */
static gboolean
arrange (gpointer user_data)
{
  PorchWindow *self = user_data;
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  const int height = gtk_widget_get_height (GTK_WIDGET (self));
  const gboolean is_folded = adw_flap_get_folded (self->details_flap);

  self->layout_idle = 0;
  set_flag (self, &self->is_short, height < SHORT_HEIGHT, PROP_IS_SHORT);
  set_flag (self, &self->is_wide, width >= WIDE_WIDTH, PROP_IS_WIDE);
  if (is_folded != self->was_folded || self->conversation == NULL || !is_folded)
    show_details (self, self->conversation != NULL && self->has_details && !is_folded);
  self->was_folded = is_folded;
  return G_SOURCE_REMOVE;
}

/* Not from within the layout that found out. */
static void
queue_arrange (PorchWindow *self)
{
  if (self->layout_idle == 0)
    self->layout_idle = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, arrange, self, NULL);
}

/* The conversation that is out of sight in a folded window stays open for when one comes back to
 * it, but its row must not look selected. */
static void
on_leaf_changed (PorchWindow *self)
{
  const gboolean is_folded = adw_leaflet_get_folded (self->leaflet);

  if (is_folded && adw_leaflet_get_visible_child (self->leaflet) != GTK_WIDGET (self->details_flap))
    porch_window_set_conversation (self, NULL);
  if (is_folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  queue_arrange (self);
}

static void
on_open (PorchWindow *self, PorchConversation *conversation, gboolean is_activated)
{
  porch_window_open (self, conversation, is_activated);
}

static void
on_first_run_done (PorchWindow *self)
{
  gtk_stack_set_visible_child_name (self->pages, "panes");
  if (self->first_run == NULL)
    return;
  gtk_stack_remove (self->pages, self->first_run);
  self->first_run = NULL;
  porch_inbox_pane_focus_list (self->inbox);
}

static void
on_link_changed (PorchWindow *self)
{
  if (porch_client_get_link (self->client) == PORCH_LINK_SET_UP && self->first_run == NULL) {
    self->first_run = porch_first_run_new (self->mirror);
    g_signal_connect_object (self->first_run, "done", G_CALLBACK (on_first_run_done), self,
                             G_CONNECT_SWAPPED);
    gtk_stack_add_named (self->pages, self->first_run, "first-run");
    gtk_stack_set_visible_child (self->pages, self->first_run);
    gtk_widget_grab_focus (self->first_run);
  }
  porch_window_update_actions (self);
}

/* Where one wrote there is nothing left to write in: on to the next conversation. */
static void
on_scope_changed (PorchWindow *self, PorchConversation *conversation)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (conversation != self->conversation)
    return;
  porch_window_update_actions (self);
  if (porch_mirror_has_left (self->mirror, conversation) &&
      !adw_leaflet_get_folded (self->leaflet) &&
      (focus == NULL || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->conversation_pane))))
    porch_inbox_pane_focus_list (self->inbox);
}

/* The only place where all three are known; what is to be done about them waits for the idle. */
static void
porch_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  const gboolean was_folded = adw_flap_get_folded (self->details_flap);

  GTK_WIDGET_CLASS (porch_window_parent_class)->size_allocate (widget, width, height, baseline);

  if (was_folded != adw_flap_get_folded (self->details_flap) ||
      self->is_short != (height < SHORT_HEIGHT) || self->is_wide != (width >= WIDE_WIDTH))
    queue_arrange (self);
}

static void
set_mirror (PorchWindow *self, PorchMirror *mirror)
{
  g_return_if_fail (mirror != NULL);

  self->mirror = g_object_ref (mirror);
  self->client = g_object_ref (porch_mirror_get_client (mirror));
  g_signal_connect_object (self->client, "notify::agent", G_CALLBACK (on_agent_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "notify::link", G_CALLBACK (on_link_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "scope-changed", G_CALLBACK (on_scope_changed), self,
                           G_CONNECT_SWAPPED);
  /* The key for the next who waits must find the list loaded. */
  porch_mirror_get_inbox (mirror, "waiting");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MIRROR]);
  on_agent_changed (self);
  on_link_changed (self);
}

static void
porch_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchWindow *self = PORCH_WINDOW (object);

  switch ((PorchWindowProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PROP_IS_SHORT:
    g_value_set_boolean (value, self->is_short);
    break;
  case PROP_IS_WIDE:
    g_value_set_boolean (value, self->is_wide);
    break;
  case PROP_STATUS:
    g_value_set_enum (value, get_status (self));
    break;
  case PROP_SHOW_DETAILS:
    g_value_set_boolean (value, self->details_flap != NULL &&
                                  adw_flap_get_reveal_flap (self->details_flap));
    break;
  }
}

static void
porch_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchWindow *self = PORCH_WINDOW (object);

  switch ((PorchWindowProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  case PROP_CONVERSATION:
    porch_window_set_conversation (self, g_value_get_object (value));
    break;
  case PROP_IS_SHORT:
  case PROP_IS_WIDE:
    break;
  case PROP_STATUS:
    porch_client_set_status (self->client, g_value_get_enum (value));
    break;
  case PROP_SHOW_DETAILS:
    if (!adw_flap_get_folded (self->details_flap))
      self->has_details = g_value_get_boolean (value);
    choose_details (self, g_value_get_boolean (value) && self->conversation != NULL);
    break;
  }
}

static void
porch_window_dispose (GObject *object)
{
  PorchWindow *self = PORCH_WINDOW (object);

  g_clear_handle_id (&self->layout_idle, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->client);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_window_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR, flags | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  properties[PROP_IS_SHORT] =
    g_param_spec_boolean ("is-short", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_WIDE] =
    g_param_spec_boolean ("is-wide", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, porch_status_get_type (), PORCH_STATUS_OFFLINE, flags);
  properties[PROP_SHOW_DETAILS] = g_param_spec_boolean ("show-details", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, inbox_toasts);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, conversation_toasts);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, nav_flap);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, details_flap);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, inbox_leaf);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, conversation_leaf);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, nav);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, inbox);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, conversation_pane);
  gtk_widget_class_bind_template_child (widget_class, PorchWindow, details_bin);
  gtk_widget_class_bind_template_callback (widget_class, choose_width);
  gtk_widget_class_bind_template_callback (widget_class, is_conversation_watched);
  gtk_widget_class_bind_template_callback (widget_class, is_neither);
  gtk_widget_class_bind_template_callback (widget_class, is_overlaid);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
}

static void
porch_window_class_init (PorchWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_window_get_property;
  object_class->set_property = porch_window_set_property;
  object_class->dispose = porch_window_dispose;
  widget_class->size_allocate = porch_window_size_allocate;

  install_properties (object_class);
  porch_window_install_actions (widget_class);
  porch_window_install_dialogs (widget_class);
  g_type_ensure (PORCH_TYPE_CONVERSATION_PANE);
  g_type_ensure (PORCH_TYPE_INBOX_PANE);
  g_type_ensure (PORCH_TYPE_NAV_PANE);
  g_type_ensure (PORCH_TYPE_PANE);
  /* Named in the .ui files of the panes. */
  g_type_ensure (PORCH_TYPE_AGENT);
  g_type_ensure (PORCH_TYPE_CLIENT);
  g_type_ensure (PORCH_TYPE_CONVERSATION);
  g_type_ensure (PORCH_TYPE_MIRROR);
  g_type_ensure (porch_status_get_type ());
  bind_template (widget_class);
}

static void
porch_window_init (PorchWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->has_details = TRUE;
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify",
                                  G_CALLBACK (porch_window_update_actions), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Not in the template: while that is read they would be told of panes that are not there yet. */
  g_signal_connect_swapped (self->details_flap, "notify::reveal-flap",
                            G_CALLBACK (on_details_changed), self);
  g_signal_connect_swapped (self->leaflet, "notify::visible-child", G_CALLBACK (on_leaf_changed),
                            self);
  g_signal_connect_swapped (self->leaflet, "notify::folded", G_CALLBACK (on_leaf_changed), self);
}

GtkWidget *
porch_window_new (AdwApplication *app, PorchMirror *mirror)
{
  return g_object_new (PORCH_TYPE_WINDOW, "application", app, "mirror", mirror, NULL);
}

PorchConversation *
porch_window_get_conversation (PorchWindow *self)
{
  g_return_val_if_fail (PORCH_IS_WINDOW (self), NULL);

  return self->conversation;
}

void
porch_window_set_conversation (PorchWindow *self, PorchConversation *conversation)
{
  g_return_if_fail (PORCH_IS_WINDOW (self));

  if (!g_set_object (&self->conversation, conversation))
    return;
  g_signal_group_set_target (self->conversation_signals, conversation);
  porch_inbox_pane_set_selected (self->inbox, conversation);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
  porch_window_update_actions (self);
  queue_arrange (self);
}

void
porch_window_open (PorchWindow *self, PorchConversation *conversation, gboolean with_focus)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  porch_window_set_conversation (self, conversation);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->details_flap));
  if (with_focus)
    porch_conversation_pane_focus_composer (self->conversation_pane);
  else if (focus != NULL && !adw_leaflet_get_folded (self->leaflet))
    /* The leaflet takes it along, but who walks through the list stays there. */
    gtk_widget_grab_focus (focus);
}

void
porch_window_go_back (PorchWindow *self)
{
  if (!adw_leaflet_get_folded (self->leaflet))
    return;
  adw_leaflet_set_visible_child (self->leaflet, self->inbox_leaf);
  porch_inbox_pane_focus_list (self->inbox);
}

gboolean
porch_window_is_looking_at (PorchWindow *self, PorchConversation *conversation)
{
  g_return_val_if_fail (PORCH_IS_WINDOW (self), FALSE);

  return self->conversation != NULL && self->conversation == conversation &&
         gtk_window_is_active (GTK_WINDOW (self)) && self->first_run == NULL &&
         (!adw_leaflet_get_folded (self->leaflet) ||
          adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->details_flap));
}
