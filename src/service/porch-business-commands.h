/* porch-business-commands.h - the business itself: setting up, agents, sessions, what time changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-command.h"
#include "porch-rules.h"
#include "porch-site.h"

G_BEGIN_DECLS

/* All that a service holds in memory. */
typedef struct {
  char *business; /* NULL: not set up */
  GPtrArray *sites, *departments, *agents;
  GHashTable *settings; /* texts by key */
} PorchLoadResult;
extern const PorchCommand porch_business_load;

typedef struct {
  char *business, *name, *email, *domain, *password_hash;
} PorchSetupInput;
typedef struct {
  PorchSite *site;
  PorchAgent *agent;
  GPtrArray *departments; /* all there are now */
} PorchSetupResult;
extern const PorchCommand porch_business_set_up;

typedef struct {
  char *name, *email, *password_hash, *department; /* NULL: every department; else made if needed */
  PorchRole role;
} PorchAgentInput;
typedef struct {
  PorchAgent *agent;
  GPtrArray *departments; /* all there are now; NULL: as before */
} PorchAgentResult;
extern const PorchCommand porch_business_add_agent;

typedef struct {
  char *agent;
  PorchStatus status;
  gboolean is_there; /* with a window: that is what others see */
} PorchStatusInput;
extern const PorchCommand porch_business_set_status; /* out: PorchAgentResult */

/* What time alone changes: missed, idle, closed. */
typedef struct {
  PorchTimes times;
  guint limit;
  gint64 now_us; /* as it is judged by: the clock may be set before it runs */
} PorchTimeInput;
typedef struct {
  guint n_changed;
  gint64 next_due_us;
} PorchTimeResult;
extern const PorchCommand porch_business_pass_time;

/* Sets one number or text of the `setting` table; "" for as it was at first. */
typedef struct {
  char *key, *value;
} PorchSettingInput;
typedef struct {
  char *key, *value; /* as it is kept; NULL: not any more */
} PorchSettingResult;
extern const PorchCommand porch_business_set_setting;

G_END_DECLS
