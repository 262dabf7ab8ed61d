/* porch-spot.c - whether the file that is written is still the one that has its name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-spot.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Writing is none of these, so that a busy server wakes nobody. */
#define CHANGES \
  (IN_ATTRIB | IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF)

static ino_t
get_inode (const char *path, dev_t *device)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return 0;
  *device = info.st_dev;
  return info.st_ino;
}

void
porch_spot_init (PorchSpot *self, const char *path)
{
  self->path = g_strdup (path);
  self->log = g_strconcat (path, "-wal", NULL);
  self->log_inode = get_inode (self->log, &self->device);
  self->inode = get_inode (path, &self->device);
}

void
porch_spot_clear (PorchSpot *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->log, g_free);
}

gboolean
porch_spot_check (const PorchSpot *self)
{
  dev_t device = 0;

  return get_inode (self->path, &device) == self->inode && device == self->device &&
         (self->log_inode == 0 || get_inode (self->log, &device) == self->log_inode);
}

typedef struct {
  GSourceFunc func;
  gpointer data;
  int fd;
} Watch;

/* The descriptor goes with the source. */
static void
watch_free (gpointer data)
{
  Watch *watch = data;

  close (watch->fd);
  g_free (watch);
}

static gboolean
on_changes (int fd, GIOCondition condition, gpointer data)
{
  const Watch *watch = data;
  char events[4096];

  /* What happened does not matter: whoever is told looks for itself. */
  while (read (fd, events, sizeof events) > 0)
    continue;
  return watch->func (watch->data);
}

GSource *
porch_spot_watch (const char *folder, GSourceFunc func, gpointer data)
{
  const int fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  GSource *source;
  Watch *watch;

  if (fd < 0)
    return NULL;
  if (inotify_add_watch (fd, folder, CHANGES) < 0) {
    close (fd);
    return NULL;
  }
  source = g_unix_fd_source_new (fd, G_IO_IN);
  watch = g_new (Watch, 1);
  *watch = (Watch){ func, data, fd };
  g_source_set_static_name (source, "porch-store folder");
  g_source_set_callback (source, G_SOURCE_FUNC (on_changes), watch, watch_free);
  g_source_attach (source, context);
  return source;
}
