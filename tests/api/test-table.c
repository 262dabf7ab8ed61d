/* test-table.c - every row of the operation table has a controller
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-api.h"

static void
test_handlers (void)
{
  for (guint i = 0; i < PORCH_N_OPS; i++) {
    g_test_message ("%s", porch_op_get (i)->name);
    g_assert_true (porch_api_has_handler (i));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api/handlers", test_handlers);
  return g_test_run ();
}
