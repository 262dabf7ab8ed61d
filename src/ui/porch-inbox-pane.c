/* porch-inbox-pane.c - the list of conversations, by what they need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing moves under the pointer: while it is over the list, or the list is scrolled, the model is
 * frozen and a pill counts what waits to come in.
 */
#include "config.h"

#include "porch-inbox-pane.h"

#include "porch-banner.h"
#include "porch-inbox-row.h"
#include "porch-pane.h"
#include "porch-phrase.h"
#include "porch-skeleton.h"

#include <glib/gi18n.h>
#include <string.h>

/* The chips show minutes; looking more often than that keeps them nearly right. */
#define TICK_S 15

typedef enum {
  PROP_MIRROR = 1,
  PROP_FILTER,
  PROP_IS_FOLDED,
  PROP_HAS_NAV_BUTTON,
  PROP_HAS_START_BUTTONS,
  PROP_HAS_END_BUTTONS,
  PROP_HAS_BANNER,
} PorchInboxPaneProp;

#define N_PROPS (PROP_HAS_BANNER + 1)

struct _PorchInboxPane {
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;
  AdwStatusPage *error_page; /* made when something fails */
  GtkLabel *empty_title;
  GtkLabel *empty_words;
  GtkRevealer *held_revealer;
  GtkButton *held_button;
  GtkSingleSelection *selection;

  PorchMirror *mirror;
  char *filter;
  PorchInbox *inbox;
  GSignalGroup *inbox_signals;
  PorchConversation *selected;
  GPtrArray *rows; /* not owned: those that are bound */
  guint tick;
  guint thaw;
  gboolean is_syncing;
  gboolean is_pointed_at;
  gboolean flags[N_PROPS]; /* by property */
};

enum {
  OPEN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchInboxPane, porch_inbox_pane, ADW_TYPE_BIN)

static guint
get_n_items (PorchInboxPane *self)
{
  return self->inbox != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->inbox)) : 0;
}

static void
show_empty_words (PorchInboxPane *self)
{
  const char *title = _ ("No open conversations");
  const char *words = _ ("When somebody writes, it appears here.");

  if (strcmp (self->filter, "mine") == 0) {
    title = _ ("Nothing is yours");
    words = _ ("What you take appears here.");
  } else if (strcmp (self->filter, "waiting") == 0) {
    title = _ ("Nobody is waiting");
    words = _ ("When somebody writes, it appears here.");
  } else if (strcmp (self->filter, "resolved") == 0) {
    title = _ ("Nothing is done yet");
    words = _ ("What you resolve appears here.");
  }
  gtk_label_set_label (self->empty_title, title);
  gtk_label_set_label (self->empty_words, words);
}

static void
make_error_page (PorchInboxPane *self)
{
  GtkWidget *button;

  if (self->error_page != NULL)
    return;
  button =
    g_object_new (GTK_TYPE_BUTTON, "label",
                  _ ("Try again"), "action-name", "inbox.reload", "halign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (button, "pill");
  self->error_page =
    g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title",
                  _ ("Could not load conversations"), "child", button, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->error_page), "compact");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->error_page), "error");
}

static void
show_problem (PorchInboxPane *self)
{
  g_autofree char *nick = NULL;

  make_error_page (self);
  g_object_get (self->inbox, "problem", &nick, NULL);
  adw_status_page_set_description (
    self->error_page, porch_phrase_problem (porch_error_code_from_nick (nick ? nick : "")));
}

static void
show_state (PorchInboxPane *self)
{
  const char *page = "loading";

  if (self->inbox == NULL)
    return;
  if (get_n_items (self) > 0) {
    page = "list";
  } else if (porch_inbox_get_load (self->inbox) == PORCH_LOAD_READY) {
    show_empty_words (self);
    page = "empty";
  } else if (porch_inbox_get_load (self->inbox) == PORCH_LOAD_FAILED) {
    show_problem (self);
    page = "error";
  }
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
sync_selection (PorchInboxPane *self)
{
  guint position = GTK_INVALID_LIST_POSITION;
  const guint n_items = get_n_items (self);

  for (guint i = 0; self->selected != NULL && i < n_items; i++) {
    g_autoptr (PorchConversation) item = g_list_model_get_item (G_LIST_MODEL (self->inbox), i);

    if (item == self->selected) {
      position = i;
      break;
    }
  }
  self->is_syncing = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->is_syncing = FALSE;
}

static void
freeze_or_thaw (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->inbox != NULL)
    porch_inbox_set_frozen (self->inbox,
                            self->is_pointed_at || gtk_adjustment_get_value (adjustment) > 1);
}

static void
show_held (PorchInboxPane *self)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *words = NULL;
  int n_held;

  g_value_init (&value, G_TYPE_INT);
  g_object_get_property (G_OBJECT (self->inbox), "n-held", &value);
  n_held = g_value_get_int (&value);
  if (n_held > 0) {
    /* Translators: conversations that came while the list was not to move */
    words = g_strdup_printf (ngettext ("%d new", "%d new", n_held), n_held);
    gtk_button_set_label (self->held_button, words);
  }
  gtk_revealer_set_reveal_child (self->held_revealer, n_held > 0);
}

static void
load_more_near_end (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  const double page = gtk_adjustment_get_page_size (adjustment);
  const double left =
    gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment) - page;

  if (self->inbox != NULL && left < 2 * page && porch_inbox_has_more (self->inbox))
    porch_inbox_load_more (self->inbox);
}

static void
on_scrolled (PorchInboxPane *self)
{
  freeze_or_thaw (self);
  load_more_near_end (self);
}

/* The list holds on to the row that was its first and moves along with it. That would be a scrolled
 * list, which is frozen, without anybody having scrolled. */
static void
stay_at_top (PorchInboxPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (get_n_items (self) > 0 && gtk_adjustment_get_value (adjustment) <= 1)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
on_items_changed (PorchInboxPane *self)
{
  stay_at_top (self);
  show_state (self);
  /* The selection forgets what leaves the list and does not find it again when it comes back. */
  sync_selection (self);
}

static void
on_load_changed (PorchInboxPane *self)
{
  show_state (self);
}

static void
on_held_changed (PorchInboxPane *self)
{
  show_held (self);
}

static void
on_pointer_entered (PorchInboxPane *self)
{
  self->is_pointed_at = TRUE;
  freeze_or_thaw (self);
}

static gboolean
on_thaw (gpointer user_data)
{
  PorchInboxPane *self = user_data;

  self->thaw = 0;
  freeze_or_thaw (self);
  return G_SOURCE_REMOVE;
}

/* The pointer also leaves when the list is being taken off the screen, and then its rows may not
 * change under GTK's hands. */
static void
on_pointer_left (PorchInboxPane *self)
{
  self->is_pointed_at = FALSE;
  if (self->thaw == 0)
    self->thaw = g_idle_add (on_thaw, self);
}

static void
on_selected_changed (PorchInboxPane *self)
{
  PorchConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (self->is_syncing || self->flags[PROP_IS_FOLDED] || conversation == NULL)
    return;
  g_signal_emit (self, signals[OPEN], 0, conversation, FALSE);
}

static void
on_row_activated (PorchInboxPane *self, guint position)
{
  g_autoptr (PorchConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (self->inbox), position);

  if (conversation != NULL)
    g_signal_emit (self, signals[OPEN], 0, conversation, TRUE);
}

static void
on_row_setup (PorchInboxPane *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, porch_inbox_row_new (self->mirror));
}

static void
on_row_bind (PorchInboxPane *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  porch_inbox_row_set_conversation (PORCH_INBOX_ROW (row), gtk_list_item_get_item (item));
  g_ptr_array_add (self->rows, row);
}

static void
on_row_unbind (PorchInboxPane *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  g_ptr_array_remove_fast (self->rows, row);
  porch_inbox_row_set_conversation (PORCH_INBOX_ROW (row), NULL);
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
  sync_selection (self);
  freeze_or_thaw (self);
  show_held (self);
  show_state (self);
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MIRROR]);
}

static void
set_filter (PorchInboxPane *self, const char *filter)
{
  static const char *const filters[] = { "mine", "waiting", "open", "resolved", NULL };

  if (filter == NULL || g_strcmp0 (self->filter, filter) == 0 || !g_strv_contains (filters, filter))
    return;
  g_free (self->filter);
  self->filter = g_strdup (filter);
  if (self->mirror != NULL) {
    set_inbox (self);
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
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
  sync_selection (self);
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
on_show_held (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (widget);

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  porch_inbox_set_frozen (self->inbox, FALSE);
  freeze_or_thaw (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
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
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_FILTER:
    g_value_set_string (value, self->filter);
    break;
  case PROP_IS_FOLDED:
  case PROP_HAS_NAV_BUTTON:
  case PROP_HAS_START_BUTTONS:
  case PROP_HAS_END_BUTTONS:
  case PROP_HAS_BANNER:
    g_value_set_boolean (value, self->flags[id]);
    break;
  }
}

static void
porch_inbox_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchInboxPane *self = PORCH_INBOX_PANE (object);

  switch ((PorchInboxPaneProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    break;
  case PROP_FILTER:
    set_filter (self, g_value_get_string (value));
    break;
  case PROP_IS_FOLDED:
  case PROP_HAS_NAV_BUTTON:
  case PROP_HAS_START_BUTTONS:
  case PROP_HAS_END_BUTTONS:
  case PROP_HAS_BANNER:
    if (self->flags[id] == g_value_get_boolean (value))
      return;
    self->flags[id] = g_value_get_boolean (value);
    if (id == PROP_IS_FOLDED)
      set_folded (self, self->flags[id]);
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

  g_free (self->filter);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (porch_inbox_pane_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const names[N_PROPS] = {
    [PROP_IS_FOLDED] = "is-folded",
    [PROP_HAS_NAV_BUTTON] = "has-nav-button",
    [PROP_HAS_START_BUTTONS] = "has-start-buttons",
    [PROP_HAS_END_BUTTONS] = "has-end-buttons",
    [PROP_HAS_BANNER] = "has-banner",
  };
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_MIRROR] = g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR, flags);
  properties[PROP_FILTER] = g_param_spec_string ("filter", NULL, NULL, "open", flags);
  for (guint i = PROP_IS_FOLDED; i < N_PROPS; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
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
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, held_revealer);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, held_button);
  gtk_widget_class_bind_template_child (widget_class, PorchInboxPane, selection);
  gtk_widget_class_bind_template_callback (widget_class, format_count);
  gtk_widget_class_bind_template_callback (widget_class, is_counted);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_pointer_left);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_scrolled);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_changed);
  gtk_widget_class_bind_template_callback (widget_class, porch_pane_choose_layout);
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
  gtk_widget_class_install_action (widget_class, "inbox.show-held", NULL, on_show_held);

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
  g_signal_group_connect_data (self->inbox_signals, "items-changed", G_CALLBACK (on_items_changed),
                               self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
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
  sync_selection (self);
  porch_inbox_pane_refresh (self);
}

PorchConversation *
porch_inbox_pane_get_neighbour (PorchInboxPane *self, int step)
{
  const guint n_items = get_n_items (self);
  const guint selected = gtk_single_selection_get_selected (self->selection);
  g_autoptr (PorchConversation) neighbour = NULL;
  gint64 wanted = 0;

  if (n_items == 0)
    return NULL;
  if (selected != GTK_INVALID_LIST_POSITION)
    wanted = CLAMP ((gint64) selected + step, 0, (gint64) n_items - 1);
  neighbour = g_list_model_get_item (G_LIST_MODEL (self->inbox), (guint) wanted);
  /* The model keeps it. */
  return neighbour;
}

/* On the row of what is open: the list itself only knows the one that had the focus last. */
void
porch_inbox_pane_focus_list (PorchInboxPane *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = self->rows->pdata[i];

    if (self->selected != NULL &&
        porch_inbox_row_get_conversation (PORCH_INBOX_ROW (row)) == self->selected &&
        gtk_widget_grab_focus (gtk_widget_get_parent (row)))
      return;
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
porch_inbox_pane_refresh (PorchInboxPane *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    porch_inbox_row_refresh (self->rows->pdata[i]);
}
