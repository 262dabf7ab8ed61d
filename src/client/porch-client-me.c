/* porch-client-me.c - what we say of ourselves: the first business, and our status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-client-parts.h"

#include "porch-client-private.h"
#include "porch-codec.h"

/* Our own object is only changed, never replaced: the window is bound to it. */
void
porch_client_take_agent (PorchClient *self, JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchAgent) agent =
    porch_codec_read (PORCH_TYPE_AGENT, node, PORCH_FROM_SERVER, &error);

  if (agent == NULL) {
    g_debug ("reading who we are: %s", error->message);
  } else if (self->agent != NULL && g_strcmp0 (self->agent->id, agent->id) == 0) {
    porch_entity_assign (PORCH_ENTITY (self->agent), PORCH_ENTITY (agent));
  } else {
    g_set_object (&self->agent, agent);
    porch_client_notify (self, PORCH_CLIENT_PROP_AGENT);
  }
}

/* ---- first run ---- */

/* What waited for the first business is over when the link is decided. */
void
porch_client_end_set_up (PorchClient *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->set_up);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/* Set up is not the end: the person waits until the window is live. */
static void
on_set_up (PorchClient *self, GTask *task)
{
  porch_client_end_set_up (self);
  self->set_up = g_object_ref (task);
  porch_client_set_link (self, PORCH_LINK_CONNECTING);
  porch_client_knock (self);
}

void
porch_client_set_up_async (PorchClient *self,
                           const char *business,
                           const char *name,
                           const char *domain,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  g_task_set_source_tag (task, porch_client_set_up_async);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "business", business);
  porch_writer_string (&writer, "name", name);
  porch_writer_string (&writer, "domain", domain);
  porch_writer_end (&writer);
  porch_client_ask (self, PORCH_OP_SETUP_CREATE, body, task, on_set_up);
}

gboolean
porch_client_set_up_finish (PorchClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- our status ---- */

/* What failed for the moment stays wanted and is told again when the line is back. What was chosen
 * since is another wish, and not this answer's to clear. */
static void
on_status_set (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  const int status = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  if (answer == NULL && porch_client_error_passes (error))
    return;
  if (self->wanted_status == status)
    self->wanted_status = -1;
  if (answer != NULL)
    porch_client_take_agent (self, answer);
}

void
porch_client_set_status (PorchClient *self, PorchStatus status)
{
  GString *body = NULL;

  /* What was chosen offline is told as soon as there is somebody to tell. */
  self->wanted_status = (int) status;
  if (self->agent != NULL)
    g_object_set (self->agent, "wanted-status", status, NULL);
  if (self->link != PORCH_LINK_LIVE)
    return;

  body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "status", porch_word_nick (porch_status_get_type (), (int) status));
  porch_writer_end (&writer);
  porch_client_call_async (self, PORCH_OP_STATUS_SET, NULL, NULL, body, self->cancellable,
                           on_status_set, GINT_TO_POINTER ((int) status));
}
