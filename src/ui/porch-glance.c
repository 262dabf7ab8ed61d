/* porch-glance.c - what a row of the inbox says about a conversation at a glance
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-glance.h"

#include "porch-format.h"
#include "porch-phrase.h"
#include "porch-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_COUNTED 99

/* The first letters of the first and the last word, as AdwAvatar takes them. */
static char *
dup_initials (const char *name)
{
  g_autofree char *capitals = g_utf8_strup (name, -1);
  g_autofree char *composed =
    g_utf8_normalize (g_strstrip (capitals), -1, G_NORMALIZE_DEFAULT_COMPOSE);
  GString *initials = g_string_new (NULL);
  const char *last;

  if (composed != NULL && *composed != '\0') {
    g_string_append_unichar (initials, g_utf8_get_char (composed));
    last = g_utf8_strrchr (composed, -1, ' ');
    if (last != NULL && last[1] != '\0')
      g_string_append_unichar (initials, g_utf8_get_char (last + 1));
  }
  return g_string_free (initials, FALSE);
}

static void
read_preview (PorchGlance *self, PorchConversation *conversation, const PorchGlanceFacts *facts)
{
  const char *text = conversation->last_text;

  /* First what only I can do something about, then what sends itself. */
  if (facts->unsent != NULL && facts->has_failed) {
    self->sign = PORCH_SIGN_FAILED;
    text = facts->unsent;
  } else if (facts->draft != NULL && !porch_text_is_blank (facts->draft)) {
    self->sign = PORCH_SIGN_DRAFT;
    text = facts->draft;
  } else if (facts->unsent != NULL) {
    self->sign = PORCH_SIGN_UNSENT;
    text = facts->unsent;
  } else if (conversation->last_message > 0 &&
             (conversation->last_sender == PORCH_ACTOR_AGENT ||
              conversation->last_sender == PORCH_ACTOR_ASSISTANT)) {
    self->sign = PORCH_SIGN_SENT;
    if (conversation->last_message <= conversation->visitor_received)
      self->sign = PORCH_SIGN_RECEIVED;
    if (conversation->last_message <= conversation->visitor_read)
      self->sign = PORCH_SIGN_READ;
  }
  self->preview = porch_text_dup_line (text, PORCH_PREVIEW_CHARACTERS);
}

static void
read_chip (PorchGlance *self, PorchConversation *conversation, gint64 now_us)
{
  g_autofree char *wait = porch_format_wait (now_us - conversation->waiting_since);

  if (conversation->snoozed_until > now_us && conversation->state <= PORCH_STATE_ACTIVE) {
    g_autofree char *until = porch_format_is_same_day (conversation->snoozed_until, now_us)
                               ? porch_format_time (conversation->snoozed_until)
                               : porch_format_moment (conversation->snoozed_until, now_us);

    self->chip_kind = PORCH_CHIP_SNOOZED;
    /* Translators: a conversation that comes back on a day, at a time */
    self->chip = g_strdup_printf (C_ ("chip", "Until %s"), until);
  } else if (conversation->state == PORCH_STATE_MISSED) {
    self->chip_kind = PORCH_CHIP_MISSED;
    /* Translators: nobody answered in time; how long the visitor waits */
    self->chip = g_strdup_printf (C_ ("chip", "Missed · %s"), wait);
  } else if (conversation->state == PORCH_STATE_WAITING && conversation->waiting_since > 0) {
    self->chip_kind = PORCH_CHIP_WAITING;
    /* Translators: how long the visitor waits for an answer, as in "Waiting 2 min" */
    self->chip = g_strdup_printf (C_ ("chip", "Waiting %s"), wait);
  } else if (conversation->assistant_state == PORCH_ASSISTANT_ACTIVE &&
             conversation->state == PORCH_STATE_PENDING) {
    self->chip_kind = PORCH_CHIP_ASSISTANT;
    self->chip = g_strdup (C_ ("chip", "Assistant is answering"));
  }
}

static char *
dup_caption (PorchConversation *conversation, const PorchGlanceFacts *facts)
{
  g_autofree char *department = porch_phrase_department (conversation->department);
  g_autofree char *who = NULL;

  if (conversation->assignee != NULL && facts->me != NULL &&
      g_strcmp0 (facts->me->id, conversation->assignee) == 0)
    who = g_strdup (C_ ("who has a conversation", "You"));
  else if (conversation->assignee != NULL && facts->assignee != NULL)
    who = porch_format_isolate (facts->assignee->name);

  if (department == NULL)
    return g_steal_pointer (&who);
  if (who == NULL)
    return g_steal_pointer (&department);
  /* Translators: a department and who of it has the conversation, as in "Sales · Mona" */
  return g_strdup_printf (C_ ("row", "%s · %s"), department, who);
}

/* The preview with what its sign means. */
static char *
dup_spoken_preview (PorchGlance *self)
{
  switch (self->sign) {
  case PORCH_SIGN_DRAFT:
    return g_strdup_printf (_ ("draft: %s"), self->preview);
  case PORCH_SIGN_UNSENT:
    return g_strdup_printf (_ ("waiting to be sent: %s"), self->preview);
  case PORCH_SIGN_FAILED:
    return g_strdup_printf (_ ("not sent: %s"), self->preview);
  case PORCH_SIGN_SENT:
  case PORCH_SIGN_RECEIVED:
  case PORCH_SIGN_READ:
    return g_strdup_printf (_ ("answered: %s"), self->preview);
  case PORCH_SIGN_NONE:
    break;
  }
  return g_strdup (self->preview);
}

/* A list of facts in the order of the row, so that the name comes first and one can stop listening.
 */
static char *
dup_label (PorchGlance *self, PorchConversation *conversation)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  g_ptr_array_add (facts, g_strdup (self->name));
  if (conversation->unread > 0)
    g_ptr_array_add (facts, g_strdup_printf (ngettext ("%d unread message", "%d unread messages",
                                                       (gulong) conversation->unread),
                                             (int) conversation->unread));
  if (self->chip != NULL)
    g_ptr_array_add (facts, g_strdup (self->chip));
  if (self->preview != NULL)
    g_ptr_array_add (facts, dup_spoken_preview (self));
  if (self->caption != NULL)
    g_ptr_array_add (facts, g_strdup (self->caption));
  if (self->time != NULL)
    g_ptr_array_add (facts, g_strdup (self->time));
  g_ptr_array_add (facts, NULL);
  joined = g_strjoinv (", ", (char **) facts->pdata);
  return porch_phrase_plain (joined);
}

void
porch_glance_init (PorchGlance *self,
                   PorchConversation *conversation,
                   const PorchGlanceFacts *facts)
{
  gint64 at = conversation->last_at != 0 ? conversation->last_at : conversation->created_at;

  memset (self, 0, sizeof *self);
  self->name = porch_phrase_name (conversation);
  self->initials = dup_initials (porch_phrase_has_name (conversation) ? self->name : "");
  self->tint =
    g_str_hash (porch_phrase_has_name (conversation) ? self->name : "") % PORCH_N_TINTS + 1;
  self->time = at != 0 ? porch_format_age (at, facts->now_us) : NULL;
  read_preview (self, conversation, facts);
  if (conversation->unread > MOST_COUNTED)
    self->count = g_strdup_printf ("%d+", MOST_COUNTED);
  else if (conversation->unread > 0)
    self->count = g_strdup_printf ("%d", (int) conversation->unread);
  read_chip (self, conversation, facts->now_us);
  self->caption = dup_caption (conversation, facts);
  self->label = dup_label (self, conversation);
}

void
porch_glance_clear (PorchGlance *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->initials, g_free);
  g_clear_pointer (&self->time, g_free);
  g_clear_pointer (&self->preview, g_free);
  g_clear_pointer (&self->count, g_free);
  g_clear_pointer (&self->chip, g_free);
  g_clear_pointer (&self->caption, g_free);
  g_clear_pointer (&self->label, g_free);
  memset (self, 0, sizeof *self);
}
