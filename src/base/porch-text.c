/* porch-text.c - limits and cleaning of texts that people wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-text.h"

#include "porch-error.h"

#include <string.h>

/* U+202A-202E and U+2066-2069 can make a name read backwards over what follows it. */
static gboolean
is_bidi_control (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Characters that Unicode counts among the letters and signs, and that leave nothing to see: the
 * Hangul fillers and the empty Braille cell. */
static gboolean
is_filler (gunichar c)
{
  return c == 0x115f || c == 0x2800 || c == 0x3164 || c == 0xffa0;
}

gboolean
porch_text_is_blank (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    /* U+2028 and U+2029 are graphic to GLib. */
    if (g_unichar_isgraph (c) && !g_unichar_isspace (c) && !g_unichar_iszerowidth (c) &&
        !is_filler (c))
      return FALSE;
  }
  return TRUE;
}

gboolean
porch_text_check (const char *text, glong max_characters, const char *what, GError **error)
{
  if (porch_text_is_blank (text)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_EMPTY, "%s has no text", what);
    return FALSE;
  }
  if (g_utf8_strlen (text, -1) > max_characters) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LONG, "%s has more than %ld characters", what,
                 max_characters);
    return FALSE;
  }
  return TRUE;
}

/* How many characters at @at are printable ASCII, @n_max at most: most texts are little else. */
static glong
count_plain (const char *at, glong n_max)
{
  glong n = 0;

  while (n < n_max && at[n] >= ' ' && at[n] < 0x7f)
    n++;
  return n;
}

char *
porch_text_dup_line (const char *text, glong max_characters)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  glong n_characters = 0;

  for (const char *at = valid; at != NULL && *at != '\0' && n_characters < max_characters;) {
    const glong n_plain =
      *at != ' ' || line->len > 0 ? count_plain (at, max_characters - n_characters) : 0;
    gunichar c;

    if (n_plain > 0) {
      g_string_append_len (line, at, n_plain);
      n_characters += n_plain;
      at += n_plain;
      continue;
    }
    c = g_utf8_get_char (at);
    at = g_utf8_next_char (at);
    if (g_unichar_isspace (c))
      c = ' ';
    if (g_unichar_iscntrl (c) || is_bidi_control (c) || (c == ' ' && line->len == 0))
      continue;
    g_string_append_unichar (line, c);
    n_characters++;
  }
  g_strchomp (line->str);
  if (porch_text_is_blank (line->str))
    return NULL;
  return g_strdup (line->str);
}

char *
porch_text_dup_email (const char *text)
{
  g_autofree char *line = porch_text_dup_line (text, PORCH_EMAIL_CHARACTERS + 1);
  const char *at = line != NULL ? strchr (line, '@') : NULL;
  const char *dot;

  if (at == NULL || at == line || strchr (at + 1, '@') != NULL || strpbrk (line, " <>\",;") != NULL)
    return NULL;
  dot = strrchr (at, '.');
  if (dot == NULL || dot[1] == '\0' || at[1] == '.' || strstr (at, "..") != NULL ||
      g_utf8_strlen (line, -1) > PORCH_EMAIL_CHARACTERS)
    return NULL;
  return g_steal_pointer (&line);
}

char *
porch_text_dup_slug (const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");
  g_autoptr (GString) slug = g_string_new (NULL);

  for (const char *at = ascii; *at != '\0'; at++)
    if (g_ascii_isalnum (*at))
      g_string_append_c (slug, g_ascii_tolower (*at));
    else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  return slug->len > 0 ? g_strdup (slug->str) : NULL;
}
