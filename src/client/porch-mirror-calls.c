/* porch-mirror-calls.c - what a person asks the server for, into the models
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-mirror-parts.h"

#include "porch-codec.h"

static void
on_conversation (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchMirror *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  JsonNode *node = answer != NULL ? porch_shape_node (answer, "conversation") : NULL;
  PorchConversation *conversation = NULL;

  if (answer != NULL)
    conversation = porch_shelf_put_conversation (self->shelf, node, &error);
  if (conversation != NULL)
    g_task_return_pointer (task, conversation, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
porch_mirror_load_conversation_async (PorchMirror *self,
                                      const char *id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PorchConversation *known = porch_shelf_find_conversation (self->shelf, id);

  g_task_set_source_tag (task, porch_mirror_load_conversation_async);
  if (known != NULL) {
    g_task_return_pointer (task, g_object_ref (known), g_object_unref);
    return;
  }
  porch_client_call_async (self->client, PORCH_OP_CONVERSATION_GET, id, NULL, NULL, cancellable,
                           on_conversation, g_steal_pointer (&task));
}

PorchConversation *
porch_mirror_load_conversation_finish (PorchMirror *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Put without taking it for the stream's word: the answer to giving something away is the last that
 * we see of it. */
static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchMirror *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchConversation) conversation = NULL;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  conversation = porch_mirror_put_conversation (self, answer);
  g_task_return_boolean (task, TRUE);
}

void
porch_mirror_act_async (PorchMirror *self,
                        PorchConversation *conversation,
                        PorchOpId op,
                        const char *agent,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = NULL;

  g_task_set_source_tag (task, porch_mirror_act_async);
  if (op == PORCH_OP_CONVERSATION_ASSIGN) {
    body = g_string_new (NULL);
    PorchWriter writer = PORCH_WRITER_INIT (body);

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "agent", agent);
    porch_writer_end (&writer);
  }
  porch_client_call_async (self->client, op, conversation->id, NULL, body, cancellable, on_acted,
                           task);
}

gboolean
porch_mirror_act_finish (PorchMirror *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
