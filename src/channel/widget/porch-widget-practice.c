/* porch-widget-practice.c - at home alone: a page of a shop that does not exist, to try the chat on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-widget-private.h"

#include "porch-error.h"

#include <glib/gi18n.h>

/* What stands at @0@, @1@ and so on. It is for the owner, so it is in the owner's language, and not
 * in that of a visitor's page. */
static const char *
get_words (guint place)
{
  switch (place) {
  case 0:
    /* Translators: the tag of the language that the practice page is in, such as "de" or "pt-BR" */
    return C_ ("language tag", "en");
  case 1:
    return _ ("Practice page");
  case 2:
    return _ ("This page stands in for your website");
  case 3:
    return _ ("Only this computer can open it. The button in the corner is the chat as your visitors "
              "see it: open it, write something, and watch the conversation appear in the "
              "Porchlight window.");
  case 4:
    return _ ("Open the chat and say who you are.");
  case 5:
    return _ ("Write a message. Porchlight rings.");
  case 6:
    return _ ("Take the conversation in the window and answer.");
  case 7:
    return _ ("Then paste the line from Porchlight before the end of every page of your own "
              "website.");
  default:
    return NULL;
  }
}

static void
fill_in (GString *page, const char *place, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_replace (page, place, escaped, 0);
}

void
porch_widget_show_practice (PorchCall *call, gpointer widget)
{
  PorchWidget *self = widget;
  GBytes *file = porch_widget_get_file (self, "try.html");
  GPtrArray *sites = porch_service_get_sites (self->service);
  g_autoptr (GString) page = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!porch_call_is_at_home (call) || file == NULL || sites->len == 0) {
    porch_call_fail_code (call, PORCH_ERROR_NOT_FOUND, "no such page");
    return;
  }
  page = g_string_new_len (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  for (guint i = 0; get_words (i) != NULL; i++) {
    char place[16];

    g_snprintf (place, sizeof place, "@%u@", i);
    fill_in (page, place, get_words (i));
  }
  fill_in (page, "@SITE_KEY@", ((PorchSite *) sites->pdata[0])->key);
  fill_in (page, "@BUSINESS@", porch_service_get_business (self->service));
  bytes = g_bytes_new (page->str, page->len);
  porch_call_set_header (call, "Content-Security-Policy",
                         "default-src 'none'; script-src 'self'; style-src 'self'; "
                         "img-src 'self' data:; frame-src 'self'; connect-src 'self'; "
                         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  porch_call_reply (call, 200, "text/html; charset=utf-8", bytes);
}
