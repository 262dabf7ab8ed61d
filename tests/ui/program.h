/* program.h - the application that the widgets of a test belong to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

/* GTK is there, and the application is the default one, with our resources. Yours. */
AdwApplication *program_start (int *argc, char ***argv) G_GNUC_WARN_UNUSED_RESULT;
