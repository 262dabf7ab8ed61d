/* porch-backup-shelf.c - the folder with the backups: what is there, what goes, what is still open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-backup-shelf.h"

#include <glib/gstdio.h>

static void
free_backup (gpointer data)
{
  PorchBackup *backup = data;

  g_clear_pointer (&backup->name, g_free);
  g_free (backup);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const PorchBackup *one = *(PorchBackup *const *) a, *other = *(PorchBackup *const *) b;

  return one->at_us > other->at_us ? -1 : one->at_us < other->at_us;
}

GPtrArray *
porch_backup_shelf_read (const char *folder)
{
  g_autofree char *path = porch_store_make_backup_folder (folder, NULL);
  g_autoptr (GDir) dir = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func (free_backup);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    PorchBackup backup = { 0 };
    GStatBuf info;

    if (!porch_backup_parse_name (name, &backup.at_us, &backup.kind, &backup.is_sealed) ||
        g_stat (file, &info) != 0 || !S_ISREG (info.st_mode))
      continue;
    backup.name = g_strdup (name);
    backup.n_bytes = info.st_size;
    g_ptr_array_add (list, g_memdup2 (&backup, sizeof backup));
  }
  g_ptr_array_sort (list, compare);
  return list;
}

void
porch_backup_shelf_thin_out (const char *folder, GPtrArray *list, const PorchCopyOptions *options)
{
  g_autofree gint64 *times = g_new (gint64, list->len);
  g_autofree PorchBackupKind *kinds = g_new (PorchBackupKind, list->len);
  g_autofree gboolean *is_kept = g_new (gboolean, list->len);
  g_autofree char *path = porch_store_make_backup_folder (folder, NULL);

  for (guint i = 0; i < list->len; i++) {
    const PorchBackup *backup = list->pdata[i];

    times[i] = backup->at_us;
    kinds[i] = backup->kind;
  }
  porch_backup_choose (times, kinds, list->len, is_kept);
  for (guint i = list->len; path != NULL && i-- > 0;) {
    g_autofree char *file = g_build_filename (path, ((PorchBackup *) list->pdata[i])->name, NULL);

    if (!is_kept[i] && porch_store_remove_backup (file, options, NULL))
      g_ptr_array_remove_index (list, i);
  }
}

static gboolean
waits_for_seal (const PorchBackup *backup)
{
  return backup->kind == PORCH_BACKUP_UPDATE && !backup->is_sealed;
}

gboolean
porch_backup_shelf_waits (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (waits_for_seal (list->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
porch_backup_shelf_seal (const char *folder,
                         GPtrArray **list,
                         const PorchCopyOptions *options,
                         GError **error)
{
  PorchCopyOptions quiet = *options;
  gboolean is_good = TRUE;

  if (!porch_backup_shelf_waits (*list))
    return TRUE;
  /* How far the backup before it was is not how far this is. */
  quiet.progress = NULL;
  for (guint i = 0; i < (*list)->len && is_good; i++) {
    const PorchBackup *backup = (*list)->pdata[i];
    g_autofree char *name = porch_backup_make_name (backup->at_us, backup->kind, TRUE);
    g_autofree char *plain = porch_store_dup_backup_path (folder, backup->name);
    g_autofree char *sealed = porch_store_dup_backup_path (folder, name);

    if (waits_for_seal (backup))
      is_good = porch_store_seal (plain, sealed, &quiet, error);
  }
  g_ptr_array_unref (*list);
  *list = porch_backup_shelf_read (folder);
  return is_good;
}
