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

static gboolean
is_locked (int system_errno)
{
  return system_errno == EROFS || system_errno == EACCES || system_errno == EPERM;
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
    return is_out_of_room (system_errno) ? PORCH_HEALTH_FULL
           : is_locked (system_errno)    ? PORCH_HEALTH_READ_ONLY
                                         : PORCH_HEALTH_FAILED;
  case SQLITE_READONLY:
    return code == SQLITE_READONLY_DBMOVED ? PORCH_HEALTH_GONE : PORCH_HEALTH_READ_ONLY;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return PORCH_HEALTH_DAMAGED;
  default:
    return PORCH_HEALTH_OK;
  }
}

static void
raise_to (gint *health, gint now)
{
  gint before;

  do
    before = g_atomic_int_get (health);
  while (now > before && !g_atomic_int_compare_and_exchange (health, before, now));
}

void
porch_health_note (gint *health, PorchConnection *connection)
{
  int system_errno = 0;
  const int code = porch_connection_take_failure (connection, &system_errno);

  raise_to (health, porch_health_judge (code, system_errno));
}

void
porch_health_note_written (gint *health)
{
  g_atomic_int_compare_and_exchange (health, PORCH_HEALTH_FULL, PORCH_HEALTH_OK);
  g_atomic_int_compare_and_exchange (health, PORCH_HEALTH_READ_ONLY, PORCH_HEALTH_OK);
}

void
porch_health_note_place (gint *health, gboolean is_there)
{
  if (is_there)
    g_atomic_int_compare_and_exchange (health, PORCH_HEALTH_GONE, PORCH_HEALTH_OK);
  else
    raise_to (health, PORCH_HEALTH_GONE);
}
