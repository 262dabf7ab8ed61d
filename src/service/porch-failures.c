/* porch-failures.c - how often somebody failed, and how long they wait for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-failures.h"

#include "porch-clock.h"

#define WAIT_US     (60 * G_TIME_SPAN_SECOND)
#define WAIT_MAX_US (60 * 60 * G_TIME_SPAN_SECOND)
/* A minute doubled six times is more than the longest wait already, and cannot overflow. */
#define DOUBLED_MAX 6
#define NAMES_MAX   10000

typedef struct {
  guint n;
  gint64 open_at_us; /* monotonic: when they may try again, or failed last */
} Failure;

struct _PorchFailures {
  GHashTable *by_name;
  guint most;
  gint64 window_us;
};

PorchFailures *
porch_failures_new (guint most, gint64 window_us)
{
  PorchFailures *self = g_new0 (PorchFailures, 1);

  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->most = most;
  self->window_us = window_us;
  return self;
}

void
porch_failures_free (PorchFailures *self)
{
  g_hash_table_unref (self->by_name);
  g_free (self);
}

static gboolean
is_over (gpointer name, gpointer failure, gpointer self)
{
  return porch_clock_monotonic_us () - ((Failure *) failure)->open_at_us >
         ((PorchFailures *) self)->window_us;
}

/* Guesses at ever new names must not fill the memory. */
static void
make_room (PorchFailures *self)
{
  if (g_hash_table_size (self->by_name) < NAMES_MAX)
    return;
  g_hash_table_foreach_remove (self->by_name, is_over, self);
  if (g_hash_table_size (self->by_name) >= NAMES_MAX)
    g_hash_table_remove_all (self->by_name);
}

void
porch_failures_count (PorchFailures *self, const char *name)
{
  Failure *failure = g_hash_table_lookup (self->by_name, name);
  guint doubled;

  if (failure == NULL) {
    make_room (self);
    failure = g_new0 (Failure, 1);
    g_hash_table_insert (self->by_name, g_strdup (name), failure);
  } else if (is_over (NULL, failure, self)) {
    failure->n = 0;
  }
  failure->n++;
  failure->open_at_us = porch_clock_monotonic_us ();
  if (failure->n < self->most)
    return;
  doubled = MIN (failure->n - self->most, DOUBLED_MAX);
  failure->open_at_us += MIN (WAIT_US << doubled, WAIT_MAX_US);
}

void
porch_failures_forget (PorchFailures *self, const char *name)
{
  g_hash_table_remove (self->by_name, name);
}

guint
porch_failures_get_wait (PorchFailures *self, const char *name)
{
  const Failure *failure = g_hash_table_lookup (self->by_name, name);
  const gint64 left_us = failure != NULL ? failure->open_at_us - porch_clock_monotonic_us () : 0;

  return left_us > 0 ? (left_us + 999) / 1000 : 0;
}
