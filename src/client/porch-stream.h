/* porch-stream.h - one socket of the event stream, from its opening to its end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only. It reads frames, answers pings and notices silence; what the frames mean and
 * when to try again is the client's.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

#define PORCH_TYPE_STREAM (porch_stream_get_type ())
G_DECLARE_FINAL_TYPE (PorchStream, porch_stream, PORCH, STREAM, GObject)

/* Signals:
 *   "frame" (JsonObject *)
 *   "closed" (const GError *)  once, and nothing after it: PORCH_ERROR_UNAUTHORIZED when a person
 *                              is needed, BAD_MESSAGE for a frame that cannot be read, else OFFLINE
 */

/* @message is the request of the handshake. */
PorchStream *porch_stream_open (SoupSession *session,
                                SoupMessage *message,
                                guint silence_ms) G_GNUC_WARN_UNUSED_RESULT;
/* No signal is emitted any more. */
void porch_stream_close (PorchStream *self);

G_END_DECLS
