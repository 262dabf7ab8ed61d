/* porch-lines.c - the messages of a conversation as the lines that its transcript shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-lines.h"

#include "porch-phrase.h"

struct _PorchLines {
  GObject parent_instance;

  PorchThread *thread;
  PorchConversation *conversation;
  PorchAgent *me;

  GPtrArray *lines; /* of PorchLine, one for each message of the thread */
  PorchLine *mark;
  guint mark_index; /* of the message it stands before */
  gint64 read_seq;  /* -1: no mark wanted */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchLines,
                               porch_lines,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
porch_lines_get_item_type (GListModel *model)
{
  return PORCH_TYPE_LINE;
}

static guint
porch_lines_get_n_items (GListModel *model)
{
  PorchLines *self = PORCH_LINES (model);

  return self->lines->len + (self->mark != NULL);
}

static gpointer
porch_lines_get_item (GListModel *model, guint position)
{
  PorchLines *self = PORCH_LINES (model);

  if (self->mark != NULL && position == self->mark_index)
    return g_object_ref (self->mark);
  if (self->mark != NULL && position > self->mark_index)
    position--;
  return position < self->lines->len ? g_object_ref (self->lines->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = porch_lines_get_item_type;
  iface->get_n_items = porch_lines_get_n_items;
  iface->get_item = porch_lines_get_item;
}

static PorchMessage *
dup_message_at (PorchLines *self, guint index)
{
  return g_list_model_get_item (G_LIST_MODEL (self->thread), index);
}

/* What the server said about a message of our side, never more. */
static PorchDelivery
find_delivery (PorchLines *self, PorchMessage *message)
{
  if (message->kind == PORCH_MESSAGE_SYSTEM || message->sender_kind == PORCH_ACTOR_VISITOR)
    return PORCH_DELIVERY_NONE;
  switch (porch_thread_get_sending (self->thread, message)) {
  case PORCH_SENDING_NOW:
    return PORCH_DELIVERY_SENDING;
  case PORCH_SENDING_WAITING:
    return PORCH_DELIVERY_WAITING;
  case PORCH_SENDING_FAILED:
    return PORCH_DELIVERY_FAILED;
  case PORCH_SENDING_NO:
    break;
  }
  if (message->kind == PORCH_MESSAGE_NOTE)
    return PORCH_DELIVERY_NONE;
  if (message->seq <= self->conversation->visitor_read)
    return PORCH_DELIVERY_READ;
  if (message->seq <= self->conversation->visitor_received)
    return PORCH_DELIVERY_RECEIVED;
  return PORCH_DELIVERY_SENT;
}

static gboolean
is_own (PorchLines *self, PorchMessage *message)
{
  /* What is in the outbox was written in this window. */
  if (message->sender_kind != PORCH_ACTOR_AGENT)
    return FALSE;
  return message->seq == 0 || (self->me != NULL && g_strcmp0 (self->me->id, message->sender) == 0);
}

static PorchLineKind
find_kind (PorchLines *self, PorchMessage *message)
{
  if (message->kind == PORCH_MESSAGE_SYSTEM)
    return PORCH_LINE_SYSTEM;
  if (message->kind == PORCH_MESSAGE_NOTE)
    return PORCH_LINE_NOTE;
  switch ((PorchActorKind) message->sender_kind) {
  case PORCH_ACTOR_VISITOR:
    return PORCH_LINE_VISITOR;
  case PORCH_ACTOR_ASSISTANT:
    return PORCH_LINE_ASSISTANT;
  case PORCH_ACTOR_AGENT:
  case PORCH_ACTOR_AUTOMATION:
  case PORCH_ACTOR_API:
  case PORCH_ACTOR_SYSTEM:
    break;
  }
  return is_own (self, message) ? PORCH_LINE_OWN : PORCH_LINE_AGENT;
}

static char *
dup_author (PorchLines *self, PorchMessage *message)
{
  /* The transcript draws somebody without a name as it draws nobody else. */
  if (message->sender_kind == PORCH_ACTOR_VISITOR)
    return g_strdup (self->conversation->contact_name);
  if (message->sender_name == NULL && is_own (self, message) && self->me != NULL)
    return g_strdup (self->me->name);
  return g_strdup (message->sender_name);
}

static PorchLine *
create_line (PorchLines *self, PorchMessage *message)
{
  g_autofree char *author = dup_author (self, message);
  g_autofree char *event = NULL;
  const char *icon_name = NULL;
  const char *text = message->text;

  if (message->kind == PORCH_MESSAGE_SYSTEM)
    text = event = porch_phrase_event (message, self->conversation, self->me, &icon_name);
  return g_object_new (PORCH_TYPE_LINE, "kind", find_kind (self, message), "seq", message->seq,
                       "author", author, "author-id", message->sender, "text", text, "icon-name",
                       icon_name, "sent-at-us", message->created_at, "delivery",
                       find_delivery (self, message), NULL);
}

static void
update_line (PorchLines *self, PorchMessage *message, guint index)
{
  PorchLine *line = self->lines->pdata[index];

  porch_line_set_seq (line, message->seq);
  porch_line_set_sent_at_us (line, message->created_at);
  porch_line_set_delivery (line, find_delivery (self, message));
  if (message->kind != PORCH_MESSAGE_SYSTEM)
    porch_line_set_text (line, message->text);
}

/* Only what the visitor said is news: a note or a colleague's answer calls for nobody. */
static gboolean
is_new (PorchLines *self, PorchMessage *message)
{
  return self->read_seq >= 0 && message->sender_kind == PORCH_ACTOR_VISITOR &&
         message->kind == PORCH_MESSAGE_TEXT && message->seq > self->read_seq;
}

static void
drop_mark (PorchLines *self)
{
  if (self->mark == NULL)
    return;
  g_clear_object (&self->mark);
  g_list_model_items_changed (G_LIST_MODEL (self), self->mark_index, 1, 0);
}

/* Puts the mark before the first new message, or counts again when it is there already. */
static void
place_mark (PorchLines *self)
{
  g_autoptr (PorchLine) mark = NULL;
  guint first = 0, n_new = 0;

  for (guint i = self->lines->len; i > 0; i--) {
    g_autoptr (PorchMessage) message = dup_message_at (self, i - 1);

    if (message->seq != 0 && message->seq <= self->read_seq)
      break;
    if (!is_new (self, message))
      continue;
    first = i - 1;
    n_new++;
  }
  if (n_new == 0 || (self->mark != NULL && self->mark_index != first))
    drop_mark (self);
  if (n_new == 0)
    return;
  mark = porch_line_new_mark (n_new, porch_line_get_sent_at_us (self->lines->pdata[first]));
  if (self->mark != NULL) {
    porch_line_set_text (self->mark, porch_line_get_text (mark));
    return;
  }
  self->mark = g_steal_pointer (&mark);
  self->mark_index = first;
  g_list_model_items_changed (G_LIST_MODEL (self), first, 0, 1);
}

/* From the end, since what changes is nearly always among the last. */
static void
on_message_changed (PorchLines *self, GParamSpec *pspec, PorchMessage *message)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->thread));

  for (guint i = MIN (n, self->lines->len); i > 0; i--) {
    g_autoptr (PorchMessage) candidate = dup_message_at (self, i - 1);

    if (candidate == message) {
      update_line (self, message, i - 1);
      return;
    }
  }
}

static void
on_sending_changed (PorchLines *self, PorchMessage *message)
{
  on_message_changed (self, NULL, message);
}

/* The mark stands among the lines without being a message: places behind it are one further on than
 * in the thread. It is taken out when its message goes, and put anew when all is told. */
static void
on_thread_changed (PorchLines *self, guint position, guint removed, guint added)
{
  guint line_position;
  gboolean has_answered = FALSE;

  if (self->mark != NULL && position <= self->mark_index && self->mark_index < position + removed)
    drop_mark (self);

  line_position = position + (self->mark != NULL && position > self->mark_index);
  if (removed > 0)
    g_ptr_array_remove_range (self->lines, position, removed);
  for (guint i = 0; i < added; i++) {
    g_autoptr (PorchMessage) message = dup_message_at (self, position + i);

    g_ptr_array_insert (self->lines, position + i, create_line (self, message));
    /* A message that moves to its place among the stored ones comes a second time. */
    g_signal_handlers_disconnect_by_data (message, self);
    g_signal_connect_object (message, "notify", G_CALLBACK (on_message_changed), self,
                             G_CONNECT_SWAPPED);
    has_answered = has_answered || (message->seq == 0 && removed == 0 && position > 0);
  }
  if (self->mark != NULL && position <= self->mark_index)
    self->mark_index += added - removed;
  g_list_model_items_changed (G_LIST_MODEL (self), line_position, removed, added);

  /* Who answers has read what there was. */
  if (has_answered)
    self->read_seq = -1;
  place_mark (self);
}

/* A receipt is one position for the whole conversation: any of our lines may have got its tick. */
static void
on_receipts_changed (PorchLines *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    g_autoptr (PorchMessage) message = dup_message_at (self, i);

    porch_line_set_delivery (self->lines->pdata[i], find_delivery (self, message));
  }
}

static void
on_name_changed (PorchLines *self)
{
  const char *name = self->conversation->contact_name;

  for (guint i = 0; i < self->lines->len; i++)
    if (porch_line_get_kind (self->lines->pdata[i]) == PORCH_LINE_VISITOR)
      porch_line_set_author (self->lines->pdata[i], name);
}

static void
porch_lines_dispose (GObject *object)
{
  PorchLines *self = PORCH_LINES (object);

  for (guint i = 0; self->thread != NULL && i < self->lines->len; i++) {
    g_autoptr (PorchMessage) message = dup_message_at (self, i);

    if (message != NULL)
      g_signal_handlers_disconnect_by_data (message, self);
  }
  if (self->thread != NULL)
    g_signal_handlers_disconnect_by_data (self->thread, self);
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_clear_object (&self->thread);
  g_clear_object (&self->conversation);
  g_clear_object (&self->me);
  g_clear_object (&self->mark);
  g_ptr_array_set_size (self->lines, 0);

  G_OBJECT_CLASS (porch_lines_parent_class)->dispose (object);
}

static void
porch_lines_finalize (GObject *object)
{
  g_ptr_array_unref (PORCH_LINES (object)->lines);

  G_OBJECT_CLASS (porch_lines_parent_class)->finalize (object);
}

static void
porch_lines_class_init (PorchLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_lines_dispose;
  G_OBJECT_CLASS (klass)->finalize = porch_lines_finalize;
}

static void
porch_lines_init (PorchLines *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->read_seq = -1;
}

PorchLines *
porch_lines_new (PorchThread *thread, PorchMirror *mirror)
{
  PorchLines *self = g_object_new (PORCH_TYPE_LINES, NULL);
  PorchAgent *me = porch_client_get_agent (porch_mirror_get_client (mirror));

  self->thread = g_object_ref (thread);
  self->conversation = g_object_ref (porch_thread_get_conversation (thread));
  g_set_object (&self->me, me);

  g_signal_connect_object (thread, "items-changed", G_CALLBACK (on_thread_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (thread, "sending-changed", G_CALLBACK (on_sending_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->conversation, "notify::visitor-received",
                           G_CALLBACK (on_receipts_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->conversation, "notify::visitor-read",
                           G_CALLBACK (on_receipts_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->conversation, "notify::contact-name", G_CALLBACK (on_name_changed),
                           self, G_CONNECT_SWAPPED);
  on_thread_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (thread)));
  return self;
}

void
porch_lines_set_read_seq (PorchLines *self, gint64 seq)
{
  g_return_if_fail (PORCH_IS_LINES (self));

  self->read_seq = seq;
  place_mark (self);
}

gboolean
porch_lines_has_mark (PorchLines *self)
{
  return self->mark != NULL;
}

/* Those behind it have none yet: they are in the outbox. */
gint64
porch_lines_get_last_seq (PorchLines *self)
{
  for (guint i = self->lines->len; i > 0; i--)
    if (porch_line_get_seq (self->lines->pdata[i - 1]) > 0)
      return porch_line_get_seq (self->lines->pdata[i - 1]);
  return 0;
}

PorchMessage *
porch_lines_dup_message (PorchLines *self, PorchLine *line)
{
  guint index;

  if (!g_ptr_array_find (self->lines, line, &index))
    return NULL;
  return dup_message_at (self, index);
}
