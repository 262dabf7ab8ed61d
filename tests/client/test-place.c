/* test-place.c - which list has a conversation, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib.h>

#include "porch-place.h"

#define NOW 1000

static PorchConversation *
make (const char *id, PorchState state, gint64 waiting_since, gint64 last_at, PorchActorKind sender)
{
  PorchConversation *conversation = g_object_new (PORCH_TYPE_CONVERSATION, NULL);

  porch_member_set (&conversation->id, id);
  conversation->state = state;
  conversation->waiting_since = waiting_since;
  conversation->last_at = last_at;
  conversation->last_sender = sender;
  return conversation;
}

static void
test_has (void)
{
  static const struct {
    PorchState state;
    const char *assignee;
    const char *in; /* the lists that have it, for the agent "me" */
  } cases[] = {
    { PORCH_STATE_PENDING, NULL, "open all" },
    { PORCH_STATE_WAITING, NULL, "waiting open all" },
    { PORCH_STATE_MISSED, NULL, "waiting open all" },
    { PORCH_STATE_ACTIVE, "me", "mine open all" },
    { PORCH_STATE_ACTIVE, "you", "open all" },
    { PORCH_STATE_WAITING, "me", "mine waiting open all" },
    { PORCH_STATE_RESOLVED, "me", "resolved all" },
    { PORCH_STATE_CLOSED, NULL, "resolved all" },
  };
  static const char *const filters[] = { "mine", "waiting", "open", "resolved", "all" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation =
      make ("c", cases[i].state, 0, 0, PORCH_ACTOR_VISITOR);
    g_autoptr (GString) in = g_string_new (NULL);

    porch_member_set (&conversation->assignee, cases[i].assignee);
    for (guint k = 0; k < G_N_ELEMENTS (filters); k++)
      if (porch_list_has (porch_list_find (filters[k]), conversation, "me"))
        g_string_append_printf (in, "%s%s", in->len > 0 ? " " : "", filters[k]);
    g_assert_cmpstr (in->str, ==, cases[i].in);
    /* Before we know who we are, nothing is ours. */
    g_assert_false (porch_list_has (PORCH_LIST_MINE, conversation, NULL));
  }
}

static int
compare (gconstpointer a, gconstpointer b, gpointer list)
{
  PorchPlace left, right;

  porch_place_init (&left, GPOINTER_TO_INT (list), (PorchConversation *) a, NOW);
  porch_place_init (&right, GPOINTER_TO_INT (list), (PorchConversation *) b, NOW);
  g_assert_cmpint (porch_place_compare (&left, &right), ==, -porch_place_compare (&right, &left));
  return porch_place_compare (&left, &right);
}

static void
check_order (PorchList list, const char *expected)
{
  g_autolist (PorchConversation) sorted = NULL;
  g_autoptr (GString) order = g_string_new (NULL);

  sorted =
    g_list_prepend (sorted, make ("resolved", PORCH_STATE_RESOLVED, 0, 900, PORCH_ACTOR_AGENT));
  sorted = g_list_prepend (sorted, make ("new", PORCH_STATE_WAITING, 500, 500, 0));
  sorted =
    g_list_prepend (sorted, make ("answered", PORCH_STATE_ACTIVE, 0, 800, PORCH_ACTOR_AGENT));
  sorted = g_list_prepend (sorted, make ("old", PORCH_STATE_WAITING, 100, 700, 0));
  sorted = g_list_prepend (sorted, make ("missed", PORCH_STATE_MISSED, 50, 50, 0));
  sorted =
    g_list_prepend (sorted, make ("earlier", PORCH_STATE_CLOSED, 0, 300, PORCH_ACTOR_VISITOR));
  sorted = g_list_prepend (sorted, make ("asked", PORCH_STATE_ACTIVE, 0, 200, PORCH_ACTOR_VISITOR));
  sorted = g_list_prepend (sorted, make ("asked-later", PORCH_STATE_ACTIVE, 0, 300, 0));
  sorted = g_list_prepend (sorted, make ("missed-first", PORCH_STATE_MISSED, 40, 850, 0));
  sorted = g_list_prepend (sorted, make ("quiet", PORCH_STATE_ACTIVE, 0, 10, PORCH_ACTOR_AGENT));
  sorted = g_list_sort_with_data (sorted, (GCompareDataFunc) compare, GINT_TO_POINTER (list));

  for (GList *link = sorted; link != NULL; link = link->next)
    g_string_append_printf (order, "%s%s", order->len > 0 ? " " : "",
                            PORCH_CONVERSATION (link->data)->id);
  g_assert_cmpstr (order->str, ==, expected);
}

static void
test_order (void)
{
  check_order (PORCH_LIST_OPEN, "missed-first missed old new asked-later asked answered quiet "
                                "resolved earlier");
  check_order (PORCH_LIST_RESOLVED, "resolved missed-first answered old new asked-later earlier "
                                    "asked missed quiet");
}

static void
test_ties (void)
{
  g_autoptr (PorchConversation) a = make ("a", PORCH_STATE_ACTIVE, 0, 5, PORCH_ACTOR_AGENT);
  g_autoptr (PorchConversation) b = make ("b", PORCH_STATE_ACTIVE, 0, 5, PORCH_ACTOR_AGENT);

  g_assert_cmpint (compare (a, b, GINT_TO_POINTER (PORCH_LIST_OPEN)), <, 0);
  g_assert_cmpint (compare (a, a, GINT_TO_POINTER (PORCH_LIST_OPEN)), ==, 0);
  b->last_seq = 9;
  g_assert_cmpint (compare (a, b, GINT_TO_POINTER (PORCH_LIST_OPEN)), >, 0);
  /* Asleep: behind all that is open. */
  b->snoozed_until = NOW + 1;
  g_assert_cmpint (compare (a, b, GINT_TO_POINTER (PORCH_LIST_OPEN)), <, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/has", test_has);
  g_test_add_func ("/place/order", test_order);
  g_test_add_func ("/place/ties", test_ties);
  return g_test_run ();
}
