/* porch-log-file.c - gathers what goes to a write-ahead log into few large writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-log-file.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

/* Some thirty frames with a page of 4 KiB each. SQLite's own VFS writes less than 128 KiB at once.
 */
#define BUFFER_BYTES (124 * 1024)

typedef struct {
  sqlite3_file base;
  sqlite3_file *real; /* right behind this struct */
  guint8 *buffer;     /* NULL until something is written */
  int length;
  sqlite3_int64 at; /* where in the file the buffer begins */
} LogFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs log_vfs;

#define REAL(file) (((LogFile *) (file))->real)

/* Why the last write of this thread failed; what SQLite does after that sets errno anew. */
static _Thread_local int failure_errno;

int
porch_log_file_take_errno (void)
{
  const int taken = failure_errno;

  failure_errno = 0;
  return taken;
}

static int
write_real (LogFile *self, const void *data, int n, sqlite3_int64 at)
{
  const int code = self->real->pMethods->xWrite (self->real, data, n, at);

  failure_errno = code != SQLITE_OK ? errno : 0;
  return code;
}

/* What could not be written is forgotten: SQLite undoes its transaction, and writes the next one to
 * the same place. */
static int
flush (LogFile *self)
{
  const int length = self->length;

  self->length = 0;
  return length > 0 ? write_real (self, self->buffer, length, self->at) : SQLITE_OK;
}

static int
log_close (sqlite3_file *file)
{
  const int code = flush ((LogFile *) file);
  const int closed = REAL (file)->pMethods->xClose (REAL (file));

  g_clear_pointer (&((LogFile *) file)->buffer, g_free);
  return code != SQLITE_OK ? code : closed;
}

static int
log_read (sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
  const int code = flush ((LogFile *) file);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xRead (REAL (file), data, n, at);
}

static int
log_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
  LogFile *self = (LogFile *) file;

  if (self->length > 0 && (at != self->at + self->length || n > BUFFER_BYTES - self->length)) {
    const int code = flush (self);

    if (code != SQLITE_OK)
      return code;
  }
  if (n > BUFFER_BYTES)
    return write_real (self, data, n, at);
  if (self->buffer == NULL)
    self->buffer = g_malloc (BUFFER_BYTES);
  if (self->length == 0)
    self->at = at;
  memcpy (self->buffer + self->length, data, n);
  self->length += n;
  return SQLITE_OK;
}

static int
log_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  const int code = flush ((LogFile *) file);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xTruncate (REAL (file), size);
}

static int
log_sync (sqlite3_file *file, int flags)
{
  const int code = flush ((LogFile *) file);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xSync (REAL (file), flags);
}

static int
log_get_size (sqlite3_file *file, sqlite3_int64 *size)
{
  const int code = flush ((LogFile *) file);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xFileSize (REAL (file), size);
}

static int
log_lock (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xLock (REAL (file), level);
}

static int
log_unlock (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xUnlock (REAL (file), level);
}

static int
log_check_lock (sqlite3_file *file, int *is_locked)
{
  return REAL (file)->pMethods->xCheckReservedLock (REAL (file), is_locked);
}

static int
log_control (sqlite3_file *file, int op, void *data)
{
  return REAL (file)->pMethods->xFileControl (REAL (file), op, data);
}

static int
log_get_sector_size (sqlite3_file *file)
{
  return REAL (file)->pMethods->xSectorSize (REAL (file));
}

static int
log_get_characteristics (sqlite3_file *file)
{
  return REAL (file)->pMethods->xDeviceCharacteristics (REAL (file));
}

/* Version 1: a log has no shared memory of its own, and is never mapped. */
static const sqlite3_io_methods methods = {
  .iVersion = 1,
  .xClose = log_close,
  .xRead = log_read,
  .xWrite = log_write,
  .xTruncate = log_truncate,
  .xSync = log_sync,
  .xFileSize = log_get_size,
  .xLock = log_lock,
  .xUnlock = log_unlock,
  .xCheckReservedLock = log_check_lock,
  .xFileControl = log_control,
  .xSectorSize = log_get_sector_size,
  .xDeviceCharacteristics = log_get_characteristics,
};

static int
open_file (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  LogFile *self = (LogFile *) file;
  int code;

  if ((flags & SQLITE_OPEN_WAL) == 0)
    return real_vfs->xOpen (real_vfs, name, file, flags, out_flags);
  *self = (LogFile){ .real = (sqlite3_file *) (self + 1) };
  code = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  self->base.pMethods = self->real->pMethods != NULL ? &methods : NULL;
  return code;
}

const char *
porch_log_file_get_vfs (void)
{
  static gsize is_registered = 0;

  if (g_once_init_enter (&is_registered)) {
    real_vfs = sqlite3_vfs_find (NULL);
    /* All but opening is the system's own, which finds what it needs in the copy. */
    log_vfs = *real_vfs;
    log_vfs.zName = "porch-log";
    log_vfs.szOsFile = sizeof (LogFile) + real_vfs->szOsFile;
    log_vfs.xOpen = open_file;
    log_vfs.pNext = NULL;
    sqlite3_vfs_register (&log_vfs, FALSE);
    g_once_init_leave (&is_registered, 1);
  }
  return log_vfs.zName;
}
