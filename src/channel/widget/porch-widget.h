/* porch-widget.h - the channel of the website's widget: pages, sockets, and their REST twins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wire is described in help/ (developers) and fixed: what visitors' pages of last year send
 * must still be understood. A visitor sees what porch-widget-frames.c writes and nothing else.
 */
#pragma once

#include "porch-server.h"
#include "porch-service.h"

G_BEGIN_DECLS

typedef struct _PorchWidget PorchWidget;

/* Adds the channel's paths to @server. @service outlives it; @server goes before it is freed, as
 * its routes and the closing of its last sockets lead here. */
PorchWidget *
porch_widget_new (PorchService *service, PorchServer *server) G_GNUC_WARN_UNUSED_RESULT;
void porch_widget_free (PorchWidget *self);
/* Its limits, as the service has them now. */
void porch_widget_read_settings (PorchWidget *self);
/* Says shutting_down to everybody, before the server stops. */
void porch_widget_stop (PorchWidget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchWidget, porch_widget_free)

G_END_DECLS
