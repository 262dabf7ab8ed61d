/* test-store.c - group commit, order, isolation, and the store's life
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-tx-private.h"
#include "store-fixture.h"

#include <string.h>

/* ---- jobs that note what happens to them ---- */

typedef struct {
  GPtrArray *notes;   /* "done 3", "event 7": in the order in which they came */
  GPtrArray *tickets; /* all that were made */
  guint n_done;
} Log;

typedef struct {
  PorchJob job;
  Log *log;
  guint number;
  gboolean should_fail;
  gboolean should_fail_late; /* after it has written */
  guint n_events;
  guint n_commits; /* of the connection, when it ran */
  gint64 seq;
  GError *error;
  GThread *run_thread, *done_thread;
} Ticket;

static Log *
log_new (void)
{
  Log *log = g_new0 (Log, 1);

  log->notes = g_ptr_array_new_with_free_func (g_free);
  log->tickets = g_ptr_array_new ();
  return log;
}

static void
log_free (Log *log)
{
  for (guint i = 0; i < log->tickets->len; i++) {
    Ticket *ticket = log->tickets->pdata[i];

    g_clear_error (&ticket->error);
    g_free (ticket);
  }
  g_ptr_array_unref (log->tickets);
  g_ptr_array_unref (log->notes);
  g_free (log);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

static gboolean
run_ticket (PorchJob *job, PorchTx *tx, GError **error)
{
  Ticket *ticket = (Ticket *) job;
  const PorchActor actor = { .kind = PORCH_ACTOR_SYSTEM };
  g_autofree char *key = g_strdup_printf ("ticket %u", ticket->number);

  ticket->run_thread = g_thread_self ();
  ticket->n_commits = tx->connection->n_commits;
  if (ticket->should_fail && !ticket->should_fail_late) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "as asked");
    return FALSE;
  }
  if (!porch_tx_set_setting (tx, key, "written", error))
    return FALSE;
  for (guint i = 0; i < ticket->n_events; i++) {
    g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_CONVERSATION_UPDATED, &actor);

    event->seq = ticket->seq = porch_tx_take_seq (tx);
    if (!porch_tx_append_event (tx, event, error))
      return FALSE;
  }
  if (ticket->should_fail)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "as asked, late");
  return !ticket->should_fail;
}

static void
on_ticket_done (PorchJob *job, const GError *error)
{
  Ticket *ticket = (Ticket *) job;

  ticket->done_thread = g_thread_self ();
  ticket->error = error != NULL ? g_error_copy (error) : NULL;
  g_ptr_array_add (ticket->log->notes, g_strdup_printf ("done %u", ticket->number));
  ticket->log->n_done++;
}

static void
on_event (PorchEvent *event, gpointer data)
{
  Log *log = data;

  g_ptr_array_add (log->notes, g_strdup_printf ("event %" G_GINT64_FORMAT, event->seq));
}

static Ticket *
new_ticket (Log *log)
{
  Ticket *ticket = g_new0 (Ticket, 1);

  ticket->job.run = run_ticket;
  ticket->job.done = on_ticket_done;
  ticket->log = log;
  ticket->number = log->tickets->len;
  ticket->n_events = 1;
  g_ptr_array_add (log->tickets, ticket);
  return ticket;
}

static void
wait_for (Log *log, guint n)
{
  const gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (log->n_done < n) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_main_context_iteration (NULL, TRUE);
  }
}

static gboolean
has_setting (PorchTx *tx, gpointer data, GError **error)
{
  g_autofree char *key = g_strdup_printf ("ticket %u", GPOINTER_TO_UINT (data));
  g_autofree char *value = porch_tx_find_setting (tx, key, error);

  if (value == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "no %s", key);
  return value != NULL;
}

static gboolean
is_written (StoreFixture *fixture, guint number)
{
  return store_fixture_read (fixture, has_setting, GUINT_TO_POINTER (number), NULL);
}

/* ---- a job that holds the writer, so that what comes after it waits together ---- */

typedef struct {
  PorchJob job;
  GMutex mutex;
  GCond cond;
  gboolean is_running, is_open, is_done;
} Gate;

static gboolean
run_gate (PorchJob *job, PorchTx *tx, GError **error)
{
  Gate *gate = (Gate *) job;

  g_mutex_lock (&gate->mutex);
  gate->is_running = TRUE;
  g_cond_broadcast (&gate->cond);
  while (!gate->is_open)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
  return TRUE;
}

static void
on_gate_done (PorchJob *job, const GError *error)
{
  ((Gate *) job)->is_done = TRUE;
}

static void
gate_shut (Gate *gate, PorchStore *store)
{
  gate->job.run = run_gate;
  gate->job.done = on_gate_done;
  porch_store_submit (store, &gate->job);
  g_mutex_lock (&gate->mutex);
  while (!gate->is_running)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
}

static void
gate_open (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->mutex);
}

/* ---- the tests ---- */

static void
test_group (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Gate gate = { .is_done = FALSE };
  guint64 n_expected = 0;

  porch_store_set_publisher (fixture->store, on_event, log);
  gate_shut (&gate, fixture->store);
  for (guint i = 0; i < 300; i++) {
    Ticket *ticket = new_ticket (log);

    ticket->n_events = 1 + i % 2;
    porch_store_submit (fixture->store, &ticket->job);
  }
  gate_open (&gate);
  wait_for (log, 300);
  g_assert_true (gate.is_done);

  /* Each its own answer, then its own events, all in the order of submission. */
  for (guint i = 0; i < 300; i++) {
    Ticket *ticket = log->tickets->pdata[i];
    g_autofree char *done = g_strdup_printf ("done %u", i);

    g_assert_no_error (ticket->error);
    g_assert_cmpstr (log->notes->pdata[n_expected++], ==, done);
    for (guint k = 0; k < ticket->n_events; k++) {
      g_autofree char *event =
        g_strdup_printf ("event %" G_GINT64_FORMAT, ticket->seq - ticket->n_events + 1 + k);

      g_assert_cmpstr (log->notes->pdata[n_expected++], ==, event);
    }
    g_assert_true (ticket->run_thread != g_thread_self ());
    g_assert_true (ticket->done_thread == g_thread_self ());
  }
  g_assert_cmpuint (n_expected, ==, log->notes->len);
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 450);

  /* Two commits for all: one batch is 256 at most. */
  for (guint i = 1; i < 300; i++) {
    const Ticket *first = log->tickets->pdata[0];
    const Ticket *ticket = log->tickets->pdata[i];

    g_assert_cmpuint (ticket->n_commits - first->n_commits, ==, i < 256 ? 0 : 1);
  }
}

static void
test_isolation (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Gate gate = { .is_done = FALSE };
  Ticket *tickets[4];

  porch_store_set_publisher (fixture->store, on_event, log);
  gate_shut (&gate, fixture->store);
  for (guint i = 0; i < 4; i++)
    tickets[i] = new_ticket (log);
  tickets[1]->should_fail = tickets[1]->should_fail_late = TRUE;
  tickets[2]->should_fail = TRUE;
  for (guint i = 0; i < 4; i++)
    porch_store_submit (fixture->store, &tickets[i]->job);
  gate_open (&gate);
  wait_for (log, 4);

  g_assert_no_error (tickets[0]->error);
  g_assert_error (tickets[1]->error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_assert_cmpstr (tickets[1]->error->message, ==, "as asked, late");
  g_assert_error (tickets[2]->error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_assert_no_error (tickets[3]->error);
  g_assert_cmpuint (tickets[0]->n_commits, ==, tickets[3]->n_commits);
  g_assert_true (is_written (fixture, 0));
  g_assert_false (is_written (fixture, 1));
  g_assert_false (is_written (fixture, 2));
  g_assert_true (is_written (fixture, 3));

  /* The event of the one that was undone is never heard of; its number is not given again. */
  g_assert_cmpuint (log->notes->len, ==, 6);
  g_assert_cmpstr (log->notes->pdata[1], ==, "event 1");
  g_assert_cmpstr (log->notes->pdata[5], ==, "event 3");
}

/* As long as it takes some windows to be told. */
static void
on_event_slowly (PorchEvent *event, gpointer data)
{
  const gint64 end_us = g_get_monotonic_time () + 10;

  on_event (event, data);
  while (g_get_monotonic_time () < end_us)
    continue;
}

/* A job that changes very much is heard of in portions, in order: the stall guard is fatal here.
 * The next job waits for that. */
static void
test_long (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Ticket *tickets[2] = { new_ticket (log), new_ticket (log) };
  Gate gate = { .is_done = FALSE };

  porch_store_set_publisher (fixture->store, on_event_slowly, log);
  gate_shut (&gate, fixture->store);
  tickets[0]->n_events = 3000;
  for (guint i = 0; i < 2; i++)
    porch_store_submit (fixture->store, &tickets[i]->job);
  gate_open (&gate);
  wait_for (log, 1);
  g_assert_cmpuint (log->notes->len, <, 3000);
  wait_for (log, 2);
  g_assert_cmpuint (log->notes->len, ==, 3003);
  g_assert_cmpstr (log->notes->pdata[0], ==, "done 0");
  for (guint i = 1; i <= 3000; i++) {
    g_autofree char *event = g_strdup_printf ("event %u", i);

    g_assert_cmpstr (log->notes->pdata[i], ==, event);
  }
  g_assert_cmpstr (log->notes->pdata[3001], ==, "done 1");
  g_assert_cmpstr (log->notes->pdata[3002], ==, "event 3001");
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 3001);
}

static void
test_alone (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Ticket *bad = new_ticket (log);
  Ticket *good = new_ticket (log);

  porch_store_set_publisher (fixture->store, on_event, log);
  bad->should_fail = bad->should_fail_late = TRUE;
  porch_store_submit (fixture->store, &bad->job);
  wait_for (log, 1);
  g_assert_error (bad->error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
  g_assert_cmpuint (log->notes->len, ==, 1);
  g_assert_false (is_written (fixture, 0));
  porch_store_submit (fixture->store, &good->job);
  wait_for (log, 2);
  g_assert_no_error (good->error);
  g_assert_true (is_written (fixture, 1));
}

static void
test_busy (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Gate gate = { .is_done = FALSE };
  Ticket *refused;
  guint n = PORCH_STORE_QUEUE_MAX + 1;

  gate_shut (&gate, fixture->store);
  for (guint i = 0; i < n; i++) {
    Ticket *ticket = new_ticket (log);

    ticket->n_events = 0;
    porch_store_submit (fixture->store, &ticket->job);
  }
  refused = log->tickets->pdata[n - 1];
  /* Not from within submit. */
  g_assert_cmpuint (log->n_done, ==, 0);
  wait_for (log, 1);
  g_assert_error (refused->error, PORCH_ERROR, PORCH_ERROR_BUSY);
  gate_open (&gate);
  wait_for (log, n);
  for (guint i = 0; i < n - 1; i++)
    g_assert_no_error (((Ticket *) log->tickets->pdata[i])->error);
}

static void
test_close (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  Ticket *late;

  for (guint i = 0; i < 100; i++)
    porch_store_submit (fixture->store, &new_ticket (log)->job);
  porch_store_close (fixture->store);
  g_assert_cmpuint (log->n_done, ==, 100);
  for (guint i = 0; i < 100; i++)
    g_assert_no_error (((Ticket *) log->tickets->pdata[i])->error);

  late = new_ticket (log);
  porch_store_submit (fixture->store, &late->job);
  g_assert_cmpuint (log->n_done, ==, 100);
  wait_for (log, 101);
  g_assert_error (late->error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN);
  /* One that nobody waits for is answered when the store goes. */
  porch_store_submit (fixture->store, &new_ticket (log)->job);
  store_fixture_close (fixture);
  g_assert_cmpuint (log->n_done, ==, 102);

  store_fixture_open (fixture);
  g_assert_true (is_written (fixture, 99));
  g_assert_false (is_written (fixture, 100));
}

static void
test_reopen (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  g_autofree char *epoch = g_strdup (porch_store_get_epoch (fixture->store));
  g_autofree char *mark = store_fixture_get_path (fixture, "porchlight.running");
  g_autofree char *wal = store_fixture_get_path (fixture, "porchlight.db-wal");
  Ticket *ticket = new_ticket (log);

  g_assert_cmpuint (strlen (epoch), ==, 22);
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 0);
  ticket->n_events = 5;
  porch_store_submit (fixture->store, &ticket->job);
  wait_for (log, 1);
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 5);
  g_assert_cmpint (porch_store_get_health (fixture->store), ==, PORCH_HEALTH_OK);
  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  store_fixture_close (fixture);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));

  store_fixture_open (fixture);
  g_assert_cmpstr (porch_store_get_epoch (fixture->store), ==, epoch);
  g_assert_cmpint (porch_store_get_seq (fixture->store), ==, 5);
  ticket = new_ticket (log);
  porch_store_submit (fixture->store, &ticket->job);
  wait_for (log, 2);
  g_assert_cmpint (ticket->seq, ==, 6);
}

static gboolean
try_to_write (PorchTx *tx, gpointer data, GError **error)
{
  return porch_tx_set_setting (tx, "a", "b", error);
}

static gboolean
fail_to_find (PorchTx *tx, gpointer data, GError **error)
{
  return porch_tx_get_conversation (tx, "nobody", error) != NULL;
}

static void
test_query (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_false (store_fixture_read (fixture, try_to_write, NULL, &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_assert_false (store_fixture_read (fixture, fail_to_find, NULL, &missing));
  g_assert_error (missing, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  g_assert_cmpint (porch_store_get_health (fixture->store), ==, PORCH_HEALTH_OK);
}

static void
test_in_use (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchStore) second = porch_store_open (fixture->folder, &error);

  g_assert_null (second);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
}

static gpointer
use_on_own_context (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (Log) log = log_new ();
  g_autoptr (GError) error = NULL;
  const char *folder = data;
  PorchStore *store;

  g_main_context_push_thread_default (context);
  store = porch_store_open (folder, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 10; i++)
    porch_store_submit (store, &new_ticket (log)->job);
  while (log->n_done < 10)
    g_main_context_iteration (context, TRUE);
  for (guint i = 0; i < 10; i++)
    g_assert_true (((Ticket *) log->tickets->pdata[i])->done_thread == g_thread_self ());
  g_assert_finalize_object (store);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_context (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_close (fixture);
  g_thread_join (g_thread_new ("another", use_on_own_context, fixture->folder));
}

/* The log must not grow for ever, and is emptied without closing. */
static void
test_log_is_copied (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (Log) log = log_new ();
  g_autofree char *wal = store_fixture_get_path (fixture, "porchlight.db-wal");
  g_autoptr (GFile) file = g_file_new_for_path (wal);
  g_autoptr (GFileInfo) info = NULL;

  for (guint i = 0; i < 4000; i++) {
    Ticket *ticket = new_ticket (log);

    ticket->number = i % 10;
    ticket->n_events = 20;
    porch_store_submit (fixture->store, &ticket->job);
    wait_for (log, i + 1);
  }
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  g_assert_nonnull (info);
  /* Each commit was of three pages at least, which makes 48 MiB. */
  g_assert_cmpint (g_file_info_get_size (info), <, 24 << 20);
}

#define ADD(name, func) \
  g_test_add ("/store/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("group", test_group);
  ADD ("isolation", test_isolation);
  ADD ("long", test_long);
  ADD ("alone", test_alone);
  ADD ("busy", test_busy);
  ADD ("close", test_close);
  ADD ("reopen", test_reopen);
  ADD ("query", test_query);
  ADD ("in-use", test_in_use);
  ADD ("context", test_context);
  ADD ("log-is-copied", test_log_is_copied);
  return g_test_run ();
}
