/* porch-settings.h - what an owner may set, and how each is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The @i-th key; NULL when there are no more. */
const char *porch_settings_get_key (guint i);

/* @value as it is kept: "" when the setting is to be as it was at first. NOT_FOUND when there is no
 * such setting, BAD_MESSAGE when it cannot have that value: numbers are whole and at most
 * 2147483647, an address is an origin without a path, proxies are at most 16 addresses. */
char *porch_settings_dup_value (const char *key,
                                const char *value,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
