/* porch-heights.c - known heights of list rows, and a mean for the unknown ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A Fenwick tree holds, per node, the sum and the number of the known heights below it, so that
 * sums and the search for a place cost O(log n). Rows nobody has measured count with the mean of
 * the known ones, so a changed mean costs nothing. Splices in the middle or at the front rebuild
 * the tree: 100,000 rows take about 0.2 ms, once per page.
 */
#include "config.h"

#include "porch-heights.h"

#include <string.h>

typedef struct {
  gint64 sum;
  guint n_known;
} Node;

struct _PorchHeights {
  GArray *heights; /* of int, 0 is unknown */
  GArray *nodes;   /* of Node; 1-based Fenwick tree, node 0 unused */
  gint64 sum;
  guint n_known;
  int first_guess;
};

/* The guess counts like some rows, lest the first screenful alone decides where the scrollbar is.
 */
#define GUESS_WEIGHT 32

static double
get_mean (PorchHeights *self)
{
  return (self->sum + (double) GUESS_WEIGHT * self->first_guess) / (GUESS_WEIGHT + self->n_known);
}

static void
rebuild (PorchHeights *self)
{
  guint n_rows = self->heights->len;
  Node *nodes;

  g_array_set_size (self->nodes, n_rows + 1);
  nodes = (Node *) self->nodes->data;
  memset (nodes, 0, (n_rows + 1) * sizeof (Node));
  self->sum = 0;
  self->n_known = 0;

  for (guint i = 1; i <= n_rows; i++) {
    int height = g_array_index (self->heights, int, i - 1);
    guint up = i + (i & -i);

    nodes[i].sum += height;
    nodes[i].n_known += height > 0;
    self->sum += height;
    self->n_known += height > 0;
    if (up <= n_rows) {
      nodes[up].sum += nodes[i].sum;
      nodes[up].n_known += nodes[i].n_known;
    }
  }
}

/* A new node at the end covers rows whose nodes exist already: no rebuild for appends. */
static void
append_row (PorchHeights *self)
{
  int unknown = 0;
  Node node = { 0, 0 };
  guint i;

  g_array_append_val (self->heights, unknown);
  i = self->heights->len;
  for (guint step = 1; step < (i & -i); step <<= 1) {
    Node *child = &g_array_index (self->nodes, Node, i - step);

    node.sum += child->sum;
    node.n_known += child->n_known;
  }
  g_array_append_val (self->nodes, node);
}

PorchHeights *
porch_heights_new (int first_guess)
{
  PorchHeights *self = g_new0 (PorchHeights, 1);

  self->heights = g_array_new (FALSE, TRUE, sizeof (int));
  self->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  self->first_guess = first_guess;
  rebuild (self);

  return self;
}

void
porch_heights_free (PorchHeights *self)
{
  g_array_unref (self->heights);
  g_array_unref (self->nodes);
  g_free (self);
}

void
porch_heights_clear (PorchHeights *self)
{
  self->first_guess = (int) (get_mean (self) + 0.5);
  /* An empty array has no memory to be given to memset (). */
  if (self->heights->len > 0)
    memset (self->heights->data, 0, self->heights->len * sizeof (int));
  rebuild (self);
}

void
porch_heights_splice (PorchHeights *self, guint position, guint n_removed, guint n_added)
{
  guint old_len = self->heights->len;

  g_return_if_fail (position + n_removed <= old_len);

  if (position == old_len && n_removed == 0 && n_added <= 64) {
    for (guint i = 0; i < n_added; i++)
      append_row (self);
    return;
  }

  if (n_added > n_removed)
    g_array_set_size (self->heights, old_len + n_added - n_removed);
  memmove (&g_array_index (self->heights, int, position + n_added),
           &g_array_index (self->heights, int, position + n_removed),
           (old_len - position - n_removed) * sizeof (int));
  memset (&g_array_index (self->heights, int, position), 0, n_added * sizeof (int));
  if (n_added < n_removed)
    g_array_set_size (self->heights, old_len + n_added - n_removed);
  rebuild (self);
}

void
porch_heights_set (PorchHeights *self, guint position, int height)
{
  int *slot = &g_array_index (self->heights, int, position);
  int known_change = (height > 0) - (*slot > 0);
  int change = height - *slot;

  if (change == 0)
    return;

  *slot = height;
  self->sum += change;
  self->n_known += known_change;
  for (guint i = position + 1; i <= self->heights->len; i += i & -i) {
    Node *node = &g_array_index (self->nodes, Node, i);

    node->sum += change;
    node->n_known += known_change;
  }
}

void
porch_heights_forget (PorchHeights *self, guint position)
{
  porch_heights_set (self, position, 0);
}

int
porch_heights_get (PorchHeights *self, guint position)
{
  return g_array_index (self->heights, int, position);
}

double
porch_heights_above (PorchHeights *self, guint position)
{
  gint64 sum = 0;
  guint n_known = 0;

  for (guint i = position; i > 0; i -= i & -i) {
    sum += g_array_index (self->nodes, Node, i).sum;
    n_known += g_array_index (self->nodes, Node, i).n_known;
  }

  return sum + (position - n_known) * get_mean (self);
}

double
porch_heights_total (PorchHeights *self)
{
  return self->sum + (self->heights->len - self->n_known) * get_mean (self);
}

guint
porch_heights_find (PorchHeights *self, double y, double *fraction)
{
  double mean = get_mean (self);
  guint n_rows = self->heights->len;
  guint position = 0;
  guint step = 1;
  double height;

  while (step * 2 <= n_rows)
    step *= 2;

  for (; step > 0; step /= 2) {
    Node *node;
    double below;

    if (position + step > n_rows)
      continue;
    node = &g_array_index (self->nodes, Node, position + step);
    below = node->sum + (step - node->n_known) * mean;
    if (below <= y) {
      y -= below;
      position += step;
    }
  }

  if (position >= n_rows) {
    *fraction = 1.0;
    return n_rows > 0 ? n_rows - 1 : 0;
  }
  height = porch_heights_get (self, position) > 0 ? porch_heights_get (self, position) : mean;
  *fraction = CLAMP (y / height, 0.0, 1.0);

  return position;
}
