/* test-transcript.c - what a transcript promises, in pixels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-transcript-row.h"
#include "porch-transcript.h"
#include "talk.h"

#define WIDTH  800
#define HEIGHT 700
#define STICKY 48 /* lines of pixels at the top where the day comes and goes */

typedef struct {
  GtkWidget *window;
  GtkWidget *scroller;
  GtkWidget *widget;
  PorchTranscript *transcript;
  TalkList *lines;
  GtkAdjustment *adjustment;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer n_lines)
{
  GtkScrolledWindow *scroller;

  fixture->lines = talk_list_new (0, GPOINTER_TO_UINT (n_lines));
  fixture->widget = porch_transcript_new ();
  fixture->transcript = PORCH_TRANSCRIPT (fixture->widget);
  porch_transcript_set_model (fixture->transcript, G_LIST_MODEL (fixture->lines));
  fixture->scroller = gtk_scrolled_window_new ();
  scroller = GTK_SCROLLED_WINDOW (fixture->scroller);
  gtk_scrolled_window_set_child (scroller, fixture->widget);
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  fixture->adjustment = gtk_scrolled_window_get_vadjustment (scroller);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->scroller);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (fixture->window));
  talk_wait_frames (fixture->window, 3);
}

static void
tear_down (Fixture *fixture, gconstpointer n_lines)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->widget), (gpointer *) &fixture->widget);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_null (fixture->widget);
  g_assert_finalize_object (fixture->lines);
}

static GtkWidget *
get_row (Fixture *fixture, guint position)
{
  GtkWidget *row = porch_transcript_get_row (fixture->transcript, position);

  g_assert_nonnull (row);
  return row;
}

static int
get_edge (Fixture *fixture, GtkWidget *widget, gboolean is_bottom)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, fixture->widget, &bounds));
  return (int) (bounds.origin.y + (is_bottom ? bounds.size.height : 0));
}

static int
get_bottom (Fixture *fixture, guint position)
{
  return get_edge (fixture, get_row (fixture, position), TRUE);
}

static int
get_top (Fixture *fixture, guint position)
{
  return get_edge (fixture, get_row (fixture, position), FALSE);
}

/* Of the bubble: where the text is. */
static int
get_text_bottom (Fixture *fixture, guint position)
{
  PorchTranscriptRow *row = PORCH_TRANSCRIPT_ROW (get_row (fixture, position));

  return get_edge (fixture, GTK_WIDGET (porch_transcript_row_get_bubble (row)), TRUE);
}

static int
get_page (Fixture *fixture)
{
  return (int) gtk_adjustment_get_page_size (fixture->adjustment);
}

static guint
get_middle (Fixture *fixture)
{
  guint first, last;

  porch_transcript_get_shown (fixture->transcript, &first, &last);
  return (first + last) / 2;
}

/* What is really drawn, below the place of the day. */
static GBytes *
render (Fixture *fixture)
{
  int width = gtk_widget_get_width (fixture->widget);
  int height = get_page (fixture);
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (fixture->widget));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (fixture->widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  guchar *pixels = g_malloc0 ((gsize) width * height * 4);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_texture_download (texture, pixels, width * 4);
  memset (pixels, 0, (gsize) width * 4 * STICKY);
  return g_bytes_new_take (pixels, (gsize) width * height * 4);
}

static void
assert_same_picture (GBytes *a, GBytes *b)
{
  gsize size = g_bytes_get_size (a);
  const guchar *x = g_bytes_get_data (a, NULL);
  const guchar *y = g_bytes_get_data (b, NULL);
  gsize n_different = 0, first = 0;

  g_assert_cmpuint (size, ==, g_bytes_get_size (b));
  for (gsize i = size; i-- > 0;) {
    n_different += x[i] != y[i];
    first = x[i] != y[i] ? i : first;
  }
  if (n_different > 0)
    g_test_message ("%" G_GSIZE_FORMAT " bytes differ, first in line %" G_GSIZE_FORMAT, n_different,
                    first / 4 / WIDTH);
  g_assert_cmpuint (n_different, ==, 0);
}

static void
scroll_by (Fixture *fixture, double distance)
{
  gtk_adjustment_set_value (fixture->adjustment,
                            gtk_adjustment_get_value (fixture->adjustment) + distance);
  talk_wait_frames (fixture->window, 1);
}

static gboolean
on_settled (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until the transcript's own timer has gone off that puts the scrollbar right. */
static void
settle (Fixture *fixture)
{
  gboolean is_over = FALSE;

  g_timeout_add (320, on_settled, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  talk_wait_frames (fixture->window, 1);
}

/* ---- opening and growing ---- */

static void
test_opens_at_end (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines);

  g_assert_true (porch_transcript_get_follows_end (fixture->transcript));
  g_assert_cmpuint (talk_list_get_n_made (fixture->lines), <, 100);
  if (n > 0)
    g_assert_cmpint (get_bottom (fixture, n - 1), ==, get_page (fixture));
}

static void
test_append_at_end (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines);

  for (int i = 0; i < 40; i++) {
    talk_list_append (fixture->lines, 1 + i % 3);
    n += 1 + i % 3;
    talk_wait_frames (fixture->window, 1);
    g_assert_cmpint (get_bottom (fixture, n - 1), ==, get_page (fixture));
  }
  g_assert_cmpuint (porch_transcript_get_n_unseen (fixture->transcript), ==, 0);
}

static void
test_append_when_away (Fixture *fixture, gconstpointer n_lines)
{
  guint n_expected = 0;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  scroll_by (fixture, -900);
  before = render (fixture);
  for (int i = 0; i < 10; i++)
    talk_list_append (fixture->lines, 3);
  talk_wait_frames (fixture->window, 1);
  after = render (fixture);
  assert_same_picture (before, after);
  for (guint i = 200; i < 230; i++) {
    g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (fixture->lines), i);

    n_expected += porch_line_get_kind (line) != PORCH_LINE_SYSTEM;
  }
  g_assert_cmpuint (porch_transcript_get_n_unseen (fixture->transcript), ==, n_expected);
  porch_transcript_scroll_to_end (fixture->transcript);
  talk_wait_frames (fixture->window, 3);
  g_assert_cmpuint (porch_transcript_get_n_unseen (fixture->transcript), ==, 0);
}

static void
test_append_just_below (Fixture *fixture, gconstpointer n_lines)
{
  guint last = GPOINTER_TO_UINT (n_lines) - 1;
  int bottom;

  /* One pixel up is enough to stay. The last row is in view, and its group may go on below: then
   * the time under it goes, but its text stays. */
  g_assert_cmpint (get_bottom (fixture, last), ==, get_page (fixture));
  scroll_by (fixture, -1);
  g_assert_cmpint (get_bottom (fixture, last), ==, get_page (fixture) + 1);
  bottom = get_text_bottom (fixture, last);
  for (int i = 0; i < 5; i++) {
    talk_list_append (fixture->lines, 1);
    talk_wait_frames (fixture->window, 1);
    g_assert_cmpint (get_text_bottom (fixture, last), ==, bottom);
  }
}

static void
test_prepend (Fixture *fixture, gconstpointer n_lines)
{
  for (int i = 0; i < 30; i++) {
    g_autoptr (GBytes) before = NULL;
    g_autoptr (GBytes) after = NULL;
    g_autoptr (GBytes) settled = NULL;

    scroll_by (fixture, i == 0 ? -600 : -313);
    before = render (fixture);
    talk_list_prepend (fixture->lines, 51);
    talk_wait_frames (fixture->window, 1);
    after = render (fixture);
    assert_same_picture (before, after);
    if (i % 7 != 6)
      continue;
    settle (fixture);
    settled = render (fixture);
    assert_same_picture (before, settled);
  }
}

static void
test_prepend_at_top (Fixture *fixture, gconstpointer n_lines)
{
  int bottom;

  gtk_adjustment_set_value (fixture->adjustment, 0);
  talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (get_top (fixture, 0), ==, 0);
  bottom = get_text_bottom (fixture, 0);
  /* The old first message loses its day pill and may join a group, yet its text stays. */
  talk_list_prepend (fixture->lines, 50);
  talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (get_text_bottom (fixture, 50), ==, bottom);
}

/* A fling keeps its own value: it goes on in the old coordinates after rows came in above. */
static void
test_prepend_in_fling (Fixture *fixture, gconstpointer n_lines)
{
  double value;
  guint position;
  int bottom;

  gtk_adjustment_set_value (fixture->adjustment, 2000);
  talk_wait_frames (fixture->window, 1);
  position = get_middle (fixture);
  bottom = get_bottom (fixture, position);
  value = gtk_adjustment_get_value (fixture->adjustment);
  for (int i = 1; i <= 12; i++) {
    gtk_adjustment_set_value (fixture->adjustment, value - 17 * i);
    if (i == 5) {
      talk_wait_frames (fixture->window, 1);
      talk_list_prepend (fixture->lines, 51);
      position += 51;
    }
    talk_wait_frames (fixture->window, 1);
    g_assert_cmpint (get_bottom (fixture, position), ==, bottom + 17 * i);
  }
}

/* ---- scrolling ---- */

static void
test_scroll_is_exact (Fixture *fixture, gconstpointer n_lines)
{
  porch_transcript_scroll_to (fixture->transcript, GPOINTER_TO_UINT (n_lines) / 2);
  talk_wait_frames (fixture->window, 1);
  for (int i = 0; i < 400; i++) {
    guint position = get_middle (fixture);
    int bottom = get_bottom (fixture, position);
    int distance = g_test_rand_int_range (-150, i < 250 ? 60 : 150);

    scroll_by (fixture, distance);
    g_assert_cmpint (get_bottom (fixture, position), ==, bottom - distance);
    if (i % 50 != 49)
      continue;
    position = get_middle (fixture);
    bottom = get_bottom (fixture, position);
    settle (fixture);
    g_assert_cmpint (get_bottom (fixture, position), ==, bottom);
  }
}

static void
test_fractions_add_up (Fixture *fixture, gconstpointer n_lines)
{
  guint position;
  int bottom;

  porch_transcript_scroll_to (fixture->transcript, 500);
  talk_wait_frames (fixture->window, 1);
  position = get_middle (fixture);
  bottom = get_bottom (fixture, position);
  for (int i = 0; i < 100; i++)
    scroll_by (fixture, -0.3);
  g_assert_cmpint (ABS (get_bottom (fixture, position) - bottom - 30), <=, 1);
}

static void
test_jump (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines);

  for (int i = 0; i < 200; i++) {
    guint position = g_test_rand_int_range (200, n - 200);
    int height;

    porch_transcript_scroll_to (fixture->transcript, position);
    talk_wait_frames (fixture->window, 1);
    height = get_bottom (fixture, position) - get_top (fixture, position);
    g_assert_cmpint (get_top (fixture, position), ==, MAX (0, (get_page (fixture) - height) / 3));
    g_assert_true (gtk_widget_has_css_class (get_row (fixture, position), "flash"));
  }
}

/* A row made inside of a layout has its style, its font too, in its first frame. */
static void
test_first_frame (Fixture *fixture, gconstpointer n_lines)
{
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) later = NULL;

  porch_transcript_scroll_to (fixture->transcript, 420);
  talk_wait_frames (fixture->window, 1);
  first = render (fixture);
  talk_wait_frames (fixture->window, 5);
  later = render (fixture);
  assert_same_picture (first, later);
}

static void
test_scrollbar (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines), first, last;
  double upper;

  for (int i = 0; i <= 100; i++) {
    upper = gtk_adjustment_get_upper (fixture->adjustment);
    gtk_adjustment_set_value (fixture->adjustment, i / 100.0 * (upper - get_page (fixture)));
    talk_wait_frames (fixture->window, 1);
    porch_transcript_get_shown (fixture->transcript, &first, &last);
    g_assert_cmpint (abs ((int) first - (int) (n * i / 100.0)), <, n / 20);
  }
  g_assert_true (porch_transcript_get_follows_end (fixture->transcript));
  g_assert_cmpint (get_bottom (fixture, n - 1), ==, get_page (fixture));
  gtk_adjustment_set_value (fixture->adjustment, 0);
  talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (get_top (fixture, 0), ==, 0);
}

static void
set_width (Fixture *fixture, int width)
{
  gtk_widget_set_size_request (fixture->scroller, 300, -1);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, HEIGHT);
  for (int i = 0; i < 50 && gtk_widget_get_width (fixture->window) != width; i++)
    talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (gtk_widget_get_width (fixture->window), ==, width);
  talk_wait_frames (fixture->window, 1);
}

static void
test_rewrap (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines), anchor, last;
  int top;

  set_width (fixture, 420);
  g_assert_cmpint (get_bottom (fixture, n - 1), ==, get_page (fixture));
  set_width (fixture, WIDTH);
  g_assert_cmpint (get_bottom (fixture, n - 1), ==, get_page (fixture));

  porch_transcript_scroll_to (fixture->transcript, n / 2);
  talk_wait_frames (fixture->window, 2);
  porch_transcript_get_shown (fixture->transcript, &anchor, &last);
  while (get_top (fixture, anchor) < 0)
    anchor++;
  top = get_top (fixture, anchor);
  for (int width = 780; width >= 420; width -= 60) {
    set_width (fixture, width);
    g_assert_cmpint (get_top (fixture, anchor), ==, top);
  }
  set_width (fixture, WIDTH);
  g_assert_cmpint (get_top (fixture, anchor), ==, top);
}

/* On a wide screen the column stays readable, in the middle. */
static void
test_wide (Fixture *fixture, gconstpointer n_lines)
{
  guint last = GPOINTER_TO_UINT (n_lines) - 1;
  graphene_rect_t bounds;

  set_width (fixture, 1200);
  g_assert_true (gtk_widget_compute_bounds (get_row (fixture, last), fixture->widget, &bounds));
  g_assert_cmpfloat (bounds.size.width, ==, 860);
  g_assert_cmpfloat (bounds.origin.x, ==, 170);
}

/* ---- changes in place ---- */

static void
set_deliveries (Fixture *fixture, guint from, guint to, PorchDelivery delivery)
{
  for (guint i = from; i < to; i++) {
    g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (fixture->lines), i);

    porch_line_set_delivery (line, delivery);
  }
  talk_wait_frames (fixture->window, 1);
}

static void
test_change_in_place (Fixture *fixture, gconstpointer n_lines)
{
  guint n = GPOINTER_TO_UINT (n_lines), anchor, last;
  int bottom;

  scroll_by (fixture, -500);
  porch_transcript_get_shown (fixture->transcript, &anchor, &last);
  anchor++;
  bottom = get_text_bottom (fixture, anchor);
  /* Another state is as high as the one before, and one that breaks a group pushes down, not up. */
  set_deliveries (fixture, n - 40, n, PORCH_DELIVERY_SENT);
  g_assert_cmpint (get_text_bottom (fixture, anchor), ==, bottom);
  set_deliveries (fixture, anchor, n, PORCH_DELIVERY_FAILED);
  g_assert_cmpint (get_text_bottom (fixture, anchor), ==, bottom);
  set_deliveries (fixture, anchor, n, PORCH_DELIVERY_READ);
  g_assert_cmpint (get_text_bottom (fixture, anchor), ==, bottom);
}

/* What waits has an outline, and gets one in its own row: never two states of one look. */
static void
test_unsent_looks_so (Fixture *fixture, gconstpointer n_lines)
{
  guint last = GPOINTER_TO_UINT (n_lines) - 1;

  set_deliveries (fixture, last, last + 1, PORCH_DELIVERY_SENDING);
  g_assert_false (gtk_widget_has_css_class (get_row (fixture, last), "unsent"));
  set_deliveries (fixture, last, last + 1, PORCH_DELIVERY_WAITING);
  g_assert_true (gtk_widget_has_css_class (get_row (fixture, last), "unsent"));
  set_deliveries (fixture, last, last + 1, PORCH_DELIVERY_SENT);
  g_assert_false (gtk_widget_has_css_class (get_row (fixture, last), "unsent"));
  g_assert_cmpint (get_bottom (fixture, last), ==, get_page (fixture));
}

static void
test_edit_in_place (Fixture *fixture, gconstpointer n_lines)
{
  guint last = GPOINTER_TO_UINT (n_lines) - 1;
  g_autoptr (PorchLine) line = g_list_model_get_item (G_LIST_MODEL (fixture->lines), last);
  int height = get_bottom (fixture, last) - get_top (fixture, last);

  porch_line_set_text (line, "One\nTwo\nThree\nFour\nFive\nSix\nSeven\nEight\nNine\nTen");
  talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (get_bottom (fixture, last) - get_top (fixture, last), >, height);
  g_assert_cmpint (get_bottom (fixture, last), ==, get_page (fixture));
}

/* A day later "Today" is "Yesterday" at the next layout. */
static void
test_midnight (Fixture *fixture, gconstpointer n_lines)
{
  g_autoptr (GBytes) today = NULL;
  g_autoptr (GBytes) yesterday = NULL;
  g_autoptr (GBytes) today_again = NULL;

  /* All in view, so that the pill is not under the mask. */
  set_width (fixture, 420);
  today = render (fixture);
  porch_clock_fake (TALK_NOW_US + G_TIME_SPAN_DAY);
  porch_transcript_scroll_to_end (fixture->transcript);
  talk_wait_frames (fixture->window, 2);
  yesterday = render (fixture);
  g_assert_false (g_bytes_equal (today, yesterday));
  porch_clock_fake (TALK_NOW_US);
  porch_transcript_scroll_to_end (fixture->transcript);
  talk_wait_frames (fixture->window, 2);
  today_again = render (fixture);
  assert_same_picture (today, today_again);
}

/* ---- for machines ---- */

static void
test_accessible (Fixture *fixture, gconstpointer n_lines)
{
  guint first, last;

  gtk_test_accessible_assert_role (fixture->widget, GTK_ACCESSIBLE_ROLE_LOG);
  porch_transcript_get_shown (fixture->transcript, &first, &last);
  for (guint i = first; i <= last; i++) {
    GtkWidget *row = get_row (fixture, i);
    GtkAccessible *accessible = GTK_ACCESSIBLE (row);

    gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
    g_assert_true (gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL));
    g_assert_true (gtk_widget_get_focusable (row));
  }
}

/* Every row in the tree once, in order; spare ones and the day after them, out of sight. */
static void
test_order (Fixture *fixture, gconstpointer n_lines)
{
  for (int i = 0; i < 60; i++) {
    guint first, last;
    GtkWidget *child;

    scroll_by (fixture, g_test_rand_int_range (-900, 700));
    porch_transcript_get_shown (fixture->transcript, &first, &last);
    child = gtk_widget_get_first_child (fixture->widget);
    for (guint position = first; position <= last; position++) {
      g_assert_true (child == porch_transcript_get_row (fixture->transcript, position));
      child = gtk_widget_get_next_sibling (child);
    }
    for (; child != NULL; child = gtk_widget_get_next_sibling (child))
      g_assert_true (!PORCH_IS_TRANSCRIPT_ROW (child) || !gtk_widget_get_child_visible (child));
  }
}

static void
count (guint *n)
{
  (*n)++;
}

static void
test_older_wanted (Fixture *fixture, gconstpointer n_lines)
{
  guint n_wanted = 0;

  g_signal_connect_swapped (fixture->transcript, "older-wanted", G_CALLBACK (count), &n_wanted);
  scroll_by (fixture, -200);
  g_assert_cmpuint (n_wanted, ==, 0);
  gtk_adjustment_set_value (fixture->adjustment, 0);
  talk_wait_frames (fixture->window, 3);
  g_assert_cmpuint (n_wanted, ==, 1);
  /* Once for each length: no answer, no second question. */
  scroll_by (fixture, 10);
  talk_wait_frames (fixture->window, 3);
  g_assert_cmpuint (n_wanted, ==, 1);
  talk_list_prepend (fixture->lines, 5);
  talk_wait_frames (fixture->window, 3);
  g_assert_cmpuint (n_wanted, ==, 2);
}

static void
test_model_comes_and_goes (Fixture *fixture, gconstpointer n_lines)
{
  g_autoptr (TalkList) other = talk_list_new (5000, 30);

  scroll_by (fixture, -500);
  g_assert_false (porch_transcript_get_follows_end (fixture->transcript));
  porch_transcript_set_model (fixture->transcript, G_LIST_MODEL (other));
  talk_wait_frames (fixture->window, 1);
  g_assert_cmpint (get_bottom (fixture, 29), ==, get_page (fixture));
  porch_transcript_set_model (fixture->transcript, NULL);
  talk_wait_frames (fixture->window, 1);
  g_assert_null (porch_transcript_get_row (fixture->transcript, 29));
  porch_transcript_set_model (fixture->transcript, G_LIST_MODEL (fixture->lines));
  talk_wait_frames (fixture->window, 1);
  g_assert_true (porch_transcript_get_follows_end (fixture->transcript));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    guint n_lines;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/transcript/opens-at-end/0", 0, test_opens_at_end },
    { "/transcript/opens-at-end/3", 3, test_opens_at_end },
    { "/transcript/opens-at-end/100000", 100000, test_opens_at_end },
    { "/transcript/append-at-end", 200, test_append_at_end },
    { "/transcript/append-from-empty", 0, test_append_at_end },
    { "/transcript/append-when-away", 200, test_append_when_away },
    { "/transcript/append-just-below", 203, test_append_just_below },
    { "/transcript/prepend", 200, test_prepend },
    { "/transcript/prepend-at-top", 200, test_prepend_at_top },
    { "/transcript/prepend-in-fling", 200, test_prepend_in_fling },
    { "/transcript/scroll-is-exact", 10000, test_scroll_is_exact },
    { "/transcript/fractions-add-up", 1000, test_fractions_add_up },
    { "/transcript/jump", 100000, test_jump },
    { "/transcript/first-frame", 1000, test_first_frame },
    { "/transcript/scrollbar", 10000, test_scrollbar },
    { "/transcript/rewrap", 1000, test_rewrap },
    { "/transcript/wide", 100, test_wide },
    { "/transcript/change-in-place", 1000, test_change_in_place },
    { "/transcript/unsent-looks-so", 1000, test_unsent_looks_so },
    { "/transcript/edit-in-place", 1000, test_edit_in_place },
    { "/transcript/midnight", 4, test_midnight },
    { "/transcript/accessible", 100, test_accessible },
    { "/transcript/order", 5000, test_order },
    { "/transcript/older-wanted", 300, test_older_wanted },
    { "/transcript/model-comes-and-goes", 300, test_model_comes_and_goes },
  };

  g_setenv ("TZ", "UTC", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  porch_clock_fake (TALK_NOW_US);
  talk_load_css (FALSE, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GUINT_TO_POINTER (tests[i].n_lines), set_up, tests[i].test,
                tear_down);
  return g_test_run ();
}
