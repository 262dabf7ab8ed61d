/* porch-visitor-session.h - a visitor's token: how long it is good, and how it is replaced
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A token is good for 30 days after its last use, and 180 days with all that replaced it. Once a
 * day a new one is given out. Whether that arrived nobody knows, so the old one goes on until a
 * minute after the first use of the new one. Inside a transaction only.
 */
#pragma once

#include "porch-tx.h"

G_BEGIN_DECLS

/* NULL without an error: there is no such session of @site (NULL: of any), or not any more, or
 * @token_hash is NULL. */
PorchSession *
porch_visitor_session_find (PorchTx *tx, const char *token_hash, const char *site, GError **error);

/* The first one of a visitor. */
gboolean porch_visitor_session_begin (PorchTx *tx,
                                      const char *token_hash,
                                      const char *visitor,
                                      const char *site,
                                      GError **error);

/* Notes that @session is used now. *@is_replaced: @new_token_hash is good from now on, and its
 * token is to be given out. */
gboolean porch_visitor_session_use (PorchTx *tx,
                                    PorchSession *session,
                                    const char *new_token_hash,
                                    gboolean *is_replaced,
                                    GError **error);

G_END_DECLS
