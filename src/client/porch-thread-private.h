/* porch-thread-private.h - how the mirror makes threads and tells them what happens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-client.h"
#include "porch-outbox.h"
#include "porch-shelf.h"
#include "porch-thread.h"

G_BEGIN_DECLS

PorchThread *porch_thread_new (PorchClient *client,
                               PorchShelf *shelf,
                               PorchOutbox *outbox,
                               PorchConversation *conversation) G_GNUC_WARN_UNUSED_RESULT;
/* No call of it is on its way any more; nothing is loaded any more. */
void porch_thread_close (PorchThread *self);

/* A message that the server has, new or changed. */
void porch_thread_put (PorchThread *self, PorchMessage *stored);
/* @name is NULL when the visitor stopped. */
void porch_thread_hear_typing (PorchThread *self, const char *name);
void porch_thread_set_visitor (PorchThread *self, PorchVisitor *visitor);
/* Another file lies behind the server: everything is loaded again, and no seq means what it did. */
void porch_thread_start_over (PorchThread *self);

G_END_DECLS
