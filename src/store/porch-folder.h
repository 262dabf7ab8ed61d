/* porch-folder.h - the folder with the server's file: who serves it, and how it was left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_FOLDER_FILE "porchlight.db"

typedef struct _PorchFolder PorchFolder;

/* Makes the folder when there is none and takes its lock, which the kernel lets go of when the
 * program ends in whatever way. IN_USE, STORAGE. */
PorchFolder *porch_folder_take (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void porch_folder_release (PorchFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchFolder, porch_folder_release)

const char *porch_folder_get_file (PorchFolder *self);

/* Whether the last program that served it did not come to its end. Marks it so for this one. */
gboolean porch_folder_begin (PorchFolder *self, gboolean *was_unclean, GError **error);
/* This one has come to its end. */
void porch_folder_end (PorchFolder *self);

/* Locks and shared memory of SQLite's log do not work there. @path must be there. */
gboolean porch_folder_is_on_network (const char *path);

/* Makes what was renamed or made in the folder of @path survive a power cut. */
gboolean porch_folder_sync (const char *path, GError **error);
/* The same for what was written into @path. */
gboolean porch_file_sync (const char *path, GError **error);
/* Puts the finished file @from in the place of @to, durably. */
gboolean porch_file_move (const char *from, const char *to, GError **error);
/* Puts @path and what SQLite has beside it aside, as PATH.WORD-TIME, which @aside gets (may be
 * NULL). @path itself has both names until something takes its place. Not synced: what follows
 * is, by porch_file_move (). */
gboolean porch_file_set_aside (const char *path, const char *word, char **aside, GError **error);
/* An empty file for the owner only. SQLite gives its log the permissions of its file. */
gboolean porch_file_make_private (const char *path, GError **error);
/* PATH with "-wal" and "-shm". */
gboolean porch_file_remove (const char *path, GError **error);

G_END_DECLS
