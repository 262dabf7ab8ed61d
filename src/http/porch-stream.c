/* porch-stream.c - what libsoup sees of a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stream.h"

#include <fcntl.h>
#include <string.h>

#define PORCH_TYPE_INPUT (porch_input_get_type ())
G_DECLARE_FINAL_TYPE (PorchInput, porch_input, PORCH, INPUT, GInputStream)

struct _PorchInput {
  GInputStream parent_instance;
  PorchStream *stream; /* NULL when it is gone */
};

static void pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE (PorchStream, porch_stream, G_TYPE_IO_STREAM)
G_DEFINE_FINAL_TYPE_WITH_CODE (PorchInput,
                               porch_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_init))

static GPollableInputStream *
get_base_input (PorchStream *self)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->base));
}

void
porch_stream_enter (PorchStream *self, PorchStreamPhase phase, guint ticks)
{
  self->phase = phase;
  porch_timer_set (&self->timer, self->door->wheel, ticks);
}

gssize
porch_stream_fill (PorchStream *self, gboolean is_wanted)
{
  guint8 chunk[4096];
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (get_base_input (self), chunk, sizeof chunk,
                                                       NULL, &error);

  if (n < 0)
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? -1 : 0;
  if (n > 0 && is_wanted)
    g_byte_array_append (self->bytes, chunk, n);
  return n;
}

static gboolean
is_over (PorchStream *self)
{
  return self == NULL || self->base == NULL || self->allow == 0;
}

static gssize
read_nonblocking (GPollableInputStream *pollable, void *buffer, gsize count, GError **error)
{
  PorchStream *self = PORCH_INPUT (pollable)->stream;
  gssize n = 0;

  if (is_over (self))
    return 0;
  count = MIN (count, self->allow);
  if (self->bytes->len > 0) {
    n = MIN (count, self->bytes->len);
    memcpy (buffer, self->bytes->data, n);
    g_byte_array_remove_range (self->bytes, 0, n);
  } else {
    n =
      g_pollable_input_stream_read_nonblocking (get_base_input (self), buffer, count, NULL, error);
  }
  if (n > 0)
    self->allow -= n;
  if (n > 0 && self->allow == 0 && self->door != NULL)
    porch_stream_enter (self, PORCH_STREAM_REPLY, self->door->limits.reply_ticks);
  return n;
}

/* Must agree with read_nonblocking (): a source that fires when a read would block spins the loop,
 * one that waits for the descriptor while bytes are here hangs. */
static gboolean
is_ready (PorchStream *self)
{
  return is_over (self) || self->bytes->len > 0;
}

static gboolean
is_readable (GPollableInputStream *pollable)
{
  PorchStream *self = PORCH_INPUT (pollable)->stream;

  return is_ready (self) || g_pollable_input_stream_is_readable (get_base_input (self));
}

static GSource *
create_source (GPollableInputStream *pollable, GCancellable *cancellable)
{
  PorchStream *self = PORCH_INPUT (pollable)->stream;
  g_autoptr (GSource) child =
    is_ready (self) ? NULL : g_pollable_input_stream_create_source (get_base_input (self), NULL);
  GSource *source = g_pollable_source_new_full (pollable, child, cancellable);

  if (child == NULL)
    g_source_set_ready_time (source, 0);
  return source;
}

/* Only for completeness: libsoup's server uses the pollable form. */
static gssize
read_fn (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static void
porch_input_class_init (PorchInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = read_fn;
}

static void
porch_input_init (PorchInput *self)
{
}

static void
pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

/* The end of the request's stay, whoever ends it: its deadline and its place are given back. */
static void
leave (PorchStream *self)
{
  porch_timer_clear (&self->timer);
  if (self->door != NULL && self->peer != NULL)
    porch_peers_leave (self->door->peers, self->peer, PORCH_PLACE_REQUEST);
  self->door = NULL;
}

static gboolean
close_fn (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  PorchStream *self = PORCH_STREAM (stream);

  leave (self);
  if (self->base != NULL)
    g_io_stream_close (self->base, NULL, NULL);
  return TRUE;
}

int
porch_stream_release (PorchStream *self)
{
  int fd = -1;

  /* A GSocket cannot give its descriptor away, so it is doubled. Closing the first does not shut
   * the connection down, and frees the objects around it, which an idle socket has no use for. */
  if (self->base != NULL)
    fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (self->wire)), F_DUPFD_CLOEXEC, 3);
  leave (self);
  g_io_stream_close (G_IO_STREAM (self->wire), NULL, NULL);
  g_clear_object (&self->base);
  return fd;
}

static void
porch_stream_finalize (GObject *object)
{
  PorchStream *self = PORCH_STREAM (object);

  PORCH_INPUT (self->input)->stream = NULL;
  g_object_set_data (G_OBJECT (self->remote), "porch-stream", NULL);
  g_clear_object (&self->input);
  g_clear_object (&self->remote);
  g_clear_object (&self->base);
  g_clear_object (&self->wire);
  g_clear_pointer (&self->peer, porch_peer_unref);
  g_byte_array_unref (self->bytes);
  g_clear_pointer (&self->request.path, g_free);
  g_clear_pointer (&self->request.query, g_free);
  porch_match_clear (&self->request.match);
  G_OBJECT_CLASS (porch_stream_parent_class)->finalize (object);
}

static GInputStream *
get_input_stream (GIOStream *stream)
{
  return PORCH_STREAM (stream)->input;
}

static GOutputStream *
get_output_stream (GIOStream *stream)
{
  /* The wire stays readable for its streams even when it is closed; writing then is an error. */
  return g_io_stream_get_output_stream (PORCH_STREAM (stream)->base != NULL
                                          ? PORCH_STREAM (stream)->base
                                          : G_IO_STREAM (PORCH_STREAM (stream)->wire));
}

static void
porch_stream_class_init (PorchStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = close_fn;
}

static void
porch_stream_init (PorchStream *self)
{
  self->bytes = g_byte_array_new ();
  self->input = g_object_new (PORCH_TYPE_INPUT, NULL);
  PORCH_INPUT (self->input)->stream = self;
}

PorchStream *
porch_stream_new (PorchDoor *door, PorchPeer *peer, GSocketConnection *wire, guint16 port)
{
  PorchStream *self = g_object_new (PORCH_TYPE_STREAM, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  self->door = door;
  self->peer = peer;
  self->wire = g_object_ref (wire);
  self->base = G_IO_STREAM (g_object_ref (wire));
  self->port = port;
  /* libsoup casts addresses to GInetSocketAddress in places. Who the peer is, the gate knows; so
   * libsoup gets a stand-in, which is also the only thing of ours that it hands back with a
   * message. */
  self->remote = g_inet_socket_address_new (loopback, 0);
  g_object_set_data (G_OBJECT (self->remote), "porch-stream", self);
  return self;
}

PorchStream *
porch_stream_from_address (GSocketAddress *remote)
{
  return remote != NULL ? g_object_get_data (G_OBJECT (remote), "porch-stream") : NULL;
}
