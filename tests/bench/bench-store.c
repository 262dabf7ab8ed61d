/* bench-store.c - what a message costs in the store, and how long it takes to be durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   bench-store [--folder DIR] batch [SECONDS]        as fast as it goes, many waiting
 *   bench-store [--folder DIR] open [RATE] [SECONDS]  at a fixed rate, whatever the store does
 *   bench-store [--folder DIR] fill MESSAGES CONVERSATIONS
 *   bench-store --folder DIR pages                    history and inbox pages of a filled file
 *
 * A filled file has a tenth of its messages in one long conversation, the rest at random in all.
 *
 * Without --folder it works in a temporary one, which is removed.
 */
#define _GNU_SOURCE /* RUSAGE_THREAD */
#include "config.h"

#include "folder.h"
#include "porch-id.h"
#include "porch-store.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define IN_FLIGHT       2000
#define N_CONVERSATIONS 10000
#define PAGE            50

static PorchStore *store;
#define ID_FORMAT "conversation-%08u"

static guint n_conversations;
static guint64 n_done;
static guint n_in_flight;
static GArray *latencies_us;

static double
get_cpu_s (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_percentile (GArray *values, double part)
{
  if (values->len == 0)
    return NAN;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, MIN (values->len - 1, (guint) (values->len * part)));
}

static char *
make_text (void)
{
  static const char *const syllables[] = { "ka",  "lo", "mi",  "ren", "to",   "sa",  "vel",
                                           "dor", "in", "est", "pra", "qui",  "zu",  "ther",
                                           "and", "ou", "ble", "cha", "for ", "the " };
  GString *text = g_string_new (NULL);
  const int n_words = g_random_int_range (6, 30);

  for (int i = 0; i < n_words; i++) {
    for (int k = g_random_int_range (1, 4); k > 0; k--)
      g_string_append (text, syllables[g_random_int_range (0, G_N_ELEMENTS (syllables))]);
    g_string_append_c (text, ' ');
  }
  return g_string_free (text, FALSE);
}

/* ---- one message of a visitor, as the command does it ---- */

typedef struct {
  PorchJob job;
  char conversation[32];
  char *text;
  gint64 due_us;
} Message;

static double writer_cpu_s; /* of the writer's thread, read only when nothing waits */

static gboolean
say (PorchTx *tx, const char *id, const char *text, GError **error)
{
  const PorchActor actor = { .kind = PORCH_ACTOR_VISITOR, .id = "visitor" };
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, id, error);
  g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_MESSAGE_CREATED, &actor);
  gint64 last_n;

  if (conversation == NULL)
    return FALSE;
  last_n = porch_tx_get_last_n (tx, conversation->pk, "AAAAAAAAAAAAAAAAAAAAAA", error);
  if (last_n < 0)
    return FALSE;
  event->seq = message->seq = porch_tx_take_seq (tx);
  message->conversation_pk = conversation->pk;
  message->conversation = g_strdup (id);
  message->text = g_strdup (text);
  message->device = g_strdup ("AAAAAAAAAAAAAAAAAAAAAA");
  message->n = last_n + 1;
  message->created_at = event->at_us;
  conversation->last_seq = conversation->last_message = message->seq;
  conversation->last_at = message->created_at;
  conversation->n_messages++;
  conversation->unread++;
  g_free (conversation->last_text);
  conversation->last_text = g_strndup (message->text, 100);
  event->conversation = g_object_ref (conversation);
  event->message = g_object_ref (message);
  return porch_tx_insert_message (tx, message, error) &&
         porch_tx_update_conversation (tx, conversation, error) &&
         porch_tx_append_event (tx, event, error);
}

static gboolean
run_message (PorchJob *job, PorchTx *tx, GError **error)
{
  Message *message = (Message *) job;

  if (!say (tx, message->conversation, message->text, error))
    return FALSE;
  writer_cpu_s = get_cpu_s (CLOCK_THREAD_CPUTIME_ID);
  return TRUE;
}

static void
on_message_done (PorchJob *job, const GError *error)
{
  Message *message = (Message *) job;
  const double latency_us = g_get_monotonic_time () - message->due_us;

  if (error != NULL)
    g_error ("%s", error->message);
  g_array_append_val (latencies_us, latency_us);
  n_done++;
  n_in_flight--;
  g_free (message->text);
  g_free (message);
}

static void
submit_message (gint64 due_us)
{
  Message *message = g_new0 (Message, 1);

  message->job.run = run_message;
  message->job.done = on_message_done;
  message->due_us = due_us;
  message->text = make_text ();
  g_snprintf (message->conversation, sizeof message->conversation, "conversation-%08d",
              g_random_int_range (0, n_conversations));
  n_in_flight++;
  porch_store_submit (store, &message->job);
}

/* ---- larger jobs, waited for ---- */

typedef struct {
  PorchJob job;
  guint from, n;
  gboolean is_done;
} Bulk;

static void
on_bulk_done (PorchJob *job, const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
  ((Bulk *) job)->is_done = TRUE;
}

static void
run_bulk (gboolean (*run) (PorchJob *, PorchTx *, GError **), guint from, guint n)
{
  Bulk bulk = { .job = { .run = run, .done = on_bulk_done }, .from = from, .n = n };

  porch_store_submit (store, &bulk.job);
  while (!bulk.is_done)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
add_people (PorchJob *job, PorchTx *tx, GError **error)
{
  g_autoptr (PorchSite) site =
    g_object_new (PORCH_TYPE_SITE, "id", "site", "key", "key", "name", "Bakery", NULL);
  g_autoptr (PorchDepartment) general =
    g_object_new (PORCH_TYPE_DEPARTMENT, "slug", "general", "name", "General", NULL);
  g_autoptr (PorchAgent) agent =
    g_object_new (PORCH_TYPE_AGENT, "id", "agent", "name", "Ada", NULL);
  g_autoptr (GPtrArray) known = porch_tx_list_departments (tx, error);

  /* A folder that was set up has some. */
  return known != NULL && porch_tx_insert_site (tx, site, error) &&
         (known->len > 0 || porch_tx_insert_department (tx, general, error)) &&
         porch_tx_insert_agent (tx, agent, error);
}

static gboolean
add_conversations (PorchJob *job, PorchTx *tx, GError **error)
{
  Bulk *bulk = (Bulk *) job;

  for (guint i = bulk->from; i < bulk->from + bulk->n; i++) {
    g_autofree char *id = g_strdup_printf (ID_FORMAT, i);
    g_autofree char *person = porch_id_new ();
    g_autoptr (PorchContact) contact =
      g_object_new (PORCH_TYPE_CONTACT, "id", person, "name", "Somebody", NULL);
    g_autoptr (PorchVisitor) visitor =
      g_object_new (PORCH_TYPE_VISITOR, "id", person, "site", "site", "contact", person, NULL);
    g_autoptr (PorchConversation) conversation =
      g_object_new (PORCH_TYPE_CONVERSATION, "id", id, "handle", "new-AAAAAAAAAAAAAAAA", "site",
                    "site", "department", "general", "visitor", person, "contact", person,
                    "contact-name", "Somebody", "assignee", i % 4 == 0 ? "agent" : NULL, "state",
                    i % 4 == 0   ? PORCH_STATE_ACTIVE
                    : i % 4 == 1 ? PORCH_STATE_WAITING
                                 : PORCH_STATE_CLOSED,
                    NULL);

    conversation->created_at = g_get_real_time ();
    conversation->waiting_since = i % 4 == 1 ? conversation->created_at : 0;
    conversation->last_seq = porch_tx_take_seq (tx);
    if (!porch_tx_insert_contact (tx, contact, error) ||
        !porch_tx_insert_visitor (tx, visitor, error) ||
        !porch_tx_insert_conversation (tx, conversation, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_messages (PorchJob *job, PorchTx *tx, GError **error)
{
  Bulk *bulk = (Bulk *) job;

  for (guint i = 0; i < bulk->n; i++) {
    g_autofree char *text = make_text ();
    char id[32];

    g_snprintf (id, sizeof id, "conversation-%08d",
                i % 10 == 0 ? 0 : g_random_int_range (0, n_conversations));
    if (!say (tx, id, text, error))
      return FALSE;
  }
  return TRUE;
}

static void
make_conversations (guint n)
{
  if (n_conversations == 0)
    run_bulk (add_people, 0, 0);
  for (; n_conversations < n; n_conversations += MIN (1000, n - n_conversations))
    run_bulk (add_conversations, n_conversations, MIN (1000, n - n_conversations));
}

static gboolean
has_conversation (PorchTx *tx, guint i)
{
  g_autofree char *id = g_strdup_printf (ID_FORMAT, i);
  g_autoptr (PorchConversation) found = porch_tx_get_conversation (tx, id, NULL);

  return found != NULL;
}

/* They are numbered from 0 without a hole. */
static gboolean
count_conversations (PorchJob *job, PorchTx *tx, GError **error)
{
  guint step = 1 << 24;

  n_conversations = 0;
  for (; step > 0; step /= 2)
    if (has_conversation (tx, n_conversations + step - 1))
      n_conversations += step;
  return TRUE;
}

/* ---- the commands ---- */

static void
print_latencies (const char *name, const char *unit, double scale)
{
  g_print ("%s: p50 %.2f %s, p90 %.2f, p99 %.2f, max %.2f (%u)\n", name,
           get_percentile (latencies_us, 0.5) * scale, unit,
           get_percentile (latencies_us, 0.9) * scale, get_percentile (latencies_us, 0.99) * scale,
           get_percentile (latencies_us, 1) * scale, latencies_us->len);
}

static void
run_batch (double seconds)
{
  double begin_cpu, begin_writer;
  gint64 begin;

  make_conversations (N_CONVERSATIONS);
  for (int i = 0; i < 5000; i++)
    submit_message (g_get_monotonic_time ());
  while (n_in_flight > 0)
    g_main_context_iteration (NULL, TRUE);

  n_done = 0;
  g_array_set_size (latencies_us, 0);
  begin = g_get_monotonic_time ();
  begin_cpu = get_cpu_s (CLOCK_PROCESS_CPUTIME_ID);
  begin_writer = writer_cpu_s;
  while (g_get_monotonic_time () - begin < seconds * G_USEC_PER_SEC) {
    while (n_in_flight < IN_FLIGHT)
      submit_message (g_get_monotonic_time ());
    g_main_context_iteration (NULL, TRUE);
  }
  while (n_in_flight > 0)
    g_main_context_iteration (NULL, TRUE);
  g_print ("batch: %.0f messages/s, %.1f us CPU each (writer %.1f)\n",
           n_done / ((g_get_monotonic_time () - begin) / 1e6),
           (get_cpu_s (CLOCK_PROCESS_CPUTIME_ID) - begin_cpu) * 1e6 / n_done,
           (writer_cpu_s - begin_writer) * 1e6 / n_done);
}

typedef struct {
  gint64 begin_us;
  double gap_us;
  guint64 n_sent, n_total;
} Schedule;

/* Each is due at its own moment, however late this one runs: waiting is part of the latency. */
static gboolean
on_tick (int fd, GIOCondition condition, gpointer data)
{
  Schedule *schedule = data;
  guint64 n_ticks;

  if (read (fd, &n_ticks, sizeof n_ticks) < 0)
    return G_SOURCE_CONTINUE;
  while (schedule->n_sent < schedule->n_total) {
    const gint64 due_us = schedule->begin_us + schedule->n_sent * schedule->gap_us;

    if (due_us > g_get_monotonic_time ())
      break;
    submit_message (due_us);
    schedule->n_sent++;
  }
  return G_SOURCE_CONTINUE;
}

static void
run_open (double rate, double seconds)
{
  Schedule schedule = { .gap_us = 1e6 / rate, .n_total = rate * seconds };
  const long gap_ns = MIN (1e9 / rate, 1e6);
  const struct itimerspec often = { { 0, gap_ns }, { 0, gap_ns } };
  const int fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  double begin_cpu;
  g_autofree char *name = g_strdup_printf ("open %.0f/s", rate);
  guint source;

  make_conversations (N_CONVERSATIONS);
  begin_cpu = get_cpu_s (CLOCK_PROCESS_CPUTIME_ID);
  schedule.begin_us = g_get_monotonic_time () + 1000;
  timerfd_settime (fd, 0, &often, NULL);
  source = g_unix_fd_add (fd, G_IO_IN, on_tick, &schedule);
  while (n_done < schedule.n_total)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  close (fd);
  print_latencies (name, "ms", 0.001);
  g_print ("%s: %.1f us CPU each\n", name,
           (get_cpu_s (CLOCK_PROCESS_CPUTIME_ID) - begin_cpu) * 1e6 / n_done);
}

static void
run_fill (guint n_messages, guint n)
{
  const gint64 begin = g_get_monotonic_time ();

  make_conversations (n);
  for (guint i = 0; i < n_messages; i += 2000)
    run_bulk (add_messages, i, MIN (2000, n_messages - i));
  g_print ("fill: %u messages in %.1f s\n", n_messages, (g_get_monotonic_time () - begin) / 1e6);
}

/* ---- reads: timed inside the reader, since that is what the file costs ---- */

typedef struct {
  PorchQuery query;
  gboolean is_done;
  PorchFilter filter;
  guint page;
} Read;

static void
on_read_done (PorchQuery *query, const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
  ((Read *) query)->is_done = TRUE;
}

static gint64
get_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

/* How often the thread was put aside for somebody else. */
static long
count_preemptions (void)
{
  struct rusage usage;

  getrusage (RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

/* Waiting for the disk counts, losing the processor to a neighbour does not. */
static void
note_time (gint64 begin_ns, long n_preemptions)
{
  const double took_us = (get_ns () - begin_ns) / 1000.0;

  if (count_preemptions () == n_preemptions)
    g_array_append_val (latencies_us, took_us);
}

/* Anywhere in the long conversation, or one page of it again and again. */
static gboolean
read_history (PorchQuery *query, PorchTx *tx, GError **error)
{
  Read *read = (Read *) query;
  PorchMessagePage page = { .conversation_pk = 1, .limit = PAGE, .is_staff = TRUE };

  for (guint i = 1; i < read->page; i++) {
    g_autoptr (GPtrArray) skipped = porch_tx_list_messages (tx, &page, NULL, error);

    if (skipped == NULL || skipped->len == 0)
      return FALSE;
    page.before = ((PorchMessage *) skipped->pdata[0])->seq;
  }
  for (int i = 0; i < 3000; i++) {
    g_autoptr (GPtrArray) messages = NULL;
    long n_preemptions;
    gint64 begin;

    if (read->page == 0)
      page.before = g_random_int_range (1, (int) porch_store_get_seq (store));
    n_preemptions = count_preemptions ();
    begin = get_ns ();
    messages = porch_tx_list_messages (tx, &page, NULL, error);
    if (messages == NULL)
      return FALSE;
    note_time (begin, n_preemptions);
  }
  return TRUE;
}

/* Walks to the page by the keys, then reads that page again and again. */
static gboolean
read_inbox (PorchQuery *query, PorchTx *tx, GError **error)
{
  Read *read = (Read *) query;
  g_autoptr (PorchAgent) agent =
    g_object_new (PORCH_TYPE_AGENT, "id", "agent", "role", PORCH_ROLE_ADMIN, NULL);
  PorchConversationPage page = { .filter = read->filter, .agent = agent, .limit = PAGE };
  gint64 next = 0, next_pk = 0;

  for (guint i = 1; i < read->page; i++) {
    g_autoptr (GPtrArray) skipped = porch_tx_list_conversations (tx, &page, &next, &next_pk, error);

    if (skipped == NULL)
      return FALSE;
    page.after = next;
    page.after_pk = next_pk;
  }
  for (int i = 0; i < 1000; i++) {
    const long n_preemptions = count_preemptions ();
    const gint64 begin = get_ns ();
    g_autoptr (GPtrArray) list = porch_tx_list_conversations (tx, &page, &next, &next_pk, error);

    if (list == NULL)
      return FALSE;
    note_time (begin, n_preemptions);
  }
  return TRUE;
}

static void
run_read (const char *name,
          gboolean (*run) (PorchQuery *, PorchTx *, GError **),
          PorchFilter filter,
          guint page)
{
  Read read = { .query = { .run = run, .done = on_read_done }, .filter = filter, .page = page };

  g_array_set_size (latencies_us, 0);
  porch_store_query (store, &read.query);
  while (!read.is_done)
    g_main_context_iteration (NULL, TRUE);
  print_latencies (name, "us", 1);
}

static void
run_pages (void)
{
  /* With a message in the long conversation for each conversation there is, both have as many. */
  const guint last = n_conversations / PAGE;

  run_read ("history warming", read_history, 0, 0);
  run_read ("history anywhere", read_history, 0, 0);
  run_read ("history first", read_history, 0, 1);
  run_read ("history last", read_history, 0, last);
  run_read ("inbox all first", read_inbox, PORCH_FILTER_ALL, 1);
  run_read ("inbox all last", read_inbox, PORCH_FILTER_ALL, last);
  run_read ("inbox open", read_inbox, PORCH_FILTER_OPEN, 1);
  run_read ("inbox mine", read_inbox, PORCH_FILTER_MINE, 1);
  run_read ("inbox waiting", read_inbox, PORCH_FILTER_WAITING, 1);
}

int
main (int argc, char *argv[])
{
  g_autofree char *own_folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *folder = NULL, *command;
  double first, second;

  if (argc > 2 && strcmp (argv[1], "--folder") == 0) {
    folder = argv[2];
    argc -= 2;
    argv += 2;
  }
  command = argc > 1 ? argv[1] : "batch";
  first = argc > 2 ? g_ascii_strtod (argv[2], NULL) : 0;
  second = argc > 3 ? g_ascii_strtod (argv[3], NULL) : 0;
  if (folder == NULL)
    folder = own_folder = g_dir_make_tmp ("bench-store-XXXXXX", NULL);
  store = porch_store_open (folder, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  latencies_us = g_array_new (FALSE, FALSE, sizeof (double));
  run_bulk (count_conversations, 0, 0);

  if (strcmp (command, "batch") == 0)
    run_batch (first > 0 ? first : 3);
  else if (strcmp (command, "open") == 0)
    run_open (first > 0 ? first : 1000, second > 0 ? second : 5);
  else if (strcmp (command, "fill") == 0)
    run_fill (first, second);
  else if (strcmp (command, "pages") == 0)
    run_pages ();
  else
    g_printerr ("what is %s?\n", command);

  porch_store_close (store);
  g_object_unref (store);
  g_array_unref (latencies_us);
  if (own_folder != NULL)
    folder_remove (own_folder);
  return 0;
}
