/* porch-password.c - Argon2id on a thread of its own, one at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-password.h"

#include "porch-error.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <sodium.h>
#include <string.h>

#define WAITING_MAX 4

struct _PorchPasswords {
  GThreadPool *pool;
  guint n_waiting;
};

typedef struct {
  PorchPasswords *passwords;
  GMainContext *context;
  char *password, *known;
  PorchPasswordHashed hashed;
  PorchPasswordChecked checked;
  gpointer data;
  char hash[crypto_pwhash_STRBYTES];
  gboolean matches, has_failed;
} Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  sodium_memzero (work->password, strlen (work->password));
  g_free (work->password);
  g_free (work->known);
  g_main_context_unref (work->context);
  g_free (work);
}

static gboolean
on_worked (gpointer data)
{
  Work *work = data;
  gint64 begin = porch_stall_begin ();
  g_autoptr (GError) error = NULL;

  work->passwords->n_waiting--;
  if (work->has_failed)
    error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_BUSY, "no memory to hash a password");
  if (work->hashed != NULL)
    work->hashed (error == NULL ? work->hash : NULL, error, work->data);
  else
    work->checked (work->matches, error, work->data);
  porch_stall_end (begin, "a password's answer");
  return G_SOURCE_REMOVE;
}

static void
run (gpointer data, gpointer user_data)
{
  Work *work = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (work->hashed != NULL)
    work->has_failed =
      crypto_pwhash_str (work->hash, work->password, strlen (work->password),
                         crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE) != 0;
  else
    work->matches =
      crypto_pwhash_str_verify (work->known, work->password, strlen (work->password)) == 0;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_worked, work, free_work);
  g_source_attach (source, work->context);
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
  g_thread_pool_free (self->pool, TRUE, TRUE);
  g_free (self);
}

static Work *
new_work (PorchPasswords *self, const char *password, gpointer data)
{
  Work *work = g_new0 (Work, 1);

  self->n_waiting++;
  work->passwords = self;
  work->context = g_main_context_ref_thread_default ();
  work->password = g_strdup (password);
  work->data = data;
  return work;
}

static GError *
new_busy (void)
{
  return g_error_new_literal (PORCH_ERROR, PORCH_ERROR_BUSY, "too many passwords at once");
}

void
porch_passwords_hash (PorchPasswords *self,
                      const char *password,
                      PorchPasswordHashed done,
                      gpointer data)
{
  g_autoptr (GError) busy = NULL;
  Work *work;

  if (self->n_waiting > WAITING_MAX) {
    busy = new_busy ();
    done (NULL, busy, data);
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
  g_autoptr (GError) busy = NULL;
  Work *work;

  if (self->n_waiting > WAITING_MAX) {
    busy = new_busy ();
    done (FALSE, busy, data);
    return;
  }
  work = new_work (self, password, data);
  work->known = g_strdup (hash != NULL ? hash : decoy);
  work->checked = done;
  g_thread_pool_push (self->pool, work, NULL);
}
