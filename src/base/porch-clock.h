/* porch-clock.h - what time it is, for everybody, and a fake one for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wall times are microseconds of UTC since 1970 and are only ever shown or written down. Order
 * never depends on them; limits, leases and deadlines use the monotonic clock.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 porch_clock_now_us (void);
gint64 porch_clock_monotonic_us (void);
/* Monotonic, and goes on while the computer sleeps: by it one sees that the wall clock was set. */
gint64 porch_clock_boot_us (void);

/* Tests only: both clocks stand still at @now_us until they are advanced. */
void porch_clock_fake (gint64 now_us);
void porch_clock_advance (gint64 by_us);
/* The wall clock alone is set. */
void porch_clock_jump (gint64 by_us);
void porch_clock_unfake (void);

/* "2026-11-20T09:41:07.123Z" (RFC 3339, milliseconds) into @text, which has room for
 * PORCH_TIME_TEXT bytes. @time_us must lie in the years 1970 to 9999. */
#define PORCH_TIME_TEXT 32
void porch_clock_format (gint64 time_us, char *text);
/* FALSE when @text is not a time of those years with a zone (ISO 8601); then *@time_us is as it
 * was. */
gboolean porch_clock_parse (const char *text, gint64 *time_us);

G_END_DECLS
