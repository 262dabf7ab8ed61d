/* porch-obstacle.c - why a folder could not be opened, for a person
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store.h"

#include "porch-error.h"
#include "porch-folder.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* With less than this nothing can be begun. */
#define ROOM_MIN (256 * 1024)

/* The folder, or the nearest one above it that is there. */
static char *
dup_nearest (const char *folder)
{
  char *path = g_strdup (folder);

  while (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    char *above = g_path_get_dirname (path);

    g_free (path);
    path = above;
  }
  return path;
}

static PorchObstacle
look_at_rights (const char *path, int mode)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || access (path, mode) == 0)
    return PORCH_OBSTACLE_OTHER;
  return errno == EROFS                      ? PORCH_OBSTACLE_READ_ONLY
         : errno == EACCES || errno == EPERM ? PORCH_OBSTACLE_DENIED
                                             : PORCH_OBSTACLE_OTHER;
}

static PorchObstacle
look_at_files (const char *folder)
{
  static const char *const names[] = { "", "porchlight.lock", PORCH_FOLDER_FILE,
                                       PORCH_FOLDER_FILE "-wal", PORCH_FOLDER_FILE "-shm" };
  PorchObstacle found = PORCH_OBSTACLE_OTHER;

  for (guint i = 0; i < G_N_ELEMENTS (names) && found == PORCH_OBSTACLE_OTHER; i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    found = look_at_rights (path, i == 0 ? R_OK | W_OK | X_OK : R_OK | W_OK);
  }
  return found;
}

static gboolean
is_full (const char *path)
{
  struct statvfs info;

  return statvfs (path, &info) == 0 && (guint64) info.f_bavail * info.f_frsize < ROOM_MIN;
}

PorchObstacle
porch_store_find_obstacle (const char *folder, const GError *error)
{
  g_autofree char *nearest = dup_nearest (folder);
  PorchObstacle found;

  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_DAMAGED))
    return PORCH_OBSTACLE_DAMAGED;
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NEWER))
    return PORCH_OBSTACLE_NEWER;
  if (!g_error_matches (error, PORCH_ERROR, PORCH_ERROR_STORAGE))
    return PORCH_OBSTACLE_OTHER;
  if (!g_file_test (nearest, G_FILE_TEST_IS_DIR))
    return PORCH_OBSTACLE_NO_FOLDER;
  if (porch_folder_is_on_network (nearest))
    return PORCH_OBSTACLE_NETWORK;
  found = look_at_files (nearest);
  if (found != PORCH_OBSTACLE_OTHER)
    return found;
  return is_full (nearest) ? PORCH_OBSTACLE_FULL : PORCH_OBSTACLE_OTHER;
}
