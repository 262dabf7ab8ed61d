/* test-trouble.c - the window of a folder that does not open, and the question before the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "find.h"
#include "porch-quit-dialog.h"
#include "porch-trouble-window.h"

#include <locale.h>
#include <string.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)

#define wait_until(condition) \
  for (gint64 end_ = g_get_monotonic_time () + PATIENCE_US; !(condition);) \
  step (end_)

static void
step (gint64 end)
{
  g_assert_cmpint (g_get_monotonic_time (), <, end);
  g_main_context_iteration (NULL, FALSE);
}

static AdwApplication *app;

static AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
      return ADW_MESSAGE_DIALOG (window);
  }
  return NULL;
}

/* ---- trouble ---- */

static void
count (gpointer data)
{
  (*(guint *) data)++;
}

typedef struct {
  PorchTroubleWindow *window;
  guint n_again, n_salvage, n_end;
} Scene;

static Scene *
begin (void)
{
  Scene *scene = g_new0 (Scene, 1);

  scene->window = g_object_ref (porch_trouble_window_new (GTK_APPLICATION (app)));
  g_signal_connect_swapped (scene->window, "again", G_CALLBACK (count), &scene->n_again);
  g_signal_connect_swapped (scene->window, "salvage", G_CALLBACK (count), &scene->n_salvage);
  g_signal_connect_swapped (scene->window, "end", G_CALLBACK (count), &scene->n_end);
  gtk_window_present (GTK_WINDOW (scene->window));
  return scene;
}

static void
end (Scene *scene)
{
  gtk_window_destroy (GTK_WINDOW (scene->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (scene->window);
  g_free (scene);
}

static gboolean
is_shown (Scene *scene, const char *id)
{
  GtkWidget *widget = find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, id);

  g_assert_nonnull (widget);
  return gtk_widget_get_visible (widget);
}

static void
press (Scene *scene, const char *id)
{
  GtkWidget *button = find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, id);

  g_assert_true (GTK_IS_BUTTON (button) && gtk_widget_is_visible (button));
  g_signal_emit_by_name (button, "clicked");
}

static const char *
get_subtitle (Scene *scene, const char *id)
{
  return adw_action_row_get_subtitle (
    ADW_ACTION_ROW (find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, id)));
}

static const PorchTroubleWords denied = {
  .title = "Porchlight may not write there",
  .text = "It needs the right to.",
  .kept = "Nothing was changed.",
  .folder = "/srv/<b>chat & co",
  .detail = NULL,
};
static const PorchTroubleWords damaged = {
  .title = "The file is damaged",
  .text = "Something else has written into it.",
  .kept = NULL,
  .folder = "/srv/chat",
  .detail = "row 7 is missing",
  .is_damaged = TRUE,
};

/* Each trouble has the ways on that there are, and the first of them has the focus. */
static void
test_ways (void)
{
  static const struct {
    const PorchTroubleWords *words;
    gboolean can_salvage, has_kept, has_detail;
    const char *first;
  } cases[] = {
    { &denied, FALSE, TRUE, FALSE, "again" },
    { &damaged, TRUE, FALSE, TRUE, "salvage" },
    { &denied, FALSE, TRUE, FALSE, "again" },
  };
  Scene *scene = begin ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GtkWidget *first = find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, cases[i].first);
    GtkWidget *title = find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, "title");

    porch_trouble_window_show (scene->window, cases[i].words);
    g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (title)), ==, cases[i].words->title);
    g_assert_cmpstr (get_subtitle (scene, "folder"), ==, cases[i].words->folder);
    g_assert_cmpint (is_shown (scene, "salvage"), ==, cases[i].can_salvage);
    g_assert_cmpint (is_shown (scene, "restore"), ==, cases[i].can_salvage);
    g_assert_cmpint (is_shown (scene, "kept"), ==, cases[i].has_kept);
    g_assert_cmpint (is_shown (scene, "detail"), ==, cases[i].has_detail);
    g_assert_true (is_shown (scene, "again"));
    g_assert_false (is_shown (scene, "start"));
    g_assert_false (is_shown (scene, "progress"));
    g_assert_true (gtk_window_get_focus (GTK_WINDOW (scene->window)) == first);
    g_assert_true (gtk_widget_has_css_class (first, "suggested-action"));
    gtk_test_accessible_assert_role (title, GTK_ACCESSIBLE_ROLE_ALERT);
  }
  press (scene, "again");
  g_assert_cmpuint (scene->n_again, ==, 1);
  end (scene);
}

/* Saving what can be read is asked for twice. */
static void
test_salvage (void)
{
  static const struct {
    const char *response;
    guint n_salvage;
  } cases[] = { { "cancel", 0 }, { "salvage", 1 }, { "cancel", 1 } };
  Scene *scene = begin ();

  porch_trouble_window_show (scene->window, &damaged);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    AdwMessageDialog *dialog = NULL;

    press (scene, "salvage");
    wait_until ((dialog = find_dialog ()) != NULL);
    adw_message_dialog_response (dialog, cases[i].response);
    gtk_window_close (GTK_WINDOW (dialog));
    wait_until (find_dialog () == NULL);
    g_assert_cmpuint (scene->n_salvage, ==, cases[i].n_salvage);
  }
  end (scene);
}

/* While it works there is no button, and whoever closes the window ends the work first. */
static void
test_work (void)
{
  Scene *scene = begin ();

  porch_trouble_window_show (scene->window, &damaged);
  porch_trouble_window_show_work (scene->window, "Looking");
  g_assert_false (is_shown (scene, "buttons"));
  g_assert_true (is_shown (scene, "progress"));
  gtk_window_close (GTK_WINDOW (scene->window));
  wait_until (scene->n_end == 1);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (scene->window)));
  porch_trouble_window_show (scene->window, &damaged);
  g_assert_true (is_shown (scene, "buttons"));
  g_assert_false (is_shown (scene, "progress"));
  gtk_window_close (GTK_WINDOW (scene->window));
  wait_until (!gtk_widget_get_visible (GTK_WIDGET (scene->window)));
  g_assert_cmpuint (scene->n_end, ==, 1);
  end (scene);
}

/* What was saved is told in numbers, with where the damaged file is, and the way on is to start. */
static void
test_done (void)
{
  static const char *const facts[] = { "Messages", "41 saved, 1 lost", "People", "<7> saved",
                                       NULL };
  Scene *scene = begin ();
  GtkListBox *list =
    GTK_LIST_BOX (find_widget (GTK_WIDGET (scene->window), GTK_TYPE_WIDGET, "facts"));

  porch_trouble_window_show (scene->window, &damaged);
  porch_trouble_window_show_work (scene->window, "Looking");
  porch_trouble_window_show_done (scene->window, "It goes on.", facts, "/srv/chat/aside");
  for (guint i = 0; facts[2 * i] != NULL; i++) {
    AdwActionRow *row = ADW_ACTION_ROW (gtk_list_box_get_row_at_index (list, i));

    g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, facts[2 * i]);
    g_assert_cmpstr (adw_action_row_get_subtitle (row), ==, facts[2 * i + 1]);
    g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row)));
  }
  g_assert_null (gtk_list_box_get_row_at_index (list, 2));
  g_assert_cmpstr (get_subtitle (scene, "folder"), ==, "/srv/chat/aside");
  g_assert_false (is_shown (scene, "detail"));
  g_assert_false (is_shown (scene, "salvage"));
  g_assert_false (is_shown (scene, "again"));
  press (scene, "start");
  g_assert_cmpuint (scene->n_again, ==, 1);
  end (scene);
}

/* ---- the end ---- */

static void
on_answered (GtkWindow *window, PorchQuitAnswer answer, gpointer data)
{
  *(int *) data = answer;
}

static void
test_quit (void)
{
  static const struct {
    gint64 n_open;
    gboolean can_stay;
    const char *response, *says;
    PorchQuitAnswer answer;
  } cases[] = {
    { 1, TRUE, "cancel", "1 conversation is open", PORCH_QUIT_CANCEL },
    { 2, TRUE, "background", "2 conversations are open", PORCH_QUIT_BACKGROUND },
    { 3, TRUE, "quit", "3 conversations are open", PORCH_QUIT_NOW },
    { 4, FALSE, "quit", "4 conversations are open", PORCH_QUIT_NOW },
    /* Escape, and whatever else closes it, ends nothing. */
    { 5, FALSE, NULL, "5 conversations are open", PORCH_QUIT_CANCEL },
  };
  GtkWindow *window = g_object_ref (GTK_WINDOW (gtk_window_new ()));

  gtk_window_present (window);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    AdwMessageDialog *dialog = NULL;
    int answer = -1;

    porch_quit_dialog_ask (window, cases[i].n_open, cases[i].can_stay, on_answered, &answer);
    wait_until ((dialog = find_dialog ()) != NULL);
    g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), cases[i].says));
    g_assert_cmpint (adw_message_dialog_has_response (dialog, "background"), ==, cases[i].can_stay);
    g_assert_cmpint (adw_message_dialog_get_response_appearance (dialog, "quit"), ==,
                     ADW_RESPONSE_DESTRUCTIVE);
    if (cases[i].response != NULL)
      adw_message_dialog_response (dialog, cases[i].response);
    gtk_window_close (GTK_WINDOW (dialog));
    wait_until (answer != -1);
    g_assert_cmpint (answer, ==, cases[i].answer);
    wait_until (find_dialog () == NULL);
  }
  gtk_window_destroy (window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  gtk_test_init (&argc, &argv, NULL);
  app = adw_application_new ("chat.porchlight.Test", G_APPLICATION_NON_UNIQUE);
  g_application_set_resource_base_path (G_APPLICATION (app), PORCH_RESOURCE_PATH);
  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/trouble/ways", test_ways);
  g_test_add_func ("/trouble/salvage", test_salvage);
  g_test_add_func ("/trouble/work", test_work);
  g_test_add_func ("/trouble/done", test_done);
  g_test_add_func ("/trouble/quit", test_quit);
  status = g_test_run ();
  g_clear_object (&app);
  return status;
}
