/* porch-password.c - Argon2id on a thread of its own, one at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-password.h"

#include "porch-error.h"
#include "porch-secret.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <sodium.h>
#include <string.h>

#define WAITING_MAX 4

struct _PorchPasswords {
  GThreadPool *pool; /* NULL when stopped */
  GQueue waiting;    /* of Work */
  gint is_stopping;  /* atomic */
};

typedef struct {
  PorchPasswords *passwords;
  GMainContext *context;
  GSource *source; /* made with it, attached when it is done */
  char *password, *known;
  PorchPasswordHashed hashed;
  PorchPasswordChecked checked;
  gpointer data;
  char hash[crypto_pwhash_STRBYTES];
  gboolean matches, has_failed;
} Work;

static void
free_work (Work *work)
{
  porch_secret_free (work->password);
  g_clear_pointer (&work->known, g_free);
  g_main_context_unref (work->context);
  g_source_unref (work->source);
  g_free (work);
}

/* The end of @work. */
static void
answer (Work *work, const GError *error)
{
  g_queue_remove (&work->passwords->waiting, work);
  if (work->hashed != NULL)
    work->hashed (error == NULL ? work->hash : NULL, error, work->data);
  else
    work->checked (error == NULL && work->matches, error, work->data);
  free_work (work);
}

static gboolean
on_worked (gpointer data)
{
  Work *work = data;
  gint64 begin = porch_stall_begin ();
  g_autoptr (GError) error = NULL;

  if (work->has_failed)
    error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_BUSY, "no memory to hash a password");
  answer (work, error);
  porch_stall_end (begin, "a password's answer");
  return G_SOURCE_REMOVE;
}

static void
run (gpointer data, gpointer user_data)
{
  Work *work = data;

  if (g_atomic_int_get (&work->passwords->is_stopping))
    return;
  if (work->hashed != NULL)
    work->has_failed =
      crypto_pwhash_str (work->hash, work->password, strlen (work->password),
                         crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE) != 0;
  else
    work->matches =
      crypto_pwhash_str_verify (work->known, work->password, strlen (work->password)) == 0;
  g_source_attach (work->source, work->context);
}

PorchPasswords *
porch_passwords_new (void)
{
  PorchPasswords *self = g_new0 (PorchPasswords, 1);

  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  self->pool = g_thread_pool_new (run, NULL, 1, FALSE, NULL);
  return self;
}

void
porch_passwords_free (PorchPasswords *self)
{
  porch_passwords_stop (self);
  g_free (self);
}

void
porch_passwords_stop (PorchPasswords *self)
{
  g_autoptr (GError) error =
    g_error_new_literal (PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");

  if (self->pool == NULL)
    return;
  g_atomic_int_set (&self->is_stopping, TRUE);
  g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);
  while (!g_queue_is_empty (&self->waiting)) {
    Work *work = g_queue_peek_head (&self->waiting);

    g_source_destroy (work->source);
    answer (work, error);
  }
}

static Work *
new_work (PorchPasswords *self, const char *password, gpointer data)
{
  Work *work = g_new0 (Work, 1);

  work->passwords = self;
  work->source = g_idle_source_new ();
  g_source_set_priority (work->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (work->source, on_worked, work, NULL);
  g_queue_push_tail (&self->waiting, work);
  work->context = g_main_context_ref_thread_default ();
  work->password = g_strdup (password);
  work->data = data;
  return work;
}

/* NULL when there is room for one more. */
static GError *
refuse (PorchPasswords *self)
{
  if (self->pool == NULL)
    return g_error_new_literal (PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
  if (g_queue_get_length (&self->waiting) > WAITING_MAX)
    return g_error_new_literal (PORCH_ERROR, PORCH_ERROR_BUSY, "too many passwords at once");
  return NULL;
}

void
porch_passwords_hash (PorchPasswords *self,
                      const char *password,
                      PorchPasswordHashed done,
                      gpointer data)
{
  g_autoptr (GError) refusal = refuse (self);
  Work *work;

  if (refusal != NULL) {
    done (NULL, refusal, data);
    return;
  }
  work = new_work (self, password, data);
  work->hashed = done;
  g_thread_pool_push (self->pool, work, NULL);
}

void
porch_passwords_check (PorchPasswords *self,
                       const char *password,
                       const char *hash,
                       PorchPasswordChecked done,
                       gpointer data)
{
  /* The hash of a random password nobody knows, at the same limits: it costs what a real one costs.
   */
  static const char decoy[] = "$argon2id$v=19$m=262144,t=3,p=1$"
                              "oKkV0Zl8x0nUQ6n1qXH1ag$"
                              "m0cVQ3J1Yk0xYl9wT2dBbVhkR3R6S2Z5QnVQcU5sSGo";
  g_autoptr (GError) refusal = refuse (self);
  Work *work;

  if (refusal != NULL) {
    done (FALSE, refusal, data);
    return;
  }
  work = new_work (self, password, data);
  work->known = g_strdup (hash != NULL ? hash : decoy);
  work->checked = done;
  g_thread_pool_push (self->pool, work, NULL);
}
