/* porch-address.h - the address of a website, or of the server itself, as people type it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is read here ends up in policies and headers, so only what a browser itself could write as
 * an origin gets through: no user, no odd character, no address in an unusual notation.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gboolean has_scheme; /* it was written */
  gboolean is_plain;   /* http; https otherwise, also when none was written */
  char *host;          /* lower case, letters beyond ASCII encoded (RFC 5891), IPv6 in brackets */
  guint16 port;        /* 0: the usual one of the scheme */
  const char *rest;    /* of the text that was read: "", or from the "/", "?" or "#" on */
} PorchAddress;

/* Reads "[http[s]://]HOST[:PORT][/…]". FALSE when it is none, and then there is nothing to clear.
 */
gboolean porch_address_parse (const char *text, PorchAddress *self);
void porch_address_clear (PorchAddress *self);

/* "chat.example.com", "chat.example.com:8443" */
char *porch_address_to_authority (const PorchAddress *self) G_GNUC_WARN_UNUSED_RESULT;
/* "https://chat.example.com", "http://[::1]:8642": what a browser sends as Origin. */
char *porch_address_to_origin (const PorchAddress *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchAddress, porch_address_clear)

G_END_DECLS
