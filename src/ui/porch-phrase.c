/* porch-phrase.c - what the window says about people, conversations and problems
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-phrase.h"

#include "porch-format.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
porch_phrase_has_name (PorchConversation *conversation)
{
  return conversation->contact_name != NULL && *conversation->contact_name != '\0';
}

char *
porch_phrase_name (PorchConversation *conversation)
{
  if (porch_phrase_has_name (conversation))
    return g_strdup (conversation->contact_name);
  if (conversation->number <= 0)
    return g_strdup (C_ ("somebody without a name", "Visitor"));
  /* Translators: somebody without a name; the number counts the visitors of the day */
  return g_strdup_printf (C_ ("somebody without a name", "Visitor %d"), (int) conversation->number);
}

char *
porch_phrase_plain (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (c != 0x2068 && c != 0x2069)
      g_string_append_unichar (plain, c);
  }
  return g_string_free (plain, FALSE);
}

char *
porch_phrase_department (const char *slug)
{
  g_autofree char *words = NULL;
  g_autofree char *first = NULL;

  if (slug == NULL || *slug == '\0')
    return NULL;
  if (strcmp (slug, "general") == 0)
    return g_strdup (C_ ("department", "General"));
  if (strcmp (slug, "sales") == 0)
    return g_strdup (C_ ("department", "Sales"));
  if (strcmp (slug, "support") == 0)
    return g_strdup (C_ ("department", "Support"));
  if (strcmp (slug, "billing") == 0)
    return g_strdup (C_ ("department", "Billing"));

  /* The owner's own one: the slug is its name in small letters with dashes. */
  words = g_strdelimit (g_strdup (slug), "-_", ' ');
  first = g_utf8_strup (words, g_utf8_next_char (words) - words);
  return g_strconcat (first, g_utf8_next_char (words), NULL);
}

char *
porch_phrase_device (const char *browser)
{
  g_auto (GStrv) parts = browser != NULL ? g_strsplit (browser, " on ", 2) : NULL;

  if (parts == NULL || g_strv_length (parts) != 2)
    return g_strdup (browser);
  /* Translators: a browser and a system, as in "Firefox on Android" */
  return g_strdup_printf (C_ ("device", "%1$s on %2$s"), parts[0], parts[1]);
}

char *
porch_phrase_holder (PorchConversation *conversation, PorchAgent *me, PorchAgent *assignee)
{
  g_autofree char *name = NULL;

  if (conversation->state == PORCH_STATE_RESOLVED)
    return g_strdup (C_ ("conversation", "done"));
  if (conversation->state == PORCH_STATE_CLOSED)
    return g_strdup (C_ ("conversation", "closed"));
  if (conversation->assignee == NULL)
    return g_strdup (C_ ("conversation", "nobody has it yet"));
  if (me != NULL && g_strcmp0 (me->id, conversation->assignee) == 0)
    return g_strdup (C_ ("conversation", "with you"));
  if (assignee == NULL || assignee->name == NULL)
    return g_strdup (C_ ("conversation", "with a colleague"));
  name = porch_format_isolate (assignee->name);
  /* Translators: which agent has the conversation */
  return g_strdup_printf (C_ ("conversation", "with %s"), name);
}

const char *
porch_phrase_status (PorchStatus status)
{
  switch (status) {
  case PORCH_STATUS_OFFLINE:
    return C_ ("status", "Offline");
  case PORCH_STATUS_ONLINE:
    return C_ ("status", "Online");
  case PORCH_STATUS_AWAY:
    return C_ ("status", "Away");
  case PORCH_STATUS_BUSY:
    return C_ ("status", "Busy");
  }
  return "";
}

/* Each sentence whole: which words change with who did it is the translator's business. */
static char *
dup_own_event (PorchMessage *message, const char *other)
{
  switch ((PorchLineCode) message->code) {
  case PORCH_LINE_CODE_JOINED:
    return g_strdup (_ ("You took the conversation"));
  case PORCH_LINE_CODE_ASSIGNED:
    return g_strdup_printf (_ ("You gave the conversation to %s"), other);
  case PORCH_LINE_CODE_RESOLVED:
    return g_strdup (_ ("You marked this as done"));
  case PORCH_LINE_CODE_CLOSED:
    return g_strdup (_ ("You closed the conversation"));
  case PORCH_LINE_CODE_REOPENED:
    return g_strdup (_ ("You opened the conversation again"));
  case PORCH_LINE_CODE_NONE:
  case PORCH_LINE_CODE_IDLE:
  case PORCH_LINE_CODE_MISSED:
  case PORCH_LINE_CODE_ENDED:
  case PORCH_LINE_CODE_RATED:
    break;
  }
  return NULL;
}

static char *
dup_event (PorchMessage *message, const char *who, const char *other)
{
  switch ((PorchLineCode) message->code) {
  case PORCH_LINE_CODE_NONE:
    break;
  case PORCH_LINE_CODE_JOINED:
    return g_strdup_printf (_ ("%s took the conversation"), who);
  case PORCH_LINE_CODE_ASSIGNED:
    /* Translators: both are names of agents */
    return g_strdup_printf (_ ("%s gave the conversation to %s"), who, other);
  case PORCH_LINE_CODE_RESOLVED:
    return g_strdup_printf (_ ("%s marked this as done"), who);
  case PORCH_LINE_CODE_CLOSED:
    if (message->sender_kind == PORCH_ACTOR_SYSTEM)
      return g_strdup (_ ("Closed, since nobody wrote for a day"));
    return g_strdup_printf (_ ("%s closed the conversation"), who);
  case PORCH_LINE_CODE_REOPENED:
    return g_strdup_printf (_ ("%s opened the conversation again"), who);
  case PORCH_LINE_CODE_IDLE:
    return g_strdup (_ ("Marked as done after a long silence"));
  case PORCH_LINE_CODE_MISSED:
    return g_strdup (_ ("Nobody answered in time"));
  case PORCH_LINE_CODE_ENDED:
    return g_strdup_printf (_ ("%s ended the conversation"), who);
  case PORCH_LINE_CODE_RATED:
    /* Translators: a visitor's name and how many stars of five */
    return g_strdup_printf (_ ("%s rated %s of 5"), who, other);
  }
  return NULL;
}

char *
porch_phrase_event (PorchMessage *message,
                    PorchConversation *conversation,
                    PorchAgent *me,
                    const char **icon_name)
{
  static const char *const icons[] = {
    [PORCH_LINE_CODE_JOINED] = "porch-swap-symbolic",
    [PORCH_LINE_CODE_ASSIGNED] = "porch-swap-symbolic",
    [PORCH_LINE_CODE_RESOLVED] = "porch-tick-symbolic",
    [PORCH_LINE_CODE_CLOSED] = "porch-tick-symbolic",
    [PORCH_LINE_CODE_IDLE] = "porch-clock-symbolic",
    [PORCH_LINE_CODE_MISSED] = "porch-alert-symbolic",
    [PORCH_LINE_CODE_RATED] = "starred-symbolic",
  };
  g_autofree char *name = NULL;
  g_autofree char *who = NULL;
  g_autofree char *other = porch_format_isolate (message->text != NULL ? message->text : "");
  char *words = NULL;

  if (message->sender_kind == PORCH_ACTOR_VISITOR || message->sender_name == NULL)
    name = porch_phrase_name (conversation);
  else
    name = g_strdup (message->sender_name);
  who = porch_format_isolate (name);
  *icon_name = (guint) message->code < G_N_ELEMENTS (icons) ? icons[message->code] : NULL;
  if (me != NULL && message->sender != NULL && g_strcmp0 (me->id, message->sender) == 0)
    words = dup_own_event (message, other);
  return words != NULL ? words : dup_event (message, who, other);
}

const char *
porch_phrase_problem (PorchErrorCode code)
{
  switch (code) {
  case PORCH_ERROR_BAD_MESSAGE:
  case PORCH_ERROR_GAP:
  case PORCH_ERROR_ID_CONFLICT:
  case PORCH_ERROR_UNSUPPORTED:
  case PORCH_ERROR_MISDIRECTED:
    return _ ("The server did not understand this window. They may be of different versions.");
  case PORCH_ERROR_TOO_LONG:
    return _ ("This text is too long.");
  case PORCH_ERROR_TOO_LARGE:
    return _ ("This is too large.");
  case PORCH_ERROR_EMPTY:
    return _ ("There is nothing to send in it.");
  case PORCH_ERROR_BLOCKED:
    return _ ("This visitor is blocked.");
  case PORCH_ERROR_CLOSED:
    return _ ("The conversation is closed.");
  case PORCH_ERROR_RATE_LIMITED:
    return _ ("That was too fast. It works again in a moment.");
  case PORCH_ERROR_STORAGE:
    return _ ("The server cannot write to its disk.");
  case PORCH_ERROR_BUSY:
    return _ ("The server has too much to do right now.");
  case PORCH_ERROR_SHUTTING_DOWN:
    return _ ("The server is stopping.");
  case PORCH_ERROR_UNAUTHORIZED:
    return _ ("The server wants you to sign in again.");
  case PORCH_ERROR_FORBIDDEN:
    return _ ("Your role does not allow this.");
  case PORCH_ERROR_NOT_FOUND:
    return _ ("It is not there any more.");
  case PORCH_ERROR_CONFLICT:
    return _ ("Somebody was faster.");
  case PORCH_ERROR_NOT_SET_UP:
    return _ ("Porchlight is not set up yet.");
  case PORCH_ERROR_NEWER:
    return _ ("The file was written by a newer Porchlight.");
  case PORCH_ERROR_DAMAGED:
    return _ ("The file is damaged.");
  case PORCH_ERROR_IN_USE:
    return _ ("Another program is using the address that visitors should reach.");
  case PORCH_ERROR_OFFLINE:
    return _ ("There is no connection to the server.");
  case PORCH_ERROR_KEYRING_LOCKED:
    return _ ("The keyring is locked.");
  case PORCH_ERROR_KEYRING_MISSING:
    return _ ("The keyring that holds this cannot be reached.");
  case PORCH_ERROR_KEYRING_REFUSED:
    return _ ("The keyring was not opened.");
  case PORCH_ERROR_PASSPHRASE:
    return _ ("The passphrase does not open this.");
  case PORCH_ERROR_INTERNAL:
    break;
  }
  return _ ("Something inside Porchlight did not work.");
}

const char *
porch_phrase_error (const GError *error)
{
  return porch_phrase_problem (porch_error_code_from_nick (porch_error_nick (error)));
}
