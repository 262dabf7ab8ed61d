/* porch-scanner.h - the strict reading of every JSON byte that comes from outside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RFC 8259, and stricter: one document, which is an object; well-formed UTF-8; no duplicate keys
 * within an object; no U+0000 and no lone surrogate, written or escaped; numbers finite and of at
 * most 63 characters, whole ones less than 2^53 from 0 (the range in which JavaScript is exact, RFC
 * 7493 section 2.2); depth, members and size limited. Never recursive. Everything else is
 * PORCH_ERROR_BAD_MESSAGE (TOO_LARGE for the size) that names the byte.
 *
 * A flat object hands out its members in the same pass. Members of an object inside are found by a
 * path ("page.url"); arrays, and objects deeper than that, are checked and kept as raw text. A
 * member whose name has a dot, or more than PORCH_FRAME_NAME bytes, is checked and not kept: no
 * path can mean it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PORCH_FRAME_BYTES   65536
#define PORCH_FRAME_DEPTH   32
#define PORCH_FRAME_MEMBERS 256
/* Members of the root and of objects in it; a document with more is refused. */
#define PORCH_FRAME_PATHS 64
#define PORCH_FRAME_NAME  64

typedef enum {
  PORCH_JSON_NULL,
  PORCH_JSON_BOOLEAN,
  PORCH_JSON_INTEGER,
  PORCH_JSON_NUMBER, /* with a fraction or an exponent */
  PORCH_JSON_STRING,
  PORCH_JSON_ARRAY,
  PORCH_JSON_OBJECT,
} PorchJsonKind;

typedef struct {
  const char *path; /* "message", "page.url" */
  PorchJsonKind kind;
  gint64 integer;     /* of an integer or a boolean */
  double number;      /* of an integer or a number */
  const char *string; /* unescaped and terminated; raw JSON text of an array or object */
  gsize length;       /* bytes of @string */
} PorchMember;

typedef struct {
  guint n_members;
  PorchMember members[PORCH_FRAME_PATHS];
  char *arena; /* what the strings point into */
} PorchFrame;

/* On FALSE @frame is empty. @data need not be terminated. Ends with porch_frame_clear (). */
gboolean porch_frame_scan (PorchFrame *frame, const char *data, gsize length, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void porch_frame_clear (PorchFrame *frame);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchFrame, porch_frame_clear)

/* NULL when absent. A member that is null counts as absent in the readers below, not here. Lives as
 * long as @frame. */
const PorchMember *porch_frame_find (const PorchFrame *frame, const char *path);

/* BAD_MESSAGE naming the member when it is there and of another kind, or absent although
 * @is_required. An absent optional one leaves *@value as it is and returns TRUE. A string is the
 * frame's: it goes with porch_frame_clear (). */
gboolean porch_frame_read_string (const PorchFrame *frame,
                                  const char *path,
                                  gboolean is_required,
                                  const char **value,
                                  GError **error);
gboolean porch_frame_read_int (const PorchFrame *frame,
                               const char *path,
                               gboolean is_required,
                               gint64 *value,
                               GError **error);
gboolean porch_frame_read_boolean (const PorchFrame *frame,
                                   const char *path,
                                   gboolean is_required,
                                   gboolean *value,
                                   GError **error);

/* The same check for a document of any length (REST answers, settings); keeps nothing. @max_members
 * is per object; the depth is PORCH_FRAME_DEPTH. */
gboolean porch_scanner_check (const char *data,
                              gsize length,
                              gsize max_bytes,
                              guint max_members,
                              GError **error);

G_END_DECLS
