/* porch-api-events.c - opening an event socket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api-handlers.h"

#include "porch-error.h"

void
porch_api_events (PorchRequest *request)
{
  gint64 since = -1;

  /* A page in a browser could carry no bearer; one that sends an Origin is no agent's program. */
  if (porch_call_get_header (request->call, "Origin") != NULL) {
    porch_request_fail (request, PORCH_ERROR_FORBIDDEN, "not for browsers");
    return;
  }
  if (!porch_request_number (request, "since", 0, G_MAXINT64, &since))
    return;
  porch_agent_hub_open (request->api->hub, request->call, request->agent, since,
                        porch_call_get_query (request->call, "epoch"));
  porch_request_leave (request);
}
