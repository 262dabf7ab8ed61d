/* porch-command-backup.c - backups and going back to one, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-local-call.h"
#include "porch-passphrase.h"
#include "porch-scanner.h"
#include "porch-secret.h"
#include "porch-store.h"
#include "porch-terminal.h"
#include "porch-writer.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

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
  g_clear_pointer (&wish->folder, g_free);
  g_clear_pointer (&wish->path, g_free);
  porch_secret_free (wish->passphrase);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

static gboolean
parse (GOptionContext *context,
       const char *usage,
       gboolean needs_file,
       int argc,
       char **argv,
       Wish *wish)
{
  g_autofree char *file = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      N_("File whose first line is the passphrase; else the one that is kept, or typed"),
      N_("FILE") },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */

  if (!porch_terminal_parse (context, entries, &wish->folder, &argc, &argv) ||
      (file != NULL && (wish->passphrase = porch_terminal_read_secret (file)) == NULL))
    return FALSE;
  if (argc > 2 || (needs_file && argc != 2)) {
    porch_terminal_say ("%s", usage);
    return FALSE;
  }
  wish->path = argc == 2 ? g_canonicalize_filename (argv[1], NULL) : NULL;
  return TRUE;
}

static void
show (int percent)
{
  /* Translators: how far it is, in percent */
  porch_terminal_show_progress (C_ ("progress", "%d %%"), percent);
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
  porch_terminal_end_progress ();
  if (failure == NULL)
    return g_steal_pointer (&path);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static int
fail (const GError *error)
{
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CONFLICT))
    return porch_terminal_explain (
      error, "%s", _ ("Another backup is being made, or the server is going back to one."));
  return porch_terminal_fail (error);
}

/* A server in a sandbox, or as a unit with a /tmp of its own, writes where nobody finds it. One
 * among its backups is its own affair. */
static int
expect_copy (const char *path, gboolean is_named)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (is_named && !g_file_test (path, G_FILE_TEST_EXISTS))
    /* Translators: the name of a file */
    return porch_terminal_refuse (
      _ ("The server made the copy, but its %s is not the one that is seen from here; "
         "name a file in the folder that it serves."),
         shown);
  porch_terminal_tell (_ ("The copy is whole: %s"), shown);
  return 0;
}

int
porch_command_backup (GOptionContext *context, int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  if (!parse (context, _ ("Usage: porchlight backup [FILE]"), FALSE, argc, argv, &wish))
    return 1;
  if (wish.path != NULL && !g_utf8_validate (wish.path, -1, NULL))
    return porch_terminal_refuse (
      "%s", _ ("The server cannot be told the name of a file that is not in UTF-8."));
  path = follow (&wish, PORCH_OP_BACKUPS_CREATE, &error);
  if (path == NULL)
    return fail (error);
  PorchWriter writer = PORCH_WRITER_INIT (g_string_new (NULL));
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "path", path);
  porch_writer_int (&writer, "bytes", g_stat (path, &info) == 0 ? info.st_size : 0);
  porch_writer_end (&writer);
  printf ("%s\n", writer.text->str);
  g_string_free (writer.text, TRUE);
  return expect_copy (path, wish.path != NULL);
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
  const gboolean is_restored = porch_store_restore (wish->folder, wish->path, &options, error);

  porch_terminal_end_progress ();
  return is_restored;
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
porch_command_restore (GOptionContext *context, int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autoptr (GError) error = NULL;

  if (!parse (context, _ ("Usage: porchlight restore FILE"), TRUE, argc, argv, &wish))
    return 1;
  if (!restore_patiently (&wish, &error))
    return fail (error);
  printf ("{\"restored\":true}\n");
  porch_terminal_tell ("%s", _ ("Porchlight is back at this copy."));
  return 0;
}
