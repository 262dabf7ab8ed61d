/* porch-widget-rest.c - the widget's REST paths: the same rules as the socket's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"
#include "porch-id.h"
#include "porch-secret.h"
#include "porch-text.h"
#include "porch-visitor-commands.h"
#include "porch-widget-frames.h"

#include <string.h>

#define BODY_MAX     65536
#define PAGE_DEFAULT 50
#define PAGE_MAX     200

/* A call on its way. */
typedef struct {
  PorchWidget *widget;
  PorchCall *call;
  PorchSite *site;
  char *visitor, *token;
  const char *peer;  /* NULL: this computer */
  gboolean is_start; /* counted as the beginning of a conversation */
  PorchFrame frame;
  void (*go_on) (gpointer visit); /* with the visitor known */
} Visit;

static void
free_visit (Visit *visit)
{
  porch_frame_clear (&visit->frame);
  g_clear_object (&visit->site);
  g_clear_object (&visit->call);
  g_clear_pointer (&visit->visitor, g_free);
  porch_secret_free (visit->token);
  g_free (visit);
}

static Visit *
new_visit (PorchCall *call, PorchWidget *widget)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->widget = widget;
  visit->call = g_object_ref (call);
  visit->peer = porch_call_is_loopback (call) ? NULL : porch_call_get_peer (call);
  return visit;
}

static void
fail_visit (Visit *visit, const GError *error)
{
  porch_call_fail (visit->call, error);
  free_visit (visit);
}

static void
fail_visit_code (Visit *visit, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (PORCH_ERROR, code, message);

  fail_visit (visit, error);
}

static gboolean
read_body (Visit *visit)
{
  GBytes *body = porch_call_get_body (visit->call);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autoptr (GError) error = NULL;

  if (porch_frame_scan (&visit->frame, data != NULL ? data : "", length, &error))
    return TRUE;
  fail_visit (visit, error);
  return FALSE;
}

/* ---- who ---- */

static void
on_who (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Visit *visit = data;
  PorchWhoResult *who = out;

  if (error != NULL) {
    fail_visit (visit, error);
    return;
  }
  g_set_object (&visit->site, porch_service_get_site (visit->widget->service, who->site));
  if (visit->site == NULL) {
    fail_visit_code (visit, PORCH_ERROR_NOT_FOUND, "no such site");
    return;
  }
  if (!porch_widget_check_origin (visit->widget, visit->call, visit->site)) {
    free_visit (visit);
    return;
  }
  visit->visitor = g_steal_pointer (&who->visitor);
  visit->is_start = !who->has_conversation;
  visit->go_on (visit);
}

static void
find_who (Visit *visit, void (*go_on) (gpointer visit))
{
  const char *token = porch_call_get_bearer (visit->call);
  PorchWhoInput *in;

  if (token == NULL) {
    fail_visit_code (visit, PORCH_ERROR_UNAUTHORIZED, "a token is needed");
    return;
  }
  visit->go_on = go_on;
  in = porch_command_new_input (&porch_visitor_who);
  in->token_hash = porch_token_hash (token);
  in->conversation = g_strdup (porch_call_get_param (visit->call, "conversation"));
  porch_service_run (visit->widget->service, &porch_visitor_who, in, on_who, visit);
}

/* ---- session ---- */

static void
write_conversations (PorchWriter *writer,
                     PorchService *service,
                     const char *name,
                     GPtrArray *conversations)
{
  porch_writer_begin_array (writer, name);
  for (guint i = 0; i < conversations->len; i++) {
    porch_writer_begin (writer, NULL);
    porch_frames_write_conversation (writer, service, conversations->pdata[i]);
    porch_writer_end (writer);
  }
  porch_writer_end_array (writer);
}

static void
on_entered (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Visit *visit = data;
  const PorchEnterResult *entered = out;
  const PorchMember *old = porch_frame_find (&visit->frame, "token");
  GString *text = NULL;

  if (error != NULL) {
    fail_visit (visit, error);
    return;
  }
  text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);
  porch_writer_begin (&writer, NULL);
  porch_writer_string (&writer, "token", entered->is_new_token ? visit->token : old->string);
  porch_writer_string (&writer, "visitor_id", entered->visitor->id);
  porch_writer_begin (&writer, "profile");
  porch_writer_string (&writer, "name", entered->contact->name);
  porch_writer_string (&writer, "email", entered->contact->email);
  porch_writer_end (&writer);
  write_conversations (&writer, visit->widget->service, "conversations", entered->conversations);
  porch_writer_end (&writer);
  porch_call_reply_json (visit->call, 200, text);
  free_visit (visit);
}

static gboolean
check_profile (Visit *visit, const char *email)
{
  g_autofree char *good = porch_text_dup_email (email);

  if (email == NULL || good != NULL || porch_text_is_blank (email))
    return TRUE;
  fail_visit_code (visit, PORCH_ERROR_BAD_MESSAGE, "profile.email is not an address");
  return FALSE;
}

static void
on_session (PorchCall *call, gpointer data)
{
  PorchWidget *self = data;
  Visit *visit = new_visit (call, self);
  const char *key = NULL, *token = NULL, *name = NULL, *email = NULL;
  g_autoptr (GError) error = NULL;
  PorchEnterInput *in;

  if (!read_body (visit))
    return;
  if (!porch_frame_read_string (&visit->frame, "site", TRUE, &key, &error) ||
      !porch_frame_read_string (&visit->frame, "token", FALSE, &token, &error) ||
      !porch_frame_read_string (&visit->frame, "profile.name", FALSE, &name, &error) ||
      !porch_frame_read_string (&visit->frame, "profile.email", FALSE, &email, &error)) {
    fail_visit (visit, error);
    return;
  }
  g_set_object (&visit->site, porch_service_find_site (self->service, key));
  if (visit->site == NULL) {
    fail_visit_code (visit, PORCH_ERROR_NOT_FOUND, "no such site");
    return;
  }
  if (!porch_widget_check_origin (self, call, visit->site)) {
    free_visit (visit);
    return;
  }
  if (!check_profile (visit, email))
    return;
  in = porch_command_new_input (&porch_visitor_enter);
  visit->token = porch_token_new ("vt_");
  in->site = g_strdup (visit->site->id);
  in->token_hash = token != NULL ? porch_token_hash (token) : NULL;
  in->new_token_hash = porch_token_hash (visit->token);
  in->name = g_strdup (name);
  in->email = g_strdup (email);
  porch_service_run (self->service, &porch_visitor_enter, in, on_entered, visit);
}

/* ---- reading ---- */

static void
on_own (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Visit *visit = data;
  GString *text = NULL;

  if (error != NULL) {
    fail_visit (visit, error);
    return;
  }
  text = g_string_new (NULL);
  PorchWriter writer = PORCH_WRITER_INIT (text);
  porch_writer_begin (&writer, NULL);
  write_conversations (&writer, visit->widget->service, "items",
                       ((PorchOwnResult *) out)->conversations);
  porch_writer_end (&writer);
  porch_call_reply_json (visit->call, 200, text);
  free_visit (visit);
}

static void
list_own (gpointer data)
{
  Visit *visit = data;
  PorchOwnInput *in = porch_command_new_input (&porch_visitor_conversations);

  in->visitor = g_strdup (visit->visitor);
  porch_service_run (visit->widget->service, &porch_visitor_conversations, in, on_own, visit);
}

static void
on_conversations (PorchCall *call, gpointer data)
{
  find_who (new_visit (call, data), list_own);
}

/* Runs where it was read: a page of long messages is more than a megabyte, and the loop has others.
 */
static void
render_history (gconstpointer out, PorchWriter *writer)
{
  const PorchHistoryResult *result = out;

  porch_writer_begin (writer, NULL);
  porch_writer_begin_array (writer, "items");
  for (guint i = 0; i < result->messages->len; i++) {
    PorchMessage *message = result->messages->pdata[i];

    if (!porch_frames_is_for_visitors (message))
      continue;
    porch_writer_begin (writer, NULL);
    porch_frames_write_message (writer, result->conversation, message);
    porch_writer_end (writer);
  }
  porch_writer_end_array (writer);
  porch_writer_boolean (writer, "has_more", result->has_more);
  porch_writer_end (writer);
}

static const PorchCommand *
get_history_question (void)
{
  static PorchCommand question;

  if (question.run == NULL) {
    question = porch_visitor_history;
    question.render = render_history;
  }
  return &question;
}

static void
on_history (GString *answer, const GError *error, gpointer data)
{
  Visit *visit = data;

  if (error != NULL) {
    fail_visit (visit, error);
    return;
  }
  porch_call_reply_json (visit->call, 200, answer);
  free_visit (visit);
}

static gboolean
read_number (Visit *visit, const char *name, gint64 most, gint64 *value)
{
  const char *text = porch_call_get_query (visit->call, name);

  return text == NULL || g_ascii_string_to_signed (text, 10, 1, most, value, NULL);
}

static void
read_history (gpointer data)
{
  Visit *visit = data;
  gint64 before = 0, after = 0, limit = PAGE_DEFAULT;
  PorchHistoryInput *in;

  if (!read_number (visit, "before", G_MAXINT64, &before) ||
      !read_number (visit, "after", G_MAXINT64, &after) ||
      !read_number (visit, "limit", PAGE_MAX, &limit)) {
    fail_visit_code (visit, PORCH_ERROR_BAD_MESSAGE, "before, after or limit is no such number");
    return;
  }
  in = porch_command_new_input (&porch_visitor_history);
  in->visitor = g_strdup (visit->visitor);
  in->conversation = g_strdup (porch_call_get_param (visit->call, "conversation"));
  in->before = before;
  in->after = after;
  in->limit = limit;
  porch_service_answer (visit->widget->service, get_history_question (), in, NULL, on_history,
                        visit);
}

static void
on_messages (PorchCall *call, gpointer data)
{
  find_who (new_visit (call, data), read_history);
}

/* ---- writing ---- */

static void
on_written (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Visit *visit = data;
  const PorchWriteResult *result = out;

  if (visit->is_start && (error != NULL || !result->is_new))
    porch_widget_give_back_start (visit->widget, visit->peer);
  if (g_error_matches (error, PORCH_ERROR, PORCH_ERROR_GAP)) {
    const PorchWriteInput *asked = in;

    /* 409 as any conflict, with what the sender needs to go on. */
    porch_call_reply_json (
      visit->call, 409,
      porch_frames_new_gap (asked->conversation, asked->device, result->expected));
    free_visit (visit);
  } else if (error != NULL) {
    fail_visit (visit, error);
  } else {
    porch_call_reply_json (visit->call, 200,
                           porch_frames_new_ack (result->conversation, result->message));
    free_visit (visit);
  }
}

static void
write_message (gpointer data)
{
  Visit *visit = data;
  const char *conversation = porch_call_get_param (visit->call, "conversation");
  const char *id = NULL, *text = NULL, *department = NULL, *site = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;
  gint64 n = 0;
  guint wait_ms;
  PorchWriteInput *in;

  if (!porch_frame_read_string (&visit->frame, "id", TRUE, &id, &error) ||
      !porch_id_parse_message (id, &device, &n, &error) ||
      !porch_frame_read_string (&visit->frame, "message", TRUE, &text, &error) ||
      !porch_frame_read_string (&visit->frame, "department", FALSE, &department, &error) ||
      !porch_frame_read_string (&visit->frame, "site", FALSE, &site, &error)) {
    fail_visit (visit, error);
    return;
  }
  if (!porch_id_is_conversation (conversation)) {
    fail_visit_code (visit, PORCH_ERROR_BAD_MESSAGE, "conversation is not an id");
    return;
  }
  wait_ms = porch_widget_check_rate (visit->widget, visit->visitor, visit->peer, visit->is_start);
  if (wait_ms != 0) {
    porch_call_fail_later (visit->call, PORCH_ERROR_RATE_LIMITED, "too fast", wait_ms);
    free_visit (visit);
    return;
  }
  in = porch_command_new_input (&porch_visitor_write);
  in->visitor = g_strdup (visit->visitor);
  in->conversation = g_strdup (conversation);
  in->department = g_strdup (department);
  in->device = g_steal_pointer (&device);
  in->n = n;
  in->text = g_strdup (text);
  porch_service_run (visit->widget->service, &porch_visitor_write, in, on_written, visit);
}

static void
on_write (PorchCall *call, gpointer data)
{
  Visit *visit = new_visit (call, data);

  if (read_body (visit))
    find_who (visit, write_message);
}

static void
on_rated (gpointer in, gpointer out, const GError *error, gpointer data)
{
  Visit *visit = data;

  if (error != NULL) {
    fail_visit (visit, error);
    return;
  }
  porch_call_reply_empty (visit->call);
  free_visit (visit);
}

static void
rate (gpointer data)
{
  Visit *visit = data;
  g_autoptr (GError) error = NULL;
  const char *comment = NULL;
  gint64 score = 0;
  PorchRateInput *in;

  if (!porch_frame_read_int (&visit->frame, "score", TRUE, &score, &error) ||
      !porch_frame_read_string (&visit->frame, "comment", FALSE, &comment, &error)) {
    fail_visit (visit, error);
    return;
  }
  in = porch_command_new_input (&porch_visitor_rate);
  in->visitor = g_strdup (visit->visitor);
  in->conversation = g_strdup (porch_call_get_param (visit->call, "conversation"));
  in->score = score;
  in->comment = g_strdup (comment);
  porch_service_run (visit->widget->service, &porch_visitor_rate, in, on_rated, visit);
}

static void
on_rating (PorchCall *call, gpointer data)
{
  Visit *visit = new_visit (call, data);

  if (read_body (visit))
    find_who (visit, rate);
}

void
porch_widget_add_rest (PorchWidget *self, PorchServer *server)
{
  static const PorchRoute routes[] = {
    { "POST", "/widget/session", BODY_MAX, on_session },
    { "GET", "/widget/conversations", 0, on_conversations },
    { "GET", "/widget/conversations/{conversation}/messages", 0, on_messages },
    { "POST", "/widget/conversations/{conversation}/messages", BODY_MAX, on_write },
    { "POST", "/widget/conversations/{conversation}/rating", BODY_MAX, on_rating },
  };

  porch_server_add_routes (server, routes, G_N_ELEMENTS (routes), self);
}
