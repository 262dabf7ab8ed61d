/* porch-thread.c - the messages of one conversation, and what we are sending to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One array: the messages that the server has, by their seq, and behind them what waits in the
 * outbox. No event is lost between a page and the stream: what arrives while a page is on its way
 * waits for it, and what is in both is the same message.
 */
#include "config.h"

#include "porch-thread.h"

#include "porch-batch.h"
#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-pace.h"
#include "porch-source.h"
#include "porch-stall.h"
#include "porch-thread-private.h"

#define PAGE 50

struct _PorchThread {
  GObject parent_instance;

  PorchClient *client;
  PorchShelf *shelf;
  PorchOutbox *outbox;
  PorchConversation *conversation;
  PorchContact *contact;
  PorchVisitor *visitor;

  GPtrArray *items; /* of PorchMessage */
  guint n_stored;   /* of them, from the start */
  GPtrArray *arrived;
  PorchBatch batch;

  PorchLoad load;
  char *problem;
  gboolean may_reload; /* by itself, when the link comes back */
  gboolean has_older;
  gboolean has_left;
  gboolean is_loaded;  /* the newest page has been shown */
  gboolean is_foreign; /* what is shown has the seqs of another file */
  GCancellable *cancellable;
  GCancellable *loading;
  GCancellable *loading_older;

  char *typing;
  GSource *typing_end;
  gboolean is_typing; /* us, as it was told */
  gint64 typing_told_us;
  gint64 read_seq;  /* up to which a person has read */
  gint64 read_told; /* up to which the server knows or is being told */
};

typedef enum {
  PROP_LOAD = 1,
  PROP_PROBLEM,
  PROP_CONVERSATION,
  PROP_CONTACT,
  PROP_VISITOR,
  PROP_TYPING,
  PROP_HAS_OLDER,
  PROP_HAS_LEFT,
} PorchThreadProp;

static GParamSpec *pspecs[PROP_HAS_LEFT + 1];

enum {
  SENDING_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchThread,
                               porch_thread,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return PORCH_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  return PORCH_THREAD (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PorchThread *self = PORCH_THREAD (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
append (GPtrArray *items, GPtrArray *more, guint first)
{
  for (guint i = first; i < more->len; i++)
    g_ptr_array_add (items, g_object_ref (g_ptr_array_index (more, i)));
}

static void
tell (PorchThread *self, guint position, guint n_removed, guint n_added)
{
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static void
notify (PorchThread *self, PorchThreadProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

static void
set_load (PorchThread *self, PorchLoad load, const GError *error)
{
  g_free (self->problem);
  self->problem = error != NULL ? g_strdup (porch_error_nick (error)) : NULL;
  self->may_reload = error != NULL && porch_client_error_passes (error);
  if (self->load != load) {
    self->load = load;
    notify (self, PROP_LOAD);
  }
  notify (self, PROP_PROBLEM);
}

static void
set_has_older (PorchThread *self, gboolean has_older)
{
  if (self->has_older == has_older)
    return;
  self->has_older = has_older;
  notify (self, PROP_HAS_OLDER);
}

static gint64
get_seq (PorchThread *self, guint index)
{
  return ((PorchMessage *) g_ptr_array_index (self->items, index))->seq;
}

/* Where @seq is, or would be, among the stored ones. */
static guint
find_seq (PorchThread *self, gint64 seq)
{
  guint low = 0, high = self->n_stored;

  while (low < high) {
    const guint middle = low + (high - low) / 2;

    if (get_seq (self, middle) < seq)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static gboolean
has_seq (PorchThread *self, guint index, gint64 seq)
{
  return index < self->n_stored && get_seq (self, index) == seq;
}

static void
insert_stored (PorchThread *self, guint index, PorchMessage *message)
{
  g_ptr_array_insert (self->items, (int) index, g_object_ref (message));
  self->n_stored++;
}

/* ---- what arrives ---- */

static int
compare_seqs (gconstpointer a, gconstpointer b)
{
  const PorchMessage *left = *(PorchMessage *const *) a, *right = *(PorchMessage *const *) b;

  return left->seq < right->seq ? -1 : left->seq > right->seq;
}

/* FALSE when it belongs behind everything that is stored. */
static gboolean
put_among (PorchThread *self, PorchMessage *message)
{
  const guint index = find_seq (self, message->seq);

  if (has_seq (self, index, message->seq)) {
    porch_entity_assign (g_ptr_array_index (self->items, index), PORCH_ENTITY (message));
    return TRUE;
  }
  if (index == self->n_stored)
    return FALSE;
  /* Of a page that was not loaded: it comes with it. */
  if (index == 0 && self->has_older)
    return TRUE;
  insert_stored (self, index, message);
  tell (self, index, 0, 1);
  return TRUE;
}

static void
flush (gpointer data, gpointer unused)
{
  PorchThread *self = data;
  g_autoptr (PorchThread) alive = g_object_ref (self);
  g_autoptr (GPtrArray) arrived = NULL;
  gint64 begin;
  guint i = 0, first;

  porch_batch_cancel (&self->batch);
  if (self->arrived->len == 0 || !self->is_loaded || self->is_foreign)
    return;
  arrived = g_steal_pointer (&self->arrived);
  self->arrived = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_sort (arrived, compare_seqs);
  while (i < arrived->len && put_among (self, g_ptr_array_index (arrived, i)))
    i++;

  /* From here on everything is new and goes to the end: told at once. */
  begin = porch_stall_begin ();
  first = self->n_stored;
  for (; i < arrived->len; i++) {
    PorchMessage *message = g_ptr_array_index (arrived, i);

    if (!has_seq (self, self->n_stored - 1, message->seq))
      insert_stored (self, self->n_stored, message);
  }
  porch_stall_end (begin, "adding messages to a thread");
  tell (self, first, 0, self->n_stored - first);
}

void
porch_thread_put (PorchThread *self, PorchMessage *stored)
{
  /* A page that failed is loaded anew, with everything that came since. */
  if (self->load == PORCH_LOAD_FAILED)
    return;
  g_ptr_array_add (self->arrived, g_object_ref (stored));
  porch_batch_schedule (&self->batch, flush, self);
  if (stored->sender_kind == PORCH_ACTOR_VISITOR)
    porch_thread_hear_typing (self, NULL);
}

/* ---- our own ---- */

static gboolean
is_mine (PorchThread *self, PorchMessage *message)
{
  return g_strcmp0 (message->conversation, self->conversation->id) == 0;
}

static void
on_shown (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  if (!is_mine (self, message))
    return;
  g_ptr_array_add (self->items, g_object_ref (message));
  tell (self, self->items->len - 1, 0, 1);
}

static void
on_changed (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  if (is_mine (self, message))
    g_signal_emit (self, signals[SENDING_CHANGED], 0, message);
}

/* From where it waited to its place among the stored ones, which nearly always is the same. */
static void
move_stored (PorchThread *self, guint from, PorchMessage *message)
{
  const guint to = find_seq (self, message->seq);

  if (has_seq (self, to, message->seq)) {
    g_ptr_array_remove_index (self->items, from);
    tell (self, from, 1, 0);
    return;
  }
  self->n_stored++;
  if (from == to)
    return;
  g_ptr_array_insert (self->items, (int) to, g_ptr_array_steal_index (self->items, from));
  tell (self, to, from - to + 1, from - to + 1);
}

static void
on_stored (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  g_autoptr (PorchThread) alive = g_object_ref (self);
  guint from = 0;

  if (!is_mine (self, message))
    return;
  /* What the stream brought before it belongs before it. */
  flush (self, NULL);
  if (!g_ptr_array_find (self->items, message, &from) || from < self->n_stored)
    return;
  move_stored (self, from, message);
  g_signal_emit (self, signals[SENDING_CHANGED], 0, message);
}

static void
on_gone (PorchOutbox *outbox, PorchMessage *message, PorchThread *self)
{
  guint index = 0;

  if (!is_mine (self, message) || !g_ptr_array_find (self->items, message, &index))
    return;
  g_ptr_array_remove_index (self->items, index);
  tell (self, index, 1, 0);
}

/* ---- pages ---- */

/* The messages of a page, oldest first; NULL with an error. Ours that still wait are told of. */
static GPtrArray *
read_page (PorchThread *self, JsonNode *answer, GError **error)
{
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = porch_shape_array (answer, "items");
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < n_items; i++) {
    PorchMessage *message = porch_codec_read (PORCH_TYPE_MESSAGE, json_array_get_element (items, i),
                                              PORCH_FROM_SERVER, error);

    if (message == NULL)
      return NULL;
    if (message->conversation == NULL)
      porch_member_set (&message->conversation, self->conversation->id);
    g_ptr_array_add (page, message);
  }
  g_ptr_array_sort (page, compare_seqs);
  return g_steal_pointer (&page);
}

/* What is shown already stays the same object. */
static void
keep_objects (PorchThread *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++) {
    PorchMessage *message = g_ptr_array_index (page, i);
    const guint index = find_seq (self, message->seq);

    if (has_seq (self, index, message->seq)) {
      PorchMessage *shown = g_ptr_array_index (self->items, index);

      porch_entity_assign (PORCH_ENTITY (shown), PORCH_ENTITY (message));
      g_object_unref (message);
      g_ptr_array_index (page, i) = g_object_ref (shown);
    }
  }
}

/* Puts the newest page in the place of everything that was stored, but for what is newer still. */
static void
show_newest (PorchThread *self, GPtrArray *page)
{
  const guint n_before = self->n_stored;
  const gint64 last =
    page->len > 0 ? ((PorchMessage *) g_ptr_array_index (page, page->len - 1))->seq : 0;
  g_autoptr (GPtrArray) old = self->items;
  guint newer = self->is_foreign ? n_before : find_seq (self, last + 1);

  if (!self->is_foreign)
    keep_objects (self, page);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  append (self->items, page, 0);
  append (self->items, old, newer);
  self->n_stored = page->len + n_before - newer;
  self->is_foreign = FALSE;
  self->is_loaded = TRUE;
  tell (self, 0, n_before, self->n_stored);
}

static void
forget_stored (PorchThread *self)
{
  const guint n_before = self->n_stored;

  self->n_stored = 0;
  self->is_foreign = FALSE;
  self->is_loaded = FALSE;
  if (n_before > 0)
    g_ptr_array_remove_range (self->items, 0, n_before);
  set_has_older (self, FALSE);
  tell (self, 0, n_before, 0);
}

static void
claim (PorchThread *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++)
    porch_outbox_claim (self->outbox, g_ptr_array_index (page, i));
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchThread) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  if (page != NULL) {
    claim (self, page);
    set_has_older (self, porch_shape_boolean (answer, "has_more"));
    show_newest (self, page);
  } else if (self->is_foreign) {
    forget_stored (self);
  }
  if (!self->is_loaded)
    g_ptr_array_set_size (self->arrived, 0);
  set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_FAILED, error);
  flush (self, NULL);
}

static void
on_who (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  PorchThread *self = data;
  JsonNode *contact = NULL, *visitor = NULL;
  g_autoptr (PorchConversation) known = NULL;

  /* The messages say what is wrong, if anything is. */
  if (answer == NULL)
    return;
  contact = porch_shape_node (answer, "contact");
  visitor = porch_shape_node (answer, "visitor");
  known =
    porch_shelf_put_conversation (self->shelf, porch_shape_node (answer, "conversation"), NULL);
  if (contact != NULL && JSON_NODE_HOLDS_OBJECT (contact)) {
    g_autoptr (PorchContact) told = porch_shelf_put_contact (self->shelf, contact, NULL);

    if (told != NULL && g_set_object (&self->contact, told))
      notify (self, PROP_CONTACT);
  }
  if (visitor != NULL && JSON_NODE_HOLDS_OBJECT (visitor)) {
    g_autoptr (PorchVisitor) told = porch_shelf_put_visitor (self->shelf, visitor, NULL);

    if (told != NULL)
      porch_thread_set_visitor (self, told);
  }
}

static void
load_who (PorchThread *self)
{
  porch_client_call_async (self->client, PORCH_OP_CONVERSATION_GET, self->conversation->id, NULL,
                           NULL, self->cancellable, on_who, self);
}

static void
load_newest (PorchThread *self)
{
  g_autofree char *query = g_strdup_printf ("limit=%d", PAGE);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->loading_older != NULL)
    g_cancellable_cancel (self->loading_older);
  g_clear_object (&self->loading);
  g_clear_object (&self->loading_older);
  self->loading = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_MESSAGES_LIST, self->conversation->id, query,
                           NULL, self->loading, on_page, self);
  load_who (self);
}

static void
on_older (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchThread) self = NULL;
  g_autoptr (GPtrArray) page = NULL;
  guint n_new = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  g_clear_object (&self->loading_older);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  /* The next scroll asks again. */
  if (page == NULL)
    return;
  claim (self, page);
  while (n_new < page->len &&
         (self->n_stored == 0 ||
          ((PorchMessage *) g_ptr_array_index (page, n_new))->seq < get_seq (self, 0)))
    n_new++;
  for (guint i = 0; i < n_new; i++)
    insert_stored (self, i, g_ptr_array_index (page, i));
  set_has_older (self, porch_shape_boolean (answer, "has_more"));
  tell (self, 0, 0, n_new);
}

static void tell_read (PorchThread *self);

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchThread *self)
{
  if (porch_client_get_link (client) != PORCH_LINK_LIVE ||
      g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->may_reload) {
    porch_thread_reload (self);
    return;
  }
  /* Presence is not in the log: what was missed of it must be asked for. */
  load_who (self);
  tell_read (self);
}

/* What was said while it was away was told to others: it has to be loaded. */
static void
on_conversation_changed (PorchShelf *shelf, PorchConversation *conversation, PorchThread *self)
{
  const gboolean has_left = porch_shelf_has_left (shelf, conversation->id);

  if (conversation != self->conversation || self->has_left == has_left)
    return;
  self->has_left = has_left;
  notify (self, PROP_HAS_LEFT);
  if (has_left)
    porch_thread_hear_typing (self, NULL);
  else
    porch_thread_reload (self);
}

/* ---- the object ---- */

static void
porch_thread_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchThread *self = PORCH_THREAD (object);

  switch ((PorchThreadProp) id) {
  case PROP_LOAD:
    g_value_set_enum (value, self->load);
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PROP_CONTACT:
    g_value_set_object (value, self->contact);
    break;
  case PROP_VISITOR:
    g_value_set_object (value, self->visitor);
    break;
  case PROP_TYPING:
    g_value_set_string (value, self->typing);
    break;
  case PROP_HAS_OLDER:
    g_value_set_boolean (value, self->has_older);
    break;
  case PROP_HAS_LEFT:
    g_value_set_boolean (value, self->has_left);
    break;
  }
}

static void
porch_thread_dispose (GObject *object)
{
  PorchThread *self = PORCH_THREAD (object);

  porch_thread_close (self);
  g_clear_object (&self->client);
  g_clear_object (&self->shelf);
  g_clear_object (&self->outbox);
  g_clear_object (&self->contact);
  g_clear_object (&self->visitor);

  G_OBJECT_CLASS (porch_thread_parent_class)->dispose (object);
}

static void
porch_thread_finalize (GObject *object)
{
  PorchThread *self = PORCH_THREAD (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->arrived);
  g_free (self->problem);
  g_free (self->typing);

  G_OBJECT_CLASS (porch_thread_parent_class)->finalize (object);
}

static void
porch_thread_class_init (PorchThreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_thread_get_property;
  object_class->dispose = porch_thread_dispose;
  object_class->finalize = porch_thread_finalize;

  pspecs[PROP_LOAD] =
    g_param_spec_enum ("load", NULL, NULL, porch_load_get_type (), PORCH_LOAD_LOADING, flags);
  pspecs[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  pspecs[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  pspecs[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, PORCH_TYPE_CONTACT, flags);
  pspecs[PROP_VISITOR] = g_param_spec_object ("visitor", NULL, NULL, PORCH_TYPE_VISITOR, flags);
  pspecs[PROP_TYPING] = g_param_spec_string ("typing", NULL, NULL, NULL, flags);
  pspecs[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags);
  pspecs[PROP_HAS_LEFT] = g_param_spec_boolean ("has-left", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[SENDING_CHANGED] = g_signal_new ("sending-changed", PORCH_TYPE_THREAD, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, PORCH_TYPE_MESSAGE);
}

static void
porch_thread_init (PorchThread *self)
{
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->arrived = g_ptr_array_new_with_free_func (g_object_unref);
}

PorchThread *
porch_thread_new (PorchClient *client,
                  PorchShelf *shelf,
                  PorchOutbox *outbox,
                  PorchConversation *conversation)
{
  PorchThread *self = g_object_new (PORCH_TYPE_THREAD, NULL);
  g_autoptr (GPtrArray) waiting = porch_outbox_list (outbox, conversation->id);

  self->client = g_object_ref (client);
  self->shelf = g_object_ref (shelf);
  self->outbox = g_object_ref (outbox);
  self->conversation = g_object_ref (conversation);
  self->has_left = porch_shelf_has_left (shelf, conversation->id);
  append (self->items, waiting, 0);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  g_signal_connect_object (outbox, "shown", G_CALLBACK (on_shown), self, 0);
  g_signal_connect_object (outbox, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (outbox, "stored", G_CALLBACK (on_stored), self, 0);
  g_signal_connect_object (outbox, "gone", G_CALLBACK (on_gone), self, 0);
  g_signal_connect_object (shelf, "conversation-changed", G_CALLBACK (on_conversation_changed),
                           self, 0);
  load_newest (self);
  return self;
}

void
porch_thread_close (PorchThread *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->loading_older != NULL)
    g_cancellable_cancel (self->loading_older);
  g_clear_object (&self->loading);
  g_clear_object (&self->loading_older);
  porch_batch_cancel (&self->batch);
  porch_source_clear (&self->typing_end);
}

PorchConversation *
porch_thread_get_conversation (PorchThread *self)
{
  return self->conversation;
}

PorchLoad
porch_thread_get_load (PorchThread *self)
{
  return self->load;
}

PorchVisitor *
porch_thread_get_visitor (PorchThread *self)
{
  return self->visitor;
}

void
porch_thread_set_visitor (PorchThread *self, PorchVisitor *visitor)
{
  if (g_set_object (&self->visitor, visitor))
    notify (self, PROP_VISITOR);
}

const char *
porch_thread_get_typing (PorchThread *self)
{
  return self->typing;
}

gboolean
porch_thread_has_left (PorchThread *self)
{
  return self->has_left;
}

void
porch_thread_load_older (PorchThread *self)
{
  g_autofree char *query = NULL;

  if (!self->has_older || self->loading_older != NULL || self->load != PORCH_LOAD_READY ||
      self->n_stored == 0)
    return;
  query = g_strdup_printf ("before=%" G_GINT64_FORMAT "&limit=%d", get_seq (self, 0), PAGE);
  self->loading_older = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_MESSAGES_LIST, self->conversation->id, query,
                           NULL, self->loading_older, on_older, self);
}

void
porch_thread_reload (PorchThread *self)
{
  /* What is shown stays until there is something better. */
  set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_LOADING, NULL);
  load_newest (self);
}

void
porch_thread_start_over (PorchThread *self)
{
  self->is_foreign = self->is_loaded;
  self->read_seq = self->read_told = 0;
  g_ptr_array_set_size (self->arrived, 0);
  porch_thread_reload (self);
}

void
porch_thread_send (PorchThread *self, const char *text, gboolean is_note)
{
  porch_outbox_send (self->outbox, self->conversation->id, text, is_note);
  self->is_typing = FALSE;
  self->typing_told_us = 0;
}

PorchSending
porch_thread_get_sending (PorchThread *self, PorchMessage *message)
{
  return porch_outbox_get_sending (self->outbox, message);
}

void
porch_thread_retry (PorchThread *self, PorchMessage *message)
{
  porch_outbox_retry (self->outbox, message);
}

void
porch_thread_discard (PorchThread *self, PorchMessage *message)
{
  porch_outbox_discard (self->outbox, message);
}

/* ---- who reads and types ---- */

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

static void
tell_read (PorchThread *self)
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

void
porch_thread_mark_read (PorchThread *self)
{
  if (self->n_stored == 0 || self->is_foreign || self->has_left)
    return;
  self->read_seq = MAX (self->read_seq, get_seq (self, self->n_stored - 1));
  tell_read (self);
}

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
  g_free (self->typing);
  self->typing = g_strdup (name);
  notify (self, PROP_TYPING);
}
