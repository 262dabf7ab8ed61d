/* porch-secret.c - text that is overwritten before it is freed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-secret.h"

#include "porch-error.h"

#include <string.h>

void
porch_secret_free (char *value)
{
  if (value != NULL)
    explicit_bzero (value, strlen (value));
  g_free (value);
}

static void
free_text (gpointer data)
{
  GString *text = data;

  explicit_bzero (text->str, text->allocated_len);
  g_string_free (text, TRUE);
}

GBytes *
porch_secret_bytes_take (GString *text)
{
  return g_bytes_new_with_free_func (text->str, text->len, free_text, text);
}

PorchSecretText *
porch_secret_read_line (const char *path, GError **error)
{
  char *text = NULL;
  gsize length = 0, line;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  line = strcspn (text, "\r\n");
  explicit_bzero (text + line, length - line);
  if (line > 0 && g_utf8_validate (text, -1, NULL))
    return text;
  porch_secret_free (text);
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s does not begin with a line of text",
               path);
  return NULL;
}
