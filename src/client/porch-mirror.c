/* porch-mirror.c - what the server has, as models: one object per id, kept true by the events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What events do is in porch-mirror-events.c, counts and agents are in porch-mirror-team.c, what a
 * person asks for in porch-mirror-calls.c.
 */
#include "config.h"

#include "porch-mirror.h"

#include "porch-client-private.h"
#include "porch-codec.h"
#include "porch-inbox-private.h"
#include "porch-mirror-parts.h"
#include "porch-pace.h"
#include "porch-source.h"
#include "porch-thread-private.h"

/* Threads that nobody shows and that would be wanted again soon. */
#define THREADS_MAX 20
/* How long the end of the program may wait for the disk. */
#define CLOSE_MS 200

static GParamSpec *pspecs[PORCH_MIRROR_PROP_PROBLEM + 1];
static guint signals[PORCH_MIRROR_N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchMirror, porch_mirror, G_TYPE_OBJECT)

void
porch_mirror_notify (PorchMirror *self, PorchMirrorProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

void
porch_mirror_tell (PorchMirror *self, PorchMirrorSignal what, ...)
{
  va_list arguments;

  va_start (arguments, what);
  g_signal_emit_valist (self, signals[what], 0, arguments);
  va_end (arguments);
}

/* ---- threads ---- */

static void
on_thread_gone (gpointer data, GObject *gone)
{
  PorchMirror *self = data;
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &thread))
    if (thread == gone)
      g_hash_table_iter_remove (&iter);
}

/* A thread lives as long as somebody holds it; the last few are held here, so that going back and
 * forth loads nothing. */
static void
remember (PorchMirror *self, PorchThread *thread)
{
  GList *link = g_queue_find (&self->recent, thread);

  if (link != NULL) {
    g_queue_unlink (&self->recent, link);
    g_queue_push_head_link (&self->recent, link);
    return;
  }
  g_queue_push_head (&self->recent, g_object_ref (thread));
  if (self->recent.length > THREADS_MAX)
    g_object_unref (g_queue_pop_tail (&self->recent));
}

PorchThread *
porch_mirror_find_thread (PorchMirror *self, const char *conversation)
{
  return conversation != NULL ? g_hash_table_lookup (self->threads, conversation) : NULL;
}

/* ---- what happens ---- */

static void
on_reset (PorchClient *client, PorchMirror *self)
{
  g_autoptr (GList) inboxes = g_hash_table_get_values (self->inboxes);
  g_autoptr (GList) threads = g_hash_table_get_values (self->threads);

  porch_shelf_start_over (self->shelf);
  for (GList *link = inboxes; link != NULL; link = link->next)
    porch_inbox_start_over (link->data);
  for (GList *link = threads; link != NULL; link = link->next)
    porch_thread_start_over (link->data);
}

static void
on_link_changed (PorchClient *client, GParamSpec *pspec, PorchMirror *self)
{
  if (porch_client_get_link (client) != PORCH_LINK_LIVE)
    return;
  /* Who is there is not in the log. */
  porch_mirror_load_agents (self);
  porch_mirror_count_soon (self);
}

static void
on_problem (PorchOutbox *outbox, GParamSpec *pspec, PorchMirror *self)
{
  porch_mirror_notify (self, PORCH_MIRROR_PROP_PROBLEM);
}

static void
on_unsent_changed (PorchOutbox *outbox, PorchMessage *message, PorchMirror *self)
{
  porch_mirror_tell (self, PORCH_MIRROR_UNSENT_CHANGED, message->conversation);
}

/* May come after the end: the mirror is held for it. Without the file one starts with nothing,
 * which is said in the log; the disk may be full, and that is no reason not to answer anybody. */
static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PorchMirror) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchCacheContents) contents = porch_cache_load_finish (self->cache, result, &error);

  if (contents == NULL) {
    g_message ("reading what an earlier run left: %s", error->message);
    return;
  }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  porch_outbox_restore (self->outbox, contents->pendings);
  porch_drafts_restore (self->drafts, contents->drafts);
  porch_mirror_tell (self, PORCH_MIRROR_DRAFTS_LOADED);
}

/* ---- the object ---- */

static void
porch_mirror_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchMirror *self = PORCH_MIRROR (object);

  switch ((PorchMirrorProp) id) {
  case PORCH_MIRROR_PROP_COUNTS_MINE:
    g_value_set_int64 (value, self->n_mine);
    break;
  case PORCH_MIRROR_PROP_COUNTS_WAITING:
    g_value_set_int64 (value, self->n_waiting);
    break;
  case PORCH_MIRROR_PROP_COUNTS_OPEN:
    g_value_set_int64 (value, self->n_open);
    break;
  case PORCH_MIRROR_PROP_IS_SOMEBODY_IN:
    g_value_set_boolean (value, self->is_somebody_in);
    break;
  case PORCH_MIRROR_PROP_PROBLEM:
    g_value_set_string (value, porch_outbox_get_problem (self->outbox));
    break;
  }
}

/* Whoever still holds one keeps an object that does nothing any more: its calls are cancelled,
 * since the client goes next. */
static void
forget_threads (PorchMirror *self)
{
  GHashTableIter iter;
  gpointer thread;

  g_hash_table_iter_init (&iter, self->threads);
  while (g_hash_table_iter_next (&iter, NULL, &thread)) {
    porch_thread_close (thread);
    g_object_weak_unref (thread, on_thread_gone, self);
    g_hash_table_iter_remove (&iter);
  }
  g_queue_clear_full (&self->recent, g_object_unref);
}

static void
porch_mirror_dispose (GObject *object)
{
  PorchMirror *self = PORCH_MIRROR (object);

  porch_mirror_close (self);
  g_hash_table_remove_all (self->inboxes);
  g_clear_pointer (&self->drafts, porch_drafts_free);
  g_clear_object (&self->outbox);
  g_clear_object (&self->shelf);
  g_clear_object (&self->agents);
  g_clear_object (&self->cache);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_mirror_parent_class)->dispose (object);
}

static void
porch_mirror_finalize (GObject *object)
{
  PorchMirror *self = PORCH_MIRROR (object);

  g_hash_table_unref (self->inboxes);
  g_hash_table_unref (self->threads);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (porch_mirror_parent_class)->finalize (object);
}

static GParamSpec *
new_count_pspec (const char *name)
{
  return g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
porch_mirror_class_init (PorchMirrorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_mirror_get_property;
  object_class->dispose = porch_mirror_dispose;
  object_class->finalize = porch_mirror_finalize;

  pspecs[PORCH_MIRROR_PROP_COUNTS_MINE] = new_count_pspec ("counts-mine");
  pspecs[PORCH_MIRROR_PROP_COUNTS_WAITING] = new_count_pspec ("counts-waiting");
  pspecs[PORCH_MIRROR_PROP_COUNTS_OPEN] = new_count_pspec ("counts-open");
  pspecs[PORCH_MIRROR_PROP_IS_SOMEBODY_IN] =
    g_param_spec_boolean ("is-somebody-in", NULL, NULL, FALSE, flags);
  pspecs[PORCH_MIRROR_PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[PORCH_MIRROR_ARRIVED] =
    g_signal_new ("arrived", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  2, PORCH_TYPE_CONVERSATION, PORCH_TYPE_MESSAGE);
  signals[PORCH_MIRROR_TAKEN] =
    g_signal_new ("taken", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  1, PORCH_TYPE_CONVERSATION);
  signals[PORCH_MIRROR_SCOPE_CHANGED] =
    g_signal_new ("scope-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, PORCH_TYPE_CONVERSATION);
  signals[PORCH_MIRROR_UNSENT_CHANGED] =
    g_signal_new ("unsent-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PORCH_MIRROR_VISITOR_CHANGED] =
    g_signal_new ("visitor-changed", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PORCH_MIRROR_DRAFTS_LOADED] = g_signal_new (
    "drafts-loaded", PORCH_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_mirror_init (PorchMirror *self)
{
  self->cancellable = g_cancellable_new ();
  self->inboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->agents = g_list_store_new (PORCH_TYPE_AGENT);
  g_queue_init (&self->recent);
}

PorchMirror *
porch_mirror_new (PorchClient *client, const char *cache_path)
{
  static const char *const outbox_signals[] = { "shown", "changed", "stored", "gone" };
  PorchMirror *self = g_object_new (PORCH_TYPE_MIRROR, NULL);

  self->client = g_object_ref (client);
  self->shelf = porch_shelf_new ();
  self->cache = cache_path != NULL ? porch_cache_new (cache_path) : NULL;
  self->drafts = porch_drafts_new (self->cache, porch_client_get_pace (client)->draft_ms);
  self->outbox = porch_outbox_new (client, self->cache);
  for (guint i = 0; i < G_N_ELEMENTS (outbox_signals); i++)
    g_signal_connect_object (self->outbox, outbox_signals[i], G_CALLBACK (on_unsent_changed), self,
                             0);
  g_signal_connect_object (self->outbox, "notify::problem", G_CALLBACK (on_problem), self, 0);
  g_signal_connect_object (client, "event", G_CALLBACK (porch_mirror_hear_event), self, 0);
  g_signal_connect_object (client, "reset", G_CALLBACK (on_reset), self, 0);
  g_signal_connect_object (client, "notify::link", G_CALLBACK (on_link_changed), self, 0);
  if (self->cache != NULL)
    porch_cache_load_async (self->cache, on_loaded, g_object_ref (self));
  on_link_changed (client, NULL, self);
  return self;
}

PorchClient *
porch_mirror_get_client (PorchMirror *self)
{
  return self->client;
}

PorchInbox *
porch_mirror_get_inbox (PorchMirror *self, const char *filter)
{
  PorchInbox *inbox = g_hash_table_lookup (self->inboxes, filter);

  if (inbox == NULL) {
    inbox = porch_inbox_new (self->client, self->shelf, filter);
    g_signal_connect_object (inbox, "counted", G_CALLBACK (porch_mirror_hear_counts), self, 0);
    g_hash_table_insert (self->inboxes, g_strdup (filter), inbox);
  }
  return inbox;
}

PorchThread *
porch_mirror_get_thread (PorchMirror *self, PorchConversation *conversation)
{
  g_autoptr (PorchThread) made = NULL;
  PorchThread *thread = porch_mirror_find_thread (self, conversation->id);

  if (thread == NULL) {
    made = porch_thread_new (self->client, self->shelf, self->outbox, conversation);
    thread = made;
    g_object_weak_ref (G_OBJECT (thread), on_thread_gone, self);
    g_hash_table_insert (self->threads, g_strdup (conversation->id), thread);
  }
  remember (self, thread);
  return thread;
}

PorchConversation *
porch_mirror_find_conversation (PorchMirror *self, const char *id)
{
  return porch_shelf_find_conversation (self->shelf, id);
}

gboolean
porch_mirror_has_left (PorchMirror *self, PorchConversation *conversation)
{
  return porch_shelf_has_left (self->shelf, conversation->id);
}

void
porch_mirror_set_draft (PorchMirror *self,
                        const char *conversation,
                        const char *text,
                        gboolean is_note)
{
  porch_drafts_set (self->drafts, conversation, text, is_note);
}

const char *
porch_mirror_get_draft (PorchMirror *self, const char *conversation, gboolean *is_note)
{
  return porch_drafts_get (self->drafts, conversation, is_note);
}

const char *
porch_mirror_get_unsent (PorchMirror *self, const char *conversation, PorchSending *sending)
{
  return porch_outbox_peek (self->outbox, conversation, sending);
}

static void
close_inbox (gpointer filter, gpointer inbox, gpointer data)
{
  porch_inbox_close (inbox);
}

void
porch_mirror_close (PorchMirror *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->client, self);
  porch_source_clear (&self->count);
  forget_threads (self);
  g_hash_table_foreach (self->inboxes, close_inbox, NULL);
  porch_outbox_close (self->outbox);
  porch_drafts_flush (self->drafts);
  if (self->cache != NULL && !porch_cache_close (self->cache, CLOSE_MS))
    g_message ("the disk took longer than %d ms to keep drafts and messages", CLOSE_MS);
}
