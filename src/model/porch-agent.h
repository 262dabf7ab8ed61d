/* porch-agent.h - a person who answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-entity.h"
#include "porch-words.h"

G_BEGIN_DECLS

#define PORCH_TYPE_AGENT (porch_agent_get_type ())
G_DECLARE_FINAL_TYPE (PorchAgent, porch_agent, PORCH, AGENT, PorchEntity)

/* Read freely; written only by who made it, before anybody else sees it. Times are microseconds of
 * UTC. */
struct _PorchAgent {
  PorchEntity parent_instance;

  char *id;
  char *name;
  char *email;
  int role;           /* PorchRole */
  int status;         /* PorchStatus: what the connected windows say */
  int wanted_status;  /* what the person chose */
  char **departments; /* slugs */
  gboolean is_local;  /* the window on the server itself acts as this one */
  gboolean is_disabled;
  char *password_hash;
  gint64 created_at;
};

G_END_DECLS
