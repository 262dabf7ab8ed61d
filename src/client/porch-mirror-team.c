/* porch-mirror-team.c - how much there is to do, and who is there to do it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-mirror-parts.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-pace.h"
#include "porch-source.h"

/* ---- counts ---- */

/* A count that an answer does not have stays as it was. */
static void
set_count (PorchMirror *self,
           gint64 *count,
           JsonNode *answer,
           const char *path,
           PorchMirrorProp prop)
{
  gint64 value = *count;

  if (!porch_shape_int (answer, path, &value) || value == *count)
    return;
  *count = value;
  porch_mirror_notify (self, prop);
}

static void
take_counts (PorchMirror *self, JsonNode *counts)
{
  set_count (self, &self->n_mine, counts, "mine", PORCH_MIRROR_PROP_COUNTS_MINE);
  set_count (self, &self->n_waiting, counts, "waiting", PORCH_MIRROR_PROP_COUNTS_WAITING);
  set_count (self, &self->n_open, counts, "open", PORCH_MIRROR_PROP_COUNTS_OPEN);
}

void
porch_mirror_hear_counts (PorchInbox *inbox, JsonObject *object, PorchMirror *self)
{
  g_autoptr (JsonNode) counts = json_node_init_object (json_node_alloc (), object);

  take_counts (self, counts);
}

static void
on_counts (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  JsonNode *counts = answer != NULL ? porch_shape_node (answer, "counts") : NULL;

  if (counts != NULL && JSON_NODE_HOLDS_OBJECT (counts))
    take_counts (data, counts);
}

static gboolean
on_count (gpointer data)
{
  PorchMirror *self = data;

  porch_source_clear (&self->count);
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, "filter=mine&limit=1",
                           NULL, self->cancellable, on_counts, self);
  return G_SOURCE_REMOVE;
}

/* The server counts: what we have seen is only a part. */
void
porch_mirror_count_soon (PorchMirror *self)
{
  if (self->count == NULL)
    self->count =
      porch_source_timeout (porch_client_get_pace (self->client)->counts_ms, on_count, self);
}

/* ---- agents ---- */

static void
look_for_somebody (PorchMirror *self)
{
  const guint n_agents = g_list_model_get_n_items (G_LIST_MODEL (self->agents));
  gboolean is_somebody_in = FALSE;

  for (guint i = 0; i < n_agents && !is_somebody_in; i++) {
    g_autoptr (PorchAgent) agent = g_list_model_get_item (G_LIST_MODEL (self->agents), i);

    is_somebody_in = agent->status == PORCH_STATUS_ONLINE;
  }
  if (self->is_somebody_in == is_somebody_in)
    return;
  self->is_somebody_in = is_somebody_in;
  porch_mirror_notify (self, PORCH_MIRROR_PROP_IS_SOMEBODY_IN);
}

/* The agent's one object, brought up to date: the client's own for ourselves. */
static PorchAgent *
put_agent (PorchMirror *self, PorchAgent *told)
{
  PorchAgent *ours = porch_client_get_agent (self->client);
  PorchAgent *known = porch_mirror_find_agent (self, told->id);

  if (known == NULL && ours != NULL && g_strcmp0 (ours->id, told->id) == 0)
    known = ours;
  if (known == NULL)
    return g_object_ref (told);
  porch_entity_assign (PORCH_ENTITY (known), PORCH_ENTITY (told));
  return g_object_ref (known);
}

void
porch_mirror_hear_agent (PorchMirror *self, JsonNode *data)
{
  g_autoptr (PorchAgent) told = porch_codec_read (PORCH_TYPE_AGENT, data, PORCH_FROM_SERVER, NULL);
  g_autoptr (PorchAgent) agent = told != NULL ? put_agent (self, told) : NULL;

  if (agent != NULL && !g_list_store_find (self->agents, agent, NULL))
    g_list_store_append (self->agents, agent);
  look_for_somebody (self);
}

static void
on_agents (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (GPtrArray) agents = NULL;
  JsonArray *items = answer != NULL ? porch_shape_array (answer, "items") : NULL;
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;
  PorchMirror *self = data;

  /* The next time the link comes up it is asked again. */
  if (items == NULL)
    return;
  agents = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_items; i++) {
    g_autoptr (PorchAgent) told = porch_codec_read (
      PORCH_TYPE_AGENT, json_array_get_element (items, i), PORCH_FROM_SERVER, NULL);

    if (told != NULL)
      g_ptr_array_add (agents, put_agent (self, told));
  }
  g_list_store_splice (self->agents, 0, g_list_model_get_n_items (G_LIST_MODEL (self->agents)),
                       agents->pdata, agents->len);
  look_for_somebody (self);
}

void
porch_mirror_load_agents (PorchMirror *self)
{
  porch_client_call_async (self->client, PORCH_OP_AGENTS_LIST, NULL, NULL, NULL, self->cancellable,
                           on_agents, self);
}

GListModel *
porch_mirror_get_agents (PorchMirror *self)
{
  return G_LIST_MODEL (self->agents);
}

PorchAgent *
porch_mirror_find_agent (PorchMirror *self, const char *id)
{
  const guint n_agents = g_list_model_get_n_items (G_LIST_MODEL (self->agents));

  for (guint i = 0; i < n_agents; i++) {
    g_autoptr (PorchAgent) agent = g_list_model_get_item (G_LIST_MODEL (self->agents), i);

    /* The list keeps it. */
    if (g_strcmp0 (agent->id, id) == 0)
      return agent;
  }
  return NULL;
}
