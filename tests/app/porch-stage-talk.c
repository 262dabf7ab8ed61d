/* porch-stage-talk.c - what visitors write and agents do, as most tests of the wire need it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-talk.h"

#define AGENTS_DEVICE "CCCCCCCCCCCCCCCCCCCCCC"

void
porch_line_write (PorchLine *self,
                  const char *device,
                  guint n,
                  const char *conversation,
                  const char *text)
{
  porch_line_say (self,
                  "{\"type\":\"message\",\"id\":\"%s:%u\",\"conversation\":\"%s\","
                  "\"message\":\"%s\"}",
                  device, n, conversation, text);
}

char *
porch_line_send (PorchLine *self,
                 const char *device,
                 guint n,
                 const char *conversation,
                 const char *text)
{
  porch_line_write (self, device, n, conversation, text);
  return porch_stage_dup_member (porch_line_next (self, "ack"), "conversation");
}

char *
porch_line_fill (PorchLine *self, const char *device, const char *handle, guint n_messages)
{
  char *id = porch_line_send (self, device, 1, handle, "1");

  for (guint i = 2; i <= n_messages; i++) {
    g_autofree char *text = g_strdup_printf ("%u", i);

    porch_line_write (self, device, i, id, text);
  }
  porch_line_wait (self, "\"type\":\"ack\"", n_messages);
  return id;
}

char *
porch_stage_act (PorchStage *self,
                 const char *token,
                 const char *id,
                 const char *what,
                 const char *body)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations/%s/%s", id, what);
  guint status = 0;
  char *answer = porch_stage_call (self, "POST", path, token, body, &status);

  g_test_message ("%s: %s", what, answer);
  g_assert_cmpuint (status / 100, ==, 2);
  return answer;
}

void
porch_stage_answer (PorchStage *self, const char *token, const char *id, guint n, const char *text)
{
  g_autofree char *body =
    g_strdup_printf ("{\"id\":\"" AGENTS_DEVICE ":%u\",\"text\":\"%s\"}", n, text);

  g_free (porch_stage_act (self, token, id, "messages", body));
}

gint64
porch_stage_get_number (const char *json, const char *name)
{
  g_autofree char *text = porch_stage_dup_member (json, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
}
