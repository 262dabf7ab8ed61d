/* test-notifier.c - what rings on the desktop, and when it stops
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stand-in for the notification daemon lives on the test's own bus and writes down what it is
 * asked to show. The bell calls it from its thread, so it can live on this one.
 */
#include "config.h"

#include "fixture.h"
#include "porch-desktop-settings.h"
#include "porch-notifier.h"
#include "porch-window.h"
#include "program.h"
#include "shop.h"

typedef struct {
  guint32 id;
  guint32 replaces;
  char *summary;
  char *body;
  guint urgency;
  char **actions;
} Shown;

typedef struct {
  GDBusConnection *bus;
  guint name, object;
  guint32 last_id;
  GPtrArray *shown;  /* of Shown, all that were ever */
  GArray *withdrawn; /* of guint32 */
} Daemon;

typedef struct {
  Fixture fixture;
  Daemon daemon;
  AdwApplication *app;
  PorchNotifier *notifier;
  GtkWidget *window;
} Desk;

static const char introspection[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' "
  "direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' "
  "direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' "
  "direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' "
  "direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
  "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
  "</interface></node>";

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_free (shown->summary);
  g_free (shown->body);
  g_strfreev (shown->actions);
  g_free (shown);
}

static guint32
show (Daemon *daemon, GVariant *parameters)
{
  Shown *shown = g_new0 (Shown, 1);
  g_autoptr (GVariant) hints = NULL;
  guchar urgency = 0;

  g_variant_get (parameters, "(su&sss^as@a{sv}i)", NULL, &shown->replaces, NULL, &shown->summary,
                 &shown->body, &shown->actions, &hints, NULL);
  g_variant_lookup (hints, "urgency", "y", &urgency);
  shown->urgency = urgency;
  shown->id = shown->replaces != 0 ? shown->replaces : ++daemon->last_id;
  g_ptr_array_add (daemon->shown, shown);
  return shown->id;
}

static void
on_call (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  static const char *const capabilities[] = { "body", "body-markup", "actions", NULL };
  Daemon *daemon = data;
  GVariant *answer = NULL;
  guint32 id;

  if (g_str_equal (method, "GetCapabilities")) {
    answer = g_variant_new ("(^as)", capabilities);
  } else if (g_str_equal (method, "GetServerInformation")) {
    answer = g_variant_new ("(ssss)", "test", "test", "1", "1.2");
  } else if (g_str_equal (method, "Notify")) {
    answer = g_variant_new ("(u)", show (daemon, parameters));
  } else {
    g_variant_get (parameters, "(u)", &id);
    g_array_append_val (daemon->withdrawn, id);
  }
  g_dbus_method_invocation_return_value (invocation, answer);
}

static void
daemon_begin (Daemon *self)
{
  static const GDBusInterfaceVTable table = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  self->shown = g_ptr_array_new_with_free_func (shown_free);
  self->withdrawn = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  self->object = g_dbus_connection_register_object (
    self->bus, "/org/freedesktop/Notifications", node->interfaces[0], &table, self, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", "org.freedesktop.Notifications", 4),
                                        NULL, 0, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
daemon_end (Daemon *self)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "ReleaseName", g_variant_new ("(s)", "org.freedesktop.Notifications"), NULL, 0, -1, NULL, NULL);

  g_assert_nonnull (answer);
  g_dbus_connection_unregister_object (self->bus, self->object);
  g_ptr_array_unref (self->shown);
  g_array_unref (self->withdrawn);
  g_clear_object (&self->bus);
}

static Shown *
get_last (Desk *self)
{
  g_assert_cmpuint (self->daemon.shown->len, >, 0);
  return self->daemon.shown->pdata[self->daemon.shown->len - 1];
}

static void
choose (Desk *self, const char *action)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->daemon.bus, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", get_last (self)->id, action), &error);
  g_assert_no_error (error);
}

/* ---- coming and going ---- */

static void
begin (Desk *self)
{
  fixture_mirror (&self->fixture);
  self->notifier = porch_notifier_new (G_APPLICATION (self->app), self->fixture.mirror);
  self->window = porch_window_new (self->app, self->fixture.mirror);
  WAIT_FOR (g_list_model_get_n_items (
              G_LIST_MODEL (porch_mirror_get_inbox (self->fixture.mirror, "open"))) == 9);
}

static void
set_up (Desk *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
  shop_fill (self->fixture.server);
  self->app = ADW_APPLICATION (g_application_get_default ());
  if (data == NULL)
    daemon_begin (&self->daemon);
  begin (self);
}

static void
tear_down (Desk *self, gconstpointer data)
{
  g_assert_finalize_object (self->notifier);
  gtk_window_destroy (GTK_WINDOW (self->window));
  if (data == NULL)
    daemon_end (&self->daemon);
  fixture_tear_down (&self->fixture, NULL);
}

static void
say (Desk *self, const char *id, const char *text)
{
  fake_server_say (self->fixture.server, fake_server_get_conversation (self->fixture.server, id),
                   text);
}

/* A conversation that rings for certain: what was told before it has been dealt with. */
static void
say_and_hear (Desk *self, const char *id, const char *text)
{
  const guint n_before = self->daemon.shown->len;

  say (self, id, text);
  WAIT_FOR (self->daemon.shown->len > n_before);
}

/* ---- tests ---- */

static void
test_somebody_waits (Desk *self, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (300, 'x');

  say_and_hear (self, "c-visitor", "Hello? <b>Norway</b> & more");
  g_assert_nonnull (strstr (get_last (self)->summary, "Visitor 7"));
  g_assert_nonnull (strstr (get_last (self)->summary, "is waiting"));
  g_assert_cmpstr (get_last (self)->body, ==, "Hello? &lt;b&gt;Norway&lt;/b&gt; &amp; more");
  g_assert_cmpuint (get_last (self)->urgency, ==, 1);
  g_assert_true (g_strv_contains ((const char *const *) get_last (self)->actions, "open"));
  g_assert_true (g_strv_contains ((const char *const *) get_last (self)->actions, "take"));

  /* The next one takes its place. */
  say_and_hear (self, "c-visitor", long_text);
  g_assert_cmpuint (get_last (self)->replaces, ==, 1);
  g_assert_cmpuint (g_utf8_strlen (get_last (self)->body, -1), <=, 121);
}

static void
test_what_is_mine_rings_and_what_is_not_does_not (Desk *self, gconstpointer data)
{
  say (self, "c-luca", "I am not for you");
  say_and_hear (self, "c-owen", "But I am");
  g_assert_cmpuint (self->daemon.shown->len, ==, 1);
  g_assert_nonnull (strstr (get_last (self)->summary, "Owen Hughes"));
}

static void
test_busy_and_offline (Desk *self, gconstpointer data)
{
  PorchAgent *me = porch_client_get_agent (self->fixture.client);

  g_object_set (me, "status", PORCH_STATUS_BUSY, NULL);
  say (self, "c-visitor", "Anybody?");
  say_and_hear (self, "c-owen", "It is me");
  g_assert_cmpuint (self->daemon.shown->len, ==, 1);
  g_object_set (me, "status", PORCH_STATUS_OFFLINE, NULL);
  say (self, "c-owen", "Still me");
  fixture_round_trip (&self->fixture);
  g_object_set (me, "status", PORCH_STATUS_ONLINE, NULL);
  say_and_hear (self, "c-amara", "And me");
  g_assert_cmpuint (self->daemon.shown->len, ==, 2);
}

static void
test_missed_is_urgent (Desk *self, gconstpointer data)
{
  PorchConversation *there = fake_server_get_conversation (self->fixture.server, "c-visitor");

  /* It waited before this window was opened. */
  WAIT_FOR (g_list_model_get_n_items (
              G_LIST_MODEL (porch_mirror_get_inbox (self->fixture.mirror, "waiting"))) == 2);
  there->state = PORCH_STATE_MISSED;
  there->waiting_since = g_get_real_time () - 5 * G_TIME_SPAN_MINUTE - G_TIME_SPAN_SECOND;
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_MISSED);
  WAIT_FOR (self->daemon.shown->len == 1);
  g_assert_cmpuint (get_last (self)->urgency, ==, 2);
  g_assert_nonnull (strstr (get_last (self)->summary, "has waited 5 minutes"));
  g_assert_cmpstr (get_last (self)->body, ==, "Do you ship the cargo rack to Norway?");
}

static void
test_taken_by_somebody_else (Desk *self, gconstpointer data)
{
  PorchConversation *there = fake_server_get_conversation (self->fixture.server, "c-visitor");

  say_and_hear (self, "c-visitor", "Hello?");
  porch_member_set (&there->assignee, "a2");
  there->state = PORCH_STATE_ACTIVE;
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_ASSIGNED);
  WAIT_FOR (self->daemon.withdrawn->len == 1);
  g_assert_cmpuint (g_array_index (self->daemon.withdrawn, guint32, 0), ==, get_last (self)->id);
}

static void
test_read_elsewhere (Desk *self, gconstpointer data)
{
  PorchConversation *there = fake_server_get_conversation (self->fixture.server, "c-owen");

  there->unread = 1;
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_UPDATED);
  say_and_hear (self, "c-owen", "Hello?");
  there->unread = 0;
  there->agent_read = there->last_message;
  fake_server_change (self->fixture.server, there, PORCH_EVENT_CONVERSATION_UPDATED);
  WAIT_FOR (self->daemon.withdrawn->len == 1);
}

static void
test_open (Desk *self, gconstpointer data)
{
  say_and_hear (self, "c-owen", "Hello?");
  choose (self, "default");
  WAIT_FOR (porch_window_get_conversation (PORCH_WINDOW (self->window)) != NULL);
  g_assert_cmpstr (porch_window_get_conversation (PORCH_WINDOW (self->window))->id, ==, "c-owen");
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_CONVERSATION_TAKE], ==, 0);
  WAIT_FOR (self->daemon.withdrawn->len == 1);
}

static void
test_take (Desk *self, gconstpointer data)
{
  say_and_hear (self, "c-visitor", "Hello?");
  choose (self, "take");
  WAIT_FOR (g_strcmp0 (fake_server_get_conversation (self->fixture.server, "c-visitor")->assignee,
                       "a1") == 0);
  g_assert_cmpstr (porch_window_get_conversation (PORCH_WINDOW (self->window))->id, ==,
                   "c-visitor");
}

static void
count (guint *n)
{
  (*n)++;
}

/* The daemon is not there at all; every warning is fatal here. */
static void
test_without_a_daemon (Desk *self, gconstpointer data)
{
  PorchConversation *here = porch_mirror_find_conversation (self->fixture.mirror, "c-owen");
  guint n_arrived = 0;

  g_signal_connect_swapped (self->fixture.mirror, "arrived", G_CALLBACK (count), &n_arrived);
  say (self, "c-owen", "Hello?");
  WAIT_FOR (n_arrived == 1);
  g_assert_cmpstr (here->last_text, ==, "Hello?");
  g_signal_handlers_disconnect_by_data (self->fixture.mirror, &n_arrived);
}

/* There is no sound server; the bell says so to those who debug, once, when it is asked for a
 * sound. */
static void
on_no_sound (const char *domain, GLogLevelFlags level, const char *text, gpointer n_sounds)
{
  if (g_str_has_prefix (text, "no sound"))
    g_atomic_int_inc ((gint *) n_sounds);
}

static void
test_sound_can_be_switched_off (Desk *self, gconstpointer data)
{
  g_autoptr (GSettings) settings = porch_desktop_settings_new ();
  gint n_sounds = 0;
  const guint handler = g_log_set_handler ("porch-ui", G_LOG_LEVEL_DEBUG, on_no_sound, &n_sounds);

  g_assert_nonnull (settings);
  g_settings_set_boolean (settings, PORCH_SETTING_NOTIFICATION_SOUND, FALSE);
  say_and_hear (self, "c-visitor", "Psst");
  g_assert_cmpint (g_atomic_int_get (&n_sounds), ==, 0);
  g_settings_reset (settings, PORCH_SETTING_NOTIFICATION_SOUND);
  say_and_hear (self, "c-visitor", "Hello!");
  g_assert_cmpint (g_atomic_int_get (&n_sounds), ==, 1);
  g_log_remove_handler ("porch-ui", handler);
}

#define add(name, data, test) g_test_add ("/notifier/" name, Desk, data, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = program_start (&argc, &argv);

  add ("somebody-waits", NULL, test_somebody_waits);
  add ("what-is-mine-rings-and-what-is-not-does-not", NULL,
       test_what_is_mine_rings_and_what_is_not_does_not);
  add ("busy-and-offline", NULL, test_busy_and_offline);
  add ("missed-is-urgent", NULL, test_missed_is_urgent);
  add ("taken-by-somebody-else", NULL, test_taken_by_somebody_else);
  add ("read-elsewhere", NULL, test_read_elsewhere);
  add ("open", NULL, test_open);
  add ("take", NULL, test_take);
  add ("sound-can-be-switched-off", NULL, test_sound_can_be_switched_off);
  add ("without-a-daemon", "no daemon", test_without_a_daemon);
  return g_test_run ();
}
