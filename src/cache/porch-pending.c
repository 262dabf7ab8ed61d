/* porch-pending.c - the plain values that a window keeps in its own file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-cache.h"

PorchPending *
porch_pending_copy (const PorchPending *pending)
{
  PorchPending *copy = g_new (PorchPending, 1);

  *copy = *pending;
  copy->id = g_strdup (pending->id);
  copy->conversation = g_strdup (pending->conversation);
  copy->device = g_strdup (pending->device);
  copy->text = g_strdup (pending->text);
  copy->problem = g_strdup (pending->problem);
  return copy;
}

void
porch_pending_free (PorchPending *pending)
{
  g_clear_pointer (&pending->id, g_free);
  g_clear_pointer (&pending->conversation, g_free);
  g_clear_pointer (&pending->device, g_free);
  g_clear_pointer (&pending->text, g_free);
  g_clear_pointer (&pending->problem, g_free);
  g_free (pending);
}

PorchDraft *
porch_draft_new (const char *conversation, const char *text, gboolean is_note)
{
  PorchDraft *draft = g_new (PorchDraft, 1);

  *draft = (PorchDraft){ g_strdup (conversation), g_strdup (text), is_note };
  return draft;
}

void
porch_draft_free (PorchDraft *draft)
{
  g_clear_pointer (&draft->conversation, g_free);
  g_clear_pointer (&draft->text, g_free);
  g_free (draft);
}

void
porch_cache_contents_free (PorchCacheContents *contents)
{
  g_ptr_array_unref (contents->pendings);
  g_ptr_array_unref (contents->drafts);
  g_free (contents);
}
