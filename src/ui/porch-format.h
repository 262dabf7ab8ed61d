/* porch-format.h - times, days and names as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All times are microseconds of UTC and are shown in the zone of this computer. Whatever depends on
 * what day it is takes the current time, so that it can be tested and does not change in the middle
 * of a list.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_HOURS_LOCALE, /* as the locale writes times */
  PORCH_HOURS_24,
  PORCH_HOURS_12,
} PorchHours;

/* What the desktop is set to wins over the locale. Main thread only, like all of this. */
void porch_format_set_hours (PorchHours hours);

/* "09:41" or "9:41 AM". */
char *porch_format_time (gint64 at_us) G_GNUC_WARN_UNUSED_RESULT;
/* "Today", "Yesterday", "Friday 13 November", and with the year when it is another one. */
char *porch_format_day (gint64 at_us, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;
/* "Today, 09:41", "Monday, 09:41" for one to come, "3 October, 09:41": where there is little room.
 */
char *porch_format_moment (gint64 at_us, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;
/* "Friday 13 November 2026, 09:41", for tooltips. */
char *porch_format_date_time (gint64 at_us) G_GNUC_WARN_UNUSED_RESULT;
/* The short one for rows: "09:41" today, "Wed" within the last six days, "3 Oct", "3 Oct 2025". */
char *porch_format_age (gint64 at_us, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;
/* For chips that tick: "<1 min", "2 min", "1 h 5 min", "3 days". */
char *porch_format_wait (gint64 wait_us) G_GNUC_WARN_UNUSED_RESULT;
/* For facts: "40 s", "1 min 40 s", and from an hour on as porch_format_wait (). */
char *porch_format_span (gint64 span_us) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when both fall on one calendar day here. */
gboolean porch_format_is_same_day (gint64 a_us, gint64 b_us);
/* Microseconds until the words of porch_format_day () change. */
gint64 porch_format_until_midnight (gint64 now_us);

/* @name for use inside a sentence: whatever its letters' direction, and whatever controls a
 * stranger put into it, the words around it keep their order. For display only. */
char *porch_format_isolate (const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Addresses between blanks, as they are kept ("xn--bcher-kva.example http://localhost:3000"), with
 * the letters of their owners. What is typed so means the same. */
char *porch_format_domains (const char *domains) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
