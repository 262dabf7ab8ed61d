/* demo-transcript.c - a window with a conversation, to look at and to be driven by test_input.py
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints "STATE …" whenever something moved, "LINK url", "RETRY text" and "REMOVE text".
 * SIGUSR1 makes a message come.
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-transcript-view.h"
#include "porch-transcript.h"
#include "talk.h"

#include <glib-unix.h>
#include <signal.h>

static char *scene = NULL;
static int width = 480;
static int height = 660;
static int jump = -1;
static gboolean is_dark = FALSE;
static gboolean is_rtl = FALSE;
static gboolean is_high_contrast = FALSE;
static gboolean has_entry = FALSE;

static const GOptionEntry options[] = {
  { "scene", 's', 0, G_OPTION_ARG_STRING, &scene,
    "inbox, trouble, strange, many, loading, empty, error", NULL },
  { "width", 'w', 0, G_OPTION_ARG_INT, &width, "Width of the window", NULL },
  { "height", 'h', 0, G_OPTION_ARG_INT, &height, "Height of the window", NULL },
  { "jump", 'j', 0, G_OPTION_ARG_INT, &jump, "Scroll up by so many pixels", NULL },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &is_dark, "Dark", NULL },
  { "rtl", 0, 0, G_OPTION_ARG_NONE, &is_rtl, "Right to left", NULL },
  { "hc", 0, 0, G_OPTION_ARG_NONE, &is_high_contrast, "High contrast", NULL },
  { "entry", 0, 0, G_OPTION_ARG_NONE, &has_entry, "With an entry below", NULL },
  { NULL }
};

static PorchTranscript *
find_transcript (GtkWidget *widget)
{
  if (PORCH_IS_TRANSCRIPT (widget))
    return PORCH_TRANSCRIPT (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    PorchTranscript *found = find_transcript (child);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static gboolean
report (gpointer view)
{
  static char *last = NULL;
  PorchTranscript *transcript = find_transcript (view);
  g_autoptr (GtkAdjustment) adjustment = NULL;
  g_autofree char *now = NULL;
  guint first_shown, last_shown;

  g_object_get (transcript, "vadjustment", &adjustment, NULL);
  porch_transcript_get_shown (transcript, &first_shown, &last_shown);
  now = g_strdup_printf ("STATE first=%u last=%u end=%d unseen=%u value=%.1f\n", first_shown,
                         last_shown, porch_transcript_get_follows_end (transcript),
                         porch_transcript_get_n_unseen (transcript),
                         gtk_adjustment_get_value (adjustment));
  if (g_strcmp0 (now, last) != 0) {
    g_print ("%s", now);
    g_free (last);
    last = g_steal_pointer (&now);
  }
  return G_SOURCE_CONTINUE;
}

static void
on_link_activated (PorchTranscriptView *view, const char *url)
{
  g_print ("LINK %s\n", url);
}

static void
on_retry (PorchTranscriptView *view, PorchLine *line)
{
  g_print ("RETRY %s\n", porch_line_get_text (line));
}

static void
on_remove (PorchTranscriptView *view, PorchLine *line)
{
  GListStore *lines = G_LIST_STORE (porch_transcript_view_get_model (view));
  guint position;

  g_print ("REMOVE %s\n", porch_line_get_text (line));
  if (g_list_store_find (lines, line, &position))
    g_list_store_remove (lines, position);
}

static void
on_reload (PorchTranscriptView *view)
{
  g_print ("RELOAD\n");
}

static gboolean
on_message_due (gpointer view)
{
  GListModel *model = porch_transcript_view_get_model (view);

  if (TALK_IS_LIST (model))
    talk_list_append (TALK_LIST (model), 1);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_jump (gpointer view)
{
  g_autoptr (GtkAdjustment) adjustment = NULL;

  g_object_get (find_transcript (view), "vadjustment", &adjustment, NULL);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) - jump);
  return G_SOURCE_REMOVE;
}

static GListModel *
make_model (void)
{
  if (g_strcmp0 (scene, "trouble") == 0)
    return G_LIST_MODEL (talk_trouble_new ());
  if (g_strcmp0 (scene, "strange") == 0)
    return G_LIST_MODEL (talk_strange_new ());
  if (g_strcmp0 (scene, "many") == 0)
    return G_LIST_MODEL (talk_list_new (0, 10000));
  return G_LIST_MODEL (talk_inbox_new ());
}

static GtkWidget *
make_view (void)
{
  GtkWidget *widget = porch_transcript_view_new ();
  PorchTranscriptView *view = PORCH_TRANSCRIPT_VIEW (widget);
  g_autoptr (GListModel) model = make_model ();

  porch_transcript_view_set_model (view, model);
  porch_transcript_view_set_visitor_name (view, "Jonas Weidenfeld");
  if (scene == NULL || g_str_equal (scene, "inbox"))
    porch_transcript_view_set_typing_who (view, "Jonas");
  if (g_strcmp0 (scene, "loading") == 0)
    porch_transcript_view_set_state (view, PORCH_TRANSCRIPT_LOADING);
  if (g_strcmp0 (scene, "empty") == 0)
    porch_transcript_view_set_state (view, PORCH_TRANSCRIPT_EMPTY);
  if (g_strcmp0 (scene, "error") == 0) {
    porch_transcript_view_set_reason (view, "The server <answered> too late & was given up.");
    porch_transcript_view_set_state (view, PORCH_TRANSCRIPT_ERROR);
  }
  g_signal_connect (view, "link-activated", G_CALLBACK (on_link_activated), NULL);
  g_signal_connect (view, "retry", G_CALLBACK (on_retry), NULL);
  g_signal_connect (view, "remove", G_CALLBACK (on_remove), NULL);
  g_signal_connect (view, "reload", G_CALLBACK (on_reload), NULL);
  gtk_widget_set_vexpand (widget, TRUE);
  return widget;
}

static void
show_window (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *view = make_view ();
  GtkWidget *entry = gtk_entry_new ();

  gtk_box_append (GTK_BOX (box), view);
  if (has_entry) {
    gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Reply",
                                    -1);
    gtk_box_append (GTK_BOX (box), entry);
    gtk_widget_grab_focus (entry);
  } else {
    g_object_ref_sink (entry);
    g_object_unref (entry);
  }
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Transcript");
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));

  g_unix_signal_add (SIGUSR1, on_message_due, view);
  if (jump >= 0)
    g_timeout_add (300, on_jump, view);
  g_timeout_add (50, report, view);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  g_setenv ("TZ", "UTC", TRUE);
  porch_clock_fake (TALK_NOW_US);
  adw_init ();
  if (is_dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  if (is_rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  talk_load_css (is_dark, is_high_contrast);
  show_window ();
  g_main_loop_run (loop);
  return 0;
}
