/* porch-meter.c - how far a long copy is, and that it leaves room for others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-meter.h"

#include "porch-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* Steps of SQLite between two looks: well below a millisecond. */
#define OPS_PER_TICK 2000
/* What reaches the disk at once: a commit waits behind it. */
#define SYNC_BYTES  (256 * 1024)
#define REST_MAX_US (200 * G_TIME_SPAN_MILLISECOND)
#define WORK_US     1000
/* So many times as long as it worked it rests, on the processor as on the disk. */
#define RESTS       2
#define GENTLE_NICE 10
/* What a server needs to go on with its own work. */
#define SPARE_BYTES (64 * 1024 * 1024)

void
porch_meter_clear (PorchMeter *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_error (&self->error);
}

static gint64
get_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

void
porch_meter_begin (PorchMeter *self, double until, const char *path, gint64 n_total)
{
  self->from += self->span;
  self->span = until - self->from;
  self->path = path;
  self->n_bytes = self->n_synced = 0;
  self->n_total = MAX (n_total, 1);
  self->cpu_us = get_cpu_us ();
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
fail_full (const char *path, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "there is no room for %s", path);
  return FALSE;
}

gboolean
porch_meter_check_room (const char *path, gint64 n_bytes, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct statvfs info;

  if (statvfs (folder, &info) != 0 ||
      (gint64) info.f_bavail * (gint64) info.f_frsize >= n_bytes + SPARE_BYTES)
    return TRUE;
  return fail_full (path, error);
}

static gboolean
rest (PorchMeter *self, GError **error)
{
  const gint64 worked_us = get_cpu_us () - self->cpu_us;
  gint64 begin_us;

  if (worked_us >= WORK_US) {
    g_usleep (MIN (RESTS * worked_us, REST_MAX_US));
    self->cpu_us = get_cpu_us ();
  }
  if (self->path == NULL || self->n_bytes - self->n_synced < SYNC_BYTES)
    return TRUE;
  self->n_synced = self->n_bytes;
  if (!porch_meter_check_room (self->path, 0, error))
    return FALSE;
  if (self->fd < 0)
    self->fd = g_open (self->path, O_RDONLY | O_CLOEXEC, 0);
  begin_us = g_get_monotonic_time ();
  /* A failure comes back when the whole is synced. */
  if (self->fd >= 0 && fdatasync (self->fd) == 0)
    g_usleep (CLAMP (RESTS * (g_get_monotonic_time () - begin_us), 0, REST_MAX_US));
  return TRUE;
}

gboolean
porch_meter_tick (PorchMeter *self, gint64 n_bytes, GError **error)
{
  const PorchCopyOptions *options = self->options;

  self->n_bytes = n_bytes;
  if (options == NULL)
    return TRUE;
  if (g_cancellable_is_cancelled (options->cancellable)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_SHUTTING_DOWN, "the server stops");
    return FALSE;
  }
  if (options->progress != NULL)
    options->progress (self->from + self->span * MIN (1.0, (double) n_bytes / self->n_total),
                       options->data);
  return !options->is_gentle || rest (self, error);
}

/* What was written, or how much of the file was read: SQLite reads each page once. */
static gint64
count_bytes (PorchMeter *self)
{
  int n_pages = 0, highest = 0;
  GStatBuf info;

  if (self->path != NULL)
    return g_stat (self->path, &info) == 0 ? info.st_size : 0;
  sqlite3_db_status (self->connection->db, SQLITE_DBSTATUS_CACHE_MISS, &n_pages, &highest, 0);
  return (gint64) n_pages * 4096;
}

static int
on_ops (gpointer data)
{
  PorchMeter *self = data;

  return self->error != NULL || !porch_meter_tick (self, count_bytes (self), &self->error);
}

void
porch_meter_watch (PorchMeter *self, PorchConnection *connection)
{
  self->connection = connection;
  if (self->options != NULL)
    sqlite3_progress_handler (connection->db, OPS_PER_TICK, on_ops, self);
}

void
porch_meter_unwatch (PorchMeter *self, GError **error)
{
  sqlite3_progress_handler (self->connection->db, 0, NULL, NULL);
  self->connection = NULL;
  if (self->error == NULL)
    return;
  /* SQLite only knows that it was interrupted. */
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&self->error));
}

typedef struct {
  PorchMeter *meter;
  PorchMeterFunc func;
  gpointer data;
  GError *error;
  gboolean is_done;
} Step;

static gpointer
run_step (gpointer data)
{
  Step *step = data;

  /* Of this thread alone, on Linux. */
  setpriority (PRIO_PROCESS, 0, GENTLE_NICE);
  step->is_done = step->func (step->meter, step->data, &step->error);
  return NULL;
}

gboolean
porch_meter_step_back (PorchMeter *self, PorchMeterFunc func, gpointer data, GError **error)
{
  Step step = { self, func, data, NULL, FALSE };

  if (self->options == NULL || !self->options->is_gentle)
    return func (self, data, error);
  g_thread_join (g_thread_new ("porch-copying", run_step, &step));
  if (step.error != NULL)
    g_propagate_error (error, step.error);
  return step.is_done;
}
