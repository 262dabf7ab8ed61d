/* porch-scanner.c - the strict reading of every JSON byte that comes from outside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass and one loop: what is open lies on a stack of fixed size, so that no document can use up
 * ours. The letters are read by porch-lexer.c, what a frame keeps is kept by porch-frame.c.
 */
#include "config.h"

#include "porch-scanner-private.h"

#include "porch-error.h"

#include <stdlib.h>
#include <string.h>

/* Up to here each new name is compared with the others of its object, which is the quickest for the
 * few that objects have; from there on they are sorted once, when the object closes. */
#define COMPARED_NAMES 32

static inline void
skip_space (PorchScan *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static int
compare_texts (const void *a_, const void *b_)
{
  const PorchScanText *a = a_, *b = b_;

  if (a->length != b->length)
    return a->length < b->length ? -1 : 1;
  return memcmp (a->at, b->at, a->length);
}

/* Refuses it when @level, which has few names, has it already. */
static gboolean
is_new_name (const PorchScan *self, const PorchScanLevel *level, const PorchScanText *name)
{
  for (guint i = level->first_name; i < self->n_names; i++) {
    const PorchScanText *other = &self->names[i];

    /* The byte after an empty name is its quote, so the first one may always be looked at. */
    if (other->length == name->length && other->at[0] == name->at[0] &&
        memcmp (other->at, name->at, name->length) == 0)
      return FALSE;
  }
  return TRUE;
}

/* The same for all names of a level that closes and has many. */
static gboolean
are_names_unlike (PorchScan *self, const PorchScanLevel *level)
{
  PorchScanText *names = self->names + level->first_name;
  const guint n_names = self->n_names - level->first_name;

  if (n_names <= COMPARED_NAMES)
    return TRUE;
  qsort (names, n_names, sizeof *names, compare_texts);
  for (guint i = 1; i < n_names; i++)
    if (compare_texts (&names[i - 1], &names[i]) == 0)
      return FALSE;
  return TRUE;
}

static void
push_name (PorchScan *self, PorchScanText name)
{
  if (self->n_names == self->names_size) {
    const gboolean is_first = self->names == self->few_names;

    self->names_size *= 2;
    self->names = g_renew (PorchScanText, is_first ? NULL : self->names, self->names_size);
    if (is_first)
      memcpy (self->names, self->few_names, sizeof self->few_names);
  }
  self->names[self->n_names++] = name;
}

/* Reads a name with escapes again, from after its quote, and writes down what it means. */
static gboolean
unescape_name (PorchScan *self, const char *begin, PorchScanText *name)
{
  self->at = begin;
  /* All names together are shorter than what is left of the document. */
  if (self->scratch == NULL)
    self->scratch = self->scratch_at = g_malloc (self->end - begin);
  return porch_scan_string (self, &self->scratch_at, name);
}

/* A name and its colon. @member gets where its value is kept, or NULL. */
static gboolean
scan_name (PorchScan *self, PorchScanLevel *level, PorchMember **member)
{
  const char *begin = self->at + 1;
  PorchScanText name;

  if (porch_scan_peek (self) != '"')
    return porch_scan_fail (self, "expected a name in quotes");
  self->at = begin;
  if (!porch_scan_string (self, NULL, &name))
    return FALSE;
  if (name.at == NULL && !unescape_name (self, begin, &name))
    return FALSE;

  if (level->n_values <= COMPARED_NAMES && !is_new_name (self, level, &name))
    return porch_scan_fail (self, "a name is given twice");
  push_name (self, name);

  skip_space (self);
  if (porch_scan_peek (self) != ':')
    return porch_scan_fail (self, "expected a colon");
  self->at++;
  skip_space (self);
  return self->frame == NULL || self->depth > 2 || porch_scan_keep_name (self, name, member);
}

static gboolean
open_level (PorchScan *self, PorchMember *member)
{
  PorchScanLevel *level;

  if (self->depth == PORCH_FRAME_DEPTH)
    return porch_scan_fail (self, "more than " G_STRINGIFY (PORCH_FRAME_DEPTH) " levels");
  level = &self->levels[self->depth++];
  level->is_object = *self->at == '{';
  level->n_values = 0;
  level->first_name = self->n_names;
  level->begin = self->at;
  level->member = member;
  if (member != NULL)
    member->kind = level->is_object ? PORCH_JSON_OBJECT : PORCH_JSON_ARRAY;
  self->at++;
  return TRUE;
}

static gboolean
close_level (PorchScan *self)
{
  PorchScanLevel *level = &self->levels[--self->depth];

  self->at++;
  if (level->member != NULL)
    porch_scan_keep_text (self, level->member,
                          (PorchScanText){ level->begin, self->at - level->begin });
  if (!are_names_unlike (self, level))
    return porch_scan_fail (self, "a name is given twice");
  self->n_names = level->first_name;
  return TRUE;
}

static gboolean
scan_boolean (PorchScan *self, PorchMember *member)
{
  const gboolean value = *self->at == 't';

  if (!porch_scan_literal (self, value ? "true" : "false"))
    return FALSE;
  if (member != NULL) {
    member->kind = PORCH_JSON_BOOLEAN;
    member->integer = value;
  }
  return TRUE;
}

static gboolean
scan_text (PorchScan *self, PorchMember *member)
{
  PorchScanText text;

  self->at++;
  if (!porch_scan_string (self, member != NULL ? &self->arena_at : NULL, &text))
    return FALSE;
  if (member != NULL) {
    member->kind = PORCH_JSON_STRING;
    porch_scan_keep_text (self, member, text);
  }
  return TRUE;
}

/* A value, or the beginning of one that has others in it. @member may be NULL. */
static gboolean
scan_value (PorchScan *self, PorchMember *member)
{
  switch (porch_scan_peek (self)) {
  case '"':
    return scan_text (self, member);
  case '{':
  case '[':
    return open_level (self, member);
  case 't':
  case 'f':
    return scan_boolean (self, member);
  case 'n':
    return porch_scan_literal (self, "null");
  case '-':
  case '0' ... '9':
    return porch_scan_number (self, member);
  case -1:
    return porch_scan_fail (self, "the document is cut short");
  default:
    return porch_scan_fail (self, "not a JSON value");
  }
}

/* One more value of the innermost level, or its end. */
static gboolean
scan_step (PorchScan *self)
{
  PorchScanLevel *level = &self->levels[self->depth - 1];
  PorchMember *member = NULL;

  skip_space (self);
  if (porch_scan_peek (self) == (level->is_object ? '}' : ']'))
    return close_level (self);

  if (level->n_values > 0) {
    if (porch_scan_peek (self) != ',')
      return porch_scan_fail (self, self->at == self->end ? "the document is cut short"
                                    : level->is_object    ? "expected a comma or }"
                                                          : "expected a comma or ]");
    self->at++;
    skip_space (self);
  }
  level->n_values++;
  if (level->is_object) {
    if (level->n_values > self->max_members)
      return porch_scan_fail (self, "too many members in an object");
    if (!scan_name (self, level, &member))
      return FALSE;
  }
  return scan_value (self, member);
}

static gboolean
scan_all (PorchScan *self)
{
  skip_space (self);
  if (porch_scan_peek (self) != '{')
    return porch_scan_fail (self, "expected an object");
  if (!open_level (self, NULL))
    return FALSE;
  while (self->depth > 0)
    if (!scan_step (self))
      return FALSE;
  skip_space (self);
  return self->at == self->end || porch_scan_fail (self, "something follows the document");
}

gboolean
porch_scan_document (const char *data,
                     gsize length,
                     guint max_members,
                     PorchFrame *frame,
                     GError **error)
{
  PorchScan scan;
  gboolean is_good;

  /* One by one: clearing the stacks would take as long as scanning a small frame. */
  scan.data = scan.at = data;
  scan.end = data + length;
  scan.max_members = max_members;
  scan.depth = 0;
  scan.names = scan.few_names;
  scan.n_names = 0;
  scan.names_size = PORCH_SCAN_FEW_NAMES;
  scan.scratch = scan.scratch_at = NULL;
  scan.frame = frame;
  scan.arena_at = frame != NULL ? frame->arena : NULL;
  scan.error = error;

  is_good = scan_all (&scan);

  if (scan.names != scan.few_names)
    g_clear_pointer (&scan.names, g_free);
  g_clear_pointer (&scan.scratch, g_free);
  return is_good;
}

gboolean
porch_scanner_check (const char *data,
                     gsize length,
                     gsize max_bytes,
                     guint max_members,
                     GError **error)
{
  if (length > max_bytes) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_TOO_LARGE,
                 "a document of more than %" G_GSIZE_FORMAT " bytes", max_bytes);
    return FALSE;
  }
  return porch_scan_document (data, length, max_members, NULL, error);
}
