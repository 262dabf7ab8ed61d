/* porch-door-private.h - what the parts of one door share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-peer.h"
#include "porch-rate.h"
#include "porch-router.h"
#include "porch-wheel.h"

G_BEGIN_DECLS

#define PORCH_LINGER_TICKS 2 /* after a refusal, so that the client gets to read it */
#define PORCH_LINGER_BYTES (256 * 1024)
#define PORCH_CLOSE_TICKS  5 /* for the other side's part of a closing handshake */
#define PORCH_PING_BURST   10

/* Lies in the PorchServer and lives as long. */
typedef struct {
  PorchLimits limits;
  PorchWheel *wheel;
  PorchPeers *peers;
  PorchRate *rate;
  PorchRouter *router;
  char **hosts;
  char **proxies; /* addresses whose X-Forwarded-For is believed */
  gboolean is_proxy_silent;
  void (*silence_changed) (gpointer data);
  gpointer silence_data;
  struct _PorchGate *gate;
  struct _PorchCarrier *carrier;
  gboolean is_stopping;
} PorchDoor;

G_END_DECLS
