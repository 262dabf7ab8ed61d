/* porch-kept.c - conversations as they are in the file, which the writer need not read again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-kept.h"

#include <string.h>

/* About 1 KB each. */
#define KEPT_MAX 256

struct _PorchKept {
  GHashTable *by_pk; /* owns them, as the others borrow their keys from them */
  GHashTable *by_id;
  GHashTable *by_handle;
};

static guint
hash_handle (gconstpointer key)
{
  const PorchConversation *conversation = key;

  return g_str_hash (conversation->handle) * 31 + g_str_hash (conversation->visitor);
}

static gboolean
has_same_handle (gconstpointer a, gconstpointer b)
{
  const PorchConversation *one = a, *other = b;

  return strcmp (one->handle, other->handle) == 0 && strcmp (one->visitor, other->visitor) == 0;
}

PorchKept *
porch_kept_new (void)
{
  PorchKept *self = g_new0 (PorchKept, 1);

  self->by_pk = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_handle = g_hash_table_new (hash_handle, has_same_handle);
  return self;
}

void
porch_kept_free (PorchKept *self)
{
  g_hash_table_unref (self->by_handle);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_pk);
  g_free (self);
}

void
porch_kept_forget (PorchKept *self)
{
  g_hash_table_remove_all (self->by_handle);
  g_hash_table_remove_all (self->by_id);
  g_hash_table_remove_all (self->by_pk);
}

PorchConversation *
porch_kept_find (PorchKept *self, gint64 pk)
{
  return g_hash_table_lookup (self->by_pk, &pk);
}

PorchConversation *
porch_kept_find_id (PorchKept *self, const char *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

PorchConversation *
porch_kept_find_handle (PorchKept *self, const char *visitor, const char *handle)
{
  const PorchConversation key = { .visitor = (char *) visitor, .handle = (char *) handle };

  return g_hash_table_lookup (self->by_handle, &key);
}

static void
add (PorchKept *self, PorchConversation *conversation)
{
  /* All at once: which of them is the oldest is not worth knowing. */
  if (g_hash_table_size (self->by_pk) >= KEPT_MAX)
    porch_kept_forget (self);
  g_hash_table_insert (self->by_pk, &conversation->pk, conversation);
  g_hash_table_insert (self->by_id, conversation->id, conversation);
  if (conversation->visitor != NULL && conversation->handle != NULL)
    g_hash_table_add (self->by_handle, conversation);
}

void
porch_kept_put (PorchKept *self, PorchConversation *conversation)
{
  const PorchRow *row = porch_row_get (PORCH_ROW_CONVERSATION);
  PorchConversation *known = porch_kept_find (self, conversation->pk);

  /* These never change; the tables would not survive it if they did. */
  if (known != NULL && (g_strcmp0 (known->id, conversation->id) != 0 ||
                        g_strcmp0 (known->visitor, conversation->visitor) != 0 ||
                        g_strcmp0 (known->handle, conversation->handle) != 0)) {
    porch_kept_forget (self);
    known = NULL;
  }
  if (known == NULL)
    add (self, porch_entity_copy (conversation));
  else
    porch_row_take_over (row, known, conversation, porch_row_differ (row, known, conversation));
}
