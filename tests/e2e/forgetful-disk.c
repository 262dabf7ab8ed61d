/* forgetful-disk.c - preloaded into the program: writes down what it asks of the disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A disk may forget everything that was not synced when the power goes, names too. Here every call
 * goes through to the real files and, in the same order, into a log (DISK_LOG); disk.py makes of
 * the log what such a disk would have kept at the moment when the program was killed. Only what is
 * below DISK_FOLDER is written down. With DISK_LIES a sync says that all is well and does nothing,
 * as some disks do: a test that does not notice would notice nothing.
 *
 * DISK_FAULT names a file: while there is a number in it, that is the errno of whatever would
 * write.
 *
 * Memory that is shared through a map is not seen: SQLite's index of its log, which it makes anew.
 */
/* Both names of each call are defined here, so one must not stand for the other. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT   __attribute__ ((visibility ("default")))
#define N_FILES  65536
#define SYNC_US  3000
#define REAL(fn) ((__typeof__ (&fn)) dlsym (RTLD_NEXT, #fn))

typedef struct {
  uint32_t op; /* a letter */
  uint32_t n_bytes;
  uint64_t inode;
  uint64_t at;
} Record;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned char is_ours[N_FILES];
static const char *folder, *fault;
static int log_fd = -1;
static int is_lying;

__attribute__ ((constructor)) static void
begin (void)
{
  const char *log = getenv ("DISK_LOG");

  folder = getenv ("DISK_FOLDER");
  fault = getenv ("DISK_FAULT");
  is_lying = getenv ("DISK_LIES") != NULL;
  if (folder == NULL || log == NULL)
    return;
  log_fd = REAL (open) (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* One call, so that a kill leaves at most the last record incomplete. */
static void
note (char op, uint64_t inode, uint64_t at, const void *data, size_t n_bytes)
{
  Record record = { (unsigned char) op, n_bytes, inode, at };
  struct iovec parts[] = { { &record, sizeof record }, { (void *) data, n_bytes } };

  if (log_fd >= 0 && REAL (writev) (log_fd, parts, 2) < 0)
    abort ();
}

static int
is_below (const char *path)
{
  const size_t length = folder != NULL ? strlen (folder) : 0;

  return log_fd >= 0 && path != NULL && strncmp (path, folder, length) == 0 &&
         (path[length] == '/' || path[length] == '\0');
}

/* 0 when the disk is well. */
static int
look_for_fault (void)
{
  char text[16] = "";
  const int fd = fault != NULL ? REAL (open) (fault, O_RDONLY | O_CLOEXEC) : -1;

  if (fd < 0)
    return 0;
  if (read (fd, text, sizeof text - 1) < 0)
    text[0] = '\0';
  REAL (close) (fd);
  return atoi (text);
}

static int
has_fault (void)
{
  const int number = look_for_fault ();

  if (number != 0)
    errno = number;
  return number != 0;
}

static int
is_ours_fd (int fd)
{
  return fd >= 0 && fd < N_FILES && is_ours[fd];
}

static uint64_t
get_inode (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 ? info.st_ino : 0;
}

/* ---- names ---- */

static int
open_ours (const char *path, int flags, mode_t mode)
{
  struct stat info;
  int is_new, fd;

  if ((flags & O_CREAT) != 0 && has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  is_new = (flags & O_CREAT) != 0 && stat (path, &info) != 0;
  fd = REAL (open64) (path, flags, mode);
  if (fd >= 0 && fd < N_FILES) {
    is_ours[fd] = 1;
    if (is_new)
      note ('c', get_inode (fd), 0, path, strlen (path));
    else if ((flags & O_TRUNC) != 0)
      note ('t', get_inode (fd), 0, NULL, 0);
  }
  pthread_mutex_unlock (&mutex);
  return fd;
}

#define OPEN(name) \
  EXPORT int name (const char *path, int flags, ...) \
  { \
    mode_t mode = 0; \
    va_list rest; \
\
    va_start (rest, flags); \
    if ((flags & (O_CREAT | __O_TMPFILE)) != 0) \
      mode = va_arg (rest, mode_t); \
    va_end (rest); \
    return is_below (path) ? open_ours (path, flags, mode) : REAL (open64) (path, flags, mode); \
  }
OPEN (open)
OPEN (open64)

EXPORT int
close (int fd)
{
  if (fd >= 0 && fd < N_FILES)
    is_ours[fd] = 0;
  return REAL (close) (fd);
}

static int
note_names (char op, const char *from, const char *to, int result)
{
  char both[2 * PATH_MAX + 2];
  const int n = snprintf (both, sizeof both, "%s\n%s", from, to);

  if (result == 0)
    note (op, 0, 0, both, (size_t) n);
  return result;
}

EXPORT int
rename (const char *from, const char *to)
{
  int result;

  if (!is_below (from) && !is_below (to))
    return REAL (rename) (from, to);
  if (has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  result = note_names ('r', from, to, REAL (rename) (from, to));
  pthread_mutex_unlock (&mutex);
  return result;
}

EXPORT int
link (const char *from, const char *to)
{
  int result;

  if (!is_below (to))
    return REAL (link) (from, to);
  if (has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  result = note_names ('l', from, to, REAL (link) (from, to));
  pthread_mutex_unlock (&mutex);
  return result;
}

EXPORT int
unlink (const char *path)
{
  int result;

  if (!is_below (path))
    return REAL (unlink) (path);
  if (has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  result = note_names ('u', path, "", REAL (unlink) (path));
  pthread_mutex_unlock (&mutex);
  return result;
}

/* ---- content ---- */

static ssize_t
write_at (int fd, const void *data, size_t n_bytes, off64_t at)
{
  ssize_t n;

  if (has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  n = REAL (pwrite64) (fd, data, n_bytes, at);
  if (n > 0)
    note ('w', get_inode (fd), (uint64_t) at, data, (size_t) n);
  pthread_mutex_unlock (&mutex);
  return n;
}

EXPORT ssize_t
pwrite64 (int fd, const void *data, size_t n_bytes, off64_t at)
{
  return is_ours_fd (fd) ? write_at (fd, data, n_bytes, at)
                         : REAL (pwrite64) (fd, data, n_bytes, at);
}

EXPORT ssize_t
pwrite (int fd, const void *data, size_t n_bytes, off_t at)
{
  return pwrite64 (fd, data, n_bytes, at);
}

EXPORT ssize_t
write (int fd, const void *data, size_t n_bytes)
{
  ssize_t n;

  if (!is_ours_fd (fd))
    return REAL (write) (fd, data, n_bytes);
  n = write_at (fd, data, n_bytes, lseek64 (fd, 0, SEEK_CUR));
  if (n > 0)
    lseek64 (fd, n, SEEK_CUR);
  return n;
}

EXPORT int
ftruncate64 (int fd, off64_t size)
{
  int result;

  if (!is_ours_fd (fd))
    return REAL (ftruncate64) (fd, size);
  if (has_fault ())
    return -1;
  pthread_mutex_lock (&mutex);
  result = REAL (ftruncate64) (fd, size);
  if (result == 0)
    note ('t', get_inode (fd), (uint64_t) size, NULL, 0);
  pthread_mutex_unlock (&mutex);
  return result;
}

EXPORT int
ftruncate (int fd, off_t size)
{
  return ftruncate64 (fd, size);
}

/* The real one is not needed: only the machine's own fall would show a difference. But it takes as
 * long as one, so that many a cut falls between what was written and its sync. */
static int
sync_ours (int fd)
{
  struct stat info;

  /* A disk without room or rights refuses what is new. What it has taken has its room, and is
   * synced. */
  if (look_for_fault () == EIO && has_fault ())
    return -1;
  usleep (SYNC_US);
  pthread_mutex_lock (&mutex);
  if (!is_lying && fstat (fd, &info) == 0)
    note (S_ISDIR (info.st_mode) ? 'd' : 's', info.st_ino, 0, NULL, 0);
  pthread_mutex_unlock (&mutex);
  return 0;
}

EXPORT int
fsync (int fd)
{
  return is_ours_fd (fd) ? sync_ours (fd) : REAL (fsync) (fd);
}

EXPORT int
fdatasync (int fd)
{
  return is_ours_fd (fd) ? sync_ours (fd) : REAL (fdatasync) (fd);
}
