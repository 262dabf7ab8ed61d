/* porch-health.h - what a failure of SQLite means for the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-connection.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* PORCH_HEALTH_OK for a failure that says nothing about the disk or the file. */
PorchHealth porch_health_judge (int code, int system_errno);

/* Takes over what @connection's last failure says. @health is atomic. What needs a restart is never
 * taken back. */
void porch_health_note (gint *health, PorchConnection *connection);
/* Something was written: room is there again. */
void porch_health_clear_full (gint *health);

G_END_DECLS
