/* test-agent.c - what an agent does, through the service's door on a real file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-tx.h"

#include <string.h>

#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"
#define DEVICE "DDDDDDDDDDDDDDDDDDDDDD"

typedef struct {
  PorchFixture *fixture;
  char *ines;
  char *mona, *visitor, *id;
} Scene;

static Scene
begin (void)
{
  Scene scene = { .fixture = porch_fixture_new () };

  scene.ines = g_strdup (porch_fixture_admin (scene.fixture));
  scene.mona = porch_fixture_add_agent (scene.fixture, "mona", "general");
  scene.visitor = porch_fixture_enter (scene.fixture, "Jonas");
  g_assert_cmpint (
    porch_fixture_write (scene.fixture, scene.visitor, HANDLE, 1, "one", NULL, &scene.id), ==, -1);
  return scene;
}

static void
end (Scene *scene)
{
  porch_fixture_free (scene->fixture);
  g_free (scene->ines);
  g_free (scene->mona);
  g_free (scene->visitor);
  g_free (scene->id);
}

static int
answer (Scene *scene, const char *agent, gint64 n, const char *text, gboolean is_note)
{
  PorchAnswerInput *in = porch_command_new_input (&porch_agent_answer);

  in->agent = g_strdup (agent);
  in->conversation = g_strdup (scene->id);
  in->device = g_strdup (DEVICE);
  in->n = n;
  in->text = g_strdup (text);
  in->is_note = is_note;
  return porch_fixture_run (scene->fixture, &porch_agent_answer, in, NULL, NULL);
}

static int
act (Scene *scene, const PorchCommand *command, const char *agent, const char *target)
{
  return porch_fixture_act (scene->fixture, command, agent, scene->id, target);
}

/* Of two who take at once the second is told; taking it over is another thing. */
static void
test_take (void)
{
  Scene scene = begin ();
  const guint from = scene.fixture->events->len;
  g_autofree char *events = NULL;
  g_autoptr (PorchConversation) self = NULL;

  g_assert_cmpint (act (&scene, &porch_agent_take, scene.ines, NULL), ==, -1);
  g_assert_cmpint (act (&scene, &porch_agent_take, scene.ines, NULL), ==, -1);
  g_assert_cmpint (act (&scene, &porch_agent_take, scene.mona, NULL), ==, PORCH_ERROR_CONFLICT);
  events = porch_fixture_dup_events (scene.fixture, from);
  g_assert_cmpstr (events, ==, "conversation.assigned,message.created");
  g_assert_cmpint (act (&scene, &porch_agent_assign, scene.mona, scene.mona), ==, -1);
  self = porch_fixture_look (scene.fixture, scene.ines, scene.id);
  g_assert_cmpstr (self->assignee, ==, scene.mona);
  g_assert_cmpint (self->waiting_since, ==, 0);
  end (&scene);
}

/* Nothing in the program disables an agent yet, so the test writes the row. */
static gboolean
run_disable (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  g_autoptr (PorchAgent) agent = porch_tx_find_agent_by_email (tx, "mona@juniper.example", error);

  if (agent == NULL)
    return FALSE;
  agent->is_disabled = TRUE;
  return porch_tx_update_agent (tx, agent, error);
}

/* To whom it may be given, by whom, and what is told of it: for the team who gave it, for everybody
 * who has come. */
static void
test_assign (void)
{
  static const PorchCommand disable = { .name = "disable", .run = run_disable };
  Scene scene = begin ();
  g_autofree char *sven = porch_fixture_add_agent (scene.fixture, "sven", "sales");
  const struct {
    const char *agent, *target;
    int code;
    const char *events;
  } cases[] = {
    { scene.ines, "nobody", PORCH_ERROR_NOT_FOUND, "" },
    { "nobody", scene.ines, PORCH_ERROR_NOT_FOUND, "" },
    { scene.ines, scene.mona, -1, "conversation.assigned,message.created,message.created" },
    { scene.ines, scene.mona, -1, "" },
    { scene.mona, scene.mona, -1, "" },
    /* Who is of another department sees it as soon as it is theirs. */
    { sven, sven, PORCH_ERROR_NOT_FOUND, "" },
    { scene.mona, sven, -1, "conversation.transferred,message.created,message.created" },
    { sven, scene.ines, -1, "conversation.transferred,message.created,message.created" },
    { sven, sven, PORCH_ERROR_NOT_FOUND, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint from = scene.fixture->events->len;
    g_autofree char *events = NULL;

    g_test_message ("case %u", i);
    g_assert_cmpint (act (&scene, &porch_agent_assign, cases[i].agent, cases[i].target), ==,
                     cases[i].code);
    events = porch_fixture_dup_events (scene.fixture, from);
    g_assert_cmpstr (events, ==, cases[i].events);
  }
  porch_fixture_run (scene.fixture, &disable, porch_command_new_input (&disable), NULL, NULL);
  g_assert_cmpint (act (&scene, &porch_agent_assign, scene.ines, scene.mona), ==,
                   PORCH_ERROR_CONFLICT);
  /* What is done can be given to somebody too, and is theirs to do again. */
  g_assert_cmpint (act (&scene, &porch_agent_resolve, scene.ines, NULL), ==, -1);
  g_assert_cmpint (act (&scene, &porch_agent_assign, scene.ines, sven), ==, -1);
  {
    g_autoptr (PorchConversation) self = porch_fixture_look (scene.fixture, sven, scene.id);

    g_assert_cmpint (self->state, ==, PORCH_STATE_ACTIVE);
    g_assert_cmpstr (self->assignee, ==, sven);
  }
  end (&scene);
}

static void
test_answer (void)
{
  Scene scene = begin ();
  g_autoptr (PorchConversation) noted = NULL;
  g_autoptr (PorchConversation) answered = NULL;

  /* A note takes nothing. */
  g_assert_cmpint (answer (&scene, scene.ines, 1, "careful", TRUE), ==, -1);
  noted = porch_fixture_look (scene.fixture, scene.ines, scene.id);
  g_assert_cmpint (noted->state, ==, PORCH_STATE_WAITING);
  g_assert_cmpint (noted->first_response_at, ==, 0);
  g_assert_cmpint (noted->visitor_unread, ==, 0);
  g_assert_cmpstr (noted->last_text, ==, "one");
  /* An answer takes it, and is stored once however often it comes. */
  g_assert_cmpint (answer (&scene, scene.ines, 2, "hello", FALSE), ==, -1);
  g_assert_cmpint (answer (&scene, scene.ines, 2, "hello", FALSE), ==, -1);
  answered = porch_fixture_look (scene.fixture, scene.ines, scene.id);
  g_assert_cmpstr (answered->assignee, ==, scene.ines);
  g_assert_cmpint (answered->state, ==, PORCH_STATE_ACTIVE);
  g_assert_cmpint (answered->first_response_at, >, 0);
  g_assert_cmpint (answered->unread, ==, 0);
  g_assert_cmpint (answered->visitor_unread, ==, 1);
  g_assert_cmpint (answered->n_messages, ==, 2);
  /* Nor is a note taken for an answer, or the other way round, that has its words and its number.
   */
  g_assert_cmpint (answer (&scene, scene.ines, 1, "careful", TRUE), ==, -1);
  g_assert_cmpint (answer (&scene, scene.ines, 1, "careful", FALSE), ==, PORCH_ERROR_ID_CONFLICT);
  g_assert_cmpint (answer (&scene, scene.ines, 2, "hello", TRUE), ==, PORCH_ERROR_ID_CONFLICT);
  g_assert_cmpint (answer (&scene, scene.ines, 2, "hello", FALSE), ==, -1);
  /* What a colleague has is not answered past them, but noted. */
  g_assert_cmpint (answer (&scene, scene.mona, 3, "me too", FALSE), ==, PORCH_ERROR_CONFLICT);
  g_assert_cmpint (answer (&scene, scene.mona, 3, "me too", TRUE), ==, -1);
  end (&scene);
}

/* The visitor's words under their own number, said by an agent. */
static void
test_foreign_id (void)
{
  Scene scene = begin ();
  PorchAnswerInput *in = porch_command_new_input (&porch_agent_answer);

  in->agent = g_strdup (scene.ines);
  in->conversation = g_strdup (scene.id);
  in->device = g_strdup ("AAAAAAAAAAAAAAAAAAAAAA"); /* the fixture's visitors' */
  in->n = 1;
  in->text = g_strdup ("one");
  g_assert_cmpint (porch_fixture_run (scene.fixture, &porch_agent_answer, in, NULL, NULL), ==,
                   PORCH_ERROR_ID_CONFLICT);
  end (&scene);
}

/* Every action and every question on a conversation of another department: it is not there. */
static void
test_scope (void)
{
  static const PorchCommand *const commands[] = { &porch_agent_take,    &porch_agent_assign,
                                                  &porch_agent_resolve, &porch_agent_close,
                                                  &porch_agent_reopen,  &porch_agent_look };
  Scene scene = begin ();
  g_autofree char *sales = porch_fixture_add_agent (scene.fixture, "sven", "sales");
  PorchPageInput *page = porch_command_new_input (&porch_agent_page);
  PorchAgentReadInput *read = porch_command_new_input (&porch_agent_read);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_test_message ("%s", commands[i]->name);
    g_assert_cmpint (act (&scene, commands[i], sales, sales), ==, PORCH_ERROR_NOT_FOUND);
  }
  g_assert_cmpint (answer (&scene, sales, 1, "x", FALSE), ==, PORCH_ERROR_NOT_FOUND);
  g_assert_cmpint (answer (&scene, sales, 1, "x", TRUE), ==, PORCH_ERROR_NOT_FOUND);
  page->agent = g_strdup (sales);
  page->conversation = g_strdup (scene.id);
  page->limit = 10;
  g_assert_cmpint (porch_fixture_run (scene.fixture, &porch_agent_page, page, NULL, NULL), ==,
                   PORCH_ERROR_NOT_FOUND);
  read->agent = g_strdup (sales);
  read->conversation = g_strdup (scene.id);
  g_assert_cmpint (porch_fixture_run (scene.fixture, &porch_agent_read, read, NULL, NULL), ==,
                   PORCH_ERROR_NOT_FOUND);
  /* Given to them, it is theirs. */
  g_assert_cmpint (act (&scene, &porch_agent_assign, scene.ines, sales), ==, -1);
  g_assert_cmpint (act (&scene, &porch_agent_resolve, sales, NULL), ==, -1);
  end (&scene);
}

static int
list (Scene *scene, const char *filter, const char *after)
{
  PorchListInput *in = porch_command_new_input (&porch_agent_list);

  in->agent = g_strdup (scene->ines);
  in->filter = g_strdup (filter);
  in->after = g_strdup (after);
  in->limit = 10;
  return porch_fixture_run (scene->fixture, &porch_agent_list, in, NULL, NULL);
}

/* "open" is the third of the lists. */
static void
test_cursors (void)
{
  static const char *const good[] = { "2.1.1", "2.9223372036854775807.9223372036854775807" };
  static const char *const bad[] = {
    "",
    "2",
    "2.1",
    "2.1.",
    "2..1",
    ".1.1",
    "2.1.1.",
    "2.1.1.1",
    "2.1.1 ",
    " 2.1.1",
    "2. 1.1",
    "2.1.1x",
    "2.1.1\n",
    "+2.1.1",
    "2.+1.1",
    "2.-1.1",
    "2.1.-1",
    "02.1.1",
    "2.01.1",
    "2.1.01",
    "2.0.1",
    "2.1.0",
    "0.1.1",
    "1.1.1",
    "3.1.1",
    "99.1.1",
    "4294967298.1.1",
    "18446744073709551618.1.1",
    "2.9223372036854775808.1",
    "2.18446744073709551617.1",
    "2.1.9223372036854775808",
    "2.1e3.1",
    "2.0x1.1",
    "2,1,1",
    "open.1.1",
    "2.\xd9\xa1.1",
    "%n%n%n",
  };
  Scene scene = begin ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_cmpint (list (&scene, "open", good[i]), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("\"%s\"", bad[i]);
    g_assert_cmpint (list (&scene, "open", bad[i]), ==, PORCH_ERROR_BAD_MESSAGE);
  }
  end (&scene);
}

typedef struct {
  GString *texts;
  char *next;
} Page;

static void
copy_page (gpointer in, gpointer out, gpointer data)
{
  const PorchListResult *result = out;
  Page *page = data;

  for (guint i = 0; i < result->conversations->len; i++)
    g_string_append_printf (page->texts, "%s ",
                            ((PorchConversation *) result->conversations->pdata[i])->last_text);
  g_free (page->next);
  page->next = g_strdup (result->next);
}

/* Page after page has each once, in the order of the list, though they began in one moment. */
static void
test_pages (void)
{
  static const struct {
    const char *filter, *texts;
    guint n_pages;
  } cases[] = {
    { "waiting", "one two three four five ", 3 },
    { "open", "five four three two one ", 3 },
    { "all", "five four three two one ", 3 },
    { "mine", "", 1 },
    { "resolved", "", 1 },
  };
  static const char *const words[] = { "two", "three", "four", "five" };
  Scene scene;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  scene = begin ();
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *handle = porch_id_new ();
    g_autofree char *whole = g_strconcat ("new-", handle, NULL);

    g_assert_cmpint (
      porch_fixture_write (scene.fixture, scene.visitor, whole, 1, words[i], NULL, NULL), ==, -1);
  }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Page page = { g_string_new (NULL), NULL };
    guint n_pages = 0;

    g_test_message ("%s", cases[i].filter);
    do {
      PorchListInput *in = porch_command_new_input (&porch_agent_list);

      in->agent = g_strdup (scene.ines);
      in->filter = g_strdup (cases[i].filter);
      in->after = g_strdup (page.next);
      in->limit = 2;
      g_assert_cmpint (porch_fixture_run (scene.fixture, &porch_agent_list, in, copy_page, &page),
                       ==, -1);
      n_pages++;
    } while (page.next != NULL && n_pages < 10);
    g_assert_cmpstr (page.texts->str, ==, cases[i].texts);
    g_assert_cmpuint (n_pages, ==, cases[i].n_pages);
    g_string_free (page.texts, TRUE);
    g_free (page.next);
  }
  end (&scene);
  porch_clock_unfake ();
}

/* ---- time ---- */

static guint
pass (PorchFixture *fixture)
{
  PorchTimeInput *in = porch_command_new_input (&porch_business_pass_time);
  const guint from = fixture->events->len;

  porch_times_init (&in->times);
  in->limit = 10;
  in->now_us = porch_clock_now_us ();
  g_assert_cmpint (porch_fixture_run (fixture, &porch_business_pass_time, in, NULL, NULL), ==, -1);
  return fixture->events->len - from;
}

static PorchState
get_state (Scene *scene)
{
  g_autoptr (PorchConversation) self = porch_fixture_look (scene->fixture, scene->ines, scene->id);

  return self->state;
}

static void
test_time (void)
{
  Scene scene;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  scene = begin ();
  porch_clock_advance (5 * 60 * G_TIME_SPAN_SECOND - 1);
  g_assert_cmpuint (pass (scene.fixture), ==, 0);
  porch_clock_advance (1);
  g_assert_cmpuint (pass (scene.fixture), >, 0);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_MISSED);
  /* Missed never closes by itself. */
  porch_clock_advance (48 * 3600 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (pass (scene.fixture), ==, 0);
  g_assert_cmpint (answer (&scene, scene.ines, 1, "sorry", FALSE), ==, -1);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_ACTIVE);
  porch_clock_advance (30 * 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (pass (scene.fixture), >, 0);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_RESOLVED);
  porch_clock_advance (24 * 3600 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (pass (scene.fixture), >, 0);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_CLOSED);
  end (&scene);
  porch_clock_unfake ();
}

/* The wall clock is set by a year, forwards and back: what waits has waited as long as it has. */
static void
test_clock_is_set (void)
{
  static const gint64 jumps[] = { 365, -365, -3650, 3650, 1, -1 };
  const gint64 minute = G_TIME_SPAN_MINUTE, day = G_TIME_SPAN_DAY;
  Scene scene;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  scene = begin ();
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    porch_clock_jump (jumps[i] * day);
    g_assert_cmpuint (pass (scene.fixture), <=, 1); /* told that its times have moved */
    g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_WAITING);
  }
  porch_clock_advance (5 * minute - 1);
  pass (scene.fixture);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_WAITING);
  porch_clock_advance (1);
  pass (scene.fixture);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_MISSED);

  g_assert_cmpint (answer (&scene, scene.ines, 1, "sorry", FALSE), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    porch_clock_jump (jumps[i] * day);
    pass (scene.fixture);
    g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_ACTIVE);
  }
  porch_clock_advance (30 * minute);
  pass (scene.fixture);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_RESOLVED);
  porch_clock_jump (365 * day);
  pass (scene.fixture);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_RESOLVED);
  porch_clock_advance (day);
  pass (scene.fixture);
  g_assert_cmpint (get_state (&scene), ==, PORCH_STATE_CLOSED);
  end (&scene);
  porch_clock_unfake ();
}

/* ---- once and only once ---- */

typedef struct {
  gboolean is_done;
  char *text;
  int code;
} Answer;

static void
on_answer (GString *text, const GError *error, gpointer data)
{
  Answer *answered = data;

  answered->code = error != NULL ? error->code : -1;
  answered->text = text != NULL ? g_string_free (text, FALSE) : NULL;
  answered->is_done = TRUE;
}

static Answer
ask (Scene *scene, const char *key, const char *request)
{
  PorchActInput *in = porch_command_new_input (&porch_agent_resolve);
  const PorchOnce once = { scene->ines, key, request };
  Answer answered = { 0 };

  in->agent = g_strdup (scene->ines);
  in->conversation = g_strdup (scene->id);
  porch_service_answer (scene->fixture->service, &porch_agent_resolve, in, &once, on_answer,
                        &answered);
  while (!answered.is_done)
    g_main_context_iteration (NULL, TRUE);
  return answered;
}

static void
test_idempotency_key (void)
{
  Scene scene = begin ();
  Answer first = ask (&scene, "k", "resolve"), again = ask (&scene, "k", "resolve"),
         other = ask (&scene, "k", "close"), without = ask (&scene, NULL, NULL);

  g_assert_cmpint (first.code, ==, -1);
  g_assert_nonnull (first.text);
  g_assert_cmpint (again.code, ==, -1);
  g_assert_cmpstr (again.text, ==, first.text);
  g_assert_cmpint (other.code, ==, PORCH_ERROR_ID_CONFLICT);
  g_assert_cmpint (without.code, ==, PORCH_ERROR_CONFLICT);
  g_free (first.text);
  g_free (again.text);
  end (&scene);
}

/* ---- signing in ---- */

typedef struct {
  gboolean is_done;
  int code;
  char *token;
} SignedIn;

static void
on_signed_in (const char *token, PorchAgent *agent, const GError *error, gpointer data)
{
  SignedIn *signed_in = data;

  signed_in->code = error != NULL ? error->code : -1;
  signed_in->token = g_strdup (token);
  signed_in->is_done = TRUE;
}

static void
on_authenticated (PorchAgent *agent, const GError *error, gpointer data)
{
  SignedIn *signed_in = data;

  signed_in->code = error != NULL ? error->code : -1;
  signed_in->is_done = TRUE;
}

static int
authenticate (PorchFixture *fixture, const char *token)
{
  SignedIn who = { 0 };

  porch_service_authenticate (fixture->service, token, on_authenticated, &who);
  while (!who.is_done)
    g_main_context_iteration (NULL, TRUE);
  return who.code;
}

static void
on_signed_out (GString *answer, const GError *error, gpointer data)
{
  SignedIn *signed_out = data;

  g_assert_null (answer);
  signed_out->code = error != NULL ? error->code : -1;
  signed_out->is_done = TRUE;
}

static int
sign_out (PorchFixture *fixture, const char *token)
{
  SignedIn signed_out = { 0 };

  porch_service_sign_out (fixture->service, token, on_signed_out, &signed_out);
  /* At once, though the file still has it. */
  g_assert_cmpint (authenticate (fixture, token), ==, PORCH_ERROR_UNAUTHORIZED);
  while (!signed_out.is_done)
    g_main_context_iteration (NULL, TRUE);
  return signed_out.code;
}

static char *
open_session (PorchFixture *fixture)
{
  SignedIn signed_in = { 0 };

  porch_service_open_session (fixture->service, porch_service_get_local_agent (fixture->service),
                              on_signed_in, &signed_in);
  while (!signed_in.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (signed_in.code, ==, -1);
  return signed_in.token;
}

/* Half a day without a use, or two weeks in all, whichever comes first; also when the server was
 * not there meanwhile. */
static void
test_session_ends (void)
{
  const gint64 hour_us = 60 * 60 * G_TIME_SPAN_SECOND;
  PorchFixture *fixture;
  g_autofree char *token = NULL;
  g_autofree char *other = NULL;
  g_autofree char *hash = NULL;

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  fixture = porch_fixture_new ();
  token = open_session (fixture);
  other = open_session (fixture);
  hash = porch_token_hash (token);
  /* That the clock is set ends none. */
  for (int days = 3650; days >= -3650; days -= 7300) {
    porch_clock_jump (days * G_TIME_SPAN_DAY);
    g_assert_cmpint (authenticate (fixture, token), ==, -1);
    g_assert_true (porch_service_use_session (fixture->service, hash));
    porch_clock_jump (-days * G_TIME_SPAN_DAY);
    g_assert_true (porch_service_use_session (fixture->service, hash));
  }
  for (guint hours = 11; hours < 14 * 24; hours += 11) {
    porch_clock_advance (11 * hour_us);
    if (hours % 2 == 0)
      porch_fixture_restart (fixture);
    g_assert_cmpint (authenticate (fixture, token), ==, -1);
    g_assert_true (porch_service_use_session (fixture->service, hash));
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  g_assert_cmpint (authenticate (fixture, other), ==, PORCH_ERROR_UNAUTHORIZED);
  porch_clock_advance (11 * hour_us);
  g_assert_false (porch_service_use_session (fixture->service, hash));
  g_assert_cmpint (authenticate (fixture, token), ==, PORCH_ERROR_UNAUTHORIZED);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

/* The server stops while a password is looked at: whoever asked is told, and nothing is left. */
static void
test_stop_signing_in (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  SignedIn signed_in[3] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (signed_in); i++)
    porch_service_sign_in (fixture->service, "nobody@juniper.example", "a wrong password", NULL,
                           on_signed_in, &signed_in[i]);
  porch_fixture_restart (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (signed_in); i++) {
    g_assert_true (signed_in[i].is_done);
    g_assert_cmpint (signed_in[i].code, ==, PORCH_ERROR_SHUTTING_DOWN);
  }
  porch_fixture_free (fixture);
}

static void
on_status (GString *answer, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(char **) data = g_string_free (answer, FALSE);
}

/* The answer says what colleagues see, not what the row has. */
static void
test_status (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *away = NULL;
  g_autofree char *offline = NULL;

  porch_service_agent_connected (fixture->service, porch_fixture_admin (fixture));
  porch_service_set_status (fixture->service, porch_fixture_admin (fixture), PORCH_STATUS_AWAY,
                            NULL, on_status, &away);
  while (away == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (away, "\"status\":\"away\""));
  porch_service_agent_disconnected (fixture->service, porch_fixture_admin (fixture));
  porch_service_set_status (fixture->service, porch_fixture_admin (fixture), PORCH_STATUS_ONLINE,
                            NULL, on_status, &offline);
  while (offline == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (offline, "\"status\":\"offline\""));
  g_assert_nonnull (strstr (offline, "\"wanted_status\":\"online\""));
  porch_fixture_free (fixture);
}

static void
test_session (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  g_autofree char *token = open_session (fixture);

  g_assert_cmpint (authenticate (fixture, token), ==, -1);
  g_assert_cmpint (authenticate (fixture, "at_guess"), ==, PORCH_ERROR_UNAUTHORIZED);
  g_assert_cmpint (authenticate (fixture, NULL), ==, PORCH_ERROR_UNAUTHORIZED);
  porch_fixture_restart (fixture);
  g_assert_cmpint (authenticate (fixture, token), ==, -1);
  g_assert_cmpint (sign_out (fixture, token), ==, -1);
  porch_fixture_restart (fixture);
  g_assert_cmpint (authenticate (fixture, token), ==, PORCH_ERROR_UNAUTHORIZED);
  porch_fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/take", test_take);
  g_test_add_func ("/agent/assign", test_assign);
  g_test_add_func ("/agent/answer", test_answer);
  g_test_add_func ("/agent/foreign-id", test_foreign_id);
  g_test_add_func ("/agent/cursors", test_cursors);
  g_test_add_func ("/agent/pages", test_pages);
  g_test_add_func ("/agent/scope", test_scope);
  g_test_add_func ("/agent/time", test_time);
  g_test_add_func ("/agent/clock-is-set", test_clock_is_set);
  g_test_add_func ("/agent/idempotency-key", test_idempotency_key);
  g_test_add_func ("/agent/session", test_session);
  g_test_add_func ("/agent/session-ends", test_session_ends);
  g_test_add_func ("/agent/stop-signing-in", test_stop_signing_in);
  g_test_add_func ("/agent/status", test_status);
  return g_test_run ();
}
