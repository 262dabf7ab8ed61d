/* test-settings.c - what an owner may set, how it is kept, and that it holds from then on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"
#include "porch-settings.h"

#include "porch-clock.h"
#include "porch-error.h"

#define HANDLE "new-BBBBBBBBBBBBBBBBBBBBBB"

static void
test_values (void)
{
  /* clang-format off */
  static const struct { const char *key, *value, *kept; } cases[] = {
    { "public_address", "https://chat.example.com", "https://chat.example.com" },
    { "public_address", "chat.example.com", "https://chat.example.com" },
    { "public_address", "HTTPS://Chat.Example.Com:443/", "https://chat.example.com" },
    { "public_address", "http://chat.example.com:8080", "http://chat.example.com:8080" },
    { "public_address", "b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example" },
    { "public_address", "", "" },
    { "public_address", "https://chat.example.com/chat", NULL },
    { "public_address", "https://chat.example.com?x", NULL },
    { "public_address", "https://chat.example.com/?x", NULL },
    { "public_address", "https://chat.example.com#x", NULL },
    { "public_address", "https://me@chat.example.com", NULL },
    { "public_address", " ", NULL },
    { "public_address", "https://\"><script>", NULL },
    { "trusted_proxy", "127.0.0.1", "127.0.0.1" },
    { "trusted_proxy", " 127.0.0.1,::1 10.0.0.7 ", "127.0.0.1 ::1 10.0.0.7" },
    { "trusted_proxy", "0:0:0:0:0:0:0:1", "::1" },
    { "trusted_proxy", "", "" },
    { "trusted_proxy", " , ", NULL },
    { "trusted_proxy", "unix", NULL },
    { "trusted_proxy", "localhost", NULL },
    { "trusted_proxy", "127.0.0.0/8", NULL },
    { "trusted_proxy", "*", NULL },
    { "trusted_proxy", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", NULL },
    { "message_rate_ms", "0", "0" },
    { "message_rate_ms", "2147483647", "2147483647" },
    { "message_rate_ms", "007", "7" },
    { "message_rate_ms", "", "" },
    { "message_rate_ms", "2147483648", NULL },
    { "message_rate_ms", "-1", NULL },
    { "message_rate_ms", "1 ", NULL },
    { "message_rate_ms", "0x10", NULL },
    { "message_burst", "0", NULL },
    { "sockets_per_peer", "0", NULL },
    { "requests_per_peer_min", "0", NULL },
    { "requests_in_flight", "3", NULL },
    { "missed_after_s", "1", "1" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *kept = porch_settings_dup_value (cases[i].key, cases[i].value, &error);

    g_test_message ("%s \"%s\"", cases[i].key, cases[i].value);
    g_assert_cmpstr (kept, ==, cases[i].kept);
    if (kept == NULL)
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE);
  }
}

/* What the store keeps for itself is no setting. */
static void
test_unknown (void)
{
  static const char *const keys[] = { "", "business", "epoch", "log_start", "Public_address" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *kept = porch_settings_dup_value (keys[i], "1", &error);

    g_assert_null (kept);
    g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  }
}

typedef struct {
  gboolean is_done;
  int code;
  char *answer;
} Set;

static void
on_set (GString *answer, const GError *error, gpointer data)
{
  Set *set = data;

  set->is_done = TRUE;
  set->code = error != NULL ? error->code : -1;
  set->answer = answer != NULL ? g_string_free (answer, FALSE) : NULL;
}

static int
set_setting (PorchFixture *fixture, const char *key, const char *value, const char *answer)
{
  Set set = { 0 };

  porch_service_set_setting (fixture->service, key, value, on_set, &set);
  while (!set.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (set.answer, ==, answer);
  g_free (set.answer);
  return set.code;
}

static void
on_changed (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_live (void)
{
  PorchFixture *fixture = porch_fixture_new ();
  guint n_changes = 0;

  porch_service_on_settings (fixture->service, on_changed, &n_changes);
  g_assert_null (porch_service_get_text (fixture->service, "public_address"));
  g_assert_cmpint (
    set_setting (fixture, "public_address", "Chat.example.com",
                 "{\"key\":\"public_address\",\"value\":\"https://chat.example.com\"}"),
    ==, -1);
  g_assert_cmpint (
    set_setting (fixture, "message_burst", "7", "{\"key\":\"message_burst\",\"value\":\"7\"}"), ==,
    -1);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_cmpint (set_setting (fixture, "message_burst", "x", NULL), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (set_setting (fixture, "epoch", "x", NULL), ==, PORCH_ERROR_NOT_FOUND);
  g_assert_cmpuint (n_changes, ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpstr (porch_service_get_text (fixture->service, "public_address"), ==,
                     "https://chat.example.com");
    g_assert_cmpint (porch_service_get_number (fixture->service, "message_burst", 5), ==, 7);
    porch_fixture_restart (fixture);
  }
  g_assert_cmpint (
    set_setting (fixture, "message_burst", "", "{\"key\":\"message_burst\",\"value\":null}"), ==,
    -1);
  g_assert_cmpint (porch_service_get_number (fixture->service, "message_burst", 5), ==, 5);
  porch_fixture_free (fixture);
}

/* Who waits already is missed by the time that holds now. */
static void
test_times (void)
{
  PorchFixture *fixture;
  g_autofree char *visitor = NULL;
  g_autofree char *id = NULL;
  g_autoptr (PorchConversation) missed = NULL;

  porch_clock_fake (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC);
  fixture = porch_fixture_new ();
  visitor = porch_fixture_enter (fixture, "Jonas");
  porch_fixture_write (fixture, visitor, HANDLE, 1, "one", NULL, &id);
  porch_clock_advance (31 * G_USEC_PER_SEC);
  g_assert_cmpint (
    set_setting (fixture, "missed_after_s", "30", "{\"key\":\"missed_after_s\",\"value\":\"30\"}"),
    ==, -1);
  do {
    /* Looking has the loop run, so what is waited for may be done without another turn. */
    g_main_context_iteration (NULL, FALSE);
    g_clear_object (&missed);
    missed = porch_fixture_look (fixture, fixture->admin, id);
  } while (missed->state != PORCH_STATE_MISSED);
  porch_fixture_free (fixture);
  porch_clock_unfake ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/values", test_values);
  g_test_add_func ("/settings/unknown", test_unknown);
  g_test_add_func ("/settings/live", test_live);
  g_test_add_func ("/settings/times", test_times);
  return g_test_run ();
}
