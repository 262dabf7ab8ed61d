/* shop.h - a made-up shop with people in it, for tests and pictures of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "fake-server.h"

/* Fills an empty server: nine open conversations of every kind, the fifth with a long talk. The
 * times lie before now. */
void shop_fill (FakeServer *server);
/* The conversation with the long talk. */
#define SHOP_LONG_TALK "c-jonas"
