/* porch-router.h - which route a path means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-server.h"

G_BEGIN_DECLS

typedef struct _PorchRouter PorchRouter;

typedef struct {
  const PorchRoute *route; /* of the verb, or, for OPTIONS, any of the path */
  gpointer data;
  char **params; /* name, value, name, value … NULL */
  char *allow;   /* the path's verbs, when the answer is 405 or the verb is OPTIONS */
} PorchMatch;

PorchRouter *porch_router_new (void) G_GNUC_WARN_UNUSED_RESULT;
void porch_router_free (PorchRouter *self);

/* The rows are borrowed and outlive the router. Rows that were added first win. */
void porch_router_add (PorchRouter *self, const PorchRoute *routes, guint n_routes, gpointer data);

/* 0, or the HTTP status to refuse with: 400 for a path that is no text, 404, 405. @path is still
 * percent-encoded. @match is to be cleared in any case: with 405 it has the verbs for Allow. */
guint porch_router_find (PorchRouter *self,
                         const char *verb,
                         const char *path,
                         gsize length,
                         PorchMatch *match);

void porch_match_clear (PorchMatch *match);
const char *porch_match_get_param (const PorchMatch *match, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRouter, porch_router_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchMatch, porch_match_clear)

G_END_DECLS
