/* porch-walk.h - from socket to socket, in portions: what thousands are told must not hold the loop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A portion, with what its sockets write afterwards, takes about a millisecond. */
#define PORCH_WALK_PORTION 128

/* Lies in its owner. Nobody is left out who was there when it began and is there still; one may be
 * visited twice, and who comes later is not. */
typedef struct {
  GPtrArray *stops; /* borrowed; what is removed from it is replaced by its last */
  void (*visit) (gpointer stop, gpointer data);
  gpointer data;
  guint n_left;
  GSource *source;
} PorchWalk;

/* Begins, also anew while it is going on. The first portion at once. */
void porch_walk_begin (PorchWalk *self);
void porch_walk_stop (PorchWalk *self);

G_END_DECLS
