/* porch-aside.c - the files that going back to a copy has put aside, when there are many
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store.h"

#include "porch-backup-rules.h"
#include "porch-disposal.h"
#include "porch-meter.h"
#include "porch-schema.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct {
  char *path;
  gint64 at_us;
} Aside;

static void
free_aside (gpointer data)
{
  Aside *aside = data;

  g_clear_pointer (&aside->path, g_free);
  g_free (aside);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Aside *one = *(Aside *const *) a, *other = *(Aside *const *) b;

  return one->at_us > other->at_us ? -1 : one->at_us < other->at_us;
}

/* Newest first. */
static GPtrArray *
list (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (free_aside);
  const char *name;
  gint64 at_us;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    Aside *aside = NULL;

    if (!porch_aside_parse_name (name, &at_us))
      continue;
    aside = g_new (Aside, 1);
    *aside = (Aside){ g_build_filename (folder, name, NULL), at_us };
    g_ptr_array_add (found, aside);
  }
  g_ptr_array_sort (found, compare);
  return found;
}

static gint64
get_size (const char *path, const char *ending)
{
  g_autofree char *name = g_strconcat (path, ending, NULL);
  GStatBuf info;

  return g_stat (name, &info) == 0 ? info.st_size : 0;
}

/* Somebody may still want what can be read of a damaged one, and whoever goes back to a newer
 * program all of a newer one. One with a log was not well enough to take it in. */
static gboolean
is_whole (const char *path, PorchMeter *meter)
{
  g_autoptr (PorchConnection) connection = NULL;
  g_autoptr (GError) stopped = NULL;
  gboolean is_good;

  if (get_size (path, "-wal") > 0 ||
      !porch_migration_inspect (porch_schema_get_migration (), path, NULL))
    return FALSE;
  connection = porch_connection_open (path, PORCH_CONNECTION_READONLY, NULL);
  if (connection == NULL)
    return FALSE;
  porch_meter_begin (meter, 1, NULL, get_size (path, ""));
  porch_meter_watch (meter, connection);
  is_good = porch_schema_verify (connection, TRUE, NULL);
  porch_meter_unwatch (meter, &stopped);
  return is_good && stopped == NULL;
}

/* Killed before something took its place, it is only another name of today's file. */
static gboolean
is_another_name (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && info.st_nlink > 1;
}

void
porch_store_thin_aside (const char *folder, const PorchCopyOptions *options)
{
  g_autoptr (GPtrArray) asides = list (folder);
  g_autofree gint64 *times = g_new (gint64, asides->len);
  g_autofree gboolean *is_kept = g_new (gboolean, asides->len);

  for (guint i = 0; i < asides->len; i++)
    times[i] = ((Aside *) asides->pdata[i])->at_us;
  porch_aside_choose (times, asides->len, is_kept);
  for (guint i = 0; i < asides->len; i++) {
    const char *path = ((Aside *) asides->pdata[i])->path;
    g_auto (PorchMeter) meter = PORCH_METER_INIT (options);
    g_autoptr (GError) error = NULL;

    if (is_kept[i] || !(is_another_name (path) || is_whole (path, &meter)))
      continue;
    if (!porch_disposal_remove (path, options, &error))
      g_message ("an old file that was put aside stays: %s", error->message);
  }
}
