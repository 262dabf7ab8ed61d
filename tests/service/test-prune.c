/* test-prune.c - what is too old goes, in bites, until none of it is left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"
#include "porch-prune.h"

#include "porch-clock.h"
#include "porch-tx.h"

#define DAY_US (24 * 60 * 60 * G_TIME_SPAN_SECOND)
/* More than two bites. */
#define MANY 1200

/* Sessions and answers, one for each number. */
static gboolean
run_fill (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  for (guint i = 0; i < MANY; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    const PorchSession session = { .token_hash = name,
                                   .subject = "visitor",
                                   .expires_at = porch_clock_now_us () + DAY_US };
    const PorchAnswer answer = { .request_hash = "hash", .status = 200, .body = "{}" };

    if (!porch_tx_put_session (tx, &session, error) ||
        !porch_tx_put_answer (tx, "agent", name, &answer, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  guint n_sessions, n_answers;
} Counts;

static gboolean
run_count (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  Counts *counts = out;

  for (guint i = 0; i < MANY; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    g_autoptr (PorchSession) session = porch_tx_find_session (tx, name, error);
    g_autoptr (PorchAnswer) answer = porch_tx_find_answer (tx, "agent", name, error);

    counts->n_sessions += session != NULL;
    counts->n_answers += answer != NULL;
  }
  return TRUE;
}

static const PorchCommand fill = { .name = "fill", .run = run_fill };
static const PorchCommand count = { .name = "count",
                                    .is_question = TRUE,
                                    .out_size = sizeof (Counts),
                                    .run = run_count };

static void
copy_counts (gpointer in, gpointer out, gpointer data)
{
  *(Counts *) data = *(Counts *) out;
}

static Counts
count_all (PorchFixture *fixture)
{
  Counts counts = { 0 };

  g_assert_cmpint (
    porch_fixture_run (fixture, &count, porch_command_new_input (&count), copy_counts, &counts), ==,
    -1);
  return counts;
}

/* One look is enough for all of it, however much it is. */
static void
test_all (void)
{
  PorchFixture *fixture;
  const gint64 patience = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  Counts counts;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  porch_fixture_run (fixture, &fill, porch_command_new_input (&fill), NULL, NULL);
  porch_clock_advance (DAY_US - 1);
  porch_fixture_restart (fixture);
  counts = count_all (fixture);
  g_assert_cmpuint (counts.n_sessions, ==, MANY);
  g_assert_cmpuint (counts.n_answers, ==, MANY);
  porch_clock_advance (2);
  /* It looks when it is opened. */
  porch_fixture_restart (fixture);
  do {
    g_assert_cmpint (g_get_monotonic_time (), <, patience);
    counts = count_all (fixture);
  } while (counts.n_sessions + counts.n_answers > 0);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

static void
copy_more (gpointer in, gpointer out, gpointer data)
{
  *(gboolean *) data = ((PorchPruneResult *) out)->has_more;
}

/* No single commit is long. */
static void
test_bites (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  guint n_bites = 0;
  gboolean has_more = TRUE;

  porch_fixture_run (fixture, &fill, porch_command_new_input (&fill), NULL, NULL);
  while (has_more) {
    PorchPruneInput *in = porch_command_new_input (&porch_prune_bite);
    const Counts before = count_all (fixture);

    in->now_us = porch_clock_now_us () + 2 * DAY_US;
    g_assert_cmpint (porch_fixture_run (fixture, &porch_prune_bite, in, copy_more, &has_more), ==,
                     -1);
    g_assert_cmpuint (before.n_sessions - count_all (fixture).n_sessions, <=, 500);
    n_bites++;
  }
  g_assert_cmpuint (n_bites, ==, 3);
  porch_fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prune/all", test_all);
  g_test_add_func ("/prune/bites", test_bites);
  return g_test_run ();
}
