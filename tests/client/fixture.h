/* fixture.h - a server, a client of it and a mirror, and ways to wait for what they do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "fake-server.h"
#include "porch-mirror.h"
#include "porch-pace.h"

typedef struct {
  char *folder;
  char *cache_path; /* used when not NULL */
  FakeServer *server;
  PorchClient *client;
  PorchMirror *mirror;
  PorchPace pace;
  gboolean is_signed; /* with a token */
} Fixture;

/* Runs the loop until it holds; the test fails when it does not within the deadline. */
#define WAIT_FOR(condition) \
  for (gint64 end_ = g_get_monotonic_time () + 20 * G_USEC_PER_SEC; !(condition);) \
  fixture_step (end_, #condition)
void fixture_step (gint64 end, const char *what);

void fixture_set_up (Fixture *self, gconstpointer data);
void fixture_tear_down (Fixture *self, gconstpointer data);

/* The client, started, and live. */
void fixture_connect (Fixture *self);
/* The client and its mirror, and live. */
void fixture_mirror (Fixture *self);
/* One of the server's, by the mirror, which is made when there is none yet. Yours. */
PorchConversation *
fixture_load_conversation (Fixture *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
/* Ends both, as the end of the program does, and sees that nothing of them is left. */
void fixture_leave (Fixture *self);
/* Everything that is on its way now has arrived: the server has answered something after it. */
void fixture_round_trip (Fixture *self);

/* How a list changed. */
typedef struct {
  guint n_signals;
  guint position, n_removed, n_added; /* of the last one */
} Changes;
void fixture_watch (GListModel *model, Changes *changes);
/* "one two three": the texts or ids of what is in it. */
char *fixture_list (GListModel *model);

#define fixture_add(name, test) \
  g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
