/* porch-health.c - what a failure of SQLite means for the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-health.h"

#include <errno.h>

static gboolean
is_out_of_room (int system_errno)
{
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

PorchHealth
porch_health_judge (int code, int system_errno)
{
  /* After a failed fsync the kernel may have dropped the pages, and the next one says all is well:
   * nothing can be promised any more. */
  if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
    return PORCH_HEALTH_FAILED;
  if (code == SQLITE_IOERR_NOMEM)
    return PORCH_HEALTH_OK;

  switch (code & 0xff) {
  case SQLITE_FULL:
    return PORCH_HEALTH_FULL;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
    return is_out_of_room (system_errno) ? PORCH_HEALTH_FULL : PORCH_HEALTH_FAILED;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return PORCH_HEALTH_DAMAGED;
  default:
    return PORCH_HEALTH_OK;
  }
}

void
porch_health_note (gint *health, PorchConnection *connection)
{
  int system_errno = 0;
  const int code = porch_connection_take_failure (connection, &system_errno);
  const gint now = porch_health_judge (code, system_errno);
  gint before;

  if (now == PORCH_HEALTH_OK)
    return;
  do
    before = g_atomic_int_get (health);
  while (now > before && !g_atomic_int_compare_and_exchange (health, before, now));
}

void
porch_health_clear_full (gint *health)
{
  g_atomic_int_compare_and_exchange (health, PORCH_HEALTH_FULL, PORCH_HEALTH_OK);
}
