/* test-requests.c - what a website asks for without a socket: files, settings, the REST twins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-cases.h"

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"
#define AGENTS "CCCCCCCCCCCCCCCCCCCCCC"
#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"
#define NOBODY "EEEEEEEEEEEEEEEEEEEEEE"

/* ---- files and settings ---- */

static void
test_files (void)
{
  static const struct {
    const char *path;
    guint status;
    const char *type, *kept;
  } cases[] = {
    { "/widget.js", 200, "text/javascript; charset=utf-8", "public, max-age=60" },
    { "/widget/assets/app.js", 200, "text/javascript; charset=utf-8", "public, max-age=300" },
    { "/widget/assets/app.css", 200, "text/css; charset=utf-8", "public, max-age=300" },
    { "/widget/assets/app.js.gz", 404, "application/problem+json", "no-store" },
    { "/widget/assets/nothing.js", 404, "application/problem+json", "no-store" },
    { "/widget/assets/..%2Fapp.js", 404, "application/problem+json", "no-store" },
    { "/widget/app", 404, "application/problem+json", "no-store" },
    { "/widget/app?site=nobody", 404, "application/problem+json", "no-store" },
    { "/widget/config", 404, "application/problem+json", "no-store" },
    { "/widget/config?site=", 404, "application/problem+json", "no-store" },
  };
  PorchStage *stage = porch_stage_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint status = 0;

    g_free (porch_stage_call (stage, "GET", cases[i].path, NULL, NULL, &status));
    g_test_message ("%s: %u %s %s", cases[i].path, status,
                    porch_stage_get_header (stage, "Content-Type"),
                    porch_stage_get_header (stage, "Cache-Control"));
    g_assert_cmpuint (status, ==, cases[i].status);
    g_assert_cmpstr (porch_stage_get_header (stage, "Content-Type"), ==, cases[i].type);
    g_assert_cmpstr (porch_stage_get_header (stage, "Cache-Control"), ==, cases[i].kept);
  }
  porch_stage_free (stage);
}

/* What a browser has is not sent again. */
static void
test_unchanged (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchAsk asked = { .verb = "GET", .path = "/widget/assets/app.css" };
  g_autofree char *whole = porch_stage_ask (stage, &asked, NULL);
  g_autofree char *tag = g_strdup (porch_stage_get_header (stage, "ETag"));
  g_autofree char *none = NULL;
  g_autofree char *other = NULL;
  guint status = 0;

  g_assert_cmpuint (strlen (whole), >, 0);
  asked.headers[0].name = "If-None-Match";
  asked.headers[0].value = tag;
  none = porch_stage_ask (stage, &asked, &status);
  g_assert_cmpuint (status, ==, 304);
  g_assert_cmpstr (none, ==, "");
  asked.headers[0].value = "\"another\"";
  other = porch_stage_ask (stage, &asked, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (other, ==, whole);
  porch_stage_free (stage);
}

static void
set_domains (PorchStage *stage, const char *domains)
{
  PorchSite *site = porch_service_get_sites (porch_stage_service (stage))->pdata[0];
  g_autofree char *body =
    g_strdup_printf ("{\"site\":\"%s\",\"domains\":\"%s\"}", site->id, domains);
  const PorchAsk asked = { .verb = "PUT", .path = "/api/v1/sites", .body = body, .is_local = TRUE };

  g_free (porch_stage_expect (stage, &asked, 200, NULL));
}

/* Who may show the chat in a frame: the pages of its website, and our own. */
static void
test_frame (void)
{
  static const struct {
    const char *domains, *ancestors;
  } cases[] = {
    { "juniper.example", "'self' https://juniper.example https://www.juniper.example;" },
    { "juniper.example localhost",
      "'self' https://juniper.example https://www.juniper.example http://localhost:* "
      "https://localhost:*;" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *path = g_strdup_printf ("/widget/app?site=%s", porch_stage_site_key (stage));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *ancestors = g_strconcat ("frame-ancestors ", cases[i].ancestors, NULL);
    const char *policy;
    guint status = 0;

    set_domains (stage, cases[i].domains);
    g_free (porch_stage_call (stage, "GET", path, NULL, NULL, &status));
    g_assert_cmpuint (status, ==, 200);
    policy = porch_stage_get_header (stage, "Content-Security-Policy");
    g_test_message ("%s", policy);
    g_assert_nonnull (strstr (policy, ancestors));
    g_assert_nonnull (strstr (policy, "default-src 'none'"));
  }
  porch_stage_free (stage);
}

static char *
get_config (PorchStage *stage, const char *lang, const char *origin, guint *status)
{
  g_autofree char *path =
    g_strdup_printf ("/widget/config?site=%s%s%s", porch_stage_site_key (stage),
                     lang != NULL ? "&lang=" : "", lang != NULL ? lang : "");

  return porch_stage_call_from (stage, "GET", path, NULL, origin, status);
}

static void
test_config (void)
{
  static const struct {
    const char *lang;
    gboolean has_words;
  } languages[] = {
    { NULL, FALSE },   { "", FALSE },   { "de", TRUE },
    { "de-AT", TRUE }, { "DE", TRUE },  { "de-1996-x-very-long-private-use-tag-1", FALSE },
    { "den", FALSE },  { "xx", FALSE }, { "d", FALSE },
    { "-", FALSE },    { "de-", TRUE },
  };
  static const struct {
    const char *origin;
    guint status;
    const char *allowed;
  } origins[] = {
    { NULL, 200, NULL },
    { "https://juniper.example", 200, "https://juniper.example" },
    { "https://www.juniper.example", 200, "https://www.juniper.example" },
    { "https://juniper.example.evil.example", 403, NULL },
    { "http://juniper.example", 403, NULL },
    { "null", 403, NULL },
  };
  PorchStage *stage = porch_stage_new ();
  guint status = 0;
  g_autofree char *config = get_config (stage, NULL, NULL, &status);
  g_autofree char *found = NULL;
  guint n_with_words = 0;

  g_assert_nonnull (strstr (config, "{\"business\":\"Juniper Row\",\"site\":\"Juniper Row\","));
  g_assert_nonnull (strstr (config, "{\"slug\":\"sales\",\"name\":\"Sales\"}"));
  g_assert_nonnull (strstr (config, "\"light\":false"));
  g_assert_nonnull (strstr (config, "\"limits\":{\"message\":4000}"));
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autofree char *text = get_config (stage, languages[i].lang, NULL, &status);

    g_test_message ("%s", languages[i].lang);
    g_assert_cmpuint (status, ==, 200);
    g_assert_cmpint (strstr (text, "\"strings\":{") != NULL, ==, languages[i].has_words);
    n_with_words += languages[i].has_words;
  }
  g_assert_cmpuint (n_with_words, >, 0);
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++) {
    g_free (get_config (stage, NULL, origins[i].origin, &status));
    g_test_message ("%s", origins[i].origin);
    g_assert_cmpuint (status, ==, origins[i].status);
    g_assert_cmpstr (porch_stage_get_header (stage, "Access-Control-Allow-Origin"), ==,
                     origins[i].allowed);
    if (status == 200)
      g_assert_cmpstr (porch_stage_get_header (stage, "Vary"), ==, "Origin, Accept-Encoding");
  }
  /* A page that does not say which website it is of is known by where it is. */
  found = porch_stage_call_from (stage, "GET", "/widget/config", NULL, "https://juniper.example",
                                 &status);
  g_assert_cmpstr (found, ==, config);
  g_free (
    porch_stage_call_from (stage, "GET", "/widget/config", NULL, "https://evil.example", &status));
  g_assert_cmpuint (status, ==, 404);
  porch_stage_free (stage);
}

/* The practice page stands in for a website, on this computer alone. */
static void
test_practice (void)
{
  PorchStage *stage = porch_stage_new ();
  const PorchAsk from_away = { .verb = "GET",
                               .path = "/try",
                               .headers = { { "Host", "chat.example" } } };
  PorchSite *site = porch_service_get_sites (porch_stage_service (stage))->pdata[0];
  g_autofree char *name =
    g_strdup_printf ("{\"site\":\"%s\",\"name\":\"Tea <b>& Time\"}", site->id);
  const PorchAsk call_it = { .verb = "PUT",
                             .path = "/api/v1/sites",
                             .body = name,
                             .is_local = TRUE };
  g_autofree char *page = NULL;
  guint status = 0;

  porch_stage_set (stage, "public_address", "https://chat.example");
  g_free (porch_stage_ask (stage, &call_it, NULL));
  page = porch_stage_call (stage, "GET", "/try", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (page, porch_stage_site_key (stage)));
  g_assert_nonnull (strstr (page, "Tea &lt;b&gt;&amp; Time"));
  g_assert_null (strstr (page, "<b>&"));
  g_assert_null (strchr (page, '@'));
  g_assert_nonnull (porch_stage_get_header (stage, "Content-Security-Policy"));
  g_free (porch_stage_ask (stage, &from_away, &status));
  g_assert_cmpuint (status, ==, 404);
  porch_stage_free (stage);
}

/* Before there is a website nothing is shown of it. */
static void
test_nothing_set_up (void)
{
  static const char *const paths[] = { "/try", "/widget/app", "/widget/config",
                                       "/livechat/ws/any/" };
  PorchStage *stage = porch_stage_new_empty ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    guint status = 0;

    g_free (porch_stage_call (stage, "GET", paths[i], NULL, NULL, &status));
    g_assert_cmpuint (status, ==, 404);
  }
  porch_stage_free (stage);
}

/* ---- who ---- */

/* Begins or goes on; the body of the answer. */
static char *
enter (PorchStage *stage, const char *more, guint *status)
{
  g_autofree char *body =
    g_strdup_printf ("{\"site\":\"%s\"%s}", porch_stage_site_key (stage), more);
  char *answer = porch_stage_call (stage, "POST", "/widget/session", NULL, body, status);

  g_test_message ("%s: %u %s", more, *status, answer);
  return answer;
}

static void
test_session (void)
{
  static const PorchCase cases[] = {
    /* The body but for the website. */
    { ",\"profile\":{\"email\":\"nobody\"}", 400, "profile.email is not an address" },
    { ",\"profile\":{\"email\":\"a b@mail.example\"}", 400, "profile.email is not an address" },
    { ",\"profile\":{\"name\":7}", 400, "profile.name" },
    { ",\"token\":7", 400, "token" },
    { ",\"profile\":{\"email\":\" \"}", 200, "\"profile\":{\"name\":null,\"email\":null}" },
    { ",\"profile\":{\"name\":\" Ola\\nNord \",\"email\":\" Ola@Mail.Example \"}", 200,
      "\"profile\":{\"name\":\"Ola Nord\",\"email\":\"Ola@Mail.Example\"}" },
    { ",\"token\":\"vt_nonsense\"", 200, "\"token\":\"vt_" },
  };
  PorchStage *stage = porch_stage_new ();
  const PorchAsk foreign = { .verb = "POST",
                             .path = "/widget/session",
                             .body = "{\"site\":\"nobody\"}" };
  PorchAsk evil = { .verb = "POST",
                    .path = "/widget/session",
                    .headers = { { "Origin", "https://evil.example" } } };
  g_autofree char *body = g_strdup_printf ("{\"site\":\"%s\"}", porch_stage_site_key (stage));
  g_autofree char *first = NULL;
  g_autofree char *token = NULL;
  g_autofree char *visitor = NULL;
  g_autofree char *with_token = NULL;
  g_autofree char *again = NULL;
  g_autofree char *nonsense = NULL;
  g_autofree char *id = NULL;
  guint status = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = enter (stage, cases[i].body, &status);

    g_assert_cmpuint (status, ==, cases[i].status);
    g_assert_nonnull (strstr (answer, cases[i].says));
    g_assert_null (strstr (answer, "nonsense"));
  }
  g_free (porch_stage_ask (stage, &foreign, &status));
  g_assert_cmpuint (status, ==, 404);
  evil.body = body;
  g_free (porch_stage_ask (stage, &evil, &status));
  g_assert_cmpuint (status, ==, 403);
  g_free (porch_stage_call (stage, "POST", "/widget/session", NULL, "", &status));
  g_assert_cmpuint (status, ==, 400);
  g_free (porch_stage_call (stage, "POST", "/widget/session", NULL, "{}", &status));
  g_assert_cmpuint (status, ==, 400);
  /* With the token that was given out they are who they were, and keep it. */
  first = enter (stage, ",\"profile\":{\"name\":\"Ola\"}", &status);
  token = porch_stage_dup_member (first, "token");
  visitor = porch_stage_dup_member (first, "visitor_id");
  with_token = g_strdup_printf (",\"token\":\"%s\"", token);
  again = enter (stage, with_token, &status);
  id = porch_stage_dup_member (again, "visitor_id");
  g_assert_cmpstr (id, ==, visitor);
  g_assert_nonnull (strstr (again, token));
  g_assert_nonnull (strstr (again, "\"name\":\"Ola\""));
  g_assert_nonnull (strstr (again, "\"conversations\":[]"));
  porch_stage_free (stage);
}

/* ---- the twins ---- */

typedef struct {
  const char *verb, *conversation, *what, *body;
  guint status;
  const char *says;
} Case;

static void
try_all (PorchStage *stage, const char *token, const char *id, const Case *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++) {
    g_autofree char *path =
      g_strdup_printf ("/widget/conversations/%s/%s",
                       cases[i].conversation != NULL ? cases[i].conversation : id, cases[i].what);
    const PorchAsk asked = { .verb = cases[i].verb,
                             .path = path,
                             .token = token,
                             .body = cases[i].body };

    g_free (porch_stage_expect (stage, &asked, cases[i].status, cases[i].says));
  }
}

#define SAID(n, text) "{\"id\":\"" DEVICE ":" n "\",\"message\":\"" text "\"}"

static void
test_talk (void)
{
  static const Case before[] = {
    { "POST", HANDLE, "messages", "", 400, "bad_message" },
    { "POST", HANDLE, "messages", "[]", 400, "bad_message" },
    { "POST", HANDLE, "messages", "{\"message\":\"A\"}", 400, "id" },
    { "POST", HANDLE, "messages", "{\"id\":\"" DEVICE "\",\"message\":\"A\"}", 400, "id" },
    { "POST", HANDLE, "messages", "{\"id\":\"" DEVICE ":1\"}", 400, "message" },
    { "POST", HANDLE, "messages", "{\"id\":\"" DEVICE ":1\",\"message\":\"A\",\"department\":7}",
      400, "department" },
    { "POST", HANDLE, "messages", SAID ("1", " "), 422, "\"code\":\"empty\"" },
    { "POST", HANDLE, "messages", SAID ("2", "B"), 409, "\"expected\":1" },
    { "POST", NOBODY, "messages", SAID ("1", "A"), 404, "not_found" },
    { "GET", NOBODY, "messages", NULL, 404, "not_found" },
    { "POST", NOBODY, "rating", "{\"score\":5}", 404, "not_found" },
  };
  static const Case after[] = {
    { "POST", NULL, "messages", SAID ("1", "A"), 200, "\"type\":\"ack\"" },
    { "POST", NULL, "messages", SAID ("1", "Another"), 409, "\"code\":\"id_conflict\"" },
    { "POST", NULL, "messages", SAID ("3", "C"), 409, "\"device\":\"" DEVICE "\",\"expected\":2" },
    { "GET", NULL, "messages?limit=0", NULL, 400, "bad_message" },
    { "GET", NULL, "messages?limit=201", NULL, 400, "bad_message" },
    { "GET", NULL, "messages?before=0", NULL, 400, "bad_message" },
    { "GET", NULL, "messages?after=x", NULL, 400, "bad_message" },
    { "POST", NULL, "rating", "", 400, "bad_message" },
    { "POST", NULL, "rating", "{}", 400, "score" },
    { "POST", NULL, "rating", "{\"score\":\"five\"}", 400, "score" },
    { "POST", NULL, "rating", "{\"score\":5}", 409, "conflict" },
  };
  static const Case done[] = {
    { "POST", NULL, "rating", "{\"score\":0}", 400, "score is not 1 to 5" },
    { "POST", NULL, "rating", "{\"score\":5,\"comment\":\" \"}", 204, NULL },
    { "POST", NULL, "rating", "{\"score\":4}", 409, "it is rated already" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *agent = porch_stage_sign_in (stage);
  guint status = 0;
  g_autofree char *entered = enter (stage, "", &status);
  g_autofree char *token = porch_stage_dup_member (entered, "token");
  g_autofree char *ack = NULL;
  g_autofree char *id = NULL;
  g_autofree char *own = NULL;
  g_autofree char *notes = NULL;
  g_autofree char *resolve = NULL;
  g_autofree char *messages = NULL;
  g_autofree char *history = NULL;

  porch_stage_set (stage, "message_rate_ms", "0");
  try_all (stage, token, NULL, before, G_N_ELEMENTS (before));
  ack = porch_stage_call (stage, "POST", "/widget/conversations/" HANDLE "/messages", token,
                          "{\"id\":\"" DEVICE ":1\",\"message\":\"A\",\"department\":\"sales\"}",
                          &status);
  g_assert_cmpuint (status, ==, 200);
  id = porch_stage_dup_member (ack, "conversation");
  try_all (stage, token, id, after, G_N_ELEMENTS (after));
  own = porch_stage_call (stage, "GET", "/widget/conversations", token, NULL, &status);
  g_assert_nonnull (strstr (own, id));
  g_assert_nonnull (strstr (own, "\"department\":\"sales\""));
  /* What the team says among itself is not the visitor's. */
  notes = g_strdup_printf ("/api/v1/conversations/%s/notes", id);
  g_free (porch_stage_call (stage, "POST", notes, agent,
                            "{\"id\":\"" AGENTS ":1\",\"text\":\"careful\"}", &status));
  g_assert_cmpuint (status, ==, 200);
  resolve = g_strdup_printf ("/api/v1/conversations/%s/resolve", id);
  g_free (porch_stage_call (stage, "POST", resolve, agent, "", &status));
  g_assert_cmpuint (status, ==, 200);
  try_all (stage, token, id, done, G_N_ELEMENTS (done));
  messages = g_strdup_printf ("/widget/conversations/%s/messages", id);
  history = porch_stage_call (stage, "GET", messages, token, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (history, "\"message\":\"A\""));
  g_assert_null (strstr (history, "careful"));
  g_assert_nonnull (strstr (history, "\"has_more\":false"));
  porch_stage_free (stage);
}

/* Nobody's conversation without their token, by whatever way. */
static void
test_tokens (void)
{
  static const struct {
    const char *verb, *path, *body;
  } cases[] = {
    { "GET", "/widget/conversations", NULL },
    { "GET", "/widget/conversations/" HANDLE "/messages", NULL },
    { "POST", "/widget/conversations/" HANDLE "/messages", SAID ("1", "A") },
    { "POST", "/widget/conversations/" HANDLE "/rating", "{\"score\":5}" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *agent = porch_stage_sign_in (stage);
  const char *const tokens[] = { NULL, "vt_nonsense", agent };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint k = 0; k < G_N_ELEMENTS (tokens); k++) {
      guint status = 0;

      g_free (
        porch_stage_call (stage, cases[i].verb, cases[i].path, tokens[k], cases[i].body, &status));
      g_assert_cmpuint (status, ==, 401);
    }
  porch_stage_free (stage);
}

/* Who writes too fast is told when they may go on. */
static void
test_rate (void)
{
  PorchStage *stage = porch_stage_new ();
  guint status = 0;
  g_autofree char *entered = enter (stage, "", &status);
  g_autofree char *token = porch_stage_dup_member (entered, "token");
  const char *path = "/widget/conversations/" HANDLE "/messages";
  g_autofree char *answer = NULL;
  g_autofree char *wait = NULL;

  porch_stage_set (stage, "message_burst", "1");
  porch_stage_set (stage, "message_rate_ms", "60000");
  g_free (porch_stage_call (stage, "POST", path, token, SAID ("1", "A"), &status));
  g_assert_cmpuint (status, ==, 200);
  answer = porch_stage_call (stage, "POST", path, token, SAID ("2", "B"), &status);
  g_assert_cmpuint (status, ==, 429);
  wait = porch_stage_dup_member (answer, "retry_after_ms");
  g_assert_cmpint (g_ascii_strtoll (wait, NULL, 10), >, 30000);
  g_assert_cmpint (g_ascii_strtoll (wait, NULL, 10), <=, 60000);
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/requests/files", test_files);
  g_test_add_func ("/requests/unchanged", test_unchanged);
  g_test_add_func ("/requests/frame", test_frame);
  g_test_add_func ("/requests/config", test_config);
  g_test_add_func ("/requests/practice", test_practice);
  g_test_add_func ("/requests/nothing-set-up", test_nothing_set_up);
  g_test_add_func ("/requests/session", test_session);
  g_test_add_func ("/requests/talk", test_talk);
  g_test_add_func ("/requests/tokens", test_tokens);
  g_test_add_func ("/requests/rate", test_rate);
  return porch_stage_run ();
}
