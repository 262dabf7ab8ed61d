/* porch-local-call.h - one operation on a folder, whoever serves it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-ops.h"

G_BEGIN_DECLS

/* Somebody serves @folder now. Blocking, though a Unix socket answers at once. */
gboolean porch_local_is_served (const char *folder);

/* A client of whoever serves @folder over its Unix socket; where nobody does, it is served until
 * this is closed. Each call runs a loop of its own: for commands, never where another loop runs. */
typedef struct _PorchLocal PorchLocal;
PorchLocal *porch_local_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void porch_local_close (PorchLocal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchLocal, porch_local_close)
/* Takes @body, which may be NULL. The answer's text is the caller's, "" for one without a body;
 * NULL with a PORCH_ERROR of the server's, or with what kept it from being reached. */
char *porch_local_ask (PorchLocal *self, PorchOpId op, GString *body, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void porch_local_wait (PorchLocal *self, guint ms);

/* One call, opened and closed. Takes @body, which may not be NULL. */
char *porch_local_call (const char *folder, PorchOpId op, GString *body, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
