/* porch-inbox.c - the conversations of one filter, in the order in which they need somebody
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who stands where is porch-inbox-places.c's, pages are porch-inbox-pages.c's.
 */
#include "config.h"

#include "porch-inbox.h"

#include "porch-inbox-parts.h"

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchLoad, porch_load,
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_LOADING, "loading"),
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_READY, "ready"),
  G_DEFINE_ENUM_VALUE (PORCH_LOAD_FAILED, "failed"))
/* clang-format on */

static GParamSpec *pspecs[PORCH_INBOX_PROP_N_HELD + 1];

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
  PorchInboxItem *row =
    position < self->rows->len ? g_ptr_array_index (self->rows, position) : NULL;

  return row != NULL ? g_object_ref (row->conversation) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

void
porch_inbox_notify (PorchInbox *self, PorchInboxProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

void
porch_inbox_tell_counted (PorchInbox *self, JsonObject *counts)
{
  g_signal_emit (self, signals[COUNTED], 0, counts);
}

/* ---- the object ---- */

static void
porch_inbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchInbox *self = PORCH_INBOX (object);

  switch ((PorchInboxProp) id) {
  case PORCH_INBOX_PROP_LOAD:
    g_value_set_enum (value, self->load);
    break;
  case PORCH_INBOX_PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PORCH_INBOX_PROP_HAS_MORE:
    g_value_set_boolean (value, self->next != NULL);
    break;
  case PORCH_INBOX_PROP_IS_FROZEN:
    g_value_set_boolean (value, self->is_frozen);
    break;
  case PORCH_INBOX_PROP_N_HELD:
    g_value_set_uint (value, self->n_held);
    break;
  }
}

static void
porch_inbox_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if ((PorchInboxProp) id == PORCH_INBOX_PROP_IS_FROZEN)
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
  g_clear_pointer (&self->filter, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->next, g_free);

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

  pspecs[PORCH_INBOX_PROP_LOAD] =
    g_param_spec_enum ("load", NULL, NULL, porch_load_get_type (), PORCH_LOAD_LOADING, flags);
  pspecs[PORCH_INBOX_PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  pspecs[PORCH_INBOX_PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, FALSE, flags);
  pspecs[PORCH_INBOX_PROP_IS_FROZEN] =
    g_param_spec_boolean ("is-frozen", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  pspecs[PORCH_INBOX_PROP_N_HELD] =
    g_param_spec_uint ("n-held", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[COUNTED] = g_signal_new ("counted", PORCH_TYPE_INBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
porch_inbox_init (PorchInbox *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (porch_inbox_item_free);
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
  g_signal_connect_object (client, "notify::link", G_CALLBACK (porch_inbox_hear_link), self, 0);
  g_signal_connect_object (shelf, "conversation-changed",
                           G_CALLBACK (porch_inbox_hear_conversation), self, 0);
  porch_inbox_hear_link (client, NULL, self);
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
