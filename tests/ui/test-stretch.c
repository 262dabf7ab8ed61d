/* test-stretch.c - the window in a language whose words are 40 % longer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   test-stretch DIR [test options]
 *
 * DIR is what stretch.py made. Nothing may be cut off that is ours to say, and no page may become
 * wider than the narrowest window.
 */
#include "config.h"

#include "find.h"
#include "fixture.h"
#include "porch-first-run.h"
#include "porch-inbox-row.h"
#include "porch-status-popover.h"
#include "porch-window.h"
#include "program.h"
#include "shop.h"

#include <glib/gi18n.h>

/* The narrowest window that is promised. */
#define NARROWEST 360

typedef struct {
  Fixture fixture;
  GtkWidget *window;
} Shop;

/* ---- looking ---- */

/* Titles hold names of people, which are as long as they are. */
static GtkWidget *
find_cut (GtkWidget *root)
{
  GtkWidget *cut = NULL;

  if (!gtk_widget_get_mapped (root) || ADW_IS_WINDOW_TITLE (root))
    return NULL;
  if (GTK_IS_LABEL (root) && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (root))))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && cut == NULL;
       child = gtk_widget_get_next_sibling (child))
    cut = find_cut (child);
  return cut;
}

static void
assert_whole (GtkWidget *root, const char *where)
{
  GtkWidget *cut = find_cut (root);

  if (cut != NULL)
    g_error ("%s: \"%s\" is cut off", where, gtk_label_get_label (GTK_LABEL (cut)));
}

static void
assert_fits (GtkWidget *widget, const char *where)
{
  int least = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (least > NARROWEST)
    g_error ("%s: at least %d wide", where, least);
}

/* ---- coming and going ---- */

static void
begin (Shop *self, int width)
{
  self->fixture.client = porch_client_new (self->fixture.server->path, NULL, NULL);
  porch_client_set_pace (self->fixture.client, &self->fixture.pace);
  self->fixture.mirror = porch_mirror_new (self->fixture.client, NULL);
  self->window =
    porch_window_new (ADW_APPLICATION (g_application_get_default ()), self->fixture.mirror);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  porch_client_start (self->fixture.client);
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
set_up (Shop *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer n_frames)
{
  return ++*(guint *) n_frames < 3;
}

/* Until what changed has been laid out. */
static void
settle (Shop *self)
{
  guint n_frames = 0;

  gtk_widget_add_tick_callback (self->window, on_frame, &n_frames, NULL);
  WAIT_FOR (n_frames >= 3);
}

/* ---- tests ---- */

static void
test_it_is_longer (Shop *self, gconstpointer data)
{
  begin (self, 1280);
  g_assert_cmpstr (_ ("Try again"), !=, "Try again");
  g_assert_cmpint (g_utf8_strlen (_ ("Try again"), -1), >=, 12);
}

static void
test_talk (Shop *self, gconstpointer data)
{
  static const char *const conversations[] = { SHOP_LONG_TALK, "c-luca", "c-amara" };

  shop_fill (self->fixture.server);
  begin (self, GPOINTER_TO_INT (data));
  WAIT_FOR (find_widget (self->window, PORCH_TYPE_INBOX_ROW, NULL) != NULL);
  settle (self);
  assert_whole (self->window, "the list");
  assert_fits (self->window, "the list");
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++) {
    porch_window_present_conversation (PORCH_WINDOW (self->window), conversations[i], FALSE);
    fixture_round_trip (&self->fixture);
    settle (self);
    assert_whole (self->window, conversations[i]);
    assert_fits (self->window, conversations[i]);
  }
  gtk_widget_activate_action (self->window, "win.toggle-nav", NULL);
  fake_server_stop (self->fixture.server);
  WAIT_FOR (porch_client_get_link (self->fixture.client) == PORCH_LINK_OFFLINE);
  settle (self);
  assert_whole (self->window, "without a connection");
  assert_fits (self->window, "without a connection");
}

static void
test_empty (Shop *self, gconstpointer data)
{
  begin (self, GPOINTER_TO_INT (data));
  WAIT_FOR (porch_inbox_get_load (porch_mirror_get_inbox (self->fixture.mirror, "open")) ==
            PORCH_LOAD_READY);
  settle (self);
  assert_whole (self->window, "the empty list");
  assert_fits (self->window, "the empty list");
}

static void
test_error (Shop *self, gconstpointer data)
{
  self->fixture.server->fail_code[PORCH_OP_CONVERSATIONS_LIST] = PORCH_ERROR_STORAGE;
  self->fixture.server->n_fail[PORCH_OP_CONVERSATIONS_LIST] = 1000;
  begin (self, GPOINTER_TO_INT (data));
  WAIT_FOR (porch_inbox_get_load (porch_mirror_get_inbox (self->fixture.mirror, "open")) ==
            PORCH_LOAD_FAILED);
  settle (self);
  assert_whole (self->window, "the failed list");
  assert_fits (self->window, "the failed list");
}

static void
test_first_run (Shop *self, gconstpointer data)
{
  GtkWidget *assistant;

  self->fixture.server->is_set_up = FALSE;
  begin (self, GPOINTER_TO_INT (data));
  WAIT_FOR ((assistant = find_widget (self->window, PORCH_TYPE_FIRST_RUN, NULL)) != NULL);
  for (int step = 0; step < 4; step++) {
    g_autofree char *where = g_strdup_printf ("step %d", step);

    g_object_set (assistant, "step", step, NULL);
    settle (self);
    assert_whole (self->window, where);
    assert_fits (self->window, where);
  }
}

static void
test_status (Shop *self, gconstpointer data)
{
  GtkWidget *popover = porch_status_popover_new ();

  begin (self, GPOINTER_TO_INT (data));
  gtk_widget_set_parent (popover, self->window);
  gtk_popover_popup (GTK_POPOVER (popover));
  settle (self);
  assert_whole (popover, "the status");
  assert_fits (popover, "the status");
  gtk_widget_unparent (popover);
}

static void
add (const char *name, void (*test) (Shop *, gconstpointer))
{
  static const int widths[] = { 400, 1280 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    g_autofree char *path = g_strdup_printf ("/stretch/%s/%d", name, widths[i]);

    g_test_add (path, Shop, GINT_TO_POINTER (widths[i]), set_up, test, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = NULL;

  g_setenv ("LANGUAGE", "qps", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, argv[1]);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  app = program_start (&argc, &argv);
  g_test_add ("/stretch/it-is-longer", Shop, NULL, set_up, test_it_is_longer, tear_down);
  add ("talk", test_talk);
  add ("empty", test_empty);
  add ("error", test_error);
  add ("first-run", test_first_run);
  add ("status", test_status);
  return g_test_run ();
}
