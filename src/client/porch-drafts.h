/* porch-drafts.h - what is being written to each conversation and not sent yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only.
 */
#pragma once

#include "porch-cache.h"

G_BEGIN_DECLS

typedef struct _PorchDrafts PorchDrafts;

/* @cache may be NULL. A draft is written when it has been left alone for @delay_ms. */
PorchDrafts *porch_drafts_new (PorchCache *cache, guint delay_ms) G_GNUC_WARN_UNUSED_RESULT;
/* Does not write what is not written yet: porch_drafts_flush () first. */
void porch_drafts_free (PorchDrafts *self);

/* What an earlier run left (PorchDraft). What was typed meanwhile stays. */
void porch_drafts_restore (PorchDrafts *self, GPtrArray *drafts);
void
porch_drafts_set (PorchDrafts *self, const char *conversation, const char *text, gboolean is_note);
/* Borrowed until the next porch_drafts_set (); NULL when there is none. @is_note may be NULL. */
const char *porch_drafts_get (PorchDrafts *self, const char *conversation, gboolean *is_note);
/* Asks for everything to be written now. */
void porch_drafts_flush (PorchDrafts *self);

G_END_DECLS
