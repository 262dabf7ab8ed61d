/* porch-call-static.c - entity tags and compressed forms
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-call-private.h"

#include <string.h>

/* Of RFC 9110 section 12.5.3 no more than the question at hand: is gzip there, and not with q=0? */
static gboolean
accepts_gzip (const char *header)
{
  g_auto (GStrv) codings = g_strsplit (header != NULL ? header : "", ",", -1);

  for (char **at = codings; *at != NULL; at++) {
    char *quality = strchr (*at, ';');
    double q = 1;

    if (quality != NULL) {
      *quality++ = '\0';
      quality = strchr (quality, '=');
      q = quality != NULL ? g_ascii_strtod (quality + 1, NULL) : 0;
    }
    if (g_ascii_strcasecmp (g_strstrip (*at), "gzip") == 0)
      return q > 0;
  }
  return FALSE;
}

static gboolean
has_tag (const char *header, const char *etag)
{
  g_auto (GStrv) tags = g_strsplit (header != NULL ? header : "", ",", -1);

  for (char **at = tags; *at != NULL; at++) {
    const char *tag = g_strstrip (*at);

    /* If-None-Match compares weakly (RFC 9110 section 13.1.2). */
    if (g_str_has_prefix (tag, "W/"))
      tag += 2;
    if (strcmp (tag, "*") == 0 || strcmp (tag, etag) == 0)
      return TRUE;
  }
  return FALSE;
}

void
porch_call_reply_static (PorchCall *self,
                         const char *content_type,
                         GBytes *plain,
                         GBytes *gzip,
                         const char *etag,
                         guint max_age)
{
  gboolean is_gzip = gzip != NULL && accepts_gzip (porch_call_get_header (self, "Accept-Encoding"));
  /* A strong tag names bytes, and the compressed ones are others. */
  g_autofree char *tag = g_strdup_printf ("\"%s%s\"", etag, is_gzip ? "-gzip" : "");
  g_autofree char *cache =
    max_age > 0 ? g_strdup_printf ("public, max-age=%u", max_age) : g_strdup ("no-cache");

  porch_call_set_header (self, "ETag", tag);
  porch_call_set_header (self, "Cache-Control", cache);
  if (gzip != NULL)
    porch_call_set_header (self, "Vary", "Accept-Encoding");
  if (has_tag (porch_call_get_header (self, "If-None-Match"), tag)) {
    porch_call_reply (self, SOUP_STATUS_NOT_MODIFIED, NULL, NULL);
    return;
  }
  if (is_gzip)
    porch_call_set_header (self, "Content-Encoding", "gzip");
  porch_call_reply (self, SOUP_STATUS_OK, content_type, is_gzip ? gzip : plain);
}

/* NULL where nothing is gained. */
static GBytes *
pack (GBytes *body)
{
  g_autoptr (GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  const gsize length = g_bytes_get_size (body);
  g_autofree char *out = g_malloc (length + 1);
  gsize n_read = 0, n_written = 0;

  if (g_converter_convert (G_CONVERTER (gzip), g_bytes_get_data (body, NULL), length, out, length,
                           G_CONVERTER_INPUT_AT_END, &n_read, &n_written,
                           NULL) != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&out), n_written);
}

void
porch_call_reply_packed (PorchCall *self, const char *content_type, GBytes *body)
{
  g_autoptr (GBytes) packed = NULL;

  if (accepts_gzip (porch_call_get_header (self, "Accept-Encoding")))
    packed = pack (body);
  if (packed != NULL)
    porch_call_set_header (self, "Content-Encoding", "gzip");
  porch_call_reply (self, SOUP_STATUS_OK, content_type, packed != NULL ? packed : body);
}
