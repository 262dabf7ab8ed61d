/* test-cache.c - the window's own file: what is kept comes back, in order, from any state of the
 * file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "folder.h"
#include "porch-cache.h"
#include "porch-error.h"

typedef struct {
  char *folder;
  char *path;
  PorchCache *cache;
} Fixture;

typedef struct {
  PorchCacheContents *contents;
  GError *error;
  gboolean is_back;
} Result;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("porch-cache-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "cache.db", NULL);
  self->cache = porch_cache_new (self->path);
}

static void
close_cache (Fixture *self)
{
  g_assert_true (porch_cache_close (self->cache, 20000));
  g_assert_finalize_object (g_steal_pointer (&self->cache));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  close_cache (self);
  folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static void
reopen (Fixture *self)
{
  close_cache (self);
  self->cache = porch_cache_new (self->path);
}

static void
wait_for (Result *result)
{
  const gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  /* The answer itself wakes the loop. */
  while (!result->is_back && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (result->is_back);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  Result *back = data;

  back->contents = porch_cache_load_finish (NULL, result, &back->error);
  back->is_back = TRUE;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  Result *back = data;

  g_assert_true (porch_cache_write_finish (NULL, result, &back->error) == (back->error == NULL));
  back->is_back = TRUE;
}

static PorchCacheContents *
load (Fixture *self)
{
  Result result = { 0 };

  porch_cache_load_async (self->cache, on_loaded, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  return result.contents;
}

static PorchPending
make (const char *id, gint64 n)
{
  return (PorchPending){
    .id = (char *) id,
    .conversation = (char *) "c1",
    .device = (char *) "device",
    .n = n,
    .is_note = n % 2 == 0,
    .text = (char *) "‘naïve’ \xf0\x9f\x9a\xb2\n'; DROP TABLE outbox; --",
    .created_at = 1000 + n,
  };
}

static void
keep (Fixture *self, const char *id, gint64 n)
{
  const PorchPending pending = make (id, n);
  Result result = { 0 };

  porch_cache_keep_async (self->cache, &pending, on_written, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
}

static void
forget (Fixture *self, const char *id)
{
  Result result = { 0 };

  porch_cache_forget_async (self->cache, id, on_written, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
}

/* "id:n", a "!" behind what has a problem. */
static void
assert_outbox (Fixture *self, const char *expected)
{
  g_autoptr (PorchCacheContents) contents = load (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < contents->pendings->len; i++) {
    const PorchPending *pending = g_ptr_array_index (contents->pendings, i);

    g_string_append_printf (text, "%s%s:%d%s", i > 0 ? " " : "", pending->id, (int) pending->n,
                            pending->problem != NULL ? "!" : "");
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchCacheContents) contents = load (self);
  GStatBuf info;

  g_assert_cmpuint (contents->pendings->len, ==, 0);
  g_assert_cmpuint (contents->drafts->len, ==, 0);
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_keep (Fixture *self, gconstpointer data)
{
  const PorchPending expected = make ("a", 2);
  g_autoptr (PorchCacheContents) contents = NULL;
  const PorchPending *kept = NULL;

  keep (self, "a", 2);
  reopen (self);
  contents = load (self);
  g_assert_cmpuint (contents->pendings->len, ==, 1);
  kept = g_ptr_array_index (contents->pendings, 0);
  g_assert_cmpstr (kept->id, ==, "a");
  g_assert_cmpstr (kept->conversation, ==, expected.conversation);
  g_assert_cmpstr (kept->device, ==, expected.device);
  g_assert_cmpint (kept->n, ==, 2);
  g_assert_true (kept->is_note);
  g_assert_cmpstr (kept->text, ==, expected.text);
  g_assert_null (kept->problem);
  g_assert_cmpint (kept->created_at, ==, 1002);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  keep (self, "c", 1);
  keep (self, "a", 2);
  keep (self, "b", 3);
  assert_outbox (self, "c:1 a:2 b:3");
  forget (self, "a");
  forget (self, "nothing");
  /* Kept again is said again: at the end. */
  keep (self, "c", 4);
  assert_outbox (self, "b:3 c:4");
  /* Also when the highest row was taken away. */
  forget (self, "c");
  keep (self, "d", 5);
  keep (self, "b", 6);
  reopen (self);
  assert_outbox (self, "d:5 b:6");
}

static void
test_change (Fixture *self, gconstpointer data)
{
  PorchPending refused = make ("a", 0), next = make ("b", 1), gone = make ("x", 1);
  g_autoptr (GPtrArray) pendings = g_ptr_array_new ();
  g_autoptr (PorchCacheContents) contents = NULL;
  Result result = { 0 };

  keep (self, "a", 1);
  keep (self, "b", 2);
  refused.problem = (char *) "too_long";
  next.device = (char *) "other";
  g_ptr_array_add (pendings, &refused);
  g_ptr_array_add (pendings, &gone);
  g_ptr_array_add (pendings, &next);
  porch_cache_change_async (self->cache, pendings, on_written, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
  reopen (self);
  assert_outbox (self, "a:0! b:1");
  contents = load (self);
  g_assert_cmpstr (((PorchPending *) contents->pendings->pdata[0])->problem, ==, "too_long");
  g_assert_cmpstr (((PorchPending *) contents->pendings->pdata[1])->device, ==, "other");
}

static void
set_draft (Fixture *self, const char *conversation, const char *text, gboolean is_note)
{
  g_autoptr (PorchDraft) draft = porch_draft_new (conversation, text, is_note);
  Result result = { 0 };

  porch_cache_set_draft_async (self->cache, draft, on_written, &result);
  wait_for (&result);
  g_assert_no_error (result.error);
}

static void
test_drafts (Fixture *self, gconstpointer data)
{
  g_autoptr (PorchCacheContents) contents = NULL;
  const PorchDraft *draft = NULL;

  set_draft (self, "c1", "one", FALSE);
  set_draft (self, "c2", "two", FALSE);
  set_draft (self, "c1", "three", TRUE);
  set_draft (self, "c2", "", FALSE);
  set_draft (self, "c3", NULL, FALSE);
  reopen (self);
  contents = load (self);
  g_assert_cmpuint (contents->drafts->len, ==, 1);
  draft = g_ptr_array_index (contents->drafts, 0);
  g_assert_cmpstr (draft->conversation, ==, "c1");
  g_assert_cmpstr (draft->text, ==, "three");
  g_assert_true (draft->is_note);
}

/* What was asked for before the end is done. */
static void
test_close (Fixture *self, gconstpointer data)
{
  Result results[50] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autofree char *id = g_strdup_printf ("m%u", i);
    const PorchPending pending = make (id, i + 1);

    porch_cache_keep_async (self->cache, &pending, on_written, &results[i]);
  }
  reopen (self);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    wait_for (&results[i]);
  g_autoptr (PorchCacheContents) contents = load (self);

  g_assert_cmpuint (contents->pendings->len, ==, G_N_ELEMENTS (results));
}

/* What comes after it is answered as well: somebody waits for it, and holds something meanwhile. */
static void
test_after_close (Fixture *self, gconstpointer data)
{
  const PorchPending pending = make ("a", 1);
  PorchDraft draft = { (char *) "c1", (char *) "text", FALSE };
  g_autoptr (GPtrArray) pendings = g_ptr_array_new ();
  Result results[5] = { 0 };

  g_ptr_array_add (pendings, (gpointer) &pending);
  g_assert_true (porch_cache_close (self->cache, 20000));
  porch_cache_load_async (self->cache, on_loaded, &results[0]);
  porch_cache_keep_async (self->cache, &pending, on_written, &results[1]);
  porch_cache_change_async (self->cache, pendings, on_written, &results[2]);
  porch_cache_forget_async (self->cache, "a", on_written, &results[3]);
  porch_cache_set_draft_async (self->cache, &draft, on_written, &results[4]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    wait_for (&results[i]);
    g_assert_error (results[i].error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN);
    g_clear_error (&results[i].error);
  }
}

static guint
count_damaged (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name = NULL;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, ".damaged-") != NULL;
  return n;
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (5000, 'x');
  g_autoptr (GError) error = NULL;

  close_cache (self);
  g_file_set_contents (self->path, junk, -1, &error);
  g_assert_no_error (error);
  self->cache = porch_cache_new (self->path);
  keep (self, "a", 1);
  assert_outbox (self, "a:1");
  g_assert_cmpuint (count_damaged (self), ==, 1);
}

/* The making of the file was cut short. */
static void
test_empty_file (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  close_cache (self);
  g_unlink (self->path);
  g_file_set_contents (self->path, "", 0, &error);
  g_assert_no_error (error);
  self->cache = porch_cache_new (self->path);
  keep (self, "a", 1);
  assert_outbox (self, "a:1");
  g_assert_cmpuint (count_damaged (self), ==, 0);
}

/* A newer program's file is left as it is. */
static void
test_newer (Fixture *self, gconstpointer data)
{
  static const guint8 version[] = { 0, 0, 0, 99 };
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  Result result = { 0 };

  keep (self, "a", 1);
  close_cache (self);
  g_file_get_contents (self->path, &bytes, &length, &error);
  g_assert_no_error (error);
  memcpy (bytes + 60, version, sizeof version); /* user_version */
  g_file_set_contents (self->path, bytes, (gssize) length, &error);
  g_assert_no_error (error);

  self->cache = porch_cache_new (self->path);
  porch_cache_load_async (self->cache, on_loaded, &result);
  wait_for (&result);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_NEWER);
  g_clear_error (&result.error);
  g_assert_cmpuint (count_damaged (self), ==, 0);
}

static void
test_nowhere (Fixture *self, gconstpointer data)
{
  const PorchPending pending = make ("a", 1);
  Result result = { 0 };
  g_autofree char *nowhere = g_build_filename (self->path, "cache.db", NULL);
  g_autoptr (PorchCacheContents) contents = load (self);
  g_autoptr (PorchCache) cache = porch_cache_new (nowhere);

  porch_cache_keep_async (cache, &pending, on_written, &result);
  wait_for (&result);
  g_assert_error (result.error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  g_clear_error (&result.error);
  g_assert_true (porch_cache_close (cache, 20000));
}

#define add(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/cache/empty", test_empty);
  add ("/cache/keep", test_keep);
  add ("/cache/order", test_order);
  add ("/cache/change", test_change);
  add ("/cache/drafts", test_drafts);
  add ("/cache/close", test_close);
  add ("/cache/after-close", test_after_close);
  add ("/cache/damaged", test_damaged);
  add ("/cache/empty-file", test_empty_file);
  add ("/cache/newer", test_newer);
  add ("/cache/nowhere", test_nowhere);
  return g_test_run ();
}
