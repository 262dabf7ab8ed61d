/* bench-scanner.c - what reading a frame costs, beside json-glib in the same run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each document is read by both in turn, five times; the medians are printed, in CPU time.
 * json-glib checks less (it takes two documents, lone surrogates, names given twice), so its column
 * flatters it.
 */
#include "config.h"

#include "porch-scanner.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS        5
#define BYTES_A_ROUND (20 * 1000 * 1000)

static double
get_cpu_s (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Nanoseconds for one reading. */
static double
time_frame (const char *text, gsize length, guint n)
{
  const double begin = get_cpu_s ();

  for (guint i = 0; i < n; i++) {
    g_auto (PorchFrame) frame = { .n_members = 0 };
    const char *type = NULL;

    if (!porch_frame_scan (&frame, text, length, NULL) ||
        !porch_frame_read_string (&frame, "type", TRUE, &type, NULL))
      g_error ("a frame was refused");
  }
  return (get_cpu_s () - begin) / n * 1e9;
}

static double
time_check (const char *text, gsize length, guint n)
{
  const double begin = get_cpu_s ();

  for (guint i = 0; i < n; i++)
    if (!porch_scanner_check (text, length, length, PORCH_FRAME_MEMBERS, NULL))
      g_error ("a document was refused");
  return (get_cpu_s () - begin) / n * 1e9;
}

static double
time_json_glib (const char *text, gsize length, guint n)
{
  const double begin = get_cpu_s ();

  for (guint i = 0; i < n; i++) {
    g_autoptr (JsonParser) parser = json_parser_new ();

    if (!json_parser_load_from_data (parser, text, length, NULL) ||
        json_object_get_string_member (json_node_get_object (json_parser_get_root (parser)),
                                       "type") == NULL)
      g_error ("json-glib refused a document");
  }
  return (get_cpu_s () - begin) / n * 1e9;
}

static double
get_median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare_doubles);
  return values[ROUNDS / 2];
}

static void
measure (const char *name, const char *text)
{
  const gsize length = strlen (text);
  const guint n = MAX (BYTES_A_ROUND / length, 10);
  double frames[ROUNDS], checks[ROUNDS], others[ROUNDS];

  for (guint round = 0; round < ROUNDS; round++) {
    frames[round] = time_frame (text, length, n);
    checks[round] = time_check (text, length, n);
    others[round] = time_json_glib (text, length, n / 10);
  }
  printf ("%-24s %7zu %11.0f %11.0f %11.0f %8.1f x\n", name, length, get_median (frames),
          get_median (checks), get_median (others), get_median (others) / get_median (frames));
}

static char *
dup_frame (const char *message)
{
  return g_strdup_printf (
    "{\"type\":\"message\",\"id\":\"Jv0XIkM5Q2yD1dQ0l7hQ0A:12\","
    "\"conversation\":\"new-k3TzB9o1XWcV7rE2yQ5uHg\",\"department\":\"sales\","
    "\"message\":\"%s\"}",
    message);
}

/* @text over and over, up to @length bytes of it. */
static char *
dup_repeated (const char *text, gsize length)
{
  g_autoptr (GString) all = g_string_new (NULL);

  while (all->len + strlen (text) <= length)
    g_string_append (all, text);
  return g_strdup (all->str);
}

int
main (int argc, char **argv)
{
  static const char hello[] =
    "{\"type\":\"hello\",\"token\":\"vt_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\",\"epoch\":"
    "\"k3TzB9o1XWcV7rE2yQ5uHg\",\"since\":123456,\"page\":{\"url\":\"https://www.example.com/shop/"
    "lamps/porch?colour=green\",\"title\":\"Porch lamps\",\"referrer\":\"https://example.org/\"},"
    "\"lang\":\"en-GB\"}";
  static const char ascii[] = "Do you ship porch lamps to Greece, and how long does it take? ";
  static const char greek[] = "\xce\x9a\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1 ";
  g_autofree char *words = dup_repeated (ascii, 150);
  g_autofree char *many_words = dup_repeated (ascii, 60000);
  g_autofree char *greek_words = dup_repeated (greek, 60000);
  g_autofree char *escapes = dup_repeated ("\\u03b1\\n\\\"", 60000);
  g_autofree char *message = dup_frame (words);
  g_autofree char *ascii_60k = dup_frame (many_words);
  g_autofree char *greek_60k = dup_frame (greek_words);
  g_autofree char *escapes_60k = dup_frame (escapes);

  printf ("%-24s %7s %11s %11s %11s %10s\n", "ns each", "bytes", "frame", "check", "json-glib",
          "ratio");
  measure ("typing", "{\"type\":\"typing\",\"conversation\":\"k3TzB9o1XWcV7rE2yQ5uHg\","
                     "\"is_typing\":true}");
  measure ("message, flat", message);
  measure ("hello, nested", hello);
  measure ("message of ASCII", ascii_60k);
  measure ("message of Greek", greek_60k);
  measure ("message of escapes", escapes_60k);
  return 0;
}
