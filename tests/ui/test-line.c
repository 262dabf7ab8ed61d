/* test-line.c - lines, their links, their groups and the words around them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-line-links.h"
#include "porch-line.h"
#include "porch-text.h"
#include "porch-transcript-shape.h"
#include "porch-transcript-words.h"

#include <locale.h>
#include <string.h>

/* Friday 20 November 2026, 09:41 */
#define NOW    G_GINT64_CONSTANT (1795167660000000)
#define MINUTE G_TIME_SPAN_MINUTE

static void
count (guint *n)
{
  (*n)++;
}

static void
test_properties (void)
{
  g_autoptr (PorchLine) line =
    g_object_new (PORCH_TYPE_LINE, "kind", PORCH_LINE_OWN, "seq", G_GINT64_CONSTANT (7), "author",
                  "Ines", "author-id", "a1", "text", "Hello", "sent-at-us", NOW, "delivery",
                  PORCH_DELIVERY_SENDING, "picture-width", 40, "picture-height", 30, NULL);
  int width, height;

  g_assert_cmpint (porch_line_get_kind (line), ==, PORCH_LINE_OWN);
  g_assert_cmpint (porch_line_get_seq (line), ==, 7);
  g_assert_cmpstr (porch_line_get_author (line), ==, "Ines");
  g_assert_cmpstr (porch_line_get_author_id (line), ==, "a1");
  g_assert_cmpstr (porch_line_get_text (line), ==, "Hello");
  g_assert_cmpint (porch_line_get_sent_at_us (line), ==, NOW);
  g_assert_cmpint (porch_line_get_delivery (line), ==, PORCH_DELIVERY_SENDING);
  g_assert_true (porch_line_get_picture_size (line, &width, &height));
  g_assert_cmpint (width, ==, 40);
  g_assert_finalize_object (g_steal_pointer (&line));
}

static void
test_changes_are_told_once (void)
{
  g_autoptr (PorchLine) line = porch_line_new (PORCH_LINE_OWN, "Ines", "Hello", NOW);
  guint n_changed = 0, n_notified = 0;

  g_signal_connect_swapped (line, "changed", G_CALLBACK (count), &n_changed);
  g_signal_connect_swapped (line, "notify::delivery", G_CALLBACK (count), &n_notified);
  porch_line_set_delivery (line, PORCH_DELIVERY_SENT);
  porch_line_set_delivery (line, PORCH_DELIVERY_SENT);
  g_assert_cmpuint (n_changed, ==, 1);
  porch_line_set_text (line, "Hello again");
  porch_line_set_text (line, "Hello again");
  porch_line_set_author (line, "Ines");
  porch_line_set_problem (line, NULL);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_cmpuint (n_notified, ==, 1);
  /* The number of the server is not seen. */
  porch_line_set_seq (line, 12);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_finalize_object (g_steal_pointer (&line));
}

static void
test_strangers_are_cleaned (void)
{
  g_autofree char *long_text = g_strnfill (60 * 1024, 'x');
  g_autofree char *long_name = g_strnfill (10000, 'n');
  g_autoptr (PorchLine) line = porch_line_new (PORCH_LINE_VISITOR, long_name, long_text, NOW);
  g_autoptr (PorchLine) broken =
    porch_line_new (PORCH_LINE_VISITOR, "\377A\n\342\200\256B", "a\377b", NOW);
  g_autoptr (PorchLine) nobody = porch_line_new (PORCH_LINE_VISITOR, NULL, NULL, NOW);

  g_assert_cmpint (g_utf8_strlen (porch_line_get_text (line), -1), ==, PORCH_NOTE_CHARACTERS + 1);
  g_assert_cmpint (g_utf8_strlen (porch_line_get_author (line), -1), ==, PORCH_NAME_CHARACTERS);
  g_assert_true (g_utf8_validate (porch_line_get_text (broken), -1, NULL));
  g_assert_cmpstr (porch_line_get_author (broken), ==, "\357\277\275A B");
  g_assert_cmpstr (porch_line_get_author (nobody), ==, "");
  g_assert_cmpstr (porch_line_get_text (nobody), ==, "");
}

static void
test_links (void)
{
  static const struct {
    const char *text;
    const char *links; /* separated by blanks */
  } cases[] = {
    { "", "" },
    { "no link here: http, https and mailto", "" },
    { "see https://a.example/x?y=1#z now", "https://a.example/x?y=1#z" },
    { "https://a.example.", "https://a.example" },
    { "(https://a.example)", "https://a.example" },
    { "https://a.example/x_(y)", "https://a.example/x_(y)" },
    { "\"http://a.example\", <http://b.example>", "http://a.example http://b.example" },
    { "HTTPS://A.EXAMPLE", "HTTPS://A.EXAMPLE" },
    { "write to mailto:me@a.example, or tel:+49301234", "mailto:me@a.example tel:+49301234" },
    { "mailto:nobody tel:none https:// http://. tel:+", "" },
    { "javascript:alert(1) file:///etc/passwd data:text/html,x ftp://a.example", "" },
    { "xhttps://a.example", "" },
    { "https://a.example\342\200\256/gpj.exe", "https://a.example" },
    { "https://a.example\nhttps://b.example", "https://a.example https://b.example" },
    { "https://例え.example/道", "https://例え.example/道" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) links = porch_line_links_find (cases[i].text);
    g_autoptr (GString) found = g_string_new (NULL);

    for (guint k = 0; k < links->len; k++) {
      PorchSpan span = g_array_index (links, PorchSpan, k);

      g_string_append_len (found, cases[i].text + span.start, span.end - span.start);
      g_string_append (found, k + 1 < links->len ? " " : "");
    }
    g_assert_cmpstr (found->str, ==, cases[i].links);
  }
}

static void
test_safe_links (void)
{
  static const struct {
    const char *url;
    gboolean is_safe;
    const char *target;
  } cases[] = {
    { "https://a.example/x", TRUE, "a.example" },
    { "https://bank.example@evil.example/x", TRUE, "evil.example" },
    { "mailto:me@a.example", TRUE, "me@a.example" },
    { "tel:+49301234", TRUE, "+49301234" },
    { "javascript:alert(1)", FALSE, NULL },
    { "file:///etc/passwd", FALSE, NULL },
    { " https://a.example", FALSE, NULL },
    { "https://a.example\nx", FALSE, NULL },
    { "https:", FALSE, NULL },
    { "", FALSE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *target = NULL;

    g_assert_cmpint (porch_line_links_is_safe (cases[i].url), ==, cases[i].is_safe);
    if (!cases[i].is_safe)
      continue;
    target = porch_line_links_dup_target (cases[i].url);
    g_assert_cmpstr (target, ==, cases[i].target);
  }
}

/* Two lines after each other: are they one group, and does the second begin a day? */
static void
test_groups (void)
{
  static const struct {
    PorchLineKind kind;
    const char *author;
    int minutes;
    PorchDelivery before;
    PorchDelivery after;
    gboolean is_group;
    gboolean starts_day;
  } cases[] = {
    { PORCH_LINE_VISITOR, "Jo", 0, 0, 0, TRUE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 4, 0, 0, TRUE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 5, 0, 0, FALSE, FALSE },
    { PORCH_LINE_VISITOR, "Bo", 1, 0, 0, FALSE, FALSE },
    { PORCH_LINE_OWN, "Jo", 1, 0, 0, FALSE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 15 * 60, 0, 0, FALSE, TRUE },
    { PORCH_LINE_VISITOR, "Jo", 1, PORCH_DELIVERY_READ, PORCH_DELIVERY_SENDING, TRUE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 1, PORCH_DELIVERY_SENT, PORCH_DELIVERY_WAITING, FALSE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 1, PORCH_DELIVERY_WAITING, PORCH_DELIVERY_WAITING, TRUE, FALSE },
    { PORCH_LINE_VISITOR, "Jo", 1, PORCH_DELIVERY_FAILED, PORCH_DELIVERY_FAILED, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchLine) first = porch_line_new (PORCH_LINE_VISITOR, "Jo", "x", NOW);
    g_autoptr (PorchLine) second =
      porch_line_new (cases[i].kind, cases[i].author, "y", NOW + cases[i].minutes * MINUTE);
    PorchTranscriptShape before, after;
    gboolean starts_day;

    porch_line_set_delivery (first, cases[i].before);
    porch_line_set_delivery (second, cases[i].after);
    before = porch_transcript_shape_for (NULL, first, second, &starts_day);
    g_assert_true (starts_day);
    after = porch_transcript_shape_for (first, second, NULL, &starts_day);
    g_assert_cmpint (starts_day, ==, cases[i].starts_day);
    g_assert_true (before.is_first && after.is_last);
    g_assert_cmpint (!before.is_last, ==, cases[i].is_group);
    g_assert_cmpint (!after.is_first, ==, cases[i].is_group);
    g_assert_cmpuint (porch_transcript_shape_index (&after), <, PORCH_N_TRANSCRIPT_SHAPES);
  }
}

/* Two people of one name are told apart, and notes stay alone. */
static void
test_people_and_notes (void)
{
  gboolean starts_day;
  g_autoptr (PorchLine) one = g_object_new (PORCH_TYPE_LINE, "author", "Jo", "author-id", "1",
                                            "text", "a", "sent-at-us", NOW, NULL);
  g_autoptr (PorchLine) other = g_object_new (PORCH_TYPE_LINE, "author", "Jo", "author-id", "2",
                                              "text", "b", "sent-at-us", NOW, NULL);
  g_autoptr (PorchLine) note = porch_line_new (PORCH_LINE_NOTE, "Jo", "a", NOW);
  g_autoptr (PorchLine) photo = g_object_new (PORCH_TYPE_LINE, "sent-at-us", NOW, "picture-width",
                                              4, "picture-height", 3, NULL);
  PorchTranscriptShape shape = porch_transcript_shape_for (one, other, NULL, &starts_day);

  g_assert_true (shape.is_first);
  shape = porch_transcript_shape_for (note, note, note, &starts_day);
  g_assert_true (shape.is_first && shape.is_last);
  shape = porch_transcript_shape_for (NULL, photo, NULL, &starts_day);
  g_assert_true (shape.is_picture);
}

/* What can be pressed in square brackets. */
static char *
mark_actions (const char *text, const PorchSpan actions[PORCH_N_LINE_ACTIONS])
{
  GString *marked = g_string_new (text);

  /* From the last one on, since what is put in moves the rest. */
  for (int i = PORCH_N_LINE_ACTIONS - 1; i >= 0; i--) {
    if (actions[i].end == actions[i].start)
      continue;
    g_string_insert_c (marked, actions[i].end, ']');
    g_string_insert_c (marked, actions[i].start, '[');
  }
  return g_string_free (marked, FALSE);
}

static void
test_words (void)
{
  static const struct {
    PorchLineKind kind;
    PorchDelivery delivery;
    const char *problem;
    const char *meta;
    const char *tooltip;
    const char *spoken;
  } cases[] = {
    { PORCH_LINE_VISITOR, PORCH_DELIVERY_NONE, NULL, "09:41", "Friday 20 November 2026, 09:41",
      "Jo Byrne, 09:41: Hi" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_SENDING, NULL, "09:41",
      "Sending · Friday 20 November 2026, 09:41", "You, 09:41: Hi. Sending" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_WAITING, NULL, "Waiting for a connection",
      "Waiting for a connection · Friday 20 November 2026, 09:41",
      "You, 09:41: Hi. Waiting for a connection" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_SENT, NULL, "09:41", "Sent · Friday 20 November 2026, 09:41",
      "You, 09:41: Hi. Sent" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_RECEIVED, NULL, "09:41",
      "Received · Friday 20 November 2026, 09:41", "You, 09:41: Hi. Received" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_READ, NULL, "09:41 · Read",
      "Read · Friday 20 November 2026, 09:41", "You, 09:41: Hi. Read" },
    { PORCH_LINE_OWN, PORCH_DELIVERY_FAILED, NULL, "Not sent. [Try again] · [Remove]",
      "Not sent · Friday 20 November 2026, 09:41",
      "You, 09:41: Hi. Not sent. Press Enter to try again, Delete to remove it." },
    { PORCH_LINE_OWN, PORCH_DELIVERY_FAILED, "It is too large.",
      "Not sent. It is too large. [Try again] · [Remove]",
      "Not sent · Friday 20 November 2026, 09:41",
      "You, 09:41: Hi. Not sent. It is too large. Press Enter to try again, Delete to remove it." },
    { PORCH_LINE_OWN, PORCH_DELIVERY_FAILED, "Remove it or Try again.",
      "Not sent. Remove it or Try again. [Try again] · [Remove]",
      "Not sent · Friday 20 November 2026, 09:41",
      "You, 09:41: Hi. Not sent. Remove it or Try again. Press Enter to try again, Delete to "
      "remove "
      "it." },
    { PORCH_LINE_ASSISTANT, PORCH_DELIVERY_READ, NULL, "09:41 · Read",
      "Read · Friday 20 November 2026, 09:41", "Assistant, 09:41: Hi. Read" },
    { PORCH_LINE_NOTE, PORCH_DELIVERY_NONE, NULL, "09:41", "Friday 20 November 2026, 09:41",
      "Note for the team by Jo Byrne, 09:41: Hi" },
    { PORCH_LINE_SYSTEM, PORCH_DELIVERY_NONE, NULL, "09:41", "Friday 20 November 2026, 09:41",
      "Hi, 09:41" },
    { PORCH_LINE_NEW, PORCH_DELIVERY_NONE, NULL, "09:41", "Friday 20 November 2026, 09:41", "Hi" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchLine) line = porch_line_new (cases[i].kind, "Jo Byrne", "Hi", NOW);
    PorchSpan actions[PORCH_N_LINE_ACTIONS];
    g_autofree char *plain = NULL;
    g_autofree char *meta = NULL;
    g_autofree char *tooltip = NULL;
    g_autofree char *spoken = NULL;

    porch_line_set_delivery (line, cases[i].delivery);
    porch_line_set_problem (line, cases[i].problem);
    plain = porch_transcript_words_meta (line, actions);
    meta = mark_actions (plain, actions);
    tooltip = porch_transcript_words_meta_tooltip (line);
    spoken = porch_transcript_words_spoken (line, NULL);
    g_assert_cmpstr (meta, ==, cases[i].meta);
    g_assert_cmpstr (tooltip, ==, cases[i].tooltip);
    g_assert_cmpstr (spoken, ==, cases[i].spoken);
  }
}

static void
test_captions (void)
{
  g_autoptr (PorchLine) system = porch_line_new (PORCH_LINE_SYSTEM, NULL, "Ines took it", NOW);
  g_autoptr (PorchLine) one = porch_line_new_mark (1, NOW);
  g_autoptr (PorchLine) two = porch_line_new_mark (2, NOW);
  g_autoptr (PorchLine) nameless = porch_line_new (PORCH_LINE_VISITOR, NULL, "Hi", NOW);
  g_autofree char *caption = porch_transcript_words_caption (system);
  g_autofree char *mark = porch_transcript_words_caption (two);
  g_autofree char *spoken = porch_transcript_words_spoken (nameless, "Today");
  g_autoptr (PorchLine) question = porch_line_new (PORCH_LINE_OWN, NULL, "Why?", NOW);
  g_autofree char *asked = NULL;

  g_assert_cmpstr (caption, ==, "Ines took it · 09:41");
  g_assert_cmpstr (mark, ==, "2 new messages");
  g_assert_cmpstr (porch_line_get_text (one), ==, "1 new message");
  g_assert_cmpstr (spoken, ==, "Today. Visitor, 09:41: Hi");
  porch_line_set_delivery (question, PORCH_DELIVERY_READ);
  asked = porch_transcript_words_spoken (question, NULL);
  g_assert_cmpstr (asked, ==, "You, 09:41: Why? Read");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line/properties", test_properties);
  g_test_add_func ("/line/changes-are-told-once", test_changes_are_told_once);
  g_test_add_func ("/line/strangers-are-cleaned", test_strangers_are_cleaned);
  g_test_add_func ("/line/links", test_links);
  g_test_add_func ("/line/safe-links", test_safe_links);
  g_test_add_func ("/line/groups", test_groups);
  g_test_add_func ("/line/people-and-notes", test_people_and_notes);
  g_test_add_func ("/line/words", test_words);
  g_test_add_func ("/line/captions", test_captions);
  return g_test_run ();
}
