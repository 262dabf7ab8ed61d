/* porch-heights.h - known heights of list rows, and a mean for the unknown ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PorchHeights PorchHeights;

PorchHeights *porch_heights_new (int first_guess);
void porch_heights_free (PorchHeights *self);
/* Forgets all heights, but keeps their mean as the guess. */
void porch_heights_clear (PorchHeights *self);
/* In pixels, all of this. The new rows have no known height. */
void porch_heights_splice (PorchHeights *self, guint position, guint n_removed, guint n_added);
void porch_heights_set (PorchHeights *self, guint position, int height);
void porch_heights_forget (PorchHeights *self, guint position);
/* 0 when the height is not known. */
int porch_heights_get (PorchHeights *self, guint position);
/* Height of all rows above @position, which may be the number of rows. */
double porch_heights_above (PorchHeights *self, guint position);
double porch_heights_total (PorchHeights *self);
/* The row at @y, and in *@fraction how far into it @y lies (0 to 1). Below the last row it is the
 * last one, at 1. */
guint porch_heights_find (PorchHeights *self, double y, double *fraction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchHeights, porch_heights_free)

G_END_DECLS
