/* porch-cache.h - a window's own file: drafts, and messages that no server has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Works on a thread of its own, in the order of the calls; answers come on the context that was the
 * caller's default. A call that succeeded is on the disk (synchronous=FULL). When the file cannot
 * be used every call fails with the reason: PORCH_ERROR_STORAGE, NEWER or DAMAGED.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A message on its way. */
typedef struct {
  char *id; /* of the row, random; stays the same when the number changes */
  char *conversation;
  char *device;
  gint64 n; /* 0 while it has a problem */
  gboolean is_note;
  char *text;
  char *problem; /* nick of the PORCH_ERROR it was refused with, or NULL */
  gint64 created_at;
} PorchPending;

PorchPending *porch_pending_copy (const PorchPending *pending) G_GNUC_WARN_UNUSED_RESULT;
void porch_pending_free (PorchPending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPending, porch_pending_free)

typedef struct {
  char *conversation;
  char *text;
  gboolean is_note;
} PorchDraft;

PorchDraft *porch_draft_new (const char *conversation,
                             const char *text,
                             gboolean is_note) G_GNUC_WARN_UNUSED_RESULT;
void porch_draft_free (PorchDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchDraft, porch_draft_free)

typedef struct {
  GPtrArray *pendings; /* of PorchPending, in the order of sending */
  GPtrArray *drafts;   /* of PorchDraft */
} PorchCacheContents;

void porch_cache_contents_free (PorchCacheContents *contents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchCacheContents, porch_cache_contents_free)

#define PORCH_TYPE_CACHE (porch_cache_get_type ())
G_DECLARE_FINAL_TYPE (PorchCache, porch_cache, PORCH, CACHE, GObject)

/* Returns at once; the file is opened, or made, on the thread. One that cannot be read as what it
 * is is moved aside (PATH.damaged-TIME) and a new one begun. */
PorchCache *porch_cache_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for what was asked for, at most @timeout_ms, and closes the file. FALSE when that time was
 * not enough; the thread then ends by itself. What is asked for after it is answered with
 * PORCH_ERROR_SHUTTING_DOWN. Letting go of the cache closes it, too, without waiting. */
gboolean porch_cache_close (PorchCache *self, guint timeout_ms);

void porch_cache_load_async (PorchCache *self, GAsyncReadyCallback callback, gpointer user_data);
PorchCacheContents *porch_cache_load_finish (PorchCache *self,
                                             GAsyncResult *result,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts @pending (copied) at the end, also when it is there already. */
void porch_cache_keep_async (PorchCache *self,
                             const PorchPending *pending,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* Gives those of @pendings (PorchPending, copied) that are there their device, number and problem,
 * all of them or none. */
void porch_cache_change_async (PorchCache *self,
                               GPtrArray *pendings,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void porch_cache_forget_async (PorchCache *self,
                               const char *id,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
/* An empty text removes it. One draft for each conversation. */
void porch_cache_set_draft_async (PorchCache *self,
                                  const PorchDraft *draft,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* Of the four above. */
gboolean porch_cache_write_finish (PorchCache *self, GAsyncResult *result, GError **error);

G_END_DECLS
