/* porch-transcript-row-contents.c - the words and pictures of a row of the transcript
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-clock.h"
#include "porch-format.h"
#include "porch-tag.h"
#include "porch-transcript-row-private.h"
#include "porch-transcript-words.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
dup_initials (const char *name)
{
  GString *initials = g_string_new (NULL);
  const char *last = strrchr (name, ' ');

  g_string_append_unichar (initials, g_unichar_toupper (g_utf8_get_char (name)));
  if (last != NULL && last[1] != '\0')
    g_string_append_unichar (initials, g_unichar_toupper (g_utf8_get_char (last + 1)));
  return g_string_free (initials, FALSE);
}

static void
update_sender (PorchTranscriptRow *self)
{
  PorchTag *sender = PORCH_TAG (self->sender);
  g_autofree char *author = NULL;

  if (self->shape.kind == PORCH_LINE_ASSISTANT) {
    porch_tag_set_text (sender, C_ ("sender of a message", "Assistant"));
    porch_tag_set_icon (sender, "porch-spark-symbolic", FALSE);
    return;
  }
  author = porch_format_isolate (porch_line_get_author (self->line));
  porch_tag_set_text (sender, author);
}

static void
update_avatar (PorchTranscriptRow *self)
{
  const char *author = porch_line_get_author (self->line);
  g_autofree char *initials = *author != '\0' ? dup_initials (author) : g_strdup ("");

  porch_tag_set_text (PORCH_TAG (self->avatar), initials);
  porch_tag_set_icon (PORCH_TAG (self->avatar), *author != '\0' ? NULL : "porch-person-symbolic",
                      FALSE);
}

static void
update_caption (PorchTranscriptRow *self)
{
  PorchTag *caption = PORCH_TAG (self->caption);
  g_autofree char *text = porch_transcript_words_caption (self->line);

  porch_tag_set_text (caption, text);
  porch_tag_set_icon (caption, porch_line_get_icon_name (self->line), FALSE);
}

static void
update_meta (PorchTranscriptRow *self)
{
  static const struct {
    const char *icon_name;
    gboolean is_after;
    const char *text_tone;
    const char *icon_tone;
  } states[] = {
    [PORCH_DELIVERY_NONE] = { NULL, FALSE, NULL, NULL },
    [PORCH_DELIVERY_SENDING] = { "porch-clock-symbolic", TRUE, NULL, NULL },
    [PORCH_DELIVERY_WAITING] = { "porch-clock-symbolic", FALSE, NULL, NULL },
    [PORCH_DELIVERY_SENT] = { "porch-tick-symbolic", TRUE, NULL, NULL },
    [PORCH_DELIVERY_RECEIVED] = { "porch-ticks-symbolic", TRUE, NULL, NULL },
    [PORCH_DELIVERY_READ] = { "porch-ticks-symbolic", TRUE, NULL, "porch_accent" },
    [PORCH_DELIVERY_FAILED] = { "porch-alert-symbolic", FALSE, "porch_danger", NULL },
  };
  PorchDelivery delivery = porch_line_get_delivery (self->line);
  PorchTag *meta = PORCH_TAG (self->meta);
  PorchSpan actions[PORCH_N_LINE_ACTIONS];
  g_autofree char *text = porch_transcript_words_meta (self->line, actions);

  G_STATIC_ASSERT (PORCH_N_LINE_ACTIONS == PORCH_TAG_ACTIONS);
  porch_tag_set_text (meta, text);
  for (guint i = 0; i < PORCH_N_LINE_ACTIONS; i++)
    porch_tag_set_action (meta, i, actions[i].start, actions[i].end);
  porch_tag_set_icon (meta, states[delivery].icon_name, states[delivery].is_after);
  porch_tag_set_tones (meta, states[delivery].text_tone, states[delivery].icon_tone);
}

static void
update_accessible (PorchTranscriptRow *self)
{
  const char *day = self->starts_day ? porch_tag_get_text (PORCH_TAG (self->pill)) : NULL;
  g_autofree char *words = porch_transcript_words_spoken (self->line, day);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

void
porch_transcript_row_update (PorchTranscriptRow *self)
{
  if (self->starts_day) {
    g_autofree char *day =
      porch_format_day (porch_line_get_sent_at_us (self->line), porch_clock_now_us ());

    porch_tag_set_text (PORCH_TAG (self->pill), day);
  }
  if (self->sender != NULL)
    update_sender (self);
  if (self->avatar != NULL)
    update_avatar (self);
  if (self->bubble != NULL)
    porch_bubble_set_line (PORCH_BUBBLE (self->bubble), self->line);
  if (self->caption != NULL)
    update_caption (self);
  if (self->meta != NULL)
    update_meta (self);
  update_accessible (self);
  self->tail = -1;
  self->is_stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
