/* porch-secrets.c - keys, passphrases and tokens, wherever they are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-secrets.h"

#include "porch-error.h"
#include "porch-source.h"
#include "porch-strongbox.h"
#include "porch-worker.h"

#include <string.h>

#define LOOK_EVERY_MS (60 * 1000)
#define HINT_LENGTH   4
/* Of a shorter one four characters would be too much of it. */
#define HINTED_LENGTH 16

struct _PorchSecrets {
  GObject parent_instance;

  PorchWorker *worker;
  PorchStrongbox *box; /* the worker's */
  guint n_asking;

  const char *place;
  int trouble, need;
  gboolean is_started;
  GSource *timer; /* while something is needed */
};

enum {
  NEED_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchSecrets, porch_secrets, G_TYPE_OBJECT)

typedef struct _Errand Errand;
struct _Errand {
  PorchTask task;
  PorchSecrets *secrets;
  gboolean (*work) (PorchStrongbox *box, Errand *errand, GError **error);
  char *name, *value;
  gboolean may_ask;
  PorchSecretChange change;
  gpointer change_data;
  GDestroyNotify free_change_data;

  GError *error;
  GPtrArray *notes;
  const char *place;
  int trouble, need;

  PorchSecretFound found;
  PorchSecretsDone done;
  PorchSecretsListed listed;
  gpointer data;
};

static void
run_errand (PorchTask *task)
{
  Errand *errand = (Errand *) task;
  PorchStrongbox *box = errand->secrets->box;

  if (errand->error == NULL)
    errand->work (box, errand, &errand->error);
  errand->place = porch_strongbox_get_place (box);
  errand->trouble = porch_strongbox_get_trouble (box);
  errand->need = porch_strongbox_needs_keyring (box) ? errand->trouble : -1;
}

static void
free_errand (Errand *errand)
{
  if (errand->free_change_data != NULL)
    errand->free_change_data (errand->change_data);
  porch_secret_free (errand->value);
  g_clear_pointer (&errand->name, g_free);
  g_clear_error (&errand->error);
  g_clear_pointer (&errand->notes, g_ptr_array_unref);
  g_clear_object (&errand->secrets);
  g_free (errand);
}

static gboolean
on_timer (gpointer data)
{
  porch_secrets_look (data);
  return G_SOURCE_CONTINUE;
}

/* Nothing wakes up every minute to find that all is well. */
static void
update_timer (PorchSecrets *self)
{
  if (!self->is_started || self->need < 0)
    porch_source_clear (&self->timer);
  else if (self->timer == NULL)
    self->timer = porch_source_timeout (LOOK_EVERY_MS, on_timer, self);
}

static void
set_need (PorchSecrets *self, int need)
{
  if (self->need == need)
    return;
  self->need = need;
  update_timer (self);
  g_signal_emit (self, signals[NEED_CHANGED], 0);
}

static void
on_errand_done (PorchTask *task, gboolean was_run)
{
  Errand *errand = (Errand *) task;
  PorchSecrets *self = errand->secrets;

  self->n_asking -= errand->may_ask;
  if (was_run) {
    self->place = errand->place;
    self->trouble = errand->trouble;
  } else {
    g_clear_error (&errand->error);
    g_set_error (&errand->error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
  }
  if (errand->found != NULL)
    errand->found (errand->error == NULL ? errand->value : NULL, errand->error, errand->data);
  if (errand->listed != NULL)
    errand->listed (errand->notes, errand->error, errand->data);
  if (errand->done != NULL)
    errand->done (errand->error, errand->data);
  if (was_run)
    set_need (self, errand->need);
  free_errand (errand);
}

static Errand *
new_errand (PorchSecrets *self,
            const char *name,
            gboolean (*work) (PorchStrongbox *box, Errand *errand, GError **error),
            gpointer data)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->task.run = run_errand;
  errand->task.done = on_errand_done;
  errand->secrets = g_object_ref (self);
  errand->name = g_strdup (name);
  errand->work = work;
  errand->data = data;
  if (name != NULL && !porch_secret_name_is_good (name))
    g_set_error (&errand->error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "no name of a secret");
  return errand;
}

static gboolean
is_good_value (const char *value)
{
  return *value != '\0' && strlen (value) <= PORCH_SECRET_BYTES_MAX &&
         value[strcspn (value, "\r\n")] == '\0' && g_utf8_validate (value, -1, NULL);
}

static gboolean
put_checked (PorchStrongbox *box, const char *name, const char *value, GError **error)
{
  if (is_good_value (value))
    return porch_strongbox_put (box, name, value, error);
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE,
               "a secret is one line of text, at most %d bytes", PORCH_SECRET_BYTES_MAX);
  return FALSE;
}

/* ---- on the worker ---- */

static gboolean
work_find (PorchStrongbox *box, Errand *errand, GError **error)
{
  return porch_strongbox_find (box, errand->name, &errand->value, NULL, error);
}

static gboolean
work_put (PorchStrongbox *box, Errand *errand, GError **error)
{
  return put_checked (box, errand->name, errand->value, error);
}

static gboolean
work_remove (PorchStrongbox *box, Errand *errand, GError **error)
{
  return porch_strongbox_remove (box, errand->name, error);
}

static gboolean
work_change (PorchStrongbox *box, Errand *errand, GError **error)
{
  g_autoptr (PorchSecretText) old = NULL;
  g_autoptr (PorchSecretText) new = NULL;
  g_autoptr (GError) failure = NULL;

  if (!porch_strongbox_find (box, errand->name, &old, NULL, error))
    return FALSE;
  new = errand->change (old, errand->change_data, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return new != NULL ? put_checked (box, errand->name, new, error)
                     : porch_strongbox_remove (box, errand->name, error);
}

static void
free_note (gpointer data)
{
  PorchSecretNote *note = data;

  g_clear_pointer (&note->name, g_free);
  g_clear_pointer (&note->hint, g_free);
  g_free (note);
}

static char *
make_hint (const char *value)
{
  const glong length = g_utf8_strlen (value, -1);

  return length < HINTED_LENGTH ? g_strdup ("")
                                : g_utf8_substring (value, length - HINT_LENGTH, length);
}

static PorchSecretNote *
take_note (PorchStrongbox *box, const char *name)
{
  PorchSecretNote *note = g_new0 (PorchSecretNote, 1);
  g_autoptr (PorchSecretText) value = NULL;
  g_autoptr (GError) failure = NULL;

  note->name = g_strdup (name);
  note->kind = "keyring";
  note->trouble = -1;
  if (!porch_strongbox_find (box, name, &value, &note->kind, &failure))
    note->trouble = failure->code;
  note->hint = value != NULL ? make_hint (value) : g_strdup ("");
  return note;
}

static gboolean
work_list (PorchStrongbox *box, Errand *errand, GError **error)
{
  g_autoptr (GPtrArray) names = porch_strongbox_list (box, error);

  if (names == NULL)
    return FALSE;
  errand->notes = g_ptr_array_new_with_free_func (free_note);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (errand->notes, take_note (box, names->pdata[i]));
  return TRUE;
}

static gboolean
work_open (PorchStrongbox *box, Errand *errand, GError **error)
{
  return porch_strongbox_open (box, errand->may_ask, error);
}

/* A keyring that nobody needs is left alone. */
static gboolean
work_look (PorchStrongbox *box, Errand *errand, GError **error)
{
  return !porch_strongbox_needs_keyring (box) || porch_strongbox_open (box, FALSE, error);
}

/* ---- the face ---- */

void
porch_secrets_find (PorchSecrets *self, const char *name, PorchSecretFound done, gpointer data)
{
  Errand *errand = new_errand (self, name, work_find, data);

  errand->found = done;
  porch_worker_push (self->worker, &errand->task);
}

void
porch_secrets_put (PorchSecrets *self,
                   const char *name,
                   const char *value,
                   PorchSecretsDone done,
                   gpointer data)
{
  Errand *errand = new_errand (self, name, work_put, data);

  errand->value = g_strdup (value);
  errand->done = done;
  porch_worker_push (self->worker, &errand->task);
}

void
porch_secrets_remove (PorchSecrets *self, const char *name, PorchSecretsDone done, gpointer data)
{
  Errand *errand = new_errand (self, name, work_remove, data);

  errand->done = done;
  porch_worker_push (self->worker, &errand->task);
}

void
porch_secrets_change (PorchSecrets *self,
                      const char *name,
                      PorchSecretChange change,
                      gpointer change_data,
                      GDestroyNotify free_change_data,
                      PorchSecretsDone done,
                      gpointer data)
{
  Errand *errand = new_errand (self, name, work_change, data);

  errand->change = change;
  errand->change_data = change_data;
  errand->free_change_data = free_change_data;
  errand->done = done;
  porch_worker_push (self->worker, &errand->task);
}

void
porch_secrets_list (PorchSecrets *self, PorchSecretsListed done, gpointer data)
{
  Errand *errand = new_errand (self, NULL, work_list, data);

  errand->listed = done;
  porch_worker_push (self->worker, &errand->task);
}

void
porch_secrets_open (PorchSecrets *self, gboolean may_ask, PorchSecretsDone done, gpointer data)
{
  Errand *errand = new_errand (self, NULL, work_open, data);

  errand->may_ask = may_ask;
  errand->done = done;
  self->n_asking += may_ask;
  porch_worker_push (self->worker, &errand->task);
}

gboolean
porch_secrets_is_asking (PorchSecrets *self)
{
  return self->n_asking > 0;
}

const char *
porch_secrets_get_place (PorchSecrets *self)
{
  return self->place;
}

int
porch_secrets_get_trouble (PorchSecrets *self)
{
  return self->trouble;
}

int
porch_secrets_get_need (PorchSecrets *self)
{
  return self->need;
}

/* ---- while something is needed ---- */

static void
look (PorchSecrets *self)
{
  porch_worker_push (self->worker, &new_errand (self, NULL, work_look, NULL)->task);
}

void
porch_secrets_look (PorchSecrets *self)
{
  /* Whoever is being asked is looked at too. */
  if (self->need >= 0 && self->n_asking == 0)
    look (self);
}

void
porch_secrets_start (PorchSecrets *self)
{
  if (self->is_started)
    return;
  self->is_started = TRUE;
  update_timer (self);
  look (self);
}

/* ---- life ---- */

static void
porch_secrets_finalize (GObject *object)
{
  PorchSecrets *self = PORCH_SECRETS (object);

  porch_source_clear (&self->timer);
  porch_worker_free (self->worker);
  porch_strongbox_free (self->box);

  G_OBJECT_CLASS (porch_secrets_parent_class)->finalize (object);
}

static void
porch_secrets_class_init (PorchSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_secrets_finalize;
  signals[NEED_CHANGED] = g_signal_new ("need-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_secrets_init (PorchSecrets *self)
{
  self->worker = porch_worker_new ("porch-secrets");
  self->trouble = self->need = -1;
}

PorchSecrets *
porch_secrets_new (const char *folder, PorchVault *keyring)
{
  PorchSecrets *self = g_object_new (PORCH_TYPE_SECRETS, NULL);

  self->box = porch_strongbox_new (folder, keyring, porch_worker_get_cancellable (self->worker));
  self->place = porch_strongbox_get_place (self->box);
  return self;
}

void
porch_secrets_close (PorchSecrets *self)
{
  self->is_started = FALSE;
  update_timer (self);
  porch_worker_stop (self->worker);
}
