/* porch-stay.c - goes on without a window, and asks before it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stay.h"

#include "porch-quit-dialog.h"
#include "porch-window.h"

#include <glib/gi18n.h>

#define KEEP_AWAKE "keep-awake"
#define HAS_TOLD   "has-told-of-background"

struct _PorchStay {
  GtkApplication *app;
  PorchMirror *mirror;
  PorchNotifier *notifier;
  GSettings *settings; /* NULL: not installed; then what is chosen holds until the end */
  GSimpleAction *keep_awake;
  gboolean is_kept, is_ending, has_told, has_ended;
  guint inhibition; /* GTK's cookie, 0: none */
  void (*ended) (gpointer data);
  gpointer data;
};

/* Dialogs are windows of the application too. */
static GtkWindow *
find_window (PorchStay *self)
{
  for (GList *at = gtk_application_get_windows (self->app); at != NULL; at = at->next)
    if (PORCH_IS_WINDOW (at->data))
      return at->data;
  return NULL;
}

static gint64
count_open (PorchStay *self)
{
  gint64 n = 0;

  g_object_get (self->mirror, "counts-open", &n, NULL);
  return n;
}

/* ---- sleep ---- */

static gboolean
wants_awake (PorchStay *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->keep_awake));

  return g_variant_get_boolean (state);
}

static void
update_inhibition (PorchStay *self)
{
  const gint64 n = count_open (self);
  const gboolean is_wanted = n > 0 && self->is_kept && !self->is_ending && wants_awake (self);
  g_autofree char *reason = NULL;

  if (is_wanted == (self->inhibition != 0))
    return;
  if (!is_wanted) {
    gtk_application_uninhibit (self->app, self->inhibition);
    self->inhibition = 0;
    return;
  }
  /* Translators: why the computer does not go to sleep */
  reason = g_strdup (_ ("Visitors are waiting for an answer or in a conversation"));
  self->inhibition = gtk_application_inhibit (self->app, find_window (self),
                                              GTK_APPLICATION_INHIBIT_SUSPEND, reason);
}

static void
on_keep_awake_changed (PorchStay *self, GVariant *state)
{
  g_simple_action_set_state (self->keep_awake, state);
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, KEEP_AWAKE, g_variant_get_boolean (state));
  update_inhibition (self);
}

/* ---- without a window ---- */

static void
tell_background (PorchStay *self)
{
  if (self->has_told)
    return;
  self->has_told = TRUE;
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, HAS_TOLD, TRUE);
  porch_notifier_tell (
    self->notifier, _ ("Porchlight is still on"),
                       _ ("Visitors can go on writing, and you will be told. Quit in the menu ends "
                          "it."));
}

static void
end (PorchStay *self)
{
  if (self->has_ended)
    return;
  self->has_ended = TRUE;
  if (self->is_kept)
    g_application_release (G_APPLICATION (self->app));
  self->ended (self->data);
}

static void
on_window_removed (PorchStay *self)
{
  if (find_window (self) != NULL)
    return;
  if (self->is_kept && !self->is_ending)
    tell_background (self);
  else
    end (self);
}

void
porch_stay_end (PorchStay *self)
{
  GtkWindow *window;

  self->is_ending = TRUE;
  update_inhibition (self);
  if (find_window (self) == NULL)
    end (self);
  while ((window = find_window (self)) != NULL)
    gtk_window_destroy (window);
}

/* ---- asking ---- */

static void
on_answered (GtkWindow *window, PorchQuitAnswer answer, gpointer data)
{
  PorchStay *self = data;

  switch (answer) {
  case PORCH_QUIT_CANCEL:
    break;
  case PORCH_QUIT_BACKGROUND:
    gtk_window_destroy (window);
    break;
  case PORCH_QUIT_NOW:
    porch_stay_end (self);
    break;
  }
}

static void
ask_to_end (PorchStay *self, GtkWindow *window)
{
  const gint64 n = count_open (self);

  if (n == 0 || window == NULL)
    porch_stay_end (self);
  else
    porch_quit_dialog_ask (window, n, self->is_kept, on_answered, self);
}

static void
on_quit (PorchStay *self)
{
  ask_to_end (self, find_window (self));
}

/* TRUE keeps the window open. */
static gboolean
on_close_request (GtkWindow *window, PorchStay *self)
{
  if (self->is_kept || self->is_ending || count_open (self) == 0)
    return FALSE;
  ask_to_end (self, window);
  return TRUE;
}

void
porch_stay_watch (PorchStay *self, GtkWindow *window)
{
  g_signal_connect (window, "close-request", G_CALLBACK (on_close_request), self);
}

/* ---- life ---- */

static void
add_actions (PorchStay *self)
{
  static const char *const quit_keys[] = { "<Control>q", NULL };
  const gboolean is_awake =
    self->settings == NULL || g_settings_get_boolean (self->settings, KEEP_AWAKE);
  g_autoptr (GSimpleAction) quit = g_simple_action_new ("quit", NULL);

  g_signal_connect_swapped (quit, "activate", G_CALLBACK (on_quit), self);
  g_action_map_add_action (G_ACTION_MAP (self->app), G_ACTION (quit));
  gtk_application_set_accels_for_action (self->app, "app.quit", quit_keys);

  self->keep_awake =
    g_simple_action_new_stateful ("keep-awake", NULL, g_variant_new_boolean (is_awake));
  g_signal_connect_swapped (self->keep_awake, "change-state", G_CALLBACK (on_keep_awake_changed),
                            self);
  g_action_map_add_action (G_ACTION_MAP (self->app), G_ACTION (self->keep_awake));
}

PorchStay *
porch_stay_new (GtkApplication *app,
                PorchMirror *mirror,
                PorchNotifier *notifier,
                GSettings *settings,
                gboolean is_kept,
                void (*ended) (gpointer data),
                gpointer data)
{
  PorchStay *self = g_new0 (PorchStay, 1);

  self->app = app;
  self->mirror = g_object_ref (mirror);
  self->notifier = g_object_ref (notifier);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  self->is_kept = is_kept;
  self->has_told = settings != NULL && g_settings_get_boolean (settings, HAS_TOLD);
  self->ended = ended;
  self->data = data;
  add_actions (self);
  g_signal_connect_swapped (app, "window-removed", G_CALLBACK (on_window_removed), self);
  g_signal_connect_swapped (mirror, "notify::counts-open", G_CALLBACK (update_inhibition), self);
  if (is_kept)
    g_application_hold (G_APPLICATION (app));
  return self;
}

void
porch_stay_free (PorchStay *self)
{
  g_signal_handlers_disconnect_by_data (self->app, self);
  g_signal_handlers_disconnect_by_data (self->mirror, self);
  g_signal_handlers_disconnect_by_data (self->keep_awake, self);
  g_action_map_remove_action (G_ACTION_MAP (self->app), "quit");
  g_action_map_remove_action (G_ACTION_MAP (self->app), "keep-awake");
  g_clear_object (&self->keep_awake);
  g_clear_object (&self->settings);
  g_clear_object (&self->notifier);
  g_clear_object (&self->mirror);
  g_free (self);
}
