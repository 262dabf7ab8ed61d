/* fault-vfs.c - a disk that fails when it is told to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fault-vfs.h"

typedef struct {
  sqlite3_file base;
  sqlite3_file *real; /* right behind this struct */
} FaultFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;

static struct {
  GMutex mutex;
  gboolean is_armed, stays;
  FaultKind kind;
  guint n_left, n_failures;
  int code;
} fault;

static int
check (FaultKind kind)
{
  int code = SQLITE_OK;

  g_mutex_lock (&fault.mutex);
  if (fault.is_armed && kind == fault.kind) {
    if (fault.n_left > 0)
      fault.n_left--;
    if (fault.n_left == 0) {
      code = fault.code;
      fault.n_failures++;
      fault.is_armed = fault.stays;
    }
  }
  g_mutex_unlock (&fault.mutex);
  return code;
}

#define REAL(file) (((FaultFile *) (file))->real)

static int
file_close (sqlite3_file *file)
{
  return REAL (file)->pMethods != NULL ? REAL (file)->pMethods->xClose (REAL (file)) : SQLITE_OK;
}

static int
file_read (sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
  return REAL (file)->pMethods->xRead (REAL (file), data, n, at);
}

static int
file_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
  const int code = check (FAULT_WRITE);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xWrite (REAL (file), data, n, at);
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return REAL (file)->pMethods->xTruncate (REAL (file), size);
}

static int
file_sync (sqlite3_file *file, int flags)
{
  const int code = check (FAULT_SYNC);

  return code != SQLITE_OK ? code : REAL (file)->pMethods->xSync (REAL (file), flags);
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return REAL (file)->pMethods->xFileSize (REAL (file), size);
}

static int
file_lock (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xLock (REAL (file), level);
}

static int
file_unlock (sqlite3_file *file, int level)
{
  return REAL (file)->pMethods->xUnlock (REAL (file), level);
}

static int
file_check_lock (sqlite3_file *file, int *is_locked)
{
  return REAL (file)->pMethods->xCheckReservedLock (REAL (file), is_locked);
}

static int
file_control (sqlite3_file *file, int op, void *data)
{
  return REAL (file)->pMethods->xFileControl (REAL (file), op, data);
}

static int
file_sector_size (sqlite3_file *file)
{
  return REAL (file)->pMethods->xSectorSize (REAL (file));
}

static int
file_characteristics (sqlite3_file *file)
{
  return REAL (file)->pMethods->xDeviceCharacteristics (REAL (file));
}

static int
file_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **map)
{
  return REAL (file)->pMethods->xShmMap (REAL (file), page, size, extend, map);
}

static int
file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return REAL (file)->pMethods->xShmLock (REAL (file), offset, n, flags);
}

static void
file_shm_barrier (sqlite3_file *file)
{
  REAL (file)->pMethods->xShmBarrier (REAL (file));
}

static int
file_shm_unmap (sqlite3_file *file, int should_delete)
{
  return REAL (file)->pMethods->xShmUnmap (REAL (file), should_delete);
}

/* Version 2: without maps of the file itself, which we never use. */
static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  FaultFile *self = (FaultFile *) file;
  int code;

  self->real = (sqlite3_file *) (self + 1);
  code = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  self->base.pMethods = self->real->pMethods != NULL ? &methods : NULL;
  return code;
}

void
fault_vfs_install (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  fault_vfs = *real_vfs;
  fault_vfs.zName = "fault";
  fault_vfs.szOsFile = sizeof (FaultFile) + real_vfs->szOsFile;
  fault_vfs.xOpen = vfs_open;
  sqlite3_vfs_register (&fault_vfs, TRUE);
}

void
fault_vfs_arm (FaultKind kind, guint nth, int code, gboolean stays)
{
  g_mutex_lock (&fault.mutex);
  fault.is_armed = TRUE;
  fault.kind = kind;
  fault.n_left = nth;
  fault.n_failures = 0;
  fault.code = code;
  fault.stays = stays;
  g_mutex_unlock (&fault.mutex);
}

void
fault_vfs_disarm (void)
{
  g_mutex_lock (&fault.mutex);
  fault.is_armed = FALSE;
  g_mutex_unlock (&fault.mutex);
}

guint
fault_vfs_get_failures (void)
{
  guint n;

  g_mutex_lock (&fault.mutex);
  n = fault.n_failures;
  g_mutex_unlock (&fault.mutex);
  return n;
}
