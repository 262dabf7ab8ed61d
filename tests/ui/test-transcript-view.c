/* test-transcript-view.c - the conversation pane, its rows and who is typing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-bubble.h"
#include "porch-clock.h"
#include "porch-tag.h"
#include "porch-transcript-row.h"
#include "porch-transcript-view.h"
#include "porch-transcript.h"
#include "porch-typing-strip.h"
#include "talk.h"

#include <string.h>

typedef struct {
  GtkWidget *window;
  GtkWidget *widget;
  PorchTranscriptView *view;
  GListStore *lines;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer make_lines)
{
  GListStore *(*make) (void) = make_lines;

  fixture->lines = make ();
  fixture->widget = porch_transcript_view_new ();
  fixture->view = PORCH_TRANSCRIPT_VIEW (fixture->widget);
  porch_transcript_view_set_model (fixture->view, G_LIST_MODEL (fixture->lines));
  porch_transcript_view_set_visitor_name (fixture->view, "Jonas Weidenfeld");
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->widget);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 480, 700);
  gtk_window_present (GTK_WINDOW (fixture->window));
  talk_wait_frames (fixture->window, 3);
}

static void
tear_down (Fixture *fixture, gconstpointer make_lines)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->widget), (gpointer *) &fixture->widget);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->widget);
  g_assert_finalize_object (fixture->lines);
}

/* The @n-th descendant of @type, counted in the order of the tree. */
static GtkWidget *
find (GtkWidget *widget, GType type, int *n)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (*n)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, type, n);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static gpointer
get_part (Fixture *fixture, GType type, int n)
{
  GtkWidget *found = find (fixture->widget, type, &n);

  g_assert_nonnull (found);
  return found;
}

static GtkWidget *
get_row (Fixture *fixture, guint position)
{
  PorchTranscript *transcript = get_part (fixture, PORCH_TYPE_TRANSCRIPT, 0);
  GtkWidget *row = porch_transcript_get_row (transcript, position);

  g_assert_nonnull (row);
  return row;
}

static void
assert_name (gpointer widget, const char *name)
{
  g_autofree char *difference = gtk_test_accessible_check_property (
    GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, NULL);

  g_assert_cmpstr (difference, ==, NULL);
}

static const char *
get_page_name (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (get_part (fixture, GTK_TYPE_STACK, 0));
}

static gboolean
on_over (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint delay_ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (delay_ms, on_over, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
count (guint *n)
{
  (*n)++;
}

/* ---- states ---- */

static void
test_states (Fixture *fixture, gconstpointer make_lines)
{
  GtkButton *reload;
  guint n_reloads = 0;

  g_assert_cmpstr (get_page_name (fixture), ==, "messages");
  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_LOADING);
  /* Most conversations come at once: nothing flickers. */
  g_assert_cmpstr (get_page_name (fixture), ==, "blank");
  wait_ms (200);
  g_assert_cmpstr (get_page_name (fixture), ==, "loading");
  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_EMPTY);
  g_assert_cmpstr (get_page_name (fixture), ==, "empty");

  porch_transcript_view_set_reason (fixture->view, "The <server> & its answer.");
  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_ERROR);
  g_assert_cmpstr (get_page_name (fixture), ==, "error");
  g_assert_cmpstr (adw_status_page_get_description (get_part (fixture, ADW_TYPE_STATUS_PAGE, 1)),
                   ==, "The &lt;server&gt; &amp; its answer.");
  g_signal_connect_swapped (fixture->view, "reload", G_CALLBACK (count), &n_reloads);
  reload = get_part (fixture, GTK_TYPE_BUTTON, 0);
  g_assert_cmpstr (gtk_button_get_label (reload), ==, "Try again");
  g_signal_emit_by_name (reload, "clicked");
  g_assert_cmpuint (n_reloads, ==, 1);

  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_READY);
  g_assert_cmpstr (get_page_name (fixture), ==, "messages");
}

/* A conversation that was there in time never shows its skeleton. */
static void
test_loaded_in_time (Fixture *fixture, gconstpointer make_lines)
{
  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_LOADING);
  porch_transcript_view_set_state (fixture->view, PORCH_TRANSCRIPT_READY);
  wait_ms (200);
  g_assert_cmpstr (get_page_name (fixture), ==, "messages");
  g_assert_cmpint (porch_transcript_view_get_state (fixture->view), ==, PORCH_TRANSCRIPT_READY);
}

static void
test_properties (Fixture *fixture, gconstpointer make_lines)
{
  g_autoptr (GListModel) model = NULL;
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *who = NULL;
  PorchTranscriptState state;
  gboolean follows_end;
  guint n_unseen;

  g_object_set (fixture->view, "state", PORCH_TRANSCRIPT_EMPTY, "reason", "Why", "typing-who",
                "Jonas", "visitor-name", "Jo", NULL);
  g_object_get (fixture->view, "model", &model, "visitor-name", &name, "reason", &reason,
                "typing-who", &who, "state", &state, "follows-end", &follows_end, "n-unseen",
                &n_unseen, NULL);
  g_assert_true (model == G_LIST_MODEL (fixture->lines));
  g_assert_cmpstr (name, ==, "Jo");
  g_assert_cmpstr (reason, ==, "Why");
  g_assert_cmpstr (who, ==, "Jonas");
  g_assert_cmpint (state, ==, PORCH_TRANSCRIPT_EMPTY);
  g_assert_true (follows_end);
  g_assert_cmpuint (n_unseen, ==, 0);
}

/* ---- to the newest ---- */

static void
add_words (Fixture *fixture, int n)
{
  for (int i = 0; i < n; i++) {
    g_autoptr (PorchLine) line =
      porch_line_new (PORCH_LINE_VISITOR, "Jonas Weidenfeld",
                      "Some words that are long enough to need a second line in a pane",
                      TALK_NOW_US + i * G_TIME_SPAN_MINUTE);

    g_list_store_append (fixture->lines, line);
  }
  talk_wait_frames (fixture->window, 3);
}

static void
test_newest (Fixture *fixture, gconstpointer make_lines)
{
  GtkRevealer *revealer = get_part (fixture, GTK_TYPE_REVEALER, 0);
  GtkWidget *button = gtk_widget_get_first_child (gtk_revealer_get_child (revealer));
  GtkLabel *badge = GTK_LABEL (gtk_widget_get_next_sibling (button));

  add_words (fixture, 20);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  porch_transcript_view_scroll_pages (fixture->view, -1);
  talk_wait_frames (fixture->window, 3);
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (badge)));
  gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
  assert_name (button, "Newest messages");

  add_words (fixture, 2);
  g_assert_cmpuint (porch_transcript_view_get_n_unseen (fixture->view), ==, 2);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (badge)));
  g_assert_cmpstr (gtk_label_get_text (badge), ==, "2");
  assert_name (button, "Newest messages, 2 not seen yet");
  add_words (fixture, 100);
  g_assert_cmpstr (gtk_label_get_text (badge), ==, "99+");

  g_signal_emit_by_name (button, "clicked");
  talk_wait_frames (fixture->window, 3);
  g_assert_true (porch_transcript_view_get_follows_end (fixture->view));
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  g_assert_cmpuint (porch_transcript_view_get_n_unseen (fixture->view), ==, 0);
}

/* ---- rows ---- */

static void
test_names (Fixture *fixture, gconstpointer make_lines)
{
  static const struct {
    guint position;
    const char *name;
  } cases[] = {
    { 1, "Jonas Weidenfeld, 09:23: Yes please. Which one has the belt drive?" },
    { 2, "You took the conversation, 09:24" },
    { 4, "You, 09:25: Picture. Read" },
    { 5,
      "Note for the team by Mona, 09:36: Last one in 54. @Ines put a tag on it if he wants it." },
    { 6, "2 new messages" },
  };
  gpointer transcript = get_part (fixture, PORCH_TYPE_TRANSCRIPT, 0);

  gtk_test_accessible_assert_role (transcript, GTK_ACCESSIBLE_ROLE_LOG);
  assert_name (transcript, "Conversation with Jonas Weidenfeld");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GtkWidget *row = get_row (fixture, cases[i].position);

    gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
    assert_name (row, cases[i].name);
  }
}

static graphene_rect_t
get_bounds (GtkWidget *widget, GtkWidget *in)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, in, &bounds));
  return bounds;
}

static GtkWidget *
get_bubble (Fixture *fixture, guint position)
{
  PorchTranscriptRow *row = PORCH_TRANSCRIPT_ROW (get_row (fixture, position));

  return GTK_WIDGET (porch_transcript_row_get_bubble (row));
}

/* 18 px from both edges, 36 for an avatar, 2 px inside a group, at most 82 % of the column. */
static void
test_geometry (Fixture *fixture, gconstpointer make_lines)
{
  GtkWidget *transcript = get_part (fixture, PORCH_TYPE_TRANSCRIPT, 0);
  graphene_rect_t visitor = get_bounds (get_bubble (fixture, 1), transcript);
  graphene_rect_t own = get_bounds (get_bubble (fixture, 3), transcript);
  graphene_rect_t picture = get_bounds (get_bubble (fixture, 4), transcript);
  graphene_rect_t last = get_bounds (get_bubble (fixture, 8), transcript);

  g_assert_cmpfloat (visitor.origin.x, ==, 18 + 36);
  g_assert_cmpfloat (own.origin.x + own.size.width, ==, 480 - 18);
  g_assert_cmpfloat (own.size.width, <=, (480 - 36) * 0.82);
  g_assert_cmpfloat (picture.origin.y, ==, own.origin.y + own.size.height + 2);
  g_assert_cmpfloat (picture.size.width, ==, 168);
  g_assert_cmpfloat (picture.size.height, ==, 92);
  g_assert_cmpfloat (last.origin.x, ==, visitor.origin.x);
  /* One line of text: 20 px and the padding. */
  g_assert_cmpfloat (visitor.size.height, ==, 20 + 7 + 8);
}

static void
note_line (PorchLine **asked, PorchLine *line)
{
  *asked = line;
}

/* The last line failed, and @action of its row asks for @signal. */
static void
assert_asks (Fixture *fixture, const char *action, const char *signal)
{
  const guint last = g_list_model_get_n_items (G_LIST_MODEL (fixture->lines)) - 1;
  g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (fixture->lines), last);
  PorchLine *asked = NULL;

  g_signal_connect_swapped (fixture->view, signal, G_CALLBACK (note_line), &asked);
  g_assert_true (gtk_widget_activate_action (get_row (fixture, last), action, NULL));
  g_assert_true (asked == line);

  /* The visitor may have what is on its way. */
  asked = NULL;
  porch_line_set_delivery (line, PORCH_DELIVERY_SENDING);
  talk_wait_frames (fixture->window, 1);
  gtk_widget_activate_action (get_row (fixture, last), action, NULL);
  g_assert_null (asked);
}

static void
test_retry (Fixture *fixture, gconstpointer make_lines)
{
  assert_asks (fixture, "line.retry", "retry");
}

static void
test_remove (Fixture *fixture, gconstpointer make_lines)
{
  assert_asks (fixture, "line.remove", "remove");
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static void
assert_focus_after_removal (Fixture *fixture, guint position, guint next)
{
  GtkWidget *row = get_row (fixture, position);
  g_autoptr (PorchLine) expected = g_list_model_get_item (G_LIST_MODEL (fixture->lines), next);
  GtkWidget *focus;

  g_assert_true (gtk_widget_grab_focus (row));
  g_list_store_remove (fixture->lines, position);
  talk_wait_frames (fixture->window, 2);
  focus = get_focus (fixture);
  g_assert_true (PORCH_IS_TRANSCRIPT_ROW (focus));
  g_assert_true (porch_transcript_row_get_line (PORCH_TRANSCRIPT_ROW (focus)) == expected);
  g_assert_true (gtk_widget_get_mapped (focus));
}

/* The line below gets it, and only from the last one it goes up. */
static void
test_focus_after_removal (Fixture *fixture, gconstpointer make_lines)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->lines));

  assert_focus_after_removal (fixture, n - 2, n - 1);
  assert_focus_after_removal (fixture, n - 2, n - 3);
}

/* Finds a place of the row where the pointer would meet @target. */
static gboolean
has_target (GtkWidget *row, PorchRowTarget target, int *link)
{
  for (int y = 0; y < gtk_widget_get_height (row); y += 3) {
    for (int x = 0; x < gtk_widget_get_width (row); x += 3) {
      if (porch_transcript_row_pick (PORCH_TRANSCRIPT_ROW (row), x, y, link) == target)
        return TRUE;
    }
  }
  return FALSE;
}

/* A note has no words below it, except while it is not with the team. */
static void
test_unsent_notes (Fixture *fixture, gconstpointer make_lines)
{
  g_autoptr (PorchLine) note = porch_line_new (PORCH_LINE_NOTE, "Ines", "A tag", TALK_NOW_US);
  const guint last = g_list_model_get_n_items (G_LIST_MODEL (fixture->lines));
  int link = -1;

  porch_line_set_delivery (note, PORCH_DELIVERY_FAILED);
  g_list_store_append (fixture->lines, note);
  talk_wait_frames (fixture->window, 2);
  g_assert_true (has_target (get_row (fixture, last), PORCH_ROW_TARGET_RETRY, &link));
  g_assert_true (has_target (get_row (fixture, last), PORCH_ROW_TARGET_REMOVE, &link));
  porch_line_set_delivery (note, PORCH_DELIVERY_NONE);
  talk_wait_frames (fixture->window, 2);
  g_assert_false (has_target (get_row (fixture, last), PORCH_ROW_TARGET_META, &link));
  g_assert_false (has_target (get_row (fixture, last), PORCH_ROW_TARGET_REMOVE, &link));
}

static void
test_targets (Fixture *fixture, gconstpointer make_lines)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->lines));
  int link = -1;

  g_assert_true (has_target (get_row (fixture, n - 1), PORCH_ROW_TARGET_RETRY, &link));
  g_assert_true (has_target (get_row (fixture, n - 1), PORCH_ROW_TARGET_REMOVE, &link));
  g_assert_true (has_target (get_row (fixture, n - 2), PORCH_ROW_TARGET_REMOVE, &link));
  g_assert_true (has_target (get_row (fixture, n - 1), PORCH_ROW_TARGET_META, &link));
  g_assert_true (has_target (get_row (fixture, n - 1), PORCH_ROW_TARGET_TEXT, &link));
  g_assert_false (has_target (get_row (fixture, n - 1), PORCH_ROW_TARGET_LINK, &link));
  g_assert_false (has_target (get_row (fixture, n - 3), PORCH_ROW_TARGET_RETRY, &link));
  g_assert_false (has_target (get_row (fixture, n - 3), PORCH_ROW_TARGET_REMOVE, &link));
}

/* Where in the row a target is. */
static graphene_rect_t
get_target (GtkWidget *row, PorchRowTarget target)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  int link;

  for (int y = 0; y < gtk_widget_get_height (row); y++) {
    for (int x = 0; x < gtk_widget_get_width (row); x++) {
      graphene_rect_t pixel = GRAPHENE_RECT_INIT (x, y, 1, 1);

      if (porch_transcript_row_pick (PORCH_TRANSCRIPT_ROW (row), x, y, &link) != target)
        continue;
      if (area.size.width > 0)
        graphene_rect_union (&area, &pixel, &area);
      else
        area = pixel;
    }
  }
  return area;
}

/* The two are as high as each other, and nobody who wants one gets the other. */
static void
test_links_under_a_failed_line (Fixture *fixture, gconstpointer make_lines)
{
  const guint last = g_list_model_get_n_items (G_LIST_MODEL (fixture->lines)) - 1;

  for (guint i = 0; i < 2; i++) {
    GtkWidget *row = get_row (fixture, last);
    graphene_rect_t retry = get_target (row, PORCH_ROW_TARGET_RETRY);
    graphene_rect_t remove = get_target (row, PORCH_ROW_TARGET_REMOVE);
    const gboolean is_rtl = gtk_widget_get_direction (row) == GTK_TEXT_DIR_RTL;

    g_assert_true (is_rtl == (i == 1));
    g_assert_cmpfloat (retry.size.height, >=, 16);
    g_assert_cmpfloat (remove.size.height, ==, retry.size.height);
    g_assert_cmpfloat (remove.size.width, >=, 32);
    g_assert_cmpfloat (remove.origin.x - retry.origin.x - retry.size.width, >=, 6);
    /* Under the bubble: at the end of the row. */
    if (is_rtl)
      g_assert_cmpfloat (retry.origin.x, <, gtk_widget_get_width (row) / 2);
    else
      g_assert_cmpfloat (retry.origin.x, >, gtk_widget_get_width (row) / 2);
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
    talk_wait_frames (fixture->window, 3);
  }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_strange_texts (Fixture *fixture, gconstpointer make_lines)
{
  g_autofree char *long_text = g_strnfill (60 * 1024, 'w');
  g_autoptr (PorchLine) endless = porch_line_new (PORCH_LINE_VISITOR, "A", long_text, TALK_NOW_US);
  gint64 start;
  int link = -1;
  g_autofree char *url = NULL;

  /* Markup is text. */
  g_assert_true (has_target (get_row (fixture, 2), PORCH_ROW_TARGET_LINK, &link));
  url = porch_bubble_dup_link (PORCH_BUBBLE (get_bubble (fixture, 2)), 1);
  g_assert_cmpstr (url, ==, "https://juniper.example/ar");
  assert_name (get_row (fixture, 3),
               "Note for the team by evilname, 09:04: The name must not turn the line.");
  start = g_get_monotonic_time ();
  g_list_store_append (fixture->lines, endless);
  talk_wait_frames (fixture->window, 2);
  g_test_message ("frames with 60 KiB of text: %" G_GINT64_FORMAT " us",
                  g_get_monotonic_time () - start);
  g_assert_cmpfloat (get_bounds (get_bubble (fixture, 8), fixture->widget).size.height, >, 1000);
}

/* ---- bubbles ---- */

static void
test_bubble_words_and_links (Fixture *fixture, gconstpointer make_lines)
{
  PorchBubble *bubble = PORCH_BUBBLE (get_bubble (fixture, 0));
  PorchSpan word = porch_bubble_get_word_at (bubble, 6);
  g_autofree char *url = porch_bubble_dup_link (bubble, 0);
  int index = -1;

  g_assert_cmpint (word.start, ==, 4);
  g_assert_cmpint (word.end, ==, (int) strlen ("The Norrland"));
  g_assert_cmpuint (porch_bubble_get_n_links (bubble), ==, 1);
  g_assert_cmpstr (url, ==, "https://juniper.example/n54");
  g_assert_cmpint (porch_bubble_get_active_link (bubble), ==, -1);
  porch_bubble_set_active_link (bubble, 0);
  g_assert_cmpint (porch_bubble_get_active_link (bubble), ==, 0);
  g_assert_true (porch_bubble_get_index_at (bubble, 1, 8, &index));
  g_assert_cmpint (index, ==, 0);
  g_assert_cmpint (porch_bubble_get_link_at (bubble, 1, 8), ==, -1);
  g_assert_cmpint (porch_bubble_get_link_at (bubble, 5, 28), ==, 0);
}

static void
test_bubble_fits (Fixture *fixture, gconstpointer make_lines)
{
  PorchBubble *bubble = PORCH_BUBBLE (get_bubble (fixture, 0));
  int width, height, narrow_height, again;

  porch_bubble_fit (bubble, 400, &width, &height);
  g_assert_cmpint (width, <=, 400);
  porch_bubble_fit (bubble, 150, &width, &narrow_height);
  g_assert_cmpint (width, <=, 150);
  g_assert_cmpint (narrow_height, >, height);
  porch_bubble_fit (bubble, 400, &width, &again);
  g_assert_cmpint (again, ==, height);
}

/* ---- who is typing ---- */

static void
test_typing (Fixture *fixture, gconstpointer make_lines)
{
  GtkWidget *strip = get_part (fixture, PORCH_TYPE_TYPING_STRIP, 0);
  PorchTranscript *transcript = get_part (fixture, PORCH_TYPE_TRANSCRIPT, 0);
  int height = gtk_widget_get_height (GTK_WIDGET (transcript));

  gtk_test_accessible_assert_role (strip, GTK_ACCESSIBLE_ROLE_STATUS);
  g_assert_cmpint (gtk_widget_get_height (strip), ==, 32);
  porch_transcript_view_set_typing_who (fixture->view, "Jonas");
  talk_wait_frames (fixture->window, 2);
  /* Without the marks that keep its direction apart: they are read out. */
  assert_name (gtk_widget_get_first_child (strip), "Jonas is typing");
  g_assert_cmpint (gtk_widget_get_height (strip), ==, 32);
  porch_transcript_view_set_typing_who (fixture->view, NULL);
  talk_wait_frames (fixture->window, 2);
  g_assert_null (porch_typing_strip_get_who (PORCH_TYPING_STRIP (strip)));
  assert_name (gtk_widget_get_first_child (strip), "");
  /* Nothing jumped. */
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (transcript)), ==, height);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    GListStore *(*make_lines) (void);
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/transcript-view/states", talk_inbox_new, test_states },
    { "/transcript-view/loaded-in-time", talk_inbox_new, test_loaded_in_time },
    { "/transcript-view/properties", talk_inbox_new, test_properties },
    { "/transcript-view/newest", talk_inbox_new, test_newest },
    { "/transcript-view/names", talk_inbox_new, test_names },
    { "/transcript-view/geometry", talk_inbox_new, test_geometry },
    { "/transcript-view/retry", talk_trouble_new, test_retry },
    { "/transcript-view/focus-after-removal", talk_trouble_new, test_focus_after_removal },
    { "/transcript-view/remove", talk_trouble_new, test_remove },
    { "/transcript-view/unsent-notes", talk_trouble_new, test_unsent_notes },
    { "/transcript-view/targets", talk_trouble_new, test_targets },
    { "/transcript-view/links-under-a-failed-line", talk_trouble_new,
      test_links_under_a_failed_line },
    { "/transcript-view/strange-texts", talk_strange_new, test_strange_texts },
    { "/transcript-view/typing", talk_inbox_new, test_typing },
    { "/bubble/words-and-links", talk_inbox_new, test_bubble_words_and_links },
    { "/bubble/fits", talk_inbox_new, test_bubble_fits },
  };

  g_setenv ("TZ", "UTC", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  porch_clock_fake (TALK_NOW_US);
  talk_load_css (FALSE, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].make_lines, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
