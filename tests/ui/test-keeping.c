/* test-keeping.c - backups and secrets in the window, over a server that is told what to say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "find.h"
#include "fixture.h"
#include "kept-answers.h"
#include "porch-banner.h"
#include "porch-keeping-window.h"
#include "porch-passphrase-dialog.h"
#include "program.h"

#include <string.h>

typedef struct {
  Fixture fixture;
  GtkWidget *window;
} Kept;

static GtkWidget *
get (Kept *self, const char *id)
{
  GtkWidget *found = find_widget (self->window, GTK_TYPE_WIDGET, id);

  g_assert_nonnull (found);
  return found;
}

typedef struct {
  const char *action, *target;
} Button;

static gboolean
is_button (GtkWidget *widget, gconstpointer data)
{
  const Button *button = data;
  GtkActionable *actionable = GTK_IS_BUTTON (widget) ? GTK_ACTIONABLE (widget) : NULL;

  return actionable != NULL &&
         g_strcmp0 (gtk_actionable_get_action_name (actionable), button->action) == 0 &&
         (button->target == NULL ||
          g_str_equal (
            g_variant_get_string (gtk_actionable_get_action_target_value (actionable), NULL),
            button->target));
}

/* A button with @action and @target (NULL: any), anywhere below @root. */
static GtkWidget *
find_button (GtkWidget *root, const char *action, const char *target)
{
  const Button button = { action, target };

  return find_widget_if (root, is_button, &button);
}

static void
press (GtkWidget *button)
{
  g_assert_true (GTK_IS_BUTTON (button) && gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static const char *
get_title (Kept *self, const char *id)
{
  return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (get (self, id)));
}

static guint
count_calls (Kept *self, PorchOpId op)
{
  return self->fixture.server->n_calls[op];
}

static void
wait_for_calls (Kept *self, PorchOpId op, guint n)
{
  WAIT_FOR (!(count_calls (self, op) < n));
}

/* Until the row @id says @words. */
static void
wait_for_words (Kept *self, const char *id, const char *words)
{
  WAIT_FOR (!(strstr (get_title (self, id), words) == NULL));
}

static AdwMessageDialog *
get_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (ADW_IS_MESSAGE_DIALOG (at->data))
      return at->data;
  return NULL;
}

static void
answer_dialog (const char *response)
{
  AdwMessageDialog *dialog = get_dialog ();

  g_assert_nonnull (dialog);
  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
set_up (Kept *self, gconstpointer data)
{
  fixture_set_up (&self->fixture, data);
  self->fixture.server->canned[PORCH_OP_BACKUPS_LIST] = KEPT_BACKUPS (KEPT_IDLE);
  self->fixture.server->canned[PORCH_OP_SECRETS_LIST] = KEPT_SECRETS ("keyring", "");
  self->fixture.server->canned[PORCH_OP_SITES_LIST] = KEPT_SITES;
  self->fixture.server->canned[PORCH_OP_IDENTITY_GET] = KEPT_KEYS;
}

static void
show (Kept *self)
{
  fixture_mirror (&self->fixture);
  self->window = porch_keeping_window_new (NULL, self->fixture.client, "backups");
  gtk_window_present (GTK_WINDOW (self->window));
  wait_for_calls (self, PORCH_OP_BACKUPS_LIST, 1);
}

static void
tear_down (Kept *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  fixture_tear_down (&self->fixture, data);
}

static void
test_backups (Kept *self, gconstpointer data)
{
  const char *name = "20261119T094100000Z-manual.db";

  show (self);
  wait_for_words (self, "last_row", "Friday 20 November");
  g_assert_false (gtk_widget_get_visible (get (self, "progress_row")));
  g_assert_false (gtk_widget_get_visible (get (self, "failure_row")));
  g_assert_nonnull (
    strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get (self, "last_row"))), "verified"));
  WAIT_FOR (
    !(strcmp (get_title (self, "passphrase_row"), "Backups open with a passphrase only") != 0));

  /* Asked before; one that is not sealed needs no passphrase. */
  press (find_button (self->window, "backup.restore", name));
  g_assert_null (adw_message_dialog_get_extra_child (get_dialog ()));
  answer_dialog ("cancel");
  g_assert_cmpuint (count_calls (self, PORCH_OP_BACKUPS_RESTORE), ==, 0);
  press (find_button (self->window, "backup.restore", name));
  answer_dialog ("restore");
  wait_for_calls (self, PORCH_OP_BACKUPS_RESTORE, 1);
  g_assert_cmpstr (self->fixture.server->last_body, ==,
                   "{\"name\":\"20261119T094100000Z-manual.db\"}");
}

static void
test_sealed (Kept *self, gconstpointer data)
{
  const char *name = "20261120T094100000Z-daily.db.sealed";

  show (self);
  wait_for_words (self, "last_row", "Friday");
  press (find_button (self->window, "backup.restore", name));
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (get_dialog ())),
                         "words");
  answer_dialog ("restore");
  wait_for_calls (self, PORCH_OP_BACKUPS_RESTORE, 1);
  g_assert_nonnull (strstr (self->fixture.server->last_body, "\"passphrase\":\"words\""));
}

/* Followed until it is over, also when the server goes away in between. */
static void
test_progress (Kept *self, gconstpointer data)
{
  show (self);
  wait_for_words (self, "last_row", "Friday");
  self->fixture.server->canned[PORCH_OP_BACKUPS_LIST] = KEPT_BACKUPS (KEPT_RUNNING);
  press (get (self, "now_button"));
  wait_for_calls (self, PORCH_OP_BACKUPS_CREATE, 1);
  WAIT_FOR (!(!gtk_widget_get_visible (get (self, "progress_row"))));
  g_assert_cmpfloat_with_epsilon (
    gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (get (self, "progress_bar"))), 0.42, 0.001);
  g_assert_false (gtk_widget_get_sensitive (get (self, "now_button")));
  fake_server_stop (self->fixture.server);
  for (guint i = 0; i < 100; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (5000);
  }
  g_assert_true (gtk_widget_get_visible (get (self, "progress_row")));
  self->fixture.server->canned[PORCH_OP_BACKUPS_LIST] = KEPT_BACKUPS (KEPT_FAILED);
  fake_server_start (self->fixture.server);
  WAIT_FOR (!(gtk_widget_get_visible (get (self, "progress_row"))));
  g_assert_true (gtk_widget_get_visible (get (self, "failure_row")));
  g_assert_cmpstr (get_title (self, "failure_row"), ==,
                   "Nothing was changed: the backup could not be used");
  g_assert_true (gtk_widget_get_sensitive (get (self, "now_button")));
}

/* Why a copy from before an update can still be read by anybody, beside the button that also seals
 * it. */
static void
test_unsealed (Kept *self, gconstpointer data)
{
  self->fixture.server->canned[PORCH_OP_BACKUPS_LIST] = KEPT_BACKUPS (KEPT_UNSEALED);
  show (self);
  wait_for_words (self, "last_row", "Friday");
  g_assert_true (gtk_widget_get_visible (get (self, "unsealed_row")));
  g_assert_false (gtk_widget_get_visible (get (self, "failure_row")));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (get (self, "unsealed_row"))), ==,
                   "The server cannot write to its disk.");
  self->fixture.server->canned[PORCH_OP_BACKUPS_LIST] = KEPT_BACKUPS (KEPT_IDLE);
  press (get (self, "now_button"));
  WAIT_FOR (!gtk_widget_get_visible (get (self, "unsealed_row")));
}

static void
on_chosen (const char *passphrase, gpointer data)
{
  *(char **) data = g_strdup (passphrase);
}

static GtkEditable *
get_field (AdwMessageDialog *dialog, gboolean is_second)
{
  GtkWidget *first = gtk_widget_get_first_child (adw_message_dialog_get_extra_child (dialog));

  return GTK_EDITABLE (is_second ? gtk_widget_get_next_sibling (first) : first);
}

static void
test_passphrase (Kept *self, gconstpointer data)
{
  static const struct {
    const char *first, *again;
    gboolean is_good;
  } cases[] = {
    { "", "", FALSE },
    { "eleven char", "eleven char", FALSE },
    { "twelve chars", "", FALSE },
    { "twelve chars", "twelve charS", FALSE },
    { "twelve chars", "twelve chars", TRUE },
  };
  g_autofree char *chosen = NULL;
  AdwMessageDialog *dialog;

  show (self);
  porch_passphrase_dialog_present (GTK_WINDOW (self->window), on_chosen, &chosen, NULL);
  dialog = get_dialog ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gtk_editable_set_text (get_field (dialog, FALSE), cases[i].first);
    gtk_editable_set_text (get_field (dialog, TRUE), cases[i].again);
    g_assert_cmpint (adw_message_dialog_get_response_enabled (dialog, "set"), ==, cases[i].is_good);
  }
  answer_dialog ("set");
  g_assert_cmpstr (chosen, ==, "twelve chars");
}

/* Says when it was wrong, and forgets what was typed. */
static void
test_ask (Kept *self, gconstpointer data)
{
  g_autofree char *chosen = NULL;
  GtkWidget *dialog;
  GtkEditable *field;

  show (self);
  dialog = porch_passphrase_dialog_new_asking (GTK_WINDOW (self->window), on_chosen, &chosen);
  field = GTK_EDITABLE (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog)));
  for (guint i = 0; i < 2; i++) {
    porch_passphrase_dialog_ask (dialog, i > 0);
    g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                     i > 0 ? "Another passphrase opens this copy"
                           : "This copy opens with a passphrase only");
    g_assert_cmpstr (gtk_editable_get_text (field), ==, "");
    g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open"));
    gtk_editable_set_text (field, "words");
    g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open"));
    adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), i > 0 ? "open" : "cancel");
    g_assert_cmpstr (chosen, ==, i > 0 ? "words" : NULL);
    g_assert_cmpstr (gtk_editable_get_text (field), ==, "");
  }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_keyring (Kept *self, gconstpointer data)
{
  static const struct {
    const char *answer, *title;
    gboolean is_trouble;
  } cases[] = {
    { KEPT_SECRETS ("keyring", "keyring_locked"), "The keyring is locked", TRUE },
    { KEPT_SECRETS ("keyring", "keyring_refused"), "The keyring was not opened", TRUE },
    { KEPT_SECRETS ("file", "keyring_missing"), "The keyring cannot be reached", TRUE },
    { KEPT_NO_SECRETS, "Secrets are in a file", FALSE },
    { KEPT_SECRETS ("keyring", ""), "Secrets are in the keyring", FALSE },
  };

  self->fixture.server->canned[PORCH_OP_SECRETS_LIST] = cases[0].answer;
  show (self);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self->window), "secrets");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    wait_for_words (self, "place_row", cases[i].title);
    g_assert_cmpint (gtk_widget_get_visible (get (self, "again_button")), ==, cases[i].is_trouble);
    if (i + 1 == G_N_ELEMENTS (cases))
      break;
    self->fixture.server->canned[PORCH_OP_SECRETS_LIST] = cases[i + 1].answer;
    gtk_widget_activate_action (find_widget (self->window, GTK_TYPE_WIDGET, "secrets"),
                                "secret.unlock", NULL);
    wait_for_calls (self, PORCH_OP_SECRETS_UNLOCK, i + 1);
  }
}

/* Made here, sent once, shown once. */
static void
test_key (Kept *self, gconstpointer data)
{
  GtkWidget *label;
  const char *secret;

  show (self);
  WAIT_FOR (!(find_button (self->window, "secret.add-key", "site-1") == NULL));
  press (find_button (self->window, "secret.add-key", "site-1"));
  WAIT_FOR (!(get_dialog () == NULL));
  label = find_widget (adw_message_dialog_get_extra_child (get_dialog ()), GTK_TYPE_LABEL, NULL);
  secret = gtk_label_get_label (GTK_LABEL (label));
  g_assert_cmpuint (strlen (secret), ==, 43);
  g_assert_cmpuint (count_calls (self, PORCH_OP_IDENTITY_ADD), ==, 1);
  answer_dialog ("close");

  press (find_button (self->window, "secret.retire-key", NULL));
  answer_dialog ("retire");
  wait_for_calls (self, PORCH_OP_IDENTITY_RETIRE, 1);
  g_assert_nonnull (strstr (self->fixture.server->last_body, "\"kid\":\"q7RtY2xw\""));
}

/* ---- the banner in the window ---- */

static void
test_banner (Kept *self, gconstpointer data)
{
  static const struct {
    const char *code, *words;
  } cases[] = {
    { "storage", "Today’s backup could not be made." },
    { "unsealed", "The copy from before the update could not be locked with the passphrase." },
    { "keyring_locked", "The keyring is locked." },
    { "keyring_refused", "The keyring was not opened." },
    { "keyring_missing", "The keyring cannot be reached." },
    { "a word of a newer server", "Today’s backup could not be made." },
  };
  GtkRevealer *revealer;
  GtkWidget *button;

  self->window = gtk_window_new ();
  fixture_mirror (&self->fixture);
  gtk_window_set_child (
    GTK_WINDOW (self->window),
    g_object_new (PORCH_TYPE_BANNER, "mirror", self->fixture.mirror, "is-shown", TRUE, NULL));
  gtk_window_present (GTK_WINDOW (self->window));
  revealer = GTK_REVEALER (get (self, "revealer"));
  button = get (self, "button");
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *frame =
      g_strdup_printf ("{\"type\":\"keeping\",\"trouble\":\"%s\"}", cases[i].code);
    GtkLabel *label = GTK_LABEL (get (self, "label"));

    fake_server_send (self->fixture.server, frame);
    WAIT_FOR (!(strstr (gtk_label_get_label (label), cases[i].words) == NULL));
    g_assert_true (gtk_revealer_get_reveal_child (revealer));
    g_assert_true (gtk_widget_get_visible (button));
    g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==,
                     "win.show-keeping");
    fake_server_send (self->fixture.server, "{\"type\":\"keeping\",\"trouble\":\"\"}");
    WAIT_FOR (!gtk_revealer_get_reveal_child (revealer));
  }
  /* What is worse goes first, and is not about backups. */
  fake_server_send (self->fixture.server, "{\"type\":\"keeping\",\"trouble\":\"storage\"}");
  fake_server_send (self->fixture.server, "{\"type\":\"trouble\",\"trouble\":\"full\"}");
  WAIT_FOR (strstr (gtk_label_get_label (GTK_LABEL (get (self, "label"))), "The disk is full"));
  g_assert_false (gtk_widget_get_visible (button));
  fake_server_stop (self->fixture.server);
  WAIT_FOR (gtk_widget_get_visible (button));
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.retry");
}

#define ADD(name, func) g_test_add ("/keeping/" name, Kept, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) app = program_start (&argc, &argv);

  ADD ("backups", test_backups);
  ADD ("sealed", test_sealed);
  ADD ("progress", test_progress);
  ADD ("unsealed", test_unsealed);
  ADD ("passphrase", test_passphrase);
  ADD ("ask", test_ask);
  ADD ("keyring", test_keyring);
  ADD ("key", test_key);
  ADD ("banner", test_banner);
  return g_test_run ();
}
