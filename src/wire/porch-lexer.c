/* porch-lexer.c - strings, numbers and words of JSON, strictly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-scanner-private.h"
#include "porch-utf8.h"

#include <math.h>
#include <string.h>

/* RFC 7493 section 2.2: beyond this JavaScript takes one whole number for another. */
#define WHOLE_MAX G_GINT64_CONSTANT (9007199254740991)
/* Longer ones say nothing more to a double, and make its reading slow. */
#define NUMBER_BYTES 64

gboolean
porch_scan_fail (PorchScan *self, const char *problem)
{
  g_set_error (self->error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "byte %" G_GSIZE_FORMAT ": %s",
               (gsize) (self->at - self->data), problem);
  return FALSE;
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Not 0 when a byte of @word is less than @n, which is 128 at most. The high bit of the lowest such
 * byte is set; those above it say nothing. */
static inline guint64
has_less (guint64 word, guint8 n)
{
  return (word - EACH (n)) & ~word & EACH (0x80);
}

/* TRUE when none of the eight bytes is a control, a quote, a backslash or beyond ASCII. */
static inline gboolean
are_plain (const char *at)
{
  guint64 word;

  memcpy (&word, at, sizeof word);
  return ((word & EACH (0x80)) | has_less (word, 0x20) | has_less (word ^ EACH ('"'), 1) |
          has_less (word ^ EACH ('\\'), 1)) == 0;
}

/* Past the characters beyond ASCII from here on: letters of most scripts come in rows. */
static inline gboolean
skip_beyond_ascii (PorchScan *self)
{
  do {
    const guint step = porch_utf8_step ((const guint8 *) self->at, self->end - self->at);

    if (step == 0)
      return porch_scan_fail (self, "not UTF-8");
    self->at += step;
  } while (self->at < self->end && (guint8) *self->at >= 0x80);
  return TRUE;
}

/* To the next quote or backslash. */
static gboolean
skip_plain (PorchScan *self)
{
  const char *at = self->at, *end = self->end;

  for (;;) {
    while (end - at >= 8 && are_plain (at))
      at += 8;
    while (at < end && (guint8) (*at - 0x20) < 0x60 && *at != '"' && *at != '\\')
      at++;
    self->at = at;
    if (at == end)
      return porch_scan_fail (self, "a string does not end");
    if (*at == '"' || *at == '\\')
      return TRUE;
    if ((guint8) *at < 0x20)
      return porch_scan_fail (self, "a control character in a string");
    if (!skip_beyond_ascii (self))
      return FALSE;
    at = self->at;
  }
}

static void
put (char **room, const char *bytes, gsize length)
{
  if (room == NULL || length == 0)
    return;
  memcpy (*room, bytes, length);
  *room += length;
}

/* The four digits after "\u", or -1. */
static int
scan_hex (PorchScan *self)
{
  int value = 0;

  if (self->end - self->at < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (self->at[i]);

    if (digit < 0)
      return -1;
    value = value << 4 | digit;
  }
  self->at += 4;
  return value;
}

/* What follows "\u". */
static gboolean
scan_unicode (PorchScan *self, char **room)
{
  char bytes[6];
  int high = scan_hex (self), low = -1;
  gunichar c;

  if (high < 0)
    return porch_scan_fail (self, "a bad \\u escape");
  if (high == 0)
    return porch_scan_fail (self, "U+0000 in a string");
  c = high;
  if (high >= 0xd800 && high <= 0xdfff) {
    if (high <= 0xdbff && self->end - self->at >= 6 && memcmp (self->at, "\\u", 2) == 0) {
      self->at += 2;
      low = scan_hex (self);
    }
    if (low < 0xdc00 || low > 0xdfff)
      return porch_scan_fail (self, "a surrogate alone");
    c = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
  }
  put (room, bytes, g_unichar_to_utf8 (c, bytes));
  return TRUE;
}

/* What follows a backslash. */
static gboolean
scan_escape (PorchScan *self, char **room)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const int c = porch_scan_peek (self);
  const char *letter;

  if (c == 'u') {
    self->at++;
    return scan_unicode (self, room);
  }
  letter = c > 0 ? memchr (letters, c, strlen (letters)) : NULL;
  if (letter == NULL)
    return porch_scan_fail (self, "a bad escape");
  self->at++;
  put (room, &meanings[letter - letters], 1);
  return TRUE;
}

gboolean
porch_scan_string (PorchScan *self, char **room, PorchScanText *text)
{
  const char *run = self->at;
  const char *begin = room != NULL ? *room : NULL;

  if (!skip_plain (self))
    return FALSE;
  if (*self->at == '"') {
    *text = (PorchScanText){ run, self->at - run };
    self->at++;
    return TRUE;
  }

  for (;;) {
    put (room, run, self->at - run);
    if (*self->at++ == '"')
      break;
    if (!scan_escape (self, room))
      return FALSE;
    run = self->at;
    if (!skip_plain (self))
      return FALSE;
  }
  *text = (PorchScanText){ begin, room != NULL ? *room - begin : 0 };
  return TRUE;
}

static gboolean
skip_digits (PorchScan *self)
{
  const char *begin = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return self->at > begin;
}

/* The fraction and the exponent, either of which may be missing. */
static gboolean
skip_fraction (PorchScan *self)
{
  int c = porch_scan_peek (self);

  if (c == '.') {
    self->at++;
    if (!skip_digits (self))
      return porch_scan_fail (self, "a digit is missing after the point");
    c = porch_scan_peek (self);
  }
  if (c == 'e' || c == 'E') {
    self->at++;
    c = porch_scan_peek (self);
    if (c == '+' || c == '-')
      self->at++;
    if (!skip_digits (self))
      return porch_scan_fail (self, "a digit is missing in the exponent");
  }
  return TRUE;
}

static gboolean
read_whole (PorchScan *self, const char *begin, PorchMember *member)
{
  const gboolean is_negative = *begin == '-';
  gint64 value = 0;

  for (const char *at = begin + is_negative; at < self->at; at++) {
    value = value * 10 + (*at - '0');
    if (value > WHOLE_MAX)
      return porch_scan_fail (self, "a whole number beyond 2^53");
  }
  if (member != NULL) {
    member->kind = PORCH_JSON_INTEGER;
    member->integer = is_negative ? -value : value;
    member->number = member->integer;
  }
  return TRUE;
}

static gboolean
read_double (PorchScan *self, const char *begin, PorchMember *member)
{
  char digits[NUMBER_BYTES] = "";
  double value;

  if (self->at - begin >= NUMBER_BYTES)
    return porch_scan_fail (self, "a number with too many digits");
  memcpy (digits, begin, self->at - begin);
  value = g_ascii_strtod (digits, NULL);
  if (!isfinite (value))
    return porch_scan_fail (self, "a number that is too large");
  if (member != NULL) {
    member->kind = PORCH_JSON_NUMBER;
    member->number = value;
  }
  return TRUE;
}

gboolean
porch_scan_number (PorchScan *self, PorchMember *member)
{
  const char *begin = self->at, *whole_end;

  if (*self->at == '-')
    self->at++;
  /* After a leading 0 comes no digit (RFC 8259 section 6): whoever reads on finds it in the way. */
  if (porch_scan_peek (self) == '0')
    self->at++;
  else if (!skip_digits (self))
    return porch_scan_fail (self, "a digit is missing");

  whole_end = self->at;
  if (!skip_fraction (self))
    return FALSE;
  return self->at == whole_end ? read_whole (self, begin, member)
                               : read_double (self, begin, member);
}

gboolean
porch_scan_literal (PorchScan *self, const char *literal)
{
  const gsize length = strlen (literal);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, literal, length) != 0)
    return porch_scan_fail (self, "not a JSON value");
  self->at += length;
  return TRUE;
}
