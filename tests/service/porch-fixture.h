/* porch-fixture.h - a service on a folder of its own, and commands run one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-agent-commands.h"
#include "porch-service.h"
#include "porch-visitor-commands.h"

typedef struct {
  char *folder;
  PorchService *service;
  GPtrArray *events;  /* every event that was published, in order */
  char *site, *admin; /* ids */
} PorchFixture;

PorchFixture *porch_fixture_new (void);
/* The same before anything is set up. */
PorchFixture *porch_fixture_new_empty (void);
void porch_fixture_free (PorchFixture *self);
/* Closes and opens the file again. */
void porch_fixture_restart (PorchFixture *self);

/* Runs @command to its end; takes @in. The code of its error, or -1. @copy (may be NULL) is given
 * in and out before they are freed. */
int porch_fixture_run (PorchFixture *self,
                       const PorchCommand *command,
                       gpointer in,
                       void (*copy) (gpointer in, gpointer out, gpointer data),
                       gpointer data);

/* A new visitor; their id. */
char *porch_fixture_enter (PorchFixture *self, const char *name);
/* Writes; the code of the error or -1. @seq and @conversation may be NULL. */
int porch_fixture_write (PorchFixture *self,
                         const char *visitor,
                         const char *conversation,
                         gint64 n,
                         const char *text,
                         gint64 *seq,
                         char **id);
/* A new agent who sees @department alone, or everything when NULL; their id. */
char *porch_fixture_add_agent (PorchFixture *self, const char *name, const char *department);
int porch_fixture_act (PorchFixture *self,
                       const PorchCommand *command,
                       const char *agent,
                       const char *conversation,
                       const char *target);
/* The conversation as @agent sees it, or NULL. */
PorchConversation *
porch_fixture_look (PorchFixture *self, const char *agent, const char *conversation);
const char *porch_fixture_admin (PorchFixture *self);
/* "created,message.created" of the events since @from. */
char *porch_fixture_dup_events (PorchFixture *self, guint from);

/* Blocks a visitor, whose id is the input: a char *, which it takes. */
extern const PorchCommand porch_fixture_block;
