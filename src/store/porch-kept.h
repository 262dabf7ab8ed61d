/* porch-kept.h - conversations as they are in the file, which the writer need not read again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whoever writes one message soon writes another. Nobody but the writer changes rows, so what it
 * read or wrote last is what the file has, until something is undone: then all is forgotten.
 */
#pragma once

#include "porch-conversation.h"
#include "porch-row.h"

G_BEGIN_DECLS

typedef struct _PorchKept PorchKept;

PorchKept *porch_kept_new (void) G_GNUC_WARN_UNUSED_RESULT;
void porch_kept_free (PorchKept *self);
void porch_kept_forget (PorchKept *self);

/* Borrowed until the next put or forget, and only to be compared with or copied. NULL: look into
 * the file. */
PorchConversation *porch_kept_find (PorchKept *self, gint64 pk);
PorchConversation *porch_kept_find_id (PorchKept *self, const char *id);
PorchConversation *
porch_kept_find_handle (PorchKept *self, const char *visitor, const char *handle);

/* @conversation is as in the file now. Copied. */
void porch_kept_put (PorchKept *self, PorchConversation *conversation);

G_END_DECLS
