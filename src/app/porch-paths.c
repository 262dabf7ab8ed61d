/* porch-paths.c - where the program keeps what it keeps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-paths.h"

#include "porch-error.h"

#include <gio/gio.h>
#include <string.h>

char *
porch_paths_dup_folder (const char *wanted)
{
  if (wanted != NULL)
    return g_canonicalize_filename (wanted, NULL);
  return g_build_filename (g_get_user_data_dir (), "porchlight", NULL);
}

char *
porch_paths_dup_socket (const char *folder)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);
  g_autofree char *name = g_strdup_printf ("%.16s.sock", sum);
  const char *app_id = g_getenv ("FLATPAK_ID");
  g_autofree char *place = app_id != NULL
                             ? g_build_filename (g_get_user_runtime_dir (), "app", app_id, NULL)
                             : g_build_filename (g_get_user_runtime_dir (), "porchlight", NULL);

  g_mkdir_with_parents (place, 0700);
  return g_build_filename (place, name, NULL);
}

char *
porch_paths_dup_cache (const char *folder)
{
  return g_build_filename (folder, "window.db", NULL);
}

/* "[::1]" or "127.0.0.1" without its brackets. An IPv6 address must have them, or nobody could tell
 * where it ends; NULL when it is no address. */
static char *
dup_listen_address (const char *text, gsize length)
{
  const gboolean has_brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';
  g_autofree char *host =
    has_brackets ? g_strndup (text + 1, length - 2) : g_strndup (text, length);
  const gboolean is_ipv6 = strchr (host, ':') != NULL;

  return is_ipv6 == has_brackets && g_hostname_is_ip_address (host) ? g_steal_pointer (&host)
                                                                    : NULL;
}

gboolean
porch_paths_parse_listen (const char *text, char **address, guint16 *port, GError **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = colon != NULL ? dup_listen_address (text, colon - text) : NULL;
  guint64 number = 0;

  if (host == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &number, NULL)) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_BAD_MESSAGE, "%s is not ADDRESS:PORT", text);
    return FALSE;
  }
  *address = g_steal_pointer (&host);
  *port = number;
  return TRUE;
}

char *
porch_paths_dup_built (const char *inside)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *root = NULL;
  g_autofree char *mark = NULL;

  if (folder == NULL)
    return NULL;
  root = g_canonicalize_filename ("../..", folder);
  mark = g_build_filename (root, "build.ninja", NULL);
  return g_file_test (mark, G_FILE_TEST_EXISTS) ? g_build_filename (root, inside, NULL) : NULL;
}
