/* porch-head.c - the strict reading of a request's head
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-head.h"

#include <string.h>

#define HOST_MAX 255
/* So many digits cannot overflow, and no limit of a body is anywhere near. */
#define LENGTH_DIGITS_MAX 15

/* These may stand once only: where two readers could pick different ones, or where we decide by
 * them. */
typedef enum {
  ONCE_HOST,
  ONCE_CONTENT_LENGTH,
  ONCE_UPGRADE,
  ONCE_AUTHORIZATION,
  ONCE_ORIGIN,
  ONCE_CONTENT_TYPE,
  ONCE_SOCKET_KEY,
  ONCE_SOCKET_VERSION,
  N_ONCE
} Once;

static const char *const once_names[N_ONCE] = {
  "host",   "content-length", "upgrade",           "authorization",
  "origin", "content-type",   "sec-websocket-key", "sec-websocket-version",
};

typedef struct {
  PorchHead *head;
  guint seen; /* bits of Once */
  gboolean has_connection_upgrade;
  guint late; /* a status said only when nothing worse is found */
} Reading;

static gboolean
is_token (PorchSpan span)
{
  for (gsize i = 0; i < span.length; i++)
    if (!g_ascii_isalnum (span.at[i]) &&
        (span.at[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", span.at[i]) == NULL))
      return FALSE;
  return span.length > 0;
}

static gboolean
is_word (PorchSpan span, const char *word)
{
  return span.length == strlen (word) && g_ascii_strncasecmp (span.at, word, span.length) == 0;
}

static PorchSpan
strip (PorchSpan span)
{
  while (span.length > 0 && (span.at[0] == ' ' || span.at[0] == '\t')) {
    span.at++;
    span.length--;
  }
  while (span.length > 0 && (span.at[span.length - 1] == ' ' || span.at[span.length - 1] == '\t'))
    span.length--;
  return span;
}

/* Splits @span at the first @mark: returns what is before it and leaves what is after it. */
static PorchSpan
cut (PorchSpan *span, char mark)
{
  const char *at = memchr (span->at, mark, span->length);
  PorchSpan before = { span->at, at != NULL ? (gsize) (at - span->at) : span->length };
  gsize used = before.length + (at != NULL ? 1 : 0);

  span->at += used;
  span->length -= used;
  return before;
}

static gboolean
list_has (PorchSpan list, const char *word)
{
  while (list.length > 0)
    if (is_word (strip (cut (&list, ',')), word))
      return TRUE;
  return FALSE;
}

gssize
porch_head_find_end (const guint8 *data, gsize length, gsize from, gsize head_max)
{
  gsize end = MIN (length, head_max);

  for (gsize i = from; i < end; i++) {
    guint8 c = data[i];

    /* CR only before LF and LF only after CR (RFC 9112 section 2.2); no other control characters,
     * nothing above ASCII. */
    if (c == '\n') {
      if (i == 0 || data[i - 1] != '\r')
        return -400;
      if (i >= 3 && data[i - 2] == '\n')
        return (gssize) i + 1;
    } else if ((i > 0 && data[i - 1] == '\r') || (c < 0x20 && c != '\r' && c != '\t') ||
               c >= 0x7f) {
      return -400;
    }
  }
  return length >= head_max ? -431 : 0;
}

static gboolean
is_target (PorchSpan target)
{
  /* Origin form only (RFC 9112 section 3.2.1): no proxy's absolute form, no asterisk, no
   * fragment. */
  if (target.length == 0 || target.at[0] != '/')
    return FALSE;
  for (gsize i = 0; i < target.length; i++) {
    if (strchr ("\t#\"<>\\^`{|}", target.at[i]) != NULL)
      return FALSE;
    if (target.at[i] == '%' && (target.length - i < 3 || !g_ascii_isxdigit (target.at[i + 1]) ||
                                !g_ascii_isxdigit (target.at[i + 2])))
      return FALSE;
  }
  return TRUE;
}

static guint
parse_request_line (PorchSpan line, PorchHead *head)
{
  static const char *const verbs[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
  PorchSpan verb = cut (&line, ' ');
  PorchSpan target = cut (&line, ' ');

  if (!is_token (verb) || !is_target (target))
    return 400;
  if (line.length != 8 || memcmp (line.at, "HTTP/1.1", 8) != 0)
    return 400;

  head->path = cut (&target, '?');
  head->query = target;
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (verb.length == strlen (verbs[i]) && memcmp (verb.at, verbs[i], verb.length) == 0)
      head->verb = verbs[i];
  return head->verb != NULL ? 0 : 501;
}

static gboolean
is_made_of (PorchSpan span, const char *others)
{
  for (gsize i = 0; i < span.length; i++)
    if (!g_ascii_isalnum (span.at[i]) && strchr (others, span.at[i]) == NULL)
      return FALSE;
  return span.length > 0;
}

/* NAME, NAME:PORT, [ADDRESS] or [ADDRESS]:PORT. What the address is worth is not our question: only
 * hosts on a list get in. */
static gboolean
is_host (PorchSpan host)
{
  PorchSpan name = { 0 };

  if (host.length == 0 || host.length > HOST_MAX)
    return FALSE;
  if (host.at[0] == '[') {
    cut (&host, '[');
    name = cut (&host, ']');
    if (!is_made_of (name, ":.") || (host.length > 0 && host.at[0] != ':'))
      return FALSE;
    if (host.length == 0)
      return host.at[-1] == ']';
    cut (&host, ':');
  } else {
    gsize before = host.length;

    name = cut (&host, ':');
    if (!is_made_of (name, "-._"))
      return FALSE;
    if (name.length == before)
      return TRUE;
  }
  if (host.length == 0 || host.length > 5)
    return FALSE;
  for (gsize i = 0; i < host.length; i++)
    if (!g_ascii_isdigit (host.at[i]))
      return FALSE;
  return TRUE;
}

/* Plain decimal digits: no sign, no blank, no leading zero, no list. */
static guint
parse_length (PorchSpan digits, guint64 *value)
{
  if (digits.length == 0 || (digits.length > 1 && digits.at[0] == '0'))
    return 400;
  *value = 0;
  for (gsize i = 0; i < digits.length; i++) {
    if (!g_ascii_isdigit (digits.at[i]))
      return 400;
    if (i < LENGTH_DIGITS_MAX)
      *value = *value * 10 + (guint64) (digits.at[i] - '0');
  }
  return digits.length > LENGTH_DIGITS_MAX ? 413 : 0;
}

static guint
take_length (Reading *reading, PorchSpan value)
{
  guint status = parse_length (value, &reading->head->content_length);

  /* Too large is said at the end, so that an attempt at smuggling stays a 400. */
  if (status == 413)
    reading->late = MAX (reading->late, status);
  return status == 400 ? 400 : 0;
}

static guint
take_header (Reading *reading, PorchSpan name, PorchSpan value)
{
  for (guint i = 0; i < N_ONCE; i++) {
    if (!is_word (name, once_names[i]))
      continue;
    if (reading->seen & (1u << i))
      return 400;
    reading->seen |= 1u << i;
    if (i == ONCE_CONTENT_LENGTH)
      return take_length (reading, value);
    if (i == ONCE_UPGRADE)
      return is_word (value, "websocket") ? 0 : 400;
    if (i == ONCE_HOST)
      reading->head->host = value;
    return i != ONCE_HOST || is_host (value) ? 0 : 400;
  }

  /* Our clients never chunk. A request with both framings is an attack (RFC 9112 section 6.3), and
   * a 400. */
  if (is_word (name, "transfer-encoding"))
    reading->late = MAX (reading->late, 501);
  else if (is_word (name, "x-forwarded-for"))
    reading->head->chain = value;
  else if (is_word (name, "connection"))
    reading->has_connection_upgrade |= list_has (value, "upgrade");
  else if (is_word (name, "expect") && !is_word (value, "100-continue"))
    return 400;
  return 0;
}

static guint
judge (Reading *reading)
{
  PorchHead *head = reading->head;
  gboolean has_length = (reading->seen & (1u << ONCE_CONTENT_LENGTH)) != 0;

  /* Without a Host, or with two, 400 is a must (RFC 9112 section 3.2). */
  if ((reading->seen & (1u << ONCE_HOST)) == 0 || (reading->late == 501 && has_length))
    return 400;
  head->is_upgrade = (reading->seen & (1u << ONCE_UPGRADE)) != 0;
  if (head->is_upgrade &&
      (strcmp (head->verb, "GET") != 0 || !reading->has_connection_upgrade || has_length))
    return 400;
  return reading->late;
}

guint
porch_head_parse (const guint8 *data, gsize length, guint headers_max, PorchHead *head)
{
  PorchSpan rest = { (const char *) data, length - 2 }; /* without the empty line */
  PorchSpan line = { 0 };
  Reading reading = { .head = head };
  guint status = 0;

  *head = (PorchHead){ .length = length };
  line = cut (&rest, '\n');
  if (line.length == 0)
    return 400;
  line.length--;
  status = parse_request_line (line, head);

  for (guint n = 1; status == 0 && rest.length > 0; n++) {
    PorchSpan name = { 0 };
    gboolean has_colon = FALSE;

    if (n > headers_max)
      return 431;
    line = cut (&rest, '\n');
    line.length--;
    has_colon = memchr (line.at, ':', line.length) != NULL;
    /* A token also means: no folded line (it begins with a blank) and no blank before the colon
     * (RFC 9112 sections 5.1 and 5.2). */
    name = cut (&line, ':');
    status = has_colon && is_token (name) ? take_header (&reading, name, strip (line)) : 400;
  }
  return status != 0 ? status : judge (&reading);
}

char *
porch_head_decode (const char *text, gsize length, gboolean is_form)
{
  g_autoptr (GString) decoded = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++) {
    char c = text[i];

    if (c == '%') {
      if (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
        return NULL;
      c = (char) (g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]));
      i += 2;
    } else if (c == '+' && is_form) {
      c = ' ';
    }
    if ((guint8) c < 0x20 || c == 0x7f)
      return NULL;
    g_string_append_c (decoded, c);
  }
  if (!g_utf8_validate_len (decoded->str, decoded->len, NULL))
    return NULL;
  return g_string_free (g_steal_pointer (&decoded), FALSE);
}
