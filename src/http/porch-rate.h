/* porch-rate.h - token buckets, one for each key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchRate PorchRate;

/* @burst at once, and @per_minute in the long run. At most @keys_max keys are remembered; what
 * comes beyond shares one bucket, so that strangers cannot fill the memory with names. */
PorchRate *porch_rate_new (guint per_minute, guint burst, guint keys_max) G_GNUC_WARN_UNUSED_RESULT;
/* Another pace from now on; what was taken stays taken. */
void porch_rate_set (PorchRate *self, guint per_minute, guint burst);
void porch_rate_free (PorchRate *self);

/* TRUE and one token less, with 0 in @retry_after_ms; or FALSE, nothing taken, and there when there
 * will be one. Reads the clock of base/porch-clock.h. */
gboolean porch_rate_take (PorchRate *self, const char *key, guint *retry_after_ms);

guint porch_rate_count_keys (PorchRate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRate, porch_rate_free)

G_END_DECLS
