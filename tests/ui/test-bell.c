/* test-bell.c - the bell in a sandbox, where the portal stands between it and the desktop; and its
 * sound
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stand-in for the portal lives on the test's own bus. NOTIFY_FORCE_PORTAL has libnotify take it,
 * as the file that every sandbox has does.
 */
#include "config.h"

#include "porch-bell.h"

#include <gio/gio.h>

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Notification"

typedef struct {
  GDBusConnection *bus;
  guint object;
  char *id; /* of what was shown last */
  char *title, *body;
  GPtrArray *buttons; /* their labels */
  char *removed;
  char *chosen, *action;
  PorchBell *bell;
} Desk;

static const char introspection[] =
  "<node><interface name='" PORTAL_INTERFACE "'>"
  "<method name='AddNotification'><arg type='s' direction='in'/>"
  "<arg type='a{sv}' direction='in'/></method>"
  "<method name='RemoveNotification'><arg type='s' direction='in'/></method>"
  "<signal name='ActionInvoked'><arg type='s'/><arg type='s'/><arg type='av'/></signal>"
  "<property name='version' type='u' access='read'/></interface></node>";

static void
take_buttons (Desk *self, GVariant *buttons)
{
  GVariantIter iter;
  GVariant *button;

  g_ptr_array_set_size (self->buttons, 0);
  g_variant_iter_init (&iter, buttons);
  while (g_variant_iter_next (&iter, "@a{sv}", &button)) {
    char *label = NULL;

    g_assert_true (g_variant_lookup (button, "label", "s", &label));
    g_ptr_array_add (self->buttons, label);
    g_variant_unref (button);
  }
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
  Desk *self = data;
  g_autoptr (GVariant) what = NULL;
  g_autoptr (GVariant) buttons = NULL;

  if (g_str_equal (method, "RemoveNotification")) {
    g_variant_get (parameters, "(s)", &self->removed);
  } else {
    g_clear_pointer (&self->id, g_free);
    g_clear_pointer (&self->title, g_free);
    g_clear_pointer (&self->body, g_free);
    g_variant_get (parameters, "(s@a{sv})", &self->id, &what);
    g_variant_lookup (what, "title", "s", &self->title);
    g_variant_lookup (what, "body", "s", &self->body);
    buttons = g_variant_lookup_value (what, "buttons", G_VARIANT_TYPE ("aa{sv}"));
    if (buttons != NULL)
      take_buttons (self, buttons);
  }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
on_property (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *name,
             GError **error,
             gpointer data)
{
  return g_variant_new_uint32 (1);
}

static void
on_action (Desk *self, const char *id, const char *action, const char *token)
{
  self->chosen = g_strdup (id);
  self->action = g_strdup (action);
}

static void
set_up (Desk *self, gconstpointer data)
{
  static const GDBusInterfaceVTable table = { .method_call = on_call, .get_property = on_property };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  self->buttons = g_ptr_array_new_with_free_func (g_free);
  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  self->object = g_dbus_connection_register_object (self->bus, PORTAL_PATH, node->interfaces[0],
                                                    &table, self, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (
    self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "RequestName", g_variant_new ("(su)", PORTAL_NAME, 4), NULL, 0, -1, NULL, &error);
  g_assert_no_error (error);
  self->bell = porch_bell_new ();
  g_signal_connect_swapped (self->bell, "action", G_CALLBACK (on_action), self);
}

static void
tear_down (Desk *self, gconstpointer data)
{
  g_object_unref (self->bell);
  g_dbus_connection_unregister_object (self->bus, self->object);
  g_object_unref (self->bus);
  g_ptr_array_unref (self->buttons);
  g_free (self->id);
  g_free (self->title);
  g_free (self->body);
  g_free (self->removed);
  g_free (self->chosen);
  g_free (self->action);
}

#define WAIT_FOR(condition) \
  do { \
    const gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND; \
    while (!(condition)) { \
      g_assert_cmpint (g_get_monotonic_time (), <, end); \
      if (!g_main_context_iteration (NULL, FALSE)) \
        g_usleep (1000); \
    } \
  } while (0)

static void
choose (Desk *self, const char *action)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->bus, NULL, PORTAL_PATH, PORTAL_INTERFACE, "ActionInvoked",
                                 g_variant_new ("(ssav)", self->id, action, NULL), &error);
  g_assert_no_error (error);
}

static void
test_through_the_portal (Desk *self, gconstpointer data)
{
  porch_bell_ring (self->bell, porch_ring_new ("c1", "Ann is waiting", "<b>Hello</b>"));
  WAIT_FOR (self->id != NULL);
  g_assert_cmpstr (self->title, ==, "Ann is waiting");
  /* The portal takes plain text. */
  g_assert_cmpstr (self->body, ==, "<b>Hello</b>");
  g_assert_cmpuint (self->buttons->len, ==, 2);
  g_assert_true (g_ptr_array_find_with_equal_func (self->buttons, "Open", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (self->buttons, "Take", g_str_equal, NULL));

  choose (self, "take");
  WAIT_FOR (self->action != NULL);
  g_assert_cmpstr (self->chosen, ==, "c1");
  g_assert_cmpstr (self->action, ==, "take");

  g_clear_pointer (&self->id, g_free);
  porch_bell_ring (self->bell, porch_ring_new ("c2", "Bo is waiting", "Hi"));
  WAIT_FOR (self->id != NULL);
  porch_bell_withdraw (self->bell, "c2");
  WAIT_FOR (self->removed != NULL);
  g_assert_cmpstr (self->removed, ==, self->id);
}

int
main (int argc, char **argv)
{
  g_setenv ("NOTIFY_FORCE_PORTAL", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  /* libnotify of Debian 12 warns that it takes the portal. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_test_add ("/bell/through-the-portal", Desk, NULL, set_up, test_through_the_portal, tear_down);
  return g_test_run ();
}
