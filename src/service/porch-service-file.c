/* porch-service-file.c - checks of the file, on a worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-error.h"

static void
free_text (gpointer text)
{
  g_string_free (text, TRUE);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) problems = porch_store_check (PORCH_SERVICE (source)->folder, &error);
  GString *answer = NULL;

  if (problems == NULL) {
    g_task_return_error (task, error);
    return;
  }
  answer = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (answer);
  porch_writer_begin (&writer, NULL);
  porch_writer_boolean (&writer, "ok", problems->len == 0);
  porch_writer_begin_array (&writer, "problems");
  for (guint i = 0; i < problems->len; i++)
    porch_writer_string (&writer, NULL, problems->pdata[i]);
  porch_writer_end_array (&writer);
  porch_writer_end (&writer);
  g_task_return_pointer (task, answer, free_text);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree PorchAsker *asker = data;
  g_autoptr (GError) error = NULL;
  GString *answer = g_task_propagate_pointer (G_TASK (result), &error);

  asker->done (answer, error, asker->data);
}

/* Rare, and short enough for the shared pool of GTask. */
void
porch_service_check (PorchService *self, PorchAnswerDone done, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_checked, porch_asker_new (self, done, data));

  g_task_set_source_tag (task, porch_service_check);
  g_task_run_in_thread (task, check_in_thread);
}
