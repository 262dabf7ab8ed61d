/* kept.c - what GLib and the graphics driver keep until a process with a window ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GLib lets go of a table of quarks on purpose when it outgrows it, and the driver keeps what it
 * made once. Their frames have no frame pointers, so the stacks must be read the slow way to be
 * told from ours.
 */
#include "config.h"

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

const char *
__lsan_default_suppressions (void)
{
  return "leak:call_init\nleak:gdk_display_prepare_gl\n";
}
#else
/* A file must have something in it. */
typedef int kept;
#endif
