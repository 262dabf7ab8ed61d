/* porch-disposal.c - giving back the room of a large file without holding up the disk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* F_SETLEASE */
#include "config.h"

#include "porch-disposal.h"

#include "porch-folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* At once, and the rest after it: 400 MB/s at most. */
#define PORTION_BYTES (4 * 1024 * 1024)
#define REST_US       (10 * G_TIME_SPAN_MILLISECOND)

int
porch_disposal_hold (const char *path, const PorchCopyOptions *options)
{
  if (options == NULL || !options->is_gentle)
    return -1;
  /* A pipe of that name would wait for a reader. */
  return g_open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
}

/* fcntl(2): the lease is only given while no other descriptor of the file is open, and without a
 * name there will be none. */
static gboolean
is_ours_alone (int fd, const struct stat *info)
{
  return S_ISREG (info->st_mode) && info->st_nlink == 0 && fcntl (fd, F_SETLEASE, F_WRLCK) == 0 &&
         fcntl (fd, F_SETLEASE, F_UNLCK) == 0;
}

void
porch_disposal_end (int fd, gboolean is_gone, const PorchCopyOptions *options)
{
  struct stat info;
  gint64 size;

  if (fd < 0)
    return;
  if (is_gone && fstat (fd, &info) == 0 && is_ours_alone (fd, &info))
    for (size = info.st_size - PORTION_BYTES;
         size > 0 && !g_cancellable_is_cancelled (options->cancellable) &&
         ftruncate (fd, size) == 0;
         size -= PORTION_BYTES)
      g_usleep (REST_US);
  close (fd);
}

gboolean
porch_disposal_remove (const char *path, const PorchCopyOptions *options, GError **error)
{
  const int fd = porch_disposal_hold (path, options);
  const gboolean is_removed =
    porch_file_remove (path, error) && (fd < 0 || porch_folder_sync (path, error));

  porch_disposal_end (fd, is_removed, options);
  return is_removed;
}
