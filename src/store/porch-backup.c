/* porch-backup.c - copies of the server's file: making one, taking one back, looking for damage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store.h"

#include "porch-disposal.h"
#include "porch-error.h"
#include "porch-folder.h"
#include "porch-meter.h"
#include "porch-schema.h"
#include "porch-seal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGED        ".new"
#define PART          ".part"
#define BACKUP_FOLDER "backups"
#define PIECE_BYTES   (256 * 1024)
/* Where the phases of a copy end, of 1. */
#define COPIED   0.6
#define VERIFIED 0.9

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

/* How large a copy will be at most, by what the file says of itself. */
static gboolean
estimate (PorchConnection *connection, gint64 *n_bytes, GError **error)
{
  gint64 n_pages = 0, n_free = 0, page_size = 0;

  if (!porch_connection_get_number (connection, "PRAGMA page_count", &n_pages, error) ||
      !porch_connection_get_number (connection, "PRAGMA freelist_count", &n_free, error) ||
      !porch_connection_get_number (connection, "PRAGMA page_size", &page_size, error))
    return FALSE;
  *n_bytes = (n_pages - n_free) * page_size;
  return TRUE;
}

/* Into a file that is not there yet. */
static gboolean
copy_into (PorchConnection *connection,
           const char *path,
           double until,
           PorchMeter *meter,
           GError **error)
{
  g_autoptr (PorchStatement) statement = NULL;
  gint64 n_bytes = 0;
  gboolean is_copied;

  if (!estimate (connection, &n_bytes, error) || !porch_file_remove (path, error) ||
      !porch_meter_check_room (path, n_bytes, error) || !porch_file_make_private (path, error))
    return FALSE;
  statement = porch_statement_take (connection, "VACUUM INTO ?1", error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, path);
  porch_meter_begin (meter, until, path, n_bytes);
  porch_meter_watch (meter, connection);
  is_copied = porch_statement_run (statement, error);
  porch_meter_unwatch (meter, error);
  return is_copied;
}

/* Opens a file of ours only to read it. */
static PorchConnection *
open_readonly (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "there is no %s", path);
    return NULL;
  }
  if (!porch_migration_inspect (porch_schema_get_migration (), path, error))
    return NULL;
  return porch_connection_open (path, PORCH_CONNECTION_READONLY, error);
}

static gboolean
verify (const char *path, double until, PorchMeter *meter, GError **error)
{
  g_autoptr (PorchConnection) connection = open_readonly (path, error);
  gboolean is_good;

  if (connection == NULL)
    return FALSE;
  porch_meter_begin (meter, until, NULL, get_size (path));
  porch_meter_watch (meter, connection);
  is_good = porch_schema_verify (connection, TRUE, error);
  porch_meter_unwatch (meter, error);
  return is_good;
}

/* ---- making one ---- */

/* Of the copying alone: what the cache still holds when the copy is whole goes to the disk in one
 * piece. */
static const char small_cache[] = "PRAGMA cache_size = -512;";

/* Puts the finished @from in the place of @to, of which there may be one already. */
static gboolean
replace (const char *from, const char *to, const PorchCopyOptions *options, GError **error)
{
  const int fd = porch_disposal_hold (to, options);
  const gboolean is_done = porch_file_move (from, to, error);

  porch_disposal_end (fd, is_done, options);
  return is_done;
}

/* Seals @plain into @sealed and reads it again. */
static gboolean
seal (const char *plain,
      const char *sealed,
      const char *passphrase,
      PorchMeter *meter,
      GError **error)
{
  const gint64 n_bytes = get_size (plain);

  if (!porch_file_remove (sealed, error) || !porch_meter_check_room (sealed, n_bytes, error))
    return FALSE;
  porch_meter_begin (meter, (1 + VERIFIED) / 2, sealed, n_bytes);
  if (!porch_seal_close (plain, sealed, passphrase, meter, error))
    return FALSE;
  porch_meter_begin (meter, 1, NULL, n_bytes);
  return porch_seal_open (sealed, NULL, passphrase, meter, error);
}

static const char *
get_passphrase (const PorchMeter *meter)
{
  return meter->options != NULL ? meter->options->passphrase : NULL;
}

typedef struct {
  const char *file, *part;
} Copying;

/* A copy that was not read again is only a hope. */
static gboolean
copy_and_verify (PorchMeter *meter, gpointer data, GError **error)
{
  const Copying *copying = data;
  g_autoptr (PorchConnection) connection = open_readonly (copying->file, error);

  return connection != NULL && porch_connection_execute (connection, small_cache, error) &&
         copy_into (connection, copying->part, COPIED, meter, error) &&
         verify (copying->part, get_passphrase (meter) != NULL ? VERIFIED : 1, meter, error);
}

static gboolean
back_up (const char *folder, const char *path, const char *part, PorchMeter *meter, GError **error)
{
  g_autofree char *file = g_build_filename (folder, PORCH_FOLDER_FILE, NULL);
  g_autofree char *sealed = g_strconcat (path, ".sealing" PART, NULL);
  const char *passphrase = get_passphrase (meter);
  Copying copying = { file, part };
  gboolean is_done;

  if (!porch_meter_step_back (meter, copy_and_verify, &copying, error))
    return FALSE;
  if (passphrase == NULL)
    return replace (part, path, meter->options, error);
  is_done = seal (part, sealed, passphrase, meter, error) &&
            replace (sealed, path, meter->options, error) &&
            porch_disposal_remove (part, meter->options, error);
  porch_disposal_remove (sealed, meter->options, NULL);
  return is_done;
}

gboolean
porch_store_backup (const char *folder,
                    const char *path,
                    const PorchCopyOptions *options,
                    GError **error)
{
  g_auto (PorchMeter) meter = PORCH_METER_INIT (options);
  g_autofree char *part = g_strconcat (path, PART, NULL);

  if (back_up (folder, path, part, &meter, error))
    return TRUE;
  porch_disposal_remove (part, options, NULL);
  return FALSE;
}

/* First the sealed one has its name, durably: at every moment one of the two is whole. */
gboolean
porch_store_seal (const char *plain,
                  const char *sealed,
                  const PorchCopyOptions *options,
                  GError **error)
{
  g_auto (PorchMeter) meter = PORCH_METER_INIT (options);
  g_autofree char *part = g_strconcat (sealed, PART, NULL);
  const gboolean is_done = seal (plain, part, options->passphrase, &meter, error) &&
                           porch_file_move (part, sealed, error) &&
                           porch_disposal_remove (plain, options, error) &&
                           porch_folder_sync (plain, error);

  porch_disposal_remove (part, options, NULL);
  return is_done;
}

gboolean
porch_store_remove_backup (const char *path, const PorchCopyOptions *options, GError **error)
{
  return porch_disposal_remove (path, options, error);
}

char *
porch_store_make_backup_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, BACKUP_FOLDER, NULL);

  if (g_mkdir_with_parents (path, 0700) != 0) {
    porch_error_fail_file ("making", path, error);
    return NULL;
  }
  return g_steal_pointer (&path);
}

char *
porch_store_dup_backup_path (const char *folder, const char *name)
{
  return g_build_filename (folder, BACKUP_FOLDER, name, NULL);
}

gboolean
porch_store_is_sealed (const char *path)
{
  return porch_seal_is_sealed (path);
}

/* ---- taking one back ---- */

static gboolean
has_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  return get_size (log) > 0;
}

static gboolean
copy_bytes (int from, int to, PorchMeter *meter, GError **error)
{
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  gint64 done = 0;
  gssize n;

  while ((n = read (from, piece, PIECE_BYTES)) > 0) {
    if (write (to, piece, n) != n)
      return porch_error_fail_file ("writing", meter->path, error);
    done += n;
    if (!porch_meter_tick (meter, done, error))
      return FALSE;
  }
  return n == 0 || porch_error_fail_file ("reading for", meter->path, error);
}

static gboolean
copy_file (const char *path, const char *name, PorchMeter *meter, GError **error)
{
  const int from = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  const int to = g_open (name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean is_copied = from >= 0 && to >= 0;

  porch_meter_begin (meter, COPIED, name, get_size (path));
  is_copied = is_copied ? copy_bytes (from, to, meter, error)
                        : porch_error_fail_file ("copying", path, error);
  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);
  return is_copied;
}

/* A file with a log is somebody's own copy of a folder: SQLite reads both. Ours are one file. */
static gboolean
bring (const char *path, const char *name, PorchMeter *meter, GError **error)
{
  g_autoptr (PorchConnection) source = open_readonly (path, error);

  if (source == NULL || !porch_file_remove (name, error))
    return FALSE;
  if (has_log (path))
    return copy_into (source, name, COPIED, meter, error);
  return porch_meter_check_room (name, get_size (path), error) &&
         copy_file (path, name, meter, error);
}

static gboolean
bring_sealed (const char *path, const char *name, PorchMeter *meter, GError **error)
{
  const char *passphrase = meter->options != NULL ? meter->options->passphrase : NULL;

  if (passphrase == NULL) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_PASSPHRASE, "%s needs a passphrase", path);
    return FALSE;
  }
  if (!porch_file_remove (name, error) || !porch_meter_check_room (name, get_size (path), error))
    return FALSE;
  porch_meter_begin (meter, COPIED, name, get_size (path));
  return porch_seal_open (path, name, passphrase, meter, error);
}

/* Today's schema, and another epoch: clients that saw the future of this copy must load anew. */
static gboolean
renew (const char *name, GError **error)
{
  g_autoptr (PorchConnection) copy = porch_connection_open (name, PORCH_CONNECTION_WRITER, error);

  return copy != NULL && porch_migration_run (porch_schema_get_migration (), copy, NULL, error) &&
         porch_schema_renew_epoch (copy, error);
}

static char *
make_staged_name (const char *folder)
{
  return g_build_filename (folder, PORCH_FOLDER_FILE STAGED, NULL);
}

gboolean
porch_store_stage (const char *folder,
                   const char *path,
                   const PorchCopyOptions *options,
                   GError **error)
{
  g_auto (PorchMeter) meter = PORCH_METER_INIT (options);
  g_autofree char *name = make_staged_name (folder);

  /* What is verified is what will be used. */
  if ((porch_seal_is_sealed (path) ? bring_sealed : bring) (path, name, &meter, error) &&
      verify (name, VERIFIED, &meter, error) && renew (name, error) &&
      porch_file_sync (name, error))
    return TRUE;
  porch_file_remove (name, NULL);
  return FALSE;
}

/* Brings the log into the file, if the file is still good for that. */
static void
settle (const char *file)
{
  g_autoptr (PorchConnection) connection =
    porch_connection_open (file, PORCH_CONNECTION_WRITER, NULL);

  if (connection == NULL)
    g_info ("%s cannot be opened; it is moved aside with its log", file);
}

static gboolean
take_staged (PorchFolder *taken, const char *folder, GError **error)
{
  g_autofree char *name = make_staged_name (folder);
  const char *file = porch_folder_get_file (taken);

  if (!g_file_test (name, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "nothing was made ready in %s", folder);
    return FALSE;
  }
  if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    settle (file);
    if (!porch_file_set_aside (file, "before", NULL, error))
      return FALSE;
  }
  if (!porch_file_move (name, file, error))
    return FALSE;
  porch_folder_end (taken);
  return TRUE;
}

gboolean
porch_store_take_staged (const char *folder, GError **error)
{
  g_autoptr (PorchFolder) taken = porch_folder_take (folder, error);

  return taken != NULL && take_staged (taken, folder, error);
}

gboolean
porch_store_restore (const char *folder,
                     const char *path,
                     const PorchCopyOptions *options,
                     GError **error)
{
  g_autoptr (PorchFolder) taken = porch_folder_take (folder, error);

  return taken != NULL && porch_store_stage (folder, path, options, error) &&
         take_staged (taken, folder, error);
}

void
porch_store_tidy (const char *folder)
{
  g_autofree char *backups = g_build_filename (folder, BACKUP_FOLDER, NULL);
  g_autofree char *staged = make_staged_name (folder);
  g_autoptr (GDir) dir = g_dir_open (backups, 0, NULL);
  const char *name;

  porch_file_remove (staged, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (backups, name, NULL);

    if (strstr (name, PART) != NULL)
      g_unlink (path);
  }
}

/* ---- looking for damage ---- */

static gboolean
check_references (PorchConnection *connection, GPtrArray *lines, GError **error)
{
  g_autoptr (PorchStatement) statement =
    porch_statement_take (connection, "PRAGMA foreign_key_check", error);
  int step;

  if (statement == NULL)
    return FALSE;
  while ((step = porch_statement_step (statement, error)) > 0)
    g_ptr_array_add (lines, g_strdup_printf ("%s: row %" G_GINT64_FORMAT " names a %s that is gone",
                                             porch_statement_peek_text (statement, 0),
                                             porch_statement_get_int64 (statement, 1),
                                             porch_statement_peek_text (statement, 2)));
  return step == 0;
}

static gboolean
check_messages (PorchConnection *connection, GPtrArray *lines, GError **error)
{
  static const char sql[] = "SELECT count (*) FROM (SELECT 1 FROM message WHERE device IS NOT NULL "
                            "GROUP BY conversation_pk, device, n HAVING count (*) > 1)";
  gint64 n_doubled = 0;

  if (!porch_connection_get_number (connection, sql, &n_doubled, error))
    return FALSE;
  if (n_doubled > 0)
    g_ptr_array_add (lines,
                     g_strdup_printf ("message: %" G_GINT64_FORMAT " are there twice", n_doubled));
  return TRUE;
}

static GPtrArray *
find_damage (const char *file, GError **error)
{
  g_autoptr (PorchConnection) connection = open_readonly (file, error);
  g_autoptr (GPtrArray) lines =
    connection != NULL ? porch_connection_check (connection, FALSE, error) : NULL;
  g_autofree char *epoch = NULL;

  if (lines == NULL || !check_references (connection, lines, error) ||
      !check_messages (connection, lines, error))
    return NULL;
  epoch = porch_schema_dup_epoch (connection, error);
  return epoch != NULL ? g_steal_pointer (&lines) : NULL;
}

GPtrArray *
porch_store_check (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, PORCH_FOLDER_FILE, NULL);
  g_autoptr (GError) problem = NULL;
  GPtrArray *lines = find_damage (file, &problem);

  if (lines != NULL)
    return lines;
  if (!g_error_matches (problem, PORCH_ERROR, PORCH_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (lines, g_strdup (problem->message));
  return lines;
}
