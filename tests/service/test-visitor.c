/* test-visitor.c - what a visitor does, through the service's door on a real file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"

#include <string.h>

#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"
#define OTHER  "new-CCCCCCCCCCCCCCCCCCCCCC"
#define DAY_US (24 * 60 * 60 * G_TIME_SPAN_SECOND)

static void
test_first_message (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
  const guint from = fixture->events->len;
  g_autofree char *id = NULL;
  g_autofree char *events = NULL;
  g_autoptr (PorchConversation) self = NULL;
  gint64 seq;

  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, "Hello\nyou", &seq, &id), ==,
                   -1);
  events = porch_fixture_dup_events (fixture, from);
  g_assert_cmpstr (events, ==, "conversation.created,message.created");
  self = porch_fixture_look (fixture, porch_fixture_admin (fixture), id);
  g_assert_cmpint (self->state, ==, PORCH_STATE_WAITING);
  g_assert_cmpint (self->waiting_since, ==, self->created_at);
  g_assert_cmpint (self->unread, ==, 1);
  g_assert_cmpint (self->number, ==, 1);
  g_assert_cmpint (self->last_message, ==, seq);
  g_assert_cmpstr (self->last_text, ==, "Hello you");
  g_assert_cmpstr (self->contact_name, ==, "Jonas");
  g_assert_cmpstr (self->department, ==, "general");
  porch_fixture_free (fixture);
}

/* The same again is acknowledged again; another text under the id, and a number left out, are not.
 */
static void
test_ids (void)
{
  static const struct {
    gint64 n;
    const char *text;
    int code;
    gboolean is_first;
  } cases[] = {
    { 2, "too early", PORCH_ERROR_GAP, FALSE },
    { 1, "one", -1, TRUE },
    { 1, "one", -1, TRUE },
    { 1, "another", PORCH_ERROR_ID_CONFLICT, FALSE },
    { 3, "three", PORCH_ERROR_GAP, FALSE },
    { 2, "", PORCH_ERROR_EMPTY, FALSE },
    { 2, "\xe2\x80\x8b \n", PORCH_ERROR_EMPTY, FALSE },
    { 2, "two", -1, FALSE },
    { 1, "one", -1, TRUE },
    { 3, "three", -1, FALSE },
  };
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, NULL);
  gint64 first = 0, last = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 seq;

    g_test_message ("case %u", i);
    if (i == 8)
      porch_fixture_restart (fixture);
    g_assert_cmpint (
      porch_fixture_write (fixture, visitor, HANDLE, cases[i].n, cases[i].text, &seq, NULL), ==,
      cases[i].code);
    if (cases[i].code != -1)
      continue;
    if (first == 0)
      first = seq;
    if (cases[i].is_first)
      g_assert_cmpint (seq, ==, first);
    else
      g_assert_cmpint (seq, >, last);
    last = MAX (last, seq);
  }
  porch_fixture_free (fixture);
}

static void
test_length (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Characters, not bytes. */
  for (guint i = 0; i < 4000; i++)
    g_string_append (text, "ü");
  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, text->str, NULL, NULL), ==,
                   -1);
  g_string_append (text, "ü");
  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 2, text->str, NULL, NULL), ==,
                   PORCH_ERROR_TOO_LONG);
  porch_fixture_free (fixture);
}

/* Another visitor's conversation is not there, whichever way it is named. */
static void
test_foreign (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *jonas = porch_fixture_enter (fixture, "Jonas");
  g_autofree char *amara = porch_fixture_enter (fixture, "Amara");
  g_autofree char *id = NULL;
  g_autofree char *hers = NULL;
  PorchHistoryInput *in = porch_command_new_input (&porch_visitor_history);

  g_assert_cmpint (porch_fixture_write (fixture, jonas, HANDLE, 1, "mine", NULL, &id), ==, -1);
  g_assert_cmpint (porch_fixture_write (fixture, amara, id, 1, "theirs", NULL, NULL), ==,
                   PORCH_ERROR_NOT_FOUND);
  /* A handle belongs to its visitor: the same one makes another conversation. */
  g_assert_cmpint (porch_fixture_write (fixture, amara, HANDLE, 1, "hers", NULL, &hers), ==, -1);
  g_assert_cmpstr (hers, !=, id);
  in->visitor = g_strdup (amara);
  in->conversation = g_strdup (id);
  in->limit = 50;
  g_assert_cmpint (porch_fixture_run (fixture, &porch_visitor_history, in, NULL, NULL), ==,
                   PORCH_ERROR_NOT_FOUND);
  porch_fixture_free (fixture);
}

static void
test_done (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
  const char *ines = porch_fixture_admin (fixture);
  g_autofree char *id = NULL;
  g_autoptr (PorchConversation) reopened = NULL;
  gint64 seq, again;

  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, "one", &seq, &id), ==, -1);
  g_assert_cmpint (porch_fixture_act (fixture, &porch_agent_take, ines, id, NULL), ==, -1);
  g_assert_cmpint (porch_fixture_act (fixture, &porch_agent_resolve, ines, id, NULL), ==, -1);
  /* A message within the day opens it again, with the same agent. */
  g_assert_cmpint (porch_fixture_write (fixture, visitor, id, 2, "two", NULL, NULL), ==, -1);
  reopened = porch_fixture_look (fixture, ines, id);
  g_assert_cmpint (reopened->state, ==, PORCH_STATE_ACTIVE);
  g_assert_cmpint (reopened->reopened, ==, 1);
  g_assert_cmpint (reopened->resolved_at, ==, 0);
  /* Into a closed one nothing is stored, but what was is acknowledged again. */
  g_assert_cmpint (porch_fixture_act (fixture, &porch_agent_close, ines, id, NULL), ==, -1);
  g_assert_cmpint (porch_fixture_write (fixture, visitor, id, 3, "three", NULL, NULL), ==,
                   PORCH_ERROR_CLOSED);
  g_assert_cmpint (porch_fixture_write (fixture, visitor, id, 1, "one", &again, NULL), ==, -1);
  g_assert_cmpint (again, ==, seq);
  g_assert_cmpint (porch_fixture_write (fixture, visitor, OTHER, 1, "three", NULL, NULL), ==, -1);
  porch_fixture_free (fixture);
}

static int
rate (PorchFixture *fixture, const char *visitor, const char *id, gint64 score)
{
  PorchRateInput *in = porch_command_new_input (&porch_visitor_rate);

  in->visitor = g_strdup (visitor);
  in->conversation = g_strdup (id);
  in->score = score;
  in->comment = g_strdup ("  ");
  return porch_fixture_run (fixture, &porch_visitor_rate, in, NULL, NULL);
}

static void
test_rating (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
  const char *ines = porch_fixture_admin (fixture);
  g_autofree char *id = NULL;
  g_autoptr (PorchConversation) rated = NULL;

  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, "one", NULL, &id), ==, -1);
  g_assert_cmpint (rate (fixture, visitor, id, 5), ==, PORCH_ERROR_CONFLICT);
  g_assert_cmpint (porch_fixture_act (fixture, &porch_agent_resolve, ines, id, NULL), ==, -1);
  g_assert_cmpint (rate (fixture, visitor, id, 0), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (rate (fixture, visitor, id, 6), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (rate (fixture, visitor, id, 4), ==, -1);
  g_assert_cmpint (rate (fixture, visitor, id, 1), ==, PORCH_ERROR_CONFLICT);
  rated = porch_fixture_look (fixture, ines, id);
  g_assert_cmpint (rated->rating, ==, 4);
  g_assert_null (rated->rating_comment);
  porch_fixture_free (fixture);
}

static int
receive (PorchFixture *fixture, const char *visitor, const char *id, gint64 received, gint64 read)
{
  PorchReceiptInput *in = porch_command_new_input (&porch_visitor_receipt);

  in->visitor = g_strdup (visitor);
  in->conversation = g_strdup (id);
  in->received = received;
  in->read = read;
  return porch_fixture_run (fixture, &porch_visitor_receipt, in, NULL, NULL);
}

/* Positions only rise, and never past what is there. */
static void
test_receipts (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
  const char *ines = porch_fixture_admin (fixture);
  g_autofree char *id = NULL;
  g_autoptr (PorchConversation) self = NULL;
  gint64 seq;
  guint from;

  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, "one", &seq, &id), ==, -1);
  g_assert_cmpint (receive (fixture, visitor, id, seq, seq), ==, -1);
  from = fixture->events->len;
  g_assert_cmpint (receive (fixture, visitor, id, seq - 1, 0), ==, -1);
  g_assert_cmpuint (fixture->events->len, ==, from);
  g_assert_cmpint (receive (fixture, visitor, id, G_MAXINT64, G_MAXINT64), ==, -1);
  self = porch_fixture_look (fixture, ines, id);
  g_assert_cmpint (self->visitor_read, <=, self->last_seq);
  g_assert_cmpint (self->visitor_read, >=, seq);
  g_assert_cmpint (receive (fixture, visitor, OTHER, 1, 1), ==, PORCH_ERROR_NOT_FOUND);
  porch_fixture_free (fixture);
}

/* ---- coming in ---- */

typedef struct {
  char *visitor;
  gboolean is_new_token;
} Entered;

static void
copy_entered (gpointer in, gpointer out, gpointer data)
{
  const PorchEnterResult *result = out;
  Entered *entered = data;

  g_free (entered->visitor);
  entered->visitor = g_strdup (result->visitor->id);
  entered->is_new_token = result->is_new_token;
}

static void
enter (PorchFixture *fixture, const char *token, const char *new_token, Entered *entered)
{
  PorchEnterInput *in = porch_command_new_input (&porch_visitor_enter);

  in->site = g_strdup (fixture->site);
  in->token_hash = token != NULL ? porch_token_hash (token) : NULL;
  in->new_token_hash = porch_token_hash (new_token);
  g_assert_cmpint (porch_fixture_run (fixture, &porch_visitor_enter, in, copy_entered, entered), ==,
                   -1);
}

static gboolean
is_known (PorchFixture *fixture, const char *token, const char *new_token, const char *visitor)
{
  Entered entered = { 0 };
  gboolean is_same;

  enter (fixture, token, new_token, &entered);
  is_same = strcmp (entered.visitor, visitor) == 0;
  /* Who is somebody new always gets a token. */
  g_assert_true (is_same || entered.is_new_token);
  g_free (entered.visitor);
  return is_same;
}

/* A token opens its visitor; a day later it is replaced; the old one goes on until a minute after
 * the new one was used for the first time, since that may never have arrived; a month without a
 * visit ends it. What is not valid makes somebody new. */
static void
test_tokens (void)
{
  PorchFixture *fixture;
  Entered first = { 0 }, entered = { 0 };

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  enter (fixture, NULL, "vt_a", &first);
  g_assert_true (first.is_new_token);
  enter (fixture, "vt_a", "vt_x", &entered);
  g_assert_false (entered.is_new_token);
  g_assert_cmpstr (entered.visitor, ==, first.visitor);

  porch_clock_advance (DAY_US);
  enter (fixture, "vt_a", "vt_lost", &entered);
  g_assert_true (entered.is_new_token);
  g_assert_cmpstr (entered.visitor, ==, first.visitor);
  /* The line was cut before it arrived: the next one asks with what it has. */
  porch_clock_advance (2 * 60 * 60 * G_TIME_SPAN_SECOND);
  enter (fixture, "vt_a", "vt_b", &entered);
  g_assert_true (entered.is_new_token);
  g_assert_cmpstr (entered.visitor, ==, first.visitor);

  g_assert_true (is_known (fixture, "vt_b", "vt_y", first.visitor));
  porch_clock_advance (59 * G_TIME_SPAN_SECOND);
  g_assert_true (is_known (fixture, "vt_b", "vt_y", first.visitor));
  enter (fixture, "vt_a", "vt_y", &entered);
  g_assert_false (entered.is_new_token);
  g_assert_cmpstr (entered.visitor, ==, first.visitor);
  porch_clock_advance (2 * G_TIME_SPAN_SECOND);
  g_assert_false (is_known (fixture, "vt_a", "vt_c", first.visitor));
  g_assert_true (is_known (fixture, "vt_b", "vt_z", first.visitor));

  porch_clock_advance (30 * DAY_US);
  g_assert_true (is_known (fixture, "vt_b", "vt_d", first.visitor));
  porch_clock_advance (32 * DAY_US);
  g_assert_false (is_known (fixture, "vt_b", "vt_e", first.visitor));
  g_assert_false (is_known (fixture, "vt_d", "vt_f", first.visitor));
  g_free (entered.visitor);
  g_free (first.visitor);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

/* However often it is replaced, half a year after its first token it ends. */
static void
test_half_a_year (void)
{
  PorchFixture *fixture;
  Entered first = { 0 };
  char tokens[182][16];

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_snprintf (tokens[i], sizeof tokens[i], "vt_%u", i);
  enter (fixture, NULL, tokens[0], &first);
  for (guint day = 1; day < 180; day++) {
    porch_clock_advance (DAY_US);
    g_assert_true (is_known (fixture, tokens[day - 1], tokens[day], first.visitor));
  }
  porch_clock_advance (DAY_US);
  g_assert_false (is_known (fixture, tokens[179], tokens[180], first.visitor));
  g_free (first.visitor);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

static void
copy_usual (gpointer in, gpointer out, gpointer data)
{
  const gint64 *usual_us = g_hash_table_lookup (((PorchQueueResult *) out)->usual_us, "general");

  *(gint64 *) data = usual_us != NULL ? *usual_us : -1;
}

static gint64
get_usual (PorchFixture *fixture)
{
  gint64 usual_us = 0;

  g_assert_cmpint (porch_fixture_run (fixture, &porch_queue, porch_command_new_input (&porch_queue),
                                      copy_usual, &usual_us),
                   ==, -1);
  return usual_us;
}

/* By those who were answered; who waits still says nothing yet, and yesterday's say nothing today.
 */
static void
test_usual_wait (void)
{
  PorchFixture *fixture;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  for (guint i = 1; i <= 4; i++) {
    g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
    g_autofree char *id = NULL;
    PorchAnswerInput *in = porch_command_new_input (&porch_agent_answer);

    g_assert_cmpint (get_usual (fixture), ==, i <= 3 ? -1 : 120 * G_USEC_PER_SEC);
    porch_fixture_write (fixture, visitor, "new-BBBBBBBBBBBBBBBBBBBBBB", 1, "one", NULL, &id);
    porch_clock_advance (i * 60 * G_USEC_PER_SEC);
    if (i == 4) {
      porch_command_free_input (&porch_agent_answer, in);
      break;
    }
    in->agent = g_strdup (porch_fixture_admin (fixture));
    in->conversation = g_strdup (id);
    in->device = porch_id_new ();
    in->n = 1;
    in->text = g_strdup ("hello");
    g_assert_cmpint (porch_fixture_run (fixture, &porch_agent_answer, in, NULL, NULL), ==, -1);
  }
  g_assert_cmpint (get_usual (fixture), ==, 120 * G_USEC_PER_SEC);
  porch_clock_advance (4 * 60 * 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (get_usual (fixture), ==, -1);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

/* The wall clock is set: a token is as old as it is, and nobody becomes somebody else. */
static void
test_clock_is_set (void)
{
  static const gint64 jumps[] = { 365, -365, -3650, 3650, 100, 100 };
  PorchFixture *fixture;
  Entered first = { 0 };

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  enter (fixture, NULL, "vt_a", &first);
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    porch_clock_jump (jumps[i] * DAY_US);
    g_assert_true (is_known (fixture, "vt_a", "vt_x", first.visitor));
  }
  porch_clock_advance (62 * DAY_US);
  g_assert_false (is_known (fixture, "vt_a", "vt_y", first.visitor));
  g_free (first.visitor);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

static void
copy_visitor (gpointer in, gpointer out, gpointer data)
{
  *(PorchVisitor **) data = g_object_ref (((PorchActResult *) out)->visitor);
}

static PorchVisitor *
look_at_visitor (PorchFixture *fixture, const char *conversation)
{
  PorchActInput *in = porch_command_new_input (&porch_agent_look);
  PorchVisitor *visitor = NULL;

  in->agent = g_strdup (porch_fixture_admin (fixture));
  in->conversation = g_strdup (conversation);
  g_assert_cmpint (porch_fixture_run (fixture, &porch_agent_look, in, copy_visitor, &visitor), ==,
                   -1);
  return visitor;
}

static int
leave (PorchFixture *fixture, const char *visitor, const char *url, gint64 at_us)
{
  PorchLeaveInput *in = porch_command_new_input (&porch_visitor_leave);

  in->visitor = g_strdup (visitor);
  in->page_url = g_strdup (url);
  in->last_seen_at = at_us;
  return porch_fixture_run (fixture, &porch_visitor_leave, in, NULL, NULL);
}

/* Kept without an event, also through a restart; who has come again since is not sent away. */
static void
test_leave (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *visitor = porch_fixture_enter (fixture, "Jonas");
  g_autofree char *id = NULL;
  g_autoptr (PorchVisitor) before = NULL;
  g_autoptr (PorchVisitor) gone = NULL;
  g_autoptr (PorchVisitor) back = NULL;
  guint n_events;

  g_assert_cmpint (porch_fixture_write (fixture, visitor, HANDLE, 1, "Hello", NULL, &id), ==, -1);
  before = look_at_visitor (fixture, id);
  n_events = fixture->events->len;
  g_assert_cmpint (leave (fixture, visitor, "https://a.example/last", before->last_seen_at + 5), ==,
                   -1);
  g_assert_cmpuint (fixture->events->len, ==, n_events);
  porch_fixture_restart (fixture);
  gone = look_at_visitor (fixture, id);
  g_assert_cmpstr (gone->page_url, ==, "https://a.example/last");
  g_assert_cmpint (gone->last_seen_at, ==, before->last_seen_at + 5);
  g_assert_cmpint (leave (fixture, visitor, "https://a.example/older", before->last_seen_at), ==,
                   -1);
  back = look_at_visitor (fixture, id);
  g_assert_cmpstr (back->page_url, ==, "https://a.example/last");
  g_assert_cmpint (leave (fixture, "nobody", NULL, 1), ==, PORCH_ERROR_NOT_FOUND);
  porch_fixture_free (fixture);
}

static void
block (PorchFixture *fixture, const char *visitor)
{
  char **in = porch_command_new_input (&porch_fixture_block);

  *in = g_strdup (visitor);
  g_assert_cmpint (porch_fixture_run (fixture, &porch_fixture_block, in, NULL, NULL), ==, -1);
}

/* Who is blocked writes nothing any more, wherever it would go, and rates nothing. What was stored
 * before is acknowledged as ever, or a page would offer it without end. */
static void
test_blocked (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *jonas = porch_fixture_enter (fixture, "Jonas");
  g_autofree char *amara = porch_fixture_enter (fixture, "Amara");
  const char *ines = porch_fixture_admin (fixture);
  g_autofree char *id = NULL;
  gint64 seq, again;
  guint n_events;

  g_assert_cmpint (porch_fixture_write (fixture, jonas, HANDLE, 1, "one", &seq, &id), ==, -1);
  g_assert_cmpint (porch_fixture_act (fixture, &porch_agent_resolve, ines, id, NULL), ==, -1);
  block (fixture, jonas);
  n_events = fixture->events->len;
  g_assert_cmpint (porch_fixture_write (fixture, jonas, id, 2, "two", NULL, NULL), ==,
                   PORCH_ERROR_BLOCKED);
  g_assert_cmpint (porch_fixture_write (fixture, jonas, HANDLE, 2, "two", NULL, NULL), ==,
                   PORCH_ERROR_BLOCKED);
  g_assert_cmpint (porch_fixture_write (fixture, jonas, OTHER, 1, "three", NULL, NULL), ==,
                   PORCH_ERROR_BLOCKED);
  g_assert_cmpint (rate (fixture, jonas, id, 1), ==, PORCH_ERROR_BLOCKED);
  g_assert_cmpint (porch_fixture_write (fixture, jonas, id, 1, "one", &again, NULL), ==, -1);
  g_assert_cmpint (again, ==, seq);
  g_assert_cmpuint (fixture->events->len, ==, n_events);
  g_assert_cmpint (porch_fixture_write (fixture, amara, HANDLE, 1, "one", NULL, NULL), ==, -1);
  porch_fixture_free (fixture);
}

typedef struct {
  char *visitor, *name, *email;
} Profile;

static void
clear_profile (Profile *self)
{
  g_free (self->visitor);
  g_free (self->name);
  g_free (self->email);
}

static void
copy_profile (gpointer in, gpointer out, gpointer data)
{
  const PorchEnterResult *result = out;
  Profile *profile = data;

  clear_profile (profile);
  *profile = (Profile){ g_strdup (result->visitor->id), g_strdup (result->contact->name),
                        g_strdup (result->contact->email) };
}

static void
write_to (PorchFixture *fixture, const char *visitor, const char *department, const char *text)
{
  g_autofree char *id = porch_id_new ();
  PorchWriteInput *in = porch_command_new_input (&porch_visitor_write);

  in->visitor = g_strdup (visitor);
  in->conversation = g_strconcat ("new-", id, NULL);
  in->department = g_strdup (department);
  in->device = g_strdup (id);
  in->n = 1;
  in->text = g_strdup (text);
  g_assert_cmpint (porch_fixture_run (fixture, &porch_visitor_write, in, NULL, NULL), ==, -1);
}

/* Whoever sees one of somebody's conversations hears how they call themselves now, once; a profile
 * that says nothing new is no news, and what is no address changes none. */
static void
test_profile (void)
{
  static const struct {
    const char *name, *email;
    guint n_told;
    const char *name_after, *email_after;
  } cases[] = {
    { "Jonas", NULL, 0, "Jonas", NULL },
    { NULL, NULL, 0, "Jonas", NULL },
    { " ", "nobody", 0, "Jonas", NULL },
    { "Jonas B", NULL, 2, "Jonas B", NULL },
    { "Jonas B", "jonas@mail.example", 2, "Jonas B", "jonas@mail.example" },
    { NULL, "jonas@mail.example", 0, "Jonas B", "jonas@mail.example" },
    { NULL, "j@mail.example", 2, "Jonas B", "j@mail.example" },
  };
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *token = porch_token_new ("vt_");
  PorchEnterInput *first = porch_command_new_input (&porch_visitor_enter);
  Profile seen = { 0 };

  first->site = g_strdup (fixture->site);
  first->name = g_strdup ("Jonas");
  first->new_token_hash = porch_token_hash (token);
  g_assert_cmpint (porch_fixture_run (fixture, &porch_visitor_enter, first, copy_profile, &seen),
                   ==, -1);
  write_to (fixture, seen.visitor, "sales", "one");
  write_to (fixture, seen.visitor, "sales", "two");
  write_to (fixture, seen.visitor, "support", "three");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint from = fixture->events->len;
    PorchEnterInput *in = porch_command_new_input (&porch_visitor_enter);
    guint n_told = 0;

    in->site = g_strdup (fixture->site);
    in->name = g_strdup (cases[i].name);
    in->email = g_strdup (cases[i].email);
    in->token_hash = porch_token_hash (token);
    in->new_token_hash = g_strdup ("unused");
    g_assert_cmpint (porch_fixture_run (fixture, &porch_visitor_enter, in, copy_profile, &seen), ==,
                     -1);
    for (guint k = from; k < fixture->events->len; k++)
      n_told += ((PorchEvent *) fixture->events->pdata[k])->type == PORCH_EVENT_CONTACT_UPDATED;
    g_test_message ("case %u", i);
    g_assert_cmpuint (n_told, ==, cases[i].n_told);
    g_assert_cmpstr (seen.name, ==, cases[i].name_after);
    g_assert_cmpstr (seen.email, ==, cases[i].email_after);
  }
  clear_profile (&seen);
  porch_fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/visitor/first-message", test_first_message);
  g_test_add_func ("/visitor/ids", test_ids);
  g_test_add_func ("/visitor/length", test_length);
  g_test_add_func ("/visitor/foreign", test_foreign);
  g_test_add_func ("/visitor/done", test_done);
  g_test_add_func ("/visitor/rating", test_rating);
  g_test_add_func ("/visitor/receipts", test_receipts);
  g_test_add_func ("/visitor/tokens", test_tokens);
  g_test_add_func ("/visitor/half-a-year", test_half_a_year);
  g_test_add_func ("/visitor/usual-wait", test_usual_wait);
  g_test_add_func ("/visitor/clock-is-set", test_clock_is_set);
  g_test_add_func ("/visitor/leave", test_leave);
  g_test_add_func ("/visitor/blocked", test_blocked);
  g_test_add_func ("/visitor/profile", test_profile);
  return g_test_run ();
}
