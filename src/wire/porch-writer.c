/* porch-writer.c - JSON text, written straight into a string
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-writer.h"

#include "porch-clock.h"
#include "porch-utf8.h"

#include <string.h>

/* GString's own functions take any position and any growth; most of a frame is small pieces at the
 * end of a string that has room. Where to write @length bytes; finish () says where they end. */
static inline char *
reserve (GString *text, gsize length)
{
  const gsize used = text->len;

  if (used + length >= text->allocated_len) {
    g_string_set_size (text, used + MAX (used, length));
    text->len = used;
  }
  return text->str + used;
}

static inline void
finish (GString *text, char *end)
{
  *end = '\0';
  text->len = end - text->str;
}

static inline void
append (GString *text, const char *bytes, gsize length)
{
  char *at = reserve (text, length);

  memcpy (at, bytes, length);
  finish (text, at + length);
}

/* TRUE for bytes that stand for themselves within quotes. */
static inline gboolean
is_plain (guint8 byte)
{
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\' && byte != '<';
}

/* The same for eight bytes at once: bit 7 of a byte of x - n is set by a borrow when that byte of x
 * was less than n, and a byte that equals c is less than 1 after x ^ c. A borrow that runs on into
 * the next byte can only follow one that was found. */
static inline gboolean
are_plain (const guint8 *bytes)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101), high = ones << 7;
  guint64 x, quote, backslash, less;

  memcpy (&x, bytes, sizeof x);
  quote = x ^ ones * '"';
  backslash = x ^ ones * '\\';
  less = x ^ ones * '<';
  return ((x | (x - ones * 0x20) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
           ((less - ones) & ~less)) &
          high) == 0;
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

/* Bytes that stand for themselves, letters beyond ASCII and all. */
static gsize
count_beyond_ascii (const guint8 *bytes, gsize length)
{
  gsize n = 0;

  while (n < length && bytes[n] >= 0x80) {
    const guint step = porch_utf8_step (bytes + n, length - n);

    if (step == 0 ||
        (step == 3 && bytes[n] == 0xe2 && bytes[n + 1] == 0x80 && (bytes[n + 2] & 0xfe) == 0xa8))
      break;
    n += step;
  }
  return n;
}

static gsize
count_plain (const guint8 *bytes, gsize length)
{
  gsize n = 0;

  while (n + 8 <= length && are_plain (bytes + n))
    n += 8;
  while (n < length && is_plain (bytes[n]))
    n++;
  return n;
}

void
porch_json_append_string (GString *text, const char *value)
{
  const guint8 *bytes = (const guint8 *) value, *end = bytes + strlen (value);
  gsize n_plain = count_plain (bytes, end - bytes);
  char *at = reserve (text, n_plain + 2);

  *at++ = '"';
  memcpy (at, bytes, n_plain);
  finish (text, at + n_plain);
  for (bytes += n_plain; bytes < end; bytes += n_plain) {
    n_plain = count_plain (bytes, end - bytes);
    if (n_plain == 0)
      n_plain = count_beyond_ascii (bytes, end - bytes);
    if (n_plain > 0)
      append (text, (const char *) bytes, n_plain);
    else if (*bytes < 0x80)
      append_escape (text, *bytes++);
    else
      bytes += append_beyond_ascii (text, bytes, end - bytes);
  }
  append (text, "\"", 1);
}

/* The comma and the name that come before each value. */
static void
begin_value (PorchWriter *self, const char *name)
{
  const gsize length = name != NULL ? strlen (name) : 0;
  char *at = reserve (self->text, length + strlen (",\"\":"));

  if (self->needs_comma)
    *at++ = ',';
  self->needs_comma = TRUE;
  if (name != NULL) {
    *at++ = '"';
    memcpy (at, name, length);
    at += length;
    *at++ = '"';
    *at++ = ':';
  }
  finish (self->text, at);
}

static void
begin_inside (PorchWriter *self, const char *name, char bracket)
{
  begin_value (self, name);
  append (self->text, &bracket, 1);
  self->needs_comma = FALSE;
}

static void
end_inside (PorchWriter *self, char bracket)
{
  append (self->text, &bracket, 1);
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
    append (self->text, "null", 4);
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
  append (self->text, at, digits + sizeof digits - at);
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
