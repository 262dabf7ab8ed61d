/* porch-backups.c - backups of a folder: every day, when asked, and back again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-backups.h"

#include "porch-backup-shelf.h"
#include "porch-clock.h"
#include "porch-error.h"
#include "porch-source.h"
#include "porch-store.h"
#include "porch-worker.h"

#define LOOK_EVERY_MS (60 * 1000)
/* A look that comes a little early is the one that was meant. */
#define EARLY_US       (5 * G_TIME_SPAN_SECOND)
#define PROGRESS_STEPS 1000

typedef struct _Job Job;

/* What is tried again when it failed. */
typedef struct {
  gint64 tried_us; /* monotonic: when the last try began, 0 before the first */
  guint n_failed;  /* one after the other */
  int code;        /* of the last failure */
} Effort;

struct _PorchBackups {
  GObject parent_instance;

  char *folder;
  PorchSecrets *secrets;
  PorchWorker *worker;
  GPtrArray *list;
  GSource *timer;
  Effort daily, sealing;
  gboolean is_started, is_sealing, is_closed;

  guint id;
  PorchBackupJobKind kind;
  gboolean is_running;
  gint done; /* atomic, of PROGRESS_STEPS */
  GError *error;
  char *path;
  gint64 at_us;

  PorchBackupsReady ready;
  gpointer ready_data;
};

enum {
  TROUBLE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchBackups, porch_backups, G_TYPE_OBJECT)

/* On its way: first the passphrase is asked for, then the worker does it. */
struct _Job {
  PorchTask task;
  PorchBackups *backups;
  char *folder, *path;
  PorchSecretText *passphrase;
  gboolean is_kept;        /* it is the one that is kept */
  PorchBackupJobKind what; /* NONE: only looks at the folder, and seals what waits for it */
  gboolean is_listed;      /* a new one among the backups, of @kind */
  gboolean is_sealing;     /* that is all that it is for */
  gboolean is_tidying;     /* that is, of what restores put aside */
  PorchBackupKind kind;
  GError *error, *seal_error;
  GPtrArray *list;
};

/* ---- on the worker ---- */

static void
on_progress (double done, gpointer data)
{
  g_atomic_int_set (&((PorchBackups *) data)->done, (int) (done * PROGRESS_STEPS));
}

/* Its name says whether it is sealed, and when it was made. */
static gboolean
name_new (Job *job, GError **error)
{
  g_autofree char *folder = porch_store_make_backup_folder (job->folder, error);
  g_autofree char *name =
    porch_backup_make_name (porch_clock_now_us (), job->kind, job->passphrase != NULL);

  if (folder == NULL)
    return FALSE;
  job->path = g_build_filename (folder, name, NULL);
  return TRUE;
}

static void
run_job (PorchTask *task)
{
  Job *job = (Job *) task;
  const PorchCopyOptions options = {
    .passphrase = job->passphrase,
    .is_gentle = job->what != PORCH_BACKUP_JOB_RESTORE,
    .progress = job->what != PORCH_BACKUP_JOB_NONE ? on_progress : NULL,
    .data = job->backups,
    .cancellable = porch_worker_get_cancellable (task->worker),
  };
  gboolean is_done = FALSE;

  if (job->what == PORCH_BACKUP_JOB_RESTORE)
    porch_store_stage (job->folder, job->path, &options, &job->error);
  if (job->what == PORCH_BACKUP_JOB_BACKUP)
    is_done = (!job->is_listed || name_new (job, &job->error)) &&
              porch_store_backup (job->folder, job->path, &options, &job->error);
  job->list = porch_backup_shelf_read (job->folder);
  if (job->is_kept && job->what != PORCH_BACKUP_JOB_RESTORE)
    porch_backup_shelf_seal (job->folder, &job->list, &options, &job->seal_error);
  if (job->is_tidying)
    porch_store_thin_aside (job->folder, &options);
  if (is_done && job->is_listed)
    porch_backup_shelf_thin_out (job->folder, job->list, &options);
}

/* ---- one at a time ---- */

static void
free_job (Job *job)
{
  porch_secret_free (job->passphrase);
  g_clear_pointer (&job->folder, g_free);
  g_clear_pointer (&job->path, g_free);
  g_clear_error (&job->error);
  g_clear_error (&job->seal_error);
  g_clear_pointer (&job->list, g_ptr_array_unref);
  g_clear_object (&job->backups);
  g_free (job);
}

static void
end (PorchBackups *self, const GError *error)
{
  self->is_running = FALSE;
  if (error == NULL)
    g_atomic_int_set (&self->done, PROGRESS_STEPS);
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (error != NULL && error->code != PORCH_ERROR_SHUTTING_DOWN)
    g_message ("%s: %s", self->kind == PORCH_BACKUP_JOB_RESTORE ? "restoring" : "backing up",
               error->message);
}

static void
note_effort (Effort *effort, const GError *error)
{
  effort->n_failed = error != NULL ? effort->n_failed + 1 : 0;
  effort->code = error != NULL ? error->code : -1;
}

static gboolean
is_stopped (const GError *error)
{
  return g_error_matches (error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN);
}

/* How it went, for the next try. The end of the program is nobody's failure. */
static void
note_job (PorchBackups *self, const Job *job)
{
  const gboolean is_new = job->what == PORCH_BACKUP_JOB_BACKUP && job->is_listed;

  /* Whoever asked for one sees why there is none. */
  if (is_new && !is_stopped (job->error) && (job->error == NULL || job->kind == PORCH_BACKUP_DAILY))
    note_effort (&self->daily, job->error);
  if ((job->is_sealing || job->seal_error != NULL) && !is_stopped (job->seal_error))
    note_effort (&self->sealing, job->seal_error);
  if (job->seal_error != NULL && !is_stopped (job->seal_error))
    g_message ("sealing the copy made before an update: %s", job->seal_error->message);
}

/* What it found in the folder and how it went may both be, or end, a trouble. */
static void
take_result (PorchBackups *self, Job *job)
{
  const int trouble = porch_backups_get_trouble (self);
  const int seal_trouble = porch_backups_get_seal_trouble (self);

  if (job->list != NULL) {
    g_ptr_array_unref (self->list);
    self->list = g_steal_pointer (&job->list);
  }
  note_job (self, job);
  if (trouble != porch_backups_get_trouble (self) ||
      seal_trouble != porch_backups_get_seal_trouble (self))
    g_signal_emit (self, signals[TROUBLE_CHANGED], 0);
}

static void seal_when_it_can (PorchBackups *self);
static void tidy (PorchBackups *self);

static void
on_job_done (PorchTask *task, gboolean was_run)
{
  Job *job = (Job *) task;
  PorchBackups *self = job->backups;
  const gboolean is_staged = job->what == PORCH_BACKUP_JOB_RESTORE && was_run && job->error == NULL;

  if (!was_run && job->error == NULL)
    job->error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
  take_result (self, job);
  if (job->path != NULL && self->path == NULL)
    self->path = g_strdup (job->path);
  if (is_staged && self->ready != NULL && !self->is_closed)
    self->ready (self->ready_data);
  else if (job->what != PORCH_BACKUP_JOB_NONE)
    end (self, job->error);
  if (job->what == PORCH_BACKUP_JOB_BACKUP && job->is_listed && job->error == NULL)
    tidy (self);
  self->is_sealing &= !job->is_sealing;
  seal_when_it_can (self);
  free_job (job);
}

static Job *
new_job (PorchBackups *self, PorchBackupJobKind what, const char *path, const char *passphrase)
{
  Job *job = g_new0 (Job, 1);

  job->task.run = run_job;
  job->task.done = on_job_done;
  job->backups = g_object_ref (self);
  job->folder = g_strdup (self->folder);
  job->what = what;
  job->path = g_strdup (path);
  job->passphrase = g_strdup (passphrase);
  job->is_listed = path == NULL;
  return job;
}

/* Of what restores put aside something may go now: there is another copy of it all. Nobody waits
 * for that. */
static void
tidy (PorchBackups *self)
{
  Job *job = new_job (self, PORCH_BACKUP_JOB_NONE, NULL, NULL);

  job->is_tidying = TRUE;
  porch_worker_push (self->worker, &job->task);
}

static void
on_passphrase (const char *value, const GError *error, gpointer data)
{
  Job *job = data;

  job->passphrase = g_strdup (value);
  job->is_kept = value != NULL;
  if (error != NULL && job->is_sealing)
    job->seal_error = g_error_copy (error);
  /* What is taken back may need none: that is seen when it is opened. */
  if (error != NULL && job->what == PORCH_BACKUP_JOB_BACKUP) {
    job->error = g_error_copy (error);
    on_job_done (&job->task, TRUE);
  } else {
    porch_worker_push (job->backups->worker, &job->task);
  }
}

static gboolean
may_try (Effort *effort)
{
  const gint64 now_us = porch_clock_monotonic_us ();

  /* What failed is not tried every minute: a full disk would never come to rest. */
  return effort->tried_us == 0 || ABS (now_us - effort->tried_us) + EARLY_US >=
                                    porch_backup_retry_us (effort->n_failed, effort->code);
}

/* Once after the start, and as long as there is something to seal and it fails. */
static void
seal_when_it_can (PorchBackups *self)
{
  Job *job = NULL;

  if (!porch_backup_shelf_waits (self->list) || !self->is_started || self->is_sealing ||
      self->is_closed || !may_try (&self->sealing))
    return;
  self->sealing.tried_us = porch_clock_monotonic_us ();
  self->is_sealing = TRUE;
  job = new_job (self, PORCH_BACKUP_JOB_NONE, NULL, NULL);
  job->is_sealing = TRUE;
  porch_secrets_find (self->secrets, PORCH_SECRET_BACKUP_PASSPHRASE, on_passphrase, job);
}

static void
begin (PorchBackups *self, Job *job)
{
  self->id++;
  self->kind = job->what;
  self->is_running = TRUE;
  g_atomic_int_set (&self->done, 0);
  g_clear_error (&self->error);
  g_clear_pointer (&self->path, g_free);
  self->path = g_strdup (job->path);
  self->at_us = porch_clock_now_us ();
  if (job->passphrase != NULL)
    porch_worker_push (self->worker, &job->task);
  else
    porch_secrets_find (self->secrets, PORCH_SECRET_BACKUP_PASSPHRASE, on_passphrase, job);
}

static gboolean
check_free (PorchBackups *self, GError **error)
{
  if (!self->is_running && !self->is_closed)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "a backup or restore is under way");
  return FALSE;
}

gboolean
porch_backups_make (PorchBackups *self, const char *path, const char *passphrase, GError **error)
{
  Job *job = NULL;

  if (!check_free (self, error))
    return FALSE;
  job = new_job (self, PORCH_BACKUP_JOB_BACKUP, path, passphrase);
  job->kind = PORCH_BACKUP_MANUAL;
  begin (self, job);
  return TRUE;
}

gboolean
porch_backups_restore (PorchBackups *self,
                       const char *name,
                       const char *path,
                       const char *passphrase,
                       GError **error)
{
  g_autofree char *listed = NULL;
  PorchBackupKind kind;
  gboolean is_sealed;
  gint64 at_us;

  if (name != NULL && !porch_backup_parse_name (name, &at_us, &kind, &is_sealed)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "no name of a backup");
    return FALSE;
  }
  if (!check_free (self, error))
    return FALSE;
  if (name != NULL)
    listed = porch_store_dup_backup_path (self->folder, name);
  begin (self, new_job (self, PORCH_BACKUP_JOB_RESTORE, name != NULL ? listed : path, passphrase));
  return TRUE;
}

void
porch_backups_on_ready (PorchBackups *self, PorchBackupsReady func, gpointer data)
{
  self->ready = func;
  self->ready_data = data;
}

void
porch_backups_took (PorchBackups *self, const GError *error)
{
  end (self, error);
}

void
porch_backups_get_job (PorchBackups *self, PorchBackupJob *job)
{
  *job = (PorchBackupJob){
    .id = self->id,
    .kind = self->kind,
    .is_running = self->is_running,
    .percent = g_atomic_int_get (&self->done) * 100 / PROGRESS_STEPS,
    .error = self->error,
    .path = self->path,
    .at_us = self->at_us,
  };
}

GPtrArray *
porch_backups_get_list (PorchBackups *self)
{
  return self->list;
}

/* ---- every day ---- */

static gboolean
is_due (PorchBackups *self)
{
  g_autofree gint64 *times = g_new (gint64, self->list->len + 1);

  if (self->is_running || !may_try (&self->daily))
    return FALSE;
  for (guint i = 0; i < self->list->len; i++)
    times[i] = ((PorchBackup *) self->list->pdata[i])->at_us;
  return porch_backup_is_due (times, self->list->len, porch_clock_now_us ());
}

void
porch_backups_look (PorchBackups *self)
{
  Job *job = NULL;

  if (self->is_closed)
    return;
  seal_when_it_can (self);
  if (!is_due (self))
    return;
  self->daily.tried_us = porch_clock_monotonic_us ();
  job = new_job (self, PORCH_BACKUP_JOB_BACKUP, NULL, NULL);
  job->kind = PORCH_BACKUP_DAILY;
  begin (self, job);
}

int
porch_backups_get_trouble (PorchBackups *self)
{
  return self->daily.n_failed > 0 ? self->daily.code : -1;
}

int
porch_backups_get_seal_trouble (PorchBackups *self)
{
  /* A backup that somebody asked for seals too, and a copy may have gone. */
  return self->sealing.n_failed > 0 && porch_backup_shelf_waits (self->list) ? self->sealing.code
                                                                             : -1;
}

static void
forgive (Effort *effort)
{
  if (effort->n_failed > 0 && porch_error_is_keyring (effort->code))
    effort->tried_us = 0;
}

/* The keyring can be used: what it kept is not waited for. */
static void
on_need_changed (PorchBackups *self)
{
  if (!self->is_started || porch_secrets_get_need (self->secrets) >= 0)
    return;
  forgive (&self->daily);
  forgive (&self->sealing);
  porch_backups_look (self);
}

static gboolean
on_timer (gpointer data)
{
  porch_backups_look (data);
  return G_SOURCE_CONTINUE;
}

void
porch_backups_start (PorchBackups *self)
{
  if (self->timer != NULL || self->is_closed)
    return;
  self->is_started = TRUE;
  self->timer = porch_source_timeout (LOOK_EVERY_MS, on_timer, self);
  seal_when_it_can (self);
}

/* ---- life ---- */

static void
porch_backups_finalize (GObject *object)
{
  PorchBackups *self = PORCH_BACKUPS (object);

  porch_source_clear (&self->timer);
  porch_worker_free (self->worker);
  g_clear_object (&self->secrets);
  g_ptr_array_unref (self->list);
  g_clear_error (&self->error);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (porch_backups_parent_class)->finalize (object);
}

static void
porch_backups_class_init (PorchBackupsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_backups_finalize;
  signals[TROUBLE_CHANGED] = g_signal_new ("trouble-changed", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_backups_init (PorchBackups *self)
{
  self->worker = porch_worker_new ("porch-backups");
}

PorchBackups *
porch_backups_new (const char *folder, PorchSecrets *secrets)
{
  PorchBackups *self = g_object_new (PORCH_TYPE_BACKUPS, NULL);

  self->folder = g_strdup (folder);
  self->secrets = g_object_ref (secrets);
  g_signal_connect_object (secrets, "need-changed", G_CALLBACK (on_need_changed), self,
                           G_CONNECT_SWAPPED);
  /* Nothing is being copied yet: whatever looks so was killed. */
  porch_store_tidy (folder);
  self->list = porch_backup_shelf_read (folder);
  return self;
}

void
porch_backups_close (PorchBackups *self)
{
  self->is_closed = TRUE;
  porch_source_clear (&self->timer);
  porch_worker_stop (self->worker);
}
