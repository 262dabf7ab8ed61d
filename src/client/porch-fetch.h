/* porch-fetch.h - one HTTP request, its whole answer, and no more of it than was agreed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room only.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A session without what our server never needs: no cookies, no sniffing, no automatic sign-in, no
 * compression of frames. @unix_path: every request goes there, whatever its host; or NULL. */
SoupSession *
porch_fetch_session_new (const char *unix_path, guint timeout_s) G_GNUC_WARN_UNUSED_RESULT;

/* Ends with the body, whatever its status; the error is PORCH_ERROR_OFFLINE, TOO_LARGE or
 * G_IO_ERROR_CANCELLED. */
void porch_fetch_send_async (SoupSession *session,
                             SoupMessage *message,
                             gsize max_bytes,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GBytes *porch_fetch_send_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What went wrong below HTTP is one thing to us: the server cannot be reached. */
GError *porch_fetch_wrap_error (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
