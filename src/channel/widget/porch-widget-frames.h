/* porch-widget-frames.h - everything that a visitor is ever told, member by member
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing here goes through an entity's codec: a member that is not written below does not exist
 * for a visitor. tests/e2e compares every frame and reply with the list of allowed members.
 */
#pragma once

#include "porch-event.h"
#include "porch-service.h"
#include "porch-writer.h"

G_BEGIN_DECLS

/* Members of an object that is begun. */
void porch_frames_write_conversation (PorchWriter *writer,
                                      PorchService *service,
                                      PorchConversation *conversation);
void porch_frames_write_message (PorchWriter *writer,
                                 PorchConversation *conversation,
                                 PorchMessage *message);

GString *porch_frames_new_message (PorchConversation *conversation, PorchMessage *message);
GString *porch_frames_new_ack (PorchConversation *conversation, PorchMessage *message);
GString *porch_frames_new_gap (const char *conversation, const char *device, gint64 expected);
/* @seq is that of the event that is told, which may be older than @conversation: a page resumes by
 * the highest seq it saw, so a status must not run ahead of what comes after it. */
GString *porch_frames_new_status (PorchService *service,
                                  PorchConversation *conversation,
                                  gint64 seq,
                                  guint place,
                                  gint64 wait_s);
GString *porch_frames_new_receipt (PorchConversation *conversation, gint64 received, gint64 read);
GString *
porch_frames_new_typing (PorchConversation *conversation, const char *name, gboolean is_typing);
GString *porch_frames_new_light (gboolean is_on);
GString *porch_frames_new_reset (PorchService *service, const char *reason);
GString *porch_frames_new_system (const char *text);
GString *porch_frames_new_error (const GError *error,
                                 const char *re,
                                 const char *conversation,
                                 guint retry_after_ms);

/* Visitors may see it at all. */
gboolean porch_frames_is_for_visitors (PorchMessage *message);

G_END_DECLS
