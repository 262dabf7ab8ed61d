/* test-window.c - the window over a server that is told what to say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The real client and mirror; only the far side of the wire is a stand-in. Every warning is fatal,
 * so that each template that is made here is also a template that is right.
 */
#include "config.h"

#include "find.h"
#include "fixture.h"
#include "porch-banner.h"
#include "porch-chat.h"
#include "porch-composer.h"
#include "porch-conversation-pane.h"
#include "porch-details-pane.h"
#include "porch-fact.h"
#include "porch-first-run.h"
#include "porch-inbox-pane.h"
#include "porch-inbox-row.h"
#include "porch-light.h"
#include "porch-nav-pane.h"
#include "porch-snippet.h"
#include "porch-status-popover.h"
#include "porch-transcript-view.h"
#include "porch-window.h"
#include "program.h"
#include "shop.h"

typedef struct {
  Fixture fixture;
  AdwApplication *app;
  GtkWidget *window;
} Shop;

/* ---- finding ---- */

static GtkWidget *
get (Shop *self, GType type, const char *id)
{
  GtkWidget *found = find_widget (self->window, type, id);

  g_assert_nonnull (found);
  return found;
}

static PorchInboxRow *
find_row (GtkWidget *root, const char *conversation)
{
  if (PORCH_IS_INBOX_ROW (root)) {
    PorchConversation *shown = porch_inbox_row_get_conversation (PORCH_INBOX_ROW (root));

    return shown != NULL && g_str_equal (shown->id, conversation) ? PORCH_INBOX_ROW (root) : NULL;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    PorchInboxRow *row = find_row (child, conversation);

    if (row != NULL)
      return row;
  }
  return NULL;
}

/* ---- coming and going ---- */

static void
set_up_empty (Shop *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
  self->app = ADW_APPLICATION (g_application_get_default ());
}

static void
set_up (Shop *self, gconstpointer data)
{
  set_up_empty (self, data);
  shop_fill (self->fixture.server);
}

/* @width is 0 for the usual one. */
static void
begin_sized (Shop *self, int width, int height)
{
  self->fixture.client = porch_client_new (self->fixture.server->path, NULL, NULL);
  porch_client_set_pace (self->fixture.client, &self->fixture.pace);
  self->fixture.mirror = porch_mirror_new (self->fixture.client, NULL);
  self->window = porch_window_new (self->app, self->fixture.mirror);
  if (width != 0)
    gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_present (GTK_WINDOW (self->window));
  porch_client_start (self->fixture.client);
}

static void
begin (Shop *self)
{
  begin_sized (self, 0, 0);
}

static void
begin_live (Shop *self)
{
  begin (self);
  WAIT_FOR (porch_client_get_link (self->fixture.client) == PORCH_LINK_LIVE);
  WAIT_FOR (porch_inbox_get_load (porch_mirror_get_inbox (self->fixture.mirror, "open")) !=
            PORCH_LOAD_LOADING);
}

static void
tear_down (Shop *self, gconstpointer data)
{
  gpointer window = self->window;

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  WAIT_FOR (window == NULL);
  fixture_tear_down (&self->fixture, data);
}

static void
open_talk (Shop *self)
{
  begin_live (self);
  porch_window_present_conversation (PORCH_WINDOW (self->window), SHOP_LONG_TALK, FALSE);
  WAIT_FOR (porch_transcript_view_get_state (PORCH_TRANSCRIPT_VIEW (
              get (self, PORCH_TYPE_TRANSCRIPT_VIEW, NULL))) == PORCH_TRANSCRIPT_READY);
}

static void
write_text (Shop *self, const char *text)
{
  GtkWidget *view = get (self, GTK_TYPE_TEXT_VIEW, "text_view");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static void
assert_text (Shop *self, const char *wanted)
{
  GtkTextBuffer *buffer =
    gtk_text_view_get_buffer (GTK_TEXT_VIEW (get (self, GTK_TYPE_TEXT_VIEW, "text_view")));
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);
  g_assert_cmpstr (text, ==, wanted);
}

static char *
dup_written (Shop *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (get (self, GTK_TYPE_TEXT_VIEW, "text_view"));
  char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (view), "text", &text, NULL);
  return text;
}

static const char *
get_page (Shop *self, GType pane, const char *id)
{
  GtkWidget *stack = find_widget (get (self, pane, NULL), GTK_TYPE_STACK, id);

  return gtk_stack_get_visible_child_name (GTK_STACK (stack));
}

/* ---- tests ---- */

static void
test_inbox_shows_who_waits_longest (Shop *self, gconstpointer data)
{
  PorchInboxRow *row;
  GtkWidget *item;

  begin_live (self);
  WAIT_FOR (find_row (self->window, "c-amara") != NULL);
  row = find_row (self->window, "c-amara");
  g_assert_true (g_str_has_prefix (porch_inbox_row_get_label (row),
                                   "Amara Okonkwo, 3 unread messages, Missed · 7 min, Hello?"));
  /* The list item is what has the focus. */
  item = gtk_widget_get_parent (GTK_WIDGET (row));
  gtk_test_accessible_assert_role (item, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (item, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       porch_inbox_row_get_label (row));
}

static void
test_segments_change_the_list (Shop *self, gconstpointer data)
{
  GtkWidget *pane;

  begin_live (self);
  pane = get (self, PORCH_TYPE_INBOX_PANE, NULL);
  WAIT_FOR (find_row (self->window, "c-luca") != NULL);
  gtk_widget_activate_action (pane, "inbox.filter", "s", "mine");
  WAIT_FOR (find_row (self->window, "c-owen") != NULL && find_row (self->window, "c-luca") == NULL);
  gtk_widget_activate_action (pane, "inbox.filter", "s", "resolved");
  WAIT_FOR (find_row (self->window, "c-nils") != NULL);
  g_assert_null (find_row (self->window, "c-owen"));
}

static void
test_opening_shows_talk_and_details (Shop *self, gconstpointer data)
{
  GtkWidget *log;
  g_autofree char *email = NULL;

  open_talk (self);
  g_assert_cmpstr (get_page (self, PORCH_TYPE_CONVERSATION_PANE, "buttons"), ==, "resolve");
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_DETAILS_PANE, NULL) != NULL);
  g_object_get (get (self, PORCH_TYPE_FACT, "email"), "value", &email, NULL);
  g_assert_cmpstr (email, ==, "jonas.w@posteo.example");
  log = get (self, PORCH_TYPE_TRANSCRIPT_VIEW, NULL);
  g_assert_true (gtk_widget_is_visible (log));
  gtk_test_accessible_assert_property (get (self, GTK_TYPE_TEXT_VIEW, "text_view"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Write to Jonas Weidenfeld");
}

static void
test_sending (Shop *self, gconstpointer data)
{
  GtkWidget *composer;
  g_autofree char *left = NULL;

  open_talk (self);
  composer = get (self, PORCH_TYPE_COMPOSER, NULL);
  write_text (self, " Of course. ");
  g_assert_cmpstr (porch_mirror_get_draft (self->fixture.mirror, SHOP_LONG_TALK, NULL), ==,
                   " Of course. ");
  g_assert_true (gtk_widget_activate_action (composer, "composer.send", NULL));
  left = dup_written (self);
  g_assert_cmpstr (left, ==, "");
  g_assert_null (porch_mirror_get_draft (self->fixture.mirror, SHOP_LONG_TALK, NULL));
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_MESSAGE_CREATE] == 1);
  WAIT_FOR (g_str_equal (((PorchMessage *) self->fixture.server->messages
                            ->pdata[self->fixture.server->messages->len - 1])
                           ->text,
                         "Of course."));
}

static void
test_nothing_is_sent_that_is_empty_or_too_long (Shop *self, gconstpointer data)
{
  GtkWidget *button, *counter, *composer;
  g_autofree char *long_text = g_strnfill (4001, 'x');
  g_autofree char *near_text = g_strnfill (3501, 'x');

  open_talk (self);
  composer = get (self, PORCH_TYPE_COMPOSER, NULL);
  button = get (self, GTK_TYPE_BUTTON, "send_button");
  counter = get (self, GTK_TYPE_LABEL, "counter");
  write_text (self, " \n ");
  g_assert_false (gtk_widget_is_sensitive (button));
  g_assert_false (gtk_widget_get_visible (counter));
  write_text (self, near_text);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (counter)), ==, "3501 of 4000");
  write_text (self, long_text);
  g_assert_false (gtk_widget_is_sensitive (button));
  g_assert_true (gtk_widget_has_css_class (counter, "error"));
  gtk_widget_activate_action (composer, "composer.send", NULL);
  fixture_round_trip (&self->fixture);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, 0);
}

static void
test_notes_are_for_the_team (Shop *self, gconstpointer data)
{
  GtkWidget *composer;

  open_talk (self);
  composer = get (self, PORCH_TYPE_COMPOSER, NULL);
  gtk_widget_activate_action (composer, "composer.toggle-note", NULL);
  g_assert_true (gtk_widget_has_css_class (composer, "note"));
  gtk_test_accessible_assert_property (get (self, GTK_TYPE_BUTTON, "send_button"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Add note");
  write_text (self, "He wants a tag on it");
  gtk_widget_activate_action (composer, "composer.send", NULL);
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_NOTE_CREATE] == 1);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, 0);
  /* The next thing one writes is an answer again. */
  g_assert_false (gtk_widget_has_css_class (composer, "note"));
}

static void
test_drafts_stay_with_their_conversation (Shop *self, gconstpointer data)
{
  PorchWindow *window;
  GtkWidget *composer;
  g_autofree char *other = NULL;
  g_autofree char *back = NULL;
  gboolean is_note = FALSE;

  open_talk (self);
  window = PORCH_WINDOW (self->window);
  composer = get (self, PORCH_TYPE_COMPOSER, NULL);
  gtk_widget_activate_action (composer, "composer.toggle-note", NULL);
  write_text (self, "half a thought");
  porch_window_present_conversation (window, "c-owen", FALSE);
  other = dup_written (self);
  g_assert_cmpstr (other, ==, "");
  g_object_get (composer, "is-note", &is_note, NULL);
  g_assert_false (is_note);
  porch_window_present_conversation (window, SHOP_LONG_TALK, FALSE);
  back = dup_written (self);
  g_assert_cmpstr (back, ==, "half a thought");
  g_object_get (composer, "is-note", &is_note, NULL);
  g_assert_true (is_note);
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) != NULL);
  g_assert_nonnull (strstr (porch_inbox_row_get_label (find_row (self->window, SHOP_LONG_TALK)),
                            "draft: half a thought"));
}

static void
test_a_colleagues_conversation_is_taken_over_first (Shop *self, gconstpointer data)
{
  GtkWidget *words;
  g_autofree char *plain = NULL;

  begin_live (self);
  WAIT_FOR (g_list_model_get_n_items (porch_mirror_get_agents (self->fixture.mirror)) == 2);
  porch_window_present_conversation (PORCH_WINDOW (self->window), "c-luca", FALSE);
  g_assert_cmpstr (get_page (self, PORCH_TYPE_COMPOSER, "stack"), ==, "away");
  words = get (self, GTK_TYPE_LABEL, "away_words");
  plain = g_strdup (gtk_label_get_label (GTK_LABEL (words)));
  g_assert_nonnull (strstr (plain, "Mona Lindqvist"));
  /* But a note one may always add. */
  gtk_widget_activate_action (get (self, PORCH_TYPE_COMPOSER, NULL), "composer.toggle-note", NULL);
  g_assert_cmpstr (get_page (self, PORCH_TYPE_COMPOSER, "stack"), ==, "write");
  gtk_widget_activate_action (get (self, PORCH_TYPE_COMPOSER, NULL), "composer.toggle-note", NULL);

  gtk_widget_activate_action (self->window, "win.take", NULL);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_COMPOSER, "stack"), "write") == 0);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_CONVERSATION_TAKE], ==, 1);
}

static void
test_a_conversation_that_went_to_others_says_so (Shop *self, gconstpointer data)
{
  GtkWidget *composer;
  g_autofree char *holder = NULL;

  open_talk (self);
  composer = get (self, PORCH_TYPE_COMPOSER, NULL);
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) != NULL);
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_DETAILS_PANE, NULL) != NULL);
  write_text (self, "half a thought");
  fake_server_take_away (self->fixture.server,
                         fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK));
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) == NULL);
  g_assert_cmpstr (get_page (self, PORCH_TYPE_COMPOSER, "stack"), ==, "away");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, GTK_TYPE_LABEL, "away_words"))), ==,
                   "This was handed to another team. Only they can see and answer it. What you "
                   "have begun to write is kept, and here again when it comes back.");
  g_assert_false (gtk_widget_get_visible (get (self, GTK_TYPE_BUTTON, "take_button")));
  g_assert_cmpstr (get_page (self, PORCH_TYPE_CONVERSATION_PANE, "buttons"), ==, "none");
  g_object_get (get (self, PORCH_TYPE_FACT, "holder"), "value", &holder, NULL);
  g_assert_cmpstr (holder, ==, "Another team");
  /* Neither a note nor a key gets around it. */
  gtk_widget_activate_action (composer, "composer.toggle-note", NULL);
  gtk_widget_activate_action (composer, "composer.send", NULL);
  gtk_widget_activate_action (self->window, "win.resolve", NULL);
  fixture_round_trip (&self->fixture);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_MESSAGE_CREATE], ==, 0);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_NOTE_CREATE], ==, 0);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_CONVERSATION_RESOLVE], ==, 0);

  fake_server_change (self->fixture.server,
                      fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK),
                      PORCH_EVENT_CONVERSATION_TRANSFERRED);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_COMPOSER, "stack"), "write") == 0);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_CONVERSATION_PANE, "buttons"), "resolve") == 0);
  assert_text (self, "half a thought");
  /* Nothing was begun: nothing is said of it. */
  write_text (self, "");
  fake_server_take_away (self->fixture.server,
                         fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK));
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_COMPOSER, "stack"), "away") == 0);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, GTK_TYPE_LABEL, "away_words"))), ==,
                   "This was handed to another team. Only they can see and answer it.");
}

/* It leaves, another one is looked at, and it comes back and is opened anew. */
static void
test_draft_comes_back_with_its_conversation (Shop *self, gconstpointer data)
{
  open_talk (self);
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) != NULL);
  write_text (self, "half a thought");
  fake_server_take_away (self->fixture.server,
                         fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK));
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) == NULL);
  porch_window_present_conversation (PORCH_WINDOW (self->window), "c-owen", FALSE);
  WAIT_FOR (g_strcmp0 (porch_window_get_conversation (PORCH_WINDOW (self->window))->id, "c-owen") ==
            0);
  assert_text (self, "");
  fake_server_change (self->fixture.server,
                      fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK),
                      PORCH_EVENT_CONVERSATION_TRANSFERRED);
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) != NULL);
  porch_window_present_conversation (PORCH_WINDOW (self->window), SHOP_LONG_TALK, FALSE);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_COMPOSER, "stack"), "write") == 0);
  assert_text (self, "half a thought");
}

static void
test_next_who_waits_is_opened_and_taken (Shop *self, gconstpointer data)
{
  begin_live (self);
  WAIT_FOR (g_list_model_get_n_items (
              G_LIST_MODEL (porch_mirror_get_inbox (self->fixture.mirror, "waiting"))) == 2);
  gtk_widget_activate_action (self->window, "win.next-waiting", NULL);
  g_assert_cmpstr (porch_window_get_conversation (PORCH_WINDOW (self->window))->id, ==, "c-amara");
  WAIT_FOR (g_strcmp0 (fake_server_get_conversation (self->fixture.server, "c-amara")->assignee,
                       "a1") == 0);
}

/* A launcher asks a program that it had to start. */
static void
test_next_who_waits_is_waited_for (Shop *self, gconstpointer data)
{
  begin (self);
  gtk_widget_activate_action (self->window, "win.next-waiting", NULL);
  gtk_widget_activate_action (self->window, "win.next-waiting", NULL);
  g_assert_null (porch_window_get_conversation (PORCH_WINDOW (self->window)));
  WAIT_FOR (g_strcmp0 (fake_server_get_conversation (self->fixture.server, "c-amara")->assignee,
                       "a1") == 0);
  g_assert_cmpstr (porch_window_get_conversation (PORCH_WINDOW (self->window))->id, ==, "c-amara");
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_CONVERSATION_TAKE], ==, 1);
}

static void
test_resolving_and_back (Shop *self, gconstpointer data)
{
  open_talk (self);
  gtk_widget_activate_action (self->window, "win.resolve", NULL);
  WAIT_FOR (fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK)->state ==
            PORCH_STATE_RESOLVED);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_CONVERSATION_PANE, "buttons"), "reopen") == 0);
  gtk_widget_activate_action (self->window, "win.undo-resolve", "s", SHOP_LONG_TALK);
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_CONVERSATION_REOPEN] == 1);
}

static void
test_walking_by_keys (Shop *self, gconstpointer data)
{
  PorchWindow *window;
  const char *first;

  begin_live (self);
  window = PORCH_WINDOW (self->window);
  WAIT_FOR (find_row (self->window, "c-amara") != NULL);
  gtk_widget_activate_action (self->window, "win.next", NULL);
  first = porch_window_get_conversation (window)->id;
  gtk_widget_activate_action (self->window, "win.next", NULL);
  g_assert_cmpstr (porch_window_get_conversation (window)->id, !=, first);
  gtk_widget_activate_action (self->window, "win.previous", NULL);
  g_assert_cmpstr (porch_window_get_conversation (window)->id, ==, first);
  gtk_widget_activate_action (self->window, "win.previous", NULL);
  g_assert_cmpstr (porch_window_get_conversation (window)->id, ==, first);
}

static void
test_reading_needs_eyes (Shop *self, gconstpointer data)
{
  open_talk (self);
  g_object_set (get (self, PORCH_TYPE_CHAT, NULL), "is-watched", FALSE, NULL);
  fake_server_say (self->fixture.server,
                   fake_server_get_conversation (self->fixture.server, SHOP_LONG_TALK), "Hello?");
  fixture_round_trip (&self->fixture);
  self->fixture.server->n_calls[PORCH_OP_READ_CREATE] = 0;
  fixture_round_trip (&self->fixture);
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_READ_CREATE], ==, 0);
  g_object_set (get (self, PORCH_TYPE_CHAT, NULL), "is-watched", TRUE, NULL);
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_READ_CREATE] == 1);
}

static void
test_no_connection (Shop *self, gconstpointer data)
{
  GtkWidget *revealer, *light;
  gboolean is_on = FALSE;

  open_talk (self);
  revealer =
    find_widget (get (self, PORCH_TYPE_CONVERSATION_PANE, NULL), GTK_TYPE_REVEALER, "revealer");
  light = find_widget (get (self, PORCH_TYPE_NAV_PANE, NULL), PORCH_TYPE_LIGHT, NULL);
  g_object_get (light, "is-on", &is_on, NULL);
  g_assert_true (is_on);
  gtk_test_accessible_assert_property (light, GTK_ACCESSIBLE_PROPERTY_LABEL, "The light is on");
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));

  fake_server_stop (self->fixture.server);
  WAIT_FOR (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  g_object_get (light, "is-on", &is_on, NULL);
  g_assert_false (is_on);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (find_widget (
                     get (self, PORCH_TYPE_NAV_PANE, NULL), GTK_TYPE_LABEL, "me_status"))),
                   ==, "Not connected");
  /* What is seen stays. */
  g_assert_nonnull (find_row (self->window, "c-amara"));

  fake_server_start (self->fixture.server);
  gtk_widget_activate_action (self->window, "win.retry", NULL);
  WAIT_FOR (!gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
}

static void
test_a_list_that_does_not_load_says_why (Shop *self, gconstpointer data)
{
  GtkWidget *page;

  self->fixture.server->fail_code[PORCH_OP_CONVERSATIONS_LIST] = PORCH_ERROR_STORAGE;
  self->fixture.server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 1000;
  begin (self);
  g_assert_cmpstr (get_page (self, PORCH_TYPE_INBOX_PANE, "stack"), ==, "loading");
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_INBOX_PANE, "stack"), "error") == 0);
  page = find_widget (get (self, PORCH_TYPE_INBOX_PANE, NULL), ADW_TYPE_STATUS_PAGE, NULL);
  g_assert_cmpstr (adw_status_page_get_description (ADW_STATUS_PAGE (page)), ==,
                   "The server cannot write to its disk.");
  self->fixture.server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 0;
  gtk_widget_activate_action (get (self, PORCH_TYPE_INBOX_PANE, NULL), "inbox.reload", NULL);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_INBOX_PANE, "stack"), "list") == 0);
}

/* Fingers: what can be pressed is 44 pixels wide and high, wherever it is in the narrow window. The
 * window's own buttons are the desktop's. */
static GtkWidget *
find_too_small (GtkWidget *root)
{
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (root) || GTK_IS_WINDOW_CONTROLS (root))
    return NULL;
  if (GTK_IS_BUTTON (root) && gtk_widget_compute_bounds (root, root, &bounds) &&
      (bounds.size.width < 44 || bounds.size.height < 44)) {
    g_test_message ("%s is only %.0fx%.0f", gtk_widget_get_tooltip_text (root), bounds.size.width,
                    bounds.size.height);
    return root;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_too_small (child);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static void
test_narrow_is_for_fingers (Shop *self, gconstpointer data)
{
  begin_sized (self, 400, 720);
  WAIT_FOR (find_row (self->window, "c-amara") != NULL);
  WAIT_FOR (gtk_widget_has_css_class (self->window, "narrow"));
  WAIT_FOR (find_too_small (self->window) == NULL);
  g_assert_cmpstr (adw_header_bar_get_decoration_layout (ADW_HEADER_BAR (find_widget (
                     get (self, PORCH_TYPE_INBOX_PANE, NULL), ADW_TYPE_HEADER_BAR, NULL))),
                   ==, ":close");
  porch_window_present_conversation (PORCH_WINDOW (self->window), SHOP_LONG_TALK, FALSE);
  WAIT_FOR (gtk_widget_get_mapped (get (self, PORCH_TYPE_COMPOSER, NULL)) &&
            gtk_widget_get_width (get (self, PORCH_TYPE_COMPOSER, NULL)) > 300);
  WAIT_FOR (find_too_small (self->window) == NULL);
}

static void
test_unsent_words_show_in_the_list (Shop *self, gconstpointer data)
{
  open_talk (self);
  WAIT_FOR (find_row (self->window, SHOP_LONG_TALK) != NULL);
  fake_server_stop (self->fixture.server);
  WAIT_FOR (porch_client_get_link (self->fixture.client) == PORCH_LINK_OFFLINE);
  write_text (self, "Noon is fine.");
  gtk_widget_activate_action (get (self, PORCH_TYPE_COMPOSER, NULL), "composer.send", NULL);
  WAIT_FOR (strstr (porch_inbox_row_get_label (find_row (self->window, SHOP_LONG_TALK)),
                    "waiting to be sent: Noon is fine.") != NULL);
  fake_server_start (self->fixture.server);
  WAIT_FOR (strstr (porch_inbox_row_get_label (find_row (self->window, SHOP_LONG_TALK)),
                    "answered: Noon is fine.") != NULL);
}

static void
test_empty_shop (Shop *self, gconstpointer data)
{
  begin_live (self);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_INBOX_PANE, "stack"), "empty") == 0);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, GTK_TYPE_LABEL, "empty_title"))), ==,
                   "No open conversations");
  g_assert_false (gtk_widget_get_visible (get (self, GTK_TYPE_BUTTON, "practice_button")));
}

/* Wide, the page beside the list has the button for trying it out; narrow, there is none. */
static void
test_empty_shop_that_is_narrow (Shop *self, gconstpointer data)
{
  GtkWidget *button;

  begin_sized (self, 400, 700);
  WAIT_FOR (g_strcmp0 (get_page (self, PORCH_TYPE_INBOX_PANE, "stack"), "empty") == 0);
  button = get (self, GTK_TYPE_BUTTON, "practice_button");
  WAIT_FOR (gtk_widget_get_mapped (button));
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.practice");
  WAIT_FOR (gtk_widget_get_sensitive (button));
  g_object_set (get (self, PORCH_TYPE_INBOX_PANE, NULL), "filter", "mine", NULL);
  WAIT_FOR (!gtk_widget_get_visible (button));
}

static void
test_status_is_mine_to_choose (Shop *self, gconstpointer data)
{
  GtkWidget *popover = porch_status_popover_new ();

  begin_live (self);
  gtk_widget_set_parent (popover, self->window);
  gtk_test_accessible_assert_property (popover, GTK_ACCESSIBLE_PROPERTY_LABEL, "My status");
  gtk_widget_activate_action (popover, "win.status", "s", "busy");
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_STATUS_SET] == 1);
  g_assert_nonnull (strstr (self->fixture.server->last_body, "busy"));
  gtk_widget_unparent (popover);
}

static void
test_first_run (Shop *self, gconstpointer data)
{
  GtkWidget *assistant;
  int step = -1;

  self->fixture.server->is_set_up = FALSE;
  begin (self);
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_FIRST_RUN, NULL) != NULL);
  assistant = get (self, PORCH_TYPE_FIRST_RUN, NULL);

  /* Nothing typed: it stays, and says under the fields why. */
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  g_object_get (assistant, "step", &step, NULL);
  g_assert_cmpint (step, ==, 0);
  g_assert_true (gtk_widget_get_visible (get (self, GTK_TYPE_LABEL, "business_problem")));
  g_assert_true (gtk_widget_get_visible (get (self, GTK_TYPE_LABEL, "domain_problem")));
  gtk_test_accessible_assert_state (get (self, GTK_TYPE_ENTRY, "business_entry"),
                                    GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);

  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "business_entry")), "Bluebird");
  /* A name of the house's own network: the server takes it, so this does. */
  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "domain_entry")),
                         "https://Shop/cart");
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "name_entry")), "Ana");
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  WAIT_FOR (self->fixture.server->n_calls[PORCH_OP_SETUP_CREATE] == 1);
  g_assert_nonnull (strstr (self->fixture.server->last_body, "\"domain\":\"shop\""));
  WAIT_FOR (porch_client_get_link (self->fixture.client) == PORCH_LINK_LIVE);
  WAIT_FOR ((g_object_get (assistant, "step", &step, NULL), step == 2));
  g_assert_cmpuint (self->fixture.server->n_calls[PORCH_OP_SETUP_CREATE], ==, 1);

  /* It goes when the person says so, not when the server is ready. */
  gtk_widget_activate_action (get (self, PORCH_TYPE_SNIPPET, NULL), "snippet.copy", NULL);
  g_assert_true (
    gtk_widget_has_css_class (get (self, GTK_TYPE_BUTTON, "snippet_continue"), "suggested-action"));
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_FIRST_RUN, NULL) == NULL);
}

static void
test_set_up_that_fails_says_so_in_its_step (Shop *self, gconstpointer data)
{
  GtkWidget *assistant;
  int step = -1;

  self->fixture.server->is_set_up = FALSE;
  self->fixture.server->fail_code[PORCH_OP_SETUP_CREATE] = PORCH_ERROR_STORAGE;
  self->fixture.server->n_fail[PORCH_OP_SETUP_CREATE] = 1;
  begin (self);
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_FIRST_RUN, NULL) != NULL);
  assistant = get (self, PORCH_TYPE_FIRST_RUN, NULL);
  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "business_entry")), "Bluebird");
  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "domain_entry")), "localhost");
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  gtk_editable_set_text (GTK_EDITABLE (get (self, GTK_TYPE_ENTRY, "name_entry")), "Ana");
  gtk_widget_activate_action (assistant, "first-run.continue", NULL);
  WAIT_FOR (gtk_widget_get_visible (get (self, GTK_TYPE_LABEL, "problem")));
  g_object_get (assistant, "step", &step, NULL);
  g_assert_cmpint (step, ==, 1);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, GTK_TYPE_LABEL, "problem"))), ==,
                   "The server cannot write to its disk.");
}

static void
test_windows_beside (Shop *self, gconstpointer data)
{
  guint n_windows;

  begin_live (self);
  gtk_widget_activate_action (self->window, "win.about", NULL);
  gtk_widget_activate_action (self->window, "win.show-shortcuts", NULL);
  gtk_widget_activate_action (self->window, "win.show-snippet", NULL);
  gtk_widget_activate_action (self->window, "win.show-keeping", NULL);
  n_windows = g_list_model_get_n_items (gtk_window_get_toplevels ());
  g_assert_cmpuint (n_windows, ==, 5);
  for (guint i = n_windows; i > 0; i--) {
    g_autoptr (GtkWindow) window = g_list_model_get_item (gtk_window_get_toplevels (), i - 1);

    if (GTK_WIDGET (window) != self->window)
      gtk_window_destroy (window);
  }
}

/* Behind everything else that a banner says; with a way on. */
static void
test_silent_proxy_is_told (Shop *self, gconstpointer data)
{
  GtkWidget *banner, *button;
  GtkRevealer *revealer;

  begin_live (self);
  banner = get (self, PORCH_TYPE_BANNER, NULL);
  button = find_widget (banner, GTK_TYPE_BUTTON, "button");
  revealer = GTK_REVEALER (find_widget (banner, GTK_TYPE_REVEALER, "revealer"));
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  fake_server_send (self->fixture.server, "{\"type\":\"warning\",\"warning\":\"proxy_silent\"}");
  WAIT_FOR (gtk_revealer_get_reveal_child (revealer));
  g_assert_nonnull (
    strstr (gtk_label_get_label (GTK_LABEL (find_widget (banner, GTK_TYPE_LABEL, "label"))),
            "X-Forwarded-For"));
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "app.help");
  fake_server_send (self->fixture.server, "{\"type\":\"trouble\",\"trouble\":\"full\"}");
  WAIT_FOR (!gtk_widget_get_visible (button));
  fake_server_send (self->fixture.server, "{\"type\":\"trouble\",\"trouble\":null}");
  WAIT_FOR (gtk_widget_get_visible (button));
  fake_server_send (self->fixture.server, "{\"type\":\"warning\",\"warning\":\"\"}");
  WAIT_FOR (!gtk_revealer_get_reveal_child (revealer));
}

static GtkWidget *
open_preferences (Shop *self)
{
  g_autoptr (GList) windows = NULL;

  gtk_widget_activate_action (self->window, "win.show-preferences", NULL);
  windows = gtk_window_list_toplevels ();
  for (GList *at = windows; at != NULL; at = at->next)
    if (ADW_IS_PREFERENCES_WINDOW (at->data))
      return at->data;
  g_assert_not_reached ();
}

/* What is typed is sent as it is; what the server made of it is what the row then says. */
static void
test_admin_moves_the_website (Shop *self, gconstpointer data)
{
  FakeServer *server = self->fixture.server;
  GtkWidget *window, *address, *name, *problem;

  server->domains = "\"bluebird.example\",\"xn--bcher-kva.example\"";
  server->canned[PORCH_OP_SITE_UPDATE] = "{}";
  server->agent->role = PORCH_ROLE_ADMIN;
  begin_live (self);
  window = open_preferences (self);
  name = find_widget (window, ADW_TYPE_ENTRY_ROW, "name_row");
  address = find_widget (window, ADW_TYPE_ENTRY_ROW, "address_row");
  problem = find_widget (window, ADW_TYPE_ACTION_ROW, "address_problem");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "Bluebird Bikes");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (address)), ==,
                   "bluebird.example b\303\274cher.example");
  g_assert_true (gtk_widget_get_mapped (address));
  g_assert_nonnull (find_widget (window, PORCH_TYPE_SNIPPET, NULL));
  g_assert_cmpuint (server->n_calls[PORCH_OP_SITE_UPDATE], ==, 0);

  gtk_editable_set_text (GTK_EDITABLE (address), "https://www.Wheels.example/shop");
  server->domains = "\"wheels.example\"";
  g_signal_emit_by_name (address, "apply");
  WAIT_FOR (strcmp (gtk_editable_get_text (GTK_EDITABLE (address)), "wheels.example") == 0);
  g_assert_false (gtk_widget_get_visible (problem));

  server->fail_code[PORCH_OP_SITE_UPDATE] = PORCH_ERROR_BAD_MESSAGE;
  server->n_fail[PORCH_OP_SITE_UPDATE] = 1;
  gtk_editable_set_text (GTK_EDITABLE (address), "wheels");
  g_signal_emit_by_name (address, "apply");
  WAIT_FOR (gtk_widget_get_visible (problem));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (problem)), ==,
                   "This does not look like the address of a website.");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (address)), ==, "wheels");
  gtk_test_accessible_assert_state (address, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);

  gtk_editable_set_text (GTK_EDITABLE (name), "Wheels & Bells");
  server->business = "Wheels & Bells";
  g_signal_emit_by_name (name, "apply");
  WAIT_FOR (g_strcmp0 (porch_client_get_business (self->fixture.client), "Wheels & Bells") == 0);
  /* Not told to anybody who has closed it meanwhile. */
  server->holds[PORCH_OP_SITE_UPDATE] = TRUE;
  g_signal_emit_by_name (name, "apply");
  WAIT_FOR (server->n_calls[PORCH_OP_SITE_UPDATE] == 4);
  g_assert_cmpstr (server->last_body, ==, "{\"site\":\"s1\",\"name\":\"Wheels & Bells\"}");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_agents_move_no_website (Shop *self, gconstpointer data)
{
  GtkWidget *window;

  self->fixture.server->agent->role = PORCH_ROLE_SUPERVISOR;
  begin_live (self);
  window = open_preferences (self);
  g_assert_false (gtk_widget_get_mapped (find_widget (window, ADW_TYPE_ENTRY_ROW, NULL)));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Set from a terminal while the window is open. */
static void
test_snippet_has_the_public_address (Shop *self, gconstpointer data)
{
  g_autoptr (GtkWidget) snippet = NULL;
  GtkLabel *code;
  GtkWidget *reach;

  begin_live (self);
  self->fixture.server->public_address = "https://chat.bluebird.example";
  snippet =
    g_object_ref_sink (g_object_new (PORCH_TYPE_SNIPPET, "client", self->fixture.client, NULL));
  code = GTK_LABEL (find_widget (snippet, GTK_TYPE_LABEL, "code"));
  reach = find_widget (snippet, ADW_TYPE_ACTION_ROW, "reach");
  g_assert_nonnull (strstr (gtk_label_get_label (code), "\"http://127.0.0.1:8642/widget.js\""));
  WAIT_FOR (strstr (gtk_label_get_label (code), "\"https://chat.bluebird.example/widget.js\""));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (reach)), ==,
                   "Visitors reach the chat at https://chat.bluebird.example");
}

#define add(name, test) g_test_add ("/window/" name, Shop, NULL, set_up, test, tear_down)
#define add_empty(name, test) \
  g_test_add ("/window/" name, Shop, NULL, set_up_empty, test, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = program_start (&argc, &argv);

  add ("inbox-shows-who-waits-longest", test_inbox_shows_who_waits_longest);
  add ("segments-change-the-list", test_segments_change_the_list);
  add ("opening-shows-talk-and-details", test_opening_shows_talk_and_details);
  add ("sending", test_sending);
  add ("nothing-is-sent-that-is-empty-or-too-long", test_nothing_is_sent_that_is_empty_or_too_long);
  add ("notes-are-for-the-team", test_notes_are_for_the_team);
  add ("drafts-stay-with-their-conversation", test_drafts_stay_with_their_conversation);
  add ("a-colleagues-conversation-is-taken-over-first",
       test_a_colleagues_conversation_is_taken_over_first);
  add ("a-conversation-that-went-to-others-says-so",
       test_a_conversation_that_went_to_others_says_so);
  add ("draft-comes-back-with-its-conversation", test_draft_comes_back_with_its_conversation);
  add ("next-who-waits-is-opened-and-taken", test_next_who_waits_is_opened_and_taken);
  add ("next-who-waits-is-waited-for", test_next_who_waits_is_waited_for);
  add ("resolving-and-back", test_resolving_and_back);
  add ("walking-by-keys", test_walking_by_keys);
  add ("reading-needs-eyes", test_reading_needs_eyes);
  add ("no-connection", test_no_connection);
  add ("a-list-that-does-not-load-says-why", test_a_list_that_does_not_load_says_why);
  add ("narrow-is-for-fingers", test_narrow_is_for_fingers);
  add ("unsent-words-show-in-the-list", test_unsent_words_show_in_the_list);
  add_empty ("empty-shop", test_empty_shop);
  add_empty ("empty-shop-that-is-narrow", test_empty_shop_that_is_narrow);
  add ("status-is-mine-to-choose", test_status_is_mine_to_choose);
  add_empty ("first-run", test_first_run);
  add_empty ("set-up-that-fails-says-so-in-its-step", test_set_up_that_fails_says_so_in_its_step);
  add ("windows-beside", test_windows_beside);
  add ("silent-proxy-is-told", test_silent_proxy_is_told);
  add_empty ("admin-moves-the-website", test_admin_moves_the_website);
  add_empty ("agents-move-no-website", test_agents_move_no_website);
  add ("snippet-has-the-public-address", test_snippet_has_the_public_address);
  return g_test_run ();
}
