/* porch-fact.h - a row that says one thing about somebody: a caption over its value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_FACT (porch_fact_get_type ())
G_DECLARE_FINAL_TYPE (PorchFact, porch_fact, PORCH, FACT, GtkListBoxRow)

/* Properties: "icon-name", "caption", "value" (the row hides without one), "detail" (tooltip, and
 * what is copied when it is given), "can-copy". */

G_END_DECLS
