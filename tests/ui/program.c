/* program.c - the application that the widgets of a test belong to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "program.h"

#include <locale.h>

AdwApplication *
program_start (int *argc, char ***argv)
{
  AdwApplication *app = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  gtk_test_init (argc, argv, NULL);
  app = adw_application_new ("chat.porchlight.Test", G_APPLICATION_NON_UNIQUE);
  g_application_set_resource_base_path (G_APPLICATION (app), PORCH_RESOURCE_PATH);
  g_application_set_default (G_APPLICATION (app));
  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  return app;
}
