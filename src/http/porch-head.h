/* porch-head.h - the strict reading of a request's head
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pure functions on bytes. Whatever two HTTP readers could read in two ways is refused here, before
 * libsoup sees its first byte. HTTP/1.1 (RFC 9112), origin form, no transfer encodings.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Not terminated; points into the caller's bytes. */
typedef struct {
  const char *at;
  gsize length;
} PorchSpan;

typedef struct {
  gsize length; /* the head with its empty line */
  guint64 content_length;
  const char *verb; /* static, upper case */
  PorchSpan path;   /* begins with "/", still percent-encoded */
  PorchSpan query;  /* without the "?" */
  PorchSpan host;   /* a name or an address, perhaps with a port */
  PorchSpan chain;  /* the last X-Forwarded-For; empty when there is none */
  gboolean is_upgrade;
} PorchHead;

/* The length of the head with its empty line, 0 when more bytes are needed, or a negative HTTP
 * status: -400 for bytes that no head has, -431 when @head_max bytes hold no end. The bytes before
 * @from were looked at by an earlier call. */
gssize porch_head_find_end (const guint8 *data, gsize length, gsize from, gsize head_max);

/* 0, or the HTTP status to refuse with: 400, 413 (a length of more than 15 digits), 431 (more than
 * @headers_max) or 501. @length is what porch_head_find_end () returned. @head is filled as far as
 * the reading came, and points into @data, which must outlive it. */
guint porch_head_parse (const guint8 *data, gsize length, guint headers_max, PorchHead *head);

/* The text that a part of a path or a query stands for: percent-decoded, UTF-8, no control
 * characters, so no NUL either. NULL when it is none. A form's "+" is a blank. */
char *
porch_head_decode (const char *text, gsize length, gboolean is_form) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
