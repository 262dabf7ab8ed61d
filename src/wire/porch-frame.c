/* porch-frame.c - a small object from outside, and its members by their paths
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "porch-scanner-private.h"

#include <string.h>

/* Room for all that is kept of @length bytes. Members of the root take at most @length together,
 * since each gives up its quotes, comma or colon for its terminating NUL; so do the members of the
 * objects in it, which also repeat the name of their object. */
#define ARENA_BYTES(length) (2 * (length) + PORCH_FRAME_PATHS * (PORCH_FRAME_NAME + 1))

gboolean
porch_frame_scan (PorchFrame *frame, const char *data, gsize length, GError **error)
{
  frame->n_members = 0;
  frame->arena = NULL;
  if (length > PORCH_FRAME_BYTES) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE, "a frame of more than %d bytes",
                 PORCH_FRAME_BYTES);
    return FALSE;
  }

  frame->arena = g_malloc (ARENA_BYTES (length));
  if (porch_scan_document (data, length, PORCH_FRAME_MEMBERS, frame, error))
    return TRUE;
  porch_frame_clear (frame);
  return FALSE;
}

void
porch_frame_clear (PorchFrame *frame)
{
  frame->n_members = 0;
  g_clear_pointer (&frame->arena, g_free);
}

static void
put (PorchScan *self, const char *bytes, gsize length)
{
  memcpy (self->arena_at, bytes, length);
  self->arena_at += length;
}

gboolean
porch_scan_keep_name (PorchScan *self, PorchScanText name, PorchMember **member)
{
  PorchFrame *frame = self->frame;
  const PorchMember *parent = self->depth == 2 ? self->levels[1].member : NULL;
  PorchMember *kept;

  *member = NULL;
  /* A dot in a name would make it look like a path to somewhere else. Nobody asks for such names,
   * nor for those in them. */
  if ((self->depth == 2 && parent == NULL) || name.length > PORCH_FRAME_NAME ||
      memchr (name.at, '.', name.length) != NULL)
    return TRUE;
  if (frame->n_members == PORCH_FRAME_PATHS)
    return porch_scan_fail (self, "more than " G_STRINGIFY (PORCH_FRAME_PATHS) " members");

  kept = &frame->members[frame->n_members++];
  *kept = (PorchMember){ .path = self->arena_at, .kind = PORCH_JSON_NULL };
  if (parent != NULL) {
    put (self, parent->path, strlen (parent->path));
    put (self, ".", 1);
  }
  put (self, name.at, name.length);
  put (self, "", 1);
  *member = kept;
  return TRUE;
}

void
porch_scan_keep_text (PorchScan *self, PorchMember *member, PorchScanText text)
{
  member->length = text.length;
  /* What had escapes has been written there by the lexer. */
  if (text.at + text.length == self->arena_at) {
    member->string = text.at;
  } else {
    member->string = self->arena_at;
    put (self, text.at, text.length);
  }
  put (self, "", 1);
}

const PorchMember *
porch_frame_find (const PorchFrame *frame, const char *path)
{
  for (guint i = 0; i < frame->n_members; i++)
    if (strcmp (frame->members[i].path, path) == 0)
      return &frame->members[i];
  return NULL;
}

/* FALSE with an error for what is wrong; *@member gets NULL for what is rightly absent. */
static gboolean
find_kind (const PorchFrame *frame,
           const char *path,
           PorchJsonKind kind,
           const char *kind_words,
           gboolean is_required,
           const PorchMember **member,
           GError **error)
{
  *member = porch_frame_find (frame, path);
  if (*member != NULL && (*member)->kind == PORCH_JSON_NULL)
    *member = NULL;
  if (*member == NULL) {
    if (is_required)
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is missing", path);
    return !is_required;
  }
  if ((*member)->kind == kind)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not %s", path, kind_words);
  return FALSE;
}

gboolean
porch_frame_read_string (const PorchFrame *frame,
                         const char *path,
                         gboolean is_required,
                         const char **value,
                         GError **error)
{
  const PorchMember *member;

  if (!find_kind (frame, path, PORCH_JSON_STRING, "a string", is_required, &member, error))
    return FALSE;
  if (member != NULL)
    *value = member->string;
  return TRUE;
}

gboolean
porch_frame_read_int (const PorchFrame *frame,
                      const char *path,
                      gboolean is_required,
                      gint64 *value,
                      GError **error)
{
  const PorchMember *member;

  if (!find_kind (frame, path, PORCH_JSON_INTEGER, "a whole number", is_required, &member, error))
    return FALSE;
  if (member != NULL)
    *value = member->integer;
  return TRUE;
}

gboolean
porch_frame_read_boolean (const PorchFrame *frame,
                          const char *path,
                          gboolean is_required,
                          gboolean *value,
                          GError **error)
{
  const PorchMember *member;

  if (!find_kind (frame, path, PORCH_JSON_BOOLEAN, "true or false", is_required, &member, error))
    return FALSE;
  if (member != NULL)
    *value = member->integer != 0;
  return TRUE;
}
