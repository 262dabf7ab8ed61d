/* porch-format.c - times, days and names as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-format.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

static PorchHours hours = PORCH_HOURS_LOCALE;

static GDateTime *
local_time_new (gint64 at_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);

  /* Only years beyond 9999 fail; the epoch is as good an answer to such a time as any. */
  if (utc == NULL)
    utc = g_date_time_new_from_unix_utc (0);
  return g_date_time_to_local (utc);
}

/* Days since 1 January of year 1, so that two of them can be subtracted. */
static int
get_day (GDateTime *time)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (time), g_date_time_get_month (time),
                  g_date_time_get_year (time));
  return g_date_get_julian (&date);
}

static gboolean
has_12_hours (void)
{
  const char *format;

  if (hours != PORCH_HOURS_LOCALE)
    return hours == PORCH_HOURS_12;
  format = nl_langinfo (T_FMT);
  return strstr (format, "%r") || strstr (format, "%I") || strstr (format, "%l") ||
         strstr (format, "%p");
}

void
porch_format_set_hours (PorchHours new_hours)
{
  hours = new_hours;
}

static char *
format_clock (GDateTime *time)
{
  /* Translators: a time of day with 24 hours, see g_date_time_format() */
  const char *format = C_ ("time of day", "%H:%M");

  if (has_12_hours ()) {
    /* Translators: a time of day with 12 hours, see g_date_time_format() */
    format = C_ ("time of day", "%-I:%M %p");
  }
  return g_date_time_format (time, format);
}

char *
porch_format_time (gint64 at_us)
{
  g_autoptr (GDateTime) at = local_time_new (at_us);

  return format_clock (at);
}

char *
porch_format_day (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = local_time_new (at_us);
  g_autoptr (GDateTime) now = local_time_new (now_us);
  int n_days_ago = get_day (now) - get_day (at);

  if (n_days_ago == 0)
    return g_strdup (C_ ("day", "Today"));
  if (n_days_ago == 1)
    return g_strdup (C_ ("day", "Yesterday"));
  if (g_date_time_get_year (at) != g_date_time_get_year (now))
    /* Translators: a day of another year, see g_date_time_format() */
    return g_date_time_format (at, C_ ("day", "%A %-d %B %Y"));
  /* Translators: a day of this year, see g_date_time_format() */
  return g_date_time_format (at, C_ ("day", "%A %-d %B"));
}

char *
porch_format_date_time (gint64 at_us)
{
  g_autoptr (GDateTime) at = local_time_new (at_us);
  g_autofree char *day = g_date_time_format (at, C_ ("day", "%A %-d %B %Y"));
  g_autofree char *clock = format_clock (at);

  /* Translators: a day and a time of day */
  return g_strdup_printf (C_ ("day and time", "%s, %s"), day, clock);
}

char *
porch_format_moment (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = local_time_new (at_us);
  g_autoptr (GDateTime) now = local_time_new (now_us);
  const int n_days_ago = get_day (now) - get_day (at);
  g_autofree char *clock = format_clock (at);
  g_autofree char *day = NULL;

  if (n_days_ago == 0 || n_days_ago == 1)
    day = porch_format_day (at_us, now_us);
  else if (n_days_ago < 0 && n_days_ago > -7)
    day = g_date_time_format (at, "%A");
  else if (g_date_time_get_year (at) != g_date_time_get_year (now))
    /* Translators: a day of another year in short, see g_date_time_format() */
    day = g_date_time_format (at, C_ ("moment", "%-d %B %Y"));
  else
    /* Translators: a day of this year in short, see g_date_time_format() */
    day = g_date_time_format (at, C_ ("moment", "%-d %B"));
  /* Translators: a day and a time of day, as in "Today, 09:41" */
  return g_strdup_printf (C_ ("moment", "%s, %s"), day, clock);
}

char *
porch_format_age (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = local_time_new (at_us);
  g_autoptr (GDateTime) now = local_time_new (now_us);
  int n_days_ago = get_day (now) - get_day (at);

  /* A clock of another computer that is a little ahead is no reason to write a date. */
  if (n_days_ago <= 0)
    return format_clock (at);
  if (n_days_ago < 7)
    return g_date_time_format (at, "%a");
  if (g_date_time_get_year (at) != g_date_time_get_year (now))
    /* Translators: a short day of another year, see g_date_time_format() */
    return g_date_time_format (at, C_ ("short day", "%-d %b %Y"));
  /* Translators: a short day of this year, see g_date_time_format() */
  return g_date_time_format (at, C_ ("short day", "%-d %b"));
}

char *
porch_format_wait (gint64 wait_us)
{
  gint64 n_minutes = MAX (0, wait_us) / (60 * G_USEC_PER_SEC);
  gint64 n_hours = n_minutes / 60;

  if (n_minutes == 0)
    /* Translators: less than a minute, in the least space */
    return g_strdup (C_ ("duration", "<1 min"));
  if (n_minutes < 60)
    return g_strdup_printf (C_ ("duration", "%d min"), (int) n_minutes);
  if (n_hours < 24 && n_minutes % 60 == 0)
    return g_strdup_printf (C_ ("duration", "%d h"), (int) n_hours);
  if (n_hours < 24)
    /* Translators: hours and minutes */
    return g_strdup_printf (C_ ("duration", "%d h %d min"), (int) n_hours, (int) (n_minutes % 60));
  return g_strdup_printf (ngettext ("%d day", "%d days", n_hours / 24), (int) (n_hours / 24));
}

char *
porch_format_span (gint64 span_us)
{
  int n_seconds = (int) MIN (MAX (0, span_us) / G_USEC_PER_SEC, G_MAXINT);

  if (n_seconds >= 3600)
    return porch_format_wait (span_us);
  if (n_seconds < 60)
    return g_strdup_printf (C_ ("duration", "%d s"), n_seconds);
  if (n_seconds % 60 == 0)
    return g_strdup_printf (C_ ("duration", "%d min"), n_seconds / 60);
  /* Translators: minutes and seconds */
  return g_strdup_printf (C_ ("duration", "%d min %d s"), n_seconds / 60, n_seconds % 60);
}

gboolean
porch_format_is_same_day (gint64 a_us, gint64 b_us)
{
  g_autoptr (GDateTime) a = local_time_new (a_us);
  g_autoptr (GDateTime) b = local_time_new (b_us);

  return get_day (a) == get_day (b);
}

gint64
porch_format_until_midnight (gint64 now_us)
{
  g_autoptr (GDateTime) now = local_time_new (now_us);
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) midnight =
    g_date_time_new_local (g_date_time_get_year (tomorrow), g_date_time_get_month (tomorrow),
                           g_date_time_get_day_of_month (tomorrow), 0, 0, 0);

  return MAX (1, g_date_time_to_unix (midnight) * G_USEC_PER_SEC - now_us);
}

char *
porch_format_isolate (const char *name)
{
  GString *isolated = g_string_new ("\342\201\250"); /* U+2068 FIRST STRONG ISOLATE */

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    /* An isolate or an embedding of the name's own would reach beyond it, or end ours. */
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || g_unichar_iscntrl (c))
      continue;
    g_string_append_unichar (isolated, c);
  }
  g_string_append (isolated, "\342\201\251"); /* U+2069 POP DIRECTIONAL ISOLATE */
  return g_string_free (isolated, FALSE);
}

char *
porch_format_domains (const char *domains)
{
  g_auto (GStrv) words = g_strsplit (domains, " ", -1);

  for (char **word = words; *word != NULL; word++) {
    char *mark = strstr (*word, "://");
    char *host = mark != NULL ? mark + strlen ("://") : *word;
    const gsize length = strcspn (host, ":");
    g_autofree char *scheme = g_strndup (*word, host - *word);
    g_autofree char *written = g_strndup (host, length);
    g_autofree char *letters = *host != '[' ? g_hostname_to_unicode (written) : NULL;
    char *whole = g_strconcat (scheme, letters != NULL ? letters : written, host + length, NULL);

    g_free (*word);
    *word = whole;
  }
  return g_strjoinv (" ", words);
}
