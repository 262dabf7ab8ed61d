/* test-widget.c - the widget channel's pure parts: rates, browsers, guests, frames
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-error.h"
#include "porch-widget-frames.h"
#include "porch-widget-private.h"

#include <string.h>

/* ---- walks ---- */

typedef struct {
  GPtrArray *stops;
  GArray *n_visits; /* by stop - 1 */
  guint n_before;   /* visits before this turn */
  guint n_all;
} Path;

static void
visit (gpointer stop, gpointer data)
{
  Path *path = data;

  g_array_index (path->n_visits, guint, GPOINTER_TO_UINT (stop) - 1)++;
  path->n_all++;
}

static void
begin_path (Path *path, PorchWalk *walk, guint n)
{
  *path = (Path){ g_ptr_array_new (), g_array_new (FALSE, TRUE, sizeof (guint)), 0, 0 };
  g_array_set_size (path->n_visits, 2 * n);
  for (guint i = 1; i <= n; i++)
    g_ptr_array_add (path->stops, GUINT_TO_POINTER (i));
  *walk = (PorchWalk){ path->stops, visit, path, 0, NULL };
}

static void
end_path (Path *path)
{
  g_ptr_array_unref (path->stops);
  g_array_unref (path->n_visits);
}

/* Everybody is told, in portions, also while some leave and others come. */
static void
test_walk (void)
{
  PorchWalk walk;
  Path path;
  const guint n = 10000;
  guint n_turns = 0;

  begin_path (&path, &walk, n);
  porch_walk_begin (&walk);
  g_assert_cmpuint (path.n_all, ==, PORCH_WALK_PORTION);
  for (guint gone = 1; walk.source != NULL; gone++) {
    path.n_before = path.n_all;
    g_main_context_iteration (NULL, TRUE);
    g_assert_cmpuint (path.n_all - path.n_before, <=, PORCH_WALK_PORTION);
    n_turns++;
    /* From both ends, and one who comes. */
    g_ptr_array_remove_index_fast (path.stops, gone * 7 % path.stops->len);
    g_ptr_array_remove_index_fast (path.stops, path.stops->len - 1);
    g_ptr_array_add (path.stops, GUINT_TO_POINTER (n + gone));
  }
  g_assert_cmpuint (n_turns, >=, n / PORCH_WALK_PORTION - 10);
  for (guint i = 0; i < path.stops->len; i++) {
    const guint stop = GPOINTER_TO_UINT (path.stops->pdata[i]);

    if (stop <= n)
      g_assert_cmpuint (g_array_index (path.n_visits, guint, stop - 1), >=, 1);
  }
  end_path (&path);
}

/* Begun anew on its way it begins with the last again; with few it is over at once. */
static void
test_walk_again (void)
{
  PorchWalk walk;
  Path path;

  begin_path (&path, &walk, 2 * PORCH_WALK_PORTION);
  porch_walk_begin (&walk);
  porch_walk_begin (&walk);
  while (walk.source != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (path.n_all, ==, 3 * PORCH_WALK_PORTION);
  g_ptr_array_set_size (path.stops, 3);
  porch_walk_begin (&walk);
  g_assert_null (walk.source);
  g_assert_cmpuint (path.n_all, ==, 3 * PORCH_WALK_PORTION + 3);
  /* Stopped, and emptied while it goes on. */
  g_ptr_array_set_size (path.stops, 0);
  for (guint i = 0; i < 2 * PORCH_WALK_PORTION; i++)
    g_ptr_array_add (path.stops, GUINT_TO_POINTER (1));
  porch_walk_begin (&walk);
  g_ptr_array_set_size (path.stops, 0);
  while (walk.source != NULL)
    g_main_context_iteration (NULL, TRUE);
  porch_walk_begin (&walk);
  porch_walk_stop (&walk);
  end_path (&path);
}

static void
test_buckets (void)
{
  g_autoptr (PorchBuckets) buckets = NULL;
  g_autoptr (PorchBuckets) open = porch_buckets_new (1, 0);

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  buckets = porch_buckets_new (5, 1000);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 0);
  g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 1000);
  g_assert_cmpuint (porch_buckets_take (buckets, "b"), ==, 0);
  porch_clock_advance (999 * 1000);
  g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 1);
  porch_clock_advance (1000);
  g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 0);
  /* What is not full again is kept; what is, is as new either way. */
  porch_buckets_sweep (buckets);
  g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 1000);
  porch_clock_advance (10 * G_TIME_SPAN_SECOND);
  porch_buckets_sweep (buckets);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 0);
  g_assert_cmpuint (porch_buckets_take (buckets, "a"), ==, 1000);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (porch_buckets_take (open, "a"), ==, 0);
  porch_clock_unfake ();
}

/* What began no conversation after all does not count as one; and this computer has no cap. */
static void
test_starts (void)
{
  const char *peer = "203.0.113.7";
  PorchWidget widget = { .writing = porch_buckets_new (1, 0),
                         .starting = porch_buckets_new (2, 60000) };

  porch_clock_fake (G_GINT64_CONSTANT (1800000000000000));
  for (guint i = 0; i < 10; i++) {
    g_assert_cmpuint (porch_widget_check_rate (&widget, "a", peer, TRUE), ==, 0);
    porch_widget_give_back_start (&widget, peer);
    g_assert_cmpuint (porch_widget_check_rate (&widget, "a", NULL, TRUE), ==, 0);
    g_assert_cmpuint (porch_widget_check_rate (&widget, "a", peer, FALSE), ==, 0);
  }
  g_assert_cmpuint (porch_widget_check_rate (&widget, "a", peer, TRUE), ==, 0);
  g_assert_cmpuint (porch_widget_check_rate (&widget, "b", peer, TRUE), ==, 0);
  g_assert_cmpuint (porch_widget_check_rate (&widget, "c", peer, TRUE), ==, 60000);
  g_assert_cmpuint (porch_widget_check_rate (&widget, "c", "203.0.113.8", TRUE), ==, 0);
  porch_widget_give_back_start (&widget, peer);
  g_assert_cmpuint (porch_widget_check_rate (&widget, "c", peer, TRUE), ==, 0);
  porch_buckets_free (widget.writing);
  porch_buckets_free (widget.starting);
  porch_clock_unfake ();
}

static void
test_browsers (void)
{
  static const struct {
    const char *user_agent, *name;
  } cases[] = {
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/131.0.0.0 Safari/537.36",
      "Chrome on Windows" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
      "Edge on Windows" },
    { "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
      "Firefox on Android" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      "Version/17.6 Safari/605.1.15",
      "Safari on macOS" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
      "Safari on iPhone" },
    { "curl/8.5", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = porch_widget_dup_browser (cases[i].user_agent);

    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static PorchConversation *
new_conversation (const char *id, const char *handle, gint64 seq)
{
  PorchConversation *self = g_object_new (PORCH_TYPE_CONVERSATION, NULL);

  self->id = g_strdup (id);
  self->handle = g_strdup (handle);
  self->last_seq = seq;
  return self;
}

static void
test_guest (void)
{
  g_autoptr (PorchVisitor) visitor = g_object_new (PORCH_TYPE_VISITOR, NULL);
  g_autoptr (PorchContact) contact = g_object_new (PORCH_TYPE_CONTACT, NULL);
  g_autoptr (PorchConversation) old = new_conversation ("a", "new-AAAAAAAAAAAAAAAAAAAAAA", 1);
  g_autoptr (PorchConversation) fresh = new_conversation ("a", "new-AAAAAAAAAAAAAAAAAAAAAA", 2);
  PorchGuest *guest = porch_guest_new (visitor, contact);

  porch_guest_put (guest, fresh);
  porch_guest_put (guest, old);
  g_assert_true (porch_guest_find (guest, "a") == fresh);
  g_assert_true (porch_guest_find (guest, "new-AAAAAAAAAAAAAAAAAAAAAA") == fresh);
  g_assert_null (porch_guest_find (guest, "b"));
  g_assert_null (porch_guest_find (guest, "new-BBBBBBBBBBBBBBBBBBBBBB"));
  porch_guest_free (guest);
}

/* Notes, lines for the team and drafts that wait for approval are nobody's but the team's. */
static void
test_for_visitors (void)
{
  static const struct {
    PorchMessageKind kind;
    PorchVisibility visibility;
    PorchMessageState state;
    gboolean is_shown;
  } cases[] = {
    { PORCH_MESSAGE_TEXT, PORCH_VISIBILITY_PUBLIC, PORCH_MESSAGE_SENT, TRUE },
    { PORCH_MESSAGE_SYSTEM, PORCH_VISIBILITY_PUBLIC, PORCH_MESSAGE_SENT, TRUE },
    { PORCH_MESSAGE_TEXT, PORCH_VISIBILITY_STAFF, PORCH_MESSAGE_SENT, FALSE },
    { PORCH_MESSAGE_SYSTEM, PORCH_VISIBILITY_STAFF, PORCH_MESSAGE_SENT, FALSE },
    { PORCH_MESSAGE_NOTE, PORCH_VISIBILITY_STAFF, PORCH_MESSAGE_SENT, FALSE },
    { PORCH_MESSAGE_NOTE, PORCH_VISIBILITY_PUBLIC, PORCH_MESSAGE_SENT, FALSE },
    { PORCH_MESSAGE_TEXT, PORCH_VISIBILITY_PUBLIC, PORCH_MESSAGE_PENDING_APPROVAL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);

    message->kind = cases[i].kind;
    message->visibility = cases[i].visibility;
    message->state = cases[i].state;
    g_assert_cmpint (porch_frames_is_for_visitors (message), ==, cases[i].is_shown);
  }
}

/* What the disk said stays here. */
static void
test_errors (void)
{
  g_autoptr (GError) storage = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STORAGE,
                                                    "/somewhere/porchlight.db: disk is full");
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "/etc/secret");
  GString *kept = porch_frames_new_error (storage, "AAAA:1", NULL, 0);
  GString *internal = porch_frames_new_error (foreign, NULL, NULL, 250);

  g_assert_cmpstr (kept->str, ==,
                   "{\"type\":\"error\",\"code\":\"storage\",\"message\":\"could not be done\","
                   "\"re\":\"AAAA:1\",\"retry\":true}");
  g_assert_cmpstr (internal->str, ==,
                   "{\"type\":\"error\",\"code\":\"internal\",\"message\":\"could not be done\","
                   "\"retry\":false,\"retry_after_ms\":250}");
  g_string_free (kept, TRUE);
  g_string_free (internal, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widget/walk", test_walk);
  g_test_add_func ("/widget/walk-again", test_walk_again);
  g_test_add_func ("/widget/buckets", test_buckets);
  g_test_add_func ("/widget/starts", test_starts);
  g_test_add_func ("/widget/browsers", test_browsers);
  g_test_add_func ("/widget/guest", test_guest);
  g_test_add_func ("/widget/for-visitors", test_for_visitors);
  g_test_add_func ("/widget/errors", test_errors);
  return g_test_run ();
}
