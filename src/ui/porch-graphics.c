/* porch-graphics.c - OpenGL only where a graphics card draws it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where no card is, as in virtual machines, GTK takes an OpenGL that the processor imitates. The
 * imitation comes with a compiler: it takes as long to load as the rest of the start, and some 70
 * MB that stay for as long as the program serves with its window closed. Cairo draws the same then.
 */
#include "config.h"

#include "porch-graphics.h"

#include <gtk/gtk.h>

/* GTK 4.16 moved what switches parts off to a variable of its own. */
#define HAS_GDK_DISABLE() (gtk_get_minor_version () >= 16)
#define SWITCH_OLD        "GDK_DEBUG"
#define VALUE_OLD         "gl-disable"
#define SWITCH_NEW        "GDK_DISABLE"
#define VALUE_NEW         "gl,vulkan"

static gboolean is_prepared;

gboolean
porch_graphics_has_card (const char *devices)
{
  g_autofree char *mesa = g_build_filename (devices, "dri", NULL);
  g_autofree char *nvidia = g_build_filename (devices, "nvidiactl", NULL);
  g_autofree char *wsl = g_build_filename (devices, "dxg", NULL);
  g_autoptr (GDir) dir = g_dir_open (mesa, 0, NULL);
  const char *name = NULL;

  /* A card without a render node is one of old: it only shows what others have drawn. */
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  return g_file_test (nvidia, G_FILE_TEST_EXISTS) || g_file_test (wsl, G_FILE_TEST_EXISTS);
}

void
porch_graphics_prepare (void)
{
  const char *renderer = g_getenv ("GSK_RENDERER");
  const char *name = HAS_GDK_DISABLE () ? SWITCH_NEW : SWITCH_OLD;

  /* Who names a renderer, or switches for themselves, gets what they ask for. */
  if (g_getenv (name) != NULL || (renderer != NULL && g_strcmp0 (renderer, "cairo") != 0))
    return;
  if (renderer == NULL && porch_graphics_has_card ("/dev"))
    return;
  is_prepared = g_setenv (name, HAS_GDK_DISABLE () ? VALUE_NEW : VALUE_OLD, FALSE);
}

void
porch_graphics_clean (GAppLaunchContext *context)
{
  /* Not from our own environment: by now threads may be reading it. */
  if (is_prepared)
    g_app_launch_context_unsetenv (context, HAS_GDK_DISABLE () ? SWITCH_NEW : SWITCH_OLD);
}
