/* porch-bucket.c - how fast each of many may go: token buckets by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-bucket.h"

#include "porch-clock.h"

struct _PorchBuckets {
  GHashTable *full_at; /* name -> when it will be full again, monotonic */
  gint64 interval_us;
  guint burst;
};

void
porch_buckets_set (PorchBuckets *self, guint burst, guint interval_ms)
{
  self->interval_us = (gint64) interval_ms * 1000;
  self->burst = MAX (burst, 1);
}

PorchBuckets *
porch_buckets_new (guint burst, guint interval_ms)
{
  PorchBuckets *self = g_new0 (PorchBuckets, 1);

  self->full_at = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  porch_buckets_set (self, burst, interval_ms);
  return self;
}

void
porch_buckets_free (PorchBuckets *self)
{
  g_hash_table_unref (self->full_at);
  g_free (self);
}

guint
porch_buckets_take (PorchBuckets *self, const char *name)
{
  const gint64 now_us = porch_clock_monotonic_us ();
  gint64 *full_at;
  gint64 missing_us;

  if (self->interval_us == 0)
    return 0;
  full_at = g_hash_table_lookup (self->full_at, name);
  if (full_at == NULL) {
    full_at = g_new (gint64, 1);
    *full_at = now_us;
    g_hash_table_insert (self->full_at, g_strdup (name), full_at);
  }
  /* What is missing, with the one that is taken now, must fit into the bucket. */
  missing_us = MAX (*full_at - now_us, 0) + self->interval_us;
  if (missing_us > self->burst * self->interval_us)
    return (guint) ((missing_us - self->burst * self->interval_us + 999) / 1000);
  *full_at = now_us + missing_us;
  return 0;
}

void
porch_buckets_give_back (PorchBuckets *self, const char *name)
{
  gint64 *full_at = g_hash_table_lookup (self->full_at, name);

  if (full_at != NULL)
    *full_at -= self->interval_us;
}

static gboolean
is_full (gpointer name, gpointer full_at, gpointer now_us)
{
  return *(gint64 *) full_at <= *(gint64 *) now_us;
}

void
porch_buckets_sweep (PorchBuckets *self)
{
  gint64 now_us = porch_clock_monotonic_us ();

  g_hash_table_foreach_remove (self->full_at, is_full, &now_us);
}
