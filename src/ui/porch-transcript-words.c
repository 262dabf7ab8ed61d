/* porch-transcript-words.c - what is written around a message, and what is said of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-transcript-words.h"

#include "porch-format.h"

#include <glib/gi18n.h>
#include <string.h>

char *
porch_transcript_words_caption (PorchLine *line)
{
  g_autofree char *time = porch_format_time (porch_line_get_sent_at_us (line));

  if (porch_line_get_kind (line) == PORCH_LINE_NEW)
    return g_strdup (porch_line_get_text (line));
  /* Translators: what happened, and the time */
  return g_strdup_printf (C_ ("system line", "%1$s · %2$s"), porch_line_get_text (line), time);
}

/* From the end: the reason before them may have the same words. */
static PorchSpan
find_words (const char *text, const char *words)
{
  const char *found = g_strrstr (text, words);
  int start = found != NULL ? (int) (found - text) : 0;

  return (PorchSpan){ start, found != NULL ? start + (int) strlen (words) : 0 };
}

/* "Not sent. The file is too large. Try again · Remove", of which the last words are links. */
static char *
dup_failure (PorchLine *line, PorchSpan actions[PORCH_N_LINE_ACTIONS])
{
  const char *retry = C_ ("failed message", "Try again");
  const char *remove = C_ ("failed message", "Remove");
  const char *problem = porch_line_get_problem (line);
  char *text;

  if (problem != NULL)
    /* Translators: under a message: why it was not sent (a sentence), "Try again", "Remove" */
    text =
      g_strdup_printf (C_ ("failed message", "Not sent. %1$s %2$s · %3$s"), problem, retry, remove);
  else
    /* Translators: under a message that could not be sent: "Try again", "Remove" */
    text = g_strdup_printf (C_ ("failed message", "Not sent. %1$s · %2$s"), retry, remove);
  actions[PORCH_LINE_ACTION_RETRY] = find_words (text, retry);
  actions[PORCH_LINE_ACTION_REMOVE] = find_words (text, remove);
  return text;
}

char *
porch_transcript_words_meta (PorchLine *line, PorchSpan actions[PORCH_N_LINE_ACTIONS])
{
  PorchDelivery delivery = porch_line_get_delivery (line);
  g_autofree char *time = porch_format_time (porch_line_get_sent_at_us (line));

  memset (actions, 0, PORCH_N_LINE_ACTIONS * sizeof *actions);
  if (delivery == PORCH_DELIVERY_FAILED)
    return dup_failure (line, actions);
  if (delivery == PORCH_DELIVERY_WAITING)
    return g_strdup (porch_line_get_delivery_words (line));
  if (delivery == PORCH_DELIVERY_READ)
    /* Translators: under a message: the time, and the word "Read" */
    return g_strdup_printf (C_ ("message state", "%1$s · %2$s"), time,
                                porch_line_get_delivery_words (line));
  return g_steal_pointer (&time);
}

char *
porch_transcript_words_meta_tooltip (PorchLine *line)
{
  const char *state = porch_line_get_delivery_words (line);
  g_autofree char *time = porch_format_date_time (porch_line_get_sent_at_us (line));

  if (state == NULL)
    return g_steal_pointer (&time);
  /* Translators: tooltip: how far a message got, then its day and time */
  return g_strdup_printf (C_ ("message state", "%1$s · %2$s"), state, time);
}

/* Who, when and what, as one sentence for a screen reader. */
static char *
dup_message (PorchLine *line)
{
  const char *author = porch_line_get_author (line);
  g_autofree char *time = porch_format_time (porch_line_get_sent_at_us (line));
  const char *text = porch_line_get_text (line);

  if (*text == '\0')
    text = C_ ("spoken message", "Picture");
  switch (porch_line_get_kind (line)) {
  case PORCH_LINE_VISITOR:
  case PORCH_LINE_AGENT:
    if (*author == '\0')
      /* Translators: spoken: the time and what a visitor without a name wrote */
      return g_strdup_printf (C_ ("spoken message", "Visitor, %1$s: %2$s"), time, text);
    /* Translators: spoken: who, the time and what they wrote */
    return g_strdup_printf (C_ ("spoken message", "%1$s, %2$s: %3$s"), author, time, text);
  case PORCH_LINE_OWN:
    /* Translators: spoken: the time and what the person at this computer wrote */
    return g_strdup_printf (C_ ("spoken message", "You, %1$s: %2$s"), time, text);
  case PORCH_LINE_ASSISTANT:
    /* Translators: spoken: the time and what the assistant (a program) wrote */
    return g_strdup_printf (C_ ("spoken message", "Assistant, %1$s: %2$s"), time, text);
  case PORCH_LINE_NOTE:
    /* Translators: spoken: who wrote a note that only colleagues see, the time, the note */
    return g_strdup_printf (C_ ("spoken message", "Note for the team by %1$s, %2$s: %3$s"), author,
                                time, text);
  case PORCH_LINE_SYSTEM:
    /* Translators: spoken: what happened, and the time */
    return g_strdup_printf (C_ ("spoken message", "%1$s, %2$s"), text, time);
  case PORCH_LINE_NEW:
    return g_strdup (text);
  }
  return NULL;
}

/* The state in words, and for a failed one the reason. */
static char *
dup_state (PorchLine *line)
{
  const char *words = porch_line_get_delivery_words (line);
  const char *problem = porch_line_get_problem (line);

  if (porch_line_get_delivery (line) != PORCH_DELIVERY_FAILED)
    return g_strdup (words);
  if (problem == NULL)
    return g_strdup (
      C_ ("spoken message", "Not sent. Press Enter to try again, Delete to remove it."));
  /* Translators: spoken: why a message was not sent (a sentence) */
  return g_strdup_printf (
    C_ ("spoken message", "Not sent. %s Press Enter to try again, Delete to remove it."), problem);
}

/* Most messages end without a full stop, those that have one need no second. */
static gboolean
ends_sentence (const char *text)
{
  const char *last = *text != '\0' ? g_utf8_find_prev_char (text, text + strlen (text)) : text;

  return g_unichar_ispunct (g_utf8_get_char (last));
}

char *
porch_transcript_words_spoken (PorchLine *line, const char *day)
{
  g_autofree char *message = dup_message (line);
  g_autofree char *state = dup_state (line);
  g_autofree char *all = NULL;

  if (state == NULL)
    all = g_steal_pointer (&message);
  else if (ends_sentence (message))
    /* Translators: spoken: a message that ends with a mark of its own, and how far it got */
    all = g_strdup_printf (C_ ("spoken message", "%1$s %2$s"), message, state);
  else
    /* Translators: spoken: a message, and how far it got */
    all = g_strdup_printf (C_ ("spoken message", "%1$s. %2$s"), message, state);
  if (day == NULL)
    return g_steal_pointer (&all);
  /* Translators: spoken: a day, and the first message of that day */
  return g_strdup_printf (C_ ("spoken message", "%1$s. %2$s"), day, all);
}
