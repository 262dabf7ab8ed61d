/* porch-writer.c - JSON text, written straight into a string
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-writer.h"

#include "porch-clock.h"
#include "porch-utf8.h"

#include <string.h>

/* TRUE for bytes that stand for themselves within quotes. */
static inline gboolean
is_plain (guint8 byte)
{
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\' && byte != '<';
}

static void
append_escape (GString *text, guint8 byte)
{
  static const char digits[] = "0123456789abcdef";
  const char hex[] = { '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] };

  switch (byte) {
  case '"':
    g_string_append_len (text, "\\\"", 2);
    break;
  case '\\':
    g_string_append_len (text, "\\\\", 2);
    break;
  case '\n':
    g_string_append_len (text, "\\n", 2);
    break;
  case '\r':
    g_string_append_len (text, "\\r", 2);
    break;
  case '\t':
    g_string_append_len (text, "\\t", 2);
    break;
  default:
    g_string_append_len (text, hex, sizeof hex);
    break;
  }
}

/* What starts with a byte of 0x80 or more. Returns how many bytes were taken. */
static guint
append_beyond_ascii (GString *text, const guint8 *at, gsize left)
{
  const guint length = porch_utf8_step (at, left);

  if (length == 0) {
    g_string_append (text, "\xef\xbf\xbd");
    return 1;
  }
  /* U+2028 and U+2029 end a line in older JavaScript, where JSON lets them stand. */
  if (length == 3 && at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9))
    g_string_append (text, at[2] == 0xa8 ? "\\u2028" : "\\u2029");
  else
    g_string_append_len (text, (const char *) at, length);
  return length;
}

void
porch_json_append_string (GString *text, const char *value)
{
  const guint8 *at = (const guint8 *) value, *end = at + strlen (value);

  g_string_append_c (text, '"');
  while (at < end) {
    const guint8 *run = at;

    while (at < end && is_plain (*at))
      at++;
    if (at > run)
      g_string_append_len (text, (const char *) run, at - run);
    if (at == end)
      break;
    if (*at < 0x80)
      append_escape (text, *at++);
    else
      at += append_beyond_ascii (text, at, end - at);
  }
  g_string_append_c (text, '"');
}

/* The comma and the name that come before each value. */
static void
begin_value (PorchWriter *self, const char *name)
{
  if (self->needs_comma)
    g_string_append_c (self->text, ',');
  self->needs_comma = TRUE;
  if (name != NULL) {
    g_string_append_c (self->text, '"');
    g_string_append (self->text, name);
    g_string_append_len (self->text, "\":", 2);
  }
}

static void
begin_inside (PorchWriter *self, const char *name, char bracket)
{
  begin_value (self, name);
  g_string_append_c (self->text, bracket);
  self->needs_comma = FALSE;
}

static void
end_inside (PorchWriter *self, char bracket)
{
  g_string_append_c (self->text, bracket);
  self->needs_comma = TRUE;
}

void
porch_writer_begin (PorchWriter *self, const char *name)
{
  begin_inside (self, name, '{');
}

void
porch_writer_end (PorchWriter *self)
{
  end_inside (self, '}');
}

void
porch_writer_begin_array (PorchWriter *self, const char *name)
{
  begin_inside (self, name, '[');
}

void
porch_writer_end_array (PorchWriter *self)
{
  end_inside (self, ']');
}

void
porch_writer_string (PorchWriter *self, const char *name, const char *value)
{
  begin_value (self, name);
  if (value != NULL)
    porch_json_append_string (self->text, value);
  else
    g_string_append_len (self->text, "null", 4);
}

void
porch_writer_int (PorchWriter *self, const char *name, gint64 value)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 left = value < 0 ? -(guint64) value : (guint64) value;

  /* By hand: printf takes as long as all the rest of a frame. */
  do
    *--at = '0' + left % 10;
  while ((left /= 10) > 0);
  if (value < 0)
    *--at = '-';
  begin_value (self, name);
  g_string_append_len (self->text, at, digits + sizeof digits - at);
}

void
porch_writer_boolean (PorchWriter *self, const char *name, gboolean value)
{
  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
porch_writer_time (PorchWriter *self, const char *name, gint64 time_us)
{
  char text[PORCH_TIME_TEXT] = "";

  if (time_us != 0)
    porch_clock_format (time_us, text);
  porch_writer_string (self, name, time_us != 0 ? text : NULL);
}

void
porch_writer_raw (PorchWriter *self, const char *name, const char *json)
{
  begin_value (self, name);
  g_string_append (self->text, json != NULL ? json : "null");
}
