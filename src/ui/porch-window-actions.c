/* porch-window-actions.c - what the keys, buttons and menus of the window do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-format.h"
#include "porch-opener.h"
#include "porch-phrase.h"
#include "porch-rules.h"
#include "porch-window-private.h"

#include <glib/gi18n.h>

/* Time to see that words are about to be gone, and to want them. */
#define REMOVED_S 10

/* In the pane that is in front. */
static void
add_toast (PorchWindow *self, AdwToast *toast)
{
  if (adw_leaflet_get_folded (self->leaflet) && self->conversation == NULL)
    adw_toast_overlay_add_toast (self->inbox_toasts, toast);
  else
    adw_toast_overlay_add_toast (self->conversation_toasts, toast);
}

void
porch_window_toast (PorchWindow *self, const char *words)
{
  AdwToast *toast = adw_toast_new ("");

  /* Titles are markup, and these may hold names that strangers chose. */
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_toast_set_title (toast, escaped);
  add_toast (self, toast);
}

/* An action under way. The conversation may not be the open one any more when the answer comes. */
typedef struct {
  PorchWindow *window;
  PorchConversation *conversation;
  PorchOpId op;
} Errand;

static void
errand_free (Errand *errand)
{
  g_clear_object (&errand->window);
  g_clear_object (&errand->conversation);
  g_free (errand);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

static void
tell_failure (Errand *errand, const GError *error)
{
  PorchConversation *conversation = errand->conversation;
  PorchWindow *self = errand->window;
  PorchAgent *agent = NULL;
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;

  if (conversation->assignee != NULL)
    agent = porch_mirror_find_agent (self->mirror, conversation->assignee);
  if (errand->op == PORCH_OP_CONVERSATION_TAKE && agent != NULL &&
      g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CONFLICT)) {
    name = porch_format_isolate (agent->name);
    /* Translators: the name of a colleague */
    words = g_strdup_printf (_ ("%s took this a moment ago."), name);
    porch_window_toast (self, words);
    return;
  }
  porch_window_toast (self, porch_phrase_error (error));
}

static void
tell_resolved (Errand *errand)
{
  AdwToast *toast = adw_toast_new (_ ("Marked as done"));

  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_action_name (toast, "win.undo-resolve");
  adw_toast_set_action_target_value (toast, g_variant_new_string (errand->conversation->id));
  add_toast (errand->window, toast);
}

static void
on_act_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (!porch_mirror_act_finish (PORCH_MIRROR (source), result, &error)) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      tell_failure (errand, error);
    return;
  }
  if (errand->op == PORCH_OP_CONVERSATION_RESOLVE)
    tell_resolved (errand);
}

/* Goes on when another conversation is opened meanwhile: the errand knows which one it was for. */
static void
act (PorchWindow *self, PorchConversation *conversation, PorchOpId op, const char *agent)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->window = g_object_ref (self);
  errand->conversation = g_object_ref (conversation);
  errand->op = op;
  porch_mirror_act_async (self->mirror, conversation, op, agent, self->cancellable, on_act_ready,
                          errand);
}

static gboolean
is_mine (PorchWindow *self)
{
  PorchAgent *me = porch_client_get_agent (self->client);

  return me != NULL && g_strcmp0 (self->conversation->assignee, me->id) == 0;
}

/* The server decides; this only keeps from offering what it would refuse. Nothing is offered
 * without a line, since unlike words an action is not kept: it might no longer be right when it
 * arrives. */
static gboolean
can_do (PorchWindow *self, PorchAction action)
{
  PorchState next;

  if (self->conversation == NULL || porch_client_get_link (self->client) != PORCH_LINK_LIVE ||
      porch_mirror_has_left (self->mirror, self->conversation))
    return FALSE;
  return porch_rules_next_state (self->conversation->state, action,
                                 self->conversation->assignee != NULL, &next);
}

/* What the server lets admins do. */
gboolean
porch_window_can_keep (PorchWindow *self)
{
  PorchAgent *me = porch_client_get_agent (self->client);

  return me != NULL && me->role == PORCH_ROLE_ADMIN;
}

void
porch_window_update_actions (PorchWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean is_done =
    self->conversation != NULL && self->conversation->state >= PORCH_STATE_RESOLVED;

  gtk_widget_action_set_enabled (widget, "win.take",
                                 can_do (self, PORCH_ACTION_TAKE) && !is_done && !is_mine (self));
  gtk_widget_action_set_enabled (widget, "win.resolve", can_do (self, PORCH_ACTION_RESOLVE));
  gtk_widget_action_set_enabled (widget, "win.reopen", can_do (self, PORCH_ACTION_REOPEN));
  gtk_widget_action_set_enabled (widget, "win.close-conversation",
                                 can_do (self, PORCH_ACTION_CLOSE));
  gtk_widget_action_set_enabled (widget, "win.assign",
                                 can_do (self, PORCH_ACTION_ASSIGN) && !is_done);
  gtk_widget_action_set_enabled (widget, "win.practice",
                                 porch_client_get_address (self->client) != NULL);
  gtk_widget_action_set_enabled (widget, "win.show-keeping", porch_window_can_keep (self));
  gtk_widget_action_set_enabled (widget, "win.show-snippet",
                                 porch_client_get_address (self->client) != NULL);
}

void
porch_window_take (PorchWindow *self)
{
  if (!can_do (self, PORCH_ACTION_TAKE) || is_mine (self))
    return;
  act (self, self->conversation, PORCH_OP_CONVERSATION_TAKE, NULL);
  porch_conversation_pane_focus_composer (self->conversation_pane);
}

static void
on_take (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_window_take (PORCH_WINDOW (widget));
}

static void
on_resolve (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  act (self, self->conversation, PORCH_OP_CONVERSATION_RESOLVE, NULL);
}

static void
on_reopen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  act (self, self->conversation, PORCH_OP_CONVERSATION_REOPEN, NULL);
}

/* By its id, as the toast may outlive the conversation being open. */
static void
on_undo_resolve (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  PorchConversation *conversation =
    porch_mirror_find_conversation (self->mirror, g_variant_get_string (parameter, NULL));

  if (conversation != NULL)
    act (self, conversation, PORCH_OP_CONVERSATION_REOPEN, NULL);
}

static void
on_close_conversation (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  act (self, self->conversation, PORCH_OP_CONVERSATION_CLOSE, NULL);
}

static void
on_assign (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  act (self, self->conversation, PORCH_OP_CONVERSATION_ASSIGN,
       g_variant_get_string (parameter, NULL));
}

/* The focus goes along into the composer: the keys are for somebody who is writing. */
static void
step_to_neighbour (PorchWindow *self, int step)
{
  PorchConversation *neighbour = porch_inbox_pane_get_neighbour (self->inbox, step);

  if (neighbour != NULL)
    porch_window_open (self, neighbour, TRUE);
}

static void
on_next (GtkWidget *widget, const char *action, GVariant *parameter)
{
  step_to_neighbour (PORCH_WINDOW (widget), 1);
}

static void
on_previous (GtkWidget *widget, const char *action, GVariant *parameter)
{
  step_to_neighbour (PORCH_WINDOW (widget), -1);
}

static void
on_waiting_loaded (PorchWindow *self, GParamSpec *pspec, PorchInbox *waiting)
{
  g_signal_handlers_disconnect_by_func (waiting, on_waiting_loaded, self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.next-waiting", NULL);
}

static void
on_next_waiting (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  PorchInbox *waiting = porch_mirror_get_inbox (self->mirror, "waiting");
  g_autoptr (PorchConversation) first = g_list_model_get_item (G_LIST_MODEL (waiting), 0);

  /* Asked for by a launcher that had to start the program first. */
  g_signal_handlers_disconnect_by_func (waiting, on_waiting_loaded, self);
  if (first == NULL && porch_inbox_get_load (waiting) == PORCH_LOAD_LOADING) {
    g_signal_connect_object (waiting, "notify::load", G_CALLBACK (on_waiting_loaded), self,
                             G_CONNECT_SWAPPED);
    return;
  }
  if (first == NULL) {
    porch_window_toast (self, _ ("Nobody is waiting"));
    return;
  }
  porch_window_open (self, first, TRUE);
  porch_window_take (self);
}

/* Escape and the back button: the innermost thing that lies over another. */
static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  if (adw_flap_get_folded (self->nav_flap) && adw_flap_get_reveal_flap (self->nav_flap))
    adw_flap_set_reveal_flap (self->nav_flap, FALSE);
  else if (adw_flap_get_folded (self->details_flap) &&
           adw_flap_get_reveal_flap (self->details_flap))
    g_object_set (self, "show-details", FALSE, NULL);
  else
    porch_window_go_back (self);
}

static void
on_next_pane (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_window_step_pane (PORCH_WINDOW (widget), 1);
}

static void
on_previous_pane (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_window_step_pane (PORCH_WINDOW (widget), -1);
}

static void
on_toggle_nav (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  const gboolean is_shown = !adw_flap_get_reveal_flap (self->nav_flap);

  adw_flap_set_reveal_flap (self->nav_flap, is_shown);
  if (is_shown)
    gtk_widget_child_focus (GTK_WIDGET (self->nav), GTK_DIR_TAB_FORWARD);
  else
    porch_inbox_pane_focus_list (self->inbox);
}

static void
on_show_inbox (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);

  if (adw_flap_get_folded (self->nav_flap))
    adw_flap_set_reveal_flap (self->nav_flap, FALSE);
  porch_window_go_back (self);
  porch_inbox_pane_focus_list (self->inbox);
}

static void
on_retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  porch_client_retry (PORCH_WINDOW (widget)->client);
}

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
}

/* @parameter is the text of a message that is in no place any more. */
static void
on_tell_removed (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AdwToast *toast = adw_toast_new (_ ("Message removed"));

  adw_toast_set_button_label (toast, _ ("Copy"));
  adw_toast_set_action_name (toast, "win.copy");
  adw_toast_set_action_target_value (toast, parameter);
  adw_toast_set_timeout (toast, REMOVED_S);
  add_toast (PORCH_WINDOW (widget), toast);
}

static void
on_practice (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PorchWindow *self = PORCH_WINDOW (widget);
  g_autofree char *url = porch_client_dup_try_url (self->client);

  if (url != NULL)
    porch_opener_open (GTK_WINDOW (self), url);
}

static const struct {
  const char *name;
  const char *type;
  GtkWidgetActionActivateFunc func;
} actions[] = {
  { "win.assign", "s", on_assign },
  { "win.back", NULL, on_back },
  { "win.close-conversation", NULL, on_close_conversation },
  { "win.copy", "s", on_copy },
  { "win.next", NULL, on_next },
  { "win.next-pane", NULL, on_next_pane },
  { "win.next-waiting", NULL, on_next_waiting },
  { "win.practice", NULL, on_practice },
  { "win.previous", NULL, on_previous },
  { "win.previous-pane", NULL, on_previous_pane },
  { "win.reopen", NULL, on_reopen },
  { "win.resolve", NULL, on_resolve },
  { "win.retry", NULL, on_retry },
  { "win.show-inbox", NULL, on_show_inbox },
  { "win.take", NULL, on_take },
  { "win.tell-removed", "s", on_tell_removed },
  { "win.toggle-nav", NULL, on_toggle_nav },
  { "win.undo-resolve", "s", on_undo_resolve },
};

static const struct {
  guint key;
  GdkModifierType modifiers;
  const char *action;
} keys[] = {
  { GDK_KEY_1, GDK_ALT_MASK, "win.show-inbox" },
  { GDK_KEY_Down, GDK_ALT_MASK, "win.next" },
  { GDK_KEY_Up, GDK_ALT_MASK, "win.previous" },
  { GDK_KEY_j, GDK_CONTROL_MASK, "win.next-waiting" },
  { GDK_KEY_t, GDK_CONTROL_MASK, "win.take" },
  { GDK_KEY_d, GDK_CONTROL_MASK, "win.resolve" },
  { GDK_KEY_F6, 0, "win.next-pane" },
  { GDK_KEY_F6, GDK_SHIFT_MASK, "win.previous-pane" },
  { GDK_KEY_F9, 0, "win.toggle-nav" },
  { GDK_KEY_Return, GDK_ALT_MASK, "win.show-details" },
  { GDK_KEY_comma, GDK_CONTROL_MASK, "win.show-preferences" },
  /* Menus show the last. */
  { GDK_KEY_question, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.show-shortcuts" },
  { GDK_KEY_question, GDK_CONTROL_MASK, "win.show-shortcuts" },
  { GDK_KEY_Escape, 0, "win.back" },
};

void
porch_window_install_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].func);
  gtk_widget_class_install_property_action (widget_class, "win.status", "status");
  gtk_widget_class_install_property_action (widget_class, "win.show-details", "show-details");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}

/* Opening by id: from a notification or another place that has no object. */
typedef struct {
  PorchWindow *window;
  gboolean take;
} Opening;

static void
finish_opening (PorchWindow *self, PorchConversation *conversation, gboolean take)
{
  porch_window_open (self, conversation, TRUE);
  if (take)
    porch_window_take (self);
}

static void
on_conversation_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (PorchWindow) self = opening->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchConversation) conversation =
    porch_mirror_load_conversation_finish (PORCH_MIRROR (source), result, &error);

  if (conversation != NULL)
    finish_opening (self, conversation, opening->take);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    porch_window_toast (self, porch_phrase_error (error));
}

void
porch_window_present_conversation (PorchWindow *self, const char *id, gboolean take)
{
  PorchConversation *conversation;
  Opening *opening;

  g_return_if_fail (PORCH_IS_WINDOW (self));
  g_return_if_fail (id != NULL);

  gtk_window_present (GTK_WINDOW (self));
  conversation = porch_mirror_find_conversation (self->mirror, id);
  if (conversation != NULL) {
    finish_opening (self, conversation, take);
    return;
  }
  opening = g_new0 (Opening, 1);
  opening->window = g_object_ref (self);
  opening->take = take;
  porch_mirror_load_conversation_async (self->mirror, id, self->cancellable, on_conversation_ready,
                                        opening);
}
