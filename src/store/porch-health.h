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
/* Something was written: there is room, and the disk takes it. */
void porch_health_note_written (gint *health);
/* The file has its name (@is_there), or has lost it. */
void porch_health_note_place (gint *health, gboolean is_there);

G_END_DECLS
