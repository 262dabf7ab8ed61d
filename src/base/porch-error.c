/* porch-error.c - the one error domain of the program and of the wire
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"

#include <errno.h>

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchErrorCode, porch_error_code,
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_INTERNAL, "internal"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_BAD_MESSAGE, "bad_message"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_TOO_LONG, "too_long"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_TOO_LARGE, "too_large"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_EMPTY, "empty"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_ID_CONFLICT, "id_conflict"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_GAP, "gap"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_BLOCKED, "blocked"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_CLOSED, "closed"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_RATE_LIMITED, "rate_limited"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_STORAGE, "storage"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_BUSY, "busy"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_SHUTTING_DOWN, "shutting_down"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_UNAUTHORIZED, "unauthorized"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_FORBIDDEN, "forbidden"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_NOT_FOUND, "not_found"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_CONFLICT, "conflict"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_UNSUPPORTED, "unsupported"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_MISDIRECTED, "misdirected"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_NOT_SET_UP, "not_set_up"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_NEWER, "newer"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_DAMAGED, "damaged"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_IN_USE, "in_use"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_KEYRING_LOCKED, "keyring_locked"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_KEYRING_MISSING, "keyring_missing"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_KEYRING_REFUSED, "keyring_refused"),
  G_DEFINE_ENUM_VALUE (PORCH_ERROR_PASSPHRASE, "passphrase"))

G_DEFINE_QUARK (porch-error-quark, porch_error)
/* clang-format on */

const char *
porch_error_nick (const GError *error)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PORCH_TYPE_ERROR_CODE);
  int code = error != NULL && error->domain == PORCH_ERROR ? error->code : PORCH_ERROR_INTERNAL;
  GEnumValue *value = g_enum_get_value (codes, code);

  /* The nick is a constant of the table above: it outlives the class. */
  return value != NULL ? value->value_nick : "internal";
}

const char *
porch_error_word (int code)
{
  const GError nameless = { .domain = PORCH_ERROR, .code = code };

  return code >= 0 ? porch_error_nick (&nameless) : "";
}

PorchErrorCode
porch_error_code_from_nick (const char *nick)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PORCH_TYPE_ERROR_CODE);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (codes, nick) : NULL;

  return value != NULL ? (PorchErrorCode) value->value : PORCH_ERROR_INTERNAL;
}

gboolean
porch_error_is_retryable (PorchErrorCode code)
{
  return code == PORCH_ERROR_RATE_LIMITED || code == PORCH_ERROR_STORAGE ||
         code == PORCH_ERROR_BUSY || code == PORCH_ERROR_GAP || code == PORCH_ERROR_SHUTTING_DOWN ||
         code == PORCH_ERROR_OFFLINE;
}

gboolean
porch_error_is_keyring (int code)
{
  return code == PORCH_ERROR_KEYRING_LOCKED || code == PORCH_ERROR_KEYRING_MISSING ||
         code == PORCH_ERROR_KEYRING_REFUSED;
}

gboolean
porch_error_fail_file (const char *what, const char *path, GError **error)
{
  const int code = errno;

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_STORAGE, "%s %s: %s", what, path, g_strerror (code));
  return FALSE;
}
