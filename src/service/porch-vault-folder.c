/* porch-vault-folder.c - secrets in files, one for each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-vault.h"

#include "porch-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What may follow a value of the greatest length. */
#define LINE_END_MAX 2

typedef struct {
  PorchVault vault;
  char *path;
} Folder;

/* A file of ours that others may read is no secret any more: it is said, and not used. */
static gboolean
check_mode (Folder *self, int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return porch_error_fail_file ("looking at", path, error);
  if (!S_ISREG (info.st_mode)) {
    errno = EINVAL;
    return porch_error_fail_file ("reading", path, error);
  }
  if (self->vault.klass->put == NULL || (info.st_mode & 077) == 0)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "%s can be read by others: chmod 600",
               path);
  return FALSE;
}

/* Up to @size bytes: as many as there are; -1 with errno. */
static gssize
read_bytes (int fd, char *bytes, gsize size)
{
  gsize length = 0;

  while (length < size) {
    const gssize n = read (fd, bytes + length, size - length);

    if (n == 0)
      break;
    if (n > 0)
      length += n;
    else if (errno != EINTR)
      return -1;
  }
  return length;
}

static gboolean
is_one_line (const char *bytes, gsize length)
{
  return length <= PORCH_SECRET_BYTES_MAX && g_utf8_validate_len (bytes, length, NULL) &&
         memchr (bytes, '\n', length) == NULL && memchr (bytes, '\r', length) == NULL;
}

static gboolean
read_value (int fd, const char *path, char **value, GError **error)
{
  char bytes[PORCH_SECRET_BYTES_MAX + LINE_END_MAX + 1];
  gssize length = read_bytes (fd, bytes, sizeof bytes);
  gboolean is_good = FALSE;

  if (length < 0)
    return porch_error_fail_file ("reading", path, error);
  /* Editors and echo end a line. */
  while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
    length--;
  is_good = is_one_line (bytes, length);
  if (is_good)
    *value = length > 0 ? g_strndup (bytes, length) : NULL;
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "%s is not one line of text", path);
  explicit_bzero (bytes, sizeof bytes);
  return is_good;
}

static gboolean
find (PorchVault *vault, const char *name, char **value, GError **error)
{
  Folder *self = (Folder *) vault;
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gboolean was_read;

  *value = NULL;
  if (fd < 0)
    return errno == ENOENT || errno == ENOTDIR || porch_error_fail_file ("opening", path, error);
  was_read = check_mode (self, fd, path, error) && read_value (fd, path, value, error);
  close (fd);
  return was_read;
}

static gboolean
list (PorchVault *vault, GPtrArray *names, GError **error)
{
  Folder *self = (Folder *) vault;
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (porch_secret_name_is_good (name))
      g_ptr_array_add (names, g_strdup (name));
  return TRUE;
}

/* A disk that is nearly full takes a part of it: the next try says what is the matter. */
static gboolean
write_bytes (int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    const gssize n = write (fd, bytes, length);

    if (n < 0 && errno != EINTR)
      return FALSE;
    bytes += MAX (n, 0);
    length -= MAX (n, 0);
  }
  return TRUE;
}

static gboolean
write_all (const char *path, const char *value, GError **error)
{
  const int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean is_written;

  if (fd < 0)
    return porch_error_fail_file ("making", path, error);
  is_written = write_bytes (fd, value, strlen (value)) && fsync (fd) == 0;
  if (!is_written)
    porch_error_fail_file ("writing", path, error);
  close (fd);
  return is_written;
}

static gboolean
sync_folder (const char *path, GError **error)
{
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
  const gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    porch_error_fail_file ("syncing", path, error);
  if (fd >= 0)
    close (fd);
  return is_synced;
}

/* Under another name until it is complete: a power cut leaves the old one or the new one. */
static gboolean
put (PorchVault *vault, const char *name, const char *value, GError **error)
{
  Folder *self = (Folder *) vault;
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  if (g_mkdir_with_parents (self->path, 0700) != 0)
    return porch_error_fail_file ("making", self->path, error);
  if (!write_all (part, value, error)) {
    g_unlink (part);
    return FALSE;
  }
  if (g_rename (part, path) != 0)
    return porch_error_fail_file ("putting in place", path, error);
  return sync_folder (self->path, error);
}

static gboolean
take_away (PorchVault *vault, const char *name, GError **error)
{
  Folder *self = (Folder *) vault;
  g_autofree char *path = g_build_filename (self->path, name, NULL);

  if (g_unlink (path) != 0)
    return errno == ENOENT || errno == ENOTDIR || porch_error_fail_file ("removing", path, error);
  return sync_folder (self->path, error);
}

static void
free_folder (PorchVault *vault)
{
  Folder *self = (Folder *) vault;

  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

PorchVault *
porch_vault_folder_new (const char *path, gboolean is_own)
{
  static const PorchVaultClass own = { .kind = "file",
                                       .find = find,
                                       .list = list,
                                       .put = put,
                                       .remove = take_away,
                                       .free = free_folder };
  static const PorchVaultClass given = { .kind = "credentials",
                                         .find = find,
                                         .list = list,
                                         .free = free_folder };
  Folder *self = g_new0 (Folder, 1);

  self->vault.klass = is_own ? &own : &given;
  self->path = g_strdup (path);
  return &self->vault;
}
