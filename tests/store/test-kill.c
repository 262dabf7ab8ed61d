/* test-kill.c - a server that is killed at any moment keeps what it acknowledged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The child writes as fast as it can and says each acknowledged text on a pipe, from the loop's
 * thread as a server does. It is killed after a random number of them.
 */
#include "config.h"

#include "store-fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_CYCLES  10
#define IN_FLIGHT 40

static char *program;

/* ---- the child ---- */

typedef struct {
  PorchJob job;
  char text[32];
} Saying;

static PorchStore *child_store;
static guint64 n_sent;
static int child_cycle;

static gboolean
run_saying (PorchJob *job, PorchTx *tx, GError **error)
{
  g_autoptr (PorchConversation) conversation = porch_tx_get_conversation (tx, "c", error);
  g_autoptr (PorchMessage) message = NULL;

  if (conversation == NULL)
    return FALSE;
  message = store_fixture_say (tx, conversation, "phone", ((Saying *) job)->text, error);
  return message != NULL;
}

static void send_another (void);

static void
on_said (PorchJob *job, const GError *error)
{
  Saying *saying = (Saying *) job;

  if (error != NULL)
    g_error ("%s", error->message);
  /* One write, so that the parent never sees half of a line that was written. */
  g_strlcat (saying->text, "\n", sizeof saying->text);
  if (write (STDOUT_FILENO, saying->text, strlen (saying->text)) < 0)
    exit (1);
  g_free (saying);
  send_another ();
}

static void
send_another (void)
{
  Saying *saying = g_new0 (Saying, 1);

  saying->job.run = run_saying;
  saying->job.done = on_said;
  g_snprintf (saying->text, sizeof saying->text, "%d-%" G_GUINT64_FORMAT, child_cycle, n_sent++);
  porch_store_submit (child_store, &saying->job);
}

static int
be_child (const char *folder, const char *cycle)
{
  g_autoptr (GError) error = NULL;

  child_cycle = atoi (cycle);
  child_store = porch_store_open (folder, &error);
  if (child_store == NULL)
    g_error ("%s", error->message);
  for (guint i = 0; i < IN_FLIGHT; i++)
    send_another ();
  while (child_store != NULL)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}

/* ---- the parent ---- */

/* Reads what the child acknowledges and kills it at some moment. */
static void
run_cycle (const char *folder, guint cycle, GPtrArray *kept)
{
  g_autofree char *number = g_strdup_printf ("%u", cycle);
  const char *argv[] = { program, "--child", folder, number, NULL };
  const guint n_until_kill = g_test_rand_int_range (1, 3000);
  g_autoptr (GError) error = NULL;
  char line[64];
  GPid pid;
  FILE *acks;
  int fd, status;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &fd, NULL, &error);
  g_assert_no_error (error);
  acks = fdopen (fd, "r");
  for (guint n = 0; fgets (line, sizeof line, acks) != NULL; n++) {
    g_assert_true (g_str_has_suffix (line, "\n"));
    g_ptr_array_add (kept, g_strndup (line, strlen (line) - 1));
    if (n == n_until_kill)
      kill (pid, SIGKILL);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  fclose (acks);
}

/* All that was acknowledged is there, once, in its order. What was in flight may be there too. */
static void
assert_kept (StoreFixture *fixture, GPtrArray *kept)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  guint at = 0;

  store_fixture_read (fixture, store_fixture_read_texts, texts, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < texts->len; i++)
    g_assert_true (g_hash_table_add (seen, texts->pdata[i]));
  for (guint i = 0; i < kept->len; i++) {
    while (at < texts->len && !g_str_equal (texts->pdata[at], kept->pdata[i]))
      at++;
    g_assert_cmpuint (at, <, texts->len);
  }
}

static void
test_kill (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  const guint n_cycles = g_test_slow () ? N_CYCLES * 25 : N_CYCLES;

  store_fixture_fill (fixture, 0);
  store_fixture_close (fixture);
  for (guint cycle = 0; cycle < n_cycles; cycle++) {
    run_cycle (fixture->folder, cycle, kept);
    store_fixture_open (fixture);
    assert_kept (fixture, kept);
    store_fixture_close (fixture);
  }
  g_test_message ("%u acknowledged messages in %u cycles", kept->len, n_cycles);
  store_fixture_open (fixture);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return be_child (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/kill", StoreFixture, NULL, store_fixture_set_up, test_kill,
              store_fixture_tear_down);
  return g_test_run ();
}
