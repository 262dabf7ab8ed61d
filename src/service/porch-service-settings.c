/* porch-service-settings.c - what the owner has set: read by all, changed while it runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

const char *
porch_service_get_text (PorchService *self, const char *key)
{
  return g_hash_table_lookup (self->settings, key);
}

gint64
porch_service_get_number (PorchService *self, const char *key, gint64 fallback)
{
  const char *text = porch_service_get_text (self, key);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : fallback;
}

static gint64
get_seconds (PorchService *self, const char *key, gint64 fallback_us)
{
  return porch_service_get_number (self, key, fallback_us / G_USEC_PER_SEC) * G_USEC_PER_SEC;
}

void
porch_service_read_times (PorchService *self)
{
  PorchTimes times;

  porch_times_init (&times);
  self->times.missed_after_us = get_seconds (self, "missed_after_s", times.missed_after_us);
  self->times.idle_after_us = get_seconds (self, "idle_after_s", times.idle_after_us);
  self->times.closed_after_us = get_seconds (self, "closed_after_s", times.closed_after_us);
}

static void
on_set (gpointer in, gpointer out, const GError *error, gpointer data)
{
  g_autofree PorchAsker *asker = data;
  PorchService *self = asker->service;
  PorchSettingResult *result = out;
  GString *answer = NULL;

  if (error == NULL) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    porch_business_set_setting.render (out, &writer);
    if (result->value != NULL)
      g_hash_table_insert (self->settings, g_steal_pointer (&result->key),
                           g_steal_pointer (&result->value));
    else
      g_hash_table_remove (self->settings, result->key);
    porch_service_read_times (self);
    porch_service_pass_time (self);
    if (self->settings_changed != NULL)
      self->settings_changed (self->settings_changed_data);
  }
  asker->done (answer, error, asker->data);
}

void
porch_service_set_setting (PorchService *self,
                           const char *key,
                           const char *value,
                           PorchAnswerDone done,
                           gpointer data)
{
  PorchSettingInput *in = porch_command_new_input (&porch_business_set_setting);
  PorchAsker *asker = porch_asker_new (self, done, data);

  in->key = g_strdup (key);
  in->value = g_strdup (value);
  porch_service_run (self, &porch_business_set_setting, in, on_set, asker);
}

void
porch_service_on_settings (PorchService *self, PorchSettingsChanged func, gpointer data)
{
  self->settings_changed = func;
  self->settings_changed_data = data;
}
