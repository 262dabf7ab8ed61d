/* porch-service-file.c - checks of the file, on a worker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-service-private.h"

#include "porch-error.h"

typedef struct {
  char *folder;
  PorchAnswerDone done;
  gpointer data;
} FileWork;

static void
free_file_work (gpointer data)
{
  FileWork *work = data;

  g_free (work->folder);
  g_free (work);
}

static void
free_text (gpointer text)
{
  g_string_free (text, TRUE);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const FileWork *work = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) problems = porch_store_check (work->folder, &error);
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
on_worked (GObject *source, GAsyncResult *result, gpointer data)
{
  const FileWork *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  GString *answer = g_task_propagate_pointer (G_TASK (result), &error);

  work->done (answer, error, work->data);
}

/* Rare, and short enough for the shared pool of GTask. */
static void
start (PorchService *self, GTaskThreadFunc func, PorchAnswerDone done, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_worked, NULL);
  FileWork *work = g_new (FileWork, 1);

  *work = (FileWork){ g_strdup (self->folder), done, data };
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, work, free_file_work);
  g_task_run_in_thread (task, func);
}

void
porch_service_check (PorchService *self, PorchAnswerDone done, gpointer data)
{
  start (self, check_in_thread, done, data);
}
