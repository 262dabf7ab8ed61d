/* porch-widget-words.c - what the widget says in other languages than its own English
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One JSON object a language, made from po/widget when the program is built and sent with the
 * widget's settings as it is.
 */
#include "config.h"

#include "porch-widget-private.h"

#include <string.h>

#define FOLDER       PORCH_RESOURCE_PATH "/words/"
#define LANGUAGE_MAX 35 /* RFC 5646 section 4.4.1 */

GHashTable *
porch_widget_load_words (void)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) languages =
    g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (char **language = languages; language != NULL && *language != NULL; language++) {
    g_autofree char *path = g_strconcat (FOLDER, *language, NULL);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (bytes != NULL)
      g_hash_table_insert (words, g_strdup (*language),
                           g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  }
  return g_steal_pointer (&words);
}

const char *
porch_widget_find_words (PorchWidget *self, const char *language)
{
  g_autofree char *tag = NULL;
  const char *found = NULL;
  char *dash;

  if (language == NULL || strlen (language) > LANGUAGE_MAX)
    return NULL;
  /* What fits is best, else what it is a kind of: "de-at", then "de". */
  tag = g_ascii_strdown (language, -1);
  while ((found = g_hash_table_lookup (self->words, tag)) == NULL &&
         (dash = strrchr (tag, '-')) != NULL)
    *dash = '\0';
  return found;
}
