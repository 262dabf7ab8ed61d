/* porch-connection.h - an open SQLite file, set up the one way we use it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection belongs to one thread at a time. Errors come as PORCH_ERROR: STORAGE when the disk
 * does not do what it is asked, DAMAGED when the file is not what it should be, CONFLICT when a
 * unique value is there already, INTERNAL for a mistake of ours.
 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum {
  /* The only connection that writes and checkpoints (WAL, synchronous=FULL). It makes the file when
   * there is none. Checkpoints never happen by themselves but at the last close. */
  PORCH_CONNECTION_WRITER,
  /* query_only, and never checkpoints: SQLite before 3.51.3 can corrupt a file when two connections
   * do. */
  PORCH_CONNECTION_READER,
  /* Opened read-only: for copies and checks. */
  PORCH_CONNECTION_READONLY,
} PorchConnectionMode;

typedef struct {
  sqlite3 *db;
  GHashTable *statements; /* SQL text (by address) -> PorchStatement */
  int failure;            /* extended code, see porch_connection_take_failure () */
  int failure_errno;
  guint n_commits;
  int n_wal_pages; /* of the write-ahead log after the last commit */
} PorchConnection;

/* When it fails, the file and its log are as they were, but that a writer may have made an empty
 * file. */
PorchConnection *porch_connection_open (const char *path,
                                        PorchConnectionMode mode,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All statements must have been released. NULL is fine. */
void porch_connection_close (PorchConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchConnection, porch_connection_close)

/* One or more statements without parameters and without results. */
gboolean porch_connection_execute (PorchConnection *self, const char *sql, GError **error);
/* What a statement says that has one row of one number; 0 when it has none. */
gboolean porch_connection_get_number (PorchConnection *self,
                                      const char *sql,
                                      gint64 *number,
                                      GError **error);
/* FALSE when there is no transaction (any more): some errors roll all of it back. */
gboolean porch_connection_is_in_transaction (PorchConnection *self);
/* Rows that were ever written through it, also those that were undone. */
gint64 porch_connection_count_changes (PorchConnection *self);
/* Close will leave the log beside the file as it is. */
void porch_connection_keep_log (PorchConnection *self);

/* Copies what is committed from the log into the file, as far as readers let it: one that is not
 * passive waits 50 ms for them. @mode is SQLite's (SQLITE_CHECKPOINT_PASSIVE …). @n_left gets how
 * many pages of the log are still to be copied. A reader in the way is no error. */
gboolean porch_connection_checkpoint (PorchConnection *self, int mode, int *n_left, GError **error);

/* Lines of SQLite's own check, "ok" left out: at most 100. @is_quick leaves out the comparison of
 * indexes, and ends at 20. */
GPtrArray *porch_connection_check (PorchConnection *self,
                                   gboolean is_quick,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets @error for SQLite's result @code and keeps it as the connection's failure. Always FALSE. */
gboolean porch_connection_fail (PorchConnection *self, int code, const char *what, GError **error);
/* The extended result code of the last failure since the last call, or of the first one that was
 * the disk's or the file's; SQLITE_OK for none. With the system's errno of then. */
int porch_connection_take_failure (PorchConnection *self, int *system_errno);

G_END_DECLS
