/* porch-thread-people.c - who is at both ends of a thread: what they have read, who types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-thread-parts.h"

#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-pace.h"
#include "porch-source.h"

static void
on_who (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchThread) self = NULL;
  JsonNode *contact = NULL, *visitor = NULL;
  g_autoptr (PorchConversation) known = NULL;

  /* The messages say what is wrong, if anything is. */
  if (answer == NULL)
    return;
  self = g_object_ref (data);
  contact = porch_shape_node (answer, "contact");
  visitor = porch_shape_node (answer, "visitor");
  known =
    porch_shelf_put_conversation (self->shelf, porch_shape_node (answer, "conversation"), NULL);
  if (contact != NULL && JSON_NODE_HOLDS_OBJECT (contact)) {
    g_autoptr (PorchContact) told = porch_shelf_put_contact (self->shelf, contact, NULL);

    if (told != NULL && g_set_object (&self->contact, told))
      porch_thread_notify (self, PORCH_THREAD_PROP_CONTACT);
  }
  if (visitor != NULL && JSON_NODE_HOLDS_OBJECT (visitor)) {
    g_autoptr (PorchVisitor) told = porch_shelf_put_visitor (self->shelf, visitor, NULL);

    if (told != NULL)
      porch_thread_set_visitor (self, told);
  }
}

void
porch_thread_load_who (PorchThread *self)
{
  porch_client_call_async (self->client, PORCH_OP_CONVERSATION_GET, self->conversation->id, NULL,
                           NULL, self->cancellable, on_who, self);
}

void
porch_thread_set_visitor (PorchThread *self, PorchVisitor *visitor)
{
  if (g_set_object (&self->visitor, visitor))
    porch_thread_notify (self, PORCH_THREAD_PROP_VISITOR);
}

static void
on_told (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);

  /* The next key or look tells it again. */
  if (answer == NULL)
    g_debug ("telling the server: %s", error->message);
}

static void
on_read_told (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);

  if (answer != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (porch_client_error_passes (error))
    PORCH_THREAD (data)->read_told = 0;
}

void
porch_thread_tell_read (PorchThread *self)
{
  GString *body = NULL;

  if (self->read_seq <= self->read_told || self->read_seq <= self->conversation->agent_read)
    return;
  self->read_told = self->read_seq;
  body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_int (&writer, "seq", self->read_seq);
  porch_writer_end (&writer);
  porch_client_call_async (self->client, PORCH_OP_READ_CREATE, self->conversation->id, NULL, body,
                           self->cancellable, on_read_told, self);
}

/* Seqs of another file mean nothing here, and what has left is read by nobody of us. The wish is
 * kept apart from what was told, so that it survives a broken line. */
void
porch_thread_mark_read (PorchThread *self)
{
  if (self->n_stored == 0 || self->is_foreign || self->has_left)
    return;
  self->read_seq = MAX (self->read_seq, porch_thread_get_seq (self, self->n_stored - 1));
  porch_thread_tell_read (self);
}

/* The server lets it go out after some seconds, so it is told again while it lasts. */
void
porch_thread_set_typing (PorchThread *self, gboolean is_typing)
{
  const gint64 now_us = porch_clock_monotonic_us ();
  const gint64 again_us = porch_client_get_pace (self->client)->typing_again_ms * (gint64) 1000;
  GString *body = NULL;

  if (is_typing ? self->is_typing && now_us - self->typing_told_us < again_us : !self->is_typing)
    return;
  self->is_typing = is_typing;
  self->typing_told_us = now_us;
  if (porch_client_get_link (self->client) != PORCH_LINK_LIVE)
    return;
  body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_boolean (&writer, "is_typing", is_typing);
  porch_writer_end (&writer);
  porch_client_call_async (self->client, PORCH_OP_TYPING_CREATE, self->conversation->id, NULL, body,
                           NULL, on_told, NULL);
}

static gboolean
on_typing_end (gpointer data)
{
  porch_thread_hear_typing (data, NULL);
  return G_SOURCE_REMOVE;
}

void
porch_thread_hear_typing (PorchThread *self, const char *name)
{
  porch_source_clear (&self->typing_end);
  if (name != NULL)
    self->typing_end =
      porch_source_timeout (porch_client_get_pace (self->client)->typing_ms, on_typing_end, self);
  if (g_strcmp0 (self->typing, name) == 0)
    return;
  g_clear_pointer (&self->typing, g_free);
  self->typing = g_strdup (name);
  porch_thread_notify (self, PORCH_THREAD_PROP_TYPING);
}
