/* porch-scanner-private.h - one scan under way, shared by lexer, scanner and frame
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-scanner.h"

G_BEGIN_DECLS

/* Bytes of a document or of the scratch, not terminated. */
typedef struct {
  const char *at;
  gsize length;
} PorchScanText;

/* An object or an array that is not closed yet. */
typedef struct {
  gboolean is_object;
  guint n_values;
  guint first_name;    /* its own ones in the pile of names */
  const char *begin;   /* its opening bracket */
  PorchMember *member; /* what it is the value of, or NULL when that is not kept */
} PorchScanLevel;

/* Names of objects that are open, on the stack until there are more. */
#define PORCH_SCAN_FEW_NAMES 48

typedef struct {
  const char *data;
  const char *at;
  const char *end;
  guint max_members;

  guint depth; /* levels in use */
  PorchScanLevel levels[PORCH_FRAME_DEPTH];

  PorchScanText few_names[PORCH_SCAN_FEW_NAMES];
  PorchScanText *names;
  guint n_names;
  guint names_size;
  char *scratch;    /* names that had escapes; NULL until there is one */
  char *scratch_at; /* free from here */

  PorchFrame *frame; /* NULL: keep nothing */
  char *arena_at;    /* free from here */
  GError **error;
} PorchScan;

/* Sets the error, naming the place. Always FALSE. */
gboolean porch_scan_fail (PorchScan *self, const char *problem);

/* The next byte, or -1 at the end. */
static inline int
porch_scan_peek (const PorchScan *self)
{
  return self->at < self->end ? (guint8) *self->at : -1;
}

/* From after the opening quote to after the closing one. @text lies in the document when nothing in
 * it was escaped, otherwise it is written to *@room, which moves on. A NULL @room keeps nothing. */
gboolean porch_scan_string (PorchScan *self, char **room, PorchScanText *text);
/* @member (may be NULL) gets the value. */
gboolean porch_scan_number (PorchScan *self, PorchMember *member);
gboolean porch_scan_literal (PorchScan *self, const char *literal);

/* The whole of @data, which the caller has found short enough. */
gboolean porch_scan_document (const char *data,
                              gsize length,
                              guint max_members,
                              PorchFrame *frame,
                              GError **error);

/* Of porch-frame.c: what the frame keeps of a scan. @member gets NULL when nobody could find it. */
gboolean porch_scan_keep_name (PorchScan *self, PorchScanText name, PorchMember **member);
void porch_scan_keep_text (PorchScan *self, PorchMember *member, PorchScanText text);

G_END_DECLS
