/* test-unsent.c - what the server refused, in the window: removed from there, and its words kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "find.h"
#include "fixture.h"
#include "porch-composer.h"
#include "porch-inbox-row.h"
#include "porch-line.h"
#include "porch-transcript-view.h"
#include "porch-transcript.h"
#include "porch-window.h"
#include "program.h"
#include "shop.h"

typedef struct {
  Fixture fixture;
  GtkWidget *window;
} Shop;

/* ---- finding ---- */

static GtkWidget *
get (Shop *self, GType type)
{
  GtkWidget *found = find_widget (self->window, type, NULL);

  g_assert_nonnull (found);
  return found;
}

static gboolean
has_label (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
is_row_of_talk (GtkWidget *widget, gconstpointer data)
{
  PorchConversation *conversation = PORCH_IS_INBOX_ROW (widget)
                                      ? porch_inbox_row_get_conversation (PORCH_INBOX_ROW (widget))
                                      : NULL;

  return conversation != NULL && g_str_equal (conversation->id, SHOP_LONG_TALK);
}

/* ---- what is seen ---- */

/* The row in the list says it. */
static gboolean
is_listed_as (Shop *self, const char *words)
{
  GtkWidget *row = find_widget_if (self->window, is_row_of_talk, NULL);

  return row != NULL && strstr (porch_inbox_row_get_label (PORCH_INBOX_ROW (row)), words) != NULL;
}

static GListModel *
get_lines (Shop *self)
{
  return porch_transcript_view_get_model (
    PORCH_TRANSCRIPT_VIEW (get (self, PORCH_TYPE_TRANSCRIPT_VIEW)));
}

static PorchLine *
dup_last_line (Shop *self)
{
  return g_list_model_get_item (get_lines (self), g_list_model_get_n_items (get_lines (self)) - 1);
}

/* NULL when it is not in view yet. */
static GtkWidget *
get_last_row (Shop *self)
{
  return porch_transcript_get_row (PORCH_TRANSCRIPT (get (self, PORCH_TYPE_TRANSCRIPT)),
                                   g_list_model_get_n_items (get_lines (self)) - 1);
}

static gboolean
is_last_failed (Shop *self, const char *text)
{
  g_autoptr (PorchLine) line = dup_last_line (self);

  return g_str_equal (porch_line_get_text (line), text) &&
         porch_line_get_delivery (line) == PORCH_DELIVERY_FAILED && get_last_row (self) != NULL;
}

static gboolean
has_line (Shop *self, const char *text)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_lines (self)); i++) {
    g_autoptr (PorchLine) line = g_list_model_get_item (get_lines (self), i);

    if (g_str_equal (porch_line_get_text (line), text))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_focus (Shop *self, GtkWidget *widget)
{
  return widget != NULL && gtk_window_get_focus (GTK_WINDOW (self->window)) == widget;
}

static gboolean
is_written (Shop *self, const char *wanted)
{
  GtkWidget *view = find_widget (get (self, PORCH_TYPE_COMPOSER), GTK_TYPE_TEXT_VIEW, NULL);
  g_autofree char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  return g_str_equal (text, wanted);
}

static gboolean
is_note (Shop *self)
{
  gboolean is_note = FALSE;

  g_object_get (get (self, PORCH_TYPE_COMPOSER), "is-note", &is_note, NULL);
  return is_note;
}

/* ---- what is done ---- */

static void
begin (Shop *self)
{
  fixture_mirror (&self->fixture);
  self->window =
    porch_window_new (ADW_APPLICATION (g_application_get_default ()), self->fixture.mirror);
  gtk_window_present (GTK_WINDOW (self->window));
  porch_window_present_conversation (PORCH_WINDOW (self->window), SHOP_LONG_TALK, FALSE);
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_TRANSCRIPT_VIEW, NULL) != NULL);
  WAIT_FOR (porch_transcript_view_get_state (PORCH_TRANSCRIPT_VIEW (
              get (self, PORCH_TYPE_TRANSCRIPT_VIEW))) == PORCH_TRANSCRIPT_READY);
  WAIT_FOR (is_listed_as (self, "Jonas Weidenfeld"));
}

static void
end (Shop *self)
{
  gpointer window = self->window;

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  WAIT_FOR (window == NULL);
  fixture_leave (&self->fixture);
}

static void
set_up (Shop *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
  self->fixture.cache_path = g_build_filename (self->fixture.folder, "cache.db", NULL);
  shop_fill (self->fixture.server);
  begin (self);
}

static void
tear_down (Shop *self, gconstpointer data)
{
  end (self);
  fixture_tear_down (&self->fixture, data);
}

static void
write_text (Shop *self, const char *text)
{
  GtkWidget *view = find_widget (get (self, PORCH_TYPE_COMPOSER), GTK_TYPE_TEXT_VIEW, NULL);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static void
act (Shop *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (get (self, PORCH_TYPE_COMPOSER), action, NULL));
}

/* The server takes it never. */
static void
send_in_vain (Shop *self, const char *text, PorchOpId op)
{
  self->fixture.server->fail_code[op] = PORCH_ERROR_TOO_LONG;
  self->fixture.server->n_fail[op] = 1;
  if (op == PORCH_OP_NOTE_CREATE)
    act (self, "composer.toggle-note");
  write_text (self, text);
  act (self, "composer.send");
  WAIT_FOR (is_last_failed (self, text));
}

static void
remove_last (Shop *self)
{
  g_assert_true (gtk_widget_activate_action (get_last_row (self), "line.remove", NULL));
}

static void
on_clipboard_read (GObject *source, GAsyncResult *result, gpointer text)
{
  g_autoptr (GError) error = NULL;

  *(char **) text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

/* ---- tests ---- */

/* From the talk, the list and the disk; its words are where they were written. */
static void
test_removed (Shop *self, gconstpointer data)
{
  send_in_vain (self, "Far too much", PORCH_OP_MESSAGE_CREATE);
  WAIT_FOR (is_listed_as (self, "not sent: Far too much"));
  gtk_widget_grab_focus (get_last_row (self));
  remove_last (self);
  g_assert_false (has_line (self, "Far too much"));
  g_assert_true (is_written (self, "Far too much"));
  g_assert_false (is_note (self));
  WAIT_FOR (is_listed_as (self, "draft: Far too much"));
  g_assert_false (is_listed_as (self, "not sent"));
  WAIT_FOR (has_focus (self, get_last_row (self)));

  end (self);
  begin (self);
  WAIT_FOR (is_written (self, "Far too much"));
  g_assert_false (has_line (self, "Far too much"));
  WAIT_FOR (is_listed_as (self, "draft: Far too much"));

  /* Nothing of it is in the way of what comes next. */
  write_text (self, "Less");
  act (self, "composer.send");
  WAIT_FOR (is_listed_as (self, "answered: Less"));
  g_assert_true (has_line (self, "Less"));
  g_assert_true (is_written (self, ""));
}

/* What is on a note is not for the visitor. */
static void
test_a_note_stays_one (Shop *self, gconstpointer data)
{
  send_in_vain (self, "He haggles", PORCH_OP_NOTE_CREATE);
  g_assert_false (is_note (self));
  remove_last (self);
  g_assert_true (is_written (self, "He haggles"));
  g_assert_true (is_note (self));
}

/* What is being written stays as it is; what was removed can be had from the toast. */
static void
test_beside_a_draft (Shop *self, gconstpointer data)
{
  GtkWidget *button = NULL;
  g_autofree char *copied = NULL;

  send_in_vain (self, "Far <b> too much", PORCH_OP_MESSAGE_CREATE);
  write_text (self, "Shorter");
  remove_last (self);
  g_assert_false (has_line (self, "Far <b> too much"));
  g_assert_true (is_written (self, "Shorter"));
  WAIT_FOR ((button = find_widget_if (self->window, has_label, "Copy")) != NULL);
  g_signal_emit_by_name (button, "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (self->window), NULL, on_clipboard_read,
                                 &copied);
  WAIT_FOR (copied != NULL);
  g_assert_cmpstr (copied, ==, "Far <b> too much");
}

/* Nothing can be written to it, and words that nobody sees would be a draft for ever. */
static void
test_in_a_closed_conversation (Shop *self, gconstpointer data)
{
  PorchConversation *conversation = porch_window_get_conversation (PORCH_WINDOW (self->window));

  send_in_vain (self, "Far too much", PORCH_OP_MESSAGE_CREATE);
  g_object_set (conversation, "state", PORCH_STATE_CLOSED, NULL);
  remove_last (self);
  g_assert_false (has_line (self, "Far too much"));
  g_assert_true (is_written (self, ""));
  g_assert_null (porch_mirror_get_draft (self->fixture.mirror, SHOP_LONG_TALK, NULL));
  WAIT_FOR (find_widget_if (self->window, has_label, "Copy") != NULL);
}

#define add(name, test) g_test_add ("/unsent/" name, Shop, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = program_start (&argc, &argv);

  add ("removed", test_removed);
  add ("a-note-stays-one", test_a_note_stays_one);
  add ("beside-a-draft", test_beside_a_draft);
  add ("in-a-closed-conversation", test_in_a_closed_conversation);
  return g_test_run ();
}
