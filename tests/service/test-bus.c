/* test-bus.c - who hears what, also when they come and go meanwhile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-bus.h"

typedef struct {
  PorchBus *bus;
  GString *heard; /* names, in order */
} Fixture;

typedef struct {
  Fixture *fixture;
  char name;
  gpointer leaves;     /* who is unsubscribed when this one hears something */
  PorchEvent *follows; /* what it publishes then */
} Listener;

static void
on_event (PorchEvent *event, gpointer data)
{
  Listener *self = data;

  g_string_append_c (self->fixture->heard, self->name);
  if (self->leaves != NULL)
    porch_bus_unsubscribe (self->fixture->bus, self->leaves);
  if (self->follows != NULL) {
    PorchEvent *follows = g_steal_pointer (&self->follows);

    porch_bus_publish (self->fixture->bus, follows);
    porch_event_unref (follows);
  }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->bus = porch_bus_new ();
  self->heard = g_string_new (NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  porch_bus_free (self->bus);
  g_string_free (self->heard, TRUE);
}

static PorchEvent *
new_event (void)
{
  const PorchActor actor = { PORCH_ACTOR_SYSTEM };

  return porch_event_new (PORCH_EVENT_PRESENCE, &actor);
}

static void
expect (Fixture *self, const char *heard)
{
  g_autoptr (PorchEvent) event = new_event ();

  g_string_truncate (self->heard, 0);
  porch_bus_publish (self->bus, event);
  g_assert_cmpstr (self->heard->str, ==, heard);
}

/* Whoever leaves takes nobody's turn, and hears nothing after it; also an event that was published
 * meanwhile. */
static void
test_leaving (Fixture *self, gconstpointer data)
{
  static const struct {
    int who, leaves;
    const char *heard, *then;
  } cases[] = {
    { 0, 0, "abcd", "bcd" }, { 1, 1, "abcd", "acd" }, { 3, 3, "abcd", "abc" },
    { 1, 0, "abcd", "bcd" }, { 0, 1, "acd", "acd" },  { 0, 3, "abc", "abc" },
    { 3, 0, "abcd", "bcd" }, { 2, 1, "abcd", "acd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Listener all[4] = { { self, 'a' }, { self, 'b' }, { self, 'c' }, { self, 'd' } };
    g_autofree char *both = g_strconcat (cases[i].heard, cases[i].then, NULL);

    g_test_message ("case %u", i);
    for (guint k = 0; k < G_N_ELEMENTS (all); k++)
      porch_bus_subscribe (self->bus, on_event, &all[k]);
    all[cases[i].who].leaves = &all[cases[i].leaves];
    all[cases[i].who].follows = new_event ();
    expect (self, both);
    expect (self, cases[i].then);
    for (guint k = 0; k < G_N_ELEMENTS (all); k++)
      porch_bus_unsubscribe (self->bus, &all[k]);
    expect (self, "");
  }
}

/* What is told leads to something: everybody hears both, in the same order. */
static void
test_order (Fixture *self, gconstpointer data)
{
  Listener a = { self, 'a', NULL, new_event () }, b = { self, 'b' };

  porch_bus_subscribe (self->bus, on_event, &a);
  porch_bus_subscribe (self->bus, on_event, &b);
  expect (self, "abab");
  expect (self, "ab");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/bus/leaving", Fixture, NULL, set_up, test_leaving, tear_down);
  g_test_add ("/bus/order", Fixture, NULL, set_up, test_order, tear_down);
  return g_test_run ();
}
