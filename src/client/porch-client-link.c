/* porch-client-link.c - the line to the server, and how it comes back after a break
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way to LIVE is always the same, the first time and after each break: ask who we are
 * (session.get), open the stream with the last seq we saw, wait for `ready`.
 */
#include "config.h"

#include "porch-client-parts.h"

#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-source.h"

#include <string.h>

void
porch_client_set_link (PorchClient *self, PorchLink link)
{
  if (self->link == link)
    return;
  self->link = link;
  porch_client_notify (self, PORCH_CLIENT_PROP_LINK);
  if (link != PORCH_LINK_CONNECTING && link != PORCH_LINK_SET_UP)
    porch_client_end_set_up (self);
}

/* The handlers go first: a feed that is closed tells of it, and that must not look like a line that
 * broke. */
void
porch_client_hang_up (PorchClient *self)
{
  porch_source_clear (&self->retry);
  if (self->knocking != NULL)
    g_cancellable_cancel (self->knocking);
  g_clear_object (&self->knocking);
  if (self->stream != NULL) {
    g_signal_handlers_disconnect_by_data (self->stream, self);
    porch_feed_close (self->stream);
  }
  g_clear_object (&self->stream);
  self->is_ready = FALSE;
}

static gboolean
on_retry (gpointer data)
{
  PorchClient *self = data;

  porch_source_clear (&self->retry);
  porch_client_knock (self);
  return G_SOURCE_REMOVE;
}

void
porch_client_lose (PorchClient *self, const GError *error)
{
  g_debug ("link lost: %s", error->message);
  porch_client_hang_up (self);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORBIDDEN)) {
    porch_client_set_link (self, PORCH_LINK_REFUSED);
    return;
  }
  self->retry =
    porch_source_timeout (porch_pace_draw (&self->pace, self->n_failures++), on_retry, self);
  porch_client_set_link (self, PORCH_LINK_OFFLINE);
}

/* ---- the stream ---- */

/* Where the log is now, of a file that may be another one. */
static void
start_over (PorchClient *self, JsonNode *frame)
{
  g_clear_pointer (&self->epoch, g_free);
  self->epoch = g_strdup (porch_shape_string (frame, "epoch"));
  self->seq = 0;
  porch_shape_int (frame, "seq", &self->seq);
}

static void
on_ready (PorchClient *self, JsonNode *frame)
{
  const char *epoch = porch_shape_string (frame, "epoch");
  JsonNode *agent = porch_shape_node (frame, "agent");
  /* Without a place to resume from, what was missed can only be had by loading. */
  const gboolean must_reload =
    self->was_live && (self->epoch == NULL || g_strcmp0 (self->epoch, epoch) != 0);

  self->ready_seq = 0;
  porch_shape_int (frame, "seq", &self->ready_seq);
  if (self->epoch == NULL || g_strcmp0 (self->epoch, epoch) != 0)
    start_over (self, frame);
  if (agent != NULL && JSON_NODE_HOLDS_OBJECT (agent))
    porch_client_take_agent (self, agent);
  self->is_ready = TRUE;
  self->is_fresh = must_reload || !self->was_live;
  self->was_live = TRUE;
  self->n_failures = 0;
  porch_client_set_link (self, PORCH_LINK_LIVE);
  if (must_reload)
    porch_client_tell_reset (self);
  if (self->wanted_status >= 0)
    porch_client_set_status (self, (PorchStatus) self->wanted_status);
}

static void
on_reset (PorchClient *self, JsonNode *frame)
{
  /* After a `ready` of another epoch this only says what we saw for ourselves. */
  const gboolean is_known =
    self->is_fresh && g_strcmp0 (porch_shape_string (frame, "epoch"), self->epoch) == 0;

  start_over (self, frame);
  self->ready_seq = self->seq;
  if (!is_known)
    porch_client_tell_reset (self);
}

static void
set_trouble (PorchClient *self, const char *trouble)
{
  porch_client_set_text (self, &self->trouble, trouble != NULL ? trouble : "",
                         PORCH_CLIENT_PROP_TROUBLE);
}

static void
set_keeping (PorchClient *self, const char *code)
{
  porch_client_set_text (self, &self->keeping, code != NULL ? code : "", PORCH_CLIENT_PROP_KEEPING);
}

/* After a resume the server may repeat what came last; a seq that was seen is nothing new. What has
 * no seq (typing, presence) is told as it comes and never again. */
static void
on_event (PorchClient *self, JsonNode *frame)
{
  gint64 seq = 0;

  if (!self->is_ready)
    return;
  if (porch_shape_int (frame, "seq", &seq)) {
    if (seq <= self->seq)
      return;
    self->seq = seq;
    self->is_fresh = FALSE;
  }
  if (g_strcmp0 (porch_shape_string (frame, "type"), "site.updated") == 0)
    porch_client_look_again (self);
  porch_client_tell_event (self, json_node_get_object (frame));
}

static void
on_frame (PorchFeed *stream, JsonObject *object, PorchClient *self)
{
  g_autoptr (PorchClient) alive = g_object_ref (self);
  g_autoptr (JsonNode) frame = json_node_init_object (json_node_alloc (), object);
  const char *type = porch_shape_string (frame, "type");
  const char *warning = porch_shape_string (frame, "warning");

  self->heard_us = porch_clock_now_us ();
  porch_client_notify (self, PORCH_CLIENT_PROP_HEARD_AT);
  if (type == NULL || strcmp (type, "ping") == 0 || strcmp (type, "pong") == 0)
    return;
  if (strcmp (type, "ready") == 0) {
    /* What is the matter follows, if anything is. */
    set_trouble (self, NULL);
    set_keeping (self, NULL);
    on_ready (self, frame);
  } else if (strcmp (type, "trouble") == 0)
    set_trouble (self, porch_shape_string (frame, "trouble"));
  else if (strcmp (type, "warning") == 0)
    porch_client_set_text (self, &self->warning, warning != NULL ? warning : "",
                           PORCH_CLIENT_PROP_WARNING);
  else if (strcmp (type, "keeping") == 0)
    set_keeping (self, porch_shape_string (frame, "trouble"));
  else if (strcmp (type, "reset") == 0)
    on_reset (self, frame);
  else
    on_event (self, frame);
}

static void
on_closed (PorchFeed *stream, const GError *error, PorchClient *self)
{
  g_autoptr (PorchClient) alive = g_object_ref (self);

  /* Whatever a frame that cannot be read said is missed now: everything has to be loaded again. */
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE))
    g_clear_pointer (&self->epoch, g_free);
  porch_client_lose (self, error);
}

/* Without an epoch there is nothing to resume from: the stream begins with what happens next. */
static void
open_stream (PorchClient *self)
{
  g_autofree char *query = NULL;
  g_autoptr (SoupMessage) message = NULL;

  if (self->epoch != NULL) {
    g_autofree char *epoch = g_uri_escape_string (self->epoch, NULL, FALSE);

    query = g_strdup_printf ("since=%" G_GINT64_FORMAT "&epoch=%s", self->seq, epoch);
  }
  message = porch_client_make_message (self, PORCH_OP_EVENTS, NULL, query);
  self->stream = porch_feed_open (self->session, message, self->pace.silence_ms);
  g_signal_connect_object (self->stream, "frame", G_CALLBACK (on_frame), self, 0);
  g_signal_connect_object (self->stream, "closed", G_CALLBACK (on_closed), self, 0);
}

/* ---- who we are ---- */

/* Also what the window shows before anybody has signed in: the business, and what is wrong. */
static void
take_place (PorchClient *self, JsonNode *answer)
{
  const char *warning = porch_shape_string (answer, "warning");

  porch_client_set_text (self, &self->business, porch_shape_string (answer, "business"),
                         PORCH_CLIENT_PROP_BUSINESS);
  porch_client_set_text (self, &self->address, porch_shape_string (answer, "listening"),
                         PORCH_CLIENT_PROP_ADDRESS);
  porch_client_set_text (self, &self->public_address, porch_shape_string (answer, "public_address"),
                         PORCH_CLIENT_PROP_PUBLIC_ADDRESS);
  porch_client_set_text (self, &self->warning, warning != NULL ? warning : "",
                         PORCH_CLIENT_PROP_WARNING);
  porch_client_take_site (self, answer);
}

static void
on_looked_again (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  /* What is known stays; a line that is cut is noticed by the stream. */
  if (answer != NULL)
    take_place (self, answer);
}

void
porch_client_look_again (PorchClient *self)
{
  if (self->link == PORCH_LINK_LIVE)
    porch_client_call_async (self, PORCH_OP_SESSION_GET, NULL, NULL, NULL, self->cancellable,
                             on_looked_again, NULL);
}

static void
take_session (PorchClient *self, JsonNode *answer)
{
  JsonNode *agent = porch_shape_node (answer, "agent");
  const gboolean is_signed_in = agent != NULL && JSON_NODE_HOLDS_OBJECT (agent);

  take_place (self, answer);
  if (is_signed_in)
    porch_client_take_agent (self, agent);

  if (!porch_shape_boolean (answer, "is_set_up"))
    porch_client_set_link (self, PORCH_LINK_SET_UP);
  else if (is_signed_in)
    open_stream (self);
  else
    porch_client_set_link (self, PORCH_LINK_REFUSED);
}

static void
on_session (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->knocking);
  if (answer == NULL)
    porch_client_lose (self, error);
  else
    take_session (self, answer);
}

void
porch_client_knock (PorchClient *self)
{
  porch_client_hang_up (self);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->knocking = g_cancellable_new ();
  porch_client_call_async (self, PORCH_OP_SESSION_GET, NULL, NULL, NULL, self->knocking, on_session,
                           NULL);
}
