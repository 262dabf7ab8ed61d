/* test-rules.c - what may happen to a conversation, and who may see it, as tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-rules.h"

#define MINUTE (60 * G_TIME_SPAN_SECOND)
#define HOUR   (60 * MINUTE)
/* Any moment will do. */
#define NOW G_GINT64_CONSTANT (1795167667123456)

/* The states by their first letters, in the order of PorchState: Pending, Waiting, Missed, Active,
 * Resolved, Closed. */
static const char state_letters[] = "PWMARC";

/* What each action leads to from each of these, without and with an agent who has it; - where it is
 * not possible. */
/* clang-format off */
static const struct {
  PorchAction action;
  const char *alone;
  const char *assigned;
} transitions[] = {
  /*                               PWMARC    PWMARC  */
  { PORCH_ACTION_VISITOR_WRITES,  "WWMAW-", "WWMAA-" },
  { PORCH_ACTION_AGENT_WRITES,    "AAAAA-", "AAAAA-" },
  { PORCH_ACTION_TAKE,            "AAAAA-", "AAAAA-" },
  { PORCH_ACTION_ASSIGN,          "AAAAA-", "AAAAA-" },
  { PORCH_ACTION_RESOLVE,         "RRRR--", "RRRR--" },
  { PORCH_ACTION_CLOSE,           "CCCCC-", "CCCCC-" },
  { PORCH_ACTION_REOPEN,          "----WW", "----AA" },
  { PORCH_ACTION_MISS,            "-M----", "-M----" },
  { PORCH_ACTION_RATE,            "----RC", "----RC" },
};
/* clang-format on */

static void
test_next_state (void)
{
  /* Every action has a row. */
  g_assert_cmpuint (G_N_ELEMENTS (transitions), ==, PORCH_ACTION_RATE + 1);

  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++)
    for (int state = PORCH_STATE_PENDING; state <= PORCH_STATE_CLOSED; state++)
      for (int has_assignee = FALSE; has_assignee <= TRUE; has_assignee++) {
        const char wanted = (has_assignee ? transitions[i].assigned : transitions[i].alone)[state];
        PorchState next = 99;
        const gboolean is_possible =
          porch_rules_next_state (state, transitions[i].action, has_assignee, &next);

        g_assert_cmpint (transitions[i].action, ==, i);
        g_assert_cmpint (is_possible, ==, wanted != '-');
        if (is_possible)
          g_assert_cmpint (state_letters[next], ==, wanted);
        else
          g_assert_cmpint (next, ==, 99);
      }
}

static void
test_times (void)
{
  PorchTimes times;

  porch_times_init (&times);
  g_assert_cmpint (times.missed_after_us, ==, 5 * MINUTE);
  g_assert_cmpint (times.idle_after_us, ==, 30 * MINUTE);
  g_assert_cmpint (times.closed_after_us, ==, 24 * HOUR);
}

typedef struct {
  const char *name;
  PorchState state;
  PorchActorKind last_sender;
  gint64 after_us; /* from NOW, when all its times are NOW; 0: never due */
  PorchAction action;
} Due;

/* clang-format off */
static const Due dues[] = {
  { "waiting", PORCH_STATE_WAITING, PORCH_ACTOR_VISITOR, 5 * MINUTE, PORCH_ACTION_MISS },
  { "waiting, our word", PORCH_STATE_WAITING, PORCH_ACTOR_AGENT, 5 * MINUTE, PORCH_ACTION_MISS },
  { "active, agent's word", PORCH_STATE_ACTIVE, PORCH_ACTOR_AGENT, 30 * MINUTE, PORCH_ACTION_RESOLVE },
  { "active, assistant's word", PORCH_STATE_ACTIVE, PORCH_ACTOR_ASSISTANT, 30 * MINUTE, PORCH_ACTION_RESOLVE },
  { "active, visitor's word", PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 0, 0 },
  { "resolved", PORCH_STATE_RESOLVED, PORCH_ACTOR_AGENT, 24 * HOUR, PORCH_ACTION_CLOSE },
  { "resolved, visitor's word", PORCH_STATE_RESOLVED, PORCH_ACTOR_VISITOR, 24 * HOUR, PORCH_ACTION_CLOSE },
  { "pending", PORCH_STATE_PENDING, PORCH_ACTOR_VISITOR, 0, 0 },
  { "missed", PORCH_STATE_MISSED, PORCH_ACTOR_VISITOR, 0, 0 },
  { "missed, our word", PORCH_STATE_MISSED, PORCH_ACTOR_AGENT, 0, 0 },
  { "closed", PORCH_STATE_CLOSED, PORCH_ACTOR_AGENT, 0, 0 },
};
/* clang-format on */

static PorchConversation *
new_conversation (PorchState state, PorchActorKind last_sender, gint64 at_us)
{
  PorchConversation *self = g_object_new (PORCH_TYPE_CONVERSATION, NULL);

  self->state = state;
  self->last_sender = last_sender;
  self->created_at = self->last_at = at_us;
  self->waiting_since = self->resolved_at = self->closed_at = self->missed_at = at_us;
  return self;
}

static void
test_due (gconstpointer data)
{
  const Due *due = data;
  g_autoptr (PorchConversation) conversation = new_conversation (due->state, due->last_sender, NOW);
  PorchTimes times;
  PorchAction action = PORCH_ACTION_RATE;
  gint64 due_us = -1;

  porch_times_init (&times);
  if (due->after_us == 0) {
    g_assert_false (
      porch_rules_due (conversation, &times, NOW + 365 * 24 * HOUR, &action, &due_us));
    g_assert_cmpint (due_us, ==, 0);
    return;
  }

  g_assert_false (
    porch_rules_due (conversation, &times, NOW + due->after_us - 1, &action, &due_us));
  g_assert_cmpint (due_us, ==, NOW + due->after_us);
  g_assert_true (porch_rules_due (conversation, &times, NOW + due->after_us, &action, &due_us));
  g_assert_cmpint (action, ==, due->action);
  g_assert_cmpint (due_us, ==, NOW + due->after_us);
  g_assert_true (porch_rules_due (conversation, &times, NOW + due->after_us + 1, &action, NULL));
}

/* A conversation without the time in question is not due since 1970. */
static void
test_due_without_times (void)
{
  PorchTimes times;

  porch_times_init (&times);
  for (int state = PORCH_STATE_PENDING; state <= PORCH_STATE_CLOSED; state++) {
    g_autoptr (PorchConversation) conversation = new_conversation (state, PORCH_ACTOR_AGENT, 0);
    PorchAction action = PORCH_ACTION_RATE;
    gint64 due_us = -1;

    g_assert_false (porch_rules_due (conversation, &times, NOW, &action, &due_us));
    g_assert_cmpint (due_us, ==, 0);
  }
}

static void
test_due_by_settings (void)
{
  const PorchTimes times = { .missed_after_us = 1, .idle_after_us = 2, .closed_after_us = 3 };
  static const struct {
    PorchState state;
    gint64 after_us;
  } cases[] = { { PORCH_STATE_WAITING, 1 },
                { PORCH_STATE_ACTIVE, 2 },
                { PORCH_STATE_RESOLVED, 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation =
      new_conversation (cases[i].state, PORCH_ACTOR_AGENT, NOW);
    PorchAction action;

    g_assert_false (
      porch_rules_due (conversation, &times, NOW + cases[i].after_us - 1, &action, NULL));
    g_assert_true (porch_rules_due (conversation, &times, NOW + cases[i].after_us, &action, NULL));
  }
}

typedef struct {
  PorchRole role;
  const char *departments; /* of the agent, by commas; NULL: none */
  const char *department;  /* of the conversation */
  const char *assignee;
  gboolean is_seen;
} Sight;

/* clang-format off */
static const Sight sights[] = {
  /* Their own, wherever it is. */
  { PORCH_ROLE_AGENT, "sales", "sales", "me", TRUE },
  { PORCH_ROLE_AGENT, "sales", "support", "me", TRUE },
  { PORCH_ROLE_AGENT, NULL, "support", "me", TRUE },
  /* Their departments', had by nobody or by somebody else. */
  { PORCH_ROLE_AGENT, "sales", "sales", NULL, TRUE },
  { PORCH_ROLE_AGENT, "support,sales", "sales", NULL, TRUE },
  { PORCH_ROLE_AGENT, "sales", "sales", "other", TRUE },
  /* Foreign ones. */
  { PORCH_ROLE_AGENT, "sales", "support", NULL, FALSE },
  { PORCH_ROLE_AGENT, "sales", "support", "other", FALSE },
  { PORCH_ROLE_AGENT, "sales", "Sales", NULL, FALSE },
  { PORCH_ROLE_AGENT, "sales", "sale", NULL, FALSE },
  { PORCH_ROLE_AGENT, "sales", "", NULL, FALSE },
  { PORCH_ROLE_AGENT, "sales", NULL, NULL, FALSE },
  { PORCH_ROLE_AGENT, "", "sales", NULL, FALSE },
  { PORCH_ROLE_AGENT, NULL, "sales", NULL, FALSE },
  { PORCH_ROLE_AGENT, NULL, "sales", "other", FALSE },
  /* Those who see all. */
  { PORCH_ROLE_SUPERVISOR, NULL, "sales", NULL, TRUE },
  { PORCH_ROLE_SUPERVISOR, "sales", "support", "other", TRUE },
  { PORCH_ROLE_SUPERVISOR, "sales", "sales", "me", TRUE },
  { PORCH_ROLE_ADMIN, NULL, "sales", NULL, TRUE },
  { PORCH_ROLE_ADMIN, "sales", "support", "other", TRUE },
  { PORCH_ROLE_ADMIN, "sales", "sales", "me", TRUE },
};
/* clang-format on */

static void
test_agent_sees (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sights); i++) {
    const char *slugs = sights[i].departments;
    g_auto (GStrv) departments = slugs != NULL ? g_strsplit (slugs, ",", -1) : NULL;
    g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, "id", "me", "role",
                                                 sights[i].role, "departments", departments, NULL);
    g_autoptr (PorchConversation) conversation =
      g_object_new (PORCH_TYPE_CONVERSATION, "department", sights[i].department, "assignee",
                    sights[i].assignee, NULL);

    if (porch_rules_agent_sees (agent, conversation) != sights[i].is_seen)
      g_error ("row %u is wrong", i);
  }
}

/* Whoever remembers the answer does so by department and assignee alone. */
static void
test_agent_sees_alike (void)
{
  static const char *const departments[] = { "sales", NULL };
  PorchEntityClass *klass = porch_entity_class_peek (PORCH_TYPE_CONVERSATION);
  g_autoptr (PorchAgent) agent =
    g_object_new (PORCH_TYPE_AGENT, "id", "me", "departments", departments, NULL);

  for (guint i = 0; i < klass->n_fields; i++) {
    const PorchField *field = &klass->fields[i];
    g_autoptr (PorchConversation) seen =
      g_object_new (PORCH_TYPE_CONVERSATION, "department", "sales", NULL);
    g_autoptr (PorchConversation) unseen =
      g_object_new (PORCH_TYPE_CONVERSATION, "department", "support", "assignee", "other", NULL);

    if (g_str_equal (field->name, "department") || g_str_equal (field->name, "assignee"))
      continue;
    if (field->kind == PORCH_KIND_STRING) {
      porch_member_set (PORCH_SLOT (seen, field, char *), "me");
      porch_member_set (PORCH_SLOT (unseen, field, char *), "me");
    } else if (field->kind == PORCH_KIND_INT64 || field->kind == PORCH_KIND_TIME) {
      *PORCH_SLOT (seen, field, gint64) = *PORCH_SLOT (unseen, field, gint64) = 7;
    } else {
      *PORCH_SLOT (seen, field, int) = *PORCH_SLOT (unseen, field, int) = 1;
    }
    g_assert_true (porch_rules_agent_sees (agent, seen));
    g_assert_false (porch_rules_agent_sees (agent, unseen));
  }
}

/* Nobody's is not the same as nobody. */
static void
test_agent_without_id (void)
{
  g_autoptr (PorchAgent) agent = g_object_new (PORCH_TYPE_AGENT, NULL);
  g_autoptr (PorchConversation) conversation =
    g_object_new (PORCH_TYPE_CONVERSATION, "department", "sales", NULL);

  g_assert_false (porch_rules_agent_sees (agent, conversation));
}

static void
test_rank (void)
{
  static const struct {
    PorchState state;
    PorchActorKind last_sender;
    gint64 snoozed_until;
    int rank;
  } cases[] = {
    { PORCH_STATE_MISSED, PORCH_ACTOR_VISITOR, 0, 0 },
    { PORCH_STATE_MISSED, PORCH_ACTOR_AGENT, 0, 0 },
    { PORCH_STATE_WAITING, PORCH_ACTOR_VISITOR, 0, 1 },
    { PORCH_STATE_WAITING, PORCH_ACTOR_AGENT, 0, 1 },
    { PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, 0, 2 },
    { PORCH_STATE_PENDING, PORCH_ACTOR_VISITOR, 0, 2 },
    { PORCH_STATE_ACTIVE, PORCH_ACTOR_AGENT, 0, 3 },
    { PORCH_STATE_PENDING, PORCH_ACTOR_ASSISTANT, 0, 3 },
    { PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, NOW + 1, 4 },
    { PORCH_STATE_MISSED, PORCH_ACTOR_VISITOR, NOW + 1, 4 },
    { PORCH_STATE_ACTIVE, PORCH_ACTOR_VISITOR, NOW, 2 },
    { PORCH_STATE_RESOLVED, PORCH_ACTOR_VISITOR, 0, 5 },
    { PORCH_STATE_RESOLVED, PORCH_ACTOR_VISITOR, NOW + 1, 5 },
    { PORCH_STATE_CLOSED, PORCH_ACTOR_AGENT, 0, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation =
      new_conversation (cases[i].state, cases[i].last_sender, NOW - HOUR);

    conversation->snoozed_until = cases[i].snoozed_until;
    g_assert_cmpint (porch_rules_rank (conversation, NOW), ==, cases[i].rank);
  }
}

/* clang-format off */
static const struct { const char *domain, *origin; gboolean is_match; } origins[] = {
  /* A bare host. */
  { "example.com", "https://example.com", TRUE },
  { "example.com", "https://www.example.com", TRUE },
  { "example.com", "http://example.com", FALSE },
  { "example.com", "https://example.com:8443", FALSE },
  { "example.com", "https://shop.example.com", FALSE },
  { "example.com", "https://www.www.example.com", FALSE },
  { "example.com", "wss://example.com", FALSE },
  { "example.com", "HTTPS://example.com", FALSE },
  { "www.example.com", "https://www.example.com", TRUE },
  { "www.example.com", "https://example.com", FALSE },
  /* Hosts of others that look like it. */
  { "example.com", "https://example.com.evil.net", FALSE },
  { "example.com", "https://evil-example.com", FALSE },
  { "example.com", "https://evilexample.com", FALSE },
  { "example.com", "https://wwwexample.com", FALSE },
  { "example.com", "https://wwwXexample.com", FALSE },
  { "example.com", "https://example.co", FALSE },
  { "example.com", "https://example.comx", FALSE },
  { "example.com", "https://example.com@evil.net", FALSE },
  { "example.com", "https://evil.net/https://example.com", FALSE },
  { "example.com", "https://evil.net#example.com", FALSE },
  { "example.com", "https://example.com/", FALSE },
  { "example.com", "https://example.com/path", FALSE },
  { "example.com", "https://example.com.", FALSE },
  { "example.com", "https://EXAMPLE.COM", FALSE },
  { "example.com", "https://example.com https://evil.net", FALSE },
  { "example.com", " https://example.com", FALSE },
  /* No origin at all. */
  { "example.com", "null", FALSE },
  { "null", "null", FALSE },
  { "example.com", "", FALSE },
  { "example.com", "example.com", FALSE },
  { "example.com", "https://", FALSE },
  { "example.com", "https://www.", FALSE },
  { "example.com", "file://", FALSE },
  { "", "https://", FALSE },
  { "", "https://www.", FALSE },
  { "", "", FALSE },
  { "https://", "https://", FALSE },
  /* How owners write. */
  { "Example.COM", "https://example.com", TRUE },
  { "example.com/", "https://example.com", TRUE },
  { "example.com/shop", "https://www.example.com", TRUE },
  { "https://example.com/shop", "https://example.com", TRUE },
  { "HTTPS://Example.com", "https://example.com", TRUE },
  { "b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example", TRUE },
  { "B\xc3\x9c" "CHER.example", "https://www.xn--bcher-kva.example", TRUE },
  { "xn--bcher-kva.example", "https://xn--bcher-kva.example", TRUE },
  { "bucher.example", "https://xn--bcher-kva.example", FALSE },
  { "b\xfc" "cher.example", "https://xn--bcher-kva.example", FALSE },
  /* Scheme and port as written, and only so. */
  { "http://example.com", "http://example.com", TRUE },
  { "http://example.com", "https://example.com", FALSE },
  { "http://example.com", "http://www.example.com", FALSE },
  { "http://example.com:8080", "http://example.com:8080", TRUE },
  { "http://example.com:8080", "http://example.com", FALSE },
  { "http://example.com:8080", "http://example.com:80801", FALSE },
  { "https://example.com", "https://example.com.evil.net", FALSE },
  { "example.com:8443", "https://example.com:8443", TRUE },
  { "example.com:8443", "https://example.com", FALSE },
  { "http://192.0.2.7:3000", "http://192.0.2.7:3000", TRUE },
  { "http://[2001:db8::1]:3000", "http://[2001:db8::1]:3000", TRUE },
  { "http://[2001:db8::1]", "http://[2001:db8::1]:3000", FALSE },
  /* The developer's own machine. */
  { "localhost", "http://localhost", TRUE },
  { "localhost", "http://localhost:3000", TRUE },
  { "localhost", "https://localhost:3000", TRUE },
  { "LocalHost", "http://localhost:3000", TRUE },
  { "localhost", "http://localhost.evil.net", FALSE },
  { "localhost", "http://localhost:3000.evil.net", FALSE },
  { "localhost", "http://localhost:3000@evil.net", FALSE },
  { "localhost", "http://localhost:", FALSE },
  { "localhost", "http://notlocalhost", FALSE },
  { "localhost", "http://evil.net/localhost", FALSE },
  { "localhost", "null", FALSE },
  { "http://localhost:3000", "http://localhost:3000", TRUE },
  { "http://localhost:3000", "http://localhost:3001", FALSE },
};
/* clang-format on */

static void
test_origin_matches (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (porch_rules_origin_matches (origins[i].domain, origins[i].origin) != origins[i].is_match)
      g_error ("\"%s\" and \"%s\"", origins[i].domain, origins[i].origin);
}

/* clang-format off */
static const struct { const char *text, *domain; } domains[] = {
  { "example.com", "example.com" },
  { "  www.Example.com ", "example.com" },
  { "https://www.example.com/shop?x=1#y", "example.com" },
  { "shop.example.co.uk/path", "shop.example.co.uk" },
  { "https://example.com:443", "example.com" },
  { "https://www.example.com:8443/", "example.com:8443" },
  { "example.com:8443", "example.com:8443" },
  { "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
  /* What is not https is written with its scheme. */
  { "http://example.com", "http://example.com" },
  { "http://www.example.com", "http://www.example.com" },
  { "HTTP://Example.com:3000/shop", "http://example.com:3000" },
  /* Without a dot: the own computer, the house's network. */
  { "localhost", "localhost" },
  { "http://localhost:3000/", "http://localhost:3000" },
  { "shop", "shop" },
  { "Shop", "shop" },
  { "www.shop", "shop" },
  { "https://shop/cart", "shop" },
  { "http://shop:8080", "http://shop:8080" },
  { "www", "www" },
  /* By number. */
  { "192.168.1.7", "192.168.1.7" },
  { "http://192.168.1.7:8080", "http://192.168.1.7:8080" },
  { "http://[2001:DB8::1]/", "http://[2001:db8::1]" },
  { "[::1]:8443", "[::1]:8443" },
  /* None. */
  { "", NULL },
  { " ", NULL },
  { "my shop", NULL },
  { "me@example.com", NULL },
  { "shop,cart", NULL },
  { ".com", NULL },
  { "example.", NULL },
  { "shop.", NULL },
  { "www.", NULL },
  { "-shop", NULL },
  { "shop_1", NULL },
  { "sh'op", NULL },
  { "*", NULL },
  { "*.example.com", NULL },
  { "https://", NULL },
  { "http://*", NULL },
  { "ftp://example.com", NULL },
  { "javascript:alert(1)", NULL },
  { "shop:", NULL },
  { "shop:99999", NULL },
  { "8080", NULL },
  { "127.1", NULL },
  { "1.2.3.256", NULL },
  { "0x7f.1", NULL },
  { "2001:db8::1", NULL },
  { "[::1", NULL },
};
/* clang-format on */

/* What is kept is kept as it is, and lets that website in. */
static void
test_domains (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++) {
    g_autofree char *domain = porch_rules_dup_domain (domains[i].text);
    g_autofree char *again = NULL;
    g_autofree char *origin = NULL;

    g_test_message ("%s", domains[i].text);
    g_assert_cmpstr (domain, ==, domains[i].domain);
    if (domain == NULL)
      continue;
    again = porch_rules_dup_domain (domain);
    g_assert_cmpstr (again, ==, domain);
    origin =
      strstr (domain, "://") != NULL ? g_strdup (domain) : g_strconcat ("https://", domain, NULL);
    g_assert_true (porch_rules_origin_matches (domain, origin));
  }
}

static void
test_usual_wait (void)
{
  static const struct {
    guint n;
    gint64 waits[5], usual;
  } cases[] = {
    { 0, { 0 }, -1 },      { 2, { 10, 20 }, -1 },         { 3, { 30, 10, 20 }, 20 },
    { 3, { 0, 0, 0 }, 0 }, { 4, { 40, 10, 30, 20 }, 30 }, { 5, { 9999999, 1, 2, 3, 9999999 }, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) waits = g_array_new (FALSE, FALSE, sizeof (gint64));

    g_array_append_vals (waits, cases[i].waits, cases[i].n);
    g_assert_cmpint (porch_rules_usual_wait (waits), ==, cases[i].usual);
  }
}

static void
test_wait_left (void)
{
  const gint64 now = 1000 * G_USEC_PER_SEC;
  static const struct {
    PorchState state;
    gint64 waited_s, usual_s, left_s;
  } cases[] = {
    { PORCH_STATE_WAITING, 0, 180, 180 }, { PORCH_STATE_WAITING, 60, 180, 120 },
    { PORCH_STATE_WAITING, 179, 180, 1 }, { PORCH_STATE_WAITING, 180, 180, 0 },
    { PORCH_STATE_WAITING, 500, 180, 0 }, { PORCH_STATE_WAITING, -60, 180, 180 },
    { PORCH_STATE_WAITING, 0, 0, 0 },     { PORCH_STATE_WAITING, 0, -1, 0 },
    { PORCH_STATE_MISSED, 0, 180, 0 },    { PORCH_STATE_ACTIVE, 0, 180, 0 },
    { PORCH_STATE_RESOLVED, 0, 180, 0 },  { PORCH_STATE_WAITING, 1000, 180, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PorchConversation) conversation = g_object_new (PORCH_TYPE_CONVERSATION, NULL);
    const gint64 usual_us = cases[i].usual_s < 0 ? -1 : cases[i].usual_s * G_USEC_PER_SEC;

    conversation->state = cases[i].state;
    conversation->waiting_since = now - cases[i].waited_s * G_USEC_PER_SEC;
    g_assert_cmpint (porch_rules_wait_left (conversation, usual_us, now), ==, cases[i].left_s);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rules/next-state", test_next_state);
  g_test_add_func ("/rules/times", test_times);
  for (guint i = 0; i < G_N_ELEMENTS (dues); i++) {
    g_autofree char *path = g_strdup_printf ("/rules/due/%s", dues[i].name);

    g_test_add_data_func (path, &dues[i], test_due);
  }
  g_test_add_func ("/rules/due-without-times", test_due_without_times);
  g_test_add_func ("/rules/due-by-settings", test_due_by_settings);
  g_test_add_func ("/rules/agent-sees", test_agent_sees);
  g_test_add_func ("/rules/agent-sees-alike", test_agent_sees_alike);
  g_test_add_func ("/rules/agent-without-id", test_agent_without_id);
  g_test_add_func ("/rules/rank", test_rank);
  g_test_add_func ("/rules/origin-matches", test_origin_matches);
  g_test_add_func ("/rules/domains", test_domains);
  g_test_add_func ("/rules/usual-wait", test_usual_wait);
  g_test_add_func ("/rules/wait-left", test_wait_left);
  return g_test_run ();
}
