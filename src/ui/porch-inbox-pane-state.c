/* porch-inbox-pane-state.c - what stands in the inbox instead of rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-inbox-pane-private.h"

#include "porch-phrase.h"

#include <glib/gi18n.h>
#include <string.h>

static void
show_empty_words (PorchInboxPane *self)
{
  const char *title = _ ("No open conversations");
  const char *words = _ ("When somebody writes, it appears here.");

  if (strcmp (self->filter, "mine") == 0) {
    title = _ ("Nothing is yours");
    words = _ ("What you take appears here.");
  } else if (strcmp (self->filter, "waiting") == 0) {
    title = _ ("Nobody is waiting");
    words = _ ("When somebody writes, it appears here.");
  } else if (strcmp (self->filter, "resolved") == 0) {
    title = _ ("Nothing is done yet");
    words = _ ("What you resolve appears here.");
  }
  gtk_label_set_label (self->empty_title, title);
  gtk_label_set_label (self->empty_words, words);
  gtk_widget_set_visible (GTK_WIDGET (self->practice_button),
                          self->flags[PORCH_INBOX_PANE_IS_FOLDED] &&
                            strcmp (self->filter, "open") == 0);
}

static void
make_error_page (PorchInboxPane *self)
{
  GtkWidget *button;

  if (self->error_page != NULL)
    return;
  button =
    g_object_new (GTK_TYPE_BUTTON, "label",
                  _ ("Try again"), "action-name", "inbox.reload", "halign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (button, "pill");
  self->error_page =
    g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title",
                  _ ("Could not load conversations"), "child", button, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->error_page), "compact");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->error_page), "error");
}

static void
show_problem (PorchInboxPane *self)
{
  g_autofree char *nick = NULL;

  make_error_page (self);
  g_object_get (self->inbox, "problem", &nick, NULL);
  adw_status_page_set_description (
    self->error_page, porch_phrase_problem (porch_error_code_from_nick (nick ? nick : "")));
}

void
porch_inbox_pane_show_state (PorchInboxPane *self)
{
  const char *page = "loading";

  if (self->inbox == NULL)
    return;
  if (porch_inbox_pane_count (self) > 0) {
    page = "list";
  } else if (porch_inbox_get_load (self->inbox) == PORCH_LOAD_READY) {
    show_empty_words (self);
    page = "empty";
  } else if (porch_inbox_get_load (self->inbox) == PORCH_LOAD_FAILED) {
    show_problem (self);
    page = "error";
  }
  gtk_stack_set_visible_child_name (self->stack, page);
}
