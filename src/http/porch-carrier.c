/* porch-carrier.c - all WebSockets of a server behind one source
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-carrier.h"

#include "porch-socket-private.h"
#include "porch-stall.h"

#include <sys/epoll.h>
#include <unistd.h>
#include <wslay/wslay.h>

#define EVENTS_MAX 128
#define BURY_MAX   256
/* Then it is the turn of the others on the loop; what is not done yet comes with the next event. */
#define TURN_US        1500
#define CLOSE_STOPPING 1001

typedef struct {
  GSource source;
  PorchCarrier *carrier;
} Source;

static void
free_socket (PorchSocket *socket)
{
  porch_peer_unref (socket->peer);
  g_free (socket);
}

/* The closed functions run here and nowhere else: never in the middle of what a caller does with a
 * list of sockets, and never while an event may still name the socket. */
static void
bury (PorchCarrier *self, guint n_max)
{
  for (guint n = 0; self->dead->len > 0 && n < n_max; n++) {
    PorchSocket *socket = g_ptr_array_steal_index_fast (self->dead, self->dead->len - 1);

    if (socket->closed != NULL)
      socket->closed (socket, socket->close_code, socket->data);
    free_socket (socket);
  }
  if (self->dead->len > 0)
    g_source_set_ready_time (self->source, 0);
}

void
porch_carrier_forget (PorchCarrier *self, PorchSocket *socket)
{
  PorchSocket *last = g_ptr_array_index (self->sockets, self->sockets->len - 1);

  /* The last one takes its place. */
  last->index = socket->index;
  g_ptr_array_remove_index_fast (self->sockets, socket->index);
  if (socket->is_dirty)
    g_ptr_array_remove_fast (self->dirty, socket);
  g_ptr_array_add (self->dead, socket);
  if (!self->is_busy)
    g_source_set_ready_time (self->source, 0);
}

void
porch_carrier_flush_soon (PorchCarrier *self, PorchSocket *socket)
{
  if (socket->is_dirty)
    return;
  socket->is_dirty = TRUE;
  g_ptr_array_add (self->dirty, socket);
  if (!self->is_busy)
    g_source_set_ready_time (self->source, 0);
}

/* The first always; the others as far as the turn goes. */
static void
flush_dirty (PorchCarrier *self, gint64 until_us)
{
  guint n = 0;

  while (n < self->dirty->len && (n == 0 || g_get_monotonic_time () < until_us)) {
    PorchSocket *socket = self->dirty->pdata[n++];

    socket->is_dirty = FALSE;
    if (socket->state != PORCH_SOCKET_CLOSED)
      porch_socket_flush (socket);
  }
  g_ptr_array_remove_range (self->dirty, 0, n);
  if (self->dirty->len > 0)
    g_source_set_ready_time (self->source, 0);
}

static void
serve (PorchSocket *socket, guint32 events, gint64 until_us)
{
  gboolean has_more = TRUE;

  if (socket->state != PORCH_SOCKET_CLOSED && (events & EPOLLOUT))
    porch_socket_flush (socket);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
    return;
  while (has_more && socket->state != PORCH_SOCKET_CLOSED)
    has_more = porch_socket_read (socket) && g_get_monotonic_time () < until_us;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  PorchCarrier *self = ((Source *) source)->carrier;
  gint64 begin = porch_stall_begin ();
  gint64 until_us = g_get_monotonic_time () + TURN_US;
  struct epoll_event events[EVENTS_MAX];
  int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), 0);

  self->is_busy = TRUE;
  for (int i = 0; i < n; i++) {
    serve (events[i].data.ptr, events[i].events, until_us);
    if (g_get_monotonic_time () >= until_us)
      break;
  }
  /* Before what may ask for another turn. */
  g_source_set_ready_time (source, -1);
  flush_dirty (self, until_us + TURN_US / 2);
  self->is_busy = FALSE;
  bury (self, BURY_MAX);
  porch_stall_end (begin, "sockets");
  return G_SOURCE_CONTINUE;
}

PorchCarrier *
porch_carrier_new (PorchDoor *door)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  PorchCarrier *self = g_new0 (PorchCarrier, 1);

  self->door = door;
  door->carrier = self;
  self->framers = porch_framer_pool_new (&door->limits, &porch_socket_framer_events);
  self->sockets = g_ptr_array_new ();
  self->dead = g_ptr_array_new ();
  self->dirty = g_ptr_array_new ();
  self->ping = porch_framer_frame_new (WSLAY_PING, NULL, 0);
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->source = g_source_new (&funcs, sizeof (Source));
  ((Source *) self->source)->carrier = self;
  g_source_set_static_name (self->source, "porch-carrier");
  g_source_add_unix_fd (self->source, self->epoll, G_IO_IN);
  g_source_attach (self->source, context);
  return self;
}

void
porch_carrier_free (PorchCarrier *self)
{
  self->is_busy = TRUE;
  while (self->sockets->len > 0)
    porch_socket_cut (g_ptr_array_index (self->sockets, self->sockets->len - 1), CLOSE_STOPPING);
  flush_dirty (self, G_MAXINT64);
  bury (self, G_MAXUINT);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->epoll);
  porch_framer_pool_free (self->framers);
  g_ptr_array_unref (self->sockets);
  g_ptr_array_unref (self->dead);
  g_ptr_array_unref (self->dirty);
  g_bytes_unref (self->ping);
  g_free (self);
}

PorchSocket *
porch_carrier_open (PorchCarrier *self,
                    PorchPeer *peer,
                    PorchSocketMessage func,
                    PorchSocketClosed closed,
                    gpointer data)
{
  PorchSocket *socket = g_new0 (PorchSocket, 1);

  socket->timer.fire = porch_socket_on_timer;
  socket->carrier = self;
  socket->peer = peer;
  socket->func = func;
  socket->closed = closed;
  socket->data = data;
  socket->fd = -1;
  socket->ping_credit = PORCH_PING_BURST;
  socket->heard = socket->pinged = porch_wheel_get_now (self->door->wheel);
  socket->index = self->sockets->len;
  g_ptr_array_add (self->sockets, socket);
  return socket;
}

guint
porch_carrier_count (PorchCarrier *self)
{
  return self->sockets->len;
}

guint
porch_carrier_count_framers (PorchCarrier *self)
{
  return porch_framer_pool_count (self->framers);
}

gboolean
porch_carrier_dismiss (PorchCarrier *self, gboolean is_cut, guint n_max)
{
  guint n = 0;

  /* Backwards: a socket that ends on the way is replaced by one that had its turn. */
  for (guint i = self->sockets->len; i-- > 0;) {
    PorchSocket *socket = g_ptr_array_index (self->sockets, i);

    /* One whose handshake is not answered belongs to its call. */
    if (is_cut ? socket->state == PORCH_SOCKET_OPENING : socket->state > PORCH_SOCKET_OPEN)
      continue;
    if (n++ == n_max)
      return TRUE;
    if (is_cut)
      porch_socket_cut (socket, CLOSE_STOPPING);
    else
      porch_socket_close (socket, CLOSE_STOPPING, "stopping");
  }
  return FALSE;
}
