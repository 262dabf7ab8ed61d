/* test-words.c - numbers that are in files and nicks that are on the wire
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A line here is a promise. Values may be added at the end of an enumeration; none of these may
 * change.
 */
#include "config.h"

#include "porch-words.h"

/* The nicks in the order of their numbers. */
static const struct {
  const char *name;
  GType (*type) (void);
  const char *nicks;
} words[] = {
  { "PorchState", porch_state_get_type, "pending waiting missed active resolved closed" },
  { "PorchChannel", porch_channel_get_type, "widget whatsapp email api demo" },
  { "PorchPriority", porch_priority_get_type, "low normal high urgent" },
  { "PorchAssistantState", porch_assistant_state_get_type, "none active silent" },
  { "PorchActorKind", porch_actor_kind_get_type, "visitor agent assistant automation api system" },
  { "PorchMessageKind", porch_message_kind_get_type, "text note system" },
  { "PorchVisibility", porch_visibility_get_type, "public staff" },
  { "PorchMessageState", porch_message_state_get_type,
    "sent received read failed pending_approval" },
  { "PorchLineCode", porch_line_code_get_type,
    "none joined assigned resolved closed reopened idle missed ended rated" },
  { "PorchRole", porch_role_get_type, "agent supervisor admin" },
  { "PorchStatus", porch_status_get_type, "offline online away busy" },
  { "PorchEventType", porch_event_type_get_type,
    "none conversation.created conversation.assigned conversation.transferred "
    "conversation.resolved conversation.closed conversation.reopened conversation.missed "
    "conversation.rated conversation.updated message.created message.updated contact.updated "
    "site.updated agent.status_changed typing presence page receipt" },
};

static void
test_stable (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_auto (GStrv) nicks = g_strsplit (words[i].nicks, " ", -1);
    g_autoptr (GEnumClass) klass = g_type_class_ref (words[i].type ());

    g_assert_cmpstr (g_type_name (words[i].type ()), ==, words[i].name);
    g_assert_cmpuint (klass->n_values, ==, g_strv_length (nicks));
    for (guint n = 0; nicks[n] != NULL; n++) {
      g_assert_cmpstr (porch_word_nick (words[i].type (), (int) n), ==, nicks[n]);
      g_assert_cmpint (porch_word_find (words[i].type (), nicks[n]), ==, (int) n);
    }
    g_assert_null (porch_word_nick (words[i].type (), -1));
    g_assert_null (porch_word_nick (words[i].type (), (int) g_strv_length (nicks)));
  }
}

static void
test_unknown (void)
{
  static const char *const unknown[] = { NULL,       "",        "Pending", "pending ",
                                         " pending", "PENDING", "0",       "PORCH_STATE_PENDING" };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_cmpint (porch_word_find (porch_state_get_type (), unknown[i]), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/words/stable", test_stable);
  g_test_add_func ("/words/unknown", test_unknown);
  return g_test_run ();
}
