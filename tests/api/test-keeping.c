/* test-keeping.c - secrets, the keys of a website, and backups, as admins ask for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-seal.h"
#include "porch-stage-cases.h"

#include <glib/gstdio.h>

#define SECRET "an-identity-secret-of-32-letters"
#define GIVEN  "a passphrase 4711"

static char *
ask (PorchStage *stage, const char *verb, const char *path, const char *body, guint *status)
{
  const PorchAsk asked = { .verb = verb, .path = path, .body = body, .is_local = TRUE };

  return porch_stage_ask (stage, &asked, status);
}

/* Asks, and has the status that it should. */
static char *
expect (PorchStage *stage, guint expected, const char *verb, const char *path, const char *body)
{
  const PorchAsk asked = { .verb = verb, .path = path, .body = body, .is_local = TRUE };

  return porch_stage_expect (stage, &asked, expected, NULL);
}

/* ---- secrets ---- */

/* What is set is listed by its name and its end, and never given out. */
static void
test_secrets (void)
{
  static const PorchCase cases[] = {
    { "{\"name\":\"gemini\"}", 400, "value" },
    { "{\"name\":\"../gemini\",\"value\":\"x\"}", 400, "no name of a secret" },
    { "{\"name\":\"gemini\",\"value\":\"\"}", 400, "one line" },
    { "{\"name\":\"gemini\",\"value\":\"two\\nlines\"}", 400, "one line" },
    { "{\"name\":\"gemini\",\"value\":\"short\"}", 204, NULL },
    { "{\"name\":\"backup-passphrase\",\"value\":\"" GIVEN "\"}", 204, NULL },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *none = expect (stage, 200, "GET", "/api/v1/secrets", NULL);
  g_autofree char *both = NULL;
  g_autofree char *one = NULL;

  /* The tests' bus has no keyring, which is no trouble as long as nobody misses it. */
  g_assert_cmpstr (none, ==,
                   "{\"place\":\"file\",\"trouble\":\"\",\"is_asking\":false,"
                   "\"items\":[]}");
  porch_stage_try (stage, &(PorchAsk){ .verb = "PUT", .path = "/api/v1/secrets", .is_local = TRUE },
                   cases, G_N_ELEMENTS (cases));
  both = expect (stage, 200, "GET", "/api/v1/secrets", NULL);
  g_assert_nonnull (strstr (both, "{\"name\":\"backup-passphrase\",\"kind\":\"file\","
                                  "\"hint\":\"4711\",\"trouble\":\"\"}"));
  g_assert_nonnull (
    strstr (both, "{\"name\":\"gemini\",\"kind\":\"file\",\"hint\":\"\",\"trouble\":\"\"}"));
  g_assert_null (strstr (both, GIVEN));
  g_free (expect (stage, 400, "POST", "/api/v1/secrets/remove", "{\"name\":\"a/b\"}"));
  g_free (expect (stage, 204, "POST", "/api/v1/secrets/remove", "{\"name\":\"gemini\"}"));
  g_free (expect (stage, 204, "POST", "/api/v1/secrets/remove", "{\"name\":\"gemini\"}"));
  g_free (expect (stage, 204, "POST", "/api/v1/secrets/unlock", ""));
  /* While a person may be asked, nobody waits for what they say. */
  porch_stage_wait ((g_free (one), one = ask (stage, "GET", "/api/v1/secrets", NULL, NULL),
                     strstr (one, "\"is_asking\":false") != NULL));
  g_assert_null (strstr (one, "gemini"));
  g_assert_nonnull (strstr (one, "backup-passphrase"));
  porch_stage_free (stage);
}

static char *
dup_keys (PorchStage *stage, const char *site)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/identity?site=%s", site);

  return expect (stage, 200, "GET", path, NULL);
}

static void
change_key (PorchStage *stage, const char *path, const char *site, const char *more, guint status)
{
  g_autofree char *body = g_strdup_printf ("{\"site\":\"%s\",%s}", site, more);

  g_free (expect (stage, status, "POST", path, body));
}

/* The newest two keys are good, and a name is used once. */
static void
test_identity (void)
{
  PorchStage *stage = porch_stage_new ();
  PorchSite *site = porch_service_get_sites (porch_stage_service (stage))->pdata[0];
  const char *add = "/api/v1/identity";
  const char *retire = "/api/v1/identity/retire";
  g_autofree char *none = dup_keys (stage, site->id);
  g_autofree char *empty = g_strdup_printf ("{\"site\":\"%s\",\"keys\":[]}", site->id);
  g_autofree char *two = NULL;
  g_autofree char *left = NULL;

  g_assert_cmpstr (none, ==, empty);
  change_key (stage, add, site->id, "\"kid\":\"a\",\"secret\":\"too-short\"", 400);
  change_key (stage, add, site->id, "\"kid\":\"a b\",\"secret\":\"" SECRET "\"", 400);
  change_key (stage, add, "nobody", "\"kid\":\"a\",\"secret\":\"" SECRET "\"", 404);
  change_key (stage, add, site->id, "\"kid\":\"a\",\"secret\":\"" SECRET "\"", 204);
  change_key (stage, add, site->id, "\"kid\":\"a\",\"secret\":\"" SECRET "\"", 409);
  change_key (stage, add, site->id, "\"kid\":\"b\",\"secret\":\"" SECRET "-bbbb\"", 204);
  change_key (stage, add, site->id, "\"kid\":\"c\",\"secret\":\"" SECRET "-cccc\"", 204);
  two = dup_keys (stage, site->id);
  g_assert_nonnull (strstr (two, "\"keys\":[{\"kid\":\"c\",\"hint\":\"cccc\""));
  g_assert_nonnull (strstr (two, "},{\"kid\":\"b\",\"hint\":\"bbbb\""));
  g_assert_null (strstr (two, "\"kid\":\"a\""));
  g_assert_null (strstr (two, SECRET));
  change_key (stage, retire, site->id, "\"kid\":\"a\"", 404);
  change_key (stage, retire, "nobody", "\"kid\":\"b\"", 404);
  change_key (stage, retire, site->id, "\"kid\":\"c\"", 204);
  left = dup_keys (stage, site->id);
  g_assert_nonnull (strstr (left, "\"keys\":[{\"kid\":\"b\""));
  g_free (expect (stage, 404, "GET", "/api/v1/identity", NULL));
  g_free (expect (stage, 404, "GET", "/api/v1/identity?site=nobody", NULL));
  porch_stage_free (stage);
}

/* A secret that is in a keyring which is not there: admins are told, also those who come later, and
 * are told again when nothing is missed any more. Nobody else is. */
static void
test_keeping (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *secrets = g_build_filename (stage->folder, "secrets", NULL);
  g_autofree char *index = g_build_filename (secrets, ".keyring", NULL);
  g_autofree char *listed = NULL;
  g_autofree char *admin = NULL;
  g_autofree char *agent = NULL;
  PorchLine *window, *colleague, *later;

  porch_stage_close (stage);
  g_assert_cmpint (g_mkdir_with_parents (secrets, 0700), ==, 0);
  g_assert_true (g_file_set_contents (
    index, "[keyring]\nscope=AAAAAAAAAAAAAAAAAAAAAA\nnames=backup-passphrase;\n", -1, NULL));
  porch_stage_open (stage);
  admin = porch_stage_sign_in (stage);
  agent = porch_stage_add_agent (stage, "mona", NULL, NULL);
  window = porch_stage_listen (stage, admin, NULL);
  colleague = porch_stage_listen (stage, agent, NULL);
  porch_line_wait (window, "{\"type\":\"keeping\",\"trouble\":\"keyring_missing\"}", 1);
  later = porch_stage_listen (stage, admin, NULL);
  porch_line_wait (later, "{\"type\":\"keeping\",\"trouble\":\"keyring_missing\"}", 1);
  listed = expect (stage, 200, "GET", "/api/v1/secrets", NULL);
  g_assert_nonnull (strstr (listed, "{\"name\":\"backup-passphrase\",\"kind\":\"keyring\","
                                    "\"hint\":\"\",\"trouble\":\"keyring_missing\"}"));
  /* Never a backup that anybody could read instead of one that is sealed. */
  g_free (expect (stage, 200, "POST", "/api/v1/backups", "{}"));
  porch_stage_wait ((g_free (g_steal_pointer (&listed)),
                     listed = ask (stage, "GET", "/api/v1/backups", NULL, NULL),
                     strstr (listed, "\"is_running\":false") != NULL));
  g_assert_nonnull (strstr (listed, "\"code\":\"keyring_missing\""));
  g_assert_nonnull (strstr (listed, "\"items\":[]"));
  g_free (expect (stage, 204, "PUT", "/api/v1/secrets",
                  "{\"name\":\"backup-passphrase\",\"value\":\"" GIVEN "\"}"));
  porch_line_wait (window, "{\"type\":\"keeping\",\"trouble\":\"\"}", 1);
  porch_stage_settle (stage);
  g_assert_cmpint (porch_line_find (colleague, "keeping"), ==, -1);
  porch_stage_free (stage);
}

/* ---- backups ---- */

/* The list when nothing runs any more. */
static char *
wait_for_job (PorchStage *stage)
{
  char *listed = NULL;

  porch_stage_wait (
    (g_free (listed), listed = ask (stage, "GET", "/api/v1/backups", NULL, NULL),
     strstr (listed, "\"items\":") != NULL && strstr (listed, "\"is_running\":false") != NULL));
  return listed;
}

static void
test_backups (void)
{
  static const PorchCase creates[] = {
    { "{\"path\":\"relative.porchlight\"}", 400, "absolute" },
    { "{\"path\":7}", 400, "path" },
  };
  static const PorchCase restores[] = {
    { "{}", 400, "either a name or a path" },
    { "{\"name\":\"a\",\"path\":\"/b\"}", 400, "either a name or a path" },
    { "{\"path\":\"relative.porchlight\"}", 400, "absolute" },
    { "{\"name\":\"../porchlight.db\"}", 400, "bad_message" },
  };
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  g_autofree char *path = g_build_filename (stage->folder, "somewhere.backup", NULL);
  g_autofree char *body = g_strdup_printf ("{\"path\":\"%s\",\"passphrase\":\"" GIVEN "\"}", path);
  g_autofree char *none = ask (stage, "GET", "/api/v1/backups", NULL, NULL);
  g_autofree char *made = NULL;
  g_autofree char *far = NULL;
  g_autofree char *failed = NULL;
  guint status = 0;

  g_assert_nonnull (strstr (none, "\"items\":[]"));
  g_assert_nonnull (strstr (none, "\"job\":{\"id\":0,\"kind\":\"none\","));
  porch_stage_try (stage,
                   &(PorchAsk){ .verb = "POST", .path = "/api/v1/backups", .is_local = TRUE },
                   creates, G_N_ELEMENTS (creates));
  porch_stage_try (
    stage, &(PorchAsk){ .verb = "POST", .path = "/api/v1/backups/restore", .is_local = TRUE },
    restores, G_N_ELEMENTS (restores));
  /* Whoever is elsewhere names no file of this computer, and reads no name of one. */
  g_free (porch_stage_call (stage, "POST", "/api/v1/backups", token, body, &status));
  g_assert_cmpuint (status, ==, 400);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_free (expect (stage, 200, "POST", "/api/v1/backups", body));
  made = wait_for_job (stage);
  g_assert_nonnull (strstr (made, "\"kind\":\"backup\",\"is_running\":false,\"percent\":100"));
  g_assert_nonnull (strstr (made, path));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  far = porch_stage_call (stage, "GET", "/api/v1/backups", token, NULL, NULL);
  g_assert_nonnull (strstr (far, "\"path\":\"\""));
  /* Without its passphrase, or with another one, nothing is taken back. */
  g_clear_pointer (&body, g_free);
  body = g_strdup_printf ("{\"path\":\"%s\",\"passphrase\":\"another one\"}", path);
  g_free (expect (stage, 200, "POST", "/api/v1/backups/restore", body));
  failed = wait_for_job (stage);
  g_assert_nonnull (strstr (failed, "\"kind\":\"restore\""));
  g_assert_nonnull (strstr (failed, "\"code\":\"passphrase\""));
  porch_stage_free (stage);
}

/* Going back: what was said since is not there, everybody is told to come again, and who comes
 * finds another epoch and the job done. */
static void
test_restore (void)
{
  PorchStage *stage = porch_stage_new ();
  g_autofree char *token = porch_stage_sign_in (stage);
  g_autofree char *made = NULL;
  g_autofree char *name = NULL;
  g_autofree char *body = NULL;
  g_autofree char *epoch = NULL;
  g_autofree char *query = NULL;
  g_autofree char *done = NULL;
  g_autofree char *agents = NULL;
  PorchLine *window;

  g_free (expect (stage, 200, "POST", "/api/v1/backups", "{}"));
  made = wait_for_job (stage);
  g_assert_nonnull (strstr (made, "\"kind\":\"manual\",\"is_sealed\":false"));
  name = porch_stage_dup_member (made, "name");
  g_free (porch_stage_add_agent (stage, "mona", NULL, NULL));
  window = porch_stage_listen (stage, token, NULL);
  epoch = porch_stage_dup_member (window->frames->pdata[0], "epoch");
  body = g_strdup_printf ("{\"name\":\"%s\"}", name);
  g_free (expect (stage, 200, "POST", "/api/v1/backups/restore", body));
  porch_stage_wait (window->close_code != 0);
  g_assert_cmpuint (window->close_code, ==, 1001);
  done = wait_for_job (stage);
  g_assert_nonnull (strstr (done, "\"kind\":\"restore\",\"is_running\":false,\"percent\":100"));
  g_assert_nonnull (strstr (done, "\"code\":\"\""));
  agents = ask (stage, "GET", "/api/v1/agents", NULL, NULL);
  g_assert_null (strstr (agents, "mona"));
  g_assert_nonnull (strstr (agents, "Ines Castro"));
  query = g_strdup_printf ("since=1&epoch=%s", epoch);
  window = porch_stage_listen (stage, token, query);
  g_assert_nonnull (strstr (porch_line_next (window, "reset"), "\"reason\":\"epoch\""));
  porch_stage_free (stage);
}

int
main (int argc, char **argv)
{
  porch_stage_init ();
  g_test_init (&argc, &argv, NULL);
  porch_seal_cost_little ();
  g_test_add_func ("/keeping/secrets", test_secrets);
  g_test_add_func ("/keeping/identity", test_identity);
  g_test_add_func ("/keeping/keeping", test_keeping);
  g_test_add_func ("/keeping/backups", test_backups);
  g_test_add_func ("/keeping/restore", test_restore);
  return porch_stage_run ();
}
