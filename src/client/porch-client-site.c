/* porch-client-site.c - the website, as the window knows it and its owner changes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-client-parts.h"

#include "porch-codec.h"

static char *
dup_domains (JsonNode *answer)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0;; i++) {
    g_autofree char *path = g_strdup_printf ("sites.0.domains.%u", i);
    const char *word = porch_shape_string (answer, path);

    if (word == NULL)
      break;
    g_strv_builder_add (words, word);
  }
  list = g_strv_builder_end (words);
  return list[0] != NULL ? g_strjoinv (" ", list) : NULL;
}

void
porch_client_take_site (PorchClient *self, JsonNode *answer)
{
  g_autofree char *domains = dup_domains (answer);

  porch_client_set_text (self, &self->site_id, porch_shape_string (answer, "sites.0.id"),
                         PORCH_CLIENT_PROP_SITE_ID);
  porch_client_set_text (self, &self->site_key, porch_shape_string (answer, "sites.0.key"),
                         PORCH_CLIENT_PROP_SITE_KEY);
  porch_client_set_text (self, &self->site_domains, domains, PORCH_CLIENT_PROP_SITE_DOMAINS);
}

/* What the window shows follows at once: whoever changed something looks at it. */
static void
on_updated (PorchClient *self, GTask *task)
{
  porch_client_look_again (self);
  g_task_return_boolean (task, TRUE);
}

void
porch_client_update_site_async (PorchClient *self,
                                const char *name,
                                const char *domains,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  g_task_set_source_tag (task, porch_client_update_site_async);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "site", self->site_id != NULL ? self->site_id : "");
  if (name != NULL)
    porch_writer_string (&writer, "name", name);
  if (domains != NULL)
    porch_writer_string (&writer, "domains", domains);
  porch_writer_end (&writer);
  porch_client_ask (self, PORCH_OP_SITE_UPDATE, body, task, on_updated);
}

gboolean
porch_client_update_site_finish (PorchClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
