/* shop.c - a made-up shop with people in it, for tests and pictures of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "shop.h"

#include "porch-clock.h"

#define MINUTE (60 * G_TIME_SPAN_SECOND)

/* clang-format off */
static const struct {
  const char *id, *name, *department, *assignee, *text;
  PorchState state;
  PorchActorKind last_sender;
  int unread, minutes_ago, waits, read;
} people[] = {
  { "c-sofie", "Sofie de Vries", "support", "a1", "Perfect, then I will wait for the new ones", PORCH_STATE_ACTIVE, PORCH_ACTOR_AGENT, 0, 2900, 0, 2 },
  { "c-beatriz", "Beatriz Sousa", "general", "a2", "Our hours are 10 to 18, Tuesday to Saturday", PORCH_STATE_ACTIVE, PORCH_ACTOR_AGENT, 0, 12, 0, 2 },
  { "c-luca", "Luca Moretti", "support", "a2", "I can do 16:30 as well", PORCH_STATE_ACTIVE, PORCH_ACTOR_AGENT, 0, 6, 0, 1 },
  { "c-owen", "Owen Hughes", "support", "a1", "Is my wheel done? I am near the shop around noon.", PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 0, 29, 0, 0 },
  { "c-salma", "سلمى حداد", "general", "a1", "شكرا جزيلا، وصلت الدراجة اليوم", PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 0, 13, 0, 0 },
  { "c-priya", "Priya Raghunathan-Venkatasubramanian", "support", "a1", "worn chainring, and the chain skips on the smallest cog", PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 1, 4, 0, 0 },
  { "c-visitor", NULL, "sales", NULL, "Do you ship the cargo rack to Norway?", PORCH_STATE_WAITING, PORCH_ACTOR_VISITOR, 1, 2, 2, 0 },
  { "c-amara", "Amara Okonkwo", "support", NULL, "Hello? I am outside at the pick-up door", PORCH_STATE_MISSED, PORCH_ACTOR_VISITOR, 3, 7, 7, 0 },
  { SHOP_LONG_TALK, "Jonas Weidenfeld", "sales", "a1", "Could you hold it until Saturday? I can come at eleven 🚲", PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 2, 1, 0, 0 },
  { "c-nils", "Nils Aaberg", "sales", "a2", "Thank you, that helps", PORCH_STATE_RESOLVED, PORCH_ACTOR_VISITOR, 0, 60, 0, 0 },
};

static const struct {
  PorchActorKind sender;
  PorchMessageKind kind;
  PorchLineCode code;
  const char *agent, *agent_name, *text;
  int minutes_ago;
} talk[] = {
  { PORCH_ACTOR_VISITOR, PORCH_MESSAGE_TEXT, 0, NULL, NULL, "Good morning. The Norrland 54 on https://juniper-row.example/norrland, do you have it in rust?", 22 },
  { PORCH_ACTOR_VISITOR, PORCH_MESSAGE_TEXT, 0, NULL, NULL, "And which one has the belt drive?", 21 },
  { PORCH_ACTOR_AGENT, PORCH_MESSAGE_SYSTEM, PORCH_LINE_CODE_JOINED, "a1", "Ines Castro", "", 20 },
  { PORCH_ACTOR_AGENT, PORCH_MESSAGE_TEXT, 0, "a1", "Ines Castro", "Good morning Jonas, Ines here. The rust one has the belt and the 8-speed hub.", 19 },
  { PORCH_ACTOR_AGENT, PORCH_MESSAGE_TEXT, 0, "a1", "Ines Castro", "It is here in 54, you can ride it today.", 19 },
  { PORCH_ACTOR_AGENT, PORCH_MESSAGE_NOTE, 0, "a2", "Mona Lindqvist", "Last one in 54. Put a tag on it if he wants it.", 9 },
  { PORCH_ACTOR_VISITOR, PORCH_MESSAGE_TEXT, 0, NULL, NULL, "Perfect, that is exactly the one", 1 },
  { PORCH_ACTOR_VISITOR, PORCH_MESSAGE_TEXT, 0, NULL, NULL, "Could you hold it until Saturday? I can come at eleven 🚲", 1 },
};
/* clang-format on */

static void
add_talk (FakeServer *server, PorchConversation *conversation)
{
  const gint64 now_us = porch_clock_now_us ();

  for (guint i = 0; i < G_N_ELEMENTS (talk); i++) {
    PorchMessage *message =
      fake_server_add_message (server, conversation, talk[i].sender, talk[i].text);

    message->kind = talk[i].kind;
    message->code = talk[i].code;
    message->created_at = now_us - talk[i].minutes_ago * MINUTE;
    porch_member_set (&message->sender, talk[i].agent);
    porch_member_set (&message->sender_name, talk[i].agent_name);
    if (i == 4)
      conversation->visitor_received = conversation->visitor_read = message->seq;
    if (i == 5)
      conversation->agent_read = message->seq;
  }
}

static void
add_person (FakeServer *server, guint i)
{
  const gint64 now_us = porch_clock_now_us ();
  const gboolean is_talk = g_str_equal (people[i].id, SHOP_LONG_TALK);
  PorchConversation *conversation =
    fake_server_add_conversation (server, people[i].id, people[i].state);

  /* The server has one contact in full: whom the long talk is with. */
  porch_member_set (&conversation->contact, is_talk ? server->contact->id : people[i].id);
  porch_member_set (&conversation->contact_name, people[i].name);
  porch_member_set (&conversation->department, people[i].department);
  porch_member_set (&conversation->assignee, people[i].assignee);
  conversation->number = 7;
  conversation->created_at = now_us - (people[i].minutes_ago + 22) * MINUTE;
  if (is_talk)
    add_talk (server, conversation);
  else
    fake_server_add_message (server, conversation, people[i].last_sender, people[i].text);
  conversation->first_response_at =
    people[i].assignee != NULL ? conversation->created_at + 100 * G_TIME_SPAN_SECOND : 0;
  conversation->waiting_since =
    people[i].waits > 0 ? now_us - people[i].waits * MINUTE - 20 * G_TIME_SPAN_SECOND : 0;
  conversation->last_at = now_us - people[i].minutes_ago * MINUTE;
  porch_member_set (&conversation->last_text, people[i].text);
  conversation->last_sender = people[i].last_sender;
  conversation->unread = people[i].unread;
  if (people[i].read > 0)
    conversation->visitor_received = conversation->last_message;
  if (people[i].read > 1)
    conversation->visitor_read = conversation->last_message;
}

static void
add_colleague (FakeServer *server, const char *id, const char *name, PorchStatus status)
{
  PorchAgent *agent = g_object_new (PORCH_TYPE_AGENT, NULL);

  porch_member_set (&agent->id, id);
  porch_member_set (&agent->name, name);
  agent->status = status;
  g_ptr_array_add (server->agents, agent);
}

void
shop_fill (FakeServer *server)
{
  PorchVisitor *visitor = server->visitor;

  porch_member_set (&server->agent->id, "a1");
  porch_member_set (&server->agent->name, "Ines Castro");
  server->agent->status = server->agent->wanted_status = PORCH_STATUS_ONLINE;
  server->agent->role = PORCH_ROLE_ADMIN;
  add_colleague (server, "a2", "Mona Lindqvist", PORCH_STATUS_BUSY);
  porch_member_set (&server->contact->name, "Jonas Weidenfeld");
  porch_member_set (&server->contact->email, "jonas.w@posteo.example");
  porch_member_set (&visitor->page_title, "Norrland 54 · Town bikes");
  porch_member_set (&visitor->page_url, "https://juniper-row.example/bikes/norrland-54");
  porch_member_set (&visitor->referrer, "https://search.example/?q=belt+drive");
  porch_member_set (&visitor->browser, "Firefox on Android");
  visitor->n_visits = 3;
  visitor->is_online = TRUE;
  server->n_waiting = 2;
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    add_person (server, i);
}
