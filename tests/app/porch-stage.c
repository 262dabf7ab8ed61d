/* porch-stage.c - a whole server in the test's own loop, and raw lines to it: what the wire says,
 * as it says it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage.h"

#include "folder.h"
#include "porch-stall.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

static char *runtime;

void
porch_stage_init (void)
{
  runtime = g_dir_make_tmp ("porch-run-XXXXXX", NULL);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
}

int
porch_stage_run (void)
{
  int status = g_test_run ();
  g_autofree char *folder = g_build_filename (runtime, "porchlight", NULL);

  g_rmdir (folder);
  g_rmdir (runtime);
  g_free (runtime);
  return status;
}

static void
on_answer (GString *answer, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  g_string_free (answer, TRUE);
  *(gboolean *) data = TRUE;
}

static void
set_up (PorchStage *self)
{
  PorchSetupInput *in = porch_command_new_input (&porch_business_set_up);
  gboolean is_done = FALSE;

  in->business = g_strdup ("Juniper Row");
  in->name = g_strdup ("Ines Castro");
  in->email = g_strdup ("ines@staff.example");
  in->domain = g_strdup ("juniper.example");
  porch_service_set_up (porch_stage_service (self), in, NULL, NULL, on_answer, &is_done);
  porch_stage_wait (is_done);
}

void
porch_stage_open (PorchStage *self)
{
  g_autoptr (GError) error = NULL;

  self->host = porch_host_new (self->folder, &error);
  g_assert_no_error (error);
  g_assert_true (porch_host_listen (self->host, "127.0.0.1", 0, FALSE, &error));
  g_assert_no_error (error);
}

static void
on_stopped (gpointer data)
{
  *(gboolean *) data = TRUE;
}

void
porch_stage_close (PorchStage *self)
{
  gboolean has_stopped = FALSE;

  porch_host_stop (self->host, on_stopped, &has_stopped);
  porch_stage_wait (has_stopped);
  g_clear_pointer (&self->host, porch_host_free);
}

static void
free_line (gpointer data)
{
  PorchLine *line = data;

  if (line->socket != NULL)
    g_signal_handlers_disconnect_by_data (line->socket, line);
  g_clear_object (&line->socket);
  g_ptr_array_unref (line->frames);
  g_free (line);
}

PorchStage *
porch_stage_new_empty (void)
{
  PorchStage *self = g_new0 (PorchStage, 1);

  self->folder = g_dir_make_tmp ("porch-stage-XXXXXX", NULL);
  self->session =
    soup_session_new_with_options ("proxy-resolver", NULL, "max-conns-per-host", 100, NULL);
  self->lines = g_ptr_array_new_with_free_func (free_line);
  porch_stage_open (self);
  return self;
}

PorchStage *
porch_stage_new (void)
{
  PorchStage *self = porch_stage_new_empty ();

  set_up (self);
  return self;
}

void
porch_stage_free (PorchStage *self)
{
  if (self->host != NULL)
    porch_stage_close (self);
  g_ptr_array_unref (self->lines);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&self->answer_headers, soup_message_headers_unref);
  folder_remove (self->folder);
  g_free (self->folder);
  g_free (self);
  if (PORCH_STALL_GUARD == 2)
    g_assert_cmpuint (porch_stall_get_count (), ==, 0);
}

PorchService *
porch_stage_service (PorchStage *self)
{
  return porch_host_get_service (self->host);
}

const char *
porch_stage_site_key (PorchStage *self)
{
  return ((PorchSite *) porch_service_get_sites (porch_stage_service (self))->pdata[0])->key;
}

/* ---- agents ---- */

static void
on_session (const char *token, PorchAgent *agent, const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(char **) data = g_strdup (token);
}

static char *
open_session (PorchStage *self, PorchAgent *agent)
{
  char *token = NULL;

  porch_service_open_session (porch_stage_service (self), agent, on_session, &token);
  porch_stage_wait (token != NULL);
  return token;
}

char *
porch_stage_sign_in (PorchStage *self)
{
  return open_session (self, porch_service_get_local_agent (porch_stage_service (self)));
}

static PorchAgent *
find_agent (PorchStage *self, const char *name)
{
  GPtrArray *agents = porch_service_get_agents (porch_stage_service (self));

  for (guint i = 0; i < agents->len; i++)
    if (strcmp (((PorchAgent *) agents->pdata[i])->name, name) == 0)
      return agents->pdata[i];
  return NULL;
}

char *
porch_stage_add_agent (PorchStage *self, const char *name, const char *department, char **id)
{
  PorchAgentInput *in = porch_command_new_input (&porch_business_add_agent);
  gboolean is_done = FALSE;
  PorchAgent *agent;

  in->name = g_strdup (name);
  in->email = g_strdup_printf ("%s@staff.example", name);
  in->department = g_strdup (department);
  porch_service_add_agent (porch_stage_service (self), in, NULL, NULL, on_answer, &is_done);
  porch_stage_wait (is_done);
  /* The list is read anew after that. */
  porch_stage_wait ((agent = find_agent (self, name)) != NULL);
  if (id != NULL)
    *id = g_strdup (agent->id);
  return open_session (self, agent);
}

/* ---- lines ---- */

static void
on_frame (SoupWebsocketConnection *socket, int type, GBytes *bytes, PorchLine *line)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (line->frames, g_strndup (data, length));
}

static void
on_closed (SoupWebsocketConnection *socket, PorchLine *line)
{
  line->close_code = soup_websocket_connection_get_close_code (socket);
  if (line->close_code == 0)
    line->close_code = SOUP_WEBSOCKET_CLOSE_ABNORMAL;
}

typedef struct {
  PorchLine *line;
  SoupMessage *message;
  gboolean is_done;
} Connecting;

static void
on_connected (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Connecting *connecting = data;
  PorchLine *line = connecting->line;

  line->socket = soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error);
  if (line->socket == NULL) {
    line->status = soup_message_get_status (connecting->message);
  } else {
    soup_websocket_connection_set_max_incoming_payload_size (line->socket, 0);
    g_signal_connect (line->socket, "message", G_CALLBACK (on_frame), line);
    g_signal_connect (line->socket, "closed", G_CALLBACK (on_closed), line);
  }
  connecting->is_done = TRUE;
}

static void
authorize (SoupMessage *message, const char *token)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
}

static PorchLine *
connect_from (PorchStage *self, const char *path, const char *token, const char *origin)
{
  g_autofree char *uri =
    g_strdup_printf ("ws%s%s", porch_host_get_address (self->host) + strlen ("http"), path);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  Connecting connecting = { .line = g_new0 (PorchLine, 1), .message = message };

  connecting.line->frames = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->lines, connecting.line);
  authorize (message, token);
  soup_session_websocket_connect_async (self->session, message, origin, NULL, G_PRIORITY_DEFAULT,
                                        NULL, on_connected, &connecting);
  porch_stage_wait (connecting.is_done);
  return connecting.line;
}

PorchLine *
porch_stage_connect (PorchStage *self, const char *path, const char *token)
{
  return connect_from (self, path, token, NULL);
}

PorchLine *
porch_stage_arrive (PorchStage *self, const char *department, const char *origin)
{
  g_autofree char *path =
    g_strdup_printf ("/livechat/ws/%s/?site=%s", department, porch_stage_site_key (self));

  return connect_from (self, path, NULL, origin);
}

PorchLine *
porch_stage_visit (PorchStage *self, const char *hello)
{
  PorchLine *line = porch_stage_arrive (self, "any", NULL);

  g_assert_nonnull (line->socket);
  porch_line_say (line, "{\"type\":\"hello\"%s%s}", hello != NULL ? "," : "",
                  hello != NULL ? hello : "");
  porch_line_next (line, "welcome");
  return line;
}

PorchLine *
porch_stage_listen (PorchStage *self, const char *token, const char *query)
{
  g_autofree char *path =
    g_strdup_printf ("/api/v1/events%s%s", query != NULL ? "?" : "", query != NULL ? query : "");
  PorchLine *line = porch_stage_connect (self, path, token);

  g_assert_nonnull (line->socket);
  porch_line_next (line, "ready");
  return line;
}

void
porch_line_say (PorchLine *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  soup_websocket_connection_send_text (self->socket, text);
}

static gboolean
is_of_type (const char *frame, const char *type)
{
  g_autofree char *member = g_strdup_printf ("\"type\":\"%s\"", type);

  return strstr (frame, member) != NULL;
}

static const char *
read_next (PorchLine *self, const char *type)
{
  while (self->n_read < self->frames->len) {
    const char *frame = self->frames->pdata[self->n_read++];

    if (is_of_type (frame, type))
      return frame;
  }
  return NULL;
}

const char *
porch_line_next (PorchLine *self, const char *type)
{
  const char *found = NULL;

  porch_stage_wait ((found = read_next (self, type)) != NULL);
  return found;
}

int
porch_line_find (PorchLine *self, const char *needle)
{
  for (guint i = 0; i < self->frames->len; i++)
    if (strstr (self->frames->pdata[i], needle) != NULL)
      return i;
  return -1;
}

static guint
count_frames (PorchLine *self, const char *needle)
{
  guint n = 0;

  for (guint i = 0; i < self->frames->len; i++)
    n += strstr (self->frames->pdata[i], needle) != NULL;
  return n;
}

void
porch_line_wait (PorchLine *self, const char *needle, guint n)
{
  porch_stage_wait (count_frames (self, needle) >= n);
}

void
porch_line_close (PorchLine *self)
{
  if (self->close_code != 0)
    return;
  soup_websocket_connection_close (self->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  porch_stage_wait (self->close_code != 0);
}

/* ---- requests ---- */

typedef struct {
  GBytes *body;
  gboolean is_done;
} Calling;

static void
on_called (GObject *session, GAsyncResult *result, gpointer data)
{
  Calling *calling = data;

  calling->body = soup_session_send_and_read_finish (SOUP_SESSION (session), result, NULL);
  calling->is_done = TRUE;
}

static SoupMessage *
new_message (PorchStage *self, const PorchAsk *ask)
{
  g_autofree char *uri = g_strconcat (porch_host_get_address (self->host), ask->path, NULL);
  SoupMessage *message = soup_message_new (ask->verb, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) body = ask->body != NULL ? g_bytes_new (ask->body, strlen (ask->body)) : NULL;

  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  for (guint i = 0; i < G_N_ELEMENTS (ask->headers) && ask->headers[i].name != NULL; i++)
    soup_message_headers_replace (headers, ask->headers[i].name, ask->headers[i].value);
  return message;
}

/* The window's door. The socket of another file is another one, so a session lives for one call. */
static SoupSession *
new_local_session (PorchStage *self)
{
  g_autoptr (GSocketAddress) address =
    g_unix_socket_address_new (porch_host_get_socket (self->host));

  return soup_session_new_with_options ("remote-connectable", address, NULL);
}

char *
porch_stage_ask (PorchStage *self, const PorchAsk *ask, guint *status)
{
  g_autoptr (SoupSession) session =
    ask->is_local ? new_local_session (self) : g_object_ref (self->session);
  g_autoptr (SoupMessage) message = new_message (self, ask);
  Calling calling = { 0 };
  gsize length = 0;
  const char *text;
  char *answer;

  authorize (message, ask->token);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, on_called,
                                    &calling);
  porch_stage_wait (calling.is_done);
  if (status != NULL)
    *status = soup_message_get_status (message);
  g_clear_pointer (&self->answer_headers, soup_message_headers_unref);
  self->answer_headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  text = calling.body != NULL ? g_bytes_get_data (calling.body, &length) : NULL;
  answer = g_strndup (text != NULL ? text : "", length);
  g_clear_pointer (&calling.body, g_bytes_unref);
  return answer;
}

char *
porch_stage_call (PorchStage *self,
                  const char *verb,
                  const char *path,
                  const char *token,
                  const char *body,
                  guint *status)
{
  const PorchAsk ask = { .verb = verb, .path = path, .token = token, .body = body };

  return porch_stage_ask (self, &ask, status);
}

char *
porch_stage_call_from (PorchStage *self,
                       const char *verb,
                       const char *path,
                       const char *token,
                       const char *origin,
                       guint *status)
{
  const PorchAsk ask = { .verb = verb,
                         .path = path,
                         .token = token,
                         .headers = { { origin != NULL ? "Origin" : NULL, origin } } };

  return porch_stage_ask (self, &ask, status);
}

const char *
porch_stage_get_header (PorchStage *self, const char *name)
{
  return soup_message_headers_get_one (self->answer_headers, name);
}

void
porch_stage_settle (PorchStage *self)
{
  /* An answer comes after what was sent before it has been read, and each of a few rounds lets what
   * came of the one before go its way. */
  for (guint i = 0; i < 5; i++)
    g_free (porch_stage_call (self, "GET", "/healthz", NULL, NULL, NULL));
}

char *
porch_stage_dup_member (const char *json, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":", name);
  const char *value = strstr (json, start);

  if (value == NULL)
    return NULL;
  value += strlen (start);
  if (*value == '"')
    return g_strndup (value + 1, strcspn (value + 1, "\""));
  return g_strndup (value, strcspn (value, ",}]"));
}
