/* porch-repair.c - looking for damage, and saving what can be read, from a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-commands.h"

#include "porch-paths.h"
#include "porch-salvage.h"
#include "porch-store.h"
#include "porch-writer.h"

#include <stdio.h>
#include <unistd.h>

/* For whoever watches: one line that grows. */
static gboolean
on_progress (const char *table, gint64 n_rows, gpointer data)
{
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r%-20s %" G_GINT64_FORMAT "   ", table, n_rows);
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

static int
repair (const char *folder)
{
  g_auto (PorchSalvage) salvage = { 0 };
  g_autoptr (GError) error = NULL;
  const gboolean is_saved = porch_store_salvage (folder, on_progress, NULL, &salvage, &error);

  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\n");
  if (!is_saved)
    return porch_command_fail (error);
  print_salvage (&salvage);
  return 0;
}

int
porch_command_check (int argc, char **argv)
{
  g_autofree char *data = NULL, *folder = NULL;
  gboolean is_repair = FALSE;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder to keep everything in", "DIR" },
    { "repair", 0, 0, G_OPTION_ARG_NONE, &is_repair,
      "Move a damaged file aside and save what can be read of it", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- look for damage");
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return porch_command_fail (error);
  folder = porch_paths_dup_folder (data);
  problems = porch_store_check (folder, &error);
  if (problems == NULL)
    return porch_command_fail (error);
  for (guint i = 0; i < problems->len; i++)
    fprintf (stderr, "porchlight: %s\n", (char *) problems->pdata[i]);
  if (problems->len > 0 && is_repair)
    return repair (folder);
  printf ("{\"ok\":%s}\n", problems->len == 0 ? "true" : "false");
  return problems->len == 0 ? 0 : 1;
}
