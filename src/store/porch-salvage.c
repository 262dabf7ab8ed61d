/* porch-salvage.c - what can be read of a damaged file, in a new one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-salvage-private.h"

#include "porch-error.h"
#include "porch-folder.h"
#include "porch-schema.h"

#include <string.h>

void
porch_salvage_clear (PorchSalvage *self)
{
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_pointer (&self->aside, g_free);
}

const PorchSalvagedTable *
porch_salvage_find (const PorchSalvage *self, const char *name)
{
  for (guint i = 0; i < self->tables->len; i++) {
    const PorchSalvagedTable *table = self->tables->pdata[i];

    if (strcmp (table->name, name) == 0)
      return table;
  }
  return NULL;
}

gint64
porch_salvage_count_lost (const PorchSalvage *self)
{
  gint64 n = 0;

  for (guint i = 0; i < self->tables->len; i++)
    n += ((PorchSalvagedTable *) self->tables->pdata[i])->n_lost;
  return n;
}

/* The ways to read it, the likely ones first: a log may be another file's, a first page may be
 * gone. */
static const PorchSalvageReading readings[] = {
  { TRUE, PORCH_GRAFT_NONE },     { FALSE, PORCH_GRAFT_NONE }, { TRUE, PORCH_GRAFT_NEW },
  { TRUE, PORCH_GRAFT_VACUUMED }, { FALSE, PORCH_GRAFT_NEW },  { FALSE, PORCH_GRAFT_VACUUMED },
};

/* Leaves @source open in the best of them. */
static const PorchSalvageReading *
choose (PorchSalvageSource *source, GError **error)
{
  g_autofree char *log = g_strconcat (source->file, "-wal", NULL);
  const gboolean has_log = g_file_test (log, G_FILE_TEST_EXISTS);
  const PorchSalvageReading *best = NULL;
  gint64 most = 0;

  for (guint i = 0; i < G_N_ELEMENTS (readings) && most < G_MAXINT64; i++) {
    g_autoptr (GError) failure = NULL;
    gint64 n;

    /* Another first page is a guess: only where there is none. */
    if ((readings[i].has_log && !has_log && i > 0) ||
        (readings[i].graft != PORCH_GRAFT_NONE && best != NULL && best->graft == PORCH_GRAFT_NONE))
      continue;
    n = porch_salvage_source_try (source, &readings[i], &failure);
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
    if (n > most) {
      most = n;
      best = &readings[i];
    }
  }
  if (best == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "nothing of %s can be read",
                 source->file);
  else if (most < G_MAXINT64 && porch_salvage_source_try (source, best, error) < 0)
    return NULL;
  return best;
}

/* A file of a newer program may be whole. */
static gboolean
check_age (const char *file, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (porch_migration_inspect (porch_schema_get_migration (), file, &failure) ||
      g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_DAMAGED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
check_result (PorchConnection *connection, GError **error)
{
  gint64 n = 0;

  if (!porch_schema_verify (connection, FALSE, error) ||
      !porch_connection_get_number (connection, "SELECT count (*) FROM pragma_foreign_key_check",
                                    &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_INTERNAL, "%" G_GINT64_FORMAT " rows do not fit", n);
  return FALSE;
}

static gboolean
make_new (PorchSalvageSource *source,
          const char *name,
          PorchSalvageProgress progress,
          gpointer data,
          PorchSalvage *salvage,
          GError **error)
{
  const PorchSalvageReading *reading = choose (source, error);
  g_autofree char *log = g_strconcat (source->file, "-wal", NULL);
  g_autoptr (PorchConnection) to = NULL;

  if (reading == NULL || !porch_schema_fill_new (name, error))
    return FALSE;
  salvage->is_log_apart = !reading->has_log && g_file_test (log, G_FILE_TEST_EXISTS);
  to = porch_connection_open (name, PORCH_CONNECTION_WRITER, error);
  return to != NULL && porch_salvage_fill (source->db, to, progress, data, salvage, error) &&
         check_result (to, error);
}

gboolean
porch_store_salvage (const char *folder,
                     PorchSalvageProgress progress,
                     gpointer data,
                     PorchSalvage *salvage,
                     GError **error)
{
  g_autoptr (PorchFolder) taken = porch_folder_take (folder, error);
  g_autofree char *copy = NULL, *name = NULL;
  PorchSalvageSource source = { 0 };
  gboolean is_made;

  *salvage = (PorchSalvage){ 0 };
  if (taken == NULL)
    return FALSE;
  source.file = (char *) porch_folder_get_file (taken);
  source.copy = copy = g_strconcat (source.file, ".salvage", NULL);
  name = g_strconcat (source.file, ".new", NULL);
  is_made = check_age (source.file, error) &&
            make_new (&source, name, progress, data, salvage, error) &&
            porch_file_sync (name, error);
  porch_salvage_source_close (&source);
  /* One after the other, and nothing between them that takes time. */
  if (is_made && porch_file_set_aside (source.file, "damaged", &salvage->aside, error) &&
      porch_file_move (name, source.file, error)) {
    porch_folder_end (taken);
    return TRUE;
  }
  porch_file_remove (name, NULL);
  return FALSE;
}
