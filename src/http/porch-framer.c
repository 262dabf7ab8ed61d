/* porch-framer.c - the reading of frames
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-framer.h"

#include <string.h>
#include <wslay/wslay.h>

#define SPARE_MAX        8
#define FRAME_HEADER_MAX 10
#define CLOSE_NO_CODE    1005

struct _PorchFramer {
  wslay_event_context_ptr context;
  PorchFramerPool *pool;
  PorchSocket *socket;
  const guint8 *in;
  gsize in_length;
  guint64 fed;    /* bytes given */
  guint64 framed; /* of them, in whole frames */
  guint64 frame;  /* size of the frame being read, 0 between two */
  guint n_fragments;
  gboolean in_message;
  gboolean has_close;
  guint fault;
  const char *reason;
};

struct _PorchFramerPool {
  const PorchLimits *limits;
  const PorchFramerEvents *events;
  PorchFramer *spare[SPARE_MAX];
  guint n_spare;
  guint n_framers;
  GByteArray *control; /* what wslay wants to be sent */
};

/* RFC 6455 section 5.2: always final, never masked, the shortest form of the length. */
static gsize
put_header (guint8 *at, guint opcode, gsize length)
{
  gsize n = 0;

  at[n++] = 0x80 | opcode;
  if (length < 126) {
    at[n++] = length;
    return n;
  }
  at[n++] = length < 65536 ? 126 : 127;
  for (int shift = length < 65536 ? 8 : 56; shift >= 0; shift -= 8)
    at[n++] = (guint8) ((guint64) length >> shift);
  return n;
}

GBytes *
porch_framer_frame_new (guint opcode, const void *data, gsize length)
{
  guint8 *frame = g_malloc (length + FRAME_HEADER_MAX);
  gsize n = put_header (frame, opcode, length);

  if (length > 0)
    memcpy (frame + n, data, length);
  return g_bytes_new_take (frame, n + length);
}

GBytes *
porch_framer_frame_take (GString *text)
{
  guint8 header[FRAME_HEADER_MAX];
  gsize n = put_header (header, WSLAY_TEXT_FRAME, text->len);

  g_string_insert_len (text, 0, (const char *) header, n);
  return g_string_free_to_bytes (text);
}

static ssize_t
on_wslay_recv (wslay_event_context_ptr context,
               uint8_t *buffer,
               size_t length,
               int flags,
               void *data)
{
  PorchFramer *self = data;
  gsize n = MIN (length, self->in_length);

  if (n == 0) {
    wslay_event_set_error (context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy (buffer, self->in, n);
  self->in += n;
  self->in_length -= n;
  return n;
}

static ssize_t
on_wslay_send (wslay_event_context_ptr context,
               const uint8_t *bytes,
               size_t length,
               int flags,
               void *data)
{
  g_byte_array_append (((PorchFramer *) data)->pool->control, bytes, length);
  return length;
}

/* The first fault is the one that is told; after it nothing more is read, not even what is here. */
static void
find_fault (PorchFramer *self, guint code, const char *reason)
{
  if (self->fault != 0)
    return;
  self->fault = code;
  self->reason = reason;
  wslay_event_shutdown_read (self->context);
}

/* The frame's size is kept to know when wslay is between two frames: the header, with the mask that
 * every client's frame has, and the payload. */
static void
on_frame_start (wslay_event_context_ptr context,
                const struct wslay_event_on_frame_recv_start_arg *arg,
                void *data)
{
  PorchFramer *self = data;

  self->frame = arg->payload_length + (arg->payload_length < 126     ? 6
                                       : arg->payload_length < 65536 ? 8
                                                                     : 14);
  if (wslay_is_ctrl_frame (arg->opcode))
    return;
  self->in_message = !arg->fin;
  self->n_fragments++;
  /* wslay bounds the bytes of a message, but not how many empty fragments it has. */
  if (self->n_fragments > self->pool->limits->fragments_max)
    find_fault (self, WSLAY_CODE_POLICY_VIOLATION, "too many fragments");
  else if (arg->opcode == WSLAY_BINARY_FRAME)
    find_fault (self, WSLAY_CODE_UNSUPPORTED_DATA, "text only");
  if (arg->fin)
    self->n_fragments = 0;
}

static void
on_frame_end (wslay_event_context_ptr context, void *data)
{
  PorchFramer *self = data;

  self->framed += self->frame;
  self->frame = 0;
}

static void
on_message (wslay_event_context_ptr context,
            const struct wslay_event_on_msg_recv_arg *arg,
            void *data)
{
  PorchFramer *self = data;
  const PorchFramerEvents *events = self->pool->events;

  if (self->fault != 0)
    return;
  if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
    self->has_close = TRUE;
    events->close (self->socket, arg->status_code != 0 ? arg->status_code : CLOSE_NO_CODE);
  } else if (arg->opcode == WSLAY_PING) {
    events->ping (self->socket);
  } else if (arg->opcode == WSLAY_TEXT_FRAME) {
    events->text (self->socket, arg->msg != NULL ? (const char *) arg->msg : "", arg->msg_length);
  }
}

static const struct wslay_event_callbacks callbacks = {
  .recv_callback = on_wslay_recv,
  .send_callback = on_wslay_send,
  .on_frame_recv_start_callback = on_frame_start,
  .on_frame_recv_end_callback = on_frame_end,
  .on_msg_recv_callback = on_message,
};

PorchFramerPool *
porch_framer_pool_new (const PorchLimits *limits, const PorchFramerEvents *events)
{
  PorchFramerPool *self = g_new0 (PorchFramerPool, 1);

  self->limits = limits;
  self->events = events;
  self->control = g_byte_array_new ();
  return self;
}

static void
free_framer (PorchFramer *self)
{
  self->pool->n_framers--;
  wslay_event_context_free (self->context);
  g_free (self);
}

void
porch_framer_pool_free (PorchFramerPool *self)
{
  while (self->n_spare > 0)
    free_framer (self->spare[--self->n_spare]);
  g_byte_array_unref (self->control);
  g_free (self);
}

guint
porch_framer_pool_count (PorchFramerPool *self)
{
  return self->n_framers;
}

static PorchFramer *
new_framer (PorchFramerPool *pool)
{
  PorchFramer *self = g_new0 (PorchFramer, 1);

  self->pool = pool;
  if (wslay_event_context_server_init (&self->context, &callbacks, self) != 0)
    g_error ("out of memory for a frame reader");
  pool->n_framers++;
  return self;
}

PorchFramer *
porch_framer_take (PorchFramerPool *pool)
{
  PorchFramer *self = pool->n_spare > 0 ? pool->spare[--pool->n_spare] : new_framer (pool);

  /* It may have changed since a spare one was lent last. */
  wslay_event_config_set_max_recv_msg_length (self->context, pool->limits->message_max);
  return self;
}

gboolean
porch_framer_is_clean (PorchFramer *self)
{
  /* wslay cannot be asked whether it is between two messages, hence the counting. */
  return self->fed == self->framed && !self->in_message && self->fault == 0 && !self->has_close &&
         wslay_event_get_read_enabled (self->context) &&
         wslay_event_get_write_enabled (self->context) && !wslay_event_want_write (self->context);
}

void
porch_framer_give_back (PorchFramer *self)
{
  PorchFramerPool *pool = self->pool;

  if (pool->n_spare == SPARE_MAX || !porch_framer_is_clean (self)) {
    free_framer (self);
    return;
  }
  self->fed = self->framed = 0;
  self->socket = NULL;
  pool->spare[pool->n_spare++] = self;
}

gsize
porch_framer_get_missing (PorchFramer *self)
{
  guint64 end = self->framed + self->frame;

  return self->frame > 0 && end > self->fed ? (gsize) (end - self->fed) : 0;
}

/* What wslay wants to answer: pongs, which are kept, and closes, which tell what it disliked. */
static void
look_at_control (PorchFramer *self)
{
  GByteArray *control = self->pool->control;

  g_byte_array_set_size (control, 0);
  if (wslay_event_want_write (self->context))
    wslay_event_send (self->context);
  for (guint at = 0; at + 2 <= control->len;) {
    guint8 *frame = control->data + at;
    guint size = 2 + frame[1];

    if ((frame[0] & 0xf) == WSLAY_PONG) {
      at += size;
      continue;
    }
    if (!self->has_close)
      find_fault (
        self, frame[1] >= 2 ? (guint) (frame[2] << 8 | frame[3]) : WSLAY_CODE_PROTOCOL_ERROR, "");
    g_byte_array_remove_range (control, at, size);
  }
}

void
porch_framer_feed (PorchFramer *self, PorchSocket *socket, const guint8 *data, gsize length)
{
  self->socket = socket;
  self->in = data;
  self->in_length = length;
  self->fed += length;
  /* On errors in a frame's first bytes wslay queues no close that says why. */
  if (wslay_event_recv (self->context) != 0)
    find_fault (self, WSLAY_CODE_PROTOCOL_ERROR, "");
  look_at_control (self);
  if (self->fault != 0)
    self->pool->events->broken (socket, self->fault, self->reason);
}

GBytes *
porch_framer_take_pongs (PorchFramer *self)
{
  GByteArray *control = self->pool->control;

  return control->len > 0 ? g_bytes_new (control->data, control->len) : NULL;
}
