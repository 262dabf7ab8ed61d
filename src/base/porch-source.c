/* porch-source.c - timers and idles on the context of the thread that asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-source.h"

#include "porch-stall.h"

typedef struct {
  GSourceFunc func;
  gpointer data;
} Timed;

static gboolean
on_due (gpointer data)
{
  Timed *timed = data;
  gint64 begin = porch_stall_begin ();
  gboolean goes_on = timed->func (timed->data);

  porch_stall_end (begin, "a timer");
  return goes_on;
}

static GSource *
attach (GSource *source, GSourceFunc func, gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Timed *timed = g_new (Timed, 1);

  *timed = (Timed){ func, data };
  g_source_set_callback (source, on_due, timed, g_free);
  g_source_attach (source, context);
  return source;
}

GSource *
porch_source_timeout (guint delay_ms, GSourceFunc func, gpointer data)
{
  return attach (g_timeout_source_new (delay_ms), func, data);
}

GSource *
porch_source_idle (GSourceFunc func, gpointer data)
{
  return attach (g_idle_source_new (), func, data);
}

void
porch_source_clear (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}
