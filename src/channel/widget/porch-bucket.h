/* porch-bucket.h - how fast each of many may go: token buckets by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchBuckets PorchBuckets;

/* Each name may @burst times at once, and once more every @interval_ms. An interval of 0: no limit.
 */
PorchBuckets *porch_buckets_new (guint burst, guint interval_ms) G_GNUC_WARN_UNUSED_RESULT;
/* Another pace from now on; what was taken stays taken. */
void porch_buckets_set (PorchBuckets *self, guint burst, guint interval_ms);
void porch_buckets_free (PorchBuckets *self);
/* 0: go on. Otherwise in how many milliseconds to come back; nothing is taken then. Reads the clock
 * of base/porch-clock.h that nobody sets. */
guint porch_buckets_take (PorchBuckets *self, const char *name);
/* What was taken was not needed after all. */
void porch_buckets_give_back (PorchBuckets *self, const char *name);
/* Forgets those that are full again. */
void porch_buckets_sweep (PorchBuckets *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchBuckets, porch_buckets_free)

G_END_DECLS
