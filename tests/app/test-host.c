/* test-host.c - server, agent's client and a visitor on one loop: the main job, without a display
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "folder.h"
#include "porch-codec.h"
#include "porch-host.h"
#include "porch-mirror.h"
#include "porch-stall.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define DEVICE      "AAAAAAAAAAAAAAAAAAAAAA"
#define HANDLE      "new-BBBBBBBBBBBBBBBBBBBBBB"
#define PATIENCE_US (20 * G_TIME_SPAN_SECOND)

typedef struct {
  char *folder;
  PorchHost *host;
  PorchClient *client;
  PorchMirror *mirror;
  SoupSession *session;
  SoupWebsocketConnection *socket;
  GPtrArray *frames; /* texts the visitor got */
  guint n_arrived;
  gboolean has_stopped, is_set_up;
} Scene;

/* Runs the loop until @condition is true; a minute that never comes is a failure. */
#define wait_until(condition) \
  G_STMT_START \
  { \
    gint64 deadline = g_get_monotonic_time () + PATIENCE_US; \
    while (!(condition)) { \
      g_assert_cmpint (g_get_monotonic_time (), <, deadline); \
      if (!g_main_context_iteration (NULL, FALSE)) \
        g_usleep (200); \
    } \
  } \
  G_STMT_END

static void
on_arrived (PorchMirror *mirror,
            PorchConversation *conversation,
            PorchMessage *message,
            Scene *scene)
{
  scene->n_arrived++;
}

static void
open_client (Scene *scene)
{
  scene->client = porch_client_new (porch_host_get_socket (scene->host), NULL, NULL);
  scene->mirror = porch_mirror_new (scene->client, NULL);
  g_signal_connect (scene->mirror, "arrived", G_CALLBACK (on_arrived), scene);
  porch_client_start (scene->client);
}

static void
open_host (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  scene->host = porch_host_new (scene->folder, &error);
  g_assert_no_error (error);
  g_assert_true (porch_host_listen (scene->host, "127.0.0.1", 0, FALSE, &error));
  g_assert_no_error (error);
}

static void
on_stopped (gpointer data)
{
  ((Scene *) data)->has_stopped = TRUE;
}

static void
close_host (Scene *scene)
{
  scene->has_stopped = FALSE;
  porch_host_stop (scene->host, on_stopped, scene);
  wait_until (scene->has_stopped);
  g_clear_pointer (&scene->host, porch_host_free);
}

static void
on_set_up (GObject *client, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_client_set_up_finish (PORCH_CLIENT (client), result, &error));
  g_assert_no_error (error);
  ((Scene *) data)->is_set_up = TRUE;
}

static Scene
begin (void)
{
  Scene scene = { .folder = g_dir_make_tmp ("porch-host-XXXXXX", NULL) };

  scene.frames = g_ptr_array_new_with_free_func (g_free);
  scene.session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  return scene;
}

static void
set_up (Scene *scene)
{
  open_host (scene);
  open_client (scene);
  wait_until (porch_client_get_link (scene->client) == PORCH_LINK_SET_UP);
  porch_client_set_up_async (scene->client, "Juniper Row", "Ines Castro", "juniper.example", NULL,
                             on_set_up, scene);
  wait_until (scene->is_set_up && porch_client_get_link (scene->client) == PORCH_LINK_LIVE);
}

/* A call that was on its way comes back first. */
static void
let_go (gpointer object)
{
  gpointer left = object;

  g_object_add_weak_pointer (object, &left);
  g_object_unref (object);
  wait_until (left == NULL);
}

static void
end (Scene *scene)
{
  porch_mirror_close (scene->mirror);
  let_go (g_steal_pointer (&scene->mirror));
  let_go (g_steal_pointer (&scene->client));
  if (scene->socket != NULL)
    soup_websocket_connection_close (scene->socket, 1000, NULL);
  close_host (scene);
  g_clear_object (&scene->socket);
  g_clear_object (&scene->session);
  g_ptr_array_unref (scene->frames);
  folder_remove (scene->folder);
  g_free (scene->folder);
  /* Counted only where the guard is not fatal: a sanitizer makes everything several times slower.
   */
  if (PORCH_STALL_GUARD == 2)
    g_assert_cmpuint (porch_stall_get_count (), ==, 0);
}

/* ---- the visitor ---- */

static void
on_frame (SoupWebsocketConnection *socket, int type, GBytes *bytes, Scene *scene)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (scene->frames, g_strndup (data, length));
}

static void
on_connected (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Scene *scene = data;

  scene->socket = soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error);
  g_assert_no_error (error);
  g_signal_connect (scene->socket, "message", G_CALLBACK (on_frame), scene);
}

/* The last frame of @type that the visitor got, or NULL. */
static const char *
find_frame (Scene *scene, const char *type)
{
  g_autofree char *head = g_strdup_printf ("{\"type\":\"%s\"", type);

  for (guint i = scene->frames->len; i-- > 0;)
    if (g_str_has_prefix (scene->frames->pdata[i], head))
      return scene->frames->pdata[i];
  return NULL;
}

static const char *
find_said (Scene *scene, const char *text)
{
  for (guint i = 0; i < scene->frames->len; i++)
    if (g_str_has_prefix (scene->frames->pdata[i], "{\"type\":\"message\"") &&
        strstr (scene->frames->pdata[i], text) != NULL)
      return scene->frames->pdata[i];
  return NULL;
}

static void
enter (Scene *scene)
{
  g_autofree char *uri = g_strdup_printf ("ws%s/livechat/ws/any/?site=%s",
                                          porch_host_get_address (scene->host) + strlen ("http"),
                                          porch_client_get_site_key (scene->client));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);

  soup_session_websocket_connect_async (scene->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        NULL, on_connected, scene);
  wait_until (scene->socket != NULL);
  soup_websocket_connection_send_text (
    scene->socket, "{\"type\":\"hello\",\"page\":{\"url\":\"https://juniper.example/bikes\","
                   "\"title\":\"Bikes\"},\"lang\":\"en\"}");
  wait_until (find_frame (scene, "welcome") != NULL);
}

static void
say (Scene *scene, int n, const char *text)
{
  g_autofree char *frame = g_strdup_printf (
    "{\"type\":\"message\",\"id\":\"%s:%d\",\"conversation\":\"%s\",\"message\":\"%s\"}", DEVICE, n,
    HANDLE, text);

  soup_websocket_connection_send_text (scene->socket, frame);
}

/* ---- tests ---- */

static void
on_acted (GObject *mirror, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (porch_mirror_act_finish (PORCH_MIRROR (mirror), result, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
act (Scene *scene, PorchConversation *conversation, PorchOpId op)
{
  gboolean is_done = FALSE;

  porch_mirror_act_async (scene->mirror, conversation, op, NULL, NULL, on_acted, &is_done);
  wait_until (is_done);
}

static void
test_conversation (void)
{
  Scene scene = begin ();
  PorchInbox *inbox;
  PorchThread *thread;
  g_autoptr (PorchConversation) self = NULL;

  set_up (&scene);
  inbox = porch_mirror_get_inbox (scene.mirror, "open");
  wait_until (porch_inbox_get_load (inbox) == PORCH_LOAD_READY);
  enter (&scene);
  say (&scene, 1, "Do you have the belt drive?");
  wait_until (scene.n_arrived == 1 && find_frame (&scene, "ack") != NULL);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (inbox)) == 1);
  /* The window has it: the visitor sees a second tick. */
  wait_until (find_frame (&scene, "receipt") != NULL);

  self = g_list_model_get_item (G_LIST_MODEL (inbox), 0);
  g_assert_cmpint (self->state, ==, PORCH_STATE_WAITING);
  act (&scene, self, PORCH_OP_CONVERSATION_TAKE);
  wait_until (self->state == PORCH_STATE_ACTIVE);
  thread = porch_mirror_get_thread (scene.mirror, self);
  wait_until (porch_thread_get_load (thread) == PORCH_LOAD_READY);
  porch_thread_send (thread, "We do.", FALSE);
  porch_thread_send (thread, "Only for the team", TRUE);
  porch_thread_send (thread, "In rust and in petrol.", FALSE);
  wait_until (find_said (&scene, "In rust and in petrol.") != NULL);
  g_assert_nonnull (find_said (&scene, "We do."));
  g_assert_null (find_said (&scene, "Only for the team"));
  /* visitor, joined, answer, note, answer */
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (thread)) == 5);

  act (&scene, self, PORCH_OP_CONVERSATION_RESOLVE);
  wait_until (find_frame (&scene, "status") != NULL &&
              strstr (find_frame (&scene, "status"), "\"rating_asked\":true") != NULL);
  end (&scene);
}

/* The server goes while both write; when it is back, all of it is there once. */
static void
test_restart (void)
{
  Scene scene = begin ();
  PorchInbox *inbox;
  PorchThread *thread;
  g_autoptr (PorchConversation) self = NULL;

  set_up (&scene);
  inbox = porch_mirror_get_inbox (scene.mirror, "open");
  enter (&scene);
  say (&scene, 1, "one");
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (inbox)) == 1);
  self = g_list_model_get_item (G_LIST_MODEL (inbox), 0);
  thread = porch_mirror_get_thread (scene.mirror, self);
  wait_until (porch_thread_get_load (thread) == PORCH_LOAD_READY);

  close_host (&scene);
  wait_until (porch_client_get_link (scene.client) == PORCH_LINK_OFFLINE);
  porch_thread_send (thread, "two", FALSE);
  g_clear_object (&scene.socket);
  g_ptr_array_set_size (scene.frames, 0);

  open_host (&scene);
  porch_client_retry (scene.client);
  wait_until (porch_client_get_link (scene.client) == PORCH_LINK_LIVE);
  enter (&scene);
  say (&scene, 1, "one");
  wait_until (find_frame (&scene, "ack") != NULL);
  /* one, joined, two */
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (thread)) == 3);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (PorchMessage) message = g_list_model_get_item (G_LIST_MODEL (thread), i);

    wait_until (message->seq > 0);
  }
  end (&scene);
}

int
main (int argc, char **argv)
{
  g_autofree char *runtime = g_dir_make_tmp ("porch-run-XXXXXX", NULL);
  int status;

  /* Before GLib looks: the Unix socket is made below it. Isolating by GLib itself leaks. */
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/conversation", test_conversation);
  g_test_add_func ("/host/restart", test_restart);
  status = g_test_run ();
  g_autofree char *folder = g_build_filename (runtime, "porchlight", NULL);
  g_rmdir (folder);
  g_rmdir (runtime);
  return status;
}
