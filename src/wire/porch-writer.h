/* porch-writer.h - JSON text, written straight into a string
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The frame path makes no tree. Names are constants of ours and are not escaped; values are.
 *
 *   PorchWriter writer = PORCH_WRITER_INIT (text);
 *   porch_writer_begin (&writer, NULL);
 *   porch_writer_string (&writer, "type", "ack");
 *   porch_writer_end (&writer);
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GString *text; /* borrowed */
  gboolean needs_comma;
} PorchWriter;

#define PORCH_WRITER_INIT(text_) \
  { \
    .text = (text_), .needs_comma = FALSE \
  }

/* @name is NULL for the root and for elements of an array. */
void porch_writer_begin (PorchWriter *self, const char *name);
void porch_writer_end (PorchWriter *self);
void porch_writer_begin_array (PorchWriter *self, const char *name);
void porch_writer_end_array (PorchWriter *self);

/* NULL is written as null. */
void porch_writer_string (PorchWriter *self, const char *name, const char *value);
void porch_writer_int (PorchWriter *self, const char *name, gint64 value);
void porch_writer_boolean (PorchWriter *self, const char *name, gboolean value);
/* RFC 3339 with milliseconds; null for 0. */
void porch_writer_time (PorchWriter *self, const char *name, gint64 time_us);
/* @json is a whole value, written by this writer; NULL is null. */
void porch_writer_raw (PorchWriter *self, const char *name, const char *json);

/* @value in quotes. What JSON must escape (RFC 8259 section 7) is escaped, and also "<", U+2028
 * and U+2029, so that the text may stand in a page. Each byte that is not part of UTF-8 becomes
 * U+FFFD. */
void porch_json_append_string (GString *text, const char *value);

G_END_DECLS
