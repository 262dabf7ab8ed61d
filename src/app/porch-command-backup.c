/* porch-command-backup.c - backups and going back to one, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-passphrase.h"
#include "porch-paths.h"
#include "porch-scanner.h"
#include "porch-secret.h"
#include "porch-store.h"
#include "porch-writer.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_EVERY_MS 100
/* How often a server that starts again may not answer, one after the other. */
#define MISSES_MAX 300
/* How often a passphrase may be typed. */
#define TRIES_MAX 3

typedef struct {
  char *folder, *path;
  PorchSecretText *passphrase;
} Wish;

static void
clear_wish (Wish *wish)
{
  g_free (wish->folder);
  g_free (wish->path);
  porch_secret_free (wish->passphrase);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

static gboolean
read_passphrase (const char *path, Wish *wish, GError **error)
{
  if (path != NULL)
    wish->passphrase = porch_secret_read_line (path, error);
  return path == NULL || wish->passphrase != NULL;
}

static gboolean
parse (const char *about, gboolean needs_file, int argc, char **argv, Wish *wish, GError **error)
{
  g_autofree char *data = NULL, *file = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      "File whose first line is the passphrase; else the one that is kept, or typed", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (about);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error) ||
      !read_passphrase (file, wish, error))
    return FALSE;
  if (argc > 2 || (needs_file && argc != 2)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s needs one file", argv[0]);
    return FALSE;
  }
  wish->folder = porch_paths_dup_folder (data);
  wish->path = argc == 2 ? g_canonicalize_filename (argv[1], NULL) : NULL;
  return TRUE;
}

static void
show (int percent)
{
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r%d %%", percent);
}

/* ---- by the server ---- */

static GString *
new_body (Wish *wish)
{
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));

  porch_writer_begin (&writer, NULL);
  if (wish->path != NULL)
    porch_writer_string (&writer, "path", wish->path);
  if (wish->passphrase != NULL)
    porch_writer_string (&writer, "passphrase", wish->passphrase);
  porch_writer_end (&writer);
  return writer.text;
}

/* TRUE when it is over: *@path is what it made, or @error says why not. */
static gboolean
read_job (const char *answer, gint64 *id, char **path, GError **error)
{
  g_auto (PorchFrame) frame = { 0 };
  const char *code = "", *detail = "", *made = "";
  gint64 percent = 0, now = 0;
  gboolean is_running = FALSE;

  if (!porch_frame_scan (&frame, answer, strlen (answer), error) ||
      !porch_frame_read_int (&frame, "job.id", TRUE, &now, error) ||
      !porch_frame_read_boolean (&frame, "job.is_running", TRUE, &is_running, error) ||
      !porch_frame_read_int (&frame, "job.percent", TRUE, &percent, error) ||
      !porch_frame_read_string (&frame, "job.code", TRUE, &code, error) ||
      !porch_frame_read_string (&frame, "job.detail", TRUE, &detail, error) ||
      !porch_frame_read_string (&frame, "job.path", TRUE, &made, error))
    return TRUE;
  show (percent);
  if (*id == 0)
    *id = now;
  if (is_running && now == *id)
    return FALSE;
  if (now != *id)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "another one was begun; look again");
  else if (*code != '\0')
    g_set_error (error, PORCH_ERROR, porch_error_code_from_nick (code), "%s", detail);
  *path = g_strdup (made);
  return TRUE;
}

/* What it made; NULL with an error. A restored server is away for a moment. */
static char *
follow (Wish *wish, PorchOpId op, GError **error)
{
  g_autoptr (PorchLocal) local = porch_local_open (wish->folder, error);
  g_autofree char *answer = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 id = 0;
  guint n_missed = 0;

  if (local == NULL)
    return NULL;
  answer = porch_local_ask (local, op, new_body (wish), error);
  while (answer != NULL && !read_job (answer, &id, &path, &failure)) {
    g_autofree char *next = NULL;

    porch_local_wait (local, LOOK_EVERY_MS);
    next = porch_local_ask (local, PORCH_OP_BACKUPS_LIST, NULL, &failure);
    n_missed = next != NULL ? 0 : n_missed + 1;
    if (n_missed > 0 && n_missed < MISSES_MAX)
      g_clear_error (&failure);
    if (next != NULL || n_missed >= MISSES_MAX) {
      g_free (answer);
      answer = g_steal_pointer (&next);
    }
  }
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r");
  if (failure == NULL)
    return g_steal_pointer (&path);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* A server in a sandbox, or as a unit with a /tmp of its own, writes where nobody finds it. */
static int
expect_copy (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return 0;
  fprintf (
    stderr,
    "porchlight: the server made the copy, but its %s is not the one that is seen from here; "
    "name a file in the folder that it serves\n",
    path);
  return 1;
}

int
porch_command_backup (int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  if (!parse ("[FILE] - copy everything, to a file or among the backups", FALSE, argc, argv, &wish,
              &error))
    return porch_command_fail (error);
  if (wish.path != NULL && !g_utf8_validate (wish.path, -1, NULL)) {
    g_set_error (&error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE,
                 "the server cannot be told a name that is not UTF-8");
    return porch_command_fail (error);
  }
  path = follow (&wish, PORCH_OP_BACKUPS_CREATE, &error);
  if (path == NULL)
    return porch_command_fail (error);
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "path", path);
  porch_writer_int (&writer, "bytes", g_stat (path, &info) == 0 ? info.st_size : 0);
  porch_writer_end (&writer);
  printf ("%s\n", writer.text->str);
  g_string_free (writer.text, TRUE);
  return wish.path != NULL ? expect_copy (wish.path) : 0;
}

/* ---- without one ---- */

static void
on_progress (double done, gpointer data)
{
  int *shown = data;

  if ((int) (done * 100) != *shown)
    show (*shown = done * 100);
}

/* Also of a folder whose file nobody can open any more. */
static gboolean
restore_here (Wish *wish, GError **error)
{
  int shown = -1;
  const PorchCopyOptions options = { .passphrase = wish->passphrase,
                                     .progress = on_progress,
                                     .data = &shown };

  return porch_store_restore (wish->folder, wish->path, &options, error);
}

/* ---- either ---- */

static gboolean
restore (Wish *wish, GError **error)
{
  g_autofree char *path = NULL;

  if (!porch_local_is_served (wish->folder))
    return restore_here (wish, error);
  path = follow (wish, PORCH_OP_BACKUPS_RESTORE, error);
  return path != NULL;
}

/* Who gave a file has said all there is to say. */
static gboolean
restore_patiently (Wish *wish, GError **error)
{
  const gboolean may_ask = wish->passphrase == NULL;
  guint n_left = TRIES_MAX;

  /* One that this run was given, or that is kept: the server may see others. */
  if (may_ask && porch_store_is_sealed (wish->path))
    wish->passphrase = porch_passphrase_find_kept (wish->folder, NULL);
  for (;;) {
    g_autoptr (GError) failure = NULL;
    PorchSecretText *typed = NULL;

    if (restore (wish, &failure))
      return TRUE;
    if (may_ask && n_left-- > 0 && g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_PASSPHRASE))
      typed = porch_passphrase_type (wish->path);
    if (typed == NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    porch_secret_free (wish->passphrase);
    wish->passphrase = typed;
  }
}

int
porch_command_restore (int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autoptr (GError) error = NULL;

  if (!parse ("FILE - go back to a copy", TRUE, argc, argv, &wish, &error) ||
      !restore_patiently (&wish, &error))
    return porch_command_fail (error);
  printf ("{\"restored\":true}\n");
  return 0;
}
