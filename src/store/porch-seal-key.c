/* porch-seal-key.c - the key of a sealed file, which nobody has to wait for to the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-seal-key.h"

#include "porch-error.h"
#include "porch-secret.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (PORCH_SEAL_SALT_BYTES == crypto_pwhash_SALTBYTES);

/* Whoever comes last of the two threads lets go of it. */
typedef struct {
  PorchSealRecipe recipe;
  char *passphrase;
  guint8 *key;
  gsize length;

  GMutex mutex; /* for all below */
  GCond has_changed;
  gboolean is_done, is_made, is_cancelled;
} Work;

static void
clear (gpointer data)
{
  Work *work = data;

  porch_secret_free (work->passphrase);
  sodium_memzero (work->key, work->length);
  g_clear_pointer (&work->key, g_free);
  g_mutex_clear (&work->mutex);
  g_cond_clear (&work->has_changed);
}

static void
release (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear);
}

static void
tell (Work *work, gboolean *what)
{
  g_mutex_lock (&work->mutex);
  *what = TRUE;
  g_cond_signal (&work->has_changed);
  g_mutex_unlock (&work->mutex);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Work *work = data;

  tell (work, &work->is_cancelled);
}

static gpointer
run (gpointer data)
{
  Work *work = data;

  work->is_made = crypto_pwhash (work->key, work->length, work->passphrase,
                                 strlen (work->passphrase), work->recipe.salt, work->recipe.ops,
                                 work->recipe.memory, crypto_pwhash_ALG_ARGON2ID13) == 0;
  tell (work, &work->is_done);
  release (work);
  return NULL;
}

static Work *
start (const PorchSealRecipe *recipe, const char *passphrase, gsize length)
{
  Work *work = g_atomic_rc_box_new0 (Work);

  work->recipe = *recipe;
  work->passphrase = g_strdup (passphrase);
  work->length = length;
  work->key = g_malloc0 (length);
  g_mutex_init (&work->mutex);
  g_cond_init (&work->has_changed);
  g_thread_unref (g_thread_new ("porch-key", run, g_atomic_rc_box_acquire (work)));
  return work;
}

static gboolean
fail_cancelled (GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
  return FALSE;
}

/* FALSE when it was not waited for. */
static gboolean
wait_for (Work *work)
{
  gboolean is_done;

  g_mutex_lock (&work->mutex);
  while (!work->is_done && !work->is_cancelled)
    g_cond_wait (&work->has_changed, &work->mutex);
  is_done = work->is_done;
  g_mutex_unlock (&work->mutex);
  return is_done;
}

static gboolean
take (Work *work, guint8 *key, GError **error)
{
  if (!wait_for (work))
    return fail_cancelled (error);
  if (!work->is_made) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BUSY, "no memory to make a key");
    return FALSE;
  }
  memcpy (key, work->key, work->length);
  return TRUE;
}

gboolean
porch_seal_key_make (const PorchSealRecipe *recipe,
                     const char *passphrase,
                     GCancellable *cancellable,
                     guint8 *key,
                     gsize length,
                     GError **error)
{
  Work *work = NULL;
  gulong id = 0;
  gboolean is_made;

  if (g_cancellable_is_cancelled (cancellable))
    return fail_cancelled (error);
  work = start (recipe, passphrase, length);
  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                g_atomic_rc_box_acquire (work), release);
  is_made = take (work, key, error);
  g_cancellable_disconnect (cancellable, id);
  release (work);
  return is_made;
}
