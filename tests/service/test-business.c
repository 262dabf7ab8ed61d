/* test-business.c - setting up, through the service's door on a real file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"

#include "porch-error.h"

#include <string.h>

typedef struct {
  gboolean is_done;
  int code;
  char *text;
} Answer;

static void
on_answer (GString *text, const GError *error, gpointer data)
{
  Answer *answer = data;

  answer->code = error != NULL ? error->code : -1;
  answer->text = text != NULL ? g_string_free (text, FALSE) : NULL;
  answer->is_done = TRUE;
}

static Answer
wait_for (Answer *answer)
{
  while (!answer->is_done)
    g_main_context_iteration (NULL, TRUE);
  return *answer;
}

static int
set_up (PorchFixture *fixture, const char *domain)
{
  PorchSetupInput *in = porch_command_new_input (&porch_business_set_up);

  in->business = g_strdup ("Juniper Row");
  in->name = g_strdup ("Ines Castro");
  in->domain = g_strdup (domain);
  return porch_fixture_run (fixture, &porch_business_set_up, in, NULL, NULL);
}

/* What people paste becomes what a browser sends. */
static void
test_domains (void)
{
  /* clang-format off */
  static const struct { const char *text, *domain; } cases[] = {
    { "https://www.Juniper.example/shop?x=1", "juniper.example" },
    { " juniper.example ", "juniper.example" },
    { "www.juniper.example", "juniper.example" },
    { "https://juniper.example:8443/", "juniper.example:8443" },
    { "https://juniper.example:443", "juniper.example" },
    { "HTTP://Juniper.example:3000/shop", "http://juniper.example:3000" },
    { "http://www.juniper.example", "http://www.juniper.example" },
    { "https://b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
    { "http://b\xc3\xbc" "cher.example", "http://xn--bcher-kva.example" },
    { "localhost", "localhost" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PorchFixture *fixture = porch_fixture_new_empty ();
    PorchSite *site;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (set_up (fixture, cases[i].text), ==, -1);
    porch_fixture_restart (fixture);
    site = porch_service_get_sites (fixture->service)->pdata[0];
    g_assert_cmpstr (site->domains[0], ==, cases[i].domain);
    g_assert_null (site->domains[1]);
    porch_fixture_free (fixture);
  }
}

/* Each of these would otherwise stand in a policy that says who may show the chat. */
static void
test_bad_domains (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "http://",
    "http://juniper.example;script-src *",
    "http://juniper.example https://evil.example",
    "http://*",
    "http://juniper.example:",
    "http://juniper.example:0",
    "http://juniper.example:65536",
    "http://juniper.example:8x",
    "http://user@juniper.example",
    "http://'self'",
    "http://juniper.example,x",
    "https://juniper.example;x",
    "*.juniper.example",
    "juniper.example\xef\xbc\x8fx",
    "ftp://juniper.example",
    "http://127.1",
  };
  PorchFixture *fixture = porch_fixture_new_empty ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i]);
    g_assert_cmpint (set_up (fixture, cases[i]), ==, PORCH_ERROR_BAD_MESSAGE);
  }
  g_assert_false (porch_service_is_set_up (fixture->service));
  porch_fixture_free (fixture);
}

/* ---- the website ---- */

/* The code of the error, or -1. */
static int
update_site (PorchFixture *fixture, const char *site, const char *name, const char *domains)
{
  PorchSiteInput *in = porch_command_new_input (&porch_site_update);

  in->agent = g_strdup (porch_fixture_admin (fixture));
  in->site = g_strdup (site);
  in->name = g_strdup (name);
  in->domains = g_strdup (domains);
  return porch_fixture_run (fixture, &porch_site_update, in, NULL, NULL);
}

static char *
dup_kept_domains (PorchFixture *fixture)
{
  porch_fixture_restart (fixture);
  return g_strjoinv (" ",
                     ((PorchSite *) porch_service_get_sites (fixture->service)->pdata[0])->domains);
}

/* Several, each by the rules of setting up, and each once. What is wrong changes nothing. */
static void
test_move_site (void)
{
  static const struct {
    const char *text, *domains;
  } cases[] = {
    { "www.lantern.example", "lantern.example" },
    { " b\xc3\xbc"
      "cher.example,, https://www.Lantern.example/shop\thttp://localhost:3000",
      "xn--bcher-kva.example lantern.example http://localhost:3000" },
    { "lantern.example www.lantern.example https://lantern.example", "lantern.example" },
    { "", NULL },
    { " , ", NULL },
    { "lantern.example *.evil.example", NULL },
    { "lantern.example evil.example;script-src", NULL },
    { "a.b c.d e.f g.h i.j k.l m.n o.p q.r s.t u.v w.x y.z a.a a.c a.d a.e a.f a.g a.h a.i", NULL },
  };
  PorchFixture *fixture = porch_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *before = dup_kept_domains (fixture);
    g_autofree char *after = NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (update_site (fixture, fixture->site, NULL, cases[i].text), ==,
                     cases[i].domains != NULL ? -1 : PORCH_ERROR_BAD_MESSAGE);
    after = dup_kept_domains (fixture);
    g_assert_cmpstr (after, ==, cases[i].domains != NULL ? cases[i].domains : before);
  }
  g_assert_cmpint (update_site (fixture, "nowhere", NULL, "a.b"), ==, PORCH_ERROR_NOT_FOUND);
  porch_fixture_free (fixture);
}

/* Held at once, kept for ever, and told to everybody with who did it. */
static void
test_rename_site (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  PorchSiteInput *in = porch_command_new_input (&porch_site_update);
  const guint n_events = fixture->events->len;
  Answer answer = { 0 };
  PorchEvent *event;
  PorchSite *site;

  in->agent = g_strdup (porch_fixture_admin (fixture));
  in->site = g_strdup (fixture->site);
  in->name = g_strdup ("  Lantern & Wick ");
  in->domains = g_strdup ("lantern.example");
  porch_service_update_site (fixture->service, in, NULL, on_answer, &answer);
  answer = wait_for (&answer);
  g_assert_cmpint (answer.code, ==, -1);
  g_assert_nonnull (strstr (answer.text, "\"domains\":[\"lantern.example\"]"));
  g_free (answer.text);
  site = porch_service_get_sites (fixture->service)->pdata[0];
  g_assert_cmpstr (porch_service_get_business (fixture->service), ==, "Lantern & Wick");
  g_assert_true (porch_service_site_allows (site, "https://lantern.example"));

  g_assert_cmpuint (fixture->events->len, ==, n_events + 1);
  event = fixture->events->pdata[n_events];
  g_assert_cmpint (event->type, ==, PORCH_EVENT_SITE_UPDATED);
  g_assert_cmpint (event->seq, ==, porch_service_get_seq (fixture->service));
  g_assert_cmpstr (event->actor, ==, porch_fixture_admin (fixture));
  g_assert_cmpstr (event->site->name, ==, "Lantern & Wick");

  g_assert_cmpint (update_site (fixture, fixture->site, " ", NULL), ==, PORCH_ERROR_BAD_MESSAGE);
  porch_fixture_restart (fixture);
  g_assert_cmpstr (porch_service_get_business (fixture->service), ==, "Lantern & Wick");
  porch_fixture_free (fixture);
}

/* ---- once and only once ---- */

static Answer
set_up_once (PorchFixture *fixture, const char *key, const char *request)
{
  PorchSetupInput *in = porch_command_new_input (&porch_business_set_up);
  const PorchOnce once = { "setup", key, request };
  Answer answer = { 0 };

  in->business = g_strdup ("Juniper Row");
  in->name = g_strdup ("Ines Castro");
  in->domain = g_strdup ("juniper.example");
  porch_service_set_up (fixture->service, in, NULL, &once, on_answer, &answer);
  return wait_for (&answer);
}

static Answer
add_agent_once (PorchFixture *fixture, const char *key, const char *request)
{
  PorchAgentInput *in = porch_command_new_input (&porch_business_add_agent);
  const PorchOnce once = { "ines", key, request };
  Answer answer = { 0 };

  in->name = g_strdup ("Mona");
  in->email = g_strdup ("mona@juniper.example");
  porch_service_add_agent (fixture->service, in, NULL, &once, on_answer, &answer);
  return wait_for (&answer);
}

static Answer
set_status_once (PorchFixture *fixture, PorchStatus status, const char *key, const char *request)
{
  g_autofree char *admin = g_strdup (porch_service_get_local_agent (fixture->service)->id);
  const PorchOnce once = { "ines", key, request };
  Answer answer = { 0 };

  porch_service_set_status (fixture->service, admin, status, &once, on_answer, &answer);
  return wait_for (&answer);
}

static void
check_same (Answer *first, Answer *again)
{
  g_assert_cmpint (first->code, ==, -1);
  g_assert_cmpint (again->code, ==, -1);
  g_assert_nonnull (first->text);
  g_assert_cmpstr (first->text, ==, again->text);
  g_free (first->text);
  g_free (again->text);
}

/* An answer that was lost is given again, also by the program that was started since. */
static void
test_once (void)
{
  PorchFixture *fixture = porch_fixture_new_empty ();
  Answer first = set_up_once (fixture, "k", "setup"), again, other;

  porch_fixture_restart (fixture);
  again = set_up_once (fixture, "k", "setup");
  check_same (&first, &again);
  g_assert_cmpuint (porch_service_get_sites (fixture->service)->len, ==, 1);
  g_assert_cmpint (set_up_once (fixture, "k", "another").code, ==, PORCH_ERROR_ID_CONFLICT);
  g_assert_cmpint (set_up_once (fixture, "k2", "setup").code, ==, PORCH_ERROR_CONFLICT);
  g_assert_cmpint (set_up_once (fixture, NULL, NULL).code, ==, PORCH_ERROR_CONFLICT);

  first = add_agent_once (fixture, "k", "mona");
  porch_fixture_restart (fixture);
  again = add_agent_once (fixture, "k", "mona");
  check_same (&first, &again);
  g_assert_cmpuint (porch_service_get_agents (fixture->service)->len, ==, 2);
  g_assert_cmpint (add_agent_once (fixture, "k", "other").code, ==, PORCH_ERROR_ID_CONFLICT);
  g_assert_cmpint (add_agent_once (fixture, NULL, NULL).code, ==, PORCH_ERROR_CONFLICT);

  /* What was set meanwhile stays. */
  first = set_status_once (fixture, PORCH_STATUS_AWAY, "s", "away");
  other = set_status_once (fixture, PORCH_STATUS_BUSY, "s2", "busy");
  again = set_status_once (fixture, PORCH_STATUS_AWAY, "s", "away");
  check_same (&first, &again);
  g_assert_cmpint (other.code, ==, -1);
  g_free (other.text);
  g_assert_cmpint (porch_service_get_local_agent (fixture->service)->wanted_status, ==,
                   PORCH_STATUS_BUSY);
  porch_fixture_free (fixture);
}

/* What people call a department is not what its address says: "SALES" is Sales, not another one. */
static void
test_departments (void)
{
  static const struct {
    const char *name, *email, *slug;
  } rows[] = { { "SALES", "a@juniper.example", "sales" },
               { "Spare parts", "b@juniper.example", "spare-parts" },
               { "spare  Parts", "c@juniper.example", "spare-parts" },
               { "\331\205\330\261\330\255\330\250\330\247", "d@juniper.example", "department-6" },
               { "Any", "e@juniper.example", NULL } };
  PorchFixture *fixture = porch_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PorchAgentInput *in = porch_command_new_input (&porch_business_add_agent);
    Answer answer = { 0 };
    PorchAgent *last;

    in->name = g_strdup ("Mona");
    in->email = g_strdup (rows[i].email);
    in->department = g_strdup (rows[i].name);
    porch_service_add_agent (fixture->service, in, NULL, NULL, on_answer, &answer);
    answer = wait_for (&answer);
    g_free (answer.text);
    g_assert_cmpint (answer.code, ==, rows[i].slug != NULL ? -1 : PORCH_ERROR_BAD_MESSAGE);
    if (rows[i].slug == NULL)
      continue;
    last = porch_service_get_agents (fixture->service)->pdata[i + 1];
    g_assert_cmpstr (last->email, ==, rows[i].email);
    g_assert_cmpstr (last->departments[0], ==, rows[i].slug);
    g_assert_null (last->departments[1]);
  }
  /* The four of every business, and two more. */
  g_assert_cmpuint (porch_service_get_departments (fixture->service)->len, ==, 6);
  porch_fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/business/domains", test_domains);
  g_test_add_func ("/business/bad-domains", test_bad_domains);
  g_test_add_func ("/business/move-site", test_move_site);
  g_test_add_func ("/business/rename-site", test_rename_site);
  g_test_add_func ("/business/once", test_once);
  g_test_add_func ("/business/departments", test_departments);
  return g_test_run ();
}
