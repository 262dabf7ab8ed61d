/* porch-guest.c - a visitor who is here now: their sockets and conversations
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-guest.h"

#include "porch-id.h"

PorchGuest *
porch_guest_new (PorchVisitor *visitor, PorchContact *contact)
{
  PorchGuest *self = g_new0 (PorchGuest, 1);

  self->visitor = g_object_ref (visitor);
  self->contact = g_object_ref (contact);
  self->talks = g_ptr_array_new ();
  /* Each is its own key's owner. */
  self->conversations = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
porch_guest_free (PorchGuest *self)
{
  g_clear_object (&self->visitor);
  g_clear_object (&self->contact);
  g_ptr_array_unref (self->talks);
  g_hash_table_unref (self->conversations);
  g_hash_table_unref (self->places);
  g_free (self);
}

void
porch_guest_put (PorchGuest *self, PorchConversation *conversation)
{
  PorchConversation *known = g_hash_table_lookup (self->conversations, conversation->id);

  /* Answers to commands and events cross: the newer one stays. */
  if (known == conversation || (known != NULL && known->last_seq > conversation->last_seq))
    return;
  g_hash_table_replace (self->conversations, conversation->id, g_object_ref (conversation));
}

PorchConversation *
porch_guest_find (PorchGuest *self, const char *conversation)
{
  PorchConversation *found = g_hash_table_lookup (self->conversations, conversation);
  GHashTableIter iter;
  gpointer value;

  if (found != NULL || !porch_id_is_handle (conversation))
    return found;
  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_strcmp0 (((PorchConversation *) value)->handle, conversation) == 0)
      return value;
  return NULL;
}
