/* folder.h - the end of a test's own folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* With all that is in it. A link goes, and not where it leads to. */
void folder_remove (const char *path);
