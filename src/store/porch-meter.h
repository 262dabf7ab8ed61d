/* porch-meter.h - how far a long copy is, and that it leaves room for others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A gentle one rests as long as it worked, writes down what it made every few megabytes so that no
 * heap of it stands before the server's own writes, and stops before it fills the disk.
 */
#pragma once

#include "porch-connection.h"
#include "porch-store.h"

G_BEGIN_DECLS

typedef struct {
  const PorchCopyOptions *options; /* NULL: as fast as it goes, told to nobody */
  double from, span;               /* of the phase, within 0 to 1 */
  const char *path;                /* what is being written, or NULL */
  gint64 n_bytes, n_synced, n_total;
  gint64 cpu_us;
  int fd;                      /* of @path, or -1 */
  PorchConnection *connection; /* that is watched */
  GError *error;
} PorchMeter;

#define PORCH_METER_INIT(options_) \
  { \
    .options = (options_), .fd = -1 \
  }
void porch_meter_clear (PorchMeter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchMeter, porch_meter_clear)

/* The next part: from where the last one ended up to @until. @n_total bytes go into @path, which
 * may be NULL. */
void porch_meter_begin (PorchMeter *self, double until, const char *path, gint64 n_total);
/* @n_bytes of them are done. FALSE with an error: stop. SHUTTING_DOWN when cancelled, STORAGE when
 * a gentle one has filled the disk but for what the server needs. Sleeps, if it is gentle. */
gboolean porch_meter_tick (PorchMeter *self, gint64 n_bytes, GError **error);

/* While SQLite works on @connection: by the size of the path, or by what was read of the file.
 * What stopped it is in the meter's error, which porch_meter_unwatch () puts in the place of
 * SQLite's. */
void porch_meter_watch (PorchMeter *self, PorchConnection *connection);
void porch_meter_unwatch (PorchMeter *self, GError **error);

/* What @func does comes after all that others want of the processor, when the copy is a gentle one;
 * returns when it is done. Who has stepped back cannot come forward again, so that is a thread of
 * its own. No key is made there: it holds the memory of the whole program while it gets its own,
 * for as long as others are busy. */
typedef gboolean (*PorchMeterFunc) (PorchMeter *self, gpointer data, GError **error);
gboolean
porch_meter_step_back (PorchMeter *self, PorchMeterFunc func, gpointer data, GError **error);

/* STORAGE when there is no room for @n_bytes beside @path and some to spare. */
gboolean porch_meter_check_room (const char *path, gint64 n_bytes, GError **error);

G_END_DECLS
