/* porch-widget-frames.c - everything that a visitor is ever told, member by member
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-frames.h"

#include "porch-error.h"

static GString *
begin (PorchWriter *writer, const char *type)
{
  GString *text = g_string_sized_new (256);

  *writer = (PorchWriter) PORCH_WRITER_INIT (text);
  porch_writer_begin (writer, NULL);
  porch_writer_string (writer, "type", type);
  return text;
}

static GString *
end (PorchWriter *writer)
{
  porch_writer_end (writer);
  return writer->text;
}

gboolean
porch_frames_is_for_visitors (PorchMessage *message)
{
  return message->visibility == PORCH_VISIBILITY_PUBLIC && message->kind != PORCH_MESSAGE_NOTE &&
         message->state != PORCH_MESSAGE_PENDING_APPROVAL;
}

static void
write_agent (PorchWriter *writer, PorchService *service, PorchConversation *conversation)
{
  PorchAgent *agent = porch_service_find_agent (service, conversation->assignee);

  if (agent == NULL) {
    porch_writer_string (writer, "agent", NULL);
    return;
  }
  porch_writer_begin (writer, "agent");
  porch_writer_string (writer, "name", agent->name);
  porch_writer_boolean (writer, "is_in", agent->status == PORCH_STATUS_ONLINE);
  porch_writer_end (writer);
}

static void
write_state (PorchWriter *writer, PorchConversation *conversation)
{
  porch_writer_string (writer, "state",
                       porch_word_nick (porch_state_get_type (), conversation->state));
  porch_writer_boolean (writer, "rating_asked",
                        conversation->rating == 0 && conversation->state >= PORCH_STATE_RESOLVED &&
                          conversation->first_response_at != 0);
}

void
porch_frames_write_conversation (PorchWriter *writer,
                                 PorchService *service,
                                 PorchConversation *conversation)
{
  porch_writer_string (writer, "id", conversation->id);
  porch_writer_string (writer, "handle", conversation->handle);
  write_state (writer, conversation);
  porch_writer_string (writer, "department", conversation->department);
  write_agent (writer, service, conversation);
  porch_writer_int (writer, "unread", conversation->visitor_unread);
  porch_writer_int (writer, "seq", conversation->last_message);
  porch_writer_int (writer, "received", conversation->agent_received);
  porch_writer_int (writer, "read", conversation->agent_read);
  porch_writer_string (writer, "preview", conversation->last_text);
  porch_writer_boolean (writer, "is_preview_mine",
                        conversation->last_sender == PORCH_ACTOR_VISITOR);
  porch_writer_time (writer, "at", conversation->last_at);
}

/* "m17". By hand: printf takes as long as half of the frame. */
static void
write_message_id (PorchWriter *writer, PorchMessage *message)
{
  char id[24];
  char *at = id + sizeof id - 1;
  guint64 left = message->seq;

  *at = '\0';
  do
    *--at = '0' + left % 10;
  while ((left /= 10) > 0);
  *--at = 'm';
  porch_writer_string (writer, "message_id", at);
}

void
porch_frames_write_message (PorchWriter *writer,
                            PorchConversation *conversation,
                            PorchMessage *message)
{
  porch_writer_string (writer, "conversation", conversation->id);
  if (conversation->handle != NULL)
    porch_writer_string (writer, "handle", conversation->handle);
  porch_writer_int (writer, "seq", message->seq);
  write_message_id (writer, message);
  if (message->client_id != NULL && message->sender_kind == PORCH_ACTOR_VISITOR)
    porch_writer_string (writer, "id", message->client_id);
  porch_writer_string (writer, "kind",
                       porch_word_nick (porch_message_kind_get_type (), message->kind));
  if (message->kind == PORCH_MESSAGE_SYSTEM)
    porch_writer_string (writer, "code",
                         porch_word_nick (porch_line_code_get_type (), message->code));
  porch_writer_begin (writer, "sender");
  porch_writer_string (writer, "kind",
                       porch_word_nick (porch_actor_kind_get_type (), message->sender_kind));
  porch_writer_string (writer, "name", message->sender_name);
  porch_writer_end (writer);
  porch_writer_string (writer, "message", message->text);
  porch_writer_begin_array (writer, "files");
  porch_writer_end_array (writer);
  porch_writer_time (writer, "at", message->created_at);
}

GString *
porch_frames_new_message (PorchConversation *conversation, PorchMessage *message)
{
  PorchWriter writer;

  begin (&writer, "message");
  porch_frames_write_message (&writer, conversation, message);
  return end (&writer);
}

GString *
porch_frames_new_ack (PorchConversation *conversation, PorchMessage *message)
{
  PorchWriter writer;

  begin (&writer, "ack");
  porch_writer_string (&writer, "id", message->client_id);
  porch_writer_string (&writer, "conversation", conversation->id);
  if (conversation->handle != NULL)
    porch_writer_string (&writer, "handle", conversation->handle);
  write_message_id (&writer, message);
  porch_writer_int (&writer, "seq", message->seq);
  porch_writer_time (&writer, "at", message->created_at);
  return end (&writer);
}

GString *
porch_frames_new_gap (const char *conversation, const char *device, gint64 expected)
{
  PorchWriter writer;

  begin (&writer, "gap");
  porch_writer_string (&writer, "conversation", conversation);
  porch_writer_string (&writer, "device", device);
  porch_writer_int (&writer, "expected", expected);
  return end (&writer);
}

GString *
porch_frames_new_status (PorchService *service,
                         PorchConversation *conversation,
                         gint64 seq,
                         guint place,
                         gint64 wait_s)
{
  PorchWriter writer;

  begin (&writer, "status");
  porch_writer_string (&writer, "conversation", conversation->id);
  porch_writer_int (&writer, "seq", seq);
  write_state (&writer, conversation);
  write_agent (&writer, service, conversation);
  porch_writer_int (&writer, "queue_position", place);
  if (wait_s > 0)
    porch_writer_int (&writer, "wait_s", wait_s);
  else
    porch_writer_string (&writer, "wait_s", NULL);
  return end (&writer);
}

GString *
porch_frames_new_receipt (PorchConversation *conversation, gint64 received, gint64 read)
{
  PorchWriter writer;

  begin (&writer, "receipt");
  porch_writer_string (&writer, "conversation", conversation->id);
  porch_writer_int (&writer, "received", received);
  porch_writer_int (&writer, "read", read);
  return end (&writer);
}

GString *
porch_frames_new_typing (PorchConversation *conversation, const char *name, gboolean is_typing)
{
  PorchWriter writer;

  begin (&writer, "typing");
  porch_writer_string (&writer, "conversation", conversation->id);
  porch_writer_boolean (&writer, "is_typing", is_typing);
  porch_writer_string (&writer, "name", name);
  return end (&writer);
}

GString *
porch_frames_new_light (gboolean is_on)
{
  PorchWriter writer;

  begin (&writer, "presence");
  porch_writer_boolean (&writer, "light", is_on);
  return end (&writer);
}

GString *
porch_frames_new_reset (PorchService *service, const char *reason)
{
  PorchWriter writer;

  begin (&writer, "reset");
  porch_writer_string (&writer, "reason", reason);
  porch_writer_string (&writer, "epoch", porch_service_get_epoch (service));
  porch_writer_int (&writer, "seq", porch_service_get_seq (service));
  return end (&writer);
}

GString *
porch_frames_new_system (const char *text)
{
  PorchWriter writer;

  begin (&writer, "system");
  porch_writer_string (&writer, "message", text);
  return end (&writer);
}

GString *
porch_frames_new_error (const GError *error,
                        const char *re,
                        const char *conversation,
                        guint retry_after_ms)
{
  const gboolean is_ours = error->domain == PORCH_ERROR && error->code != PORCH_ERROR_INTERNAL &&
                           error->code != PORCH_ERROR_STORAGE;
  PorchWriter writer;

  begin (&writer, "error");
  porch_writer_string (&writer, "code", porch_error_nick (error));
  /* What the file or the disk said is not for strangers. */
  porch_writer_string (&writer, "message", is_ours ? error->message : "could not be done");
  if (re != NULL)
    porch_writer_string (&writer, "re", re);
  if (conversation != NULL)
    porch_writer_string (&writer, "conversation", conversation);
  porch_writer_boolean (&writer, "retry",
                        error->domain == PORCH_ERROR && porch_error_is_retryable (error->code));
  if (retry_after_ms != 0)
    porch_writer_int (&writer, "retry_after_ms", retry_after_ms);
  return end (&writer);
}
