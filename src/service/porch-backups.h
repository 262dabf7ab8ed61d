/* porch-backups.h - backups of a folder: every day, when asked, and back again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For whoever holds the folder's lock. One thing at a time, on a thread that lets others go first.
 * When there is a backup passphrase all are sealed with it; when it cannot be read, none is made
 * and that is said: never one that anybody could read instead. The copy that the store makes before
 * an update cannot wait for it, and is sealed as soon as it can be had. Old ones go by the rules of
 * porch-backup-rules.h, as do the files that restores put aside.
 */
#pragma once

#include "porch-backup-rules.h"
#include "porch-secrets.h"

G_BEGIN_DECLS

/* Signals: "trouble-changed" (): what porch_backups_get_trouble () or
 * porch_backups_get_seal_trouble () says. */
#define PORCH_TYPE_BACKUPS (porch_backups_get_type ())
G_DECLARE_FINAL_TYPE (PorchBackups, porch_backups, PORCH, BACKUPS, GObject)

/* Looks at the folder: before the loop. */
PorchBackups *
porch_backups_new (const char *folder, PorchSecrets *secrets) G_GNUC_WARN_UNUSED_RESULT;
/* Looks once a minute whether one is due, the first time a minute from now; and now whether one
 * waits to be sealed. */
void porch_backups_start (PorchBackups *self);
/* Ends what is under way, without its result. Waits for the thread. */
void porch_backups_close (PorchBackups *self);
/* What the timer does. */
void porch_backups_look (PorchBackups *self);

typedef struct {
  char *name;
  gint64 at_us, n_bytes;
  PorchBackupKind kind;
  gboolean is_sealed;
} PorchBackup;
/* Of PorchBackup, newest first; as of the last look at the folder. Borrowed until the next turn of
 * the loop. */
GPtrArray *porch_backups_get_list (PorchBackups *self);

typedef enum {
  PORCH_BACKUP_JOB_NONE, /* nothing since the start */
  PORCH_BACKUP_JOB_BACKUP,
  PORCH_BACKUP_JOB_RESTORE,
} PorchBackupJobKind;
typedef struct {
  guint id; /* rises */
  PorchBackupJobKind kind;
  gboolean is_running;
  int percent;
  const GError *error; /* of one that failed */
  const char *path;    /* what it made or takes back */
  gint64 at_us;        /* began */
} PorchBackupJob;
/* -1, or the PORCH_ERROR_… that kept the last daily one from being made; until one is. What a
 * keyring kept is tried again as soon as that can be used. */
int porch_backups_get_trouble (PorchBackups *self);
/* -1, or the PORCH_ERROR_… that kept a copy from before an update from being sealed; while there is
 * one that anybody can read and that should not be. */
int porch_backups_get_seal_trouble (PorchBackups *self);
/* The one that runs, or the last one. What @job points to is borrowed until the next turn. */
void porch_backups_get_job (PorchBackups *self, PorchBackupJob *job);

/* Begin, and are followed by porch_backups_get_job (). CONFLICT while another one runs. */
/* @path NULL: among the backups. @passphrase NULL: the one that is kept, if any. */
gboolean
porch_backups_make (PorchBackups *self, const char *path, const char *passphrase, GError **error);
/* One of the list, or @path. @passphrase NULL: the one that is kept. BAD_MESSAGE when @name is no
 * name of a backup. When it was made ready the function of porch_backups_on_ready () takes it;
 * porch_backups_took () then says how that went, and until then the job runs. */
gboolean porch_backups_restore (PorchBackups *self,
                                const char *name,
                                const char *path,
                                const char *passphrase,
                                GError **error);
typedef void (*PorchBackupsReady) (gpointer data);
void porch_backups_on_ready (PorchBackups *self, PorchBackupsReady func, gpointer data);
void porch_backups_took (PorchBackups *self, const GError *error);

G_END_DECLS
