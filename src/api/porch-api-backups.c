/* porch-api-backups.c - backups, how far one is, and going back to one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-handlers.h"

#include "porch-error.h"

static gboolean
has_backups (PorchRequest *request)
{
  if (request->api->backups != NULL)
    return TRUE;
  porch_request_fail (request, PORCH_ERROR_UNSUPPORTED, "this server makes no backups");
  return FALSE;
}

static void
write_job (PorchWriter *writer, PorchBackups *backups, gboolean is_local)
{
  static const char *const words[] = { "none", "backup", "restore" };
  PorchBackupJob job;

  porch_backups_get_job (backups, &job);
  porch_writer_begin (writer, "job");
  porch_writer_int (writer, "id", job.id);
  porch_writer_string (writer, "kind", words[job.kind]);
  porch_writer_boolean (writer, "is_running", job.is_running);
  porch_writer_int (writer, "percent", job.percent);
  porch_writer_time (writer, "at", job.at_us);
  porch_writer_string (writer, "code", job.error != NULL ? porch_error_nick (job.error) : "");
  /* Where files are, and what a disk said, is for whoever is at this computer. */
  porch_writer_string (writer, "detail", job.error != NULL && is_local ? job.error->message : "");
  porch_writer_string (writer, "path", job.path != NULL && is_local ? job.path : "");
  porch_writer_end (writer);
}

void
porch_api_backups_list (PorchRequest *request)
{
  GPtrArray *list = NULL;
  GString *answer = NULL;

  if (!has_backups (request))
    return;
  list = porch_backups_get_list (request->api->backups);
  answer = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (answer);
  porch_writer_begin (&writer, NULL);
  porch_writer_begin_array (&writer, "items");
  for (guint i = 0; i < list->len; i++) {
    const PorchBackup *backup = list->pdata[i];

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "name", backup->name);
    porch_writer_time (&writer, "at", backup->at_us);
    porch_writer_int (&writer, "bytes", backup->n_bytes);
    porch_writer_string (&writer, "kind", porch_backup_kind_word (backup->kind));
    porch_writer_boolean (&writer, "is_sealed", backup->is_sealed);
    porch_writer_end (&writer);
  }
  porch_writer_end_array (&writer);
  porch_writer_string (&writer, "unsealed",
                       porch_error_word (porch_backups_get_seal_trouble (request->api->backups)));
  write_job (&writer, request->api->backups, porch_call_is_local (request->call));
  porch_writer_end (&writer);
  porch_request_finish (request, answer, NULL);
}

/* Files of this computer are named by whoever is at it. */
static gboolean
check_path (PorchRequest *request)
{
  const char *path = porch_request_string (request, "path");

  if (path == NULL || (porch_call_is_local (request->call) && g_path_is_absolute (path)))
    return TRUE;
  porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE,
                      "a path is absolute, and only given over the Unix socket");
  return FALSE;
}

static void
finish_begun (PorchRequest *request, gboolean is_begun, const GError *error)
{
  GString *answer = NULL;

  if (is_begun) {
    PorchWriter writer = PORCH_WRITER_INIT (answer = g_string_new (NULL));

    porch_writer_begin (&writer, NULL);
    write_job (&writer, request->api->backups, porch_call_is_local (request->call));
    porch_writer_end (&writer);
  }
  porch_request_finish (request, answer, error);
}

void
porch_api_backups_create (PorchRequest *request)
{
  g_autoptr (GError) error = NULL;
  gboolean is_begun;

  if (!has_backups (request) || !check_path (request))
    return;
  is_begun = porch_backups_make (request->api->backups, porch_request_string (request, "path"),
                                 porch_request_string (request, "passphrase"), &error);
  finish_begun (request, is_begun, error);
}

void
porch_api_backups_restore (PorchRequest *request)
{
  const char *name = porch_request_string (request, "name");
  const char *path = porch_request_string (request, "path");
  g_autoptr (GError) error = NULL;
  gboolean is_begun;

  if (!has_backups (request) || !check_path (request))
    return;
  if ((name == NULL) == (path == NULL)) {
    porch_request_fail (request, PORCH_ERROR_BAD_MESSAGE, "either a name or a path is needed");
    return;
  }
  is_begun = porch_backups_restore (request->api->backups, name, path,
                                    porch_request_string (request, "passphrase"), &error);
  finish_begun (request, is_begun, error);
}
