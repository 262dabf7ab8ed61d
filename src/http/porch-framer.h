/* porch-framer.h - the reading of frames
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A wslay context weighs 8.8 KB, so a socket borrows one from the pool only while a frame or a
 * message of it is incomplete. Our own frames are not masked and do not pass through wslay.
 */
#pragma once

#include "porch-server.h"

G_BEGIN_DECLS

typedef struct _PorchFramer PorchFramer;
typedef struct _PorchFramerPool PorchFramerPool;

/* What a framer tells the socket that it reads for. The socket may be destroyed meanwhile. */
typedef struct {
  void (*text) (PorchSocket *socket, const char *text, gsize length);
  void (*ping) (PorchSocket *socket);
  void (*close) (PorchSocket *socket, guint code); /* 1005 when it has none */
  /* The other side broke a rule or a limit: nothing more is read of it. */
  void (*broken) (PorchSocket *socket, guint code, const char *reason);
} PorchFramerEvents;

/* Both are borrowed and outlive the pool. */
PorchFramerPool *porch_framer_pool_new (const PorchLimits *limits,
                                        const PorchFramerEvents *events) G_GNUC_WARN_UNUSED_RESULT;
/* All framers must have been given back. */
void porch_framer_pool_free (PorchFramerPool *self);
guint porch_framer_pool_count (PorchFramerPool *self);

/* A spare one, or a new one. Its limit of a message is that of now. */
PorchFramer *porch_framer_take (PorchFramerPool *pool) G_GNUC_WARN_UNUSED_RESULT;
/* Frees it, or keeps it for the next when it is between two messages. */
void porch_framer_give_back (PorchFramer *self);

/* Reads @data, which must all be of the same connection since the framer was taken. The events run
 * inside this call, and may end the socket or take another framer. */
void porch_framer_feed (PorchFramer *self, PorchSocket *socket, const guint8 *data, gsize length);
/* TRUE when it remembers nothing, so that it can be given back. */
gboolean porch_framer_is_clean (PorchFramer *self);
/* Bytes that the frame being read still lacks, 0 when not known. */
gsize porch_framer_get_missing (PorchFramer *self);
/* Pongs to be sent, as frames, or NULL. To be asked once right after feeding: the buffer is the
 * pool's, and the next feed of any framer empties it. Never a close frame: those are the
 * socket's. */
GBytes *porch_framer_take_pongs (PorchFramer *self) G_GNUC_WARN_UNUSED_RESULT;

/* A final frame, unmasked as a server's must be (RFC 6455 section 5.1). Copies @data, which may be
 * NULL when @length is 0. */
GBytes *
porch_framer_frame_new (guint opcode, const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* A text frame, the header put before the text in place. Takes @text. */
GBytes *porch_framer_frame_take (GString *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
