/* porch-trouble.c - when the folder cannot be opened: the window that says so, and what it offers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program of its own, as it were, before the real one: with the same name, so that whoever starts
 * Porchlight again is brought here, and with its own loop, since the folder is opened before the
 * loop runs.
 */
#include "config.h"

#include "porch-trouble.h"

#include "porch-error.h"
#include "porch-passphrase-dialog.h"
#include "porch-passphrase.h"
#include "porch-salvage.h"
#include "porch-store.h"

#include <glib/gi18n.h>

typedef struct {
  GApplication *app;
  PorchTroubleWindow *window;
  const char *folder;
  GtkWidget *question; /* for a passphrase, and of which copy: made when it is needed */
  char *copy;
  PorchTroubleWords words;
  gboolean is_again;
  GCancellable *ending; /* the worker is to stop */
} Trouble;

/* What a worker does. The worker's until it is done. */
typedef struct {
  Trouble *trouble;
  char *folder, *copy;
  PorchSecretText *passphrase;
  gboolean is_typed;
  PorchSalvage salvage;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  porch_salvage_clear (&work->salvage);
  g_clear_pointer (&work->folder, g_free);
  g_clear_pointer (&work->copy, g_free);
  porch_secret_free (work->passphrase);
  g_free (work);
}

static void
on_again (Trouble *self)
{
  self->is_again = TRUE;
  g_application_quit (self->app);
}

static void
on_end (Trouble *self)
{
  g_cancellable_cancel (self->ending);
}

/* ---- what comes of it ---- */

/* TRUE when somebody wanted to quit meanwhile. */
static gboolean
is_over (Trouble *self)
{
  if (!g_cancellable_is_cancelled (self->ending))
    return FALSE;
  g_application_quit (self->app);
  return TRUE;
}

static void
show_failure (Trouble *self, const char *text, const GError *error)
{
  PorchTroubleWords words = self->words;

  words.text = text;
  words.detail = error->message;
  porch_trouble_window_show (self->window, &words);
}

/* Translators' tools do not see through GLib's macros for 64 bits, and no file holds so many rows.
 */
static guint
count (gint64 n_rows)
{
  return (guint) CLAMP (n_rows, 0, G_MAXUINT);
}

static void
add_count (GPtrArray *facts, const PorchSalvage *salvage, const char *table, const char *name)
{
  const PorchSalvagedTable *counts = porch_salvage_find (salvage, table);

  g_ptr_array_add (facts, g_strdup (name));
  if (counts->is_torn && counts->n_lost == 0)
    /* Translators: how many of them were saved out of a damaged file */
    g_ptr_array_add (
      facts, g_strdup_printf (_ ("%u saved; some could not be read"), count (counts->n_kept)));
  else
    /* Translators: how many of them were saved out of a damaged file, and how many not */
    g_ptr_array_add (facts, g_strdup_printf (counts->is_torn ? _ ("%u saved, at least %u lost")
                                                             : _ ("%u saved, %u lost"),
                                                                  count (counts->n_kept),
                                                                  count (counts->n_lost)));
}

static void
on_salvaged (GObject *source, GAsyncResult *result, gpointer data)
{
  Trouble *self = data;
  const Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    if (!is_over (self))
      show_failure (self, _ ("What can be read could not be saved. Nothing was changed."), error);
    return;
  }
  add_count (facts, &work->salvage, "message", _ ("Messages"));
  add_count (facts, &work->salvage, "conversation", _ ("Conversations"));
  add_count (facts, &work->salvage, "contact", _ ("People"));
  g_ptr_array_add (facts, NULL);
  porch_trouble_window_show_done (
    self->window, work->salvage.n_rebuilt > 0
    ? _ ("Words of which only themselves are left are in closed conversations of their own.")
    : _ ("Porchlight goes on with it. The damaged file is kept."),
         (const char *const *) facts->pdata, work->salvage.aside);
}

/* ---- on the worker ---- */

typedef struct {
  Trouble *trouble;
  gint64 n_rows;
} Step;

static gboolean
show_step (gpointer data)
{
  Step *step = data;
  /* Translators: rows of a damaged file */
  g_autofree char *text =
    g_strdup_printf (ngettext ("Reading what can be read: %u entry so far",
                               "Reading what can be read: %u entries so far", count (step->n_rows)),
                     count (step->n_rows));

  porch_trouble_window_show_work (step->trouble->window, text);
  return G_SOURCE_REMOVE;
}

static gboolean
on_progress (const char *table, gint64 n_rows, gpointer data)
{
  Step *step = g_new (Step, 1);

  *step = (Step){ data, n_rows };
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, show_step, step, g_free);
  return !g_cancellable_is_cancelled (step->trouble->ending);
}

static void
salvage_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;

  if (porch_store_salvage (work->folder, on_progress, work->trouble, &work->salvage, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The one that is kept is tried before anybody is asked. */
static void
restore_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  PorchCopyOptions options = { .cancellable = work->trouble->ending };
  GError *error = NULL;

  if (work->passphrase == NULL && porch_store_is_sealed (work->copy))
    work->passphrase = porch_passphrase_find_kept (work->folder, work->trouble->ending);
  options.passphrase = work->passphrase;
  if (porch_store_restore (work->folder, work->copy, &options, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes what it is given. */
static void
start (Trouble *self,
       char *copy,
       PorchSecretText *passphrase,
       GTaskThreadFunc func,
       GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, done, self);
  Work *work = g_new0 (Work, 1);

  work->trouble = self;
  work->folder = g_strdup (self->folder);
  work->copy = copy;
  work->passphrase = passphrase;
  work->is_typed = passphrase != NULL;
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, func);
}

static void
on_salvage (Trouble *self)
{
  porch_trouble_window_show_work (self->window, _ ("Looking at the damaged file"));
  start (self, NULL, NULL, salvage_in_thread, on_salvaged);
}

/* ---- back to a copy ---- */

static void on_restored (GObject *source, GAsyncResult *result, gpointer data);

static void
restore (Trouble *self, const char *copy, const char *passphrase)
{
  porch_trouble_window_show_work (self->window, _ ("Looking at the copy, then going back to it"));
  start (self, g_strdup (copy), g_strdup (passphrase), restore_in_thread, on_restored);
}

static void
on_passphrase (const char *passphrase, gpointer data)
{
  Trouble *self = data;

  restore (self, self->copy, passphrase);
}

/* Over the window as it was before: whoever cancels is there again. */
static void
ask (Trouble *self, const char *copy, gboolean is_wrong)
{
  g_clear_pointer (&self->copy, g_free);
  self->copy = g_strdup (copy);
  if (self->question == NULL)
    self->question =
      porch_passphrase_dialog_new_asking (GTK_WINDOW (self->window), on_passphrase, self);
  porch_passphrase_dialog_ask (self->question, is_wrong);
}

static void
on_restored (GObject *source, GAsyncResult *result, gpointer data)
{
  Trouble *self = data;
  const Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  const gboolean is_restored = g_task_propagate_boolean (G_TASK (result), &error);

  if (is_over (self))
    return;
  if (is_restored) {
    on_again (self);
  } else if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_PASSPHRASE)) {
    porch_trouble_window_show (self->window, &self->words);
    ask (self, work->copy, work->is_typed);
  } else {
    show_failure (
      self, _ ("That file is no copy that Porchlight can go back to. Nothing was changed."), error);
  }
}

static void
on_restore (Trouble *self, GFile *copy)
{
  g_autofree char *path = g_file_get_path (copy);
  g_autofree char *name = g_file_get_parse_name (copy);
  g_autoptr (GError) error = NULL;

  if (path != NULL) {
    restore (self, path, NULL);
    return;
  }
  g_set_error (&error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s is not on this computer", name);
  show_failure (self, _ ("Copy it to a disk of this computer first. Nothing was changed."), error);
}

/* ---- life ---- */

static void
on_activate (GApplication *app, gpointer data)
{
  Trouble *self = data;

  if (self->window == NULL) {
    g_set_weak_pointer (&self->window, porch_trouble_window_new (GTK_APPLICATION (app)));
    g_signal_connect_swapped (self->window, "again", G_CALLBACK (on_again), self);
    g_signal_connect_swapped (self->window, "salvage", G_CALLBACK (on_salvage), self);
    g_signal_connect_swapped (self->window, "restore", G_CALLBACK (on_restore), self);
    g_signal_connect_swapped (self->window, "end", G_CALLBACK (on_end), self);
    porch_trouble_window_show (self->window, &self->words);
  }
  gtk_window_present (GTK_WINDOW (self->window));
}

gboolean
porch_trouble_run (const char *folder, const GError *error, GApplicationFlags flags)
{
  const char *const no_arguments[] = { "porchlight", NULL };
  Trouble self = { .folder = folder };

  if (!gtk_init_check ())
    return FALSE;
  self.ending = g_cancellable_new ();
  porch_trouble_describe (folder, error, &self.words);
  self.app =
    G_APPLICATION (g_object_new (ADW_TYPE_APPLICATION, "application-id", PORCH_APPLICATION_ID,
                                 "flags", flags, "resource-base-path", PORCH_RESOURCE_PATH, NULL));
  g_signal_connect (self.app, "activate", G_CALLBACK (on_activate), &self);
  g_application_run (self.app, 1, (char **) no_arguments);
  if (self.window != NULL)
    gtk_window_destroy (GTK_WINDOW (self.window));
  g_clear_weak_pointer (&self.window);
  g_clear_object (&self.app);
  g_clear_object (&self.ending);
  g_clear_pointer (&self.copy, g_free);
  return self.is_again;
}
