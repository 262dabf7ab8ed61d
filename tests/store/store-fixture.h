/* store-fixture.h - a store in a folder of its own, and ways to wait for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-store.h"

G_BEGIN_DECLS

typedef struct {
  char *folder;
  PorchStore *store;
} StoreFixture;

void store_fixture_set_up (StoreFixture *self, gconstpointer data);
void store_fixture_tear_down (StoreFixture *self, gconstpointer data);
void store_fixture_close (StoreFixture *self);
void store_fixture_open (StoreFixture *self);
char *store_fixture_get_path (StoreFixture *self, const char *name);

typedef gboolean (*StoreFunc) (PorchTx *tx, gpointer data, GError **error);
/* Runs @func as a job (query) and the loop until it is done. */
gboolean store_fixture_write (StoreFixture *self, StoreFunc func, gpointer data, GError **error);
gboolean store_fixture_read (StoreFixture *self, StoreFunc func, gpointer data, GError **error);
/* Runs the loop until *@flag, at most a minute. */
void store_fixture_wait (const gboolean *flag);

/* A site, a department "general", a contact and a visitor: "site", "contact", "visitor"; and an
 * agent "agent". */
gboolean store_fixture_add_people (PorchTx *tx, gpointer data, GError **error);
PorchConversation *store_fixture_new_conversation (const char *id);
/* Inserts the next message of @device with its event, as a command does. */
PorchMessage *store_fixture_say (PorchTx *tx,
                                 PorchConversation *conversation,
                                 const char *device,
                                 const char *text,
                                 GError **error);
/* The people, and conversation "c" with @n_messages of the device "phone". */
void store_fixture_fill (StoreFixture *self, guint n_messages);
/* Adds the texts of conversation "c", page by page, to the GPtrArray @data. They are counted
 * without a gap: what failed has left nothing behind. @data NULL: only reads. */
gboolean store_fixture_read_texts (PorchTx *tx, gpointer data, GError **error);

/* Of any file. */
GBytes *store_fixture_read_file (const char *path);
void store_fixture_write_file (const char *path, const void *data, gsize length);

G_END_DECLS
