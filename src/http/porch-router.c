/* porch-router.c - which route a path means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-router.h"

#include "porch-head.h"

#include <string.h>

#define SEGMENTS_MAX 16

typedef struct {
  const PorchRoute *route;
  gpointer data;
  char **segments;
} Row;

struct _PorchRouter {
  GArray *rows; /* of Row */
};

static void
clear_row (gpointer data)
{
  g_strfreev (((Row *) data)->segments);
}

PorchRouter *
porch_router_new (void)
{
  PorchRouter *self = g_new0 (PorchRouter, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  return self;
}

void
porch_router_free (PorchRouter *self)
{
  g_array_unref (self->rows);
  g_free (self);
}

void
porch_router_add (PorchRouter *self, const PorchRoute *routes, guint n_routes, gpointer data)
{
  for (guint i = 0; i < n_routes; i++) {
    Row row = { &routes[i], data, g_strsplit (routes[i].path, "/", -1) };

    g_return_if_fail (routes[i].path[0] == '/');
    g_array_append_val (self->rows, row);
  }
}

void
porch_match_clear (PorchMatch *match)
{
  g_clear_pointer (&match->params, g_strfreev);
  g_clear_pointer (&match->allow, g_free);
}

const char *
porch_match_get_param (const PorchMatch *match, const char *name)
{
  for (char **at = match->params; at != NULL && *at != NULL; at += 2)
    if (strcmp (at[0], name) == 0)
      return at[1];
  return NULL;
}

/* The path's segments, decoded one by one: an encoded slash is a character, not a border. The first
 * is the empty one before the first slash. */
static char **
split_path (const char *path, gsize length, guint *status)
{
  g_autoptr (GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  const char *end = path + length;

  *status = 0;
  for (const char *at = path; at <= end;) {
    const char *slash = memchr (at, '/', end - at);
    gsize n = (slash != NULL ? slash : end) - at;
    char *segment = porch_head_decode (at, n, FALSE);

    if (segment == NULL || segments->len == SEGMENTS_MAX) {
      *status = segment == NULL ? 400 : 404;
      g_free (segment);
      return NULL;
    }
    g_ptr_array_add (segments, segment);
    at += n + 1;
  }
  g_ptr_array_add (segments, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&segments), FALSE);
}

static gboolean
is_param (const char *pattern)
{
  return pattern[0] == '{';
}

/* A parameter is never empty and never a step to another folder. */
static gboolean
segment_matches (const char *pattern, const char *segment)
{
  if (!is_param (pattern))
    return strcmp (pattern, segment) == 0;
  return segment[0] != '\0' && strcmp (segment, ".") != 0 && strcmp (segment, "..") != 0;
}

static gboolean
row_matches (const Row *row, char **segments)
{
  guint i = 0;

  for (; row->segments[i] != NULL && segments[i] != NULL; i++)
    if (!segment_matches (row->segments[i], segments[i]))
      return FALSE;
  return row->segments[i] == NULL && segments[i] == NULL;
}

static char **
dup_params (const Row *row, char **segments)
{
  g_autoptr (GStrvBuilder) params = NULL;

  for (guint i = 0; row->segments[i] != NULL; i++) {
    g_autofree char *name = NULL;

    if (!is_param (row->segments[i]))
      continue;
    if (params == NULL)
      params = g_strv_builder_new ();
    name = g_strndup (row->segments[i] + 1, strlen (row->segments[i]) - 2);
    g_strv_builder_add_many (params, name, segments[i], NULL);
  }
  return params != NULL ? g_strv_builder_end (params) : NULL;
}

static gboolean
verb_matches (const char *offered, const char *asked)
{
  return strcmp (offered, asked) == 0 || strcmp (asked, "OPTIONS") == 0 ||
         (strcmp (asked, "HEAD") == 0 && strcmp (offered, "GET") == 0);
}

static void
note_verb (GString *allow, const char *verb)
{
  if (strstr (allow->str, verb) != NULL)
    return;
  g_string_append_printf (allow, "%s%s", allow->len > 0 ? ", " : "", verb);
  if (strcmp (verb, "GET") == 0)
    g_string_append (allow, ", HEAD");
}

guint
porch_router_find (PorchRouter *self,
                   const char *verb,
                   const char *path,
                   gsize length,
                   PorchMatch *match)
{
  g_autoptr (GString) allow = g_string_new (NULL);
  g_auto (GStrv) segments = NULL;
  const Row *found = NULL;
  guint status = 0;

  *match = (PorchMatch){ 0 };
  segments = split_path (path, length, &status);
  if (segments == NULL)
    return status;

  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = &g_array_index (self->rows, Row, i);

    if (!row_matches (row, segments))
      continue;
    note_verb (allow, row->route->verb);
    if (found == NULL && verb_matches (row->route->verb, verb))
      found = row;
  }
  if (allow->len == 0)
    return 404;
  if (found == NULL || strcmp (verb, "OPTIONS") == 0)
    match->allow = g_string_free (g_steal_pointer (&allow), FALSE);
  if (found == NULL)
    return 405;

  match->route = found->route;
  match->data = found->data;
  match->params = dup_params (found, segments);
  return 0;
}
