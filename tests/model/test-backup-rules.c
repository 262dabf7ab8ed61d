/* test-backup-rules.c - names of backups, when one is due, which ones are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-backup-rules.h"

#include "porch-error.h"

#include <string.h>

#define MINUTE (60 * G_TIME_SPAN_SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
/* 2026-11-26 12:00 UTC, a Thursday. */
#define NOW G_GINT64_CONSTANT (1795694400000000)

static void
test_names (void)
{
  static const char *const bad[] = { "",
                                     "x",
                                     "20261126T120000000Z",
                                     "20261126T120000000Z-",
                                     "20261126T120000000Z-daily",
                                     "20261126T120000000Z-daily.db.part",
                                     "20261126T120000000Z-daily.db.sealed.part",
                                     "20261126T120000000Z-other.db",
                                     "20261326T120000000Z-daily.db",
                                     "20261126 120000000Z-daily.db",
                                     "2026112aT120000000Z-daily.db",
                                     "../20261126T120000000Z-daily.db",
                                     "20261126T120000000Z-daily.db/x",
                                     "porchlight.db" };
  gint64 at_us = 0;
  PorchBackupKind kind;
  gboolean is_sealed;

  for (guint i = 0; i < 2 * PORCH_N_BACKUP_KINDS; i++) {
    g_autofree char *name = porch_backup_make_name (NOW + 123456, i / 2, i % 2);

    g_assert_true (porch_backup_parse_name (name, &at_us, &kind, &is_sealed));
    g_assert_cmpint (at_us, ==, NOW + 123000);
    g_assert_cmpint (kind, ==, i / 2);
    g_assert_cmpint (is_sealed, ==, i % 2);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (porch_backup_parse_name (bad[i], &at_us, &kind, &is_sealed));
}

static void
test_due (void)
{
  static const struct {
    gint64 times[3];
    guint n;
    gboolean is_due;
  } cases[] = {
    { { 0 }, 0, TRUE },
    { { NOW - HOUR }, 1, FALSE },
    { { NOW - DAY + 1 }, 1, FALSE },
    { { NOW - DAY }, 1, TRUE },
    { { NOW - 2 * DAY, NOW - HOUR }, 2, FALSE },
    /* The clock went back: what lies ahead is no backup of today, and one made now ends it. */
    { { NOW + 400 * DAY }, 1, TRUE },
    { { NOW + 400 * DAY, NOW }, 2, FALSE },
    { { NOW + HOUR / 60 }, 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (porch_backup_is_due (cases[i].times, cases[i].n, NOW), ==, cases[i].is_due);
}

typedef struct {
  gint64 times[400];
  PorchBackupKind kinds[400];
  gboolean is_kept[400];
  guint n;
} Shelf;

/* Makes one, and throws away what is not to be kept; newest first. */
static void
add (Shelf *shelf, gint64 at_us, PorchBackupKind kind)
{
  guint n = 0;

  memmove (shelf->times + 1, shelf->times, shelf->n * sizeof shelf->times[0]);
  memmove (shelf->kinds + 1, shelf->kinds, shelf->n * sizeof shelf->kinds[0]);
  shelf->times[0] = at_us;
  shelf->kinds[0] = kind;
  shelf->n++;
  porch_backup_choose (shelf->times, shelf->kinds, shelf->n, shelf->is_kept);
  g_assert_true (shelf->is_kept[0]);
  for (guint i = 0; i < shelf->n; i++)
    if (shelf->is_kept[i]) {
      shelf->times[n] = shelf->times[i];
      shelf->kinds[n++] = shelf->kinds[i];
    }
  shelf->n = n;
}

/* A year of days, each pruned as it comes: seven days, then the Sundays of four weeks. */
static void
test_year (void)
{
  Shelf shelf = { 0 };

  for (gint64 day = 0; day <= 364; day++)
    add (&shelf, NOW + (day - 364) * DAY, PORCH_BACKUP_DAILY);
  g_assert_cmpuint (shelf.n, ==, 11);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpint (shelf.times[i], ==, NOW - (gint64) i * DAY);
  /* Today is a Thursday: the week that the days leave half has its newest, the others a Sunday. */
  g_assert_cmpint (shelf.times[7], ==, NOW - 7 * DAY);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (shelf.times[8 + i], ==, NOW - (11 + 7 * (gint64) i) * DAY);
}

static void
test_kinds (void)
{
  Shelf shelf = { 0 };

  /* Of one day only the newest, but three that were asked for; two of those before updates. */
  add (&shelf, NOW - 3 * HOUR, PORCH_BACKUP_DAILY);
  add (&shelf, NOW - 2 * HOUR, PORCH_BACKUP_MANUAL);
  g_assert_cmpuint (shelf.n, ==, 1);
  g_assert_cmpint (shelf.kinds[0], ==, PORCH_BACKUP_MANUAL);
  for (guint i = 0; i < 3; i++)
    add (&shelf, NOW - HOUR + i, PORCH_BACKUP_UPDATE);
  g_assert_cmpuint (shelf.n, ==, 3);
  for (guint i = 0; i < 4; i++)
    add (&shelf, NOW - HOUR / 2 + i, PORCH_BACKUP_MANUAL);
  g_assert_cmpuint (shelf.n, ==, 5);
  add (&shelf, NOW, PORCH_BACKUP_DAILY);
  g_assert_cmpuint (shelf.n, ==, 6);
}

/* Weeks without a program: what is old is not thrown away for being old. */
static void
test_gaps (void)
{
  Shelf shelf = { 0 };

  for (guint i = 0; i < 5; i++)
    add (&shelf, NOW - (5 - (gint64) i) * 60 * DAY, PORCH_BACKUP_DAILY);
  g_assert_cmpuint (shelf.n, ==, 5);
  add (&shelf, NOW, PORCH_BACKUP_DAILY);
  g_assert_cmpuint (shelf.n, ==, 6);
}

/* Soon where waiting may help; what needs a person is tried each hour. */
static void
test_retry (void)
{
  static const struct {
    int code;
    guint n_failed;
    gint64 minutes;
  } cases[] = {
    { -1, 0, 60 },
    { PORCH_ERROR_STORAGE, 1, 1 },
    { PORCH_ERROR_STORAGE, 2, 5 },
    { PORCH_ERROR_STORAGE, 3, 15 },
    { PORCH_ERROR_STORAGE, 4, 60 },
    { PORCH_ERROR_STORAGE, 5, 60 },
    { PORCH_ERROR_STORAGE, G_MAXUINT, 60 },
    { PORCH_ERROR_BUSY, 1, 1 },
    { PORCH_ERROR_NOT_FOUND, 1, 1 },
    { PORCH_ERROR_KEYRING_LOCKED, 1, 1 },
    { PORCH_ERROR_KEYRING_LOCKED, 2, 5 },
    { PORCH_ERROR_KEYRING_MISSING, 1, 1 },
    { PORCH_ERROR_KEYRING_REFUSED, 1, 60 },
    { PORCH_ERROR_KEYRING_REFUSED, 2, 60 },
    { PORCH_ERROR_DAMAGED, 1, 60 },
    { PORCH_ERROR_NEWER, 1, 60 },
    { PORCH_ERROR_INTERNAL, 1, 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (porch_backup_retry_us (cases[i].n_failed, cases[i].code), ==,
                     cases[i].minutes * MINUTE);
}

static void
test_aside_names (void)
{
  static const struct {
    const char *name;
    gint64 at_us; /* -1: none of ours */
  } cases[] = {
    { "porchlight.db.before-20261126-120000-000000", NOW },
    { "porchlight.db.before-20261126-120000-000001", NOW + 1 },
    { "porchlight.db.before-20261126-120000-000001-wal", -1 },
    { "porchlight.db.before-20261126-120000-00000", -1 },
    { "porchlight.db.before-20261126-120000-00000x", -1 },
    { "porchlight.db.before-20261326-120000-000000", -1 },
    { "porchlight.db.before-20261126T120000-000000", -1 },
    { "porchlight.db.damaged-20261126-120000-000000", -1 },
    { "xporchlight.db.before-20261126-120000-000000", -1 },
    { "porchlight.db.before-", -1 },
    { "porchlight.db", -1 },
    { "", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 at_us = -1;

    g_assert_cmpint (porch_aside_parse_name (cases[i].name, &at_us), ==, cases[i].at_us >= 0);
    g_assert_cmpint (at_us, ==, cases[i].at_us);
  }
}

/* "k" stays, "-" goes; hours before NOW, which is noon. */
static void
test_asides (void)
{
  static const struct {
    const char *kept;
    int hours[10];
  } cases[] = {
    { "", { 0 } },
    { "k", { 0 } },
    { "k", { 24 * 400 } },
    { "kk", { 0, 24 * 400 } },
    /* One afternoon of trying: the first has what was there, the last two are at hand. */
    { "kkk", { 0, 1, 2 } },
    { "kk---k", { 0, 1, 2, 3, 4, 5 } },
    /* Three days of it, and what was before. */
    { "kk-k-k--", { 0, 1, 14, 15, 38, 39, 62, 63 } },
    { "kkk-", { 0, 24, 48, 72 } },
    /* Long ago counts as any other day. */
    { "kkk--", { 0, 24 * 30, 24 * 90, 24 * 120, 24 * 150 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint n = strlen (cases[i].kept);
    gint64 times[10] = { 0 };
    gboolean is_kept[10] = { FALSE };

    for (guint j = 0; j < n; j++)
      times[j] = NOW - cases[i].hours[j] * HOUR;
    porch_aside_choose (times, n, is_kept);
    for (guint j = 0; j < n; j++)
      g_assert_cmpint (is_kept[j], ==, cases[i].kept[j] == 'k');
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backup-rules/names", test_names);
  g_test_add_func ("/backup-rules/due", test_due);
  g_test_add_func ("/backup-rules/year", test_year);
  g_test_add_func ("/backup-rules/kinds", test_kinds);
  g_test_add_func ("/backup-rules/gaps", test_gaps);
  g_test_add_func ("/backup-rules/aside-names", test_aside_names);
  g_test_add_func ("/backup-rules/asides", test_asides);
  g_test_add_func ("/backup-rules/retry", test_retry);
  return g_test_run ();
}
