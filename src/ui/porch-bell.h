/* porch-bell.h - the thread that talks to the notification daemon and to the sound server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libnotify and libcanberra wait for answers, and a daemon that hangs would hold up the window and
 * the server on its loop. So both live on a thread of their own. Without a daemon or a sound server
 * nothing happens but one line for those who debug.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PORCH_TYPE_BELL (porch_bell_get_type ())
G_DECLARE_FINAL_TYPE (PorchBell, porch_bell, PORCH, BELL, GObject)

typedef struct {
  char *id; /* a further one with the same id takes its place */
  char *summary;
  char *body; /* plain text */
  gboolean is_urgent;
  gboolean has_sound;
  gboolean is_notice; /* of the program itself: there is nothing to take */
} PorchRing;

/* Signal: action (const char *id, const char *action, const char *token)  "open" or "take" was
 * chosen; @token lets a window come to the front, or is NULL. On the context the bell was made in.
 */
PorchBell *porch_bell_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Copies the texts; the flags are for the caller to set. */
PorchRing *porch_ring_new (const char *id, const char *summary, const char *body);
void porch_ring_free (PorchRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRing, porch_ring_free)

/* Takes @ring. Never waits. */
void porch_bell_ring (PorchBell *self, PorchRing *ring);
/* Nothing to do for an @id that is not shown. */
void porch_bell_withdraw (PorchBell *self, const char *id);

G_END_DECLS
