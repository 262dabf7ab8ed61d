/* porch-bell.c - the thread that talks to the notification daemon and to the sound server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything of the tower is touched by its thread only; jobs come in and actions go out as idle
 * sources of the context that is meant.
 */
#include "config.h"

#include "porch-bell.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <gsound.h>
#include <libnotify/notify.h>

#define DAEMON "org.freedesktop.Notifications"
/* What libnotify talks to from within a sandbox. */
#define PORTAL "org.freedesktop.portal.Desktop"
/* How long the end of the program waits for what is shown to be taken back. */
#define FAREWELL_MS 500

/* What lives on the thread. It outlives the bell when the thread is held up by a daemon. */
typedef struct {
  GMainContext *context;
  GMainLoop *loop;
  GHashTable *shown; /* id -> NotifyNotification */
  GSoundContext *sound;
  const char *daemon; /* its name on the bus */
  gboolean has_markup;
  gboolean has_actions;
  gboolean knows_daemon;
  gboolean said_no_daemon;
  gboolean said_no_sound;

  GMutex lock;
  GMainContext *home; /* of the bell */
  PorchBell *bell;    /* NULL once it is gone; not owned */
  GCond ended;
  gboolean has_ended;
} Tower;

struct _PorchBell {
  GObject parent_instance;

  Tower *tower;
};

enum {
  ACTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchBell, porch_bell, G_TYPE_OBJECT)

static void
tower_clear (gpointer data)
{
  Tower *tower = data;

  g_hash_table_unref (tower->shown);
  g_clear_object (&tower->sound);
  g_main_loop_unref (tower->loop);
  g_main_context_unref (tower->context);
  g_main_context_unref (tower->home);
  g_mutex_clear (&tower->lock);
  g_cond_clear (&tower->ended);
}

static void
tower_unref (gpointer tower)
{
  g_atomic_rc_box_release_full (tower, tower_clear);
}

/* ---- from the thread to the bell ---- */

typedef struct {
  Tower *tower;
  char *id;
  char *action;
  char *token;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  tower_unref (choice->tower);
  g_clear_pointer (&choice->id, g_free);
  g_clear_pointer (&choice->action, g_free);
  g_clear_pointer (&choice->token, g_free);
  g_free (choice);
}

static gboolean
on_choice (gpointer data)
{
  Choice *choice = data;
  g_autoptr (PorchBell) bell = NULL;

  /* On the bell's own thread, where it cannot go meanwhile. */
  g_mutex_lock (&choice->tower->lock);
  g_set_object (&bell, choice->tower->bell);
  g_mutex_unlock (&choice->tower->lock);
  if (bell != NULL)
    g_signal_emit (bell, signals[ACTION], 0, choice->id, choice->action, choice->token);
  return G_SOURCE_REMOVE;
}

static void
on_action (NotifyNotification *notification, char *action, gpointer user_data)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->tower = g_atomic_rc_box_acquire (user_data);
  choice->id = g_strdup (g_object_get_data (G_OBJECT (notification), "porch-id"));
  choice->action = g_strdup (g_strcmp0 (action, "take") == 0 ? "take" : "open");
  choice->token = g_strdup (notify_notification_get_activation_token (notification));
  g_main_context_invoke_full (choice->tower->home, G_PRIORITY_DEFAULT, on_choice, choice,
                              choice_free);
}

/* ---- on the thread ---- */

static void
on_closed (NotifyNotification *notification, gpointer user_data)
{
  Tower *tower = user_data;

  g_hash_table_remove (tower->shown, g_object_get_data (G_OBJECT (notification), "porch-id"));
}

static gboolean
has_capability (GList *capabilities, const char *name)
{
  return g_list_find_custom (capabilities, name, (GCompareFunc) g_strcmp0) != NULL;
}

static GVariant *
ask_bus (GDBusConnection *bus, const char *method, GVariant *parameters, GError **error)
{
  return g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", method, parameters, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
}

/* libnotify warns aloud when there is no daemon; asking the bus first does not. */
static gboolean
find_daemon (Tower *tower)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_autoptr (GVariant) answer = NULL;
  GList *capabilities;

  /* Who is there already need not be one that the bus could start. */
  if (bus != NULL)
    answer = ask_bus (bus, "GetNameOwner", g_variant_new ("(s)", tower->daemon), NULL);
  if (bus != NULL && answer == NULL)
    answer = ask_bus (bus, "StartServiceByName", g_variant_new ("(su)", tower->daemon, 0), &error);
  if (answer == NULL) {
    if (!tower->said_no_daemon)
      g_debug ("no notifications: %s", error->message);
    tower->said_no_daemon = TRUE;
    return FALSE;
  }
  if (tower->knows_daemon)
    return TRUE;
  tower->knows_daemon = TRUE;
  if (!notify_is_initted ())
    notify_init ("Porchlight");
  capabilities = notify_get_server_caps ();
  tower->has_markup = has_capability (capabilities, "body-markup");
  tower->has_actions = has_capability (capabilities, "actions");
  g_list_free_full (capabilities, g_free);
  return TRUE;
}

static gboolean
is_outside (Tower *tower)
{
  return g_str_equal (tower->daemon, DAEMON);
}

/* As libnotify decides it. */
static const char *
choose_daemon (void)
{
  const gboolean is_sandboxed =
    g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("NOTIFY_FORCE_PORTAL") != NULL;

  return is_sandboxed && g_getenv ("NOTIFY_IGNORE_PORTAL") == NULL ? PORTAL : DAEMON;
}

static NotifyNotification *
make_notification (Tower *tower, const char *id, gboolean is_notice)
{
  NotifyNotification *notification = notify_notification_new ("", NULL, PORCH_APPLICATION_ID);

  g_object_set_data_full (G_OBJECT (notification), "porch-id", g_strdup (id), g_free);
  g_signal_connect (notification, "closed", G_CALLBACK (on_closed), tower);
  /* The portal knows who asks, and has no categories. */
  if (is_outside (tower)) {
    notify_notification_set_hint (notification, "desktop-entry",
                                  g_variant_new_string (PORCH_APPLICATION_ID));
    if (!is_notice)
      notify_notification_set_category (notification, "im.received");
  }
  if (tower->has_actions) {
    notify_notification_add_action (notification, "default", _ ("Open"), on_action, tower, NULL);
    /* The portal shows the default action as a button too. */
    if (is_outside (tower))
      notify_notification_add_action (notification, "open", _ ("Open"), on_action, tower, NULL);
    if (!is_notice)
      notify_notification_add_action (notification, "take", _ ("Take"), on_action, tower, NULL);
  }
  g_hash_table_insert (tower->shown, g_strdup (id), notification);
  return notification;
}

static void
show (Tower *tower, const PorchRing *ring)
{
  g_autofree char *body = NULL;
  g_autoptr (GError) error = NULL;
  NotifyNotification *notification;

  if (!find_daemon (tower))
    return;
  body = tower->has_markup ? g_markup_escape_text (ring->body, -1) : g_strdup (ring->body);
  notification = g_hash_table_lookup (tower->shown, ring->id);
  if (notification == NULL)
    notification = make_notification (tower, ring->id, ring->is_notice);
  notify_notification_update (notification, ring->summary, body,
                              ring->is_urgent ? "dialog-warning" : PORCH_APPLICATION_ID);
  notify_notification_set_urgency (notification, ring->is_urgent ? NOTIFY_URGENCY_CRITICAL
                                                                 : NOTIFY_URGENCY_NORMAL);
  if (!notify_notification_show (notification, &error)) {
    g_debug ("a notification was not shown: %s", error->message);
    g_hash_table_remove (tower->shown, ring->id);
  }
}

static void
play (Tower *tower)
{
  g_autoptr (GError) error = NULL;

  if (tower->sound == NULL)
    tower->sound = gsound_context_new (NULL, &error);
  if (tower->sound != NULL &&
      gsound_context_play_simple (tower->sound, NULL, &error, GSOUND_ATTR_EVENT_ID,
                                  "message-new-instant", GSOUND_ATTR_EVENT_DESCRIPTION,
                                  _ ("Somebody wrote"), GSOUND_ATTR_APPLICATION_ID,
                                     PORCH_APPLICATION_ID, GSOUND_ATTR_MEDIA_ROLE, "event", NULL))
    return;
  if (!tower->said_no_sound)
    g_debug ("no sound: %s", error->message);
  tower->said_no_sound = TRUE;
  /* A sound server may come later. */
  g_clear_object (&tower->sound);
}

static void
close_shown (Tower *tower, const char *id)
{
  NotifyNotification *notification = g_hash_table_lookup (tower->shown, id);

  if (notification == NULL)
    return;
  g_signal_handlers_disconnect_by_data (notification, tower);
  notify_notification_close (notification, NULL);
  g_hash_table_remove (tower->shown, id);
}

static gpointer
run_tower (gpointer data)
{
  Tower *tower = data;

  g_main_context_push_thread_default (tower->context);
  tower->daemon = choose_daemon ();
  g_main_loop_run (tower->loop);
  g_hash_table_remove_all (tower->shown);
  g_main_context_pop_thread_default (tower->context);

  g_mutex_lock (&tower->lock);
  tower->has_ended = TRUE;
  g_cond_signal (&tower->ended);
  g_mutex_unlock (&tower->lock);
  tower_unref (tower);
  return NULL;
}

/* ---- jobs ---- */

typedef struct {
  Tower *tower;
  PorchRing *ring;
  char *withdrawn;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  tower_unref (job->tower);
  g_clear_pointer (&job->ring, porch_ring_free);
  g_clear_pointer (&job->withdrawn, g_free);
  g_free (job);
}

static gboolean
do_job (gpointer data)
{
  Job *job = data;

  if (job->ring != NULL) {
    if (job->ring->has_sound)
      play (job->tower);
    show (job->tower, job->ring);
  }
  if (job->withdrawn != NULL)
    close_shown (job->tower, job->withdrawn);
  return G_SOURCE_REMOVE;
}

/* Never on the caller's thread, not even when the other one has not begun yet. */
static void
post (Tower *tower, int priority, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, tower->context);
}

static gboolean
quit_tower (gpointer data)
{
  Tower *tower = data;

  g_main_loop_quit (tower->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
end_tower (gpointer data)
{
  Tower *tower = data;
  g_autoptr (GList) ids = g_hash_table_get_keys (tower->shown);

  /* Nobody would answer their buttons any more. */
  for (GList *at = ids; at != NULL; at = at->next) {
    g_autofree char *id = g_strdup (at->data);

    close_shown (tower, id);
  }
  /* libnotify's proxy is bound to this thread's context; the next bell needs one of its own. */
  if (notify_is_initted ())
    notify_uninit ();
  /* What the proxy leaves is freed by sources of this context; they come first. */
  post (tower, G_PRIORITY_LOW, quit_tower, g_atomic_rc_box_acquire (tower), tower_unref);
  return G_SOURCE_REMOVE;
}

static void
post_job (PorchBell *self, PorchRing *ring, const char *withdrawn)
{
  Job *job = g_new0 (Job, 1);

  job->tower = g_atomic_rc_box_acquire (self->tower);
  job->ring = ring;
  job->withdrawn = g_strdup (withdrawn);
  post (self->tower, G_PRIORITY_DEFAULT, do_job, job, job_free);
}

static void
porch_bell_dispose (GObject *object)
{
  PorchBell *self = PORCH_BELL (object);
  Tower *tower = g_steal_pointer (&self->tower);
  const gint64 end = g_get_monotonic_time () + FAREWELL_MS * G_TIME_SPAN_MILLISECOND;

  if (tower != NULL) {
    post (tower, G_PRIORITY_DEFAULT, end_tower, g_atomic_rc_box_acquire (tower), tower_unref);
    g_mutex_lock (&tower->lock);
    tower->bell = NULL;
    while (!tower->has_ended && g_cond_wait_until (&tower->ended, &tower->lock, end))
      continue;
    g_mutex_unlock (&tower->lock);
    tower_unref (tower);
  }

  G_OBJECT_CLASS (porch_bell_parent_class)->dispose (object);
}

static void
porch_bell_class_init (PorchBellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_bell_dispose;

  signals[ACTION] = g_signal_new ("action", PORCH_TYPE_BELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
porch_bell_init (PorchBell *self)
{
  Tower *tower = g_atomic_rc_box_new0 (Tower);

  g_mutex_init (&tower->lock);
  g_cond_init (&tower->ended);
  tower->context = g_main_context_new ();
  tower->loop = g_main_loop_new (tower->context, FALSE);
  tower->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  tower->home = g_main_context_ref_thread_default ();
  tower->bell = self;
  self->tower = tower;
  g_thread_unref (g_thread_new ("porch-bell", run_tower, g_atomic_rc_box_acquire (tower)));
}

PorchBell *
porch_bell_new (void)
{
  return g_object_new (PORCH_TYPE_BELL, NULL);
}

PorchRing *
porch_ring_new (const char *id, const char *summary, const char *body)
{
  PorchRing *ring = g_new0 (PorchRing, 1);

  ring->id = g_strdup (id);
  ring->summary = g_strdup (summary);
  ring->body = g_strdup (body);
  return ring;
}

void
porch_ring_free (PorchRing *ring)
{
  g_clear_pointer (&ring->id, g_free);
  g_clear_pointer (&ring->summary, g_free);
  g_clear_pointer (&ring->body, g_free);
  g_free (ring);
}

void
porch_bell_ring (PorchBell *self, PorchRing *ring)
{
  g_return_if_fail (PORCH_IS_BELL (self));

  post_job (self, ring, NULL);
}

void
porch_bell_withdraw (PorchBell *self, const char *id)
{
  g_return_if_fail (PORCH_IS_BELL (self));

  post_job (self, NULL, id);
}
