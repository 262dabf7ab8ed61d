/* porch-business-commands.c - the business itself: setting up, agents, sessions, what time changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-business-commands.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-settings.h"
#include "porch-site-commands.h"
#include "porch-steps.h"
#include "porch-text.h"

#include <string.h>

/* ---- what a service holds ---- */

static void
clear_load_result (gpointer data)
{
  PorchLoadResult *out = data;

  g_clear_pointer (&out->business, g_free);
  g_clear_pointer (&out->sites, g_ptr_array_unref);
  g_clear_pointer (&out->departments, g_ptr_array_unref);
  g_clear_pointer (&out->agents, g_ptr_array_unref);
  g_clear_pointer (&out->settings, g_hash_table_unref);
}

static gboolean
run_load (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  PorchLoadResult *out = output;
  GError *failure = NULL;
  const char *key;
  guint i = 0;

  out->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while ((key = porch_settings_get_key (i++)) != NULL && failure == NULL) {
    char *value = porch_tx_find_setting (tx, key, &failure);

    if (value != NULL)
      g_hash_table_insert (out->settings, g_strdup (key), value);
  }
  if (failure == NULL)
    out->business = porch_tx_find_setting (tx, "business", &failure);
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  out->sites = porch_tx_list_sites (tx, error);
  out->departments = out->sites != NULL ? porch_tx_list_departments (tx, error) : NULL;
  out->agents = out->departments != NULL ? porch_tx_list_agents (tx, error) : NULL;
  return out->agents != NULL;
}

const PorchCommand porch_business_load = {
  .name = "business_load",
  .is_question = TRUE,
  .out_size = sizeof (PorchLoadResult),
  .run = run_load,
  .clear_out = clear_load_result,
};

/* ---- setting up ---- */

static void
clear_setup_input (gpointer data)
{
  PorchSetupInput *in = data;

  g_clear_pointer (&in->business, g_free);
  g_clear_pointer (&in->name, g_free);
  g_clear_pointer (&in->email, g_free);
  g_clear_pointer (&in->domain, g_free);
  g_clear_pointer (&in->password_hash, g_free);
}

static void
clear_setup_result (gpointer data)
{
  PorchSetupResult *out = data;

  g_clear_object (&out->site);
  g_clear_object (&out->agent);
  g_clear_pointer (&out->departments, g_ptr_array_unref);
}

static void
render_setup (gconstpointer output, PorchWriter *writer)
{
  const PorchSetupResult *out = output;

  porch_writer_begin (writer, NULL);
  porch_writer_string (writer, "site_key", out->site->key);
  porch_codec_write (writer, "agent", out->agent, PORCH_AUDIENCE_STAFF);
  porch_writer_end (writer);
}

static gboolean
fail_bad (const char *what, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not usable", what);
  return FALSE;
}

static gboolean
insert_departments (PorchTx *tx, GError **error)
{
  static const struct {
    const char *slug, *name;
  } defaults[] = { { "general", "General" },
                   { "sales", "Sales" },
                   { "support", "Support" },
                   { "billing", "Billing" } };

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++) {
    g_autoptr (PorchDepartment) department =
      g_object_new (PORCH_TYPE_DEPARTMENT, "slug", defaults[i].slug, "name", defaults[i].name,
                    "position", (gint64) i, NULL);

    if (!porch_tx_insert_department (tx, department, error))
      return FALSE;
  }
  return TRUE;
}

static char **
list_slugs (PorchTx *tx, GError **error)
{
  g_autoptr (GPtrArray) departments = porch_tx_list_departments (tx, error);
  g_autoptr (GStrvBuilder) slugs = g_strv_builder_new ();

  if (departments == NULL)
    return NULL;
  for (guint i = 0; i < departments->len; i++)
    g_strv_builder_add (slugs, ((PorchDepartment *) departments->pdata[i])->slug);
  return g_strv_builder_end (slugs);
}

static PorchAgent *
new_agent (const char *name, const char *email, const char *hash, PorchRole role, GError **error)
{
  g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, NULL);

  agent->name = porch_text_dup_line (name, PORCH_NAME_CHARACTERS);
  agent->email = porch_text_dup_email (email);
  if (agent->name == NULL) {
    fail_bad ("name", error);
    return NULL;
  }
  if (email != NULL && *email != '\0' && agent->email == NULL) {
    fail_bad ("email", error);
    return NULL;
  }
  agent->id = porch_id_new ();
  agent->role = role;
  agent->wanted_status = PORCH_STATUS_ONLINE;
  agent->password_hash = g_strdup (hash);
  agent->created_at = porch_clock_now_us ();
  return g_steal_pointer (&agent);
}

static gboolean
run_set_up (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchSetupInput *in = input;
  PorchSetupResult *out = output;
  g_autofree char *business = porch_text_dup_line (in->business, PORCH_NAME_CHARACTERS);
  g_autofree char *domain = porch_rules_dup_domain (in->domain);
  GError *failure = NULL;
  g_autofree char *known = porch_tx_find_setting (tx, "business", &failure);
  const char *domains[] = { domain, NULL };

  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (known != NULL) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "%s is set up already", known);
    return FALSE;
  }
  if (business == NULL)
    return fail_bad ("business", error);
  if (domain == NULL)
    return fail_bad ("domain", error);

  out->agent = new_agent (in->name, in->email, in->password_hash, PORCH_ROLE_ADMIN, error);
  if (out->agent == NULL || !insert_departments (tx, error))
    return FALSE;
  out->departments = porch_tx_list_departments (tx, error);
  if (out->departments == NULL)
    return FALSE;
  out->agent->is_local = TRUE;
  out->agent->departments = list_slugs (tx, error);
  out->site = g_object_new (PORCH_TYPE_SITE, "name", business, "domains", domains, NULL);
  out->site->id = porch_id_new ();
  out->site->key = porch_id_new ();
  out->site->created_at = porch_clock_now_us ();
  return out->agent->departments != NULL && porch_tx_insert_agent (tx, out->agent, error) &&
         porch_tx_insert_site (tx, out->site, error) &&
         porch_tx_set_setting (tx, "business", business, error);
}

const PorchCommand porch_business_set_up = {
  .name = "business_set_up",
  .in_size = sizeof (PorchSetupInput),
  .out_size = sizeof (PorchSetupResult),
  .run = run_set_up,
  .clear_in = clear_setup_input,
  .clear_out = clear_setup_result,
  .render = render_setup,
};

/* ---- agents ---- */

static void
clear_agent_input (gpointer data)
{
  PorchAgentInput *in = data;

  g_clear_pointer (&in->name, g_free);
  g_clear_pointer (&in->email, g_free);
  g_clear_pointer (&in->password_hash, g_free);
  g_clear_pointer (&in->department, g_free);
}

static void
clear_agent_result (gpointer data)
{
  PorchAgentResult *out = data;

  g_clear_object (&out->agent);
  g_clear_pointer (&out->departments, g_ptr_array_unref);
}

static void
render_agent (gconstpointer output, PorchWriter *writer)
{
  porch_codec_write (writer, NULL, ((const PorchAgentResult *) output)->agent,
                     PORCH_AUDIENCE_STAFF);
}

/* @name is a department's name or slug, in any case. One that does not exist yet is made. */
static char **
list_departments_of (PorchTx *tx, const char *name, GError **error)
{
  g_auto (GStrv) all = list_slugs (tx, error);
  g_autofree char *line = porch_text_dup_line (name, PORCH_NAME_CHARACTERS);
  g_autofree char *slug = line != NULL ? porch_text_dup_slug (line) : NULL;
  const char *one[] = { slug, NULL };
  g_autoptr (PorchDepartment) department = NULL;

  if (all == NULL || name == NULL)
    return g_steal_pointer (&all);
  /* "any" is every department, in visitors' addresses. */
  if (line == NULL || g_strcmp0 (slug, "any") == 0) {
    fail_bad ("department", error);
    return NULL;
  }
  if (slug == NULL)
    one[0] = slug = g_strdup_printf ("department-%u", g_strv_length (all) + 1);
  if (g_strv_contains ((const char *const *) all, slug))
    return g_strdupv ((char **) one);
  department = g_object_new (PORCH_TYPE_DEPARTMENT, "slug", slug, "name", line, "position",
                             (gint64) g_strv_length (all), NULL);
  return porch_tx_insert_department (tx, department, error) ? g_strdupv ((char **) one) : NULL;
}

static gboolean
run_add_agent (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchAgentInput *in = input;
  PorchAgentResult *out = output;
  g_autoptr (PorchAgent) known = NULL;
  GError *failure = NULL;

  out->agent = new_agent (in->name, in->email, in->password_hash, in->role, error);
  if (out->agent == NULL)
    return FALSE;
  if (out->agent->email == NULL)
    return fail_bad ("email", error);
  known = porch_tx_find_agent_by_email (tx, out->agent->email, &failure);
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (known != NULL) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "this address has an agent already");
    return FALSE;
  }
  out->agent->departments = list_departments_of (tx, in->department, error);
  if (out->agent->departments == NULL || !porch_tx_insert_agent (tx, out->agent, error))
    return FALSE;
  out->departments = porch_tx_list_departments (tx, error);
  return out->departments != NULL;
}

const PorchCommand porch_business_add_agent = {
  .name = "business_add_agent",
  .in_size = sizeof (PorchAgentInput),
  .out_size = sizeof (PorchAgentResult),
  .run = run_add_agent,
  .clear_in = clear_agent_input,
  .clear_out = clear_agent_result,
  .render = render_agent,
};

static void
clear_status_input (gpointer data)
{
  g_free (((PorchStatusInput *) data)->agent);
}

static gboolean
run_set_status (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchStatusInput *in = input;
  PorchAgentResult *out = output;

  out->agent = porch_tx_get_agent (tx, in->agent, error);
  if (out->agent == NULL)
    return FALSE;
  out->agent->wanted_status = in->status;
  out->agent->status = in->is_there ? in->status : PORCH_STATUS_OFFLINE;
  return porch_tx_update_agent (tx, out->agent, error);
}

const PorchCommand porch_business_set_status = {
  .name = "business_set_status",
  .in_size = sizeof (PorchStatusInput),
  .out_size = sizeof (PorchAgentResult),
  .run = run_set_status,
  .clear_in = clear_status_input,
  .clear_out = clear_agent_result,
  .render = render_agent,
};

/* ---- time ---- */

static gboolean
pass (PorchTx *tx, PorchConversation *self, PorchAction action, gint64 now_us, GError **error)
{
  static const PorchDoer nobody = { PORCH_ACTOR_SYSTEM, NULL, NULL };
  const gboolean is_idle = action == PORCH_ACTION_RESOLVE;
  const PorchEventType event = action == PORCH_ACTION_MISS ? PORCH_EVENT_CONVERSATION_MISSED
                               : is_idle                   ? PORCH_EVENT_CONVERSATION_RESOLVED
                                                           : PORCH_EVENT_CONVERSATION_CLOSED;

  if (!porch_step_move (self, action, now_us, error) ||
      !porch_step_tell (tx, event, &nobody, self, error))
    return FALSE;
  if (action == PORCH_ACTION_CLOSE)
    return TRUE;
  return porch_step_note_line (
    tx, &nobody, self, is_idle ? PORCH_LINE_CODE_IDLE : PORCH_LINE_CODE_MISSED,
    is_idle ? PORCH_VISIBILITY_PUBLIC : PORCH_VISIBILITY_STAFF, NULL, error);
}

static gboolean
run_pass_time (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchTimeInput *in = input;
  PorchTimeResult *out = output;
  const gint64 now_us = in->now_us;
  g_autoptr (GArray) due =
    porch_tx_list_due (tx, &in->times, now_us, in->limit, &out->next_due_us, error);

  if (due == NULL)
    return FALSE;
  for (guint i = 0; i < due->len; i++) {
    g_autoptr (PorchConversation) self =
      porch_tx_get_conversation_pk (tx, g_array_index (due, gint64, i), error);
    PorchAction action;

    if (self == NULL)
      return FALSE;
    if (!porch_rules_due (self, &in->times, now_us, &action, NULL))
      continue;
    if (!pass (tx, self, action, now_us, error))
      return FALSE;
    out->n_changed++;
  }
  return TRUE;
}

const PorchCommand porch_business_pass_time = {
  .name = "business_pass_time",
  .in_size = sizeof (PorchTimeInput),
  .out_size = sizeof (PorchTimeResult),
  .run = run_pass_time,
};

/* ---- settings ---- */

static void
clear_setting_input (gpointer data)
{
  PorchSettingInput *in = data;

  g_clear_pointer (&in->key, g_free);
  g_clear_pointer (&in->value, g_free);
}

static void
clear_setting_result (gpointer data)
{
  PorchSettingResult *out = data;

  g_clear_pointer (&out->key, g_free);
  g_clear_pointer (&out->value, g_free);
}

static gboolean
run_set_setting (PorchTx *tx, gconstpointer input, gpointer output, GError **error)
{
  const PorchSettingInput *in = input;
  PorchSettingResult *out = output;
  g_autofree char *value = porch_settings_dup_value (in->key, in->value, error);

  if (value == NULL)
    return FALSE;
  out->key = g_strdup (in->key);
  if (*value != '\0')
    out->value = g_steal_pointer (&value);
  return porch_tx_set_setting (tx, out->key, out->value, error);
}

static void
render_setting (gconstpointer output, PorchWriter *writer)
{
  const PorchSettingResult *out = output;

  porch_writer_begin (writer, NULL);
  porch_writer_string (writer, "key", out->key);
  porch_writer_string (writer, "value", out->value);
  porch_writer_end (writer);
}

const PorchCommand porch_business_set_setting = {
  .name = "business_set_setting",
  .in_size = sizeof (PorchSettingInput),
  .out_size = sizeof (PorchSettingResult),
  .run = run_set_setting,
  .clear_in = clear_setting_input,
  .clear_out = clear_setting_result,
  .render = render_setting,
};
