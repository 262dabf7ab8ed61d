/* porch-migration.c - brings a file from the schema it has to the one this program knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-migration.h"

#include "porch-error.h"
#include "porch-statement.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* sqlite.org/fileformat.html section 1.3 */
#define HEADER_SIZE           100
#define HEADER_PAGE_SIZE      16
#define HEADER_N_PAGES        28
#define HEADER_USER_VERSION   60
#define HEADER_APPLICATION_ID 68

static char *
make_step_path (const PorchMigration *self, int step)
{
  return g_strdup_printf ("%s%04d.sql", self->prefix, step);
}

int
porch_migration_count (const PorchMigration *self)
{
  int n = 0;

  for (;;) {
    g_autofree char *path = make_step_path (self, n + 1);

    if (!g_resource_get_info (self->resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL))
      return n;
    n++;
  }
}

static gboolean
check_version (const PorchMigration *self, gint64 version, GError **error)
{
  const int newest = porch_migration_count (self);

  if (version <= newest)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_NEWER,
               "the file has schema %" G_GINT64_FORMAT ", this program knows only up to %d",
               version, newest);
  return FALSE;
}

static gint32
read_be32 (const guint8 *at)
{
  guint32 number;

  memcpy (&number, at, sizeof number);
  return (gint32) GUINT32_FROM_BE (number);
}

static gboolean
has_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

/* FALSE when the end is missing. While there is a log, pages may be only there. */
static gboolean
is_complete (const guint8 *header, const char *path, gint64 size)
{
  gint64 page_size = header[HEADER_PAGE_SIZE] << 8 | header[HEADER_PAGE_SIZE + 1];

  /* 65536 does not fit. */
  page_size = page_size == 1 ? 65536 : page_size;
  return has_log (path) || size >= page_size * read_be32 (header + HEADER_N_PAGES);
}

gboolean
porch_migration_inspect (const PorchMigration *self, const char *path, GError **error)
{
  guint8 header[HEADER_SIZE] = { 0 };
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = fd >= 0 ? read (fd, header, sizeof header) : -1;
  const int saved_errno = errno;
  const gint64 size = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;

  if (fd >= 0)
    close (fd);
  if (n < 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "reading %s: %s", path,
                 g_strerror (saved_errno));
    return FALSE;
  }
  if (n < HEADER_SIZE || memcmp (header, "SQLite format 3", 16) != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "%s is not a database", path);
    return FALSE;
  }
  /* Whoever was killed just after the first step has all of it in the log, the mark too. */
  if (read_be32 (header + HEADER_APPLICATION_ID) == 0 && has_log (path))
    return TRUE;
  if (read_be32 (header + HEADER_APPLICATION_ID) != self->application_id) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "%s is not a database of ours", path);
    return FALSE;
  }
  if (!is_complete (header, path, size)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "the end of %s is missing", path);
    return FALSE;
  }
  return check_version (self, read_be32 (header + HEADER_USER_VERSION), error);
}

/* Through SQLite, so that what is still in the log comes along. */
static gboolean
keep_copy (PorchConnection *connection, const char *path, gint64 version, GError **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.schema-%04d", path, (int) version);
  g_autoptr (PorchStatement) statement = NULL;

  /* One from an upgrade that did not finish is the same file: this one has not changed since. */
  if (g_unlink (copy) != 0 && errno != ENOENT) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "removing %s: %s", copy,
                 g_strerror (errno));
    return FALSE;
  }
  statement = porch_statement_take (connection, "VACUUM INTO ?1", error);
  if (statement == NULL)
    return FALSE;
  porch_statement_bind_text (statement, 1, copy);
  return porch_statement_run (statement, error);
}

static gboolean
execute_step (const PorchMigration *self, PorchConnection *connection, int step, GError **error)
{
  g_autofree char *path = make_step_path (self, step);
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                           self->application_id, step);
  g_autoptr (GBytes) script =
    g_resource_lookup_data (self->resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  /* Data of a resource is followed by a NUL. */
  return script != NULL && porch_connection_execute (connection, "BEGIN IMMEDIATE", error) &&
         porch_connection_execute (connection, g_bytes_get_data (script, NULL), error) &&
         porch_connection_execute (connection, mark, error) &&
         porch_connection_execute (connection, "COMMIT", error);
}

/* Ours, or one in which there is nothing yet. */
static gboolean
check_mark (const PorchMigration *self, PorchConnection *connection, GError **error)
{
  gint64 mark = 0, n_things = 0;

  if (!porch_connection_get_number (connection, "PRAGMA application_id", &mark, error))
    return FALSE;
  if (mark == self->application_id)
    return TRUE;
  if (!porch_connection_get_number (connection, "SELECT count(*) FROM sqlite_schema", &n_things,
                                    error))
    return FALSE;
  if (mark == 0 && n_things == 0)
    return TRUE;
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "this is not a database of ours");
  return FALSE;
}

gboolean
porch_migration_run (const PorchMigration *self,
                     PorchConnection *connection,
                     const char *path,
                     GError **error)
{
  const int newest = porch_migration_count (self);
  gint64 version = 0;

  if (!check_mark (self, connection, error) ||
      !porch_connection_get_number (connection, "PRAGMA user_version", &version, error) ||
      !check_version (self, version, error))
    return FALSE;
  if (path != NULL && version > 0 && version < newest &&
      !keep_copy (connection, path, version, error))
    return FALSE;

  for (int step = version + 1; step <= newest; step++)
    if (!execute_step (self, connection, step, error)) {
      if (porch_connection_is_in_transaction (connection))
        porch_connection_execute (connection, "ROLLBACK", NULL);
      g_prefix_error (error, "schema %d: ", step);
      return FALSE;
    }
  return TRUE;
}
