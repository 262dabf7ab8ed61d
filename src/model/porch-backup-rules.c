/* porch-backup-rules.c - what backups are called, when one is due, and which ones are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-backup-rules.h"

#include "porch-error.h"

#include <string.h>

#define MINUTE_US (60 * G_TIME_SPAN_SECOND)
#define DAY_US    (24 * 60 * MINUTE_US)
#define SEALED    ".sealed"
#define PLAIN     ".db"
#define STAMP     "20261126T214500123Z"
#define SLACK_US  (5 * MINUTE_US)

static const char *const words[PORCH_N_BACKUP_KINDS] = { "daily", "manual", "update" };

const char *
porch_backup_kind_word (PorchBackupKind kind)
{
  return words[kind];
}

char *
porch_backup_make_name (gint64 at_us, PorchBackupKind kind, gboolean is_sealed)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (at_us / G_TIME_SPAN_SECOND);
  g_autofree char *text = g_date_time_format (at, "%Y%m%dT%H%M%S");

  return g_strdup_printf ("%s%03dZ-%s" PLAIN "%s", text,
                          (int) (at_us % G_TIME_SPAN_SECOND / G_TIME_SPAN_MILLISECOND), words[kind],
                          is_sealed ? SEALED : "");
}

static gboolean
read_digits (const char *text, guint n, int *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
    *number = *number * 10 + (text[i] - '0');
  }
  return TRUE;
}

static gboolean
read_stamp (const char *text, gint64 *at_us)
{
  int year, month, day, hour, minute, second, ms;
  g_autoptr (GDateTime) at = NULL;

  if (strlen (text) < strlen (STAMP) || text[8] != 'T' || text[18] != 'Z' ||
      !read_digits (text, 4, &year) || !read_digits (text + 4, 2, &month) ||
      !read_digits (text + 6, 2, &day) || !read_digits (text + 9, 2, &hour) ||
      !read_digits (text + 11, 2, &minute) || !read_digits (text + 13, 2, &second) ||
      !read_digits (text + 15, 3, &ms))
    return FALSE;
  at = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (at == NULL)
    return FALSE;
  *at_us = g_date_time_to_unix (at) * G_TIME_SPAN_SECOND + ms * G_TIME_SPAN_MILLISECOND;
  return TRUE;
}

gboolean
porch_backup_parse_name (const char *name,
                         gint64 *at_us,
                         PorchBackupKind *kind,
                         gboolean *is_sealed)
{
  const char *rest = name + strlen (STAMP);

  if (!read_stamp (name, at_us) || *rest++ != '-')
    return FALSE;
  for (guint i = 0; i < PORCH_N_BACKUP_KINDS; i++) {
    const gsize length = strlen (words[i]);

    if (strncmp (rest, words[i], length) != 0)
      continue;
    *kind = i;
    *is_sealed = strcmp (rest + length, PLAIN SEALED) == 0;
    return *is_sealed || strcmp (rest + length, PLAIN) == 0;
  }
  return FALSE;
}

gboolean
porch_backup_is_due (const gint64 *times, guint n, gint64 now_us)
{
  for (guint i = 0; i < n; i++)
    if (times[i] <= now_us + SLACK_US && now_us - times[i] < PORCH_BACKUP_EVERY_US)
      return FALSE;
  return TRUE;
}

static gboolean
may_pass (int code)
{
  switch (code) {
  case PORCH_ERROR_STORAGE:
  case PORCH_ERROR_BUSY:
  case PORCH_ERROR_NOT_FOUND: /* a folder that is mounted anew */
  case PORCH_ERROR_KEYRING_LOCKED:
  case PORCH_ERROR_KEYRING_MISSING:
    return TRUE;
  default:
    return FALSE;
  }
}

gint64
porch_backup_retry_us (guint n_failed, int code)
{
  static const guint minutes[] = { 1, 5, 15, 60 };
  const guint last = G_N_ELEMENTS (minutes) - 1;

  if (n_failed == 0 || !may_pass (code))
    return minutes[last] * MINUTE_US;
  return minutes[MIN (n_failed - 1, last)] * MINUTE_US;
}

/* 1970-01-01 was a Thursday: weeks begin on Mondays. */
static gint64
get_week (gint64 at_us)
{
  return (at_us / DAY_US + 3) / 7;
}

static const guint kept_of_kind[PORCH_N_BACKUP_KINDS] = {
  [PORCH_BACKUP_MANUAL] = PORCH_BACKUPS_MANUAL,
  [PORCH_BACKUP_UPDATE] = PORCH_BACKUPS_UPDATE,
};

void
porch_backup_choose (const gint64 *times, const PorchBackupKind *kinds, guint n, gboolean *is_kept)
{
  gint64 last_day = -1, last_week = -1;
  guint n_days = 0, n_weeks = 0, n_of_kind[PORCH_N_BACKUP_KINDS] = { 0 };

  for (guint i = 0; i < n; i++) {
    const gint64 day = times[i] / DAY_US, week = get_week (times[i]);

    is_kept[i] = n_of_kind[kinds[i]]++ < kept_of_kind[kinds[i]];
    if (kinds[i] == PORCH_BACKUP_UPDATE || day == last_day)
      continue;
    last_day = day;
    if (n_days < PORCH_BACKUPS_DAILY) {
      n_days++;
      is_kept[i] = TRUE;
    } else if (week != last_week && n_weeks < PORCH_BACKUPS_WEEKLY) {
      n_weeks++;
      last_week = week;
      is_kept[i] = TRUE;
    }
  }
}

#define ASIDE       "porchlight.db.before-"
#define ASIDE_STAMP "20261126-214500-123456"

gboolean
porch_aside_parse_name (const char *name, gint64 *at_us)
{
  int year, month, day, hour, minute, second, us;
  const char *text = name + strlen (ASIDE);
  g_autoptr (GDateTime) at = NULL;

  /* What SQLite has beside it has an ending, and goes with it. */
  if (!g_str_has_prefix (name, ASIDE) || strlen (text) != strlen (ASIDE_STAMP) || text[8] != '-' ||
      text[15] != '-' || !read_digits (text, 4, &year) || !read_digits (text + 4, 2, &month) ||
      !read_digits (text + 6, 2, &day) || !read_digits (text + 9, 2, &hour) ||
      !read_digits (text + 11, 2, &minute) || !read_digits (text + 13, 2, &second) ||
      !read_digits (text + 16, 6, &us))
    return FALSE;
  at = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (at == NULL)
    return FALSE;
  *at_us = g_date_time_to_unix (at) * G_TIME_SPAN_SECOND + us;
  return TRUE;
}

void
porch_aside_choose (const gint64 *times, guint n, gboolean *is_kept)
{
  guint n_days = 0;

  for (guint i = 0; i < n; i++) {
    const gboolean is_first_of_day = i + 1 == n || times[i + 1] / DAY_US != times[i] / DAY_US;

    is_kept[i] = i < PORCH_ASIDES_NEWEST || (is_first_of_day && n_days < PORCH_ASIDES_DAYS);
    n_days += is_first_of_day;
  }
}
