/* porch-phrase.h - what the window says about people, conversations and problems
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server speaks in codes; sentences for people are made here, whole and translated. Names in a
 * sentence are isolated, so that letters that run the other way leave its order alone.
 */
#pragma once

#include "porch-agent.h"
#include "porch-conversation.h"
#include "porch-error.h"
#include "porch-message.h"

G_BEGIN_DECLS

/* Whether the contact ever told a name. */
gboolean porch_phrase_has_name (PorchConversation *conversation);
/* The contact's name, or "Visitor 7". */
char *porch_phrase_name (PorchConversation *conversation) G_GNUC_WARN_UNUSED_RESULT;
/* @text without the marks that porch_format_isolate () put into it: for those who hear it. */
char *porch_phrase_plain (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* "Sales" for the slug of a department; NULL for NULL. */
char *porch_phrase_department (const char *slug) G_GNUC_WARN_UNUSED_RESULT;
/* "Firefox on Android" as the server says it, or a browser alone; NULL for NULL. */
char *porch_phrase_device (const char *browser) G_GNUC_WARN_UNUSED_RESULT;
/* "with you", "with Mona", "nobody has it yet". @me and @assignee may be NULL: not known here. */
char *porch_phrase_holder (PorchConversation *conversation,
                           PorchAgent *me,
                           PorchAgent *assignee) G_GNUC_WARN_UNUSED_RESULT;
/* "Online". Static. */
const char *porch_phrase_status (PorchStatus status);
/* What an agent reads in the transcript when something happened to the conversation; NULL when it
 * is nothing to read. @icon_name gets a static string. */
char *porch_phrase_event (PorchMessage *message,
                          PorchConversation *conversation,
                          PorchAgent *me,
                          const char **icon_name) G_GNUC_WARN_UNUSED_RESULT;
/* Why something could not be done, as a sentence; for a code that nobody can do anything about a
 * general one. Static. */
const char *porch_phrase_problem (PorchErrorCode code);
/* The same for any error. */
const char *porch_phrase_error (const GError *error);

G_END_DECLS
