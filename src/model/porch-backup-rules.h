/* porch-backup-rules.h - what backups are called, when one is due, and which ones are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pure functions. The name of a backup says all of it: "20261126T214500123Z-daily.db", and
 * ".sealed" behind it where a passphrase is needed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_BACKUP_DAILY,
  PORCH_BACKUP_MANUAL, /* somebody asked for it */
  PORCH_BACKUP_UPDATE, /* before the file was brought to a newer schema */
} PorchBackupKind;
#define PORCH_N_BACKUP_KINDS 3
/* As in the names and on the wire. Static. */
const char *porch_backup_kind_word (PorchBackupKind kind);

char *porch_backup_make_name (gint64 at_us,
                              PorchBackupKind kind,
                              gboolean is_sealed) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE for what is no name of a backup: nothing else in the folder is ever read or removed. */
gboolean porch_backup_parse_name (const char *name,
                                  gint64 *at_us,
                                  PorchBackupKind *kind,
                                  gboolean *is_sealed);

#define PORCH_BACKUP_EVERY_US (24 * 60 * 60 * G_TIME_SPAN_SECOND)
/* @times are those of the backups that are there. Ones of the future count for nothing: the clock
 * was wrong then. */
gboolean porch_backup_is_due (const gint64 *times, guint n, gint64 now_us);

/* How long after the beginning of the last of @n_failed tries, which failed one after the other,
 * the next one comes; @code (PORCH_ERROR_…) is what the last one said. Soon, and later each time,
 * when that may pass by itself: a disk that is full for a moment, a keyring that is opened after
 * logging in. */
gint64 porch_backup_retry_us (guint n_failed, int code);

#define PORCH_BACKUPS_DAILY  7
#define PORCH_BACKUPS_WEEKLY 4
#define PORCH_BACKUPS_MANUAL 3
#define PORCH_BACKUPS_UPDATE 2
/* Which of @n backups, newest first, stay: the newest of each of the last seven days that have one;
 * of what is older, the newest of each of the last four weeks that have one; the last three that
 * somebody asked for; and the last two made before an update. Days are those of the names, not of
 * today's clock. */
void
porch_backup_choose (const gint64 *times, const PorchBackupKind *kinds, guint n, gboolean *is_kept);

/* "porchlight.db.before-20261126-214500-123456": what was there before a backup took its place. */
gboolean porch_aside_parse_name (const char *name, gint64 *at_us);
#define PORCH_ASIDES_NEWEST 2
#define PORCH_ASIDES_DAYS   3
/* Which of @n of them, newest first, stay: the last two, and the first of each of the last three
 * days that have one. Whoever goes back again and again, looking for the right copy, puts their own
 * file aside first; all that follow are copies. */
void porch_aside_choose (const gint64 *times, guint n, gboolean *is_kept);

G_END_DECLS
