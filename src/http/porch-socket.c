/* porch-socket.c - one WebSocket after its handshake
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-socket-private.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wslay/wslay.h>

/* Small frames come in small pieces, so that a flood of them cannot hold the loop; the rest of a
 * large frame comes in one. */
#define PIECE_SMALL 2048
#define PIECE_LARGE 16384
#define PIECES_MAX  16 /* frames that go out in one call */

/* A socket that is not read takes this from the kernel and queue_max from us; left to itself the
 * kernel would keep megabytes for each, and take them from a flood in one dispatch. */
#define SEND_BUFFER (256 * 1024)

#define CLOSE_CUT      1006
#define CLOSE_TOO_SLOW 4408
#define REASON_MAX     123 /* RFC 6455 section 5.5: a control frame has at most 125 bytes */

struct _PorchChunk {
  PorchChunk *next;
  GBytes *bytes;
};

/* ---- the line: the only functions that touch the descriptor's bytes ---- */

/* Bytes written of the first chunks, 0 when the line takes nothing now, -1 when it is gone. */
static gssize
write_line (PorchSocket *self)
{
  struct iovec pieces[PIECES_MAX];
  struct msghdr message = { .msg_iov = pieces };
  gsize offset = self->out_offset;
  gssize n;

  for (PorchChunk *chunk = self->out; chunk != NULL && message.msg_iovlen < PIECES_MAX;
       chunk = chunk->next, offset = 0) {
    gsize length = 0;
    const char *data = g_bytes_get_data (chunk->bytes, &length);

    pieces[message.msg_iovlen++] = (struct iovec){ (char *) data + offset, length - offset };
  }
  n = sendmsg (self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  return n;
}

/* Bytes read, 0 when there are none now, -1 at the end. */
static gssize
read_line (PorchSocket *self, guint8 *data, gsize length)
{
  gssize n = recv (self->fd, data, length, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  return n > 0 ? n : -1;
}

static void
arm (PorchSocket *self, gboolean in, gboolean out)
{
  struct epoll_event event = { (in ? EPOLLIN : 0) | (out ? EPOLLOUT : 0), { .ptr = self } };

  if (self->fd < 0 || (self->is_deaf == !in && self->wants_out == out))
    return;
  epoll_ctl (self->carrier->epoll, EPOLL_CTL_MOD, self->fd, &event);
  self->is_deaf = !in;
  self->wants_out = out;
}

/* ---- the end ---- */

static void
free_first_chunk (PorchSocket *self)
{
  PorchChunk *chunk = self->out;

  self->out = chunk->next;
  g_bytes_unref (chunk->bytes);
  g_free (chunk);
}

void
porch_socket_cut (PorchSocket *self, guint code)
{
  PorchCarrier *carrier = self->carrier;

  if (self->state == PORCH_SOCKET_CLOSED)
    return;
  self->state = PORCH_SOCKET_CLOSED;
  if (self->close_code == 0)
    self->close_code = code;
  porch_timer_clear (&self->timer);
  if (self->fd >= 0) {
    /* Not only by closing: a child between fork and exec may hold the descriptor, too. */
    epoll_ctl (carrier->epoll, EPOLL_CTL_DEL, self->fd, NULL);
    close (self->fd);
  }
  self->fd = -1;
  while (self->out != NULL)
    free_first_chunk (self);
  self->out_last = NULL;
  self->out_bytes = 0;
  g_clear_pointer (&self->framer, porch_framer_give_back);
  porch_peers_leave (carrier->door->peers, self->peer, PORCH_PLACE_SOCKET);
  porch_carrier_forget (carrier, self);
}

static void
tell_sent (PorchSocket *self)
{
  PorchSocketSent sent = g_steal_pointer (&self->sent);

  if (sent != NULL)
    sent (self, self->data);
}

/* The queue is empty: what remains of a closing connection? */
static void
on_flushed (PorchSocket *self)
{
  arm (self, TRUE, FALSE);
  if (self->state < PORCH_SOCKET_CLOSING) {
    tell_sent (self);
    return;
  }
  if (self->has_close)
    porch_socket_cut (self, CLOSE_CUT);
  else if (self->state == PORCH_SOCKET_DISCARDING)
    /* The other side sees the end at once. We go on reading, since closing now would send a reset.
     */
    shutdown (self->fd, SHUT_WR);
}

/* ---- sending ---- */

/* @n bytes of the queue have gone out. */
static void
advance (PorchSocket *self, gsize n)
{
  self->out_bytes -= n;
  while (n > 0) {
    gsize left = g_bytes_get_size (self->out->bytes) - self->out_offset;

    if (n < left) {
      self->out_offset += n;
      return;
    }
    n -= left;
    self->out_offset = 0;
    free_first_chunk (self);
  }
}

void
porch_socket_flush (PorchSocket *self)
{
  while (self->out != NULL) {
    gssize n = write_line (self);

    if (n < 0) {
      porch_socket_cut (self, CLOSE_CUT);
      return;
    }
    if (n == 0) {
      arm (self, !self->is_deaf, TRUE);
      return;
    }
    advance (self, n);
  }
  on_flushed (self);
}

/* What goes to one socket in one dispatch (an ack, a message, a receipt) leaves in one call. */
static void
push (PorchSocket *self, GBytes *frame)
{
  PorchChunk *chunk = g_new (PorchChunk, 1);

  *chunk = (PorchChunk){ NULL, g_bytes_ref (frame) };
  if (self->out != NULL)
    self->out_last->next = chunk;
  else
    self->out = chunk;
  self->out_last = chunk;
  self->out_bytes += g_bytes_get_size (frame);
  if (self->fd >= 0 && !self->wants_out)
    porch_carrier_flush_soon (self->carrier, self);
}

/* Forgets what the other side has not begun to get. The first chunk stays: half of it may be out.
 */
static void
drop_queue (PorchSocket *self)
{
  while (self->out->next != NULL) {
    PorchChunk *chunk = self->out->next;

    self->out->next = chunk->next;
    self->out_bytes -= g_bytes_get_size (chunk->bytes);
    g_bytes_unref (chunk->bytes);
    g_free (chunk);
  }
  self->out_last = self->out;
}

void
porch_socket_send (PorchSocket *self, GBytes *frame)
{
  if (self->state > PORCH_SOCKET_OPEN)
    return;
  push (self, frame);
  if (self->out_bytes <= self->carrier->door->limits.queue_max)
    return;
  if (self->fd >= 0)
    porch_socket_flush (self);
  if (self->state > PORCH_SOCKET_OPEN || self->out_bytes <= self->carrier->door->limits.queue_max)
    return;
  drop_queue (self);
  porch_socket_close (self, CLOSE_TOO_SLOW, "too slow");
  /* A slow reader that still writes would fill its last seconds with work for us. */
  if (self->state != PORCH_SOCKET_CLOSED)
    arm (self, FALSE, TRUE);
}

gsize
porch_socket_get_queued (PorchSocket *self)
{
  return self->out_bytes;
}

void
porch_socket_when_sent (PorchSocket *self, PorchSocketSent func)
{
  if (self->state > PORCH_SOCKET_OPEN)
    return;
  self->sent = func;
  if (self->out == NULL)
    tell_sent (self);
}

GBytes *
porch_socket_frame_take (GString *text)
{
  return porch_framer_frame_take (text);
}

void
porch_socket_send_take (PorchSocket *self, GString *text)
{
  g_autoptr (GBytes) frame = porch_framer_frame_take (text);

  porch_socket_send (self, frame);
}

/* Sends a close frame, which is our last one. */
static void
say_goodbye (PorchSocket *self, guint code, const char *reason)
{
  guint8 payload[2 + REASON_MAX] = { code >> 8, code & 0xff };
  gsize n = MIN (strlen (reason), REASON_MAX);
  /* A code that only says "there was none" must not be sent (RFC 6455 section 7.4.1). */
  gboolean is_silent = code == WSLAY_CODE_NO_STATUS_RCVD;
  g_autoptr (GBytes) frame = NULL;

  memcpy (payload + 2, reason, n);
  frame = porch_framer_frame_new (WSLAY_CONNECTION_CLOSE, payload, is_silent ? 0 : n + 2);
  /* While it opens it is its call's, whose deadline holds. */
  if (self->state == PORCH_SOCKET_OPEN)
    porch_timer_set (&self->timer, self->carrier->door->wheel, PORCH_CLOSE_TICKS);
  self->state = PORCH_SOCKET_CLOSING;
  if (self->close_code == 0)
    self->close_code = code;
  push (self, frame);
}

void
porch_socket_close (PorchSocket *self, guint code, const char *reason)
{
  if (self->state <= PORCH_SOCKET_OPEN)
    say_goodbye (self, code, reason != NULL ? reason : "");
}

/* ---- receiving ---- */

static void
on_text (PorchSocket *self, const char *text, gsize length)
{
  if (self->state == PORCH_SOCKET_OPEN)
    self->func (self, text, length, self->data);
}

/* One a tick in the long run, and a handful at once. */
static void
on_ping (PorchSocket *self)
{
  guint now = porch_wheel_get_now (self->carrier->door->wheel);

  self->ping_credit = MIN ((guint64) self->ping_credit + (now - self->pinged), PORCH_PING_BURST);
  self->pinged = now;
  if (self->ping_credit == 0)
    porch_socket_close (self, WSLAY_CODE_POLICY_VIOLATION, "too many pings");
  else
    self->ping_credit--;
}

static void
on_close (PorchSocket *self, guint code)
{
  self->has_close = TRUE;
  if (self->state == PORCH_SOCKET_OPEN)
    /* The other side's own code goes back to it (RFC 6455 section 5.5.1). */
    say_goodbye (self, code, "");
  else if (self->state != PORCH_SOCKET_CLOSED && self->out == NULL)
    porch_socket_cut (self, CLOSE_CUT);
}

static void
on_broken (PorchSocket *self, guint code, const char *reason)
{
  porch_socket_close (self, code, reason);
  if (self->state == PORCH_SOCKET_CLOSED)
    return;
  self->state = PORCH_SOCKET_DISCARDING;
  if (self->out == NULL)
    on_flushed (self);
}

const PorchFramerEvents porch_socket_framer_events = { on_text, on_ping, on_close, on_broken };

static void
feed (PorchSocket *self, const guint8 *data, gsize length)
{
  PorchCarrier *carrier = self->carrier;
  /* Ours while it runs: a callback may end the socket, or even have it read again. */
  PorchFramer *framer =
    self->framer != NULL ? g_steal_pointer (&self->framer) : porch_framer_take (carrier->framers);
  g_autoptr (GBytes) pongs = NULL;

  porch_framer_feed (framer, self, data, length);
  pongs = porch_framer_take_pongs (framer);
  if (pongs != NULL)
    porch_socket_send (self, pongs);
  if (self->state >= PORCH_SOCKET_DISCARDING || porch_framer_is_clean (framer))
    porch_framer_give_back (framer);
  else
    self->framer = framer;
}

gboolean
porch_socket_read (PorchSocket *self)
{
  guint8 piece[PIECE_LARGE];
  gsize missing = self->framer != NULL ? porch_framer_get_missing (self->framer) : 0;
  gsize wanted = CLAMP (missing, PIECE_SMALL, PIECE_LARGE);
  gssize n = read_line (self, piece, wanted);

  if (n < 0) {
    porch_socket_cut (self, CLOSE_CUT);
    return FALSE;
  }
  if (n == 0)
    return FALSE;
  self->heard = porch_wheel_get_now (self->carrier->door->wheel);
  if (self->state < PORCH_SOCKET_DISCARDING)
    feed (self, piece, n);
  return self->state != PORCH_SOCKET_CLOSED && !self->is_deaf && (gsize) n == wanted;
}

/* ---- the rest ---- */

void
porch_socket_on_timer (PorchTimer *timer)
{
  PorchSocket *self = (PorchSocket *) (gpointer) timer;
  const PorchLimits *limits = &self->carrier->door->limits;
  guint silence = porch_socket_get_silence (self);

  if (self->state != PORCH_SOCKET_OPEN || silence >= limits->dead_ticks) {
    porch_socket_cut (self, CLOSE_CUT);
    return;
  }
  /* Not set anew with every message: whoever spoke meanwhile is simply asked later. */
  if (silence < limits->ping_ticks) {
    porch_timer_set (timer, self->carrier->door->wheel, limits->ping_ticks - silence);
    return;
  }
  porch_timer_set (timer, self->carrier->door->wheel,
                   MIN (limits->ping_ticks, limits->dead_ticks - silence));
  porch_socket_send (self, self->carrier->ping);
}

void
porch_socket_attach (PorchSocket *self, int fd)
{
  struct epoll_event event = { EPOLLIN, { .ptr = self } };
  const int send_buffer = SEND_BUFFER;

  /* Level-triggered: nothing is lost when we read less than there is. */
  if (epoll_ctl (self->carrier->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    close (fd);
    porch_socket_cut (self, CLOSE_CUT);
    return;
  }
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  self->fd = fd;
  self->heard = porch_wheel_get_now (self->carrier->door->wheel);
  if (self->state == PORCH_SOCKET_OPENING)
    self->state = PORCH_SOCKET_OPEN;
  porch_timer_set (&self->timer, self->carrier->door->wheel,
                   self->state == PORCH_SOCKET_OPEN ? self->carrier->door->limits.ping_ticks
                                                    : PORCH_CLOSE_TICKS);
  if (self->out == NULL)
    return;
  porch_socket_flush (self);
  if (self->state != PORCH_SOCKET_CLOSED && self->out != NULL)
    arm (self, TRUE, TRUE);
}

guint
porch_socket_get_silence (PorchSocket *self)
{
  return porch_wheel_get_now (self->carrier->door->wheel) - self->heard;
}
