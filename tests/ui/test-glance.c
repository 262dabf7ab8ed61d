/* test-glance.c - what rows say, what is said about problems, what an address is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Without a display: plain values in, words out.
 */
#include "config.h"

#include "porch-glance.h"
#include "porch-phrase.h"

#include <locale.h>
#include <string.h>

/* Friday 20 November 2026, 09:41 */
#define NOW    G_GINT64_CONSTANT (1795167660000000)
#define MINUTE G_TIME_SPAN_MINUTE

static PorchConversation *
make_conversation (const char *name, PorchState state)
{
  PorchConversation *conversation = g_object_new (PORCH_TYPE_CONVERSATION, NULL);

  porch_member_set (&conversation->id, "c1");
  porch_member_set (&conversation->contact_name, name);
  porch_member_set (&conversation->department, "sales");
  porch_member_set (&conversation->last_text, "Hello\nthere");
  conversation->number = 7;
  conversation->state = state;
  conversation->last_at = NOW - 2 * MINUTE;
  conversation->waiting_since = NOW - 7 * MINUTE;
  conversation->last_sender = PORCH_ACTOR_VISITOR;
  conversation->last_message = 10;
  return conversation;
}

static PorchAgent *
make_agent (const char *id, const char *name)
{
  PorchAgent *agent = g_object_new (PORCH_TYPE_AGENT, NULL);

  porch_member_set (&agent->id, id);
  porch_member_set (&agent->name, name);
  return agent;
}

static void
test_chips (void)
{
  static const struct {
    PorchState state;
    gint64 waiting_since, snoozed_until;
    PorchAssistantState assistant;
    PorchChip kind;
    const char *chip;
  } cases[] = {
    { PORCH_STATE_WAITING, NOW - 2 * MINUTE, 0, 0, PORCH_CHIP_WAITING, "Waiting 2 min" },
    { PORCH_STATE_WAITING, NOW - 5 * G_TIME_SPAN_SECOND, 0, 0, PORCH_CHIP_WAITING,
      "Waiting <1 min" },
    { PORCH_STATE_MISSED, NOW - 7 * MINUTE, 0, 0, PORCH_CHIP_MISSED, "Missed · 7 min" },
    { PORCH_STATE_MISSED, NOW - 125 * MINUTE, 0, 0, PORCH_CHIP_MISSED, "Missed · 2 h 5 min" },
    { PORCH_STATE_ACTIVE, 0, 0, 0, PORCH_CHIP_NONE, NULL },
    { PORCH_STATE_RESOLVED, 0, NOW + MINUTE, 0, PORCH_CHIP_NONE, NULL },
    { PORCH_STATE_PENDING, 0, 0, PORCH_ASSISTANT_ACTIVE, PORCH_CHIP_ASSISTANT,
      "Assistant is answering" },
    { PORCH_STATE_ACTIVE, 0, NOW + 19 * MINUTE, 0, PORCH_CHIP_SNOOZED, "Until 10:00" },
    { PORCH_STATE_ACTIVE, 0, NOW + 3 * 24 * 60 * MINUTE, 0, PORCH_CHIP_SNOOZED,
      "Until Monday, 09:41" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation = make_conversation ("Jonas", cases[i].state);
    PorchGlance glance;

    conversation->waiting_since = cases[i].waiting_since;
    conversation->snoozed_until = cases[i].snoozed_until;
    conversation->assistant_state = cases[i].assistant;
    porch_glance_init (&glance, conversation, &(PorchGlanceFacts){ .now_us = NOW });
    g_assert_cmpint (glance.chip_kind, ==, cases[i].kind);
    g_assert_cmpstr (glance.chip, ==, cases[i].chip);
    porch_glance_clear (&glance);
  }
}

static void
test_signs (void)
{
  static const struct {
    PorchActorKind last_sender;
    gint64 received, read;
    const char *draft;
    PorchSign sign;
    const char *preview;
    const char *unsent;
    gboolean has_failed;
  } cases[] = {
    { PORCH_ACTOR_VISITOR, 0, 0, NULL, PORCH_SIGN_NONE, "Hello there" },
    { PORCH_ACTOR_AGENT, 0, 0, NULL, PORCH_SIGN_SENT, "Hello there" },
    { PORCH_ACTOR_AGENT, 9, 9, NULL, PORCH_SIGN_SENT, "Hello there" },
    { PORCH_ACTOR_AGENT, 10, 9, NULL, PORCH_SIGN_RECEIVED, "Hello there" },
    { PORCH_ACTOR_AGENT, 10, 10, NULL, PORCH_SIGN_READ, "Hello there" },
    { PORCH_ACTOR_ASSISTANT, 12, 12, NULL, PORCH_SIGN_READ, "Hello there" },
    { PORCH_ACTOR_VISITOR, 0, 0, "I will", PORCH_SIGN_DRAFT, "I will" },
    { PORCH_ACTOR_AGENT, 10, 10, "I will", PORCH_SIGN_DRAFT, "I will" },
    { PORCH_ACTOR_VISITOR, 0, 0, " \n ", PORCH_SIGN_NONE, "Hello there" },
    { PORCH_ACTOR_AGENT, 10, 10, NULL, PORCH_SIGN_UNSENT, "Noon is fine", "Noon\nis fine", FALSE },
    { PORCH_ACTOR_VISITOR, 0, 0, NULL, PORCH_SIGN_FAILED, "Noon", "Noon", TRUE },
    /* What sends itself needs me less than what I began; what cannot be sent needs me more. */
    { PORCH_ACTOR_AGENT, 10, 10, "I will", PORCH_SIGN_DRAFT, "I will", "Noon", FALSE },
    { PORCH_ACTOR_AGENT, 10, 10, "I will", PORCH_SIGN_FAILED, "Noon", "Noon", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation = make_conversation ("Jonas", PORCH_STATE_ACTIVE);
    PorchGlanceFacts facts = {
      .draft = cases[i].draft,
      .unsent = cases[i].unsent,
      .has_failed = cases[i].has_failed,
      .now_us = NOW,
    };
    PorchGlance glance;

    conversation->last_sender = cases[i].last_sender;
    conversation->visitor_received = cases[i].received;
    conversation->visitor_read = cases[i].read;
    porch_glance_init (&glance, conversation, &facts);
    g_assert_cmpint (glance.sign, ==, cases[i].sign);
    g_assert_cmpstr (glance.preview, ==, cases[i].preview);
    porch_glance_clear (&glance);
  }
}

static void
test_names (void)
{
  static const struct {
    const char *name, *shown, *initials;
  } cases[] = {
    { "Jonas Weidenfeld", "Jonas Weidenfeld", "JW" },
    { "ana", "ana", "A" },
    { "Maria de la Cruz", "Maria de la Cruz", "MC" },
    { "سلمى حداد", "سلمى حداد", "سح" },
    { NULL, "Visitor 7", "" },
    { "", "Visitor 7", "" },
    { "😀", "😀", "😀" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation =
      make_conversation (cases[i].name, PORCH_STATE_ACTIVE);
    PorchGlance glance;

    porch_glance_init (&glance, conversation, &(PorchGlanceFacts){ .now_us = NOW });
    g_assert_cmpstr (glance.name, ==, cases[i].shown);
    g_assert_cmpstr (glance.initials, ==, cases[i].initials);
    g_assert_cmpuint (glance.tint, >=, 1);
    g_assert_cmpuint (glance.tint, <=, PORCH_N_TINTS);
    porch_glance_clear (&glance);
  }
}

static void
test_label_has_it_all (void)
{
  g_autoptr (PorchConversation) conversation = make_conversation ("Amara", PORCH_STATE_MISSED);
  g_autoptr (PorchAgent) me = make_agent ("a1", "Ines");
  g_autoptr (PorchAgent) mona = make_agent ("a2", "Mona");
  PorchGlanceFacts facts = { .me = me, .now_us = NOW };
  PorchGlance glance;

  conversation->unread = 3;
  porch_glance_init (&glance, conversation, &facts);
  g_assert_cmpstr (glance.label, ==,
                   "Amara, 3 unread messages, Missed · 7 min, Hello there, Sales, 09:39");
  g_assert_cmpstr (glance.count, ==, "3");
  porch_glance_clear (&glance);

  /* One message is not "1 messages"; a colleague's name has no marks in it for those who hear it.
   */
  conversation->unread = 1;
  conversation->state = PORCH_STATE_ACTIVE;
  conversation->last_sender = PORCH_ACTOR_AGENT;
  porch_member_set (&conversation->assignee, "a2");
  facts.assignee = mona;
  porch_glance_init (&glance, conversation, &facts);
  g_assert_cmpstr (glance.label, ==,
                   "Amara, 1 unread message, answered: Hello there, Sales · Mona, 09:39");
  porch_glance_clear (&glance);

  porch_member_set (&conversation->assignee, "a1");
  conversation->unread = 100;
  porch_glance_init (&glance, conversation, &facts);
  g_assert_cmpstr (glance.caption, ==, "Sales · You");
  g_assert_cmpstr (glance.count, ==, "99+");
  porch_glance_clear (&glance);

  facts.unsent = "Noon";
  porch_glance_init (&glance, conversation, &facts);
  g_assert_nonnull (strstr (glance.label, "waiting to be sent: Noon"));
  porch_glance_clear (&glance);
  facts.has_failed = TRUE;
  porch_glance_init (&glance, conversation, &facts);
  g_assert_nonnull (strstr (glance.label, "not sent: Noon"));
  porch_glance_clear (&glance);
}

static void
test_departments (void)
{
  static const struct {
    const char *slug, *name;
  } cases[] = {
    { "sales", "Sales" },
    { "billing", "Billing" },
    { "test-rides", "Test rides" },
    { "été", "Été" },
    { "x", "X" },
    { "", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = porch_phrase_department (cases[i].slug);

    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static void
test_devices (void)
{
  g_autofree char *both = porch_phrase_device ("Samsung Internet on Android");
  g_autofree char *one = porch_phrase_device ("Firefox");

  g_assert_cmpstr (both, ==, "Samsung Internet on Android");
  g_assert_cmpstr (one, ==, "Firefox");
  g_assert_null (porch_phrase_device (NULL));
}

static void
test_holders (void)
{
  g_autoptr (PorchConversation) conversation = make_conversation ("Jonas", PORCH_STATE_WAITING);
  g_autoptr (PorchAgent) me = make_agent ("a1", "Ines");
  g_autoptr (PorchAgent) mona = make_agent ("a2", "Mona");
  const struct {
    const char *assignee;
    PorchAgent *agent;
    PorchState state;
    const char *words;
  } cases[] = {
    { NULL, NULL, PORCH_STATE_WAITING, "nobody has it yet" },
    { "a1", me, PORCH_STATE_ACTIVE, "with you" },
    { "a2", mona, PORCH_STATE_ACTIVE, "with Mona" },
    { "a3", NULL, PORCH_STATE_ACTIVE, "with a colleague" },
    { "a1", me, PORCH_STATE_RESOLVED, "done" },
    { "a1", me, PORCH_STATE_CLOSED, "closed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = NULL;
    g_autofree char *plain = NULL;

    porch_member_set (&conversation->assignee, cases[i].assignee);
    conversation->state = cases[i].state;
    words = porch_phrase_holder (conversation, me, cases[i].agent);
    plain = porch_phrase_plain (words);
    g_assert_cmpstr (plain, ==, cases[i].words);
  }
}

static void
test_events (void)
{
  static const struct {
    PorchLineCode code;
    PorchActorKind kind;
    const char *sender, *name, *text, *words;
  } cases[] = {
    { PORCH_LINE_CODE_JOINED, PORCH_ACTOR_AGENT, "a1", "Ines", "", "You took the conversation" },
    { PORCH_LINE_CODE_JOINED, PORCH_ACTOR_AGENT, "a2", "Mona", "", "Mona took the conversation" },
    { PORCH_LINE_CODE_ASSIGNED, PORCH_ACTOR_AGENT, "a1", "Ines", "Mona",
      "You gave the conversation to Mona" },
    { PORCH_LINE_CODE_ASSIGNED, PORCH_ACTOR_AGENT, "a2", "Mona", "Ines",
      "Mona gave the conversation to Ines" },
    { PORCH_LINE_CODE_RESOLVED, PORCH_ACTOR_AGENT, "a1", "Ines", "", "You marked this as done" },
    { PORCH_LINE_CODE_RATED, PORCH_ACTOR_VISITOR, NULL, NULL, "5", "Jonas rated 5 of 5" },
    { PORCH_LINE_CODE_ENDED, PORCH_ACTOR_VISITOR, NULL, NULL, "", "Jonas ended the conversation" },
    { PORCH_LINE_CODE_IDLE, PORCH_ACTOR_SYSTEM, NULL, NULL, "",
      "Marked as done after a long silence" },
    { PORCH_LINE_CODE_MISSED, PORCH_ACTOR_SYSTEM, NULL, NULL, "", "Nobody answered in time" },
    { PORCH_LINE_CODE_NONE, PORCH_ACTOR_SYSTEM, NULL, NULL, "", NULL },
  };
  g_autoptr (PorchConversation) conversation = make_conversation ("Jonas", PORCH_STATE_ACTIVE);
  g_autoptr (PorchAgent) me = make_agent ("a1", "Ines");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchMessage) message = g_object_new (PORCH_TYPE_MESSAGE, NULL);
    g_autofree char *words = NULL;
    g_autofree char *plain = NULL;
    const char *icon = NULL;

    message->code = cases[i].code;
    message->sender_kind = cases[i].kind;
    porch_member_set (&message->sender, cases[i].sender);
    porch_member_set (&message->sender_name, cases[i].name);
    porch_member_set (&message->text, cases[i].text);
    words = porch_phrase_event (message, conversation, me, &icon);
    plain = words != NULL ? porch_phrase_plain (words) : NULL;
    g_assert_cmpstr (plain, ==, cases[i].words);
  }
}

/* No code of the server may end up in front of a person. */
static void
test_every_problem_has_a_sentence (void)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PORCH_TYPE_ERROR_CODE);

  for (guint i = 0; i < codes->n_values; i++) {
    const char *words = porch_phrase_problem (codes->values[i].value);

    g_assert_true (g_str_has_suffix (words, "."));
    g_assert_null (strchr (words, '_'));
    g_assert_null (strchr (words, '!'));
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/glance/chips", test_chips);
  g_test_add_func ("/glance/signs", test_signs);
  g_test_add_func ("/glance/names", test_names);
  g_test_add_func ("/glance/label-has-it-all", test_label_has_it_all);
  g_test_add_func ("/phrase/departments", test_departments);
  g_test_add_func ("/phrase/devices", test_devices);
  g_test_add_func ("/phrase/holders", test_holders);
  g_test_add_func ("/phrase/events", test_events);
  g_test_add_func ("/phrase/every-problem-has-a-sentence", test_every_problem_has_a_sentence);
  return g_test_run ();
}
