/* porch-error.h - the one error domain of the program and of the wire
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A code's nick is the `code` that a client reads, in a frame as in a problem (RFC 9457), so a code
 * is never renamed. The message says what was tried, in English, for logs; what a person reads is
 * made from the code, in ui/, in the widget and by the commands (app/porch-terminal).
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_ERROR_INTERNAL,     /* a bug of ours */
  PORCH_ERROR_BAD_MESSAGE,  /* not the shape that was asked for */
  PORCH_ERROR_TOO_LONG,     /* a text over its limit */
  PORCH_ERROR_TOO_LARGE,    /* bytes over their limit */
  PORCH_ERROR_EMPTY,        /* a text with nothing in it */
  PORCH_ERROR_ID_CONFLICT,  /* the same id with another content */
  PORCH_ERROR_GAP,          /* an id that leaves one out */
  PORCH_ERROR_BLOCKED,      /* this visitor may not write */
  PORCH_ERROR_CLOSED,       /* the conversation is over */
  PORCH_ERROR_RATE_LIMITED, /* too fast, come back */
  PORCH_ERROR_STORAGE,      /* could not be kept */
  PORCH_ERROR_BUSY,         /* the queue is full */
  PORCH_ERROR_SHUTTING_DOWN,
  PORCH_ERROR_UNAUTHORIZED, /* no token, or one that is not valid any more */
  PORCH_ERROR_FORBIDDEN,    /* may not do this at all */
  PORCH_ERROR_NOT_FOUND,    /* is not there, or not for you */
  PORCH_ERROR_CONFLICT,     /* not in this state (taken, resolved …) */
  PORCH_ERROR_UNSUPPORTED,  /* this verb, this type, this version */
  PORCH_ERROR_MISDIRECTED,  /* a Host that is not ours */
  PORCH_ERROR_NOT_SET_UP,   /* no business yet */
  PORCH_ERROR_NEWER,        /* a file of a newer program */
  PORCH_ERROR_DAMAGED,      /* a file that cannot be read as what it is */
  PORCH_ERROR_IN_USE,       /* somebody else serves this folder or holds this port */
  PORCH_ERROR_OFFLINE,      /* the server cannot be reached */
  PORCH_ERROR_KEYRING_LOCKED,
  PORCH_ERROR_KEYRING_MISSING, /* what is asked for is in a keyring that is not there */
  PORCH_ERROR_KEYRING_REFUSED, /* somebody said no, or the keyring did */
  PORCH_ERROR_PASSPHRASE,      /* none for what needs one, or another one */
} PorchErrorCode;

#define PORCH_TYPE_ERROR_CODE (porch_error_code_get_type ())
GType porch_error_code_get_type (void);

#define PORCH_ERROR (porch_error_quark ())
GQuark porch_error_quark (void);

/* The wire's word for @error: "internal" for an error of another domain. Static. */
const char *porch_error_nick (const GError *error);
/* The same of a code that no error goes with any more: "" for -1, nothing wrong. Static. */
const char *porch_error_word (int code);
/* PORCH_ERROR_INTERNAL for a word that is not known. */
PorchErrorCode porch_error_code_from_nick (const char *nick);
/* TRUE when the sender should keep what it sent and send it again by itself. */
gboolean porch_error_is_retryable (PorchErrorCode code);
/* TRUE when a keyring is the cause, and somebody who opens it the cure. */
gboolean porch_error_is_keyring (int code);
/* What was tried on a file ("reading") failed for what errno says: PORCH_ERROR_STORAGE. FALSE. */
gboolean porch_error_fail_file (const char *what, const char *path, GError **error);

G_END_DECLS
