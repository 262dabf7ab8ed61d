/* porch-banner.h - the strip that says what is wrong with the server, and what to do about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_BANNER (porch_banner_get_type ())
G_DECLARE_FINAL_TYPE (PorchBanner, porch_banner, PORCH, BANNER, AdwBin)

/* Properties: "mirror" (PorchMirror), "is-shown": this is the pane in which it should be seen. */

G_END_DECLS
