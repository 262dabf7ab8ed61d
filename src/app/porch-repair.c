/* porch-repair.c - looking for damage, and saving what can be read, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-error.h"
#include "porch-salvage.h"
#include "porch-store.h"
#include "porch-terminal.h"
#include "porch-writer.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* Translators' tools do not see through GLib's macros for 64 bits, and no file holds so many rows.
 */
static guint
count (gint64 n_rows)
{
  return (guint) CLAMP (n_rows, 0, G_MAXUINT);
}

static gboolean
on_progress (const char *table, gint64 n_rows, gpointer data)
{
  porch_terminal_show_progress (ngettext ("Reading what can be read: %u entry so far",
                                          "Reading what can be read: %u entries so far",
                                          count (n_rows)),
                                count (n_rows));
  return TRUE;
}

static void
print_salvage (const PorchSalvage *salvage)
{
  g_autofree char *aside = g_utf8_make_valid (salvage->aside, -1);
  g_autoptr (GString) text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);

  porch_writer_begin (&writer, NULL);
  porch_writer_boolean (&writer, "repaired", TRUE);
  porch_writer_string (&writer, "aside", aside);
  porch_writer_int (&writer, "lost", porch_salvage_count_lost (salvage));
  porch_writer_int (&writer, "rebuilt", salvage->n_rebuilt);
  porch_writer_boolean (&writer, "log_left_out", salvage->is_log_apart);
  porch_writer_begin_array (&writer, "tables");
  for (guint i = 0; i < salvage->tables->len; i++) {
    const PorchSalvagedTable *table = salvage->tables->pdata[i];

    porch_writer_begin (&writer, NULL);
    porch_writer_string (&writer, "name", table->name);
    porch_writer_int (&writer, "kept", table->n_kept);
    porch_writer_int (&writer, "lost", table->n_lost);
    porch_writer_boolean (&writer, "torn", table->is_torn);
    porch_writer_end (&writer);
  }
  porch_writer_end_array (&writer);
  porch_writer_end (&writer);
  printf ("%s\n", text->str);
}

static void
tell_salvage (const PorchSalvage *salvage)
{
  g_autofree char *aside = g_filename_display_name (salvage->aside);
  const guint n_lost = count (porch_salvage_count_lost (salvage));

  if (n_lost == 0)
    porch_terminal_tell ("%s", _ ("What could be read was saved."));
  else
    /* Translators: rows of a damaged file */
    porch_terminal_tell (ngettext ("What could be read was saved, and %u entry is lost.",
                                   "What could be read was saved, and %u entries are lost.",
                                   n_lost),
                         n_lost);
  /* Translators: the name of a file */
  porch_terminal_tell (_ ("The damaged file is kept as %s."), aside);
}

static int
repair (const char *folder)
{
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GError) error = NULL;
  const gboolean is_saved = porch_store_salvage (folder, on_progress, NULL, &salvage, &error);

  porch_terminal_end_progress ();
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_DAMAGED))
    return porch_terminal_explain (error, "%s", _ ("Nothing of the file can be read."));
  if (!is_saved)
    return porch_terminal_fail (error);
  print_salvage (&salvage);
  tell_salvage (&salvage);
  return 0;
}

static void
say_problems (const GPtrArray *problems)
{
  porch_terminal_refuse ("%s", _ ("The file is damaged."));
  for (guint i = 0; i < problems->len; i++)
    porch_terminal_say ("  %s", (char *) problems->pdata[i]);
}

int
porch_command_check (GOptionContext *context, int argc, char **argv)
{
  g_autofree char *folder = NULL;
  gboolean is_repair = FALSE;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "repair", 0, 0, G_OPTION_ARG_NONE, &is_repair,
      N_("Move a damaged file aside and save what can be read of it"), NULL },
    G_OPTION_ENTRY_NULL
  };
  /* clang-format on */
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;

  if (!porch_terminal_parse (context, entries, &folder, &argc, &argv))
    return 1;
  problems = porch_store_check (folder, &error);
  if (problems == NULL)
    return porch_terminal_fail (error);
  if (problems->len > 0)
    say_problems (problems);
  if (problems->len > 0 && is_repair)
    return repair (folder);
  printf ("{\"ok\":%s}\n", problems->len == 0 ? "true" : "false");
  if (problems->len == 0)
    porch_terminal_tell ("%s", _ ("The file is whole."));
  else
    /* Translators: the commands stay as they are */
    porch_terminal_tell ("%s", _ ("porchlight check --repair saves what can be read of it; "
                                  "porchlight restore FILE goes back to a copy."));
  return problems->len == 0 ? 0 : 1;
}
