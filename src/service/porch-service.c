/* porch-service.c - the fronts of the use cases: their life, and what they hold of the business
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-source.h"

/* Of signing in. */
#define ACCOUNT_FAILURES_MAX 5
#define ACCOUNT_WINDOW_US    (15 * 60 * G_TIME_SPAN_SECOND)
#define PEER_FAILURES_MAX    20
#define PEER_WINDOW_US       (60 * 60 * G_TIME_SPAN_SECOND)

G_DEFINE_FINAL_TYPE (PorchService, porch_service, G_TYPE_OBJECT)

/* ---- life ---- */

static void
on_published (PorchEvent *event, gpointer data)
{
  PorchService *self = data;

  porch_service_expect (self, event);
  porch_bus_publish (self->bus, event);
}

static void
take_load (PorchService *self, PorchLoadResult *loaded)
{
  g_clear_pointer (&self->business, g_free);
  self->business = g_steal_pointer (&loaded->business);
  g_clear_pointer (&self->sites, g_ptr_array_unref);
  self->sites = g_steal_pointer (&loaded->sites);
  g_clear_pointer (&self->departments, g_ptr_array_unref);
  self->departments = g_steal_pointer (&loaded->departments);
  g_clear_pointer (&self->agents, g_ptr_array_unref);
  self->agents = g_steal_pointer (&loaded->agents);
  self->agents_version++;
  g_clear_pointer (&self->settings, g_hash_table_unref);
  self->settings = g_steal_pointer (&loaded->settings);
  porch_service_read_times (self);
}

static void
porch_service_finalize (GObject *object)
{
  PorchService *self = PORCH_SERVICE (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->bus, porch_bus_free);
  g_clear_pointer (&self->passwords, porch_passwords_free);
  g_clear_pointer (&self->sites, g_ptr_array_unref);
  g_clear_pointer (&self->departments, g_ptr_array_unref);
  g_clear_pointer (&self->agents, g_ptr_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->account_failures, porch_failures_free);
  g_clear_pointer (&self->peer_failures, porch_failures_free);
  g_clear_pointer (&self->present, g_hash_table_unref);
  g_clear_pointer (&self->windows, g_hash_table_unref);
  g_clear_pointer (&self->business, g_free);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (porch_service_parent_class)->finalize (object);
}

static void
porch_service_class_init (PorchServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_service_finalize;
}

static void
porch_service_init (PorchService *self)
{
  self->bus = porch_bus_new ();
  self->passwords = porch_passwords_new ();
  self->sessions = porch_service_sessions_new ();
  self->account_failures = porch_failures_new (ACCOUNT_FAILURES_MAX, ACCOUNT_WINDOW_US);
  self->peer_failures = porch_failures_new (PEER_FAILURES_MAX, PEER_WINDOW_US);
  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PorchService *
porch_service_open (const char *folder, GError **error)
{
  g_autoptr (PorchStore) store = porch_store_open (folder, error);
  g_autoptr (PorchService) self = NULL;
  PorchLoadResult loaded = { 0 };

  if (store == NULL)
    return NULL;
  if (!porch_store_read_now (store, porch_business_load.run, NULL, &loaded, error)) {
    porch_business_load.clear_out (&loaded);
    porch_store_close (store);
    return NULL;
  }
  self = g_object_new (PORCH_TYPE_SERVICE, NULL);
  self->folder = g_strdup (folder);
  self->store = g_steal_pointer (&store);
  take_load (self, &loaded);
  porch_business_load.clear_out (&loaded);
  porch_store_set_publisher (self->store, on_published, self);
  porch_service_pass_time_now (self);
  return g_steal_pointer (&self);
}

void
porch_service_close (PorchService *self)
{
  self->is_closing = TRUE;
  porch_source_clear (&self->timer);
  porch_passwords_stop (self->passwords);
  porch_store_close (self->store);
}

gboolean
porch_service_is_closed (PorchService *self)
{
  return self->is_closing;
}

/* ---- what is held ---- */

PorchBus *
porch_service_get_bus (PorchService *self)
{
  return self->bus;
}

const char *
porch_service_get_epoch (PorchService *self)
{
  return porch_store_get_epoch (self->store);
}

gint64
porch_service_get_seq (PorchService *self)
{
  return porch_store_get_seq (self->store);
}

const char *
porch_service_get_trouble (PorchService *self)
{
  switch (porch_store_get_health (self->store)) {
  case PORCH_HEALTH_OK:
    return NULL;
  case PORCH_HEALTH_FULL:
    return "full";
  case PORCH_HEALTH_READ_ONLY:
    return "read_only";
  case PORCH_HEALTH_GONE:
    return "gone";
  case PORCH_HEALTH_FAILED:
    return "failed";
  case PORCH_HEALTH_DAMAGED:
    return "damaged";
  }
  g_return_val_if_reached ("failed");
}

void
porch_service_look (PorchService *self)
{
  porch_store_look (self->store);
}

void
porch_service_on_trouble (PorchService *self, PorchTroubleChanged func, gpointer data)
{
  porch_store_on_health (self->store, func, data);
}

gboolean
porch_service_is_set_up (PorchService *self)
{
  return self->business != NULL;
}

const char *
porch_service_get_business (PorchService *self)
{
  return self->business;
}

GPtrArray *
porch_service_get_departments (PorchService *self)
{
  return self->departments;
}

void
porch_service_set_present (PorchService *self, PorchVisitor *visitor, gboolean is_present)
{
  if (is_present)
    g_hash_table_replace (self->present, g_strdup (visitor->id), g_object_ref (visitor));
  else
    g_hash_table_remove (self->present, visitor->id);
}

PorchVisitor *
porch_service_find_present (PorchService *self, const char *id)
{
  return g_hash_table_lookup (self->present, id);
}

void
porch_service_tell_typing (PorchService *self,
                           PorchConversation *conversation,
                           const PorchActor *actor,
                           gboolean is_typing)
{
  g_autoptr (PorchEvent) event = porch_event_new (PORCH_EVENT_TYPING, actor);

  event->conversation = g_object_ref (conversation);
  event->is_typing = is_typing;
  event->text = g_strdup (actor->name);
  porch_bus_publish (self->bus, event);
}
