/* test-graphics.c - where OpenGL is drawn by a card, and what others are started with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "porch-graphics.h"

#include <glib/gstdio.h>

static const struct {
  const char *name, *folder, *file;
  gboolean has_card;
} cases[] = {
  { "nothing", NULL, NULL, FALSE },
  { "an empty folder", "dri", NULL, FALSE },
  { "a card that only shows", "dri", "card0", FALSE },
  { "a card that draws", "dri", "renderD128", TRUE },
  { "the second of two", "dri", "renderD129", TRUE },
  { "NVIDIA's driver", ".", "nvidiactl", TRUE },
  { "Windows below", ".", "dxg", TRUE },
};

static void
test_card (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *devices = g_dir_make_tmp ("porch-dev.XXXXXX", NULL);
    g_autofree char *folder = g_build_filename (devices, cases[i].folder, NULL);
    g_autofree char *file = g_build_filename (folder, cases[i].file, NULL);

    g_test_message ("%s", cases[i].name);
    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    if (cases[i].file != NULL)
      g_assert_true (g_file_set_contents (file, "", 0, NULL));
    g_assert_cmpint (porch_graphics_has_card (devices), ==, cases[i].has_card);
    if (cases[i].file != NULL)
      g_assert_cmpint (g_remove (file), ==, 0);
    g_rmdir (folder);
    g_rmdir (devices);
  }
}

/* The environment that a program started by the window gets. */
static gboolean
is_passed_on (GAppLaunchContext *context)
{
  g_auto (GStrv) environment = g_app_launch_context_get_environment (context);

  return g_environ_getenv (environment, "GDK_DEBUG") != NULL ||
         g_environ_getenv (environment, "GDK_DISABLE") != NULL;
}

static gboolean
is_switched_off (void)
{
  return g_getenv ("GDK_DEBUG") != NULL || g_getenv ("GDK_DISABLE") != NULL;
}

static void
test_named (void)
{
  if (g_test_subprocess ()) {
    g_unsetenv ("GDK_DEBUG");
    g_unsetenv ("GDK_DISABLE");
    g_setenv ("GSK_RENDERER", "gl", TRUE);
    porch_graphics_prepare ();
    g_assert_false (is_switched_off ());
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_cairo (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (GAppLaunchContext) context = g_app_launch_context_new ();

    g_unsetenv ("GDK_DEBUG");
    g_unsetenv ("GDK_DISABLE");
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
    porch_graphics_prepare ();
    g_assert_true (is_switched_off ());
    g_assert_true (is_passed_on (context));
    porch_graphics_clean (context);
    g_assert_false (is_passed_on (context));
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

/* What somebody has set is theirs, for the programs that we start as well. */
static void
test_own_switch (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (GAppLaunchContext) context = g_app_launch_context_new ();

    g_setenv ("GDK_DEBUG", "frames", TRUE);
    g_setenv ("GDK_DISABLE", "dmabuf", TRUE);
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
    porch_graphics_prepare ();
    g_assert_cmpstr (g_getenv ("GDK_DEBUG"), ==, "frames");
    g_assert_cmpstr (g_getenv ("GDK_DISABLE"), ==, "dmabuf");
    porch_graphics_clean (context);
    g_assert_true (is_passed_on (context));
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graphics/card", test_card);
  g_test_add_func ("/graphics/named", test_named);
  g_test_add_func ("/graphics/cairo", test_cairo);
  g_test_add_func ("/graphics/own-switch", test_own_switch);
  return g_test_run ();
}
