/* porch-shelf.c - one object per id, of all that the server told us about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-shelf.h"

#include "porch-codec.h"

/* Conversations that nobody shows and that may be asked for all the same: a notification's. */
#define RECENT_MAX 256
/* Entries of objects that are gone are swept after so many new ones. */
#define SWEEP_EVERY 512

typedef struct {
  GWeakRef object;
} Entry;

struct _PorchShelf {
  GObject parent_instance;

  GHashTable *entries; /* "TYPE ID" -> Entry */
  guint n_added;
  GQueue recent;    /* of PorchConversation, newest first */
  GHashTable *left; /* set of ids of conversations */
};

enum {
  CONVERSATION_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchShelf, porch_shelf, G_TYPE_OBJECT)

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_weak_ref_clear (&entry->object);
  g_free (entry);
}

static gboolean
is_empty (gpointer key, gpointer value, gpointer data)
{
  Entry *entry = value;
  g_autoptr (GObject) object = g_weak_ref_get (&entry->object);

  return object == NULL;
}

static char *
make_key (GType type, const char *id)
{
  return g_strconcat (g_type_name (type), " ", id, NULL);
}

/* The reference is the caller's. */
static gpointer
find (PorchShelf *self, GType type, const char *id)
{
  g_autofree char *key = make_key (type, id);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  return entry != NULL ? g_weak_ref_get (&entry->object) : NULL;
}

static void
add (PorchShelf *self, const char *id, gpointer object)
{
  Entry *entry = g_new0 (Entry, 1);

  if (++self->n_added % SWEEP_EVERY == 0)
    g_hash_table_foreach_remove (self->entries, is_empty, NULL);
  g_weak_ref_init (&entry->object, object);
  g_hash_table_replace (self->entries, make_key (G_OBJECT_TYPE (object), id), entry);
}

static void
remember (PorchShelf *self, PorchConversation *conversation)
{
  GList *link = g_queue_find (&self->recent, conversation);

  if (link != NULL) {
    g_queue_unlink (&self->recent, link);
    g_queue_push_head_link (&self->recent, link);
    return;
  }
  g_queue_push_head (&self->recent, g_object_ref (conversation));
  if (self->recent.length > RECENT_MAX)
    g_object_unref (g_queue_pop_tail (&self->recent));
}

static void
porch_shelf_dispose (GObject *object)
{
  PorchShelf *self = PORCH_SHELF (object);

  g_queue_clear_full (&self->recent, g_object_unref);
  g_hash_table_remove_all (self->entries);

  G_OBJECT_CLASS (porch_shelf_parent_class)->dispose (object);
}

static void
porch_shelf_finalize (GObject *object)
{
  PorchShelf *self = PORCH_SHELF (object);

  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->left);

  G_OBJECT_CLASS (porch_shelf_parent_class)->finalize (object);
}

static void
porch_shelf_class_init (PorchShelfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_shelf_dispose;
  object_class->finalize = porch_shelf_finalize;

  signals[CONVERSATION_CHANGED] =
    g_signal_new ("conversation-changed", PORCH_TYPE_SHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, PORCH_TYPE_CONVERSATION);
}

static void
porch_shelf_init (PorchShelf *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entry);
  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->recent);
}

PorchShelf *
porch_shelf_new (void)
{
  return g_object_new (PORCH_TYPE_SHELF, NULL);
}

/* Receipts only ever rise, and do not move last_seq. */
static void
keep_receipts (PorchConversation *told, PorchConversation *known)
{
  told->agent_received = MAX (told->agent_received, known->agent_received);
  told->agent_read = MAX (told->agent_read, known->agent_read);
  told->visitor_received = MAX (told->visitor_received, known->visitor_received);
  told->visitor_read = MAX (told->visitor_read, known->visitor_read);
}

PorchConversation *
porch_shelf_put_conversation (PorchShelf *self, JsonNode *node, GError **error)
{
  g_autoptr (PorchConversation) told =
    porch_codec_read (PORCH_TYPE_CONVERSATION, node, PORCH_FROM_SERVER, error);
  g_autoptr (PorchConversation) known = NULL;

  if (told == NULL)
    return NULL;
  known = find (self, PORCH_TYPE_CONVERSATION, told->id);
  if (known == NULL) {
    known = g_steal_pointer (&told);
    add (self, known->id, known);
  } else if (told->last_seq >= known->last_seq) {
    keep_receipts (told, known);
    porch_entity_assign (PORCH_ENTITY (known), PORCH_ENTITY (told));
  } else {
    return g_steal_pointer (&known);
  }
  remember (self, known);
  g_signal_emit (self, signals[CONVERSATION_CHANGED], 0, known);
  return g_steal_pointer (&known);
}

void
porch_shelf_leave (PorchShelf *self, const char *conversation)
{
  g_autoptr (PorchConversation) known = find (self, PORCH_TYPE_CONVERSATION, conversation);

  g_hash_table_add (self->left, g_strdup (conversation));
  if (known != NULL)
    g_signal_emit (self, signals[CONVERSATION_CHANGED], 0, known);
}

gboolean
porch_shelf_return (PorchShelf *self, const char *conversation)
{
  return g_hash_table_remove (self->left, conversation);
}

gboolean
porch_shelf_has_left (PorchShelf *self, const char *conversation)
{
  return g_hash_table_contains (self->left, conversation);
}

/* Takes @told and returns the object that stands for it. */
static gpointer
settle (PorchShelf *self, gpointer told, const char *id)
{
  PorchEntity *known = find (self, G_OBJECT_TYPE (told), id);

  if (known == NULL) {
    add (self, id, told);
    return told;
  }
  porch_entity_assign (known, told);
  g_object_unref (told);
  return known;
}

/* Into the rows of the lists, which show it. */
static void
carry_name (PorchShelf *self, PorchContact *contact)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    g_autoptr (GObject) object = g_weak_ref_get (&((Entry *) value)->object);

    if (object != NULL && PORCH_IS_CONVERSATION (object) &&
        g_strcmp0 (PORCH_CONVERSATION (object)->contact, contact->id) == 0)
      g_object_set (object, "contact-name", contact->name, "contact-email", contact->email, NULL);
  }
}

PorchContact *
porch_shelf_put_contact (PorchShelf *self, JsonNode *node, GError **error)
{
  PorchContact *told = porch_codec_read (PORCH_TYPE_CONTACT, node, PORCH_FROM_SERVER, error);

  PorchContact *contact = told != NULL ? settle (self, told, told->id) : NULL;

  if (contact != NULL)
    carry_name (self, contact);
  return contact;
}

PorchVisitor *
porch_shelf_put_visitor (PorchShelf *self, JsonNode *node, GError **error)
{
  PorchVisitor *told = porch_codec_read (PORCH_TYPE_VISITOR, node, PORCH_FROM_SERVER, error);

  return told != NULL ? settle (self, told, told->id) : NULL;
}

PorchConversation *
porch_shelf_find_conversation (PorchShelf *self, const char *id)
{
  g_autoptr (PorchConversation) known = find (self, PORCH_TYPE_CONVERSATION, id);

  /* Whoever held it still does. */
  return known;
}

void
porch_shelf_start_over (PorchShelf *self)
{
  GHashTableIter iter;
  gpointer value;

  /* What is not ours to see will not be in what is loaded now. */
  g_hash_table_remove_all (self->left);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    g_autoptr (GObject) object = g_weak_ref_get (&((Entry *) value)->object);

    /* Not told to anybody: the next thing that is heard of it sets it right. */
    if (object != NULL && PORCH_IS_CONVERSATION (object)) {
      PorchConversation *conversation = PORCH_CONVERSATION (object);

      conversation->last_seq = 0;
      conversation->agent_received = conversation->agent_read = 0;
      conversation->visitor_received = conversation->visitor_read = 0;
    }
  }
}
