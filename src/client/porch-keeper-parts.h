/* porch-keeper-parts.h - what the files of a keeper share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-keeper.h"

G_BEGIN_DECLS

struct _PorchKeeper {
  GObject parent_instance;

  PorchClient *client;
  GCancellable *cancellable;
  GSource *timer;
  GError *error;
  gboolean has_backups, has_secrets;

  GPtrArray *backups;
  PorchKeeperJob job, last_job;
  int percent, failure, unsealed;

  char *place;
  int trouble;
  gboolean is_asking;
  GPtrArray *secrets;
  GPtrArray *sites;
};

void porch_keeper_init_lists (PorchKeeper *self);

/* Each takes over what an answer says. */
void porch_keeper_read_backups (PorchKeeper *self, JsonNode *answer);
void porch_keeper_read_secrets (PorchKeeper *self, JsonNode *answer);
void porch_keeper_read_sites (PorchKeeper *self, JsonNode *answer);
void porch_kept_site_read_keys (PorchKeptSite *site, JsonNode *answer);
/* NULL when there is none. */
PorchKeptSite *porch_keeper_find_site (PorchKeeper *self, const char *id);

G_END_DECLS
