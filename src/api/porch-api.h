/* porch-api.h - the agents' API: one thin controller for each row of the operation table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-backups.h"
#include "porch-ops.h"
#include "porch-secrets.h"
#include "porch-server.h"
#include "porch-service.h"

G_BEGIN_DECLS

typedef struct _PorchApi PorchApi;

/* Binds every operation to @server. @service outlives it; @server goes before it is freed, as its
 * routes and the closing of its last sockets lead here. */
PorchApi *porch_api_new (PorchService *service, PorchServer *server) G_GNUC_WARN_UNUSED_RESULT;
void porch_api_free (PorchApi *self);

/* Where visitors reach us ("http://127.0.0.1:8642"), NULL for nowhere; @warning is the code of what
 * the owner should know about it ("port_taken"), or NULL. */
void porch_api_set_address (PorchApi *self, const char *address, const char *warning);

/* Before the first call: what keeps secrets, and what makes backups. Takes references of its
 * own. */
void porch_api_set_keepers (PorchApi *self, PorchSecrets *secrets, PorchBackups *backups);

/* For the test that walks the table. */
gboolean porch_api_has_handler (PorchOpId id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchApi, porch_api_free)

G_END_DECLS
