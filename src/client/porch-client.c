/* porch-client.c - one signed-in connection to a server: calls and the stream of events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way to LIVE is always the same, the first time and after each break: ask who we are
 * (session.get), open the stream with the last seq we saw, wait for `ready`.
 */
#include "config.h"

#include "porch-client.h"

#include "porch-client-private.h"
#include "porch-clock.h"
#include "porch-codec.h"
#include "porch-error.h"
#include "porch-feed.h"
#include "porch-fetch.h"
#include "porch-pace.h"
#include "porch-problem.h"
#include "porch-site.h"
#include "porch-source.h"
#include "porch-stall.h"

#include <string.h>

/* A page of 200 messages of 4,000 characters is the largest answer. */
#define ANSWER_BYTES (8 * 1024 * 1024)
#define LOCAL_URL    "http://localhost"

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchLink, porch_link,
  G_DEFINE_ENUM_VALUE (PORCH_LINK_CONNECTING, "connecting"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_SET_UP, "set-up"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_LIVE, "live"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_REFUSED, "refused"))
/* clang-format on */

struct _PorchClient {
  GObject parent_instance;

  char *base_url;
  char *token;
  char *unix_path;
  PorchPace pace;
  SoupSession *session;
  GCancellable *cancellable; /* of everything, ended by close */

  PorchLink link;
  GCancellable *knocking; /* of the session.get that is on its way */
  PorchFeed *stream;
  GSource *retry;
  guint n_failures;
  GTask *set_up; /* waits for LIVE */

  /* Where we are in the log. The epoch is NULL before the first `ready`. */
  char *epoch;
  gint64 seq;
  gint64 ready_seq;
  gboolean was_live;
  gboolean is_ready;
  gboolean is_fresh; /* all is being loaded again, and nothing has happened since */

  PorchAgent *agent;
  int wanted_status; /* chosen while nobody could be told, or -1 */
  char *business;
  char *site_key;
  char *site_domain;
  char *address;
  char *public_address;
  char *warning;
  gint64 heard_us;
};

typedef enum {
  PROP_LINK = 1,
  PROP_AGENT,
  PROP_BUSINESS,
  PROP_SITE_KEY,
  PROP_SITE_DOMAIN,
  PROP_ADDRESS,
  PROP_PUBLIC_ADDRESS,
  PROP_WARNING,
  PROP_HEARD_AT,
} PorchClientProp;

static GParamSpec *pspecs[PROP_HEARD_AT + 1];

enum {
  EVENT,
  RESET,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchClient, porch_client, G_TYPE_OBJECT)

static void knock (PorchClient *self);

static void
set_text (PorchClient *self, char **member, const char *text, PorchClientProp prop)
{
  if (g_strcmp0 (*member, text) == 0)
    return;
  g_free (*member);
  *member = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

static void
take_agent (PorchClient *self, JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PorchAgent) agent =
    porch_codec_read (PORCH_TYPE_AGENT, node, PORCH_FROM_SERVER, &error);

  if (agent == NULL) {
    g_debug ("reading who we are: %s", error->message);
  } else if (self->agent != NULL && g_strcmp0 (self->agent->id, agent->id) == 0) {
    porch_entity_assign (PORCH_ENTITY (self->agent), PORCH_ENTITY (agent));
  } else {
    g_set_object (&self->agent, agent);
    g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_AGENT]);
  }
}

/* What waited for the first business is over when the link is decided. */
static void
end_set_up (PorchClient *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->set_up);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
set_link (PorchClient *self, PorchLink link)
{
  if (self->link == link)
    return;
  self->link = link;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_LINK]);
  if (link != PORCH_LINK_CONNECTING && link != PORCH_LINK_SET_UP)
    end_set_up (self);
}

static void
hang_up (PorchClient *self)
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
  knock (self);
  return G_SOURCE_REMOVE;
}

static void
lose (PorchClient *self, const GError *error)
{
  g_debug ("link lost: %s", error->message);
  hang_up (self);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORBIDDEN)) {
    set_link (self, PORCH_LINK_REFUSED);
    return;
  }
  self->retry =
    porch_source_timeout (porch_pace_draw (&self->pace, self->n_failures++), on_retry, self);
  set_link (self, PORCH_LINK_OFFLINE);
}

/* ---- the stream ---- */

static void
start_over (PorchClient *self, JsonNode *frame)
{
  g_free (self->epoch);
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
    take_agent (self, agent);
  self->is_ready = TRUE;
  self->is_fresh = must_reload || !self->was_live;
  self->was_live = TRUE;
  self->n_failures = 0;
  set_link (self, PORCH_LINK_LIVE);
  if (must_reload)
    g_signal_emit (self, signals[RESET], 0);
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
    g_signal_emit (self, signals[RESET], 0);
}

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
  g_signal_emit (self, signals[EVENT], 0, json_node_get_object (frame));
}

static void
on_frame (PorchFeed *stream, JsonObject *object, PorchClient *self)
{
  g_autoptr (PorchClient) alive = g_object_ref (self);
  g_autoptr (JsonNode) frame = json_node_init_object (json_node_alloc (), object);
  const char *type = porch_shape_string (frame, "type");

  self->heard_us = porch_clock_now_us ();
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_HEARD_AT]);
  if (type == NULL || strcmp (type, "ping") == 0 || strcmp (type, "pong") == 0)
    return;
  if (strcmp (type, "ready") == 0)
    on_ready (self, frame);
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
  lose (self, error);
}

static SoupMessage *
make_message (PorchClient *self, PorchOpId op, const char *param, const char *query)
{
  g_autofree char *path = porch_op_build_path (op, param, query);
  g_autofree char *url = g_strconcat (self->base_url, path, NULL);
  SoupMessage *message = soup_message_new (porch_op_get (op)->verb, url);

  if (message != NULL && self->token != NULL) {
    g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  return message;
}

static void
open_stream (PorchClient *self)
{
  g_autofree char *query = NULL;
  g_autoptr (SoupMessage) message = NULL;

  if (self->epoch != NULL) {
    g_autofree char *epoch = g_uri_escape_string (self->epoch, NULL, FALSE);

    query = g_strdup_printf ("since=%" G_GINT64_FORMAT "&epoch=%s", self->seq, epoch);
  }
  message = make_message (self, PORCH_OP_EVENTS, NULL, query);
  self->stream = porch_feed_open (self->session, message, self->pace.silence_ms);
  g_signal_connect_object (self->stream, "frame", G_CALLBACK (on_frame), self, 0);
  g_signal_connect_object (self->stream, "closed", G_CALLBACK (on_closed), self, 0);
}

/* ---- who we are ---- */

static void
take_site (PorchClient *self, JsonNode *answer)
{
  set_text (self, &self->site_key, porch_shape_string (answer, "sites.0.key"), PROP_SITE_KEY);
  set_text (self, &self->site_domain, porch_shape_string (answer, "sites.0.domains.0"),
            PROP_SITE_DOMAIN);
}

static void
take_place (PorchClient *self, JsonNode *answer)
{
  const char *warning = porch_shape_string (answer, "warning");

  set_text (self, &self->business, porch_shape_string (answer, "business"), PROP_BUSINESS);
  set_text (self, &self->address, porch_shape_string (answer, "listening"), PROP_ADDRESS);
  set_text (self, &self->public_address, porch_shape_string (answer, "public_address"),
            PROP_PUBLIC_ADDRESS);
  set_text (self, &self->warning, warning != NULL ? warning : "", PROP_WARNING);
  take_site (self, answer);
}

static void
take_session (PorchClient *self, JsonNode *answer)
{
  JsonNode *agent = porch_shape_node (answer, "agent");
  const gboolean is_signed_in = agent != NULL && JSON_NODE_HOLDS_OBJECT (agent);

  take_place (self, answer);
  if (is_signed_in)
    take_agent (self, agent);

  if (!porch_shape_boolean (answer, "is_set_up"))
    set_link (self, PORCH_LINK_SET_UP);
  else if (is_signed_in)
    open_stream (self);
  else
    set_link (self, PORCH_LINK_REFUSED);
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
    lose (self, error);
  else
    take_session (self, answer);
}

static void
knock (PorchClient *self)
{
  hang_up (self);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->knocking = g_cancellable_new ();
  porch_client_call_async (self, PORCH_OP_SESSION_GET, NULL, NULL, NULL, self->knocking, on_session,
                           NULL);
}

/* ---- the object ---- */

static GDateTime *
make_heard_at (PorchClient *self)
{
  return self->heard_us != 0 ? g_date_time_new_from_unix_utc (self->heard_us / G_USEC_PER_SEC)
                             : NULL;
}

static void
porch_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchClient *self = PORCH_CLIENT (object);

  switch ((PorchClientProp) id) {
  case PROP_LINK:
    g_value_set_enum (value, self->link);
    break;
  case PROP_AGENT:
    g_value_set_object (value, self->agent);
    break;
  case PROP_BUSINESS:
    g_value_set_string (value, self->business);
    break;
  case PROP_SITE_KEY:
    g_value_set_string (value, self->site_key);
    break;
  case PROP_SITE_DOMAIN:
    g_value_set_string (value, self->site_domain);
    break;
  case PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case PROP_PUBLIC_ADDRESS:
    g_value_set_string (value, self->public_address);
    break;
  case PROP_WARNING:
    g_value_set_string (value, self->warning);
    break;
  case PROP_HEARD_AT:
    g_value_take_boxed (value, make_heard_at (self));
    break;
  }
}

static void
porch_client_dispose (GObject *object)
{
  PorchClient *self = PORCH_CLIENT (object);

  porch_client_close (self);
  g_clear_object (&self->session);
  g_clear_object (&self->agent);

  G_OBJECT_CLASS (porch_client_parent_class)->dispose (object);
}

static void
porch_client_finalize (GObject *object)
{
  PorchClient *self = PORCH_CLIENT (object);

  g_clear_object (&self->cancellable);
  g_free (self->base_url);
  g_free (self->token);
  g_free (self->unix_path);
  g_free (self->epoch);
  g_free (self->business);
  g_free (self->site_key);
  g_free (self->site_domain);
  g_free (self->address);
  g_free (self->public_address);
  g_free (self->warning);

  G_OBJECT_CLASS (porch_client_parent_class)->finalize (object);
}

static GParamSpec *
new_string_pspec (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
porch_client_class_init (PorchClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_client_get_property;
  object_class->dispose = porch_client_dispose;
  object_class->finalize = porch_client_finalize;

  pspecs[PROP_LINK] =
    g_param_spec_enum ("link", NULL, NULL, porch_link_get_type (), PORCH_LINK_CONNECTING, flags);
  pspecs[PROP_AGENT] = g_param_spec_object ("agent", NULL, NULL, PORCH_TYPE_AGENT, flags);
  pspecs[PROP_BUSINESS] = new_string_pspec ("business");
  pspecs[PROP_SITE_KEY] = new_string_pspec ("site-key");
  pspecs[PROP_SITE_DOMAIN] = new_string_pspec ("site-domain");
  pspecs[PROP_ADDRESS] = new_string_pspec ("address");
  pspecs[PROP_PUBLIC_ADDRESS] = new_string_pspec ("public-address");
  pspecs[PROP_WARNING] = new_string_pspec ("warning");
  pspecs[PROP_HEARD_AT] = g_param_spec_boxed ("heard-at", NULL, NULL, G_TYPE_DATE_TIME, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[EVENT] = g_signal_new ("event", PORCH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[RESET] = g_signal_new ("reset", PORCH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
porch_client_init (PorchClient *self)
{
  self->cancellable = g_cancellable_new ();
  self->pace = porch_pace_default;
  self->wanted_status = -1;
  self->warning = g_strdup ("");
}

PorchClient *
porch_client_new (const char *unix_path, const char *base_url, const char *token)
{
  PorchClient *self = NULL;

  g_return_val_if_fail ((unix_path != NULL) != (base_url != NULL), NULL);

  self = g_object_new (PORCH_TYPE_CLIENT, NULL);
  self->unix_path = g_strdup (unix_path);
  self->base_url = g_strdup (base_url != NULL ? base_url : LOCAL_URL);
  self->token = g_strdup (token);
  if (g_str_has_suffix (self->base_url, "/"))
    self->base_url[strlen (self->base_url) - 1] = '\0';
  return self;
}

void
porch_client_start (PorchClient *self)
{
  g_return_if_fail (self->session == NULL);

  self->session = porch_fetch_session_new (self->unix_path, self->pace.answer_s);
  knock (self);
}

void
porch_client_close (PorchClient *self)
{
  g_cancellable_cancel (self->cancellable);
  hang_up (self);
  end_set_up (self);
  if (self->session != NULL)
    soup_session_abort (self->session);
}

void
porch_client_retry (PorchClient *self)
{
  if (self->link == PORCH_LINK_LIVE || self->session == NULL)
    return;
  self->n_failures = 0;
  knock (self);
}

PorchLink
porch_client_get_link (PorchClient *self)
{
  return self->link;
}

PorchAgent *
porch_client_get_agent (PorchClient *self)
{
  return self->agent;
}

const char *
porch_client_get_business (PorchClient *self)
{
  return self->business;
}

const char *
porch_client_get_site_key (PorchClient *self)
{
  return self->site_key;
}

const char *
porch_client_get_address (PorchClient *self)
{
  return self->address;
}

const char *
porch_client_get_public_address (PorchClient *self)
{
  return self->public_address;
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

char *
porch_client_dup_snippet (PorchClient *self)
{
  if (self->address == NULL || self->site_key == NULL)
    return NULL;
  return g_strdup_printf ("<script async src=\"%s/widget.js\" data-site=\"%s\"></script>",
                          self->public_address != NULL ? self->public_address : self->address,
                          self->site_key);
}

char *
porch_client_dup_try_url (PorchClient *self)
{
  return self->address != NULL ? g_strconcat (self->address, "/try", NULL) : NULL;
}

void
porch_client_set_pace (PorchClient *self, const PorchPace *pace)
{
  self->pace = *pace;
}

const PorchPace *
porch_client_get_pace (PorchClient *self)
{
  return &self->pace;
}

gint64
porch_client_get_ready_seq (PorchClient *self)
{
  return self->ready_seq;
}

gboolean
porch_client_error_passes (const GError *error)
{
  if (error->domain != PORCH_ERROR)
    return TRUE;
  return porch_error_is_retryable (error->code) || error->code == PORCH_ERROR_UNAUTHORIZED;
}

/* ---- calls ---- */

typedef struct {
  SoupMessage *message;
  guint retry_ms;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->message);
  g_free (call);
}

/* The tree of a good answer. One that cannot be read comes from something between us and the
 * server, so the server was not reached. */
static JsonNode *
read_answer (GBytes *body, GError **error)
{
  const gint64 begin = porch_stall_begin ();
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (GError) reason = NULL;
  JsonNode *answer = NULL;

  if (length == 0)
    return json_node_new (JSON_NODE_NULL);
  answer = porch_json_parse (text, length, ANSWER_BYTES, &reason);
  porch_stall_end (begin, "reading an answer");
  if (answer == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_OFFLINE, "reading an answer: %s", reason->message);
  return answer;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PorchClient *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  const guint status = soup_message_get_status (call->message);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = porch_fetch_send_finish (result, &error);
  JsonNode *answer = NULL;
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (body != NULL && SOUP_STATUS_IS_SUCCESSFUL (status))
    answer = read_answer (body, &error);
  else if (body != NULL)
    error = porch_problem_to_error (status, text, length, &call->retry_ms);

  if (answer != NULL) {
    g_task_return_pointer (task, answer, (GDestroyNotify) json_node_unref);
    return;
  }
  /* Signed out: the stream would only find out later. */
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_UNAUTHORIZED) &&
      self->link == PORCH_LINK_LIVE)
    lose (self, error);
  g_task_return_error (task, g_steal_pointer (&error));
}

void
porch_client_call_async (PorchClient *self,
                         PorchOpId op,
                         const char *param,
                         const char *query,
                         GString *body,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GBytes) bytes = body != NULL ? g_string_free_to_bytes (body) : NULL;
  Call *call = NULL;

  g_task_set_source_tag (task, porch_client_call_async);
  if (g_cancellable_is_cancelled (self->cancellable) || self->session == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the client was closed");
    return;
  }
  call = g_new0 (Call, 1);
  g_task_set_task_data (task, call, free_call);
  call->message = make_message (self, op, param, query);
  if (call->message == NULL) {
    g_task_return_new_error (task, PORCH_ERROR, PORCH_ERROR_OFFLINE, "%s is no address",
                             self->base_url);
    return;
  }
  if (bytes != NULL)
    soup_message_set_request_body_from_bytes (call->message, "application/json", bytes);
  porch_fetch_send_async (self->session, call->message, ANSWER_BYTES, cancellable, on_answer,
                          g_steal_pointer (&task));
}

guint
porch_client_call_get_retry_ms (GAsyncResult *result)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  return call != NULL ? call->retry_ms : 0;
}

JsonNode *
porch_client_call_finish (PorchClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- first run ---- */

static void
on_set_up (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  end_set_up (self);
  self->set_up = g_steal_pointer (&task);
  set_link (self, PORCH_LINK_CONNECTING);
  knock (self);
}

void
porch_client_set_up_async (PorchClient *self,
                           const char *business,
                           const char *name,
                           const char *domain,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  g_task_set_source_tag (task, porch_client_set_up_async);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "business", business);
  porch_writer_string (&writer, "name", name);
  porch_writer_string (&writer, "domain", domain);
  porch_writer_end (&writer);
  porch_client_call_async (self, PORCH_OP_SETUP_CREATE, NULL, NULL, body, cancellable, on_set_up,
                           task);
}

gboolean
porch_client_set_up_finish (PorchClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- our status ---- */

static void
on_status_set (GObject *source, GAsyncResult *result, gpointer data)
{
  PorchClient *self = PORCH_CLIENT (source);
  const int status = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = porch_client_call_finish (self, result, &error);

  if (answer == NULL && porch_client_error_passes (error))
    return;
  if (self->wanted_status == status)
    self->wanted_status = -1;
  if (answer != NULL)
    take_agent (self, answer);
}

void
porch_client_set_status (PorchClient *self, PorchStatus status)
{
  GString *body = NULL;

  /* What was chosen offline is told as soon as there is somebody to tell. */
  self->wanted_status = (int) status;
  if (self->agent != NULL)
    g_object_set (self->agent, "wanted-status", status, NULL);
  if (self->link != PORCH_LINK_LIVE)
    return;

  body = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (body);

  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "status", porch_word_nick (porch_status_get_type (), (int) status));
  porch_writer_end (&writer);
  porch_client_call_async (self, PORCH_OP_STATUS_SET, NULL, NULL, body, self->cancellable,
                           on_status_set, GINT_TO_POINTER ((int) status));
}
