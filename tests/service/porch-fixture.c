/* porch-fixture.c - a service on a folder of its own, and commands run one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"

#include "folder.h"
#include "porch-error.h"
#include "porch-id.h"
#include "porch-tx.h"

#define DEVICE "AAAAAAAAAAAAAAAAAAAAAA"

static void
on_event (PorchEvent *event, gpointer data)
{
  PorchFixture *self = data;

  g_ptr_array_add (self->events, porch_event_ref (event));
}

static void
on_answer (GString *answer, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  g_string_free (answer, TRUE);
  *(gboolean *) data = TRUE;
}

static void
wait_for (gboolean *is_done)
{
  while (!*is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
open_service (PorchFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->service = porch_service_open (self->folder, &error);
  g_assert_no_error (error);
  porch_bus_subscribe (porch_service_get_bus (self->service), on_event, self);
}

PorchFixture *
porch_fixture_new_empty (void)
{
  PorchFixture *self = g_new0 (PorchFixture, 1);

  self->folder = g_dir_make_tmp ("porch-service-XXXXXX", NULL);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_event_unref);
  open_service (self);
  return self;
}

PorchFixture *
porch_fixture_new (void)
{
  PorchFixture *self = porch_fixture_new_empty ();
  PorchSetupInput *in = porch_command_new_input (&porch_business_set_up);
  gboolean is_done = FALSE;

  in->business = g_strdup ("Juniper Row");
  in->name = g_strdup ("Ines Castro");
  in->domain = g_strdup ("https://www.juniper.example/shop");
  porch_service_set_up (self->service, in, NULL, NULL, on_answer, &is_done);
  wait_for (&is_done);
  /* That the agent was made is the first event, whatever else is told. */
  while (self->events->len < 1)
    g_main_context_iteration (NULL, TRUE);
  self->site = g_strdup (((PorchSite *) porch_service_get_sites (self->service)->pdata[0])->id);
  self->admin = g_strdup (porch_service_get_local_agent (self->service)->id);
  return self;
}

static void
close_service (PorchFixture *self)
{
  porch_service_close (self->service);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->service));
}

void
porch_fixture_restart (PorchFixture *self)
{
  close_service (self);
  open_service (self);
}

void
porch_fixture_free (PorchFixture *self)
{
  /* What was under way is still told. */
  close_service (self);
  g_ptr_array_unref (self->events);
  folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->site);
  g_free (self->admin);
  g_free (self);
}

typedef struct {
  gboolean is_done;
  int code;
  void (*copy) (gpointer in, gpointer out, gpointer data);
  gpointer data;
} Run;

static void
on_done (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Run *run = data;

  g_assert_true (error == NULL || error->domain == PORCH_ERROR);
  run->code = error != NULL ? error->code : -1;
  if (run->copy != NULL)
    run->copy (in, out, run->data);
  run->is_done = TRUE;
}

int
porch_fixture_run (PorchFixture *self,
                   const PorchCommand *command,
                   gpointer in,
                   void (*copy) (gpointer in, gpointer out, gpointer data),
                   gpointer data)
{
  Run run = { .copy = copy, .data = data };

  porch_service_run (self->service, command, in, on_done, &run);
  wait_for (&run.is_done);
  /* What the command published is delivered in the same dispatch, or in the next ones. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return run.code;
}

static void
copy_visitor (gpointer in, gpointer out, gpointer data)
{
  *(char **) data = g_strdup (((PorchEnterResult *) out)->visitor->id);
}

char *
porch_fixture_enter (PorchFixture *self, const char *name)
{
  PorchEnterInput *in = porch_command_new_input (&porch_visitor_enter);
  g_autofree char *token = porch_token_new ("vt_");
  char *visitor = NULL;

  in->site = g_strdup (self->site);
  in->name = g_strdup (name);
  in->new_token_hash = porch_token_hash (token);
  g_assert_cmpint (porch_fixture_run (self, &porch_visitor_enter, in, copy_visitor, &visitor), ==,
                   -1);
  return visitor;
}

typedef struct {
  gint64 seq;
  char *id;
} Written;

static void
copy_written (gpointer in, gpointer out, gpointer data)
{
  const PorchWriteResult *result = out;
  Written *written = data;

  if (result->message != NULL)
    written->seq = result->message->seq;
  if (result->conversation != NULL)
    written->id = g_strdup (result->conversation->id);
}

int
porch_fixture_write (PorchFixture *self,
                     const char *visitor,
                     const char *conversation,
                     gint64 n,
                     const char *text,
                     gint64 *seq,
                     char **id)
{
  PorchWriteInput *in = porch_command_new_input (&porch_visitor_write);
  Written written = { 0 };
  int code;

  in->visitor = g_strdup (visitor);
  in->conversation = g_strdup (conversation);
  in->device = g_strdup (DEVICE);
  in->n = n;
  in->text = g_strdup (text);
  code = porch_fixture_run (self, &porch_visitor_write, in, copy_written, &written);
  if (seq != NULL)
    *seq = written.seq;
  if (id != NULL)
    *id = written.id;
  else
    g_free (written.id);
  return code;
}

static void
copy_agent (gpointer in, gpointer out, gpointer data)
{
  *(char **) data = g_strdup (((PorchAgentResult *) out)->agent->id);
}

char *
porch_fixture_add_agent (PorchFixture *self, const char *name, const char *department)
{
  PorchAgentInput *in = porch_command_new_input (&porch_business_add_agent);
  char *id = NULL;

  in->name = g_strdup (name);
  in->email = g_strdup_printf ("%s@juniper.example", name);
  in->department = g_strdup (department);
  g_assert_cmpint (porch_fixture_run (self, &porch_business_add_agent, in, copy_agent, &id), ==,
                   -1);
  return id;
}

int
porch_fixture_act (PorchFixture *self,
                   const PorchCommand *command,
                   const char *agent,
                   const char *conversation,
                   const char *target)
{
  PorchActInput *in = porch_command_new_input (command);

  in->agent = g_strdup (agent);
  in->conversation = g_strdup (conversation);
  in->target = g_strdup (target);
  return porch_fixture_run (self, command, in, NULL, NULL);
}

static void
copy_conversation (gpointer in, gpointer out, gpointer data)
{
  PorchActResult *result = out;

  *(PorchConversation **) data = g_steal_pointer (&result->conversation);
}

PorchConversation *
porch_fixture_look (PorchFixture *self, const char *agent, const char *conversation)
{
  PorchActInput *in = porch_command_new_input (&porch_agent_look);
  PorchConversation *found = NULL;

  in->agent = g_strdup (agent);
  in->conversation = g_strdup (conversation);
  porch_fixture_run (self, &porch_agent_look, in, copy_conversation, &found);
  return found;
}

const char *
porch_fixture_admin (PorchFixture *self)
{
  /* Not the agent's own text: agents are replaced whenever something about them changes. */
  return self->admin;
}

char *
porch_fixture_dup_events (PorchFixture *self, guint from)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = from; i < self->events->len; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "",
                            porch_word_nick (porch_event_type_get_type (),
                                             ((PorchEvent *) self->events->pdata[i])->type));
  return g_strdup (text->str);
}

static gboolean
run_block (PorchTx *tx, gconstpointer in, gpointer out, GError **error)
{
  g_autoptr (PorchVisitor) visitor = porch_tx_get_visitor (tx, *(char *const *) in, error);

  if (visitor == NULL)
    return FALSE;
  visitor->is_blocked = TRUE;
  return porch_tx_update_visitor (tx, visitor, error);
}

static void
clear_block (gpointer in)
{
  g_free (*(char **) in);
}

const PorchCommand porch_fixture_block = {
  .name = "block",
  .in_size = sizeof (char *),
  .run = run_block,
  .clear_in = clear_block,
};
