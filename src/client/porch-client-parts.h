/* porch-client-parts.h - what the files of a client share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "porch-client.h"
#include "porch-feed.h"
#include "porch-pace.h"

G_BEGIN_DECLS

struct _PorchClient {
  GObject parent_instance;

  char *base_url;
  char *token;
  char *unix_path;
  PorchPace pace;
  SoupSession *session;
  GCancellable *cancellable; /* of everything, ended by close */

  PorchLink link;
  GCancellable *knocking; /* of the session.get that is on its way */
  PorchFeed *stream;
  GSource *retry;
  guint n_failures;
  GTask *set_up; /* waits for LIVE */

  /* Where we are in the log. The epoch is NULL before the first `ready`. */
  char *epoch;
  gint64 seq;
  gint64 ready_seq;
  gboolean was_live;
  gboolean is_ready;
  gboolean is_fresh; /* all is being loaded again, and nothing has happened since */

  PorchAgent *agent;
  int wanted_status; /* chosen while nobody could be told, or -1 */
  char *business;
  char *site_id;
  char *site_key;
  char *site_domains;
  char *address;
  char *public_address;
  char *warning;
  char *trouble;
  char *keeping;
  gint64 heard_us;
};

typedef enum {
  PORCH_CLIENT_PROP_LINK = 1,
  PORCH_CLIENT_PROP_AGENT,
  PORCH_CLIENT_PROP_BUSINESS,
  PORCH_CLIENT_PROP_SITE_ID,
  PORCH_CLIENT_PROP_SITE_KEY,
  PORCH_CLIENT_PROP_SITE_DOMAINS,
  PORCH_CLIENT_PROP_ADDRESS,
  PORCH_CLIENT_PROP_PUBLIC_ADDRESS,
  PORCH_CLIENT_PROP_WARNING,
  PORCH_CLIENT_PROP_TROUBLE,
  PORCH_CLIENT_PROP_KEEPING,
  PORCH_CLIENT_PROP_HEARD_AT,
} PorchClientProp;

void porch_client_notify (PorchClient *self, PorchClientProp prop);
void porch_client_tell_event (PorchClient *self, JsonObject *event);
void porch_client_tell_reset (PorchClient *self);
void
porch_client_set_text (PorchClient *self, char **member, const char *text, PorchClientProp prop);
/* Who we are, as the server tells it. */
void porch_client_take_agent (PorchClient *self, JsonNode *node);
/* What waited for the first business is over when the link is decided. */
void porch_client_end_set_up (PorchClient *self);
/* The site of an answer that has "sites". */
void porch_client_take_site (PorchClient *self, JsonNode *answer);
void porch_client_set_link (PorchClient *self, PorchLink link);
/* No line, and none on its way. */
void porch_client_hang_up (PorchClient *self);
/* The line broke; it is tried again, unless we were refused: for UNAUTHORIZED and FORBIDDEN a
 * person is needed. */
void porch_client_lose (PorchClient *self, const GError *error);
/* From the beginning: who we are, and then the stream. */
void porch_client_knock (PorchClient *self);
/* What a person asks for and waits for: @task ends with the error, or as @heard, which borrows it,
 * lets it end. Takes @task and @body. */
typedef void (*PorchClientHeard) (PorchClient *self, GTask *task);
void porch_client_ask (PorchClient *self,
                       PorchOpId op,
                       GString *body,
                       GTask *task,
                       PorchClientHeard heard);
/* NULL when that is no address. */
SoupMessage *
porch_client_make_message (PorchClient *self, PorchOpId op, const char *param, const char *query);

G_END_DECLS
