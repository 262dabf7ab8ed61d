/* porch-inbox.c - the conversations of one filter, in the order in which they need somebody
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row remembers the place it was given, so that it is found again after its conversation changed.
 * Changes are gathered and told once; nothing is moved while the first page is on its way, since
 * what the page does not know yet would be lost with it.
 */
#include "config.h"

#include "porch-inbox.h"

#include "porch-batch.h"
#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-inbox-private.h"
#include "porch-place.h"
#include "porch-stall.h"

#define PAGE 50

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchLoad, porch_load,
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_LOADING, "loading"),
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_READY, "ready"),
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_FAILED, "failed"))
/* clang-format on */

typedef struct {
  PorchConversation *conversation;
  PorchPlace place;
} Row;

struct _PorchInbox {
  GObject parent_instance;

  PorchClient *client;
  PorchShelf *shelf;
  PorchList list;
  char *filter;

  GPtrArray *rows;     /* of Row, in order */
  GHashTable *by_id;   /* -> Row */
  GHashTable *changed; /* set of PorchConversation, to be looked at */
  PorchBatch batch;
  gboolean is_frozen;
  guint n_held;

  PorchLoad load;
  char *problem;
  gboolean is_loaded;
  gboolean may_reload; /* by itself, when the link comes back */
  char *next;          /* cursor */
  GCancellable *cancellable;
  GCancellable *loading; /* of the first page */
  gboolean is_loading_more;
};

typedef enum {
  PROP_LOAD = 1,
  PROP_PROBLEM,
  PROP_HAS_MORE,
  PROP_IS_FROZEN,
  PROP_N_HELD,
} PorchInboxProp;

static GParamSpec *pspecs[PROP_N_HELD + 1];

enum {
  COUNTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchInbox,
                               porch_inbox,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return PORCH_TYPE_CONVERSATION;
}

static guint
get_n_items (GListModel *model)
{
  return PORCH_INBOX (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PorchInbox *self = PORCH_INBOX (model);
  Row *row = position < self->rows->len ? g_ptr_array_index (self->rows, position) : NULL;

  return row != NULL ? g_object_ref (row->conversation) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
notify (PorchInbox *self, PorchInboxProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

static void
free_row (gpointer data)
{
  Row *row = data;

  g_object_unref (row->conversation);
  g_free (row);
}

/* ---- places ---- */

static guint
find_place (PorchInbox *self, const PorchPlace *place)
{
  guint low = 0, high = self->rows->len;

  while (low < high) {
    const guint middle = low + (high - low) / 2;
    const Row *row = g_ptr_array_index (self->rows, middle);

    if (porch_place_compare (&row->place, place) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static gboolean
belongs (PorchInbox *self, PorchConversation *conversation)
{
  PorchAgent *agent = porch_client_get_agent (self->client);

  return !porch_shelf_has_left (self->shelf, conversation->id) &&
         porch_list_has (self->list, conversation, agent != NULL ? agent->id : NULL);
}

static void
remove_row (PorchInbox *self, Row *row)
{
  g_hash_table_remove (self->by_id, row->conversation->id);
  g_ptr_array_remove_index (self->rows, find_place (self, &row->place));
}

static void
insert_row (PorchInbox *self, PorchConversation *conversation, gint64 now_us)
{
  Row *row = g_new (Row, 1);

  row->conversation = g_object_ref (conversation);
  porch_place_init (&row->place, self->list, conversation, now_us);
  g_ptr_array_insert (self->rows, (int) find_place (self, &row->place), row);
  g_hash_table_insert (self->by_id, conversation->id, row);
}

static void
place (PorchInbox *self, PorchConversation *conversation, gint64 now_us)
{
  Row *row = g_hash_table_lookup (self->by_id, conversation->id);
  PorchPlace wanted;

  if (!belongs (self, conversation)) {
    if (row != NULL)
      remove_row (self, row);
    return;
  }
  porch_place_init (&wanted, self->list, conversation, now_us);
  if (row != NULL && porch_place_compare (&row->place, &wanted) == 0)
    return;
  if (row != NULL)
    remove_row (self, row);
  insert_row (self, conversation, now_us);
}

/* The conversations in order, to be compared with what comes after. */
static GPtrArray *
list_objects (PorchInbox *self)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (objects,
                     g_object_ref (((Row *) g_ptr_array_index (self->rows, i))->conversation));
  return objects;
}

/* One items-changed, of the smallest range that differs. */
static void
tell_difference (PorchInbox *self, GPtrArray *before)
{
  g_autoptr (GPtrArray) now = list_objects (self);
  const guint shorter = MIN (before->len, now->len);
  guint head = 0, tail = 0;

  while (head < shorter && before->pdata[head] == now->pdata[head])
    head++;
  while (tail < shorter - head &&
         before->pdata[before->len - 1 - tail] == now->pdata[now->len - 1 - tail])
    tail++;
  if (before->len != now->len || head < now->len)
    g_list_model_items_changed (G_LIST_MODEL (self), head, before->len - head - tail,
                                now->len - head - tail);
}

static void
set_held (PorchInbox *self, guint n_held)
{
  if (self->n_held == n_held)
    return;
  self->n_held = n_held;
  notify (self, PROP_N_HELD);
}

/* How many wait behind the pointer. What has changed stays noted until it may move. */
static guint
count_held (PorchInbox *self)
{
  GHashTableIter iter;
  gpointer conversation;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    n += belongs (self, conversation) &&
         !g_hash_table_contains (self->by_id, PORCH_CONVERSATION (conversation)->id);
  return n;
}

static void
place_changed (PorchInbox *self)
{
  const gint64 now_us = porch_clock_now_us ();
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    place (self, conversation, now_us);
  g_hash_table_remove_all (self->changed);
}

static void
flush (gpointer data, gpointer unused)
{
  PorchInbox *self = data;
  g_autoptr (PorchInbox) alive = g_object_ref (self);
  g_autoptr (GPtrArray) before = NULL;
  gint64 begin;

  porch_batch_cancel (&self->batch);
  if (self->loading != NULL || !self->is_loaded)
    return;
  if (self->is_frozen) {
    set_held (self, count_held (self));
    return;
  }
  begin = porch_stall_begin ();
  before = list_objects (self);
  place_changed (self);
  porch_stall_end (begin, "ordering a list");
  set_held (self, 0);
  tell_difference (self, before);
}

static void
note (PorchInbox *self, PorchConversation *conversation)
{
  if (!g_hash_table_contains (self->changed, conversation))
    g_hash_table_add (self->changed, g_object_ref (conversation));
}

static void
on_conversation_changed (PorchShelf *shelf, PorchConversation *conversation, PorchInbox *self)
{
  /* Most of what happens concerns neither this list nor a row of it. */
  if (!g_hash_table_contains (self->by_id, conversation->id) && !belongs (self, conversation))
    return;
  note (self, conversation);
  porch_batch_schedule (&self->batch, flush, self);
}

/* ---- pages ---- */

static void
set_load (PorchInbox *self, PorchLoad load, const GError *error)
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
set_next (PorchInbox *self, const char *next)
{
  const gboolean had_more = self->next != NULL;

  g_free (self->next);
  self->next = g_strdup (next);
  if (had_more != (next != NULL))
    notify (self, PROP_HAS_MORE);
}

/* The conversations of a page; NULL with an error. */
static GPtrArray *
read_page (PorchInbox *self, JsonNode *answer, GError **error)
{
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *items = porch_shape_array (answer, "items");
  const guint n_items = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < n_items; i++) {
    PorchConversation *conversation =
      porch_shelf_put_conversation (self->shelf, json_array_get_element (items, i), error);

    if (conversation == NULL)
      return NULL;
    g_ptr_array_add (page, conversation);
  }
  return g_steal_pointer (&page);
}

static void
tell_counts (PorchInbox *self, JsonNode *answer)
{
  JsonNode *counts = porch_shape_node (answer, "counts");

  if (counts != NULL && JSON_NODE_HOLDS_OBJECT (counts))
    g_signal_emit (self, signals[COUNTED], 0, json_node_get_object (counts));
}

static void
note_page (PorchInbox *self, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++)
    note (self, g_ptr_array_index (page, i));
}

/* What a person scrolled for comes in also while nothing may move: it is no news, and it stands
 * below what is seen. */
static void
show_more (PorchInbox *self, GPtrArray *page)
{
  g_autoptr (GPtrArray) before = list_objects (self);
  const gint64 now_us = porch_clock_now_us ();

  for (guint i = 0; i < page->len; i++) {
    PorchConversation *conversation = g_ptr_array_index (page, i);

    if (g_hash_table_contains (self->by_id, conversation->id))
      continue;
    place (self, conversation, now_us);
    g_hash_table_remove (self->changed, conversation);
  }
  tell_difference (self, before);
}

static void
on_waiting (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (GPtrArray) page = NULL;

  /* The shelf tells the list what came. */
  if (answer != NULL)
    page = read_page (data, answer, NULL);
}

/* Pages come newest first: whoever has waited for long would be on the last one. */
static void
load_waiting (PorchInbox *self)
{
  g_autofree char *query = g_strdup_printf ("filter=waiting&limit=%d", PAGE);

  if (self->list == PORCH_LIST_OPEN || self->list == PORCH_LIST_ALL)
    porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                             self->cancellable, on_waiting, self);
}

static void
show_first (PorchInbox *self, GPtrArray *page)
{
  g_autoptr (GPtrArray) before = list_objects (self);

  g_hash_table_remove_all (self->by_id);
  g_ptr_array_set_size (self->rows, 0);
  note_page (self, page);
  place_changed (self);
  self->is_loaded = TRUE;
  set_held (self, 0);
  tell_difference (self, before);
}

static void
on_first (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchInbox) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  if (answer != NULL)
    page = read_page (self, answer, &error);
  g_clear_object (&self->loading);
  if (page != NULL) {
    set_next (self, porch_shape_string (answer, "next"));
    show_first (self, page);
    if (self->next != NULL)
      load_waiting (self);
  }
  set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_FAILED, error);
  flush (self, NULL);
  if (page != NULL)
    tell_counts (self, answer);
}

static void
load_first (PorchInbox *self)
{
  g_autofree char *query = g_strdup_printf ("filter=%s&limit=%d", self->filter, PAGE);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                           self->loading, on_first, self);
}

static void
on_more (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (PORCH_CLIENT (source), result, &error);
  g_autoptr (PorchInbox) self = NULL;
  g_autoptr (GPtrArray) page = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = g_object_ref (data);
  self->is_loading_more = FALSE;
  if (answer != NULL)
    page = read_page (self, answer, &error);
  /* The next scroll asks again. */
  if (page == NULL)
    return;
  set_next (self, porch_shape_string (answer, "next"));
  show_more (self, page);
  flush (self, NULL);
  tell_counts (self, answer);
}

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchInbox *self)
{
  const PorchLink link = porch_client_get_link (client);

  if (link == PORCH_LINK_CONNECTING || link == PORCH_LINK_SET_UP || self->loading != NULL)
    return;
  if (!self->is_loaded || (self->may_reload && link == PORCH_LINK_LIVE))
    load_first (self);
}

/* ---- the object ---- */

static void
porch_inbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchInbox *self = PORCH_INBOX (object);

  switch ((PorchInboxProp) id) {
  case PROP_LOAD:
    g_value_set_enum (value, self->load);
    break;
  case PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PROP_HAS_MORE:
    g_value_set_boolean (value, self->next != NULL);
    break;
  case PROP_IS_FROZEN:
    g_value_set_boolean (value, self->is_frozen);
    break;
  case PROP_N_HELD:
    g_value_set_uint (value, self->n_held);
    break;
  }
}

static void
porch_inbox_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if ((PorchInboxProp) id == PROP_IS_FROZEN)
    porch_inbox_set_frozen (PORCH_INBOX (object), g_value_get_boolean (value));
}

static void
porch_inbox_dispose (GObject *object)
{
  PorchInbox *self = PORCH_INBOX (object);

  porch_inbox_close (self);
  g_hash_table_remove_all (self->changed);
  g_clear_object (&self->client);
  g_clear_object (&self->shelf);

  G_OBJECT_CLASS (porch_inbox_parent_class)->dispose (object);
}

static void
porch_inbox_finalize (GObject *object)
{
  PorchInbox *self = PORCH_INBOX (object);

  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->changed);
  g_ptr_array_unref (self->rows);
  g_free (self->filter);
  g_free (self->problem);
  g_free (self->next);

  G_OBJECT_CLASS (porch_inbox_parent_class)->finalize (object);
}

static void
porch_inbox_class_init (PorchInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_inbox_get_property;
  object_class->set_property = porch_inbox_set_property;
  object_class->dispose = porch_inbox_dispose;
  object_class->finalize = porch_inbox_finalize;

  pspecs[PROP_LOAD] =
    g_param_spec_enum ("load", NULL, NULL, porch_load_get_type (), PORCH_LOAD_LOADING, flags);
  pspecs[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  pspecs[PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, FALSE, flags);
  pspecs[PROP_IS_FROZEN] =
    g_param_spec_boolean ("is-frozen", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  pspecs[PROP_N_HELD] = g_param_spec_uint ("n-held", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[COUNTED] = g_signal_new ("counted", PORCH_TYPE_INBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
porch_inbox_init (PorchInbox *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (free_row);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->changed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

PorchInbox *
porch_inbox_new (PorchClient *client, PorchShelf *shelf, const char *filter)
{
  PorchInbox *self = g_object_new (PORCH_TYPE_INBOX, NULL);

  self->client = g_object_ref (client);
  self->shelf = g_object_ref (shelf);
  self->list = porch_list_find (filter);
  self->filter = g_strdup (filter);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  g_signal_connect_object (shelf, "conversation-changed", G_CALLBACK (on_conversation_changed),
                           self, 0);
  on_link_changed (client, NULL, self);
  return self;
}

void
porch_inbox_close (PorchInbox *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  porch_batch_cancel (&self->batch);
}

PorchLoad
porch_inbox_get_load (PorchInbox *self)
{
  return self->load;
}

gboolean
porch_inbox_has_more (PorchInbox *self)
{
  return self->next != NULL;
}

void
porch_inbox_load_more (PorchInbox *self)
{
  g_autofree char *after = NULL;
  g_autofree char *query = NULL;

  if (self->next == NULL || self->is_loading_more || self->loading != NULL)
    return;
  after = g_uri_escape_string (self->next, NULL, FALSE);
  query = g_strdup_printf ("filter=%s&limit=%d&after=%s", self->filter, PAGE, after);
  self->is_loading_more = TRUE;
  porch_client_call_async (self->client, PORCH_OP_CONVERSATIONS_LIST, NULL, query, NULL,
                           self->cancellable, on_more, self);
}

void
porch_inbox_reload (PorchInbox *self)
{
  /* What is shown stays until there is something better. */
  set_load (self, self->is_loaded ? PORCH_LOAD_READY : PORCH_LOAD_LOADING, NULL);
  load_first (self);
}

void
porch_inbox_start_over (PorchInbox *self)
{
  g_hash_table_remove_all (self->changed);
  porch_inbox_reload (self);
}

void
porch_inbox_set_frozen (PorchInbox *self, gboolean is_frozen)
{
  if (self->is_frozen == is_frozen)
    return;
  self->is_frozen = is_frozen;
  notify (self, PROP_IS_FROZEN);
  if (!is_frozen)
    flush (self, NULL);
}
