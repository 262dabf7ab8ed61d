/* porch-line-links.c - the links in what somebody wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-line-links.h"

#include <string.h>

static const char *const schemes[] = { "https://", "http://", "mailto:", "tel:" };

/* The length of the scheme that @text begins with, or 0. */
static int
get_scheme_length (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    int length = strlen (schemes[i]);

    if (g_ascii_strncasecmp (text, schemes[i], length) == 0)
      return length;
  }
  return 0;
}

/* Bidirectional controls would let the shown address differ from the one that is opened. */
static gboolean
ends_link (gunichar c)
{
  if (c == '\0' || g_unichar_isspace (c) || g_unichar_iscntrl (c) || c == '<' || c == '>' ||
      c == '"')
    return TRUE;
  return g_unichar_type (c) == G_UNICODE_FORMAT;
}

static const char *
find_end (const char *start)
{
  const char *end = start;
  gboolean has_opened;

  while (!ends_link (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  has_opened = memchr (start, '(', end - start) != NULL;
  /* What follows an address in a sentence does not belong to it. */
  while (end > start && (strchr (".,;:!?'*_", end[-1]) != NULL || (end[-1] == ')' && !has_opened)))
    end--;
  return end;
}

static gboolean
has_target (const char *start, int scheme_length, const char *end)
{
  const char *target = start + scheme_length;

  if (end <= target)
    return FALSE;
  if (g_ascii_strncasecmp (start, "mailto:", 7) == 0)
    return memchr (target + 1, '@', end - target - 1) != NULL && end[-1] != '@';
  if (g_ascii_strncasecmp (start, "tel:", 4) == 0)
    return g_ascii_isdigit (*target) || (*target == '+' && g_ascii_isdigit (target[1]));
  return g_unichar_isalnum (g_utf8_get_char (target)) || *target == '[';
}

GArray *
porch_line_links_find (const char *text)
{
  GArray *links = g_array_new (FALSE, FALSE, sizeof (PorchSpan));
  gunichar previous = ' ';
  const char *at = text;

  while (*at != '\0') {
    int scheme_length = g_unichar_isalnum (previous) ? 0 : get_scheme_length (at);
    const char *end = scheme_length > 0 ? find_end (at) : at;

    if (scheme_length > 0 && has_target (at, scheme_length, end)) {
      PorchSpan span = { at - text, end - text };

      g_array_append_val (links, span);
      at = end;
      previous = ' ';
      continue;
    }
    previous = g_utf8_get_char (at);
    at = g_utf8_next_char (at);
  }
  return links;
}

gboolean
porch_line_links_is_safe (const char *url)
{
  int scheme_length = get_scheme_length (url);
  const char *end = url;

  while (!ends_link (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  return scheme_length > 0 && *end == '\0' && has_target (url, scheme_length, end);
}

char *
porch_line_links_dup_target (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (uri == NULL)
    return g_strdup (url);
  if (g_uri_get_host (uri) != NULL)
    return g_strdup (g_uri_get_host (uri));
  return g_strdup (g_uri_get_path (uri));
}
