/* test-problem.c - each code as an HTTP answer and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-problem.h"
#include "porch-scanner.h"

#include <string.h>

/* clang-format off */
static const struct { PorchErrorCode code; const char *nick; guint status; } codes[] = {
  { PORCH_ERROR_INTERNAL, "internal", 500 },
  { PORCH_ERROR_BAD_MESSAGE, "bad_message", 400 },
  { PORCH_ERROR_TOO_LONG, "too_long", 422 },
  { PORCH_ERROR_TOO_LARGE, "too_large", 413 },
  { PORCH_ERROR_EMPTY, "empty", 422 },
  { PORCH_ERROR_ID_CONFLICT, "id_conflict", 409 },
  { PORCH_ERROR_GAP, "gap", 409 },
  { PORCH_ERROR_BLOCKED, "blocked", 403 },
  { PORCH_ERROR_CLOSED, "closed", 409 },
  { PORCH_ERROR_RATE_LIMITED, "rate_limited", 429 },
  { PORCH_ERROR_STORAGE, "storage", 503 },
  { PORCH_ERROR_BUSY, "busy", 503 },
  { PORCH_ERROR_SHUTTING_DOWN, "shutting_down", 503 },
  { PORCH_ERROR_UNAUTHORIZED, "unauthorized", 401 },
  { PORCH_ERROR_FORBIDDEN, "forbidden", 403 },
  { PORCH_ERROR_NOT_FOUND, "not_found", 404 },
  { PORCH_ERROR_CONFLICT, "conflict", 409 },
  { PORCH_ERROR_UNSUPPORTED, "unsupported", 405 },
  { PORCH_ERROR_MISDIRECTED, "misdirected", 421 },
  { PORCH_ERROR_NOT_SET_UP, "not_set_up", 409 },
  { PORCH_ERROR_NEWER, "newer", 503 },
  { PORCH_ERROR_DAMAGED, "damaged", 503 },
  { PORCH_ERROR_IN_USE, "in_use", 409 },
  { PORCH_ERROR_OFFLINE, "offline", 503 },
  { PORCH_ERROR_KEYRING_LOCKED, "keyring_locked", 503 },
  { PORCH_ERROR_KEYRING_MISSING, "keyring_missing", 503 },
  { PORCH_ERROR_KEYRING_REFUSED, "keyring_refused", 503 },
  { PORCH_ERROR_PASSPHRASE, "passphrase", 422 },
};

/* Answers that do not come from us, or come from a newer us. */
static const struct { guint status; const char *body; PorchErrorCode code; } foreign[] = {
  { 400, "", PORCH_ERROR_BAD_MESSAGE },
  { 401, "", PORCH_ERROR_UNAUTHORIZED },
  { 403, "", PORCH_ERROR_FORBIDDEN },
  { 404, "<html>nothing here</html>", PORCH_ERROR_NOT_FOUND },
  { 405, "", PORCH_ERROR_UNSUPPORTED },
  { 408, "", PORCH_ERROR_BUSY },
  { 409, "", PORCH_ERROR_CONFLICT },
  { 413, "", PORCH_ERROR_TOO_LARGE },
  { 415, "", PORCH_ERROR_UNSUPPORTED },
  { 418, "", PORCH_ERROR_BAD_MESSAGE },
  { 421, "", PORCH_ERROR_MISDIRECTED },
  { 422, "", PORCH_ERROR_BAD_MESSAGE },
  { 429, "slow down", PORCH_ERROR_RATE_LIMITED },
  { 431, "", PORCH_ERROR_TOO_LARGE },
  { 500, "", PORCH_ERROR_INTERNAL },
  { 501, "", PORCH_ERROR_UNSUPPORTED },
  { 502, "<html>Bad Gateway</html>", PORCH_ERROR_OFFLINE },
  { 503, "{\"code\":7}", PORCH_ERROR_BUSY },
  { 504, "", PORCH_ERROR_OFFLINE },
  { 507, "", PORCH_ERROR_STORAGE },
  { 302, "", PORCH_ERROR_INTERNAL },
  { 0, "", PORCH_ERROR_INTERNAL },
  { 409, "{\"code\":\"not_yet_invented\"}", PORCH_ERROR_CONFLICT },
  { 409, "{\"code\":\"internal\"}", PORCH_ERROR_INTERNAL },
  { 409, "{\"code\":\"gap\"} {}", PORCH_ERROR_CONFLICT },
  { 409, "{\"code\":\"gap\",\"code\":\"closed\"}", PORCH_ERROR_CONFLICT },
  { 418, "{\"code\":\"closed\"}", PORCH_ERROR_CLOSED },
};
/* clang-format on */

static void
test_both_ways (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (PORCH_TYPE_ERROR_CODE);

  g_assert_cmpuint (klass->n_values, ==, G_N_ELEMENTS (codes));
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autofree char *json = porch_problem_to_json (codes[i].code, "what \"went\" wrong", 1500);
    g_auto (PorchFrame) frame = { 0 };
    g_autoptr (GError) error = NULL;
    guint retry_after_ms = 0;

    g_assert_cmpuint (porch_problem_status (codes[i].code), ==, codes[i].status);
    g_assert_true (porch_frame_scan (&frame, json, strlen (json), NULL));
    g_assert_cmpstr (porch_frame_find (&frame, "type")->string, ==, "about:blank");
    g_assert_cmpstr (porch_frame_find (&frame, "code")->string, ==, codes[i].nick);
    g_assert_cmpint (porch_frame_find (&frame, "status")->integer, ==, codes[i].status);
    g_assert_cmpint (porch_frame_find (&frame, "retry_after_ms")->integer, ==, 1500);
    g_assert_cmpuint (porch_frame_find (&frame, "title")->length, >, 5);

    error = porch_problem_to_error (codes[i].status, json, strlen (json), &retry_after_ms);
    g_assert_error (error, PORCH_ERROR, (int) codes[i].code);
    g_assert_cmpuint (retry_after_ms, ==, 1500);
  }
}

/* What happened inside is nobody's business outside. */
static void
test_inner_detail_is_not_told (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autofree char *json = porch_problem_to_json (codes[i].code, "no room on /srv/porch.db", 0);
    const gboolean is_told = strstr (json, "/srv/porch.db") != NULL;

    g_assert_cmpint (is_told, ==,
                     codes[i].code != PORCH_ERROR_INTERNAL && codes[i].code != PORCH_ERROR_STORAGE);
    g_assert_null (strstr (json, "retry_after_ms"));
  }
}

static void
test_exact_text (void)
{
  g_autofree char *plain = porch_problem_to_json (PORCH_ERROR_NOT_FOUND, NULL, 0);
  g_autofree char *full = porch_problem_to_json (PORCH_ERROR_RATE_LIMITED, "<too> fast", 200);

  g_assert_cmpstr (plain, ==,
                   "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                   "\"code\":\"not_found\"}");
  g_assert_cmpstr (full, ==,
                   "{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,"
                   "\"code\":\"rate_limited\",\"detail\":\"\\u003ctoo> fast\","
                   "\"retry_after_ms\":200}");
}

static void
test_unknown_codes (void)
{
  static const int unknown[] = { -1, PORCH_ERROR_PASSPHRASE + 1, 999, G_MAXINT, G_MININT };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++) {
    g_autofree char *json = porch_problem_to_json (unknown[i], "secret", 0);

    g_assert_cmpuint (porch_problem_status (unknown[i]), ==, 500);
    g_assert_nonnull (strstr (json, "\"code\":\"internal\""));
    g_assert_null (strstr (json, "secret"));
  }
}

static void
test_foreign (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++) {
    guint retry_after_ms = 7;
    g_autoptr (GError) error = porch_problem_to_error (foreign[i].status, foreign[i].body,
                                                       strlen (foreign[i].body), &retry_after_ms);

    g_assert_error (error, PORCH_ERROR, (int) foreign[i].code);
    g_assert_cmpuint (retry_after_ms, ==, 0);
  }
}

static void
test_words_of_the_server (void)
{
  static const struct {
    const char *body;
    const char *message;
    guint retry_after_ms;
  } cases[] = {
    { "{\"code\":\"gap\",\"title\":\"t\",\"detail\":\"d\"}", "the server answered 409: d", 0 },
    { "{\"code\":\"gap\",\"title\":\"t\"}", "the server answered 409: t", 0 },
    { "{\"code\":\"gap\",\"retry_after_ms\":-5}", "the server answered 409", 0 },
    { "{\"code\":\"gap\",\"retry_after_ms\":99999999999}", "the server answered 409", G_MAXUINT },
    { "{\"code\":\"gap\",\"retry_after_ms\":\"9\"}", "the server answered 409", 0 },
    { "{\"code\":\"gap\",\"detail\":5}", "the server answered 409", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint retry_after_ms = 7;
    g_autoptr (GError) error =
      porch_problem_to_error (409, cases[i].body, strlen (cases[i].body), &retry_after_ms);
    g_autoptr (GError) again =
      porch_problem_to_error (409, cases[i].body, strlen (cases[i].body), NULL);

    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_GAP);
    g_assert_cmpstr (error->message, ==, cases[i].message);
    g_assert_cmpuint (retry_after_ms, ==, cases[i].retry_after_ms);
    g_assert_cmpstr (again->message, ==, cases[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/problem/both-ways", test_both_ways);
  g_test_add_func ("/problem/inner-detail-is-not-told", test_inner_detail_is_not_told);
  g_test_add_func ("/problem/exact-text", test_exact_text);
  g_test_add_func ("/problem/unknown-codes", test_unknown_codes);
  g_test_add_func ("/problem/foreign", test_foreign);
  g_test_add_func ("/problem/words-of-the-server", test_words_of_the_server);
  return g_test_run ();
}
