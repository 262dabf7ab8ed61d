/* porch-rate.c - token buckets, one for each key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-rate.h"

#include "porch-clock.h"

typedef struct {
  gint64 full_at_us; /* when the bucket is full again if nobody takes anything */
} Bucket;

struct _PorchRate {
  GHashTable *buckets; /* key -> Bucket; full ones may be missing */
  gint64 token_us;     /* one token grows in this time */
  gint64 burst_us;     /* the time from empty to full */
  guint keys_max;
  gint64 swept_us;
};

void
porch_rate_set (PorchRate *self, guint per_minute, guint burst)
{
  g_return_if_fail (per_minute > 0 && burst > 0);
  self->token_us = 60 * G_USEC_PER_SEC / per_minute;
  self->burst_us = self->token_us * burst;
}

PorchRate *
porch_rate_new (guint per_minute, guint burst, guint keys_max)
{
  PorchRate *self = g_new0 (PorchRate, 1);

  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  porch_rate_set (self, per_minute, burst);
  self->keys_max = keys_max;
  return self;
}

void
porch_rate_free (PorchRate *self)
{
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static gboolean
is_full (gpointer key, gpointer value, gpointer data)
{
  return ((Bucket *) value)->full_at_us <= *(gint64 *) data;
}

static Bucket *
ensure_bucket (PorchRate *self, const char *key, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (bucket != NULL)
    return bucket;

  /* A full bucket says nothing that a missing one does not. Once a second is often enough to look.
   */
  if (g_hash_table_size (self->buckets) >= self->keys_max &&
      now_us - self->swept_us >= G_USEC_PER_SEC) {
    g_hash_table_foreach_remove (self->buckets, is_full, &now_us);
    self->swept_us = now_us;
  }
  if (g_hash_table_size (self->buckets) >= self->keys_max) {
    key = "";
    bucket = g_hash_table_lookup (self->buckets, key);
  }
  if (bucket == NULL) {
    bucket = g_new0 (Bucket, 1);
    g_hash_table_insert (self->buckets, g_strdup (key), bucket);
  }
  return bucket;
}

gboolean
porch_rate_take (PorchRate *self, const char *key, guint *retry_after_ms)
{
  gint64 now_us = porch_clock_monotonic_us ();
  Bucket *bucket = ensure_bucket (self, key, now_us);
  gint64 full_at_us = MAX (bucket->full_at_us, now_us) + self->token_us;

  if (full_at_us - now_us > self->burst_us) {
    *retry_after_ms = (guint) ((full_at_us - now_us - self->burst_us + 999) / 1000);
    return FALSE;
  }
  bucket->full_at_us = full_at_us;
  *retry_after_ms = 0;
  return TRUE;
}

guint
porch_rate_count_keys (PorchRate *self)
{
  return g_hash_table_size (self->buckets);
}
