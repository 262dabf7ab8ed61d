/* porch-notifier.c - decides what rings on the desktop, and when it stops
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rings: a visitor's message in a conversation that nobody has, or that is mine; and once more,
 * urgently, when it was missed. Not what somebody else has, not what is in front of me, nothing
 * while I am offline, and only my own while I am busy.
 */
#include "config.h"

#include "porch-notifier.h"

#include "porch-bell.h"
#include "porch-clock.h"
#include "porch-desktop-settings.h"
#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-text.h"
#include "porch-window.h"

#include <glib/gi18n.h>

/* Many at once are one sound. */
#define QUIET_US (2 * G_TIME_SPAN_SECOND)
/* No conversation has such an id. */
#define NOTICE "notice"

struct _PorchNotifier {
  GObject parent_instance;

  GApplication *app;
  PorchMirror *mirror;
  PorchBell *bell;
  GSettings *settings; /* NULL: as by default */
  GHashTable *watched; /* of PorchConversation: those that rang or wait */
  GListModel *waiting;
  gint64 sounded_at_us;
};

G_DEFINE_FINAL_TYPE (PorchNotifier, porch_notifier, G_TYPE_OBJECT)

static PorchWindow *
find_window (PorchNotifier *self)
{
  if (!GTK_IS_APPLICATION (self->app))
    return NULL;
  for (GList *at = gtk_application_get_windows (GTK_APPLICATION (self->app)); at != NULL;
       at = at->next)
    if (PORCH_IS_WINDOW (at->data))
      return at->data;
  return NULL;
}

static gboolean
is_looked_at (PorchNotifier *self, PorchConversation *conversation)
{
  PorchWindow *window = find_window (self);

  return window != NULL && porch_window_is_looking_at (window, conversation);
}

static gboolean
should_ring (PorchNotifier *self, PorchConversation *conversation)
{
  PorchAgent *me = porch_client_get_agent (porch_mirror_get_client (self->mirror));
  const gboolean is_mine = me != NULL && g_strcmp0 (conversation->assignee, me->id) == 0;

  if (me == NULL || me->status == PORCH_STATUS_OFFLINE)
    return FALSE;
  if (conversation->assignee != NULL && !is_mine)
    return FALSE;
  if (me->status == PORCH_STATUS_BUSY && !is_mine)
    return FALSE;
  return !is_looked_at (self, conversation);
}

static gboolean
may_sound (PorchNotifier *self)
{
  const gint64 now_us = porch_clock_monotonic_us ();
  gboolean is_wanted = TRUE;

  /* The desktop's own switch for sounds of this kind, and ours. */
  if (gtk_settings_get_default () != NULL)
    g_object_get (gtk_settings_get_default (), "gtk-enable-event-sounds", &is_wanted, NULL);
  if (is_wanted && self->settings != NULL)
    is_wanted = g_settings_get_boolean (self->settings, PORCH_SETTING_NOTIFICATION_SOUND);
  if (!is_wanted || (self->sounded_at_us != 0 && now_us - self->sounded_at_us < QUIET_US))
    return FALSE;
  self->sounded_at_us = now_us;
  return TRUE;
}

static char *
dup_summary (PorchNotifier *self, PorchConversation *conversation)
{
  g_autofree char *plain = porch_phrase_name (conversation);
  g_autofree char *name = porch_format_isolate (plain);
  int n_minutes;

  if (conversation->state == PORCH_STATE_MISSED) {
    n_minutes =
      (int) ((porch_clock_now_us () - conversation->waiting_since) / (60 * G_TIME_SPAN_SECOND));
    /* Translators: a visitor's name and how long nobody answered */
    return g_strdup_printf (
      ngettext ("%s has waited %d minute", "%s has waited %d minutes", (gulong) MAX (1, n_minutes)),
      name, MAX (1, n_minutes));
  }
  if (conversation->assignee == NULL)
    /* Translators: a visitor's name */
    return g_strdup_printf (_ ("%s is waiting"), name);
  /* Translators: a visitor's name; I have the conversation already */
  return g_strdup_printf (_ ("%s wrote"), name);
}

static void
ring (PorchNotifier *self, PorchConversation *conversation, const char *text)
{
  g_autofree char *summary = dup_summary (self, conversation);
  g_autofree char *body = porch_text_dup_line (text, PORCH_PREVIEW_CHARACTERS);
  PorchRing *what = porch_ring_new (conversation->id, summary, body != NULL ? body : "");

  what->is_urgent = conversation->state == PORCH_STATE_MISSED;
  what->has_sound = may_sound (self);
  porch_bell_ring (self->bell, what);
}

static void
on_state_changed (PorchNotifier *self, GParamSpec *pspec, PorchConversation *conversation)
{
  if (conversation->state == PORCH_STATE_MISSED && should_ring (self, conversation))
    ring (self, conversation, conversation->last_text);
}

static void
on_unread_changed (PorchNotifier *self, GParamSpec *pspec, PorchConversation *conversation)
{
  if (conversation->unread == 0)
    porch_bell_withdraw (self->bell, conversation->id);
}

static void
unwatch (PorchNotifier *self, PorchConversation *conversation)
{
  g_signal_handlers_disconnect_by_data (conversation, self);
  g_hash_table_remove (self->watched, conversation);
}

static void
watch (PorchNotifier *self, PorchConversation *conversation)
{
  if (!g_hash_table_add (self->watched, g_object_ref (conversation)))
    return;
  g_signal_connect_object (conversation, "notify::state", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_unread_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
on_arrived (PorchNotifier *self, PorchConversation *conversation, PorchMessage *message)
{
  watch (self, conversation);
  if (should_ring (self, conversation))
    ring (self, conversation, message->text);
}

static void
on_taken (PorchNotifier *self, PorchConversation *conversation)
{
  porch_bell_withdraw (self->bell, conversation->id);
  unwatch (self, conversation);
}

/* Those that waited before this window was opened can still be missed. */
static void
on_waiting_changed (PorchNotifier *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (PorchConversation) conversation =
      g_list_model_get_item (self->waiting, position + i);

    watch (self, conversation);
  }
}

static void
on_action (PorchNotifier *self, const char *id, const char *action, const char *token)
{
  PorchWindow *window = find_window (self);

  if (window == NULL) {
    g_application_activate (self->app);
    window = find_window (self);
  }
  if (window == NULL)
    return;
  if (token != NULL)
    gtk_window_set_startup_id (GTK_WINDOW (window), token);
  if (g_strcmp0 (id, NOTICE) == 0)
    gtk_window_present (GTK_WINDOW (window));
  else
    porch_window_present_conversation (window, id, g_strcmp0 (action, "take") == 0);
  porch_bell_withdraw (self->bell, id);
}

static void
porch_notifier_dispose (GObject *object)
{
  PorchNotifier *self = PORCH_NOTIFIER (object);
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->watched);
  while (g_hash_table_iter_next (&iter, &conversation, NULL)) {
    g_signal_handlers_disconnect_by_data (conversation, self);
    g_hash_table_iter_remove (&iter);
  }
  g_clear_object (&self->bell);
  g_clear_object (&self->settings);
  g_clear_object (&self->waiting);
  g_clear_object (&self->mirror);
  self->app = NULL;

  G_OBJECT_CLASS (porch_notifier_parent_class)->dispose (object);
}

static void
porch_notifier_finalize (GObject *object)
{
  g_hash_table_unref (PORCH_NOTIFIER (object)->watched);

  G_OBJECT_CLASS (porch_notifier_parent_class)->finalize (object);
}

static void
porch_notifier_class_init (PorchNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = porch_notifier_finalize;
}

static void
porch_notifier_init (PorchNotifier *self)
{
  self->watched = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->bell = porch_bell_new ();
  self->settings = porch_desktop_settings_new ();
  g_signal_connect_swapped (self->bell, "action", G_CALLBACK (on_action), self);
}

PorchNotifier *
porch_notifier_new (GApplication *app, PorchMirror *mirror)
{
  PorchNotifier *self = g_object_new (PORCH_TYPE_NOTIFIER, NULL);

  self->app = app;
  self->mirror = g_object_ref (mirror);
  self->waiting = g_object_ref (G_LIST_MODEL (porch_mirror_get_inbox (mirror, "waiting")));
  g_signal_connect_object (mirror, "arrived", G_CALLBACK (on_arrived), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "taken", G_CALLBACK (on_taken), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->waiting, "items-changed", G_CALLBACK (on_waiting_changed), self,
                           G_CONNECT_SWAPPED);
  on_waiting_changed (self, 0, 0, g_list_model_get_n_items (self->waiting));
  return self;
}

void
porch_notifier_tell (PorchNotifier *self, const char *summary, const char *body)
{
  PorchRing *notice;

  g_return_if_fail (PORCH_IS_NOTIFIER (self));

  notice = porch_ring_new (NOTICE, summary, body);
  notice->is_notice = TRUE;
  porch_bell_ring (self->bell, notice);
}
