/* test-secrets.c - where a secret is read from, where it goes, and what a keyring that fails does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-error.h"
#include "porch-secrets.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A keyring that does what it is told; seen by the worker too, while nobody else looks. */
typedef struct {
  PorchVault vault;
  GHashTable *values; /* outlives it */
  gint *code;         /* -1, or what everything fails with */
  gboolean *will_open;
} Fake;

static gboolean
check (PorchVault *vault, GError **error)
{
  Fake *self = (Fake *) vault;
  const int code = g_atomic_int_get (self->code);

  g_assert_nonnull (vault->scope);
  if (code < 0)
    return TRUE;
  g_set_error (error, PORCH_ERROR, code, "as told");
  return FALSE;
}

static gboolean
fake_find (PorchVault *vault, const char *name, char **value, GError **error)
{
  *value = NULL;
  if (!check (vault, error))
    return FALSE;
  *value = g_strdup (g_hash_table_lookup (((Fake *) vault)->values, name));
  return TRUE;
}

static gboolean
fake_put (PorchVault *vault, const char *name, const char *value, GError **error)
{
  return check (vault, error) &&
         (g_hash_table_insert (((Fake *) vault)->values, g_strdup (name), g_strdup (value)), TRUE);
}

static gboolean
fake_remove (PorchVault *vault, const char *name, GError **error)
{
  return check (vault, error) && (g_hash_table_remove (((Fake *) vault)->values, name), TRUE);
}

static gboolean
fake_open (PorchVault *vault, gboolean may_ask, GError **error)
{
  Fake *self = (Fake *) vault;

  if (may_ask && *self->will_open)
    g_atomic_int_set (self->code, -1);
  else if (may_ask && g_atomic_int_get (self->code) == PORCH_ERROR_KEYRING_LOCKED)
    g_atomic_int_set (self->code, PORCH_ERROR_KEYRING_REFUSED);
  return check (vault, error);
}

typedef struct {
  char *folder, *own, *credentials;
  GHashTable *values;
  gint code;
  gboolean will_open;
  PorchSecrets *secrets;
} Fixture;

static void
open_secrets (Fixture *self, gboolean with_keyring)
{
  static const PorchVaultClass klass = {
    "keyring", fake_find, NULL, fake_put, fake_remove, fake_open, (void (*) (PorchVault *)) g_free
  };
  Fake *fake = g_new0 (Fake, 1);

  *fake = (Fake){ { .klass = &klass }, self->values, &self->code, &self->will_open };
  if (!with_keyring)
    g_clear_pointer (&fake, g_free);
  self->secrets = porch_secrets_new (self->folder, (PorchVault *) fake);
}

static void
reopen (Fixture *self, gboolean with_keyring)
{
  porch_secrets_close (self->secrets);
  g_assert_finalize_object (self->secrets);
  open_secrets (self, with_keyring);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("porch-secrets-XXXXXX", NULL);
  self->own = g_build_filename (self->folder, "secrets", NULL);
  self->credentials = g_build_filename (self->folder, "credentials", NULL);
  g_mkdir (self->credentials, 0700);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->code = -1;
  g_setenv ("CREDENTIALS_DIRECTORY", self->credentials, TRUE);
  open_secrets (self, GPOINTER_TO_INT (data));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  porch_secrets_close (self->secrets);
  g_assert_finalize_object (self->secrets);
  folder_remove (self->folder);
  g_hash_table_unref (self->values);
  g_free (self->folder);
  g_free (self->own);
  g_free (self->credentials);
}

typedef struct {
  gboolean is_done;
  int code;
  char *value;
  GString *notes;
} Answer;

static void
on_found (const char *value, const GError *error, gpointer data)
{
  Answer *answer = data;

  answer->is_done = TRUE;
  answer->code = error != NULL ? error->code : -1;
  answer->value = g_strdup (value);
  g_assert_true (error == NULL || error->domain == PORCH_ERROR);
}

static void
on_done (const GError *error, gpointer data)
{
  on_found (NULL, error, data);
}

static void
on_listed (GPtrArray *notes, const GError *error, gpointer data)
{
  Answer *answer = data;

  g_assert_no_error (error);
  answer->is_done = TRUE;
  answer->notes = g_string_new (NULL);
  for (guint i = 0; i < notes->len; i++) {
    PorchSecretNote *note = notes->pdata[i];

    g_string_append_printf (answer->notes, "%s%s %s '%s'%s", i > 0 ? ", " : "", note->name,
                            note->kind, note->hint, note->trouble >= 0 ? " !" : "");
  }
}

static void
wait_for (Answer *answer)
{
  while (!answer->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static int
put (Fixture *self, const char *name, const char *value)
{
  Answer answer = { 0 };

  porch_secrets_put (self->secrets, name, value, on_done, &answer);
  wait_for (&answer);
  return answer.code;
}

static int
take_away (Fixture *self, const char *name)
{
  Answer answer = { 0 };

  porch_secrets_remove (self->secrets, name, on_done, &answer);
  wait_for (&answer);
  return answer.code;
}

static int
try_open (Fixture *self, gboolean may_ask)
{
  Answer answer = { 0 };

  porch_secrets_open (self->secrets, may_ask, on_done, &answer);
  g_assert_cmpint (porch_secrets_is_asking (self->secrets), ==, may_ask);
  wait_for (&answer);
  g_assert_false (porch_secrets_is_asking (self->secrets));
  return answer.code;
}

/* Its value, or NULL with @code. */
static char *
find (Fixture *self, const char *name, int *code)
{
  Answer answer = { 0 };

  porch_secrets_find (self->secrets, name, on_found, &answer);
  wait_for (&answer);
  *code = answer.code;
  return answer.value;
}

static void
expect (Fixture *self, const char *name, const char *value, int code)
{
  int got = 0;
  g_autofree char *found = find (self, name, &got);

  g_assert_cmpint (got, ==, code);
  g_assert_cmpstr (found, ==, value);
}

static void
expect_list (Fixture *self, const char *wanted)
{
  Answer answer = { 0 };

  porch_secrets_list (self->secrets, on_listed, &answer);
  wait_for (&answer);
  g_assert_cmpstr (answer.notes->str, ==, wanted);
  g_string_free (answer.notes, TRUE);
}

static gboolean
is_in_file (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->own, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
write_credential (Fixture *self, const char *name, const char *value)
{
  g_autofree char *path = g_build_filename (self->credentials, name, NULL);

  g_assert_true (g_file_set_contents (path, value, -1, NULL));
}

/* ---- what is needed ---- */

static void
on_need_changed (PorchSecrets *secrets, guint *n)
{
  (*n)++;
}

/* A look, or none: whatever was begun has been answered after the next errand. */
static int
look (Fixture *self)
{
  int code = 0;

  porch_secrets_look (self->secrets);
  g_free (find (self, "not-there", &code));
  return porch_secrets_get_need (self->secrets);
}

/* Said once each time that it changes, and never of a keyring in which nothing of ours is. */
static void
test_need (Fixture *self, gconstpointer data)
{
  guint n = 0;

  g_signal_connect (self->secrets, "need-changed", G_CALLBACK (on_need_changed), &n);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_LOCKED);
  porch_secrets_start (self->secrets);
  g_assert_cmpint (look (self), ==, -1);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (n, ==, 0);

  g_atomic_int_set (&self->code, -1);
  g_assert_cmpint (try_open (self, FALSE), ==, -1);
  g_assert_cmpint (put (self, "a.key", "value"), ==, -1);
  g_assert_cmpuint (n, ==, 0);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_LOCKED);
  /* While all is well nobody looks; who needs it finds out. */
  expect (self, "a.key", NULL, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (look (self), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (n, ==, 1);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_MISSING);
  g_assert_cmpint (look (self), ==, PORCH_ERROR_KEYRING_MISSING);
  g_assert_cmpuint (n, ==, 2);
  g_atomic_int_set (&self->code, -1);
  g_assert_cmpint (look (self), ==, -1);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (put (self, "b.key", "value"), ==, -1);
  g_assert_cmpuint (n, ==, 3);
}

/* In how many ms the loop would wake up by itself; -1: never. */
static int
get_sleep_ms (void)
{
  GMainContext *context = g_main_context_default ();
  GPollFD fds[8];
  int priority = 0, sleep_ms = 0;

  while (g_main_context_pending (context))
    g_main_context_iteration (context, FALSE);
  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  g_main_context_query (context, priority, &sleep_ms, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  return sleep_ms;
}

/* Nothing wakes up to look while there is nothing to look for. */
static void
test_sleep (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (put (self, "a.key", "value"), ==, -1);
  porch_secrets_start (self->secrets);
  g_assert_cmpint (look (self), ==, -1);
  g_assert_cmpint (get_sleep_ms (), ==, -1);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_LOCKED);
  expect (self, "a.key", NULL, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (get_sleep_ms (), >, 0);
  g_assert_cmpint (get_sleep_ms (), <=, 60 * 1000);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_MISSING);
  g_assert_cmpint (look (self), ==, PORCH_ERROR_KEYRING_MISSING);
  g_assert_cmpint (get_sleep_ms (), >, 0);
  g_atomic_int_set (&self->code, -1);
  g_assert_cmpint (look (self), ==, -1);
  g_assert_cmpint (get_sleep_ms (), ==, -1);
}

/* What was not started looks for nothing, and what was closed no more. */
static void
test_sleep_after (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (put (self, "a.key", "value"), ==, -1);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_LOCKED);
  expect (self, "a.key", NULL, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (porch_secrets_get_need (self->secrets), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (get_sleep_ms (), ==, -1);
  porch_secrets_start (self->secrets);
  g_assert_cmpint (get_sleep_ms (), >, 0);
  porch_secrets_close (self->secrets);
  g_assert_cmpint (get_sleep_ms (), ==, -1);
}

/* After a start it is known without anybody asking for a secret. */
static void
test_need_at_start (Fixture *self, gconstpointer data)
{
  guint n = 0;

  g_assert_cmpint (put (self, "a.key", "value"), ==, -1);
  g_atomic_int_set (&self->code, PORCH_ERROR_KEYRING_LOCKED);
  reopen (self, TRUE);
  g_signal_connect (self->secrets, "need-changed", G_CALLBACK (on_need_changed), &n);
  porch_secrets_start (self->secrets);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (porch_secrets_get_need (self->secrets), ==, PORCH_ERROR_KEYRING_LOCKED);
}

/* ---- without a keyring ---- */

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->own, "a.key", NULL);
  GStatBuf info;

  g_assert_cmpstr (porch_secrets_get_place (self->secrets), ==, "file");
  expect (self, "a.key", NULL, -1);
  g_assert_cmpint (put (self, "a.key", "0123456789abcdefWXYZ"), ==, -1);
  expect (self, "a.key", "0123456789abcdefWXYZ", -1);
  g_assert_cmpint (g_stat (self->own, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (put (self, "b", "short"), ==, -1);
  expect_list (self, "a.key file 'WXYZ', b file ''");
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, -1);

  reopen (self, FALSE);
  expect (self, "a.key", "0123456789abcdefWXYZ", -1);
  /* One that others may read is not used, and not as if it were not set. */
  g_chmod (path, 0640);
  expect (self, "a.key", NULL, PORCH_ERROR_STORAGE);
  expect_list (self, "a.key file '' !, b file ''");
  g_chmod (path, 0600);
  g_assert_cmpint (take_away (self, "a.key"), ==, -1);
  expect (self, "a.key", NULL, -1);
  g_assert_cmpint (take_away (self, "a.key"), ==, -1);
}

static void
test_names_and_values (Fixture *self, gconstpointer data)
{
  static const char *const bad[] = { "",    ".keyring", "../x",     "a/b",
                                     "a b", "-a",       "\xc3\xa9", "a.part" };
  g_autofree char *long_name = g_strnfill (101, 'a');
  g_autofree char *long_value = g_strnfill (PORCH_SECRET_BYTES_MAX + 1, 'a');
  g_autofree char *longest = g_strnfill (PORCH_SECRET_BYTES_MAX, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_cmpint (put (self, bad[i], "x"), ==, PORCH_ERROR_BAD_MESSAGE);
    expect (self, bad[i], NULL, PORCH_ERROR_BAD_MESSAGE);
    g_assert_cmpint (take_away (self, bad[i]), ==, PORCH_ERROR_BAD_MESSAGE);
  }
  g_assert_cmpint (put (self, long_name, "x"), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (put (self, "a", ""), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (put (self, "a", "two\nlines"), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (put (self, "a", long_value), ==, PORCH_ERROR_BAD_MESSAGE);
  g_assert_cmpint (put (self, "a", longest), ==, -1);
  expect (self, "a", longest, -1);
}

static void
test_given (Fixture *self, gconstpointer data)
{
  write_credential (self, "both", "from the folder\n");
  g_setenv ("PORCHLIGHT_SECRET_BOTH", "from the environment", TRUE);
  g_setenv ("PORCHLIGHT_SECRET_ONLY_HERE", "from the environment", TRUE);
  g_setenv ("GEMINI_API_KEY", "gemini", TRUE);
  g_setenv ("HOME_KEY", "none of ours", TRUE);
  expect (self, "both", "from the folder", -1);
  expect (self, "only-here", "from the environment", -1);
  expect (self, "gemini-api-key", "gemini", -1);
  expect (self, "home-key", NULL, -1);
  /* What the run was given is not changed, and not hidden behind something that would be. */
  g_assert_cmpint (put (self, "both", "another"), ==, PORCH_ERROR_CONFLICT);
  g_assert_cmpint (take_away (self, "only-here"), ==, PORCH_ERROR_CONFLICT);
  expect_list (self, "both credentials '', only-here environment 'ment'");
  g_unsetenv ("PORCHLIGHT_SECRET_BOTH");
  g_unsetenv ("PORCHLIGHT_SECRET_ONLY_HERE");
  g_unsetenv ("GEMINI_API_KEY");
}

static void
write_own (Fixture *self, const char *name, const char *bytes, gssize length)
{
  g_autofree char *path = g_build_filename (self->own, name, NULL);

  g_assert_true (
    g_file_set_contents_full (path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* One line is a secret, however it ends. Of several nobody can say which was meant. */
static void
test_lines (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *bytes;
    gssize length;
    const char *value;
    int code;
  } cases[] = {
    { "one", 3, "one", -1 },
    { "one\n", 4, "one", -1 },
    { "one\r\n", 5, "one", -1 },
    { "one\n\n", 5, "one", -1 },
    { "", 0, NULL, -1 },
    { "\n", 1, NULL, -1 },
    { "one\ntwo", 7, NULL, PORCH_ERROR_STORAGE },
    { "one\rtwo\n", 8, NULL, PORCH_ERROR_STORAGE },
    { "\none\n", 5, NULL, PORCH_ERROR_STORAGE },
    { "one\0two", 7, NULL, PORCH_ERROR_STORAGE },
    { "one\0", 4, NULL, PORCH_ERROR_STORAGE },
    { "\xff\n", 2, NULL, PORCH_ERROR_STORAGE },
  };
  g_autofree char *longest = g_strnfill (PORCH_SECRET_BYTES_MAX, 'a');
  g_autofree char *with_end = g_strconcat (longest, "\r\n", NULL);

  g_assert_cmpint (put (self, "a", "x"), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", i);
    write_own (self, "a", cases[i].bytes, cases[i].length);
    expect (self, "a", cases[i].value, cases[i].code);
  }
  write_own (self, "a", with_end, -1);
  expect (self, "a", longest, -1);
  with_end[PORCH_SECRET_BYTES_MAX] = 'a';
  write_own (self, "a", with_end, -1);
  expect (self, "a", NULL, PORCH_ERROR_STORAGE);
}

static void
on_put_refused (const GError *error, gpointer data)
{
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE);
  *(char **) data = g_strdup (error->message);
}

/* A disk that takes a part of it is asked for the rest, and says why not; the old one stays. */
static void
test_short_write (Fixture *self, gconstpointer data)
{
  void (*before) (int) = signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit, small;
  g_autofree char *message = NULL;

  g_assert_cmpint (put (self, "a", "the old one"), ==, -1);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 4;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  porch_secrets_put (self->secrets, "a", "the new one", on_put_refused, &message);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, before);
  g_assert_nonnull (strstr (message, g_strerror (EFBIG)));
  g_assert_false (is_in_file (self, "a.part"));
  expect (self, "a", "the old one", -1);
}

/* ---- with one ---- */

static void
test_keyring (Fixture *self, gconstpointer data)
{
  g_assert_cmpstr (porch_secrets_get_place (self->secrets), ==, "keyring");
  g_assert_cmpint (put (self, "a", "0123456789abcdefWXYZ"), ==, -1);
  g_assert_false (is_in_file (self, "a"));
  g_assert_cmpstr (g_hash_table_lookup (self->values, "a"), ==, "0123456789abcdefWXYZ");
  expect (self, "a", "0123456789abcdefWXYZ", -1);
  expect_list (self, "a keyring 'WXYZ'");
  g_assert_cmpint (take_away (self, "a"), ==, -1);
  expect (self, "a", NULL, -1);
  expect_list (self, "");
}

/* Nothing is gone round: not to the file, and not as if it had never been set. */
static void
test_locked (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (put (self, "a", "one"), ==, -1);
  self->code = PORCH_ERROR_KEYRING_LOCKED;
  expect (self, "a", NULL, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (put (self, "b", "two"), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (take_away (self, "a"), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_false (is_in_file (self, "b"));
  expect_list (self, "a keyring '' !");
  /* Without asking nobody is asked; who is asked and says no has refused. */
  g_assert_cmpint (try_open (self, FALSE), ==, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (try_open (self, TRUE), ==, PORCH_ERROR_KEYRING_REFUSED);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, PORCH_ERROR_KEYRING_REFUSED);
  self->code = PORCH_ERROR_KEYRING_LOCKED;
  expect (self, "a", NULL, PORCH_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, PORCH_ERROR_KEYRING_REFUSED);
  self->will_open = TRUE;
  g_assert_cmpint (try_open (self, TRUE), ==, -1);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, -1);
  expect (self, "a", "one", -1);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (put (self, "a", "one"), ==, -1);
  self->code = PORCH_ERROR_KEYRING_MISSING;
  reopen (self, TRUE);
  expect (self, "a", NULL, PORCH_ERROR_KEYRING_MISSING);
  expect (self, "never-set", NULL, -1);
  g_assert_cmpstr (porch_secrets_get_place (self->secrets), ==, "file");
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, PORCH_ERROR_KEYRING_MISSING);
  expect_list (self, "a keyring '' !");
  /* A new one goes into the file; one that is set again is found there, also when the keyring comes
   * back with the old one. */
  g_assert_cmpint (put (self, "b", "two"), ==, -1);
  g_assert_cmpint (put (self, "a", "three"), ==, -1);
  g_assert_cmpint (porch_secrets_get_trouble (self->secrets), ==, -1);
  expect (self, "a", "three", -1);
  self->code = -1;
  g_assert_cmpint (try_open (self, FALSE), ==, -1);
  expect (self, "a", "three", -1);
  g_assert_cmpint (put (self, "a", "four"), ==, -1);
  g_assert_false (is_in_file (self, "a"));
  expect (self, "a", "four", -1);
  /* One that comes without what it had. */
  g_hash_table_remove_all (self->values);
  expect (self, "a", NULL, PORCH_ERROR_KEYRING_MISSING);
  g_assert_cmpint (take_away (self, "a"), ==, -1);
  expect (self, "a", NULL, -1);
  /* And a program that uses none. */
  g_assert_cmpint (put (self, "c", "five"), ==, -1);
  reopen (self, FALSE);
  expect (self, "c", NULL, PORCH_ERROR_KEYRING_MISSING);
}

static char *
append (const char *old, gpointer data, GError **error)
{
  if (strcmp (data, "no") == 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "as told");
    return NULL;
  }
  return *(char *) data != '\0' ? g_strconcat (old != NULL ? old : "", data, NULL) : NULL;
}

static int
change (Fixture *self, const char *data)
{
  Answer answer = { 0 };

  porch_secrets_change (self->secrets, "a", append, g_strdup (data), g_free, on_done, &answer);
  wait_for (&answer);
  return answer.code;
}

static void
test_change (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (change (self, "1"), ==, -1);
  g_assert_cmpint (change (self, "2"), ==, -1);
  expect (self, "a", "12", -1);
  g_assert_cmpint (change (self, "no"), ==, PORCH_ERROR_CONFLICT);
  expect (self, "a", "12", -1);
  self->code = PORCH_ERROR_KEYRING_LOCKED;
  g_assert_cmpint (change (self, "3"), ==, PORCH_ERROR_KEYRING_LOCKED);
  self->code = -1;
  expect (self, "a", "12", -1);
  g_assert_cmpint (change (self, ""), ==, -1);
  expect (self, "a", NULL, -1);
}

/* What waits when it ends is answered. */
static void
test_close (Fixture *self, gconstpointer data)
{
  Answer answers[3] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    porch_secrets_find (self->secrets, "a", on_found, &answers[i]);
  porch_secrets_close (self->secrets);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_assert_true (answers[i].is_done);
  g_assert_cmpint (answers[2].code, ==, PORCH_ERROR_SHUTTING_DOWN);
}

#define ADD(name, with_keyring, func) \
  g_test_add ("/secrets/" name, Fixture, GINT_TO_POINTER (with_keyring), set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("file", FALSE, test_file);
  ADD ("names-and-values", FALSE, test_names_and_values);
  ADD ("lines", FALSE, test_lines);
  ADD ("short-write", FALSE, test_short_write);
  ADD ("given", FALSE, test_given);
  ADD ("keyring", TRUE, test_keyring);
  ADD ("locked", TRUE, test_locked);
  ADD ("missing", TRUE, test_missing);
  ADD ("need", TRUE, test_need);
  ADD ("need-at-start", TRUE, test_need_at_start);
  ADD ("sleep", TRUE, test_sleep);
  ADD ("sleep-after", TRUE, test_sleep_after);
  ADD ("change", TRUE, test_change);
  ADD ("close", TRUE, test_close);
  return g_test_run ();
}
