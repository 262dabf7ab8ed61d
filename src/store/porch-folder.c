/* porch-folder.c - the folder with the server's file: who serves it, and how it was left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-folder.h"

#include "porch-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LOCK_FILE "porchlight.lock"
#define MARK_FILE "porchlight.running"

/* statfs(2). Locks and shared memory of SQLite's log do not work across machines. */
static const guint32 network_file_systems[] = {
  0x6969,     /* NFS */
  0xff534d42, /* CIFS */
  0xfe534d42, /* SMB2 */
  0x517b,     /* SMB */
};

struct _PorchFolder {
  char *path;
  char *file;
  char *mark;
  int lock_fd;
};

gboolean
porch_folder_is_on_network (const char *path)
{
  struct statfs info;

  if (statfs (path, &info) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (network_file_systems); i++)
    if ((guint32) info.f_type == network_file_systems[i])
      return TRUE;
  return FALSE;
}

static gboolean
check_file_system (const char *path, GError **error)
{
  if (!porch_folder_is_on_network (path))
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE,
               "%s is on a network drive, which cannot hold the file safely", path);
  return FALSE;
}

static gboolean
take_lock (PorchFolder *self, GError **error)
{
  g_autofree char *name = g_build_filename (self->path, LOCK_FILE, NULL);

  self->lock_fd = g_open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    return porch_error_fail_file ("opening", name, error);
  /* Not fcntl's lock: that goes with the first descriptor of the file that the process closes. */
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return porch_error_fail_file ("locking", name, error);
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_IN_USE, "%s is served by another program",
               self->path);
  return FALSE;
}

PorchFolder *
porch_folder_take (const char *path, GError **error)
{
  g_autoptr (PorchFolder) self = g_new0 (PorchFolder, 1);

  self->lock_fd = -1;
  self->path = g_strdup (path);
  self->file = g_build_filename (path, PORCH_FOLDER_FILE, NULL);
  self->mark = g_build_filename (path, MARK_FILE, NULL);
  if (g_mkdir_with_parents (path, 0700) != 0) {
    porch_error_fail_file ("making", path, error);
    return NULL;
  }
  if (!check_file_system (path, error) || !take_lock (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
porch_folder_release (PorchFolder *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->mark, g_free);
  g_free (self);
}

const char *
porch_folder_get_file (PorchFolder *self)
{
  return self->file;
}

gboolean
porch_folder_begin (PorchFolder *self, gboolean *was_unclean, GError **error)
{
  int fd;

  *was_unclean = g_file_test (self->mark, G_FILE_TEST_EXISTS);
  fd = g_open (self->mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return porch_error_fail_file ("making", self->mark, error);
  close (fd);
  return porch_folder_sync (self->mark, error);
}

void
porch_folder_end (PorchFolder *self)
{
  /* One that stays only costs a check at the next start. */
  g_unlink (self->mark);
}

gboolean
porch_file_sync (const char *path, GError **error)
{
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean is_synced;

  if (fd < 0)
    return porch_error_fail_file ("opening", path, error);
  /* Is about the file, not the descriptor: what others wrote through theirs goes along. */
  is_synced = fsync (fd) == 0 || porch_error_fail_file ("syncing", path, error);
  close (fd);
  return is_synced;
}

gboolean
porch_folder_sync (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return porch_file_sync (folder, error);
}

gboolean
porch_file_move (const char *from, const char *to, GError **error)
{
  if (!porch_file_sync (from, error))
    return FALSE;
  if (g_rename (from, to) != 0)
    return porch_error_fail_file ("putting in place", to, error);
  return porch_folder_sync (to, error);
}

gboolean
porch_file_set_aside (const char *path, const char *word, char **aside, GError **error)
{
  static const char *const endings[] = { "-wal", "-shm", "-journal" };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name =
    g_strdup_printf ("%s.%s-%s-%06d", path, word, time, g_date_time_get_microsecond (now));

  if (link (path, name) != 0)
    return porch_error_fail_file ("moving aside", path, error);
  /* They must not meet another file. */
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *from = g_strconcat (path, endings[i], NULL);
    g_autofree char *to = g_strconcat (name, endings[i], NULL);

    if (g_rename (from, to) != 0 && errno != ENOENT)
      return porch_error_fail_file ("moving aside", from, error);
  }
  if (aside != NULL)
    *aside = g_steal_pointer (&name);
  return TRUE;
}

gboolean
porch_file_make_private (const char *path, GError **error)
{
  const int fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    return porch_error_fail_file ("making", path, error);
  close (fd);
  return TRUE;
}

gboolean
porch_file_remove (const char *path, GError **error)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *name = g_strconcat (path, endings[i], NULL);

    if (g_unlink (name) != 0 && errno != ENOENT)
      return porch_error_fail_file ("removing", name, error);
  }
  return TRUE;
}
