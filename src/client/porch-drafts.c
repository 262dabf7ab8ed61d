/* porch-drafts.c - what is being written to each conversation and not sent yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-drafts.h"

#include "porch-source.h"

struct _PorchDrafts {
  PorchCache *cache;
  guint delay_ms;
  GHashTable *drafts; /* conversation -> PorchDraft; an empty text is one that was removed */
  GHashTable *unkept; /* set of conversation */
  GSource *write;
};

PorchDrafts *
porch_drafts_new (PorchCache *cache, guint delay_ms)
{
  PorchDrafts *self = g_new0 (PorchDrafts, 1);

  g_set_object (&self->cache, cache);
  self->delay_ms = delay_ms;
  self->drafts =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_draft_free);
  self->unkept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
porch_drafts_free (PorchDrafts *self)
{
  porch_source_clear (&self->write);
  g_hash_table_unref (self->unkept);
  g_hash_table_unref (self->drafts);
  g_clear_object (&self->cache);
  g_free (self);
}

void
porch_drafts_restore (PorchDrafts *self, GPtrArray *drafts)
{
  for (guint i = 0; i < drafts->len; i++) {
    const PorchDraft *draft = g_ptr_array_index (drafts, i);
    PorchDraft *copy = NULL;

    if (g_hash_table_contains (self->drafts, draft->conversation))
      continue;
    copy = porch_draft_new (draft->conversation, draft->text, draft->is_note);
    g_hash_table_insert (self->drafts, copy->conversation, copy);
  }
}

static gboolean
on_write (gpointer data)
{
  porch_drafts_flush (data);
  return G_SOURCE_REMOVE;
}

void
porch_drafts_set (PorchDrafts *self, const char *conversation, const char *text, gboolean is_note)
{
  PorchDraft *draft = porch_draft_new (conversation, text != NULL ? text : "", is_note);

  g_hash_table_replace (self->drafts, draft->conversation, draft);
  if (self->cache == NULL)
    return;
  g_hash_table_add (self->unkept, g_strdup (conversation));
  porch_source_clear (&self->write);
  self->write = porch_source_timeout (self->delay_ms, on_write, self);
}

const char *
porch_drafts_get (PorchDrafts *self, const char *conversation, gboolean *is_note)
{
  const PorchDraft *draft = g_hash_table_lookup (self->drafts, conversation);
  const gboolean has_text = draft != NULL && *draft->text != '\0';

  if (is_note != NULL)
    *is_note = has_text && draft->is_note;
  return has_text ? draft->text : NULL;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchCache) cache = data;
  g_autoptr (GError) error = NULL;

  if (!porch_cache_write_finish (cache, result, &error))
    g_debug ("keeping a draft: %s", error->message);
}

void
porch_drafts_flush (PorchDrafts *self)
{
  GHashTableIter iter;
  gpointer conversation;

  porch_source_clear (&self->write);
  g_hash_table_iter_init (&iter, self->unkept);
  while (g_hash_table_iter_next (&iter, &conversation, NULL)) {
    const PorchDraft *draft = g_hash_table_lookup (self->drafts, conversation);

    porch_cache_set_draft_async (self->cache, draft, on_written, g_object_ref (self->cache));
    /* What was removed need not be remembered once that is on its way to the disk. */
    g_hash_table_iter_remove (&iter);
  }
}
