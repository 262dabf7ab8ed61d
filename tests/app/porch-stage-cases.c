/* porch-stage-cases.c - requests whose answers are known, one by one or by a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-stage-cases.h"

char *
porch_stage_expect (PorchStage *self, const PorchAsk *ask, guint status, const char *says)
{
  guint its_status = 0;
  char *answer = porch_stage_ask (self, ask, &its_status);

  g_test_message ("%s %s %s: %u %s", ask->verb, ask->path, ask->body, its_status, answer);
  g_assert_cmpuint (its_status, ==, status);
  if (says != NULL)
    g_assert_nonnull (strstr (answer, says));
  return answer;
}

void
porch_stage_try (PorchStage *self, const PorchAsk *door, const PorchCase *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++) {
    PorchAsk asked = *door;

    asked.body = cases[i].body;
    g_free (porch_stage_expect (self, &asked, cases[i].status, cases[i].says));
  }
}

void
porch_stage_set (PorchStage *self, const char *key, const char *value)
{
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\",\"value\":\"%s\"}", key, value);
  const PorchAsk asked = { .verb = "PUT",
                           .path = "/api/v1/settings",
                           .body = body,
                           .is_local = TRUE };

  g_free (porch_stage_expect (self, &asked, 200, NULL));
}
