/* test-business.c - setting up, agents, websites, settings: what is taken, what is refused, and
 * what comes twice
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-ops.h"
#include "porch-stage-cases.h"

#define GOOD_PASSWORD "correct horse battery"

/* Before there is a business the window is told so, sets it up, and is somebody from then on. */
static void
test_set_up (void)
{
  static const PorchCase bad[] = {
    { "", 400, "bad_message" },
    { "{}", 400, "business" },
    { "{\"business\":\"A\",\"name\":\"B\"}", 400, "domain" },
    { "{\"business\":\" \",\"name\":\"B\",\"domain\":\"a.example\"}", 400, "business" },
    { "{\"business\":\"A\",\"name\":\"\",\"domain\":\"a.example\"}", 400, "name" },
    { "{\"business\":\"A\",\"name\":\"B\",\"domain\":\"*.example\"}", 400, "domain" },
    { "{\"business\":\"A\",\"name\":\"B\",\"domain\":\"a.example\",\"email\":\"nobody\"}", 400,
      "email" },
    { "{\"business\":\"A\",\"name\":\"B\",\"domain\":\"a.example\",\"password\":\"short\"}", 400,
      "password has fewer than 10 characters" },
  };
  PorchStage *stage = porch_stage_new_empty ();
  PorchAsk asked = { .verb = "POST",
                     .path = "/api/v1/setup",
                     .is_local = TRUE,
                     .headers = { { "Idempotency-Key", "one" } },
                     .body = "{\"business\":\"Juniper Row\",\"name\":\"Ines\","
                             "\"domain\":\"juniper.example\"}" };
  const PorchAsk who = { .verb = "GET", .path = "/api/v1/session", .is_local = TRUE };
  const PorchAsk list = { .verb = "GET", .path = "/api/v1/conversations", .is_local = TRUE };
  g_autofree char *nobody = porch_stage_ask (stage, &who, NULL);
  g_autofree char *not_yet = NULL;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  g_autofree char *somebody = NULL;
  guint status = 0;

  g_assert_nonnull (strstr (nobody, "\"is_set_up\":false"));
  g_assert_nonnull (strstr (nobody, "\"agent\":null"));
  not_yet = porch_stage_ask (stage, &list, &status);
  g_assert_cmpuint (status, ==, 409);
  g_assert_nonnull (strstr (not_yet, "\"code\":\"not_set_up\""));
  porch_stage_try (stage, &(PorchAsk){ .verb = "POST", .path = "/api/v1/setup", .is_local = TRUE },
                   bad, G_N_ELEMENTS (bad));
  first = porch_stage_ask (stage, &asked, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (first, "\"site_key\":\""));
  /* The answer was lost on its way: the same question has the same answer. */
  again = porch_stage_ask (stage, &asked, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (again, ==, first);
  asked.headers[0].value = "two";
  other = porch_stage_ask (stage, &asked, &status);
  g_assert_cmpuint (status, ==, 409);
  g_assert_nonnull (strstr (other, "\"code\":\"conflict\""));
  somebody = porch_stage_ask (stage, &who, NULL);
  g_assert_nonnull (strstr (somebody, "\"is_set_up\":true"));
  g_assert_nonnull (strstr (somebody, "\"name\":\"Ines\""));
  porch_stage_free (stage);
}

#define MONA(email, more) "{\"name\":\"Mona\",\"email\":\"" email "\"" more "}"
#define WITH_PASSWORD     ",\"password\":\"" GOOD_PASSWORD "\""

static void
test_agents (void)
{
  static const PorchCase bad[] = {
    { MONA ("mona@staff.example", ""), 400, "password" },
    { MONA ("mona@staff.example", ",\"password\":\"nine char\""), 400, "fewer than 10" },
    { MONA ("mona@staff.example", WITH_PASSWORD ",\"role\":\"boss\""), 400, "role" },
    { MONA ("mona", WITH_PASSWORD), 400, "email" },
    { MONA ("INES@staff.example", WITH_PASSWORD), 409, "\"code\":\"conflict\"" },
    { MONA ("mona@staff.example", WITH_PASSWORD ",\"department\":\"Any\""), 400, "department" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  const PorchAsk door = { .verb = "POST", .path = "/api/v1/agents", .token = token };
  g_autofree char *agents = NULL;

  porch_stage_try (stage, &door, bad, G_N_ELEMENTS (bad));
  agents = porch_stage_call (stage, "GET", "/api/v1/agents", token, NULL, NULL);
  g_assert_null (strstr (agents, "Mona"));
  porch_stage_free (stage);
}

static char *
try_once (PorchStage *stage, const char *token, const char *key, const char *body, guint *status)
{
  const PorchAsk asked = { .verb = "POST",
                           .path = "/api/v1/agents",
                           .token = token,
                           .body = body,
                           .headers = { { "Idempotency-Key", key } } };

  return porch_stage_ask (stage, &asked, status);
}

/* A call that comes twice under one key is done once; the password is no part of what is compared,
 * since a fast hash of it would be kept. And the new agent signs in with it. */
static void
test_once (void)
{
  static const PorchCase sign_ins[] = {
    { "{\"email\":\"mona@staff.example\"}", 400, "email and password are needed" },
    { "{\"email\":\"mona@staff.example\",\"password\":\"something else\"}", 401,
      "address or password is wrong" },
    { "{\"email\":\"nobody@staff.example\",\"password\":\"" GOOD_PASSWORD "\"}", 401,
      "address or password is wrong" },
    { "{\"email\":\"Mona@Staff.example\",\"password\":\"" GOOD_PASSWORD "\"}", 200,
      "\"name\":\"Mona\"" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  const char *mona = MONA ("mona@staff.example", WITH_PASSWORD ",\"department\":\"Wheels\"");
  g_autofree char *longest = g_strnfill (200, 'k');
  g_autofree char *too_long = g_strnfill (201, 'k');
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  guint status = 0;

  g_free (try_once (stage, token, "", mona, &status));
  g_assert_cmpuint (status, ==, 400);
  g_free (try_once (stage, token, too_long, mona, &status));
  g_assert_cmpuint (status, ==, 400);
  first = try_once (stage, token, longest, mona, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (first, "\"departments\":[\"wheels\"]"));
  g_assert_nonnull (strstr (first, "\"role\":\"agent\""));
  g_assert_null (strstr (first, "password"));
  again = try_once (stage, token, longest,
                    MONA ("mona@staff.example", ",\"password\":\"another password\","
                                                "\"department\":\"Wheels\""),
                    &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (again, ==, first);
  other = try_once (stage, token, longest, MONA ("mona@staff.example", WITH_PASSWORD), &status);
  g_assert_cmpuint (status, ==, 409);
  g_assert_nonnull (strstr (other, "\"code\":\"id_conflict\""));
  porch_stage_try (stage, &(PorchAsk){ .verb = "POST", .path = "/api/v1/session" }, sign_ins,
                   G_N_ELEMENTS (sign_ins));
  porch_stage_free (stage);
}

/* Who guesses waits, though the guess were right, and is told how long. */
static void
test_guesses (void)
{
  PorchStage *stage = porch_stage_new ();
  const char *guess = "{\"email\":\"ines@staff.example\",\"password\":\"a wrong password\"}";
  guint n_guesses = 0, status = 0;
  g_autofree char *answer = NULL;
  g_autofree char *wait = NULL;

  do {
    g_free (g_steal_pointer (&answer));
    answer = porch_stage_call (stage, "POST", "/api/v1/session", NULL, guess, &status);
    n_guesses++;
  } while (status == 401 && n_guesses < 50);
  g_assert_cmpuint (n_guesses, ==, 6);
  g_assert_cmpuint (status, ==, 429);
  g_assert_nonnull (strstr (answer, "\"code\":\"rate_limited\""));
  wait = porch_stage_dup_member (answer, "retry_after_ms");
  g_assert_cmpint (g_ascii_strtoll (wait, NULL, 10), >, 50000);
  g_assert_cmpint (g_ascii_strtoll (wait, NULL, 10), <=, 60000);
  g_assert_cmpstr (porch_stage_get_header (stage, "Retry-After"), ==, "60");
  /* Another account is nobody's who guesses at this one. */
  g_free (porch_stage_call (stage, "POST", "/api/v1/session", NULL,
                            "{\"email\":\"mona@staff.example\",\"password\":\"a wrong password\"}",
                            &status));
  g_assert_cmpuint (status, ==, 401);
  porch_stage_free (stage);
}

static void
test_status (void)
{
  static const PorchCase cases[] = {
    { "{}", 400, "status" },
    { "{\"status\":\"gone\"}", 400, "status is not online, away, busy or offline" },
    { "{\"status\":\"busy\"}", 200, "\"wanted_status\":\"busy\"" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);

  porch_stage_try (stage, &(PorchAsk){ .verb = "PUT", .path = "/api/v1/status", .token = token },
                   cases, G_N_ELEMENTS (cases));
  porch_stage_free (stage);
}

/* ---- websites ---- */

/* A website changes in place, and every window hears of it. */
static void
test_sites (void)
{
  static const PorchCase cases[] = {
    /* The body but for the website. */
    { "", 200, "\"domains\":[\"juniper.example\"]" },
    { ",\"domains\":\"\"", 400, "domains" },
    { ",\"domains\":\" , \"", 400, "domains" },
    { ",\"domains\":\"*.juniper.example\"", 400, "domains" },
    { ",\"name\":\" \"", 400, "name" },
    { ",\"domains\":\"juniper.example, b\\u00fccher.example juniper.example\"", 200,
      "\"domains\":[\"juniper.example\",\"xn--bcher-kva.example\"]" },
    { ",\"name\":\" Juniper\\nLane \"", 200, "\"name\":\"Juniper Lane\"" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  g_autofree char *sites = porch_stage_call (stage, "GET", "/api/v1/sites", token, NULL, NULL);
  g_autofree char *id = porch_stage_dup_member (sites, "id");
  g_autofree char *session = NULL;
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  guint status = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = g_strdup_printf ("{\"site\":\"%s\"%s}", id, cases[i].body);
    const PorchAsk asked = { .verb = "PUT", .path = "/api/v1/sites", .token = token, .body = body };

    g_free (porch_stage_expect (stage, &asked, cases[i].status, cases[i].says));
  }
  porch_line_wait (window, "\"type\":\"site.updated\"", 3);
  g_assert_cmpint (porch_line_find (window, "\"name\":\"Juniper Lane\""), >=, 0);
  /* Of the first website it is the business's name, too. */
  session = porch_stage_call (stage, "GET", "/api/v1/session", token, NULL, NULL);
  g_assert_nonnull (strstr (session, "\"business\":\"Juniper Lane\""));
  g_free (
    porch_stage_call (stage, "PUT", "/api/v1/sites", token, "{\"site\":\"nobody\"}", &status));
  g_assert_cmpuint (status, ==, 404);
  porch_stage_free (stage);
}

/* ---- settings ---- */

static void
test_settings (void)
{
  static const PorchCase cases[] = {
    { "{\"key\":\"colour\",\"value\":\"red\"}", 404, "there is no setting colour" },
    { "{\"key\":\"message_burst\",\"value\":\"0\"}", 400, "message_burst" },
    { "{\"key\":\"message_burst\",\"value\":\"7 \"}", 400, "message_burst" },
    { "{\"key\":\"message_burst\",\"value\":\"7\"}", 200, "\"value\":\"7\"" },
    { "{\"key\":\"message_burst\",\"value\":\"\"}", 200, "\"key\":\"message_burst\"" },
    { "{\"key\":\"public_address\",\"value\":\"https://chat.example/there\"}", 400,
      "public_address" },
    { "{\"key\":\"public_address\",\"value\":\"HTTPS://Chat.Example/\"}", 200,
      "\"value\":\"https://chat.example\"" },
    { "{\"key\":\"trusted_proxy\",\"value\":\"127.0.0.1, ::1\"}", 200,
      "\"value\":\"127.0.0.1 ::1\"" },
    { "{\"key\":\"trusted_proxy\",\"value\":\"proxy.example\"}", 400, "trusted_proxy" },
  };
  PorchStage *stage = porch_stage_new ();
  const PorchAsk check = { .verb = "POST", .path = "/api/v1/check", .body = "", .is_local = TRUE };
  const PorchAsk who = { .verb = "GET", .path = "/api/v1/session", .is_local = TRUE };
  g_autofree char *session = NULL;
  g_autofree char *found = NULL;

  porch_stage_try (stage,
                   &(PorchAsk){ .verb = "PUT", .path = "/api/v1/settings", .is_local = TRUE },
                   cases, G_N_ELEMENTS (cases));
  session = porch_stage_ask (stage, &who, NULL);
  g_assert_nonnull (strstr (session, "\"public_address\":\"https://chat.example\""));
  found = porch_stage_ask (stage, &check, NULL);
  g_assert_cmpstr (found, ==, "{\"ok\":true,\"problems\":[]}");
  porch_stage_free (stage);
}

static void
pass_on (PorchStage *stage, const char *name, const char *value)
{
  const PorchAsk asked = { .verb = "GET",
                           .path = "/widget.js",
                           .headers = { { name, value }, { "Host", "chat.example" } } };

  g_free (porch_stage_expect (stage, &asked, 200, NULL));
}

/* A proxy that is trusted and does not say for whom it asks is a hole that its owner is told of. */
static void
test_silent_proxy (void)
{
  PorchStage *stage = porch_stage_new ();
  const PorchAsk who = { .verb = "GET", .path = "/api/v1/session", .is_local = TRUE };
  g_autofree char *token = porch_stage_sign_in (stage);
  PorchLine *window = porch_stage_listen (stage, token, NULL);
  g_autofree char *session = NULL;

  porch_stage_set (stage, "public_address", "https://chat.example");
  porch_stage_set (stage, "trusted_proxy", "127.0.0.1");
  pass_on (stage, "X-Forwarded-For", "203.0.113.9");
  pass_on (stage, "X-Forwarded-Proto", "https");
  porch_line_wait (window, "{\"type\":\"warning\",\"warning\":\"proxy_silent\"}", 1);
  session = porch_stage_ask (stage, &who, NULL);
  g_assert_nonnull (strstr (session, "\"warning\":\"proxy_silent\""));
  pass_on (stage, "X-Forwarded-For", "203.0.113.9");
  porch_line_wait (window, "{\"type\":\"warning\",\"warning\":\"\"}", 1);
  pass_on (stage, "X-Forwarded-For", "unknown");
  porch_line_wait (window, "{\"type\":\"warning\",\"warning\":\"proxy_silent\"}", 2);
  porch_stage_free (stage);
}

/* The description names each operation, as it is. */
static void
test_openapi (void)
{
  PorchStage *stage = porch_stage_new ();
  guint status = 0;
  g_autofree char *text =
    porch_stage_call (stage, "GET", "/api/v1/openapi.json", NULL, NULL, &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (text, "\"openapi\":\"3.1"));
  for (guint i = 0; i < PORCH_N_OPS; i++) {
    g_autofree char *path = g_strdup_printf ("\"%s\":{", porch_op_get (i)->path);

    g_assert_nonnull (strstr (text, path));
  }
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/business/set-up", test_set_up);
  g_test_add_func ("/business/agents", test_agents);
  g_test_add_func ("/business/once", test_once);
  g_test_add_func ("/business/guesses", test_guesses);
  g_test_add_func ("/business/status", test_status);
  g_test_add_func ("/business/sites", test_sites);
  g_test_add_func ("/business/settings", test_settings);
  g_test_add_func ("/business/silent-proxy", test_silent_proxy);
  g_test_add_func ("/business/openapi", test_openapi);
  return porch_stage_run ();
}
