/* test-event.c - what an event carries, and that it lets go of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-event.h"

#define NOW G_GINT64_CONSTANT (1795167667123456)

static void
test_new (void)
{
  const PorchActor actor = { .kind = PORCH_ACTOR_AGENT, .id = "a1", .name = "Ann" };
  const PorchActor nobody = { .kind = PORCH_ACTOR_SYSTEM };
  g_autoptr (PorchEvent) event = NULL;
  g_autoptr (PorchEvent) other = NULL;

  porch_clock_fake (NOW);
  event = porch_event_new (PORCH_EVENT_MESSAGE_CREATED, &actor);
  other = porch_event_new (PORCH_EVENT_CONVERSATION_MISSED, &nobody);
  porch_clock_unfake ();

  g_assert_cmpint (event->type, ==, PORCH_EVENT_MESSAGE_CREATED);
  g_assert_cmpint (event->at_us, ==, NOW);
  g_assert_cmpint (event->seq, ==, 0);
  g_assert_cmpint (event->cause, ==, 0);
  g_assert_cmpint (event->actor_kind, ==, PORCH_ACTOR_AGENT);
  g_assert_cmpstr (event->actor, ==, "a1");
  g_assert_true (event->actor != actor.id);
  g_assert_null (event->conversation);
  g_assert_cmpint (other->actor_kind, ==, PORCH_ACTOR_SYSTEM);
  g_assert_null (other->actor);
}

static void
test_lets_go (void)
{
  const PorchActor nobody = { .kind = PORCH_ACTOR_SYSTEM };
  PorchEvent *event = porch_event_new (PORCH_EVENT_CONVERSATION_UPDATED, &nobody);
  gpointer entities[] = {
    g_object_new (PORCH_TYPE_CONVERSATION, NULL), g_object_new (PORCH_TYPE_MESSAGE, NULL),
    g_object_new (PORCH_TYPE_CONTACT, NULL),      g_object_new (PORCH_TYPE_VISITOR, NULL),
    g_object_new (PORCH_TYPE_AGENT, NULL),
  };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_object_add_weak_pointer (entities[i], &entities[i]);
  event->conversation = entities[0];
  event->message = entities[1];
  event->contact = entities[2];
  event->visitor = entities[3];
  event->agent = entities[4];
  event->text = g_strdup ("Ann");

  g_assert_true (porch_event_ref (event) == event);
  porch_event_unref (event);
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_assert_nonnull (entities[i]);
  porch_event_unref (event);
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_assert_null (entities[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/new", test_new);
  g_test_add_func ("/event/lets-go", test_lets_go);
  return g_test_run ();
}
