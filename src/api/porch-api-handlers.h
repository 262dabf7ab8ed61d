/* porch-api-handlers.h - one controller for each row of the operation table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-api-private.h"

G_BEGIN_DECLS

void porch_api_session_create (PorchRequest *request);
void porch_api_session_get (PorchRequest *request);
void porch_api_session_delete (PorchRequest *request);
void porch_api_setup_create (PorchRequest *request);
void porch_api_conversations_list (PorchRequest *request);
void porch_api_conversation_get (PorchRequest *request);
void porch_api_conversation_act (PorchRequest *request);
void porch_api_messages_list (PorchRequest *request);
void porch_api_message_create (PorchRequest *request);
void porch_api_typing_create (PorchRequest *request);
void porch_api_read_create (PorchRequest *request);
void porch_api_agents_list (PorchRequest *request);
void porch_api_agent_create (PorchRequest *request);
void porch_api_status_set (PorchRequest *request);
void porch_api_sites_list (PorchRequest *request);
void porch_api_site_update (PorchRequest *request);
void porch_api_setting_set (PorchRequest *request);
void porch_api_check_create (PorchRequest *request);
void porch_api_secrets_list (PorchRequest *request);
void porch_api_secret_set (PorchRequest *request);
void porch_api_secret_remove (PorchRequest *request);
void porch_api_secrets_unlock (PorchRequest *request);
void porch_api_identity_get (PorchRequest *request);
void porch_api_identity_add (PorchRequest *request);
void porch_api_identity_retire (PorchRequest *request);
void porch_api_backups_list (PorchRequest *request);
void porch_api_backups_create (PorchRequest *request);
void porch_api_backups_restore (PorchRequest *request);
void porch_api_openapi_get (PorchRequest *request);
void porch_api_events (PorchRequest *request);

G_END_DECLS
