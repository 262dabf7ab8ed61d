/* porch-failures.h - how often somebody failed, and how long they wait for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchFailures PorchFailures;

/* At the @most-th failure a minute's wait, doubled with each more, up to an hour. Whoever did not
 * fail for @window_us begins anew. */
PorchFailures *porch_failures_new (guint most, gint64 window_us) G_GNUC_WARN_UNUSED_RESULT;
void porch_failures_free (PorchFailures *self);

/* Counted by the clock of base/porch-clock.h that nobody sets. At most 10,000 names are
 * remembered. */
void porch_failures_count (PorchFailures *self, const char *name);
void porch_failures_forget (PorchFailures *self, const char *name);
/* In how many milliseconds @name may try again; 0: now. */
guint porch_failures_get_wait (PorchFailures *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchFailures, porch_failures_free)

G_END_DECLS
