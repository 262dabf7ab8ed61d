/* porch-intake.c - the reading of one connection's request head, and the judgement
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-intake.h"

#include "porch-forwarded.h"
#include "porch-refusal.h"

#include <string.h>

static const char *const loopback_names[] = { "localhost", "127.0.0.1", "[::1]" };

static gboolean
host_is (PorchSpan host, const char *name, guint16 port)
{
  gsize n = strlen (name);
  char digits[8];

  if (host.length < n || g_ascii_strncasecmp (host.at, name, n) != 0)
    return FALSE;
  if (host.length == n)
    return port == 0;
  g_snprintf (digits, sizeof digits, ":%u", port);
  return port != 0 && host.length == n + strlen (digits) &&
         memcmp (host.at + n, digits, strlen (digits)) == 0;
}

static gboolean
is_loopback_host (PorchSpan host, guint16 port)
{
  for (guint i = 0; i < G_N_ELEMENTS (loopback_names); i++)
    if (host_is (host, loopback_names[i], port) ||
        (port == 80 && host_is (host, loopback_names[i], 0)))
      return TRUE;
  return FALSE;
}

gboolean
porch_intake_is_our_host (PorchDoor *door, PorchSpan host, guint16 port)
{
  /* Whoever may open the Unix socket is our own user, whatever name they use. */
  if (port == 0 || is_loopback_host (host, port))
    return TRUE;
  /* A name as written is what a proxy in front of us is called by; its port is the proxy's. */
  for (char **name = door->hosts; name != NULL && *name != NULL; name++)
    if (host_is (host, *name, 0) || host_is (host, *name, port))
      return TRUE;
  return FALSE;
}

/* Answers, says that nothing more comes, and goes on reading for a moment: closing with unread
 * bytes would send a reset, and the client would lose the answer. */
void
porch_intake_refuse (PorchStream *stream, guint status, guint retry_after_ms)
{
  g_autofree char *answer =
    porch_refusal_to_answer (status, stream->request.match.allow, retry_after_ms);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (stream));

  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (out), answer,
                                              strlen (answer), NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (stream->wire), FALSE, TRUE, NULL);
  g_byte_array_set_size (stream->bytes, 0);
  porch_stream_enter (stream, PORCH_STREAM_LINGER, PORCH_LINGER_TICKS);
}

static gboolean
is_trusted_proxy (PorchStream *stream)
{
  char **proxies = stream->door->proxies;

  return stream->peer->is_loopback && !stream->peer->is_local && proxies != NULL &&
         g_strv_contains ((const char *const *) proxies, stream->peer->name);
}

static void
set_proxy_silent (PorchDoor *door, gboolean is_silent)
{
  if (door->is_proxy_silent == is_silent)
    return;
  door->is_proxy_silent = is_silent;
  if (door->silence_changed != NULL)
    door->silence_changed (door->silence_data);
}

/* By a name that is not this computer's only a proxy asks; under the others whoever sits here may
 * do so from the very same address. Looking whether we are well is a proxy's own business. */
static gboolean
should_name_caller (PorchStream *stream, const PorchHead *head)
{
  static const char health[] = "/healthz";

  return !is_loopback_host (head->host, stream->port) &&
         !(head->path.length == strlen (health) &&
           memcmp (head->path.at, health, strlen (health)) == 0);
}

/* What a trusted proxy passes on counts for whom it comes from. Without a word of that it is the
 * proxy's own, for which only the totals hold. */
static guint
find_caller (PorchStream *stream, const PorchHead *head)
{
  PorchDoor *door = stream->door;
  g_autoptr (GInetAddress) address = NULL;
  PorchPeer *caller;

  if (head->chain.length == 0 && is_trusted_proxy (stream) && should_name_caller (stream, head))
    set_proxy_silent (door, TRUE);
  if (head->chain.length == 0)
    return 0;
  /* Whoever comes by the Unix socket is the local agent: a proxy there would give that away. */
  if (stream->peer->is_local)
    return 421;
  if (!is_trusted_proxy (stream))
    return 0;
  address = porch_forwarded_find (head->chain, (const char *const *) door->proxies);
  set_proxy_silent (door, address == NULL);
  if (address == NULL)
    return 0;
  caller = porch_peers_pass_on (door->peers, stream->peer, address);
  if (caller == NULL)
    return 503;
  porch_peer_unref (stream->peer);
  stream->peer = caller;
  return 0;
}

/* 0, or the status to refuse the request with. */
static guint
judge (PorchStream *stream, gsize length, guint *retry_after_ms)
{
  PorchDoor *door = stream->door;
  PorchRequest *request = &stream->request;
  PorchHead head;
  guint status = porch_head_parse (stream->bytes->data, length, door->limits.headers_max, &head);

  if (status != 0)
    return status;
  if (!porch_intake_is_our_host (door, head.host, stream->port))
    return 421; /* also what a page gets that rebinds its name to us */
  status = find_caller (stream, &head);
  if (status != 0)
    return status;
  if (!stream->peer->is_loopback &&
      !porch_rate_take (door->rate, stream->peer->name, retry_after_ms))
    return 429;
  /* Frames that were sent before our 101 would be lost in the hand-over. */
  if (head.is_upgrade && stream->bytes->len > length)
    return 400;
  status =
    porch_router_find (door->router, head.verb, head.path.at, head.path.length, &request->match);
  if (status != 0)
    return status;
  if (head.content_length >
      (strcmp (head.verb, "OPTIONS") == 0 ? 0 : request->match.route->body_max))
    return 413;

  request->verb = head.verb;
  request->path = g_strndup (head.path.at, head.path.length);
  request->query = g_strndup (head.query.at, head.query.length);
  request->is_upgrade = head.is_upgrade;
  request->is_at_home = stream->peer->is_loopback && head.chain.length == 0 &&
                        is_loopback_host (head.host, stream->port);
  stream->allow = length + head.content_length;
  porch_stream_enter (stream, PORCH_STREAM_BODY,
                      door->limits.body_ticks + (guint) (head.content_length / 65536));
  return 0;
}

/* Reads towards the end of the head and judges it. */
static PorchIntake
read_head (PorchStream *stream)
{
  gssize n = 0;

  while ((n = porch_stream_fill (stream, TRUE)) > 0) {
    guint retry_after_ms = 0;
    /* Only new bytes are looked at: a head sent byte by byte must not cost its square. */
    gssize end = porch_head_find_end (stream->bytes->data, stream->bytes->len, stream->scanned,
                                      stream->door->limits.head_max);
    guint status = end < 0 ? (guint) -end : 0;

    stream->scanned = stream->bytes->len;
    if (end == 0)
      continue;
    if (status == 0)
      status = judge (stream, end, &retry_after_ms);
    if (status == 0)
      return PORCH_INTAKE_ADMITTED;
    porch_intake_refuse (stream, status, retry_after_ms);
    return PORCH_INTAKE_WAIT;
  }
  return n < 0 ? PORCH_INTAKE_WAIT : PORCH_INTAKE_OVER;
}

/* Throws away what still comes, up to a limit. */
static PorchIntake
drain (PorchStream *stream)
{
  gssize n = 0;

  while ((n = porch_stream_fill (stream, FALSE)) > 0)
    if ((stream->scanned += n) > PORCH_LINGER_BYTES)
      return PORCH_INTAKE_OVER;
  return n < 0 ? PORCH_INTAKE_WAIT : PORCH_INTAKE_OVER;
}

PorchIntake
porch_intake_read (PorchStream *stream)
{
  return stream->phase == PORCH_STREAM_HEAD ? read_head (stream) : drain (stream);
}
