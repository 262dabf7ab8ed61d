/* kept-answers.h - backups and secrets of a made-up shop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

/* clang-format off */
#define KEPT_IDLE "\"job\":{\"id\":1,\"kind\":\"backup\",\"is_running\":false,\"percent\":100,\"at\":null,\"code\":\"\",\"detail\":\"\",\"path\":\"\"}"
#define KEPT_RUNNING "\"job\":{\"id\":2,\"kind\":\"backup\",\"is_running\":true,\"percent\":42,\"at\":null,\"code\":\"\",\"detail\":\"\",\"path\":\"\"}"
#define KEPT_FAILED "\"job\":{\"id\":3,\"kind\":\"restore\",\"is_running\":false,\"percent\":3,\"at\":null,\"code\":\"passphrase\",\"detail\":\"\",\"path\":\"\"}"
#define KEPT_UNSEALED "\"unsealed\":\"storage\"," KEPT_IDLE
#define KEPT_ITEM(day, kind, bytes, sealed, end) \
  "{\"name\":\"202611" day "T094100000Z-" kind ".db" end "\",\"at\":\"2026-11-" day "T09:41:00.000Z\",\"bytes\":" bytes ",\"kind\":\"" kind "\",\"is_sealed\":" sealed "}"
#define KEPT_BACKUPS(job) \
  "{\"items\":[" KEPT_ITEM ("20", "daily", "342233303", "true", ".sealed") "," KEPT_ITEM ("19", "manual", "341100000", "false", "") "," \
  KEPT_ITEM ("18", "daily", "340100000", "false", "") "," KEPT_ITEM ("15", "update", "339000000", "false", "") "]," job "}"
#define KEPT_NO_BACKUPS "{\"items\":[]," KEPT_IDLE "}"
#define KEPT_SECRETS(place, trouble) \
  "{\"place\":\"" place "\",\"trouble\":\"" trouble "\",\"is_asking\":false,\"items\":[" \
  "{\"name\":\"backup-passphrase\",\"kind\":\"keyring\",\"hint\":\"\",\"trouble\":\"" trouble "\"}," \
  "{\"name\":\"gemini-api-key\",\"kind\":\"environment\",\"hint\":\"x4Qz\",\"trouble\":\"\"}," \
  "{\"name\":\"smtp-password\",\"kind\":\"keyring\",\"hint\":\"9aBc\",\"trouble\":\"" trouble "\"}]}"
#define KEPT_NO_SECRETS "{\"place\":\"file\",\"trouble\":\"\",\"is_asking\":false,\"items\":[]}"
#define KEPT_SITES "{\"items\":[{\"id\":\"site-1\",\"key\":\"KEY\",\"domains\":[\"juniper-row.example\"]}]}"
#define KEPT_KEYS \
  "{\"site\":\"site-1\",\"keys\":[{\"kid\":\"q7RtY2xw\",\"hint\":\"Wm3k\",\"at\":\"2026-11-18T10:00:00.000Z\"}," \
  "{\"kid\":\"a1B2c3D4\",\"hint\":\"zz9_\",\"at\":\"2026-08-02T10:00:00.000Z\"}]}"
#define KEPT_NO_KEYS "{\"site\":\"site-1\",\"keys\":[]}"
/* clang-format on */
