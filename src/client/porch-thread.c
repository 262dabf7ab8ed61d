/* porch-thread.c - the messages of one conversation, and what we are sending to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One array: the messages that the server has, by their seq, and behind them what waits in the
 * outbox. No event is lost between a page and the stream: what arrives while a page is on its way
 * waits for it, and what is in both is the same message.
 *
 * The array is porch-thread-items.c's, pages are porch-thread-pages.c's, who reads and types is
 * porch-thread-people.c's.
 */
#include "config.h"

#include "porch-thread.h"

#include "porch-client-private.h"
#include "porch-error.h"
#include "porch-source.h"
#include "porch-thread-parts.h"

static GParamSpec *pspecs[PORCH_THREAD_PROP_HAS_LEFT + 1];

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

void
porch_thread_notify (PorchThread *self, PorchThreadProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

void
porch_thread_tell_sending (PorchThread *self, PorchMessage *message)
{
  g_signal_emit (self, signals[SENDING_CHANGED], 0, message);
}

void
porch_thread_set_load (PorchThread *self, PorchLoad load, const GError *error)
{
  g_clear_pointer (&self->problem, g_free);
  self->problem = error != NULL ? g_strdup (porch_error_nick (error)) : NULL;
  self->may_reload = error != NULL && porch_client_error_passes (error);
  if (self->load != load) {
    self->load = load;
    porch_thread_notify (self, PORCH_THREAD_PROP_LOAD);
  }
  porch_thread_notify (self, PORCH_THREAD_PROP_PROBLEM);
}

void
porch_thread_set_has_older (PorchThread *self, gboolean has_older)
{
  if (self->has_older == has_older)
    return;
  self->has_older = has_older;
  porch_thread_notify (self, PORCH_THREAD_PROP_HAS_OLDER);
}

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
  porch_thread_load_who (self);
  porch_thread_tell_read (self);
}

/* What was said while it was away was told to others: it has to be loaded. */
static void
on_conversation_changed (PorchShelf *shelf, PorchConversation *conversation, PorchThread *self)
{
  const gboolean has_left = porch_shelf_has_left (shelf, conversation->id);

  if (conversation != self->conversation || self->has_left == has_left)
    return;
  self->has_left = has_left;
  porch_thread_notify (self, PORCH_THREAD_PROP_HAS_LEFT);
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
  case PORCH_THREAD_PROP_LOAD:
    g_value_set_enum (value, self->load);
    break;
  case PORCH_THREAD_PROP_PROBLEM:
    g_value_set_string (value, self->problem);
    break;
  case PORCH_THREAD_PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  case PORCH_THREAD_PROP_CONTACT:
    g_value_set_object (value, self->contact);
    break;
  case PORCH_THREAD_PROP_VISITOR:
    g_value_set_object (value, self->visitor);
    break;
  case PORCH_THREAD_PROP_TYPING:
    g_value_set_string (value, self->typing);
    break;
  case PORCH_THREAD_PROP_HAS_OLDER:
    g_value_set_boolean (value, self->has_older);
    break;
  case PORCH_THREAD_PROP_HAS_LEFT:
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
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->typing, g_free);

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

  pspecs[PORCH_THREAD_PROP_LOAD] =
    g_param_spec_enum ("load", NULL, NULL, porch_load_get_type (), PORCH_LOAD_LOADING, flags);
  pspecs[PORCH_THREAD_PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  pspecs[PORCH_THREAD_PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION, flags);
  pspecs[PORCH_THREAD_PROP_CONTACT] =
    g_param_spec_object ("contact", NULL, NULL, PORCH_TYPE_CONTACT, flags);
  pspecs[PORCH_THREAD_PROP_VISITOR] =
    g_param_spec_object ("visitor", NULL, NULL, PORCH_TYPE_VISITOR, flags);
  pspecs[PORCH_THREAD_PROP_TYPING] = g_param_spec_string ("typing", NULL, NULL, NULL, flags);
  pspecs[PORCH_THREAD_PROP_HAS_OLDER] =
    g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags);
  pspecs[PORCH_THREAD_PROP_HAS_LEFT] = g_param_spec_boolean ("has-left", NULL, NULL, FALSE, flags);
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
  porch_thread_append (self->items, waiting, 0);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  porch_thread_follow_outbox (self);
  g_signal_connect_object (shelf, "conversation-changed", G_CALLBACK (on_conversation_changed),
                           self, 0);
  porch_thread_load_newest (self);
  return self;
}

void
porch_thread_close (PorchThread *self)
{
  g_cancellable_cancel (self->cancellable);
  porch_thread_stop_loading (self);
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
