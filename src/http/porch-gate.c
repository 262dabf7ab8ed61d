/* porch-gate.c - who may come in, and with what request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* struct ucred */
#include "config.h"

#include "porch-gate.h"

#include "porch-intake.h"
#include "porch-stall.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_MAX 16 /* in one dispatch */
/* Above the limit, so many more are told so; what comes then is closed without a word. */
#define TURNED_AWAY_MAX 64

typedef struct {
  PorchGate *gate;
  GSocket *socket;
  GSource *source;
  guint16 port;
} Watch;

struct _PorchGate {
  PorchDoor *door;
  GMainContext *context;
  void (*pass) (PorchStream *stream, gpointer data);
  gpointer data;
  GPtrArray *watches;
  GHashTable *waiting; /* PorchStream -> its GSource: not admitted yet, or refused */
  guint n_turned_away;
  PorchTimer pause;
};

/* Ends the gate's part with a stream, one way or the other. */
static void
forget (PorchGate *self, PorchStream *stream)
{
  if (stream->peer == NULL)
    self->n_turned_away--;
  g_hash_table_remove (self->waiting, stream);
}

static void
end_stream (PorchGate *self, PorchStream *stream)
{
  g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  forget (self, stream);
}

static gboolean
serve (PorchGate *self, PorchStream *stream)
{
  switch (porch_intake_read (stream)) {
  case PORCH_INTAKE_ADMITTED:
    /* First forgotten: the handler may run at once, and may even stop the server. */
    forget (self, stream);
    self->pass (stream, self->data);
    return G_SOURCE_REMOVE;
  case PORCH_INTAKE_OVER:
    end_stream (self, stream);
    return G_SOURCE_REMOVE;
  case PORCH_INTAKE_WAIT:
    break;
  }
  return G_SOURCE_CONTINUE;
}

typedef struct {
  PorchGate *gate;
  PorchStream *stream; /* the source's own reference */
} Wait;

static void
free_wait (gpointer data)
{
  g_object_unref (((Wait *) data)->stream);
  g_free (data);
}

static gboolean
on_readable (GObject *input, gpointer data)
{
  Wait *wait = data;
  gint64 begin = porch_stall_begin ();
  gboolean goes_on = serve (wait->gate, wait->stream);

  porch_stall_end (begin, "a request's head");
  return goes_on;
}

static void
free_source (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

/* The deadline of a stream that is still ours, or of libsoup's, which knows none. */
static void
on_deadline (PorchTimer *timer)
{
  PorchStream *stream =
    (PorchStream *) (gpointer) ((guint8 *) timer - G_STRUCT_OFFSET (PorchStream, timer));
  PorchGate *self = stream->door->gate;

  if (stream->phase == PORCH_STREAM_HEAD || stream->phase == PORCH_STREAM_LINGER) {
    end_stream (self, stream);
    /* First, since the answer that comes now sets its own deadline. */
  } else if (stream->phase == PORCH_STREAM_REPLY && stream->expire != NULL) {
    porch_timer_set (timer, stream->door->wheel, PORCH_CLOSE_TICKS);
    stream->expire (stream->expire_data);
  } else {
    /* libsoup sees the end of the line and tidies up by itself. */
    g_socket_shutdown (g_socket_connection_get_socket (stream->wire), TRUE, TRUE, NULL);
  }
}

static void
begin_stream (PorchGate *self, PorchStream *stream)
{
  GInputStream *in = g_io_stream_get_input_stream (stream->base);
  GSource *source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (in), NULL);
  Wait *wait = g_new (Wait, 1);

  *wait = (Wait){ self, g_object_ref (stream) };
  stream->timer.fire = on_deadline;
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), wait, free_wait);
  g_source_attach (source, self->context);
  g_hash_table_insert (self->waiting, g_object_ref (stream), source);
}

/* Our own user and nobody else, whatever the file's mode says. GLib calls credentials without a
 * process invalid, and the kernel names none of another PID namespace: two commands of one Flatpak
 * are so to each other. Only the user counts. */
static gboolean
is_own_user (GSocket *socket)
{
#ifdef __linux__
  struct ucred who;
  socklen_t size = sizeof who;

  return getsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
         size == sizeof who && who.uid == geteuid ();
#else
  g_autoptr (GCredentials) who = g_socket_get_credentials (socket, NULL);

  return who != NULL && g_credentials_get_unix_user (who, NULL) == geteuid ();
#endif
}

/* Who is it? FALSE when nobody that may come in. */
static gboolean
identify (GSocket *socket, GInetAddress **address)
{
  g_autoptr (GSocketAddress) remote = NULL;

  if (g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX) {
    remote = g_socket_get_remote_address (socket, NULL);
    if (!G_IS_INET_SOCKET_ADDRESS (remote))
      return FALSE;
    *address = g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
    /* Answers and frames are whole when they are written. */
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
    return TRUE;
  }
  return is_own_user (socket);
}

static void
take_in (PorchGate *self, GSocket *socket, guint16 port)
{
  g_autoptr (GSocketConnection) wire = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (PorchStream) stream = NULL;
  PorchPeer *peer = NULL;

  g_socket_set_blocking (socket, FALSE);
  if (!identify (socket, &address))
    return;
  peer = porch_peers_admit (self->door->peers, address);
  if (peer == NULL && self->n_turned_away >= TURNED_AWAY_MAX)
    return;

  wire = g_socket_connection_factory_create_connection (socket);
  stream = porch_stream_new (self->door, peer, wire, port);
  begin_stream (self, stream);
  if (peer != NULL) {
    porch_stream_enter (stream, PORCH_STREAM_HEAD, self->door->limits.head_ticks);
  } else {
    self->n_turned_away++;
    porch_intake_refuse (stream, 503, self->door->limits.tick_ms);
  }
}

static void watch (Watch *self);

/* Out of descriptors, a listener would be ready for ever and accept nothing: it gets a tick of
 * rest. */
static void
on_pause_over (PorchTimer *timer)
{
  PorchGate *self =
    (PorchGate *) (gpointer) ((guint8 *) timer - G_STRUCT_OFFSET (struct _PorchGate, pause));

  for (guint i = 0; i < self->watches->len; i++) {
    Watch *paused = g_ptr_array_index (self->watches, i);

    if (paused->source == NULL)
      watch (paused);
  }
}

static gboolean
is_momentary (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static gboolean
on_incoming (GSocket *listener, GIOCondition condition, gpointer data)
{
  Watch *watched = data;
  PorchGate *self = watched->gate;
  gint64 begin = porch_stall_begin ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < ACCEPTS_MAX && error == NULL; i++) {
    g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

    if (socket != NULL)
      take_in (self, socket, watched->port);
  }
  porch_stall_end (begin, "incoming connections");
  if (error == NULL || is_momentary (error))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&watched->source, g_source_unref);
  porch_timer_set (&self->pause, self->door->wheel, 1);
  return G_SOURCE_REMOVE;
}

static void
watch (Watch *self)
{
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_incoming), self, NULL);
  g_source_attach (self->source, self->gate->context);
}

static void
free_watch (gpointer data)
{
  Watch *self = data;

  if (self->source != NULL)
    free_source (self->source);
  g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_free (self);
}

PorchGate *
porch_gate_new (PorchDoor *door, void (*pass) (PorchStream *stream, gpointer data), gpointer data)
{
  PorchGate *self = g_new0 (PorchGate, 1);

  self->door = door;
  self->context = g_main_context_ref_thread_default ();
  self->pass = pass;
  self->data = data;
  self->watches = g_ptr_array_new_with_free_func (free_watch);
  self->waiting = g_hash_table_new_full (NULL, NULL, g_object_unref, free_source);
  self->pause.fire = on_pause_over;
  door->gate = self;
  return self;
}

void
porch_gate_watch (PorchGate *self, GSocket *socket, guint16 port)
{
  Watch *watched = g_new0 (Watch, 1);

  watched->gate = self;
  watched->socket = g_object_ref (socket);
  watched->port = port;
  g_ptr_array_add (self->watches, watched);
  watch (watched);
}

void
porch_gate_shut (PorchGate *self)
{
  GHashTableIter iter;
  gpointer stream = NULL;

  porch_timer_clear (&self->pause);
  g_ptr_array_set_size (self->watches, 0);
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, &stream, NULL)) {
    g_io_stream_close (stream, NULL, NULL);
    g_hash_table_iter_remove (&iter);
  }
  self->n_turned_away = 0;
}

void
porch_gate_free (PorchGate *self)
{
  porch_gate_shut (self);
  g_ptr_array_unref (self->watches);
  g_hash_table_unref (self->waiting);
  g_main_context_unref (self->context);
  g_free (self);
}
