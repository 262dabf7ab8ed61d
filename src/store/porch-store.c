/* porch-store.c - the server's file: one writer with group commit, two readers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-store.h"

#include "porch-error.h"
#include "porch-folder.h"
#include "porch-schema.h"
#include "porch-spot.h"
#include "porch-store-reader.h"
#include "porch-store-writer.h"

#include <glib/gstdio.h>

struct _PorchStore {
  GObject parent_instance;

  PorchFolder *folder;
  PorchOutlet *outlet;
  PorchStoreWriter *writer;
  PorchStoreReader *reader;
  char *epoch;
  GSource *watch;
  gint health; /* atomic */
  gboolean is_closed;
};

G_DEFINE_FINAL_TYPE (PorchStore, porch_store, G_TYPE_OBJECT)

static void
porch_store_dispose (GObject *object)
{
  porch_store_close (PORCH_STORE (object));

  G_OBJECT_CLASS (porch_store_parent_class)->dispose (object);
}

static void
porch_store_finalize (GObject *object)
{
  PorchStore *self = PORCH_STORE (object);

  /* First what may still hold refused work, then what refuses it. */
  g_clear_pointer (&self->outlet, porch_outlet_free);
  g_clear_pointer (&self->reader, porch_store_reader_free);
  g_clear_pointer (&self->writer, porch_store_writer_free);
  g_clear_pointer (&self->folder, porch_folder_release);
  g_clear_pointer (&self->epoch, g_free);

  G_OBJECT_CLASS (porch_store_parent_class)->finalize (object);
}

static void
porch_store_class_init (PorchStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_store_dispose;
  object_class->finalize = porch_store_finalize;
}

static void
porch_store_init (PorchStore *self)
{
}

static gboolean
load_seq (PorchConnection *connection, gint64 *seq, GError **error)
{
  PorchTx tx;
  gboolean is_loaded;

  porch_tx_init (&tx, connection);
  is_loaded = porch_tx_load_seq (&tx, error);
  *seq = tx.seq;
  porch_tx_clear (&tx);
  return is_loaded;
}

static gboolean
on_folder_changed (gpointer data)
{
  porch_store_look (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
start (PorchStore *self, PorchConnection **connection, GError **error)
{
  const char *path = porch_folder_get_file (self->folder);
  g_autofree char *folder = NULL;
  gint64 seq = 0;

  self->epoch = porch_schema_dup_epoch (*connection, error);
  if (self->epoch == NULL || !load_seq (*connection, &seq, error))
    return FALSE;
  self->outlet = porch_outlet_new (seq, &self->health);
  self->reader = porch_store_reader_new (path, self->outlet, &self->health, error);
  if (self->reader == NULL)
    return FALSE;
  self->writer =
    porch_store_writer_new (g_steal_pointer (connection), path, self->outlet, seq, &self->health);
  folder = g_path_get_dirname (path);
  self->watch = porch_spot_watch (folder, on_folder_changed, self);
  return TRUE;
}

/* Who comes to an end leaves none, so one without the mark may be another file's. */
static gboolean
has_log (const char *file)
{
  g_autofree char *log = g_strconcat (file, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

PorchStore *
porch_store_open (const char *folder, GError **error)
{
  g_autoptr (PorchStore) self = g_object_new (PORCH_TYPE_STORE, NULL);
  g_autoptr (PorchConnection) connection = NULL;
  gboolean was_unclean = FALSE, had_log;

  self->folder = porch_folder_take (folder, error);
  if (self->folder == NULL)
    return NULL;
  had_log = has_log (porch_folder_get_file (self->folder));
  connection = porch_schema_open (porch_folder_get_file (self->folder), error);
  if (connection == NULL || !porch_folder_begin (self->folder, &was_unclean, error))
    return NULL;
  /* The mark stays when this says no: the next start looks again. */
  if ((was_unclean || had_log) && !porch_schema_verify (connection, was_unclean, error)) {
    porch_connection_keep_log (connection);
    return NULL;
  }
  if (!start (self, &connection, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
porch_store_close (PorchStore *self)
{
  if (self->is_closed || self->writer == NULL)
    return;
  self->is_closed = TRUE;
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  porch_store_writer_stop (self->writer);
  porch_store_reader_stop (self->reader);
  porch_store_writer_close (self->writer);
  if (porch_store_get_health (self) < PORCH_HEALTH_GONE)
    porch_folder_end (self->folder);
  porch_outlet_drain (self->outlet);
  g_clear_pointer (&self->folder, porch_folder_release);
}

gboolean
porch_store_read_now (PorchStore *self,
                      gboolean (*run) (PorchTx *tx, gconstpointer in, gpointer out, GError **error),
                      gconstpointer in,
                      gpointer out,
                      GError **error)
{
  g_autoptr (PorchConnection) connection =
    porch_connection_open (porch_folder_get_file (self->folder), PORCH_CONNECTION_READER, error);
  PorchTx tx;
  gboolean is_read;

  if (connection == NULL)
    return FALSE;
  porch_tx_init (&tx, connection);
  is_read = run (&tx, in, out, error);
  porch_tx_clear (&tx);
  return is_read;
}

void
porch_store_submit (PorchStore *self, PorchJob *job)
{
  porch_store_writer_submit (self->writer, job);
}

void
porch_store_query (PorchStore *self, PorchQuery *query)
{
  porch_store_reader_submit (self->reader, query);
}

void
porch_store_set_publisher (PorchStore *self, PorchStorePublisher publisher, gpointer data)
{
  porch_outlet_set_publisher (self->outlet, publisher, data);
}

const char *
porch_store_get_epoch (PorchStore *self)
{
  return self->epoch;
}

gint64
porch_store_get_seq (PorchStore *self)
{
  return porch_outlet_get_seq (self->outlet);
}

PorchHealth
porch_store_get_health (PorchStore *self)
{
  return g_atomic_int_get (&self->health);
}

void
porch_store_look (PorchStore *self)
{
  porch_store_writer_look (self->writer);
}

void
porch_store_on_health (PorchStore *self, PorchHealthChanged func, gpointer data)
{
  porch_outlet_on_health (self->outlet, func, data);
}
