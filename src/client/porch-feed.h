/* porch-feed.h - one socket of the event stream, from its opening to its end
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

#define PORCH_TYPE_FEED (porch_feed_get_type ())
G_DECLARE_FINAL_TYPE (PorchFeed, porch_feed, PORCH, FEED, GObject)

/* Signals:
 *   "frame" (JsonObject *)
 *   "closed" (const GError *)  once, and nothing after it: PORCH_ERROR_UNAUTHORIZED when a person
 *                              is needed, BAD_MESSAGE for a frame that cannot be read, else OFFLINE
 */

/* @message is the request of the handshake. @silence_ms without a byte, also before it is answered,
 * end the feed. */
PorchFeed *porch_feed_open (SoupSession *session,
                            SoupMessage *message,
                            guint silence_ms) G_GNUC_WARN_UNUSED_RESULT;
/* No signal is emitted any more. */
void porch_feed_close (PorchFeed *self);

G_END_DECLS
